package app

import (
	"gsl/app/catalogue"
	"gsl/app/kit/web"
)

// mountPublishing gives the national administration the pages of what it says to
// every municipality: the national catalogue.
func (a *App) mountPublishing(r *web.Router) {
	editor := catalogue.NewEditor(a.Catalogue)
	editor.Confirm, editor.NeedsCode = a.Access.Confirm, a.Access.NeedsCode
	catalogue.NewEditorHandlers(editor).Mount(r)
}
