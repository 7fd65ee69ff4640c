package app

import (
	"gsl/app/access"
	"gsl/app/attention"
	"gsl/app/casework"
	"gsl/app/kit/actor"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	"gsl/app/plan"
	"gsl/app/referral"
	"gsl/app/report"
	"gsl/app/screening"
	"gsl/app/trail"
	"gsl/app/visit"
	"gsl/tenants"
)

// connectTrails fills the hooks of who looked at a file, and what is handed to the person who asks for it.
func (a *App) connectTrails() {
	a.Trail = trail.NewService(a.People)
	a.Trail.Insiders, a.Trail.Household = a.Access.Insiders, screening.HouseholdOf
	a.Trail.Units, a.Trail.Replaced = unitNames, referral.Replaced
	a.Trail.Reasons = append(a.Trail.Reasons, attentionReasons, trail.RequestReasons)
	a.Trail.Tasks = append(a.Trail.Tasks, caseTasks, planTasks, referralTasks, visitTasks, reportTasks, openingTasks)
	a.connectPackage()
	duties := a.Attention.Duties
	a.Attention.Duties = func(tx *tenants.Tx, who actor.Actor) (attention.Duties, error) {
		list, err := duties(tx, who)
		if err != nil {
			return list, err
		}
		waiting, err := trail.Waiting(tx, who)
		list.Requests, list.Late = waiting.Open, waiting.Late
		return list, err
	}
}

// mountTrails gives them their routes.
func (a *App) mountTrails(r *web.Router) {
	r.Object(web.Object{Param: "request", See: access.ReadFile, Exists: a.Trail.RequestExists, File: trail.FileOf})
	trail.NewHandlers(a.Trail, a.press).Mount(r)
}

func unitNames(tx *tenants.Tx) (map[string]string, error) {
	units, err := referral.Units(tx)
	names := make(map[string]string, len(units))
	for i := range units {
		names[units[i].Code] = units[i].Name
	}
	return names, err
}

// attentionReasons are the attentions that views name as their reason.
func attentionReasons(tx *tenants.Tx, f people.File) ([]trail.Reason, error) {
	ctx := tx.Context()
	all, err := attention.OfFile(tx, f.ID)
	list := make([]trail.Reason, 0, len(all))
	for i := range all {
		at := &all[i]
		r := trail.Reason{ID: at.ID, Href: "/attentions/" + at.ID, Nothing: at.State == attention.Discarded}
		args := map[string]any{"Folio": at.Folio(), "On": i18n.Date(ctx, at.Day), "About": attention.AboutText(ctx, *at)}
		if r.Text = i18n.Tf(ctx, "trail.task.attention", args); at.Number > 0 {
			r.Text = i18n.Tf(ctx, "trail.task.attention_folio", args)
		}
		list = append(list, r)
	}
	return list, err
}

// caseTasks are the times in which somebody was responsible for the case.
func caseTasks(tx *tenants.Tx, f people.File) ([]trail.Task, error) {
	terms, err := casework.Terms(tx, f.ID)
	list := make([]trail.Task, 0, len(terms))
	for _, t := range terms {
		list = append(list, trail.Task{UserID: t.WorkerID, Unit: t.Unit, From: t.From, To: t.To, Reason: trail.Reason{
			Text: i18n.Tf(tx.Context(), "trail.task.case", map[string]any{"Name": t.WorkerName}), Href: "/files/" + f.ID + "/case"}})
	}
	return list, err
}

// planTasks are the plans of those who made them; the director decides about what
// is above the head's threshold.
func planTasks(tx *tenants.Tx, f people.File) ([]trail.Task, error) {
	plans, err := plan.OfFile(tx, f.ID)
	list := make([]trail.Task, 0, len(plans))
	for i := range plans {
		p := &plans[i]
		t := trail.Task{UserID: p.CreatedBy, Unit: p.Unit, From: p.CreatedAt, To: p.ClosedAt, Reason: trail.Reason{
			Text: i18n.Tf(tx.Context(), "trail.task.plan", map[string]any{"Folio": p.Folio()}), Href: "/plans/" + p.ID}}
		for k := range p.Items {
			if p.Items[k].Approval.State != plan.NoApproval {
				t.Role = access.Director
			}
		}
		list = append(list, t)
	}
	return list, err
}

// referralTasks are the work of the unit that was asked, and of who asked it.
func referralTasks(tx *tenants.Tx, f people.File) ([]trail.Task, error) {
	all, err := referral.OfFile(tx, f.ID)
	list := make([]trail.Task, 0, 2*len(all))
	for i := range all {
		r := &all[i]
		t := trail.Task{Unit: r.Unit, From: r.CreatedAt, Reason: trail.Reason{
			Text: i18n.Tf(tx.Context(), "trail.task.referral", map[string]any{"Folio": r.Folio(), "Name": r.Name}), Href: "/referrals/" + r.ID}}
		if r.State == referral.Closed || r.State == referral.Cancelled {
			t.To = r.ChangedAt
		}
		list = append(list, t)
		t.UserID, t.Unit = r.CreatedBy, r.Origin
		list = append(list, t)
	}
	return list, err
}

// visitTasks are the visits of those who go; the unit's head sees them too.
func visitTasks(tx *tenants.Tx, f people.File) ([]trail.Task, error) {
	all, err := visit.OfFile(tx, f.ID)
	list := make([]trail.Task, 0, len(all))
	for i := range all {
		v := &all[i]
		list = append(list, trail.Task{UserID: v.WorkerID, Unit: v.Unit, From: v.CreatedAt, To: v.EndedAt, Reason: trail.Reason{
			ID: v.ID, Text: visit.Brief(tx.Context(), v), Href: "/visits/" + v.ID}})
	}
	return list, err
}

// reportTasks are the reports of those who write them; the unit's head approves them.
func reportTasks(tx *tenants.Tx, f people.File) ([]trail.Task, error) {
	all, err := report.OfFile(tx, f.ID)
	list := make([]trail.Task, 0, len(all))
	for i := range all {
		r := &all[i]
		t := trail.Task{UserID: r.CreatedBy, Unit: r.Unit, From: r.CreatedAt, To: r.Issue.At, Reason: trail.Reason{
			Text: i18n.Tf(tx.Context(), "trail.task.report", map[string]any{"Purpose": r.Purpose}), Href: "/files/" + f.ID + "/report"}}
		if r.State == report.Annulled {
			t.To = r.Annulment.At
		}
		list = append(list, t)
	}
	return list, err
}
