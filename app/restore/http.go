package restore

import (
	"errors"
	"net/http"
	"strings"

	"gsl/app/access"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/layout"
	views "gsl/templates/restore"
	"gsl/tenants"
)

// Handlers are the pages of restores.
type Handlers struct{ service *Service }

// NewHandlers makes the handlers.
func NewHandlers(service *Service) *Handlers { return &Handlers{service} }

// Mount names the routes. Leaving a copy is for anybody who is in one.
func (h *Handlers) Mount(r *web.Router) {
	r.GET("/admin/restores", access.Administer, h.index)
	r.POST("/admin/restores", access.Administer, h.ask)
	r.GET("/admin/restores/:restore", access.Administer, h.one)
	r.POST("/admin/restores/:restore", access.Administer, h.decide)
	r.GET("/admin/restores/:restore/progress", access.Administer, h.progress, web.Quiet())
	r.GET("/settings/restores", access.EditSettings, h.copies)
	r.POST("/settings/restores/look", access.EditSettings, h.look, web.InCopy())
	r.POST("/settings/restores/leave", access.SignedIn, h.leave)
}

// index lists the restores.
func (h *Handlers) index(c *web.Ctx) error {
	return h.indexPage(c, http.StatusOK, views.Form{Municipality: c.Query("municipality"), Source: string(tenants.FromReplica)})
}

func (h *Handlers) indexPage(c *web.Ctx, status int, form views.Form) error {
	ctx := c.Context()
	list, err := h.service.List(ctx, c.Actor())
	if err != nil {
		return err
	}
	places, err := h.service.Places(ctx, c.Actor())
	if err != nil {
		return err
	}
	safe, err := h.service.Safe(ctx, c.Actor())
	if err != nil {
		return err
	}
	form.Municipalities, form.NeedsCode = options(ctx, places), h.service.NeedsCode(ctx, c.Actor())
	view := presentIndex(ctx, list, form)
	view.Safe = presentSafe(ctx, &safe)
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: i18n.T(ctx, "restore.title")}, views.IndexPage(view))
}

// asked is what the form sends.
type asked struct {
	Municipality string `form:"municipality" validate:"max=10"`
	Source       string `form:"source" validate:"max=10"`
	Day          string `form:"day" validate:"max=20"`
	Time         string `form:"time" validate:"max=8"`
	Code         string `form:"code" validate:"max=40"`
}

// labels are the names of the fields in the summary of what is wrong.
var labels = []string{"municipality", "restore.municipality", "source", "restore.source", "day", "restore.day", "time", "restore.time",
	"at", "restore.time", "code", "ui.code.label"}

// ask begins a restore into a copy.
func (h *Handlers) ask(c *web.Ctx) error {
	var sent asked
	err := c.Bind(&sent)
	var id string
	if err == nil {
		id, err = h.start(c, &sent)
	}
	switch {
	case fault.Is(err, fault.Invalid), fault.Is(err, fault.Conflict):
		form := views.Form{Municipality: sent.Municipality, Source: sent.Source, Day: sent.Day, Time: sent.Time, Errors: c.Errors(err, labels...)}
		if fault.Is(err, fault.Conflict) {
			form.Problem = sentence(c, err)
		}
		return h.indexPage(c, statusOf(err), form)
	case err != nil:
		return err
	}
	return c.Redirect("/admin/restores/" + id)
}

func (h *Handlers) start(c *web.Ctx, sent *asked) (string, error) {
	at, err := ParseMoment(h.service.clock(), strings.TrimSpace(sent.Day), strings.TrimSpace(sent.Time))
	if err != nil {
		return "", err
	}
	return h.service.Start(c.Context(), c.Actor(), Order{Municipality: sent.Municipality, Source: tenants.Source(sent.Source), At: at}, sent.Code)
}

// one shows a restore.
func (h *Handlers) one(c *web.Ctx) error {
	return h.onePage(c, http.StatusOK, nil)
}

func (h *Handlers) onePage(c *web.Ctx, status int, cause error) error {
	ctx := c.Context()
	r, err := h.service.Restore(ctx, c.Actor(), c.Param("restore"))
	if err != nil {
		return err
	}
	view := presentOne(ctx, &r)
	view.NeedsCode = h.service.NeedsCode(ctx, c.Actor())
	if cause != nil {
		view.Wrong = c.Errors(cause).Of("code")
		if view.Wrong == "" {
			view.Problem = sentence(c, cause)
		}
	}
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: i18n.T(ctx, "restore.title")}, views.OnePage(view))
}

// progress is the part of the page that changes while the copy is made.
func (h *Handlers) progress(c *web.Ctx) error {
	r, err := h.service.Restore(c.Context(), c.Actor(), c.Param("restore"))
	if err != nil {
		return err
	}
	if !c.Fragment() || r.State != Running {
		return c.Redirect("/admin/restores/" + r.ID)
	}
	return c.Partial(http.StatusOK, views.OnePart(presentOne(c.Context(), &r)))
}

// decide exchanges the copy for the live file, or throws it away.
func (h *Handlers) decide(c *web.Ctx) error {
	var sent struct {
		Act  string `form:"act" validate:"max=10"`
		Code string `form:"code" validate:"max=40"`
	}
	if err := c.Bind(&sent); err != nil {
		return err
	}
	ctx, who, id := c.Context(), c.Actor(), c.Param("restore")
	var err error
	var done string
	switch sent.Act {
	case "swap":
		done = "restore.flash.swapped"
		_, err = h.service.Swap(ctx, who, id, sent.Code)
	case "discard":
		done = "restore.flash.discarded"
		err = h.service.Discard(ctx, who, id, sent.Code)
	default:
		err = fault.InvalidField("act", "restore.error.act")
	}
	if err == nil {
		c.Flash(done, nil)
		return c.Redirect("/admin/restores/" + id)
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) || fault.Is(err, fault.Unavailable) {
		return h.onePage(c, statusOf(err), err)
	}
	return err
}

// copies lists what the counterpart may look into.
func (h *Handlers) copies(c *web.Ctx) error {
	ctx, who := c.Context(), c.Actor()
	list, err := h.service.Copies(ctx, who)
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, layout.Page{Style: layout.RoomStyle, Title: i18n.T(ctx, "restore.copies.title")},
		views.CopiesPage(presentCopies(ctx, list, who.Municipality.CopyOf())))
}

// look takes the counterpart into a copy.
func (h *Handlers) look(c *web.Ctx) error {
	var sent struct {
		Restore string `form:"restore" validate:"required,max=60"`
	}
	if err := c.Bind(&sent); err != nil {
		return err
	}
	if err := h.service.Look(c.Context(), c.Actor(), sent.Restore); err != nil {
		return err
	}
	return c.Redirect("/search")
}

// leave takes them back.
func (h *Handlers) leave(c *web.Ctx) error {
	if err := h.service.Leave(c.Context(), c.Actor()); err != nil {
		return err
	}
	c.Flash("restore.flash.left", nil)
	if !c.Actor().Can(access.EditSettings) {
		return c.Redirect("/")
	}
	return c.Redirect("/settings/restores")
}

func statusOf(err error) int {
	switch fault.KindOf(err) {
	case fault.Conflict:
		return http.StatusConflict
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusUnprocessableEntity
}

// sentence is the error's own text.
func sentence(c *web.Ctx, err error) string {
	var e *fault.Error
	if errors.As(err, &e) {
		return i18n.Tf(c.Context(), e.Key, e.Args)
	}
	return ""
}
