package app

import (
	"context"
	"strconv"
	"time"

	"gsl/app/access"
	"gsl/app/announce"
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

// announcement is the id of one that stands for everybody.
func (h *house) announcement() string {
	h.t.Helper()
	const id = "01ANNOUNCEMENTOFATEST00000"
	admin := actor.Actor{UserID: "n", Name: "Nadia Nacional", Role: access.NationalAdmin, Permissions: access.PermissionsOf(access.NationalAdmin, "")}
	now := time.Now()
	err := h.app.Announce.Post(context.Background(), admin, announce.Announcement{ID: id, Text: "Un aviso", Level: announce.Info, From: now, To: now.Add(time.Hour)})
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}
