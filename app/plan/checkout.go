package plan

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/app/referral"
	"gsl/tenants"
)

// Review is what worker and citizen look at before they agree.
type Review struct {
	Visit
	Cart      Cart                         // its lines carry the advice of today
	Key       string                       // what makes the checkout of this very cart happen once
	Previous  *Plan                        // newest plan of the file, nil for none
	Quotas    map[string]Quota             // of the items that have spots, by code
	Left      map[string]int               // their spots as the review saw them
	Prospects map[string]referral.Prospect // where the items that others manage will go, by line
	Running   map[string]string            // folios of what desks have referred, by code
	facts     *catalogue.Facts             // of the household
}

// CheckoutForm is what the review page sends.
type CheckoutForm struct {
	Key     string
	Agreed  string
	Reasons map[string]string // by line: reasons that became necessary since it was added
}

// checkoutKey names a cart as it was reviewed. Every tab that reviewed the same
// cart sends the same key, so they make one plan; a cart that changed since has
// another, and must be reviewed again.
func checkoutKey(cart *Cart) string {
	return cart.ID + "." + strconv.FormatInt(cart.Version, 10)
}

// cutKey takes a key apart; a key of another maker names no cart.
func cutKey(key string) (cartID string, version int64, ours bool) {
	cartID, text, found := strings.Cut(key, ".")
	version, err := strconv.ParseInt(text, 10, 64)
	return cartID, version, found && err == nil
}

// Review judges the file's cart anew and leaves the trail of the view.
func (s *Service) Review(ctx context.Context, who actor.Actor, fileID string) (Review, error) {
	r, err := s.review(ctx, who, fileID)
	if err != nil {
		return r, err
	}
	return r, r.seen(ctx, who, "checkout")
}

func (s *Service) review(ctx context.Context, who actor.Actor, fileID string) (r Review, err error) {
	if err = may(who, access.ManageCart); err != nil {
		return r, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		if r.Visit, err = s.visit(tx, who, fileID, people.CartSection); err != nil {
			return err
		}
		if r.Cart, err = draft(tx, fileID); err != nil {
			return err
		}
		r.Previous, err = newest(tx, fileID)
		return err
	})
	if err != nil || len(r.Cart.Lines) == 0 {
		return r, err
	}
	r.Key = checkoutKey(&r.Cart)
	return r, s.judge(ctx, who, fileID, &r)
}

// Checkout makes the plan that was agreed: the cart is checked out and an open
// plan with the next folio of the year holds its items. It happens once for a
// key and once for a cart; whoever asks again gets the same plan. An empty cart
// is fault.Invalid, a cart that changed since the review fault.Conflict.
func (s *Service) Checkout(ctx context.Context, who actor.Actor, fileID string, form CheckoutForm) (Plan, error) {
	if err := may(who, access.ManageCart); err != nil {
		return Plan{}, err
	}
	if p, err := s.checkedOut(ctx, who, fileID, form.Key); err != nil || p.ID != "" {
		return p, err
	}
	reviewed, err := s.review(ctx, who, fileID)
	if err != nil {
		return Plan{}, err
	}
	agreed, wrong := form.check(&reviewed.Cart)
	if len(wrong) > 0 {
		// Another post may have made the plan since we looked.
		if p, err := s.checkedOut(ctx, who, fileID, form.Key); err != nil || p.ID != "" {
			return p, err
		}
		return Plan{}, fault.InvalidFields(wrong...)
	}
	var p Plan
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		tx.Legal()
		if p, err = planOfKey(tx, fileID, form.Key); err != nil || p.ID != "" {
			return err
		}
		p, err = s.checkout(tx, who, reviewed, agreed, form.Key)
		return err
	})
	return p, err
}

// checkedOut gives the plan that the key made already, the zero Plan for none.
func (s *Service) checkedOut(ctx context.Context, who actor.Actor, fileID, key string) (p Plan, err error) {
	if key == "" || len(key) > 100 {
		return p, fault.InvalidField("key", "plan.error.key")
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		if _, err := people.Open(tx, fileID); err != nil {
			return err
		}
		p, err = planOfKey(tx, fileID, key)
		return err
	})
	if err == nil && p.ID != "" { // who asks again is told no sooner than who asked first
		err = who.Municipality.Replicated(ctx)
	}
	return p, err
}

func planOfKey(tx *tenants.Tx, fileID, key string) (Plan, error) {
	cartID, _, _ := cutKey(key)
	id, err := planByKey(tx, fileID, key, cartID)
	if err != nil || id == "" {
		return Plan{}, err
	}
	return load(tx, id)
}

// check reads the form and gives the cart's lines the reasons that came with it.
func (form *CheckoutForm) check(cart *Cart) (Agreement, []fault.Field) {
	var wrong []fault.Field
	agreed, ok := parseAgreement(form.Agreed)
	if !ok {
		wrong = append(wrong, fault.Field{Name: "agreed", Key: "plan.error.agreed"})
	}
	if len(cart.Lines) == 0 {
		return agreed, append(wrong, fault.Field{Name: "cart", Key: "plan.error.cart_empty"})
	}
	for id := range form.Reasons {
		if !slices.ContainsFunc(cart.Lines, func(l Line) bool { return l.ID == id }) {
			wrong = append(wrong, fault.Field{Name: reasonField(id), Key: "plan.error.unknown_field"})
		}
	}
	for i := range cart.Lines {
		wrong = append(wrong, form.reasonFor(&cart.Lines[i])...)
	}
	return agreed, wrong
}

