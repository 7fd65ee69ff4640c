package plan

import (
	"context"

	"gsl/app/access"
	"gsl/app/benefit"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"
)

// Shown is a plan with what its page says around it.
type Shown struct {
	Visit
	Plan     Plan
	History  []Entry // oldest first
	Previous *Plan   // nil for the first plan of the file
	Next     []Plan  // later plans that follow this one
}

// Plan gives a plan and leaves the trail of the view; what is the page or paper.
func (s *Service) Plan(ctx context.Context, who actor.Actor, id, what string) (Shown, error) {
	if err := may(who, access.ReadFile); err != nil {
		return Shown{}, err
	}
	return s.show(ctx, who, id, what)
}

func (s *Service) show(ctx context.Context, who actor.Actor, id, what string) (shown Shown, err error) {
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		if shown.Plan, err = load(tx, id); err != nil {
			return err
		}
		if shown.Visit, err = s.visit(tx, who, shown.Plan.FileID, people.PlanSection); err != nil {
			return err
		}
		if err = s.made(tx, who, &shown.Plan); err != nil {
			return err
		}
		shown.Plan.veil(tx.Context(), shown.veil)
		if shown.History, err = historyOf(tx, id); err != nil {
			return err
		}
		shown.Previous, shown.Next, err = neighbours(tx, &shown.Plan)
		return err
	})
	if err != nil {
		return shown, err
	}
	return shown, shown.seen(ctx, who, what)
}

// Plans gives all plans of a file, newest first, with the history of the one
// that is shown in full, and leaves the trail of the view.
func (s *Service) Plans(ctx context.Context, who actor.Actor, fileID string) (v Visit, list []Shown, err error) {
	if err = may(who, access.ReadFile); err != nil {
		return v, nil, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		if v, err = s.visit(tx, who, fileID, people.PlanSection); err != nil {
			return err
		}
		plans, err := plansOf(tx, fileID)
		if err != nil {
			return err
		}
		list = make([]Shown, len(plans))
		for i := range plans {
			plans[i].veil(tx.Context(), v.veil)
			list[i].Plan = plans[i]
		}
		return s.fillExpanded(tx, who, list)
	})
	if err != nil {
		return v, nil, err
	}
	return v, list, v.seen(ctx, who, "plan")
}

// Expanded is the index of the plan that a list shows in full: the newest open
// one, else the newest; -1 for an empty list.
func Expanded(list []Shown) int {
	for i := range list {
		if !list[i].Plan.Closed {
			return i
		}
	}
	return min(0, len(list)-1)
}

// made puts what other rooms made for its items into a plan.
func (s *Service) made(tx *tenants.Tx, who actor.Actor, p *Plan) error {
	for _, room := range s.Made {
		list, err := room(tx, who, p)
		if err != nil {
			return err
		}
		for i := range list {
			if it := p.Item(list[i].ItemID); it != nil {
				it.Made = &list[i]
			}
		}
	}
	return nil
}

func (s *Service) fillExpanded(tx *tenants.Tx, who actor.Actor, list []Shown) (err error) {
	at := Expanded(list)
	if at < 0 {
		return nil
	}
	shown := &list[at]
	if err = follow(tx, &shown.Plan); err != nil {
		return err
	}
	if err = s.made(tx, who, &shown.Plan); err != nil {
		return err
	}
	if shown.History, err = historyOf(tx, shown.Plan.ID); err != nil {
		return err
	}
	for i := range list {
		if list[i].Plan.ID == shown.Plan.PreviousID {
			shown.Previous = &list[i].Plan
		}
		if list[i].Plan.PreviousID == shown.Plan.ID {
			shown.Next = append(shown.Next, list[i].Plan)
		}
	}
	return nil
}

// Saved is what became of a save.
type Saved struct {
	Shown
	Changed   []Item
	JustEnded bool    // this save closed the plan
	Clashes   []Clash // with fault.Conflict: where two operators differ
}

// Save sets the status of items, all of them or none. A form that was made from
// an earlier version is fault.Conflict when it asks for something else than the
// plan says; one that asks for what is already so has no effect and no error.
// fault.Invalid names each field. Confirmed aid goes to the municipal registry
// in the same transaction, and the plan closes with its last item.
func (s *Service) Save(ctx context.Context, who actor.Actor, planID string, form SaveForm) (Saved, error) {
	var saved Saved
	if err := may(who, access.ManagePlan); err != nil {
		return saved, err
	}
	cause := who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // what is kept is in Spanish, whoever writes
		saved = Saved{}
		if saved.Plan, err = load(tx, planID); err != nil {
			return err
		}
		return s.save(tx, who, &saved, form)
	})
	if saved.Plan.ID == "" {
		return saved, cause
	}
	shown, err := s.show(ctx, who, planID, "plan")
	if err != nil {
		return Saved{}, err
	}
	saved.Shown = shown
	return saved, cause
}

