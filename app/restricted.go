package app

import (
	"gsl/app/access"
	"gsl/app/attention"
	"gsl/app/kit/actor"
	"gsl/app/kit/web"
	"gsl/app/people"
	"gsl/tenants"
)

// connectRestricted fills the hooks of restricted files: who answers for one.
func (a *App) connectRestricted() {
	a.People.Keepers = a.Casework.Keepers
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
	r.Guard(a.People.Guard)
	r.Object(web.Object{Param: "opening", See: access.ReadFile, Exists: a.People.OpeningExists, File: people.FileOfOpening})
}
