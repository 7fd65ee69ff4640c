package app

import "gsl/app/kit/web"

// connectAgenda fills the hooks of the week of a worker.
func (a *App) connectAgenda() {}

// mountAgenda gives them their routes.
func (a *App) mountAgenda(_ *web.Router) {}
