package app

import (
	"context"
	"strconv"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
)

// publication is the number of something that the national administration published.
func (h *house) publication() string {
	h.t.Helper()
	ctx := context.Background()
	admin := actor.Actor{UserID: "n", Name: "Nadia Nacional", Role: access.NationalAdmin, Permissions: access.PermissionsOf(access.NationalAdmin, "")}
	editor := catalogue.NewEditor(h.app.Catalogue)
	editor.Confirm = func(context.Context, actor.Actor, string) error { return nil }
	if list, err := editor.History(ctx, admin); err != nil || len(list) > 0 {
		if err != nil {
			h.t.Fatal(err)
		}
		return strconv.FormatInt(list[0].ID, 10)
	}
	edit, err := editor.Edit(ctx, admin, "D308", calendar.Date{})
	if err != nil {
		h.t.Fatal(err)
	}
	edit.Form.Description = "Publicado en una prueba"
	now, err := editor.Save(ctx, admin, edit.Form, edit.Mark)
	if err != nil {
		h.t.Fatal(err)
	}
	pick := (&catalogue.Reviewed{Step: catalogue.Step{Draft: now.Draft}}).Pick()
	p, err := editor.Publish(ctx, admin, catalogue.PublishForm{Key: "a test", Picks: []string{pick}, Reason: "Para la prueba"})
	if err != nil {
		h.t.Fatal(err)
	}
	return strconv.FormatInt(p.ID, 10)
}
