package plan

import (
	"errors"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/app/referral"
	"gsl/tenants"
)

// OnReferral moves the item that was referred, in the transaction that moves its
// referral; it is one of referral's OnChange hooks. The last answer closes the
// plan. Reopening a referral takes its item back to work, while the plan is open.
func (s *Service) OnReferral(tx *tenants.Tx, who actor.Actor, r *referral.Referral, was referral.State) error {
	if r.PlanItemID == "" || was == "" { // a new one: checkout has just written its item
		return nil
	}
	p, err := load(tx, r.PlanID)
	if err != nil {
		return err
	}
	it := p.Item(r.PlanItemID)
	if it == nil {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	next := *it
	if next.Status, next.Reason = followed(r); next.Status == it.Status && next.Reason == it.Reason {
		return nil
	}
	if p.Closed {
		return fault.New(fault.Conflict, "plan.error.closed")
	}
	return s.write(tx, who, &p, []Item{next})
}

// Move gives an item the status that what was made for it brought about: a visit
// that was recorded, a report that was issued. The last item closes the plan. An
// item that is finished, or has the status already, stays as it is; so does aid,
// which is delivered on the plan's page.
func (s *Service) Move(tx *tenants.Tx, who actor.Actor, planID, itemID string, status Status, reason string) error {
	p, err := load(tx, planID)
	if err != nil {
		return err
	}
	it := p.Item(itemID)
	if it == nil {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	next := *it
	if p.Closed || next.Benefit() || !next.Status.MayBecome(status) {
		return nil
	}
	next.Status, next.Reason = status, reason
	return s.write(tx, who, &p, []Item{next})
}

// PlanOpen reports whether a plan can still change; referral asks before it
// reopens what was answered.
func (s *Service) PlanOpen(tx *tenants.Tx, planID string) (bool, error) {
	return isOpen(tx, planID)
}

// refer makes the referrals of a new plan: one for each item that another unit
// or institution manages. What refuses one, is said of its line.
func (s *Service) refer(tx *tenants.Tx, who actor.Actor, r *Review, p *Plan) error {
	var wrong []fault.Field
	for i := range p.Items {
		it := &p.Items[i]
		if !it.Refers() {
			continue
		}
		made, err := s.referrals.Create(tx, who, it.request(p, r))
		if bad := fieldsOf(err); fault.Is(err, fault.Invalid) && len(bad) > 0 {
			wrong = append(wrong, fault.Field{Name: reasonField(it.lineID), Key: bad[0].Key, Args: bad[0].Args})
			continue
		}
		if err != nil {
			return err
		}
		it.Referral = &made
	}
	if len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	return nil
}

// request is what is asked of whoever manages the item.
func (it *Item) request(p *Plan, r *Review) referral.New {
	n := it.Agreed.request(r)
	n.FileID, n.Source, n.PlanID, n.PlanItemID, n.Key = p.FileID, referral.FromPlan, p.ID, it.ID, "plan "+it.ID
	return n
}

// request is what was agreed, as others are asked for it.
func (a Agreed) request(r *Review) referral.New {
	n := referral.New{Facts: r.facts, Answered: a.answered(),
		Asked: referral.Asked{Code: a.Code, Name: a.Name, Category: a.Category, Subcategory: a.Subcategory, Provider: a.Provider,
			Member: a.Member, MemberName: a.MemberName, Requirements: a.Requirements, Note: a.Note, OverrideReason: a.OverrideReason}}
	for _, f := range a.Fields {
		n.Fields = append(n.Fields, referral.FieldValue(f))
	}
	return n
}

// moveReferrals takes the referrals of items on as the worker chose; each moves
// its item by OnReferral.
func (s *Service) moveReferrals(tx *tenants.Tx, who actor.Actor, chosen []Item, form SaveForm) error {
	for i := range chosen {
		it := &chosen[i]
		step, wrong := it.move(form.Items[it.ID])
		if len(wrong) > 0 {
			return fault.InvalidFields(wrong...)
		}
		err := s.referrals.MoveTx(tx, who, it.Referral, step)
		var e *fault.Error
		if errors.As(err, &e) && e.Kind == fault.Invalid {
			return ofItem(e, it.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ofItem names the fields of a referral's step as the plan's form does.
func ofItem(e *fault.Error, id string) error {
	list := make([]fault.Field, 0, len(e.Fields))
	for _, f := range e.Fields {
		f.Name += "[" + id + "]"
		list = append(list, f)
	}
	return fault.InvalidFields(list...)
}

// ended reports the closing of a plan in history and trail.
func ended(tx *tenants.Tx, who actor.Actor, p *Plan) error {
	if err := remember(tx, who, p, Entry{What: aboutPlan, Was: "open", Became: "closed"}); err != nil {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: "plan.close", Object: p.ID, File: p.FileID, Detail: map[string]string{"folio": p.Folio()}})
}
