package app

import "gsl/app/kit/web"

// connectNotes fills the hooks of the log of a case and how it ends.
func (a *App) connectNotes() {}

// mountNotes gives them their routes.
func (a *App) mountNotes(_ *web.Router) {}
