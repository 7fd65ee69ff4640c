package people

import (
	"context"
	"net/http"

	"gsl/app/access"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/layout"
	views "gsl/templates/people"
)

// mountRestricted names the routes of restricted files. The glass is the door
// itself: the guard, which stands before every other route of a file, leads to it.
func (h *Handlers) mountRestricted(r *web.Router) {
	r.GET("/files/:file/glass", access.ReadFile, h.glass, web.Unguarded())
	r.POST("/files/:file/glass", access.ReadFile, h.openGlass, web.Unguarded())
	r.POST("/files/:file/glass/shut", access.ReadFile, h.shutGlass, web.Unguarded())
	r.GET("/files/:file/restriction", access.RestrictFile, h.restriction)
	r.POST("/files/:file/restriction", access.RestrictFile, h.restrict)
	r.POST("/files/:file/restriction/lift", access.RestrictFile, h.unrestrict)
	r.GET("/restricted", access.RestrictFile, h.watch)
	r.POST("/openings/:opening/review", access.RestrictFile, h.review)
}

// restriction shows how a file is restricted.
func (h *Handlers) restriction(c *web.Ctx) error {
	return h.restrictionPage(c, http.StatusOK, c.Param("file"), &views.Restriction{}, nil)
}

// restrictionPage shows the page with what was typed into it; touch may put an
// answer back beside one of the openings.
func (h *Handlers) restrictionPage(c *web.Ctx, status int, file string, v *views.Restriction, touch func([]views.Opening)) error {
	ctx := c.Context()
	p, err := h.service.Restriction(ctx, c.Actor(), file)
	if err != nil {
		return err
	}
	fillRestriction(ctx, c.Actor(), v, &p)
	v.Kinds = options(c, restrictionWords)
	if touch != nil {
		touch(v.Openings)
	}
	page := layout.Page{Style: layout.RoomStyle, Title: i18n.T(ctx, "people.restricted.title"), Section: RestrictSection, File: p.Frame}
	return c.Page(status, page, views.RestrictionPage(v))
}

func (h *Handlers) restrict(c *web.Ctx) error {
	var form struct {
		Kind   string `form:"kind"`
		Reason string `form:"reason"`
	}
	err := c.Bind(&form)
	if err == nil {
		err = h.service.Restrict(c.Context(), c.Actor(), c.Param("file"), RestrictionKind(form.Kind), form.Reason)
	}
	if err != nil {
		return h.restrictionAgain(c, err)
	}
	c.Flash("people.restricted.marked", nil)
	return c.Redirect("/files/" + c.Param("file") + "/restriction")
}

func (h *Handlers) unrestrict(c *web.Ctx) error {
	var form struct {
		Restriction string `form:"restriction" validate:"required,max=40"`
		Reason      string `form:"lift_reason"`
	}
	err := c.Bind(&form)
	if err == nil {
		err = h.service.Unrestrict(c.Context(), c.Actor(), c.Param("file"), form.Restriction, form.Reason)
	}
	if err != nil {
		return h.restrictionAgain(c, err)
	}
	c.Flash("people.restricted.lifted", nil)
	return c.Redirect("/files/" + c.Param("file") + "/restriction")
}

// restrictionAgain gives the page back with what was typed and what is wrong.
func (h *Handlers) restrictionAgain(c *web.Ctx, why error) error {
	if !isForm(why) || movedAway(why) {
		return why
	}
	v, status := &views.Restriction{Kind: c.Typed("kind"), Reason: c.Typed("reason"), LiftReason: c.Typed("lift_reason")}, http.StatusUnprocessableEntity
	v.Errors = c.Errors(why, "kind", "people.restricted.kind", "reason", "people.restricted.reason", "lift_reason", "people.restricted.lift_reason")
	if fault.Is(why, fault.Conflict) {
		status, v.Problem = http.StatusConflict, sentence(c.Context(), why)
	}
	return h.restrictionPage(c, status, c.Param("file"), v, nil)
}

// watch lists what a head answers for.
func (h *Handlers) watch(c *web.Ctx) error { return h.watchPage(c, http.StatusOK, "", nil) }

func (h *Handlers) watchPage(c *web.Ctx, status int, problem string, touch func([]views.Opening)) error {
	ctx := c.Context()
	w, err := h.service.Watch(ctx, c.Actor())
	if err != nil {
		return err
	}
	v := watchView(ctx, &w)
	if v.Problem = problem; touch != nil {
		touch(v.Openings)
	}
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: i18n.T(ctx, "people.watch.title"), Narrow: true}, views.WatchPage(v))
}

// review says of an opening whether there was a reason for it.
func (h *Handlers) review(c *web.Ctx) error {
	var form struct {
		Verdict string `form:"verdict"`
		Note    string `form:"note"`
		Back    string `form:"back" validate:"max=10"`
	}
	err := c.Bind(&form)
	var o Opening
	if err == nil {
		o, err = h.service.ReviewOpening(c.Context(), c.Actor(), c.Param("opening"), Verdict(form.Verdict), form.Note)
	}
	if err != nil {
		return h.reviewAgain(c, err, o.FileID)
	}
	c.Flash("people.opening.reviewed", nil)
	if form.Back == "file" {
		return c.Redirect("/files/" + o.FileID + "/restriction")
	}
	return c.Redirect("/restricted")
}

// reviewAgain gives the page back from which the answer came.
func (h *Handlers) reviewAgain(c *web.Ctx, why error, file string) error {
	if !isForm(why) {
		return why
	}
	status, problem := http.StatusUnprocessableEntity, ""
	if fault.Is(why, fault.Conflict) {
		status, problem = http.StatusConflict, sentence(c.Context(), why)
	}
	touch := answered(c, why)
	if c.Typed("back") == "file" && file != "" {
		return h.restrictionPage(c, status, file, &views.Restriction{Problem: problem}, touch)
	}
	return h.watchPage(c, status, problem, touch)
}

// answered puts what was typed back beside its opening.
func answered(c *web.Ctx, why error) func([]views.Opening) {
	return func(list []views.Opening) {
		for i := range list {
			o := &list[i]
			if o.ID != c.Param("opening") || !o.Ask {
				continue
			}
			o.Note = c.Typed("note")
			o.Errors = c.Errors(why, "note", "people.opening.note", "verdict", "people.opening.verdict")
			for k := range o.Errors {
				o.Errors[k].Name = "note-" + o.ID
			}
		}
	}
}

// kindOf is a kind of restriction in words.
func kindOf(ctx context.Context, kind RestrictionKind) string {
	for _, w := range restrictionWords {
		if w.code == string(kind) {
			return i18n.T(ctx, w.key)
		}
	}
	return string(kind)
}

var restrictionWords = []word{{"", "people.new.choose"}, {"violence", "people.restricted.kind.violence"}, {"staff", "people.restricted.kind.staff"},
	{"public_figure", "people.restricted.kind.public_figure"}, {"other", "people.restricted.kind.other"}}