func (s *Service) save(tx *tenants.Tx, who actor.Actor, saved *Saved, form SaveForm) error {
	p := &saved.Plan
	if p.Closed || form.Version != 0 && form.Version != p.Version {
		return stale(tx, saved, form)
	}
	changed, wrong := p.changes(form, calendar.On(tx.Now))
	if len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	saved.Changed = changed
	own, referred := apart(changed)
	if err := s.write(tx, who, p, own); err != nil {
		return err
	}
	if err := s.moveReferrals(tx, who, referred, form); err != nil {
		return err
	}
	open, err := isOpen(tx, p.ID)
	saved.JustEnded = !open
	return err
}

// apart tells the items that the worker moves from those that their referral moves.
func apart(changed []Item) (own, referred []Item) {
	for _, it := range changed {
		if it.follows() {
			referred = append(referred, it)
		} else {
			own = append(own, it)
		}
	}
	return own, referred
}

// stale tells a replay from a conflict.
func stale(tx *tenants.Tx, saved *Saved, form SaveForm) error {
	if form.Version > saved.Plan.Version {
		return fault.InvalidField("version", "plan.error.version")
	}
	if wrong := saved.Plan.unknown(form); len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	before, err := statusesAt(tx, saved.Plan.ID, form.Version)
	if err != nil {
		return err
	}
	saved.Clashes = saved.Plan.clashes(form, before)
	if len(saved.Clashes) == 0 {
		tx.Legal() // asked again: told when what was done is there
		return nil
	}
	if saved.Plan.Closed {
		return fault.New(fault.Conflict, "plan.error.closed")
	}
	return fault.New(fault.Conflict, "plan.error.stale")
}

// write gives items of the plan what they became; the last one closes it.
func (s *Service) write(tx *tenants.Tx, who actor.Actor, p *Plan, changed []Item) error {
	if len(changed) == 0 {
		return nil
	}
	before := make(map[string]Status, len(changed))
	for _, it := range changed {
		before[it.ID] = p.Item(it.ID).Status
	}
	p.apply(changed, who.Name, tx.Now)
	if err := savePlan(tx, p); err != nil {
		return err
	}
	for i := range changed {
		it := p.Item(changed[i].ID)
		if err := s.writeItem(tx, who, p, it, before[it.ID]); err != nil {
			return err
		}
	}
	if !p.Closed {
		return nil
	}
	return ended(tx, who, p)
}

// writeItem stores a changed item with its history; aid that was confirmed goes
// to the municipal registry.
func (s *Service) writeItem(tx *tenants.Tx, who actor.Actor, p *Plan, it *Item, was Status) error {
	if err := saveProgress(tx, it); err != nil {
		return err
	}
	if err := remember(tx, who, p, Entry{ItemID: it.ID, What: aboutStatus, Was: string(was), Became: string(it.Status), Reason: it.Reason}); err != nil {
		return err
	}
	detail := map[string]string{"plan": p.ID, "folio": p.Folio(), "item": it.Code, "from": string(was), "to": string(it.Status)}
	if it.Reason != "" {
		detail["reason"] = it.Reason
	}
	if err := audit.Record(tx, who, audit.Change{Action: "plan.item_status", Object: it.ID, File: p.FileID, Detail: detail}); err != nil {
		return err
	}
	for _, hook := range s.OnItem {
		if err := hook(tx, who, p, it, was); err != nil {
			return err
		}
	}
	if it.Status != Confirmed || !it.Benefit() {
		return nil
	}
	tx.Legal() // aid was delivered
	grant, err := grantOf(tx, p, it)
	if err != nil {
		return err
	}
	return s.benefits.Deliver(tx, who, grant)
}

// grantOf is the delivery of a confirmed item as the municipal registry keeps
// it: to the member it concerns, else to the person of the file.
func grantOf(tx *tenants.Tx, p *Plan, it *Item) (benefit.Grant, error) {
	holder := it.Member
	if holder == "" {
		f, err := people.Open(tx, p.FileID)
		if err != nil {
			return benefit.Grant{}, err
		}
		holder = f.Holder()
	}
	holder, err := people.HolderNow(tx, holder) // the member may have got a RUN since
	if err != nil {
		return benefit.Grant{}, err
	}
	kind := "in_kind"
	if it.Management() == InCash {
		kind = "cash"
	}
	return benefit.Grant{Holder: holder, ItemCode: it.Code, Name: it.Name, Category: it.Category, Subcategory: it.Subcategory, Kind: kind,
		On: it.Delivery.On, Quantity: it.Delivery.Quantity, Unit: it.Unit, Amount: it.Delivery.Amount, Provider: it.Provider,
		Note: it.Note, Source: "plan", Origin: it.ID}, nil
}
