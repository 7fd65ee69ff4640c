package referral

import (
	"slices"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// Verb is one thing that can be done with a referral. The values are those of
// addresses: POST /referrals/:referral/<verb>.
type Verb string

// The verbs.
const (
	Create   Verb = "create" // only in a history: Service.Create does it
	Receive  Verb = "receive"
	Start    Verb = "start"
	Wait     Verb = "wait"
	Answer   Verb = "answer"
	Return   Verb = "return"
	Close    Verb = "close"
	Cancel   Verb = "cancel"
	Reopen   Verb = "reopen"
	Resend   Verb = "resend"
	Assign   Verb = "assign"
	External Verb = "external" // what the destination's own system says of it
)

// side is who of the two parties does a step.
type side uint8

const (
	sender  side = iota + 1
	handler      // somebody of the destination; the sender, of what goes by letter
	chief        // who says who of the destination does what
)

// step is one line of the rules: from which states, to which, and by whom.
type step struct {
	from []State
	to   State // "" stays where it is
	by   side
	// receives: the step begins the work, so a referral that was merely sent is received by it.
	receives bool
}

var workable = []State{Sent, Received, InProgress, Waiting}

// steps is the whole of what may follow what. A verb that is not here does nothing.
var steps = map[Verb]step{
	Receive:  {from: []State{Sent}, to: Received, by: handler},
	Start:    {from: []State{Sent, Received, Waiting}, to: InProgress, by: handler, receives: true},
	Wait:     {from: workable, to: Waiting, by: handler, receives: true},
	Answer:   {from: workable, to: Answered, by: handler, receives: true},
	Return:   {from: workable, to: Returned, by: handler},
	External: {from: []State{Sent, Received, InProgress, Waiting, Answered}, by: handler},
	Assign:   {from: workable, by: chief, receives: true},
	Close:    {from: []State{Answered}, to: Closed, by: sender},
	Cancel:   {from: []State{Sent, Received, InProgress, Waiting, Returned}, to: Cancelled, by: sender},
	Reopen:   {from: []State{Answered, Closed}, to: InProgress, by: sender},
	Resend:   {from: []State{Returned}, to: Sent, by: sender},
}

// Verbs in the order of the screen.
var Verbs = []Verb{Receive, Start, Wait, Answer, Return, Resend, Close, Reopen, Cancel, Assign, External}

// Two parts are played by nobody who signs in.
const (
	SystemRole      = "system"      // the program itself: what the clock ends
	InstitutionRole = "institution" // who answers by a signed link
)

// System is the program as the one who acts.
func System(m actor.Actor) actor.Actor {
	return actor.Actor{Role: SystemRole, Municipality: m.Municipality, RequestID: m.RequestID}
}

// Answering is who answers by link for a unit, under the name that was typed.
func Answering(m actor.Actor, unit, name string) actor.Actor {
	return actor.Actor{Role: InstitutionRole, Name: name, UnitID: unit, Municipality: m.Municipality, RequestID: m.RequestID}
}

// Desk is the desk at which the actor works: the unit's or, without unit, the
// role's own, as the general desk's.
func Desk(who actor.Actor) string {
	if who.UnitID != "" {
		return who.UnitID
	}
	return who.Role
}

// Sees reports whether the actor may know of the referral: the sender's desk,
// the destination, who does casework, and the director.
func (r *Referral) Sees(who actor.Actor) bool {
	return who.UserID != "" && (r.sends(who) || r.handles(who) ||
		who.Can(access.ManagePlan) || who.Can(access.ApproveProtocol))
}

func (r *Referral) sends(who actor.Actor) bool {
	return who.Can(access.Refer) && Desk(who) == r.Origin || r.PlanID != "" && who.Can(access.ManagePlan)
}

// handles reports whether the actor does what the destination does. Of what goes
// by letter the sender writes down what came back.
func (r *Referral) handles(who actor.Actor) bool {
	return r.Unit != "" && who.UnitID == r.Unit && who.Can(access.HandleReferral) || r.ByLetter() && r.sends(who)
}

func (r *Referral) directs(who actor.Actor) bool {
	return r.Unit != "" && who.UnitID == r.Unit && who.Can(access.AssignCase)
}

// may answers fault.Forbidden for a step that is the other party's.
func (r *Referral) may(who actor.Actor, verb Verb) error {
	allowed := false
	switch by := steps[verb].by; {
	case who.UserID == "" && who.Role == SystemRole:
		allowed = verb == Close || verb == Answer
	case who.UserID == "" && who.Role == InstitutionRole:
		allowed = r.ByLetter() && who.UnitID == r.Unit && (verb == Receive || verb == Answer || verb == Return)
	case by == sender:
		allowed = r.sends(who)
	case by == handler:
		allowed = r.handles(who)
	case by == chief:
		allowed = r.directs(who)
	}
	if !allowed {
		return fault.New(fault.Forbidden, "referral.error.other_party")
	}
	return nil
}

// order answers fault.Conflict, with the reason in plain words, for a step that
// does not follow from where the referral stands.
func (r *Referral) order(verb Verb) error {
	if slices.Contains(steps[verb].from, r.State) {
		return nil
	}
	return fault.New(fault.Conflict, orderKey(verb, r.State))
}

// orderKey says why the step does not follow.
func orderKey(verb Verb, state State) string {
	switch {
	case state == Cancelled:
		return "referral.order.cancelled"
	case verb == Close && state != Closed:
		return "referral.order.not_answered"
	case verb == Reopen:
		return "referral.order.nothing_to_reopen"
	case verb == Resend:
		return "referral.order.not_returned"
	case state == Closed:
		return "referral.order.closed"
	case state == Answered:
		return "referral.order.answered"
	case state == Returned:
		return "referral.order.returned"
	case verb == Start:
		return "referral.order.started"
	}
	return "referral.order.received"
}

// Acts are the verbs that the actor may use on the referral as it stands, for
// buttons: what is missing here is refused when it is tried.
func (r *Referral) Acts(who actor.Actor) []Verb {
	var list []Verb
	for _, verb := range Verbs {
		if r.order(verb) == nil && r.may(who, verb) == nil {
			list = append(list, verb)
		}
	}
	return list
}

// Days of the clocks that the law and the municipality fix.
const (
	DocumentDays    = 30 // calendar days to bring documents to the registry's desk
	RSHDays         = 5  // working days in which the registry's desk answers
	OtherDays       = 10 // working days of everybody else without a protocol
	AcknowledgeDays = 10 // working days after which an answer is taken as read
)

// apply moves the referral. The order was checked; now is the time of the change.
func (r *Referral) apply(now time.Time, who actor.Actor, m Move) {
	today := calendar.On(now)
	s := steps[m.Verb]
	if s.to != "" {
		r.endWait(today)
		r.State = s.to
	} else if s.receives && r.State == Sent {
		r.State = Received
	}
	if s.by == handler && r.Unit != "" && who.UnitID == r.Unit && who.UserID != "" && r.Assigned == "" {
		r.Assigned, r.AssignedName = who.UserID, who.Name
	}
	r.external(m)
	switch m.Verb {
	case Wait:
		r.beginWait(now, m.WaitingFor)
	case Answer:
		r.Outcome, r.ReasonCode, r.Reason, r.AnswerNote = m.Outcome, m.ReasonCode, m.Reason, m.Note
		r.AnsweredAt, r.AnsweredBy, r.AnsweredByName = now, who.UserID, who.Name
	case Return, Cancel:
		r.ReasonCode, r.Reason = m.ReasonCode, m.Reason
	case Reopen:
		r.forgetAnswer()
		r.Due = calendar.AddWorkingDays(today, r.Promise)
		r.Reopened++
	case Resend:
		r.resend(m)
	case Assign:
		r.Assigned, r.AssignedName = m.Assigned, m.AssignedName
	}
	r.Version++
	r.ChangedAt = now
}

func (r *Referral) beginWait(now time.Time, what WaitingFor) {
	r.WaitingFor, r.WaitingSince = what, now
	if what == Documents && r.Unit == access.RSHUnit {
		r.DocumentsDue = calendar.On(now).AddDays(DocumentDays)
	}
}

// endWait starts the clock again: the promise moves by the working days waited.
func (r *Referral) endWait(today calendar.Date) {
	if r.State != Waiting {
		return
	}
	if n := calendar.WorkingDaysBetween(calendar.On(r.WaitingSince), today); n > 0 {
		r.PausedDays += n
		r.Due = calendar.AddWorkingDays(r.Due, n)
	}
	r.WaitingFor, r.WaitingSince, r.DocumentsDue = "", time.Time{}, calendar.Date{}
}

func (r *Referral) forgetAnswer() {
	r.Outcome, r.ReasonCode, r.Reason, r.AnswerNote = "", "", "", ""
	r.AnsweredAt, r.AnsweredBy, r.AnsweredByName = time.Time{}, "", ""
}

// resend begins anew with what was corrected; the protocol sets the clock.
func (r *Referral) resend(m Move) {
	r.ReasonCode, r.Reason, r.Assigned, r.AssignedName, r.PausedDays = "", "", "", "", 0
	r.Note = m.Note
	if m.Corrected {
		r.Fields, r.Member, r.MemberName = m.Fields, m.Member, m.MemberName
	}
}

func (r *Referral) external(m Move) {
	if m.Verb != External && m.ExternalNumber == "" && m.ExternalStatus == "" {
		return
	}
	r.ExternalNumber, r.ExternalStatus, r.ExternalOn = m.ExternalNumber, m.ExternalStatus, m.ExternalOn
}
