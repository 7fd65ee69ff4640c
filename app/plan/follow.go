package plan

import (
	"context"
	"slices"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/referral"
)

// An item of category A or D is referred at checkout and follows its referral:
// whoever answers there moves the item here. Of what stays to the worker, an
// item that goes to an inbox leaves only withdrawing; of a letter the worker
// also writes down what came back on paper.

// Refers reports whether checkout makes a referral of the item.
func (a Agreed) Refers() bool { return a.Management() == ToRSHDesk || a.Management() == Referral }

// follows reports whether the item's status is its referral's to change.
func (it *Item) follows() bool { return it.Referral != nil && it.Referral.State.Open() }

// followed is the status that a referral gives its item, and the reason for it.
func followed(r *referral.Referral) (Status, string) {
	ctx := i18n.With(context.Background(), i18n.Spanish) // the reason is kept with the item
	switch r.State {
	case referral.Sent:
		return Pending, ""
	case referral.Returned:
		return Pending, i18n.Tf(ctx, "plan.returned", map[string]any{"Unit": r.UnitName, "Reason": r.Reason})
	case referral.Cancelled:
		return Withdrawn, r.Reason
	case referral.Answered, referral.Closed:
		if r.Outcome == referral.Granted {
			return Confirmed, ""
		}
		return NotAchieved, referral.OutcomeText(ctx, r.Outcome) + ": " + r.Reason
	}
	return InProgress, ""
}

// mayBecome says which status the worker may give the item: of one that follows
// a referral, what is not the unit's to say.
func (it *Item) mayBecome(next Status) bool {
	if !it.follows() {
		return it.Status.MayBecome(next)
	}
	switch next {
	case Withdrawn:
		return true
	case InProgress:
		return it.Referral.ByLetter() && it.Referral.State == referral.Sent
	case Confirmed, NotAchieved:
		return it.Referral.ByLetter() && it.Referral.State != referral.Returned
	}
	return false
}

// refusal says why the item may not become what was chosen.
func (it *Item) refusal() fault.Field {
	key := "plan.error.finished"
	if it.follows() {
		key = "plan.error.follows"
	}
	return fault.Field{Name: statusField(it.ID), Key: key}
}

// move is the step of the referral that a status of its item stands for.
func (it *Item) move(wanted Wanted) (referral.Move, []fault.Field) {
	reason := it.Reason // as it was read
	switch it.Status {
	case Withdrawn:
		return referral.Move{Verb: referral.Cancel, Reason: reason}, nil
	case InProgress:
		return referral.Move{Verb: referral.Start}, nil
	case Confirmed:
		return referral.Move{Verb: referral.Answer, Outcome: referral.Granted}, nil
	}
	m := referral.Move{Verb: referral.Answer, Outcome: referral.NotGranted, Reason: reason}
	if wanted.Outcome != "" {
		m.Outcome = referral.Outcome(wanted.Outcome)
	}
	if !isRefusal(m.Outcome) {
		return m, []fault.Field{{Name: "outcome[" + it.ID + "]", Key: "plan.error.outcome"}}
	}
	return m, nil
}

// isRefusal reports whether the outcome is an answer, and not a yes.
func isRefusal(o referral.Outcome) bool {
	return o != referral.Granted && slices.Contains(referral.Outcomes, o)
}
