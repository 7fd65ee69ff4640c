package people

import (
	"net/http"
	"regexp"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/layout"
	views "gsl/templates/people"
)

// placeShape is the address of a page of ours: ids and words, nothing that leads
// elsewhere or carries anything else along.
var placeShape = regexp.MustCompile(`^(/[A-Za-z0-9][A-Za-z0-9._-]*)+$`)

// glass shows the door of a restricted file.
func (h *Handlers) glass(c *web.Ctx) error {
	return h.glassPage(c, http.StatusOK, &views.Glass{To: c.Query("to"), Arrived: c.Query("arrived") != ""})
}

func (h *Handlers) glassPage(c *web.Ctx, status int, v *views.Glass) error {
	ctx := c.Context()
	g, err := h.service.Glass(ctx, c.Actor(), c.Param("file"))
	if err != nil {
		return err
	}
	if !g.Shut && g.Open.ID == "" && status == http.StatusOK {
		return c.Redirect("/files/" + g.FileID + "/screening") // there is no door for this actor
	}
	v.FileID, v.Copy = g.FileID, inCopy(c.Actor())
	if !placeShape.MatchString(v.To) {
		v.To = ""
	}
	if g.Open.ID != "" {
		v.Until = i18n.Tf(ctx, "people.glass.is_open", map[string]any{"Until": i18n.Clock(ctx, g.Open.Until)})
	}
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: i18n.T(ctx, "people.glass.title"), Narrow: true}, views.GlassPage(v))
}

// openGlass opens it, and leads where the actor wanted to go. Whoever came by a
// lookup has the person at the desk: then the lookup goes on as any other.
func (h *Handlers) openGlass(c *web.Ctx) error {
	var form struct {
		Reason  string `form:"reason"`
		To      string `form:"to" validate:"max=200"`
		Arrived bool   `form:"arrived"`
	}
	ctx, file := c.Context(), c.Param("file")
	err := c.Bind(&form)
	if err == nil {
		_, err = h.service.OpenGlass(ctx, c.Actor(), file, form.Reason)
	}
	if fault.Is(err, fault.Invalid) {
		v := &views.Glass{Reason: c.Typed("reason"), To: c.Typed("to"), Arrived: c.Typed("arrived") != ""}
		v.Errors = c.Errors(err, "reason", "people.glass.reason")
		return h.glassPage(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	if form.Arrived {
		if _, err := h.service.LookupFound(ctx, c.Actor(), file); err != nil {
			return err
		}
	}
	if placeShape.MatchString(form.To) {
		return c.Redirect(form.To)
	}
	return c.Redirect("/files/" + file + "/screening")
}

// shutGlass gives the opening up.
func (h *Handlers) shutGlass(c *web.Ctx) error {
	if err := h.service.ShutGlass(c.Context(), c.Actor(), c.Param("file")); err != nil {
		return err
	}
	c.Flash("people.glass.was_shut", nil)
	return c.Redirect("/")
}
