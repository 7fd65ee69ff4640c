package agenda

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"gsl/app/access"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	views "gsl/templates/agenda"
	"gsl/templates/layout"
	"gsl/templates/ui"
)

// Handlers show weeks and keep follow-ups.
type Handlers struct {
	service *Service
	clock   func() time.Time
}

// NewHandlers makes the handlers.
func NewHandlers(service *Service, clock func() time.Time) *Handlers {
	return &Handlers{service, clock}
}

// Mount names the routes.
func (h *Handlers) Mount(r *web.Router) {
	r.GET("/agenda", access.Attend, h.week)
	r.GET("/agenda.ics", access.Attend, h.ical)
	r.POST("/agenda/followups", access.Attend, h.write)
	r.GET("/agenda/followups/:followup", access.Attend, h.edit)
	r.POST("/agenda/followups/:followup", access.Attend, h.change)
	r.POST("/agenda/followups/:followup/status", access.Attend, h.end)
	r.GET("/files/:file/followups", access.Attend, h.ofFile)
	r.POST("/files/:file/followups", access.Attend, h.writeOfFile)
}

// wanted reads from an address which week one looks at; a day that is none is today.
func wanted(query url.Values) Want {
	w := Want{Unit: query.Get("unit") != "", Worker: query.Get("worker")}
	if day, err := calendar.Parse(query.Get("day")); err == nil {
		w.Day = day
	}
	return w
}

// path is the address of a week.
func (w Want) path(page string) string {
	query := url.Values{}
	if !w.Day.IsZero() {
		query.Set("day", w.Day.Chilean())
	}
	if w.Unit {
		query.Set("unit", "1")
	}
	if w.Worker != "" {
		query.Set("worker", w.Worker)
	}
	if len(query) == 0 {
		return page
	}
	return page + "?" + query.Encode()
}

// week shows a week.
func (h *Handlers) week(c *web.Ctx) error {
	return h.weekPage(c, http.StatusOK, wanted(c.Request().URL.Query()), typedForm{Key: rand.Text()}, nil)
}

func (h *Handlers) weekPage(c *web.Ctx, status int, want Want, typed typedForm, cause error) error {
	ctx := c.Context()
	w, err := h.service.Week(ctx, c.Actor(), want)
	if err != nil {
		return err
	}
	view := presentWeek(ctx, c.Actor(), &w, &typed, formErrors(c, cause))
	return c.Page(status, layout.Page{Title: i18n.T(ctx, "agenda.title"), Style: layout.RoomStyle, Print: true}, views.WeekPage(view))
}

// ical gives the weeks to come as a file for a calendar.
func (h *Handlers) ical(c *web.Ctx) error {
	want := wanted(c.Request().URL.Query())
	list, err := h.service.Weeks(c.Context(), c.Actor(), want, weeksOut)
	if err != nil {
		return err
	}
	body := calendarFile(c.Context(), list, c.Actor().Municipality.Code+".gsl", h.clock())
	return c.Download("text/calendar; charset=utf-8", "agenda.ics", body)
}

// typedForm is what the form of a follow-up sends.
type typedForm struct {
	Key     string `form:"key" validate:"max=60"`
	Version string `form:"version" validate:"omitempty,max=19,numeric"`
	Day     string `form:"day" validate:"max=20"`
	Clock   string `form:"clock" validate:"max=20"`
	Text    string `form:"text"`
	Back    string `form:"back" validate:"max=300"`
}

func (t *typedForm) form() (Form, error) {
	f := Form{Clock: t.Clock, Text: t.Text}
	var err error
	if t.Day != "" {
		if f.Day, err = calendar.Parse(t.Day); err != nil {
			return f, fault.InvalidField("day", "web.field.date")
		}
	}
	return f, nil
}

func formErrors(c *web.Ctx, cause error) ui.Errors {
	if !fault.Is(cause, fault.Invalid) {
		return nil
	}
	return c.Errors(cause, "day", "agenda.day", "clock", "agenda.clock", "text", "agenda.text")
}

func isForm(err error) bool {
	var e *fault.Error
	moved := errors.As(err, &e) && e.New != ""
	return !moved && (fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict))
}

