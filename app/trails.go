package app

import "gsl/app/kit/web"

// connectTrails fills the hooks of who looked at a file, and what is handed to the person who asks for it.
func (a *App) connectTrails() {}

// mountTrails gives them their routes.
func (a *App) mountTrails(_ *web.Router) {}
