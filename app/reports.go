package app

import "gsl/app/kit/web"

// connectReports fills the hooks of social reports: writing them.
func (a *App) connectReports() {}

// mountReports gives them their routes.
func (a *App) mountReports(_ *web.Router) {}
