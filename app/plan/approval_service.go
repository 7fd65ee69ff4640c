package plan

import (
	"context"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Request is one piece of aid that waits for the actor's consent.
type Request struct {
	Plan Plan // without its items
	Item Item
}

// Decision is what became of an approval or a rejection.
type Decision struct {
	Shown
	Item Item
	Noop bool // it was so already
}

// mayDecide reports whether the actor may decide at the level on a plan of the
// unit: a head for the people of the own unit, the director for everyone, so
// that aid of a unit without a head waits for nobody who does not exist.
func mayDecide(who actor.Actor, level ApprovalLevel, unit string) bool {
	if who.Can(access.ApproveAboveHead) {
		return true
	}
	return level == ByHead && who.Can(access.ApproveBenefit) && who.UnitID == unit
}

// Approve gives consent to aid above a threshold; Reject refuses it, with a
// reason. Until the item is finished the one may follow the other. Deciding on
// what one has put in the cart oneself is allowed and seen in the history.
func (s *Service) Approve(ctx context.Context, who actor.Actor, planID, itemID string) (Decision, error) {
	return s.decide(ctx, who, planID, itemID, Approved, "")
}

// Reject refuses consent; the worker then closes the item with the citizen.
func (s *Service) Reject(ctx context.Context, who actor.Actor, planID, itemID, reason string) (Decision, error) {
	reason, wrong := readText(reason, "reason", maxReason)
	if reason == "" {
		wrong = append(wrong, fault.Field{Name: "reason", Key: "plan.error.reject_reason"})
	}
	if len(wrong) > 0 {
		return Decision{}, fault.InvalidFields(wrong...)
	}
	return s.decide(ctx, who, planID, itemID, Rejected, reason)
}

func (s *Service) decide(ctx context.Context, who actor.Actor, planID, itemID string, state ApprovalState, reason string) (Decision, error) {
	var done Decision
	if err := may(who, access.ApproveBenefit); err != nil {
		return done, err
	}
	err := who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		tx.Legal()
		p, err := load(tx, planID)
		if err != nil {
			return err
		}
		it := p.Item(itemID)
		if it == nil {
			return fault.New(fault.NotFound, "fault.not_found")
		}
		if done.Noop, err = it.decide(who, p.Unit, state); err != nil {
			return err
		}
		if !done.Noop {
			err = writeDecision(tx, who, &p, it, state, reason)
		}
		if err != nil {
			return err
		}
		done.Item = *it
		return nil
	})
	if err != nil {
		return done, err
	}
	done.Shown, err = s.show(ctx, who, planID, "plan")
	return done, err
}

// decide checks whether the actor may give the state to an item of a plan of the unit.
func (it *Item) decide(who actor.Actor, unit string, state ApprovalState) (noop bool, err error) {
	switch {
	case it.Approval.State == NoApproval:
		return false, fault.New(fault.Invalid, "plan.error.no_approval")
	case !mayDecide(who, it.Approval.Level, who.UnitID):
		return false, fault.New(fault.Forbidden, approvalMissing[it.Approval.Level])
	case !mayDecide(who, it.Approval.Level, unit):
		return false, fault.New(fault.Forbidden, "plan.error.approval_unit")
	case it.Approval.State == state:
		return true, nil
	case it.Status.Finished():
		return false, fault.New(fault.Conflict, "plan.error.finished")
	}
	return false, nil
}

func writeDecision(tx *tenants.Tx, who actor.Actor, p *Plan, it *Item, state ApprovalState, reason string) error {
	was := it.Approval.State
	it.Approval = Approval{State: state, Level: it.Approval.Level, At: tx.Now, ByName: who.Name, Reason: reason}
	if err := saveProgress(tx, it); err != nil {
		return err
	}
	p.ChangedAt = tx.Now // the version stays: nobody's statuses went stale
	if err := savePlan(tx, p); err != nil {
		return err
	}
	if err := remember(tx, who, p, Entry{ItemID: it.ID, What: aboutApproval, Was: string(was), Became: string(state), Reason: reason}); err != nil {
		return err
	}
	action := "plan.approve"
	if state == Rejected {
		action = "plan.reject"
	}
	detail := map[string]string{"plan": p.ID, "folio": p.Folio(), "item": it.Code, "level": string(it.Approval.Level)}
	if reason != "" {
		detail["reason"] = reason
	}
	return audit.Record(tx, who, audit.Change{Action: action, Object: it.ID, File: p.FileID, Detail: detail})
}

// Requests lists the aid that waits for the actor's consent, oldest first, and
// leaves the trail of each file shown. more: there are others beyond the limit.
func (s *Service) Requests(ctx context.Context, who actor.Actor, limit int) (list []Request, more bool, err error) {
	if err := may(who, access.ApproveBenefit); err != nil {
		return nil, false, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		levels, unit := deciders(who)
		if list, err = waiting(tx, levels, unit, limit+1); err != nil {
			return err
		}
		return s.veilRequests(tx, who, list)
	})
	if err != nil {
		return nil, false, err
	}
	if more = len(list) > limit; more {
		list = list[:limit]
	}
	seen := map[string]bool{}
	for i := range list {
		file := list[i].Plan.FileID
		if seen[file] {
			continue
		}
		seen[file] = true
		if err := audit.Looked(ctx, who, audit.View{File: file, What: "approvals"}); err != nil {
			return nil, false, err
		}
	}
	return list, more, nil
}

// veilRequests takes the names of those out whose file is shut for the actor: the
// decision is made on the plan's own page, behind the glass.
func (s *Service) veilRequests(tx *tenants.Tx, who actor.Actor, list []Request) error {
	veil, err := s.people.Veil(tx, who)
	for i := range list {
		p, it := &list[i].Plan, &list[i].Item
		if it.veil(tx.Context(), veil); veil.Hides(p.FileID) {
			p.PersonName, p.PersonDocument = veil.Name(tx.Context(), p.FileID, p.PersonName), ""
			it.Agreed = Agreed{Code: it.Code, Name: it.Name, Category: it.Category, Subcategory: it.Subcategory, Quantity: it.Quantity, Unit: it.Unit, Amount: it.Amount}
		}
	}
	return err
}

// deciders lists the levels that the actor decides on, and of which unit; a
// blank unit is all of them.
func deciders(who actor.Actor) (levels []string, unit string) {
	switch {
	case who.Can(access.ApproveAboveHead):
		return []string{string(ByHead), string(ByDirector)}, ""
	case who.Can(access.ApproveBenefit) && who.UnitID != "":
		return []string{string(ByHead)}, who.UnitID
	}
	return nil, ""
}

// PendingApprovals counts what waits for the actor's consent, for the
// workbench; 0 for who decides nothing.
func (s *Service) PendingApprovals(tx *tenants.Tx, who actor.Actor) (int, error) {
	levels, unit := deciders(who)
	if len(levels) == 0 {
		return 0, nil
	}
	return countWaiting(tx, levels, unit)
}
