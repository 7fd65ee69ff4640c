package app

import (
	"slices"
	"strings"

	"gsl/app/access"
	"gsl/app/agenda"
	"gsl/app/diagnosis"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/web"
	"gsl/app/plan"
	"gsl/app/report"
	"gsl/tenants"
)

// connectReports fills the hooks of social reports: each item of a new plan that
// asks for one gets its draft.
func (a *App) connectReports() {
	a.Report = report.NewService(a.People, a.Catalogue)
	a.Report.Waiting, a.Report.Assess = reportsWanted, assessed
	a.Plan.Made = append(a.Plan.Made, reportsOfPlan)
	a.Agenda.Sources = append(a.Agenda.Sources, reportsOfWeek)
	a.reserve(access.ReadCasework, "report.")
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

// dimensions are what of a diagnosis stands in which section of a report.
var dimensions = []struct {
	of diagnosis.Dimension
	in report.Part
}{
	{diagnosis.Income, report.SocioeconomicPart}, {diagnosis.Housing, report.HousingPart}, {diagnosis.Health, report.HealthPart},
	{diagnosis.Care, report.HealthPart}, {diagnosis.Education, report.EducationPart}, {diagnosis.Family, report.NetworksPart}, {diagnosis.Networks, report.NetworksPart},
}

// assessed gives what the last diagnosis of a file says, section by section.
func assessed(tx *tenants.Tx, fileID string) (report.Assessment, bool, error) {
	d, ok, err := diagnosis.Latest(tx, fileID)
	if err != nil || !ok {
		return report.Assessment{}, false, err
	}
	a := report.Assessment{On: calendar.On(d.DoneAt), Texts: map[report.Part]string{}, Ecomap: len(d.Ties) > 0}
	for _, s := range dimensions {
		part := d.Part(s.of)
		for _, text := range []string{part.Situation, part.Note} {
			if text != "" {
				a.Texts[s.in] = strings.TrimSpace(a.Texts[s.in] + "\n\n" + text)
			}
		}
	}
	return a, true, nil
}

// reportsOfPlan leads from the items of a plan to their reports.
func reportsOfPlan(tx *tenants.Tx, who actor.Actor, p *plan.Plan) ([]plan.Product, error) {
	if !who.Can(access.ReadCasework) {
		return nil, nil
	}
	reports, err := report.OfPlan(tx, p.FileID, p.ID)
	var list []plan.Product
	for i := len(reports) - 1; i >= 0; i-- { // of two for one item the newer counts
		r := &reports[i]
		list = append(list, plan.Product{ItemID: r.ItemID, Href: report.Href(who, r), Icon: "file-earmark-text", Text: report.Brief(tx.Context(), r)})
	}
	return list, err
}

// reportsOfWeek are the drafts that are wanted in a week and those that are late,
// and what came back: to be corrected, or to be issued.
func reportsOfWeek(tx *tenants.Tx, who actor.Actor, ask agenda.Ask) ([]agenda.Entry, error) {
	due, err := dueReports(tx, ask)
	if err != nil {
		return nil, err
	}
	back, err := reportsBack(tx, ask)
	due = slices.DeleteFunc(due, func(r report.Report) bool {
		return slices.ContainsFunc(back, func(b report.Report) bool { return b.ID == r.ID })
	})
	var entries []agenda.Entry
	for _, r := range append(back, due...) {
		entries = append(entries, agenda.Entry{Kind: agenda.ReportKind, ID: r.ID, Day: r.DueOn, FileID: r.FileID, Text: report.Task(tx.Context(), &r),
			Href: report.Href(who, &r), WorkerID: r.CreatedBy, WorkerName: r.CreatedByName})
	}
	return entries, err
}

func dueReports(tx *tenants.Tx, ask agenda.Ask) ([]report.Report, error) {
	if ask.Unit != "" {
		return report.DueOfUnit(tx, ask.Unit, ask.To)
	}
	return report.DueOf(tx, ask.Workers, ask.To)
}

func reportsBack(tx *tenants.Tx, ask agenda.Ask) ([]report.Report, error) {
	if ask.Unit != "" {
		return report.BackWithUnit(tx, ask.Unit)
	}
	return report.BackWith(tx, ask.Workers)
}

// mountReports gives them their routes.
func (a *App) mountReports(r *web.Router) {
	r.Object(web.Object{Param: "report", See: access.ReadCasework, Exists: a.Report.Exists, File: report.FileOf})
	report.NewHandlers(a.Report).Mount(r)
}
