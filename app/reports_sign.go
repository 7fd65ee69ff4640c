package app

import (
	"gsl/app/kit/actor"
	"gsl/app/kit/web"
	"gsl/app/plan"
	"gsl/app/report"
	"gsl/tenants"
)

// connectSignedReports fills the hooks of social reports: a report that is issued
// confirms the item that asked for it.
func (a *App) connectSignedReports() {
	a.Signing = report.NewSigning(a.Report, report.SimpleSignature{})
	a.Signing.Ecomap = report.EcomapOf
	a.Signing.Issued = append(a.Signing.Issued, func(tx *tenants.Tx, who actor.Actor, r *report.Report) error {
		if r.ItemID == "" {
			return nil
		}
		return a.Plan.Move(tx, who, r.PlanID, r.ItemID, plan.Confirmed, "")
	})
}

// mountSignedReports gives them their routes. Anybody may check a paper.
func (a *App) mountSignedReports(r *web.Router) {
	report.NewSignHandlers(a.Signing, report.Printer{Press: a.press, Base: a.Letters.Base}).Mount(r)
	report.NewVerifyHandlers(report.NewVerifier(a.Files, a.clock)).Mount(r)
}
