package app

import (
	"context"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/plan"
	"gsl/app/referral"
	"gsl/app/visit"
	"gsl/tenants"
)

// connectVisits fills the hooks of home visits: a plan decides them, and hears
// what became of them.
func (a *App) connectVisits() {
	a.reserve(access.ReadCasework, "visit.")
	a.Plan.OnCheckout = append(a.Plan.OnCheckout, a.agreeVisits)
	a.Plan.OnItem = append(a.Plan.OnItem, a.endVisitOf)
	a.Plan.Made = append(a.Plan.Made, visitsOfPlan)
	a.Visit.OnChange = append(a.Visit.OnChange, a.moveItemOf)
	a.Visit.Items, a.Visit.Household = itemsToVisit, a.household
	a.Visit.Colleagues, a.Visit.Replaced = a.Access.Colleagues, referral.Replaced
}

// mountVisits gives them their routes.
func (a *App) mountVisits(r *web.Router) {
	r.Object(web.Object{Param: "visit", See: access.ReadCasework, Exists: a.Visit.Exists, File: visit.FileOf})
	visit.NewHandlers(a.Visit).Mount(r)
}

// agreeVisits makes the visits of a new plan: each still needs its day.
func (a *App) agreeVisits(tx *tenants.Tx, who actor.Actor, p *plan.Plan) error {
	for i := range p.Items {
		if it := &p.Items[i]; it.Management() == plan.HomeVisit {
			if _, err := a.Visit.Agree(tx, who, p.FileID, visitItem(p, it)); err != nil {
				return err
			}
		}
	}
	return nil
}

// visitItem is what a plan says of the visit that one of its items asks for.
func visitItem(p *plan.Plan, it *plan.Item) *visit.Item {
	v := &visit.Item{PlanID: p.ID, ItemID: it.ID, Folio: p.Folio(), Name: it.Name, Address: p.PersonAddress}
	for _, f := range it.Fields {
		switch f.Name {
		case "address":
			v.Address = f.Value
		case "reason":
			v.Purpose = f.Value
		}
	}
	for _, words := range []string{it.Note, it.Name} {
		if v.Purpose == "" {
			v.Purpose = words
		}
	}
	return v
}

// itemsToVisit lists the items of a file's open plans that ask for a visit.
func itemsToVisit(tx *tenants.Tx, fileID string) ([]visit.Item, error) {
	plans, err := plan.OfFile(tx, fileID)
	var list []visit.Item
	for i := range plans {
		p := &plans[i]
		for j := range p.Items {
			if it := &p.Items[j]; it.Management() == plan.HomeVisit && !it.Status.Finished() {
				list = append(list, *visitItem(p, it))
			}
		}
	}
	return list, err
}

// moveItemOf takes the plan item along: a visit with a day is under way, one that
// took place confirms it; any other leaves it for the next visit.
func (a *App) moveItemOf(tx *tenants.Tx, who actor.Actor, v *visit.Visit, _ visit.Status) error {
	switch {
	case v.ItemID == "":
		return nil
	case v.Status == visit.Done:
		return a.Plan.Move(tx, who, v.PlanID, v.ItemID, plan.Confirmed, "")
	case v.Waits() && !v.Day.IsZero():
		return a.Plan.Move(tx, who, v.PlanID, v.ItemID, plan.InProgress, "")
	}
	return nil
}

// endVisitOf cancels the visit of an item that ended without it.
func (a *App) endVisitOf(tx *tenants.Tx, who actor.Actor, _ *plan.Plan, it *plan.Item, _ plan.Status) error {
	if it.Management() != plan.HomeVisit || !it.Status.Finished() {
		return nil
	}
	reason := it.Reason
	if reason == "" { // what is kept is in Spanish, whoever writes
		reason = i18n.T(i18n.With(tx.Context(), i18n.Spanish), "visit.item_ended")
	}
	return a.Visit.CancelOf(tx, who, it.ID, reason)
}

// household gives the names of the people who live with the person, as the
// registry or the last snapshot of it says.
func (a *App) household(ctx context.Context, who actor.Actor, fileID string) ([]string, error) {
	facts, err := a.Screening.Facts(ctx, who, fileID)
	if err != nil {
		return nil, err
	}
	var names []string
	for i := range facts.Members {
		if name := facts.Members[i].Name; name != "" {
			names = append(names, name)
		}
	}
	return names, nil
}

// visitsOfPlan leads from the items of a plan to their visits: the one that waits,
// else the last one.
func visitsOfPlan(tx *tenants.Tx, who actor.Actor, p *plan.Plan) ([]plan.Product, error) {
	if !who.Can(access.ReadCasework) {
		return nil, nil
	}
	visits, err := visit.OfPlan(tx, p.ID)
	var list []plan.Product
	for i := len(visits) - 1; i >= 0; i-- { // of two for one item the newer counts
		list = append(list, plan.Product{ItemID: visits[i].ItemID, Href: "/visits/" + visits[i].ID, Icon: "house-door", Text: visit.Brief(tx.Context(), &visits[i])})
	}
	return list, err
}
