package app

import (
	"gsl/app/agenda"
	"gsl/app/kit/actor"
	"gsl/app/kit/web"
	"gsl/app/referral"
	"gsl/app/visit"
	"gsl/tenants"
)

// connectAgenda fills the hooks of the week of a worker. What rooms of their own
// give (reports, commitments, documents), their glue appends to Sources.
func (a *App) connectAgenda() {
	a.Agenda.Sources = append(a.Agenda.Sources, visitsOfWeek)
	a.Agenda.Replaced, a.Agenda.Colleagues = referral.Replaced, a.Access.Colleagues
}

// mountAgenda gives them their routes.
func (a *App) mountAgenda(_ *web.Router) {}

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
