package app

import (
	"gsl/app/access"
	"gsl/app/agenda"
	"gsl/app/attention"
	"gsl/app/casework"
	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/kit/web"
	"gsl/app/referral"
	"gsl/app/visit"
	"gsl/tenants"
)

// connectAgenda fills the hooks of the week of a worker. What rooms of their own
// give (reports, commitments, documents), their glue appends to Sources.
func (a *App) connectAgenda() {
	a.Agenda.Sources = append(a.Agenda.Sources, visitsOfWeek, referralsOfWeek, a.papersOfWeek, a.agreementsOfWeek)
	a.Attention.Today = a.today
	a.Agenda.Replaced, a.Agenda.Colleagues = referral.Replaced, a.Access.Colleagues
}

// today says to the workbench what the agenda has for the day: visits, follow-ups
// and reports; what else is due has its own block there.
func (a *App) today(tx *tenants.Tx, who actor.Actor, limit int) (attention.Today, error) {
	list, count, err := a.Agenda.Today(tx, who, limit, visitsOfWeek, reportsOfWeek)
	day := attention.Today{Count: count}
	for i := range list {
		e := &list[i]
		at := attention.Appointment{Icon: e.Icon(), Kind: agenda.KindText(tx.Context(), e.Kind), Day: e.Day, Clock: e.Clock, Text: e.Text, Href: e.Href, FileID: e.FileID, File: e.File}
		if at.Href == "" {
			at.Href = "/agenda/followups/" + e.ID
		}
		day.List = append(day.List, at)
	}
	return day, err
}

// mountAgenda gives them their routes.
func (a *App) mountAgenda(r *web.Router) {
	r.Object(web.Object{Param: "followup", See: access.Attend, Exists: a.Agenda.Exists, File: agenda.FileOf})
	agenda.NewHandlers(a.Agenda, a.clock).Mount(r)
}

// referralsOfWeek are the referrals that the worker, or anybody of the unit, has
// to answer by the end of a week.
func referralsOfWeek(tx *tenants.Tx, who actor.Actor, ask agenda.Ask) ([]agenda.Entry, error) {
	if !who.Can(access.HandleReferral) {
		return nil, nil
	}
	list, err := referral.DueOf(tx, who.UnitID, ask.Workers, ask.To)
	entries := make([]agenda.Entry, 0, len(list))
	for i := range list {
		r := &list[i]
		entries = append(entries, agenda.Entry{Kind: agenda.ReferralKind, ID: r.ID, Day: r.Due, FileID: r.FileID, Text: r.Folio() + " · " + r.Name,
			Href: "/referrals/" + r.ID, WorkerID: r.Assigned, WorkerName: r.AssignedName})
	}
	return entries, err
}

// visitsOfWeek are the visits of a week, and those that wait from before.
func visitsOfWeek(tx *tenants.Tx, _ actor.Actor, ask agenda.Ask) ([]agenda.Entry, error) {
	span := visit.Span{From: ask.From, To: ask.To, Workers: ask.Workers, Unit: ask.Unit}
	list, err := visit.Between(tx, span)
	if err != nil {
		return nil, err
	}
	waiting, err := visit.Waiting(tx, span)
	entries := make([]agenda.Entry, 0, len(list)+len(waiting))
	for _, v := range append(list, waiting...) {
		if v.Status != visit.Cancelled {
			entries = append(entries, agenda.Entry{Kind: agenda.VisitKind, ID: v.ID, Day: v.Day, Clock: v.Clock, FileID: v.FileID, Text: v.Purpose, Place: v.Address,
				Href: "/visits/" + v.ID, Done: !v.Waits(), WorkerID: v.WorkerID, WorkerName: v.WorkerName})
		}
	}
	return entries, err
}

// papersOfWeek are the papers that expire in a week, and those that did a short
// while before: of the workers' cases and what they handed in themselves, or of
// the cases of a unit. A newer paper of the kind takes the older one out.
func (a *App) papersOfWeek(tx *tenants.Tx, who actor.Actor, ask agenda.Ask) ([]agenda.Entry, error) {
	kept, err := casework.KeptBy(tx, ask.Workers, ask.Unit)
	if err != nil {
		return nil, err
	}
	keepers, files, senders := map[string]casework.Kept{}, make([]string, 0, len(kept)), ask.Workers
	for _, k := range kept {
		keepers[k.FileID], files = k, append(files, k.FileID)
	}
	if ask.Unit != "" {
		senders = nil
	}
	list, err := a.Document.Expiring(tx, who, files, senders, ask.From, ask.To)
	entries := make([]agenda.Entry, 0, len(list))
	for i := range list {
		d := &list[i]
		e := agenda.Entry{Kind: agenda.DocumentKind, ID: d.ID, Day: d.ExpiresOn, FileID: d.FileID, Text: document.KindText(tx.Context(), d.Kind) + " · " + d.Name,
			Href: document.Href(d), WorkerID: d.UploadedBy, WorkerName: d.UploadedByName}
		if k, known := keepers[d.FileID]; known && k.WorkerID != "" {
			e.WorkerID, e.WorkerName = k.WorkerID, k.WorkerName
		}
		entries = append(entries, e)
	}
	return entries, err
}

// agreementsOfWeek is what meetings of cases agreed for a day of the week. Nobody
// says of an agreement that it was done, so that it stands on its day and is not
// carried along after it.
func (a *App) agreementsOfWeek(tx *tenants.Tx, who actor.Actor, ask agenda.Ask) ([]agenda.Entry, error) {
	if !who.Can(access.ReadCasework) {
		return nil, nil
	}
	list, err := a.Casework.PromisedBetween(tx, who, ask.Workers, ask.Unit, ask.From, ask.To)
	entries := make([]agenda.Entry, 0, len(list))
	for i := range list {
		p := &list[i]
		text := p.What
		if p.Responsible != "" {
			text = p.Responsible + ": " + text
		}
		entries = append(entries, agenda.Entry{Kind: agenda.AgreementKind, ID: p.ID, Day: p.Due, FileID: p.FileID, Text: text,
			Href: "/files/" + p.FileID + "/notes#note-" + p.NoteID, WorkerID: p.WorkerID, WorkerName: p.WorkerName})
	}
	return entries, err
}
