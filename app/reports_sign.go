package app

import "gsl/app/kit/web"

// connectSignedReports fills the hooks of social reports: signature, approval, paper, verification.
func (a *App) connectSignedReports() {}

// mountSignedReports gives them their routes.
func (a *App) mountSignedReports(_ *web.Router) {}
