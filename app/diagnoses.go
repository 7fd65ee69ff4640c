package app

import "gsl/app/kit/web"

// connectDiagnoses fills the hooks of the diagnosis of a file, its support network and the goals of the case.
func (a *App) connectDiagnoses() {}

// mountDiagnoses gives them their routes.
func (a *App) mountDiagnoses(_ *web.Router) {}
