package app

import (
	"context"

	"gsl/app/announce"
	"gsl/app/catalogue"
	"gsl/app/kit/web"
)

// openAnnouncements reads what stands on everybody's pages.
func (a *App) openAnnouncements(ctx context.Context) (err error) {
	a.Announce, err = announce.New(ctx, a.Files, a.clock)
	return err
}

// mountPublishing gives the national administration the pages of what it says to
// every municipality: the national catalogue, and announcements.
func (a *App) mountPublishing(r *web.Router) {
	editor := catalogue.NewEditor(a.Catalogue)
	editor.Confirm, editor.NeedsCode = a.Access.Confirm, a.Access.NeedsCode
	catalogue.NewEditorHandlers(editor).Mount(r)
	announce.NewHandlers(a.Announce).Mount(r)
}
