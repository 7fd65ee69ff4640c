package app

import "gsl/app/kit/web"

// connectRestricted fills the hooks of restricted files.
func (a *App) connectRestricted() {}

// mountRestricted gives them their routes.
func (a *App) mountRestricted(_ *web.Router) {}
