package app

import (
	"gsl/app/access"
	"gsl/app/attention"
	"gsl/app/kit/actor"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	"gsl/app/trail"
	"gsl/tenants"
)

// connectRestricted fills the hooks of restricted files: who answers for one.
func (a *App) connectRestricted() {
	a.People.Keepers = a.Casework.Keepers
	a.reserve(access.RestrictFile, "restriction.")
	duties := a.Attention.Duties
	a.Attention.Duties = func(tx *tenants.Tx, who actor.Actor) (attention.Duties, error) {
		list, err := duties(tx, who)
		if err != nil {
			return list, err
		}
		list.Openings, err = a.People.OpeningsToReview(tx, who)
		return list, err
	}
}

// mountRestricted sets the guard of files over every route, present and to come,
// that carries the id of a file or of something of a file.
func (a *App) mountRestricted(r *web.Router) {
	r.Guard(a.People.Pass)
	r.Object(web.Object{Param: "opening", See: access.ReadFile, Exists: a.People.OpeningExists, File: people.FileOfOpening})
}

// openingTasks are the reasons with which a restricted file was opened: what
// explains to the person, and to the head, why somebody looked.
func openingTasks(tx *tenants.Tx, f people.File) ([]trail.Task, error) {
	openings, err := people.OpeningsOf(tx, f.ID)
	list := make([]trail.Task, 0, len(openings))
	for i := range openings {
		o := &openings[i]
		list = append(list, trail.Task{UserID: o.UserID, From: o.OpenedAt, To: o.Until, Reason: trail.Reason{
			Text: i18n.Tf(tx.Context(), "people.opening.task", map[string]any{"Reason": o.Reason})}})
	}
	return list, err
}
