package attention

import (
	"context"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"
)

// singleDesk is the management model in which one front desk takes everyone and
// refers; in the other, each desk takes people.
const singleDesk = 2

// Bench is what waits for a worker.
type Bench struct {
	Now      time.Time
	Files    bool       // the actor may look people up; without it the rest is empty
	Attends  bool       // the actor attends people
	Casework bool       // the actor has plans
	Inward   bool       // people come to another desk: the inbox stands first
	Plans    []Work     // open plans of the worker
	Attended []Attended // today, the open ones first
	Queue    Queue
	Inbox    *Inbox     // nil: the actor refers nobody
	Answered []Answered // today, of what the actor follows
	Duties   Duties
	Today    *Today // nil: the actor has no agenda
}

// Inbox counts the referrals that wait for the actor.
type Inbox struct {
	Receives                          bool // referrals come to the actor's unit
	New, InProgress, Overdue, Waiting int  // of the unit
	Replies, SentBack, Sent           int  // of the desk: to be acknowledged, to be corrected, under way
}

// Answered is a referral that came back with its answer.
type Answered struct {
	ID, FileID string
	Folio      string
	What       string
	Outcome    string // granted, not-granted, did-not-attend, withdrawn, not-applicable
	By         string
	At         time.Time
	File       people.File // names only
}

// Duties are the decisions that wait for a head or the director.
type Duties struct {
	Approvals int // aid that waits for consent
	Reports   int // signed, and wait for their head
	Merges    int // provisional files that somebody proposed to join with a RUN
	ToSign    int // protocols
	ToApprove int
	Papers    int // documents that expire soon, or did a short while ago
	Expiring  int // end within 60 days or ended, and nothing follows them
	Openings  int // restricted files that somebody opened
	Requests  int // of people about their data
	Late      int // of them
}

// Workbench gives what waits for the actor. A role that reads no personal data
// gets none.
func (s *Service) Workbench(ctx context.Context, who actor.Actor) (Bench, error) {
	if who.IsNobody() {
		return Bench{}, fault.New(fault.Unauthenticated, "fault.unauthenticated")
	}
	if who.Municipality == nil || !who.Can(access.ReadFile) {
		return Bench{Now: s.clock()}, nil
	}
	b := Bench{Now: s.clock(), Files: true, Attends: attends(who), Casework: who.Can(access.ManagePlan), Inward: inward(who)}
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) error { return s.fill(tx, who, &b) })
	return b, err
}

// inward: with a single front desk, people come to the others by referral.
func inward(who actor.Actor) bool {
	return who.Municipality.Model() == singleDesk && who.UnitID != "" && who.Can(access.HandleReferral)
}

// fill asks one question for each block.
func (s *Service) fill(tx *tenants.Tx, who actor.Actor, b *Bench) (err error) {
	if b.Attended, err = attendedOn(tx, who.UserID, calendar.On(tx.Now), 12); err != nil {
		return err
	}
	veil, err := s.people.Veil(tx, who)
	if err != nil {
		return err
	}
	for i := range b.Attended {
		b.Attended[i].File = veil.File(b.Attended[i].File)
	}
	if b.Queue, err = s.queue(tx, who); err != nil {
		return err
	}
	if s.OpenPlans != nil && b.Casework {
		if b.Plans, err = s.OpenPlans(tx, who); err != nil {
			return err
		}
	}
	if s.Today != nil && b.Attends {
		today, err := s.Today(tx, who, todayOnTheBench)
		if err != nil {
			return err
		}
		b.Today = &today
	}
	if err = s.fillReferrals(tx, who, b, veil); err != nil || s.Duties == nil {
		return err
	}
	b.Duties, err = s.Duties(tx, who)
	return err
}

// answeredOnTheBench is how many answers of today the workbench shows.
const answeredOnTheBench = 8

func (s *Service) fillReferrals(tx *tenants.Tx, who actor.Actor, b *Bench, veil people.Veil) (err error) {
	if !who.Can(access.Refer) || s.Inbox == nil {
		return nil
	}
	inbox, err := s.Inbox(tx, who)
	if err != nil {
		return err
	}
	if b.Inbox = &inbox; s.Answered == nil {
		return nil
	}
	if b.Answered, err = s.Answered(tx, who, answeredOnTheBench); err != nil {
		return err
	}
	if err = nameAnswered(tx, b.Answered); err != nil {
		return err
	}
	for i := range b.Answered {
		b.Answered[i].File = veil.File(b.Answered[i].File)
	}
	return nil
}
