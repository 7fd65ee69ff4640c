package app

import "gsl/app/kit/web"

// connectDocuments fills the hooks of the papers of a file.
func (a *App) connectDocuments() {}

// mountDocuments gives them their routes.
func (a *App) mountDocuments(_ *web.Router) {}