func reasonField(lineID string) string { return fieldReason + "[" + lineID + "]" }

func (form *CheckoutForm) reasonFor(l *Line) []fault.Field {
	reason, wrong := readText(form.Reasons[l.ID], reasonField(l.ID), maxReason)
	switch {
	case len(wrong) > 0:
		return wrong
	case reason != "" && len(l.Advice) > 0:
		l.OverrideReason = reason
	case l.Asks:
		return []fault.Field{{Name: reasonField(l.ID), Key: "plan.error.reason_needed"}}
	}
	return nil
}

// checkout writes the plan of a reviewed cart.
func (s *Service) checkout(tx *tenants.Tx, who actor.Actor, r Review, agreed Agreement, key string) (Plan, error) {
	now, err := draft(tx, r.File.ID)
	if err != nil {
		return Plan{}, err
	}
	if now.ID == "" || len(now.Lines) == 0 {
		return Plan{}, fault.InvalidField("cart", "plan.error.cart_empty")
	}
	_, version, ours := cutKey(key)
	if now.ID != r.Cart.ID || now.Version != r.Cart.Version || ours && version != now.Version {
		return Plan{}, fault.New(fault.Conflict, "plan.error.cart_changed")
	}
	if err := takeSpots(tx, &r); err != nil {
		return Plan{}, err
	}
	p, err := newPlan(tx, who, r, agreed)
	if err != nil {
		return p, err
	}
	if err := insertPlan(tx, &p, key); err != nil {
		return p, err
	}
	if err := closeCart(tx, r.Cart.ID); err != nil {
		return p, err
	}
	if err := recordPlan(tx, who, &p); err != nil {
		return p, err
	}
	if err := s.refer(tx, who, &r, &p); err != nil {
		return p, err
	}
	for _, hook := range s.OnCheckout {
		if err := hook(tx, who, &p); err != nil {
			return p, err
		}
	}
	return p, nil
}

func newPlan(tx *tenants.Tx, who actor.Actor, r Review, agreed Agreement) (Plan, error) {
	year := calendar.On(tx.Now).Year()
	number, err := nextNumber(tx, year)
	if err != nil {
		return Plan{}, err
	}
	limits, err := limits(tx)
	if err != nil {
		return Plan{}, err
	}
	p := Plan{ID: tx.NewID(), FileID: r.File.ID, CartID: r.Cart.ID, Year: year, Number: number, Version: 1, Agreed: agreed,
		PersonName: r.File.Name(), PersonDocument: r.File.Number(), PersonAddress: r.File.Address,
		CreatedAt: tx.Now, CreatedBy: who.UserID, CreatedByName: who.Name, Unit: who.UnitID, UnitName: who.UnitName, ChangedAt: tx.Now}
	if p.PreviousID, err = latestOf(tx, r.File.ID); err != nil {
		return p, err
	}
	for i := range r.Cart.Lines {
		p.Items = append(p.Items, newItem(tx, who, &p, &r.Cart.Lines[i], limits))
	}
	slices.SortStableFunc(p.Items, func(a, b Item) int { return strings.Compare(a.Category, b.Category) })
	for i := range p.Items {
		p.Items[i].Position = i + 1
	}
	return p, nil
}

func newItem(tx *tenants.Tx, who actor.Actor, p *Plan, l *Line, limits Thresholds) Item {
	return Item{ID: tx.NewID(), PlanID: p.ID, lineID: l.ID, Agreed: l.Agreed, Progress: Progress{
		Status: Pending, ChangedAt: tx.Now, ChangedByName: who.Name, ChangedVersion: p.Version,
		Approval: newApproval(l.Agreed, limits), LimitAmount: limits.Worker}}
}

// recordPlan writes the first lines of the plan's history and the trail.
func recordPlan(tx *tenants.Tx, who actor.Actor, p *Plan) error {
	if err := remember(tx, who, p, Entry{What: aboutPlan, Became: "open", Reason: string(p.Agreed)}); err != nil {
		return err
	}
	for i := range p.Items {
		it := &p.Items[i]
		if err := remember(tx, who, p, Entry{ItemID: it.ID, What: aboutStatus, Became: string(Pending), Reason: it.OverrideReason}); err != nil {
			return err
		}
		if it.Approval.State == Waiting {
			if err := remember(tx, who, p, Entry{ItemID: it.ID, What: aboutApproval, Became: string(Waiting), Reason: string(it.Approval.Level)}); err != nil {
				return err
			}
		}
	}
	detail := map[string]string{"folio": p.Folio(), "agreed": string(p.Agreed), "items": strconv.Itoa(len(p.Items)), "cart": p.CartID}
	for i := range p.Items {
		if it := &p.Items[i]; it.OverrideReason != "" {
			detail["reason "+it.ID] = it.OverrideReason
		}
	}
	return audit.Record(tx, who, audit.Change{Action: "plan.create", Object: p.ID, File: p.FileID, Detail: detail})
}
