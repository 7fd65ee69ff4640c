package access

import (
	"net/http"
	"net/url"
	"strconv"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/access"
	"gsl/templates/layout"
)

// trail is the national trail, narrowed by what stands in the address: opaque ids,
// kinds and days, never a name.
func (h *Handlers) trail(c *web.Ctx) error {
	ctx := c.Context()
	look, wrong := lookOf(c.Query)
	t, err := h.service.Trail(ctx, c.Actor(), look)
	if err != nil {
		return err
	}
	names, err := h.service.Names(ctx, []string{look.About, look.By})
	if err != nil {
		return err
	}
	v := &access.TrailPage{Title: i18n.T(ctx, "roster.trail.title"), Kinds: kindOptions(ctx, t.Kinds, look.Kind), From: c.Query("from"), To: c.Query("to"),
		About: look.About, AboutName: names[look.About], By: look.By, ByName: names[look.By], WhomColumn: true,
		Rows: presentTrail(ctx, c.Actor(), &t), Narrowed: look != Look{Before: look.Before},
		Errors: c.Errors(wrong, "from", "roster.trail.from", "to", "roster.trail.to")}
	if look.Before > 0 {
		v.First = trailAddress(look, 0)
	}
	if next := t.next(); next > 0 {
		v.Next = trailAddress(look, next)
	}
	status := http.StatusOK
	if wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	return c.Page(status, layout.Page{Title: v.Title, Style: layout.RoomStyle}, access.TrailListPage(v))
}

// lookOf reads the address; a day that is none is named and not looked for.
func lookOf(get func(string) string) (Look, error) {
	look := Look{Kind: get("kind"), About: get("about"), By: get("by")}
	look.Before, _ = strconv.ParseInt(get("before"), 10, 64)
	var wrong []fault.Field
	for name, into := range map[string]*calendar.Date{"from": &look.From, "to": &look.To} {
		text := get(name)
		if text == "" {
			continue
		}
		day, err := calendar.Parse(text)
		if err != nil {
			wrong = append(wrong, fault.Field{Name: name, Key: "web.field.date"})
			continue
		}
		*into = day
	}
	if len(wrong) > 0 {
		return look, fault.InvalidFields(wrong...)
	}
	return look, nil
}

func trailAddress(look Look, before int64) string {
	values := url.Values{}
	for name, value := range map[string]string{"kind": look.Kind, "about": look.About, "by": look.By,
		"from": chilean(look.From), "to": chilean(look.To)} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if before > 0 {
		values.Set("before", strconv.FormatInt(before, 10))
	}
	if len(values) == 0 {
		return "/admin/audit"
	}
	return "/admin/audit?" + values.Encode()
}

func chilean(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Chilean()
}
