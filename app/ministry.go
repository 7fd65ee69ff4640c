package app

import (
	"path/filepath"

	"gsl/app/kit/web"
	"gsl/app/national"
)

// exportsDir is where encrypted copies of municipalities are kept, in the data directory.
const exportsDir = "exports"

// openNational builds the national administration on the files and the roster.
func (a *App) openNational(config Config) {
	a.National = national.NewService(a.Files, a.Access, national.Config{Clock: a.clock, Log: a.log, Dir: filepath.Join(config.Data, exportsDir)})
}

func (a *App) mountNational(r *web.Router) { national.NewHandlers(a.National).Mount(r) }
