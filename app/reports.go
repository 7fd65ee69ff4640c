package app

import (
	"gsl/app/kit/actor"
	"gsl/app/kit/web"
	"gsl/app/plan"
	"gsl/app/report"
	"gsl/tenants"
)

// connectReports fills the hooks of social reports: each item of a new plan that
// asks for one gets its draft.
func (a *App) connectReports() {
	a.Report = report.NewService(a.People, a.Catalogue)
	a.Plan.OnCheckout = append(a.Plan.OnCheckout, a.draftReports)
	a.Plan.OnItem = append(a.Plan.OnItem, func(tx *tenants.Tx, who actor.Actor, _ *plan.Plan, it *plan.Item, _ plan.Status) error {
		if it.Status != plan.Withdrawn || it.Management() != plan.SocialReport {
			return nil
		}
		return a.Report.DropItem(tx, who, it.ID, it.Reason)
	})
}

// draftReports begins the reports that a new plan asks for.
func (a *App) draftReports(tx *tenants.Tx, who actor.Actor, p *plan.Plan) error {
	for i := range p.Items {
		it := &p.Items[i]
		if it.Management() != plan.SocialReport {
			continue
		}
		if _, err := a.Report.DraftTx(tx, who, p.FileID, reportFor(p, it)); err != nil {
			return err
		}
	}
	return nil
}

// reportFor is what a report says at first because of the item that asks for it.
func reportFor(p *plan.Plan, it *plan.Item) report.New {
	n := report.New{PlanID: p.ID, ItemID: it.ID, Code: it.Code, Purpose: it.Name, Detail: it.Note}
	for _, f := range it.Fields {
		switch f.Name {
		case "addressee":
			n.Addressee = f.Value
		case "purpose":
			n.Detail = f.Value
		}
	}
	return n
}

// mountReports gives them their routes.
func (a *App) mountReports(r *web.Router) {
	_ = r
}
