package app

import (
	"gsl/app/access"
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
	a.Report.Waiting = reportsWanted
	a.People.OnFrame = append(a.People.OnFrame, a.Report.Frame)
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
		if f.Name == "addressee" {
			n.Addressee = f.Value
		}
	}
	return n
}

// reportsWanted lists the items of a file's open plans that ask for a report and
// are not finished.
func reportsWanted(tx *tenants.Tx, fileID string) ([]report.Item, error) {
	plans, err := plan.OfFile(tx, fileID)
	if err != nil {
		return nil, err
	}
	var list []report.Item
	for i := range plans {
		p := &plans[i]
		for j := range p.Items {
			it := &p.Items[j]
			if p.Closed || it.Management() != plan.SocialReport || it.Status.Finished() {
				continue
			}
			n := reportFor(p, it)
			list = append(list, report.Item{PlanID: p.ID, ItemID: it.ID, Folio: p.Folio(), Code: n.Code, Name: n.Purpose, Addressee: n.Addressee, Detail: n.Detail})
		}
	}
	return list, nil
}

// mountReports gives them their routes.
func (a *App) mountReports(r *web.Router) {
	r.Object(web.Object{Param: "report", See: access.ReadCasework, Exists: a.Report.Exists, File: report.FileOf})
	report.NewHandlers(a.Report).Mount(r)
}
