package app

import (
	"gsl/app/access"
	"gsl/app/agenda"
	"gsl/app/diagnosis"
	"gsl/app/kit/actor"
	"gsl/app/kit/web"
	"gsl/app/plan"
	"gsl/tenants"
)

// connectDiagnoses fills the hooks of the diagnosis of a file, its support network and the goals of the case.
func (a *App) connectDiagnoses() {
	a.Diagnosis = diagnosis.NewService(a.People)
	a.Diagnosis.Screened = a.Screening.Known
	a.Diagnosis.Items = agreedItems
	a.reserve(access.ReadCasework, "diagnosis.", "ecomap.", "goal.", "commitment.")
	a.Agenda.Sources = append(a.Agenda.Sources, promisesOfWeek)
}

// forgotten is how long a promise that nobody asked about again stays in the week.
const forgotten = 365 // days

// promisesOfWeek are the goals and commitments of the worker's cases that fall due,
// and those that are late. A unit's week would be full of them.
func promisesOfWeek(tx *tenants.Tx, who actor.Actor, ask agenda.Ask) ([]agenda.Entry, error) {
	if ask.Unit != "" || !who.Can(access.ReadCasework) {
		return nil, nil
	}
	list, err := diagnosis.DueBetween(tx, ask.Workers, ask.From.AddDays(-forgotten), ask.To)
	entries := make([]agenda.Entry, 0, len(list))
	for _, d := range list {
		text := d.Text
		if d.By != "" {
			text = d.By + ": " + text
		}
		entries = append(entries, agenda.Entry{Kind: agenda.CommitmentKind, ID: d.ID, Day: d.On, FileID: d.FileID, Text: text,
			Href: "/files/" + d.FileID + "/goals", WorkerID: d.WorkerID, WorkerName: d.WorkerName})
	}
	return entries, err
}

// agreedItems says to goals and commitments what was agreed in plans, the newest first.
func agreedItems(tx *tenants.Tx, _ actor.Actor, fileID string) ([]diagnosis.Item, error) {
	plans, err := plan.OfFile(tx, fileID)
	var list []diagnosis.Item
	for i := range plans {
		p := &plans[i]
		for j := range p.Items {
			it := &p.Items[j]
			list = append(list, diagnosis.Item{ID: it.ID, Name: it.Name, Folio: p.Folio(), Href: "/plans/" + p.ID + "#item-" + it.ID,
				Status: string(it.Status), Text: it.Status.Text(tx.Context()), Open: !p.Closed})
		}
	}
	return list, err
}

// mountDiagnoses gives them their routes.
func (a *App) mountDiagnoses(r *web.Router) {
	r.Object(web.Object{Param: "diagnosis", See: access.ReadCasework, Exists: a.Diagnosis.Exists, File: diagnosis.FileOf})
	r.Object(web.Object{Param: "tie", See: access.ReadCasework, Exists: a.Diagnosis.TieExists})
	r.Object(web.Object{Param: "goal", See: access.ReadCasework, Exists: a.Diagnosis.GoalExists})
	r.Object(web.Object{Param: "commitment", See: access.ReadCasework, Exists: a.Diagnosis.CommitmentExists})
	diagnosis.NewHandlers(a.Diagnosis, a.clock).Mount(r)
}
