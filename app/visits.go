package app

import "gsl/app/kit/web"

// connectVisits fills the hooks of home visits.
func (a *App) connectVisits() {}

// mountVisits gives them their routes.
func (a *App) mountVisits(_ *web.Router) {}