func statusOf(err error) int {
	if fault.Is(err, fault.Conflict) {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

// write writes down a follow-up of nobody in particular.
func (h *Handlers) write(c *web.Ctx) error {
	sent, f, err := h.save(c, "")
	if err != nil {
		if sent == nil || !isForm(err) {
			return err
		}
		return h.weekPage(c, statusOf(err), Want{}, *sent, err)
	}
	return c.Redirect(Want{Day: f.Day}.path("/agenda"))
}

// save binds and keeps a new follow-up; sent is nil for a form that is none of ours.
func (h *Handlers) save(c *web.Ctx, fileID string) (sent *typedForm, f FollowUp, err error) {
	var typed typedForm
	if err = c.Bind(&typed); err != nil {
		return nil, f, err
	}
	form, err := typed.form()
	if err == nil {
		f, err = h.service.Write(c.Context(), c.Actor(), fileID, form, typed.Key)
	}
	if err == nil {
		c.Flash("agenda.flash.written", map[string]any{"On": f.Day.Chilean()})
	}
	if fault.IsTwice(err) {
		typed.Key = rand.Text()
	}
	return &typed, f, err
}

// ofFile lists the follow-ups of a file, with the form that writes one down.
func (h *Handlers) ofFile(c *web.Ctx) error {
	return h.filePage(c, http.StatusOK, typedForm{Key: rand.Text()}, nil)
}

func (h *Handlers) filePage(c *web.Ctx, status int, typed typedForm, cause error) error {
	ctx := c.Context()
	o, err := h.service.OfFile(ctx, c.Actor(), c.Param("file"))
	if err != nil {
		return err
	}
	view := presentFile(ctx, &o, &typed, formErrors(c, cause))
	return c.Page(status, layout.Page{Title: i18n.T(ctx, "agenda.follow_ups"), File: o.Frame, Style: layout.RoomStyle}, views.FilePage(view))
}

// writeOfFile writes down a follow-up of a person.
func (h *Handlers) writeOfFile(c *web.Ctx) error {
	sent, f, err := h.save(c, c.Param("file"))
	if err != nil {
		if sent == nil || !isForm(err) {
			return err
		}
		return h.filePage(c, statusOf(err), *sent, err)
	}
	return c.Redirect("/files/" + f.FileID + "/followups")
}

// edit shows the form of a follow-up.
func (h *Handlers) edit(c *web.Ctx) error { return h.editPage(c, http.StatusOK, nil, nil) }

func (h *Handlers) editPage(c *web.Ctx, status int, typed *typedForm, cause error) error {
	ctx := c.Context()
	f, about, err := h.service.FollowUp(ctx, c.Actor(), c.Param("followup"))
	if err != nil {
		return err
	}
	if typed == nil {
		typed = &typedForm{Day: f.Day.Chilean(), Clock: f.Clock, Text: f.Text}
	}
	typed.Version = strconv.FormatInt(f.Version, 10) // who has seen both may choose
	view := presentEdit(ctx, &f, about, typed, formErrors(c, cause))
	if fault.Is(cause, fault.Conflict) {
		view.Problem = i18n.T(ctx, "agenda.error.changed")
		view.Now = entryLine(ctx, &f)
	}
	return c.Page(status, layout.Page{Title: i18n.T(ctx, "agenda.follow_up"), Narrow: true, Style: layout.RoomStyle}, views.EditPage(view))
}

// change writes a follow-up anew.
func (h *Handlers) change(c *web.Ctx) error {
	var sent typedForm
	if err := c.Bind(&sent); err != nil {
		return err
	}
	form, cause := sent.form()
	version, _ := strconv.ParseInt(sent.Version, 10, 64) // numeric by its rule; what is too long is nobody's version
	var f FollowUp
	if cause == nil {
		f, cause = h.service.Change(c.Context(), c.Actor(), c.Param("followup"), form, version)
	}
	if isForm(cause) {
		return h.editPage(c, statusOf(cause), &sent, cause)
	}
	if cause != nil {
		return cause
	}
	c.Flash("agenda.flash.written", map[string]any{"On": f.Day.Chilean()})
	return c.Redirect(Want{Day: f.Day}.path("/agenda"))
}

var endFlashKeys = map[Status]string{Done: "agenda.flash.done", Dropped: "agenda.flash.dropped", Open: "agenda.flash.opened"}

// end says that a follow-up was done, is not needed, or is open after all.
func (h *Handlers) end(c *web.Ctx) error {
	var sent struct {
		Status string `form:"status" validate:"required,oneof=done dropped open"`
		Back   string `form:"back" validate:"max=300"`
	}
	if err := c.Bind(&sent); err != nil {
		return err
	}
	f, err := h.service.End(c.Context(), c.Actor(), c.Param("followup"), Status(sent.Status))
	if err != nil {
		return err
	}
	c.Flash(endFlashKeys[f.Status], nil)
	if back := web.OwnPath(sent.Back); back != "/" {
		return c.Redirect(back)
	}
	return c.Redirect("/agenda")
}
