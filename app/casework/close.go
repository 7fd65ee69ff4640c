package casework

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	"gsl/tenants"
)

// Ending is why a case is closed.
type Ending string

// The reasons for which a case ends.
const (
	ObjectivesMet Ending = "objectives_met"
	MovedAway     Ending = "moved_away"
	Declined      Ending = "declined"
	Died          Ending = "died"
	Transferred   Ending = "transferred"
)

// Endings in the order of the form.
var Endings = []Ending{ObjectivesMet, MovedAway, Declined, Died, Transferred}

// Undone is work of a file that is not finished: an open plan, or a visit that
// nobody made yet.
type Undone struct {
	Href    string
	Name    string // "Plan 2026-0184"
	Pending int    // items of a plan; 0 of what has none
	Loose   bool   // of no plan: objectives can be met without it
}

// CloseForm is what closing a case asks for.
type CloseForm struct {
	Case    string // id, as the page showed it
	Reason  string
	Summary string
	Anyway  bool // withdraw what is not finished
}

// The limits of a summary, in characters: who reads it later was not there.
const (
	shortestSummary = 20
	longestSummary  = 4000
)

func (f *CloseForm) read() (Ending, string, error) {
	reason, summary := Ending(f.Reason), strings.TrimSpace(f.Summary)
	var wrong []fault.Field
	if !slices.Contains(Endings, reason) {
		wrong = append(wrong, fault.Field{Name: "reason", Key: "casework.error.ending"})
	}
	switch n := utf8.RuneCountInString(summary); {
	case n < shortestSummary:
		wrong = append(wrong, fault.Field{Name: "summary", Key: "casework.error.summary", Args: map[string]any{"Min": shortestSummary}})
	case n > longestSummary:
		wrong = append(wrong, fault.Field{Name: "summary", Key: "casework.error.long", Args: map[string]any{"Max": longestSummary}})
	}
	if len(wrong) > 0 {
		return "", "", fault.InvalidFields(wrong...)
	}
	return reason, summary, nil
}

// allows says what work that is not finished means for a reason: objectives that
// are still open were not met; for any other one has to say that the work ends too.
func (e Ending) allows(undone []Undone, anyway bool) error {
	switch {
	case len(undone) == 0:
		return nil
	case e == ObjectivesMet && slices.ContainsFunc(undone, func(u Undone) bool { return !u.Loose }):
		return fault.InvalidField("reason", "casework.error.plan_open")
	case !anyway:
		return fault.InvalidField("anyway", "casework.error.undone")
	}
	return nil
}

// Close ends the open case of a file, by who works on it, who replaces them or
// the unit's head. What is not finished is withdrawn with the same reason, when
// that is said; sent twice it has one effect. fault.Conflict: another case is
// open now, or somebody closed it with other words.
func (s *Service) Close(ctx context.Context, who actor.Actor, fileID string, form CloseForm) error {
	if err := may(who, access.ManagePlan); err != nil {
		return err
	}
	reason, summary, err := form.read()
	if err != nil {
		return err
	}
	return who.Municipality.Update(ctx, func(tx *tenants.Tx) error { //nolint:contextcheck // what is kept is in Spanish, whoever writes
		if _, err := people.Open(tx, fileID); err != nil {
			return err
		}
		c, open, err := openCase(tx, fileID)
		if err != nil {
			return err
		}
		if !open || c.ID != form.Case {
			return closedAlready(tx, fileID, &form)
		}
		return s.close(tx, who, &c, reason, summary, form.Anyway)
	})
}

// closedAlready tells a form that was sent twice from a case that went on without it.
func closedAlready(tx *tenants.Tx, fileID string, form *CloseForm) error {
	past, err := closedCases(tx, fileID)
	if err != nil {
		return err
	}
	for i := range past {
		if p := &past[i]; p.ID == form.Case && string(p.Reason) == form.Reason && p.Summary == strings.TrimSpace(form.Summary) {
			return nil
		}
	}
	return fault.New(fault.Conflict, "casework.error.closed")
}

func (s *Service) close(tx *tenants.Tx, who actor.Actor, c *Case, reason Ending, summary string, anyway bool) error {
	mine, err := s.works(tx, who, c)
	if err != nil {
		return err
	}
	if !mine {
		return fault.New(fault.Forbidden, "casework.error.not_yours")
	}
	undone, err := s.undone(tx, c.FileID)
	if err != nil {
		return err
	}
	if err := reason.allows(undone, anyway); err != nil {
		return err
	}
	if len(undone) > 0 {
		if err := s.abandon(tx, who, c.FileID, reason); err != nil {
			return err
		}
	}
	if err := endCase(tx, who, c, reason, summary); err != nil {
		return err
	}
	if err := addEvent(tx, who, c, eventClosed, string(reason)); err != nil {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: "case.close", Object: c.ID, File: c.FileID, Detail: map[string]string{"ending": string(reason)}})
}

// abandon withdraws what is not finished. What refuses, has to be ended by hand.
func (s *Service) abandon(tx *tenants.Tx, who actor.Actor, fileID string, reason Ending) error {
	why := i18n.Tf(tx.Context(), "casework.close.withdrawn", map[string]any{"Reason": EndingText(tx.Context(), reason)})
	err := s.Abandon(tx, who, fileID, why)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Forbidden) {
		return fault.New(fault.Conflict, "casework.error.stuck")
	}
	return err
}

func (s *Service) undone(tx *tenants.Tx, fileID string) ([]Undone, error) {
	if s.Undone == nil {
		return nil, nil
	}
	return s.Undone(tx, fileID)
}

// OpenForm is what opening a case by hand asks for.
type OpenForm struct {
	Worker string // id of who becomes responsible, "" for the actor
	Reason string
}

// Open opens a case for a file that has none: the first one, or one that goes on
// from the one that was closed. The head may say who becomes responsible. When
// one is open already nothing happens.
func (s *Service) Open(ctx context.Context, who actor.Actor, fileID string, form OpenForm) error {
	if err := may(who, access.ManagePlan); err != nil {
		return err
	}
	next, err := s.chosen(ctx, who, form.Worker)
	if err != nil {
		return err
	}
	reason, err := readReason(form.Reason)
	if err != nil {
		return err
	}
	return who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		if _, err := people.Open(tx, fileID); err != nil {
			return err
		}
		if _, open, err := openCase(tx, fileID); err != nil || open {
			return err
		}
		return begin(tx, who, fileID, next, reason)
	})
}

// chosen gives who becomes responsible: the actor or, where the head says so,
// somebody of the unit.
func (s *Service) chosen(ctx context.Context, who actor.Actor, worker string) (to, error) {
	if worker == "" || worker == who.UserID {
		return to{unit: who.UnitID, id: who.UserID, name: who.Name}, nil
	}
	if err := may(who, access.AssignCase); err != nil {
		return to{}, err
	}
	list := List{Ask: Ask{Board: true}}
	if err := s.staff(ctx, who, &list); err != nil {
		return to{}, err
	}
	at := slices.IndexFunc(list.Staff, func(c access.Colleague) bool { return c.UserID == worker })
	if at < 0 {
		return to{}, fault.InvalidField("worker", "casework.error.worker")
	}
	return to{unit: who.UnitID, id: worker, name: list.Staff[at].Name}, nil
}
