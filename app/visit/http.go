package visit

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"gsl/app/access"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	"gsl/templates/layout"
	"gsl/templates/ui"
	views "gsl/templates/visit"
)

// Handlers show visits, decide and record them.
type Handlers struct{ service *Service }

// NewHandlers makes the handlers.
func NewHandlers(service *Service) *Handlers { return &Handlers{service} }

// Mount names the routes.
func (h *Handlers) Mount(r *web.Router) {
	r.GET("/visits", access.ManagePlan, h.sheet)
	r.GET("/files/:file/visits", access.ReadCasework, h.list)
	r.GET("/files/:file/visits/new", access.ManagePlan, h.begin)
	r.POST("/files/:file/visits", access.ManagePlan, h.schedule)
	r.GET("/visits/:visit", access.ReadCasework, h.show)
	r.GET("/visits/:visit/edit", access.ManagePlan, h.edit)
	r.POST("/visits/:visit/edit", access.ManagePlan, h.move)
	r.POST("/visits/:visit/cancel", access.ManagePlan, h.cancel)
	r.GET("/visits/:visit/record", access.ManagePlan, h.door)
	r.POST("/visits/:visit/record", access.ManagePlan, h.record, web.Upload())
	r.POST("/visits/:visit/draft", access.ManagePlan, h.draft)
	r.POST("/visits/:visit/photos", access.ManagePlan, h.photo, web.Upload())
	r.POST("/visits/:visit/notes", access.ManagePlan, h.add)
}

// page answers with a page of the file.
func page(c *web.Ctx, status int, o *Opened, title string, body templ.Component) error {
	frame := layout.Page{Title: title, Section: people.VisitsSection, File: o.Frame, Style: layout.RoomStyle, Print: true}
	return c.Page(status, frame, body)
}

// list shows the visits of a file.
func (h *Handlers) list(c *web.Ctx) error {
	l, err := h.service.Visits(c.Context(), c.Actor(), c.Param("file"))
	if err != nil {
		return err
	}
	return page(c, http.StatusOK, &l.Opened, i18n.T(c.Context(), "visit.title"), views.ListPage(presentList(c.Context(), c.Actor(), &l)))
}

// begin shows the form of a new visit.
func (h *Handlers) begin(c *web.Ctx) error {
	item, previous := c.Query("item"), c.Query("again")
	d, err := h.service.Begin(c.Context(), c.Actor(), c.Param("file"), item, previous)
	if err != nil {
		return err
	}
	return h.formPage(c, http.StatusOK, &d, typedForm{Key: newPage()}, nil)
}

// typedForm is what the form of a visit sends.
type typedForm struct {
	Key       string `form:"key" validate:"max=60"`
	Item      string `form:"item" validate:"max=40"`
	Again     string `form:"again" validate:"max=40"`
	Version   string `form:"version" validate:"omitempty,max=19,numeric"`
	Day       string `form:"day" validate:"max=20"`
	Clock     string `form:"clock" validate:"max=20"`
	Worker    string `form:"worker" validate:"max=60"`
	Address   string `form:"address"`
	Purpose   string `form:"purpose"`
	Companion string `form:"companion"`
}

// form reads what was typed; a day that is none stays as it was typed.
func (t *typedForm) form() (Form, error) {
	f := Form{Worker: t.Worker, Clock: t.Clock, Address: t.Address, Purpose: t.Purpose, Companion: t.Companion}
	var err error
	if t.Day != "" {
		if f.Day, err = calendar.Parse(t.Day); err != nil {
			return f, fault.InvalidField("day", "web.field.date")
		}
	}
	return f, nil
}

// schedule makes a visit.
func (h *Handlers) schedule(c *web.Ctx) error {
	var sent typedForm
	if err := c.Bind(&sent); err != nil {
		return err
	}
	form, cause := sent.form()
	var v Visit
	if cause == nil {
		v, cause = h.service.Schedule(c.Context(), c.Actor(), c.Param("file"), New{Form: form, Key: sent.Key, Item: sent.Item, Previous: sent.Again})
	}
	if cause != nil {
		return h.scheduleAgain(c, sent, cause)
	}
	c.Flash("visit.flash.scheduled", map[string]any{"When": whenText(c.Context(), &v), "Worker": v.WorkerName})
	return c.Redirect("/files/" + v.FileID + "/visits")
}

// scheduleAgain gives the form back with what was typed and what is wrong.
func (h *Handlers) scheduleAgain(c *web.Ctx, sent typedForm, cause error) error {
	if !isForm(cause) {
		return cause
	}
	item := sent.Item
	if fault.IsTwice(cause) {
		sent.Key = rand.Text()
	}
	if fault.Is(cause, fault.Conflict) {
		item = "" // it is over, or waits for a visit: the words may become one by itself
	}
	d, err := h.service.Begin(c.Context(), c.Actor(), c.Param("file"), item, sent.Again)
	if err != nil {
		return err
	}
	return h.formPage(c, statusOf(cause), &d, sent, cause)
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

var formLabels = []string{"day", "visit.day", "clock", "visit.clock", "worker", "visit.worker", "address", "visit.address", "purpose", "visit.purpose", "companion", "visit.companion"}

// formPage shows the form: as it starts, or as it was typed when something is wrong.
func (h *Handlers) formPage(c *web.Ctx, status int, d *Draft, sent typedForm, cause error) error {
	ctx := c.Context()
	if cause == nil {
		f := &d.Form
		sent.Day, sent.Clock, sent.Worker, sent.Address, sent.Purpose, sent.Companion = f.Day.Chilean(), f.Clock, f.Worker, f.Address, f.Purpose, f.Companion
	}
	var errs ui.Errors
	if fault.Is(cause, fault.Invalid) {
		errs = c.Errors(cause, formLabels...)
	}
	view := presentForm(ctx, d, &sent, errs)
	if fault.Is(cause, fault.Conflict) {
		view.Problem = sentence(c, cause)
		if d.Visit != nil {
			view.Now, view.See = appointed(ctx, d.Visit), "/visits/"+d.Visit.ID
		}
	}
	return page(c, status, &d.Opened, view.Title, views.FormPage(view))
}

// sentence is an error's own words.
func sentence(c *web.Ctx, cause error) string {
	var e *fault.Error
	if errors.As(cause, &e) {
		return i18n.Tf(c.Context(), e.Key, e.Args)
	}
	return ""
}

// edit shows the form of a visit that waits; one that is over is shown.
func (h *Handlers) edit(c *web.Ctx) error {
	d, err := h.service.Edit(c.Context(), c.Actor(), c.Param("visit"))
	if err != nil {
		return err
	}
	if !d.Visit.Waits() {
		return c.Redirect("/visits/" + d.Visit.ID)
	}
	return h.formPage(c, http.StatusOK, &d, typedForm{Version: strconv.FormatInt(d.Visit.Version, 10)}, nil)
}

// move gives a visit another day, worker, address or purpose.
func (h *Handlers) move(c *web.Ctx) error {
	var sent typedForm
	if err := c.Bind(&sent); err != nil {
		return err
	}
	form, cause := sent.form()
	version, _ := strconv.ParseInt(sent.Version, 10, 64) // numeric by its rule; too long a number is a version nobody has
	var v Visit
	if cause == nil {
		v, cause = h.service.Move(c.Context(), c.Actor(), c.Param("visit"), form, version)
	}
	if cause == nil {
		c.Flash("visit.flash.scheduled", map[string]any{"When": whenText(c.Context(), &v), "Worker": v.WorkerName})
		return c.Redirect("/visits/" + v.ID)
	}
	if !isForm(cause) {
		return cause
	}
	d, err := h.service.Edit(c.Context(), c.Actor(), c.Param("visit"))
	if err != nil {
		return err
	}
	sent.Version = strconv.FormatInt(d.Visit.Version, 10) // who has seen both may choose
	return h.formPage(c, statusOf(cause), &d, sent, cause)
}

// show shows a visit.
func (h *Handlers) show(c *web.Ctx) error { return h.showWith(c, http.StatusOK, nil) }

// showWith shows a visit with what is wrong with one of its small forms.
func (h *Handlers) showWith(c *web.Ctx, status int, cause error) error {
	v, err := h.service.Visit(c.Context(), c.Actor(), c.Param("visit"), "visit")
	if err != nil {
		return err
	}
	view := presentPage(c.Context(), c.Actor(), &v)
	if cause != nil {
		view.refuse(c, cause)
	}
	return page(c, status, &v.Opened, i18n.T(c.Context(), "visit.one"), views.VisitPage(view.Page))
}

// cancel cancels a visit.
func (h *Handlers) cancel(c *web.Ctx) error {
	var sent struct {
		Reason string `form:"reason"`
	}
	if err := c.Bind(&sent); err != nil {
		return err
	}
	v, err := h.service.Cancel(c.Context(), c.Actor(), c.Param("visit"), sent.Reason)
	if isForm(err) {
		return h.showWith(c, statusOf(err), err)
	}
	if err != nil {
		return err
	}
	c.Flash("visit.flash.cancelled", nil)
	return c.Redirect("/files/" + v.FileID + "/visits")
}

// add writes something to the history of a visit that is over.
func (h *Handlers) add(c *web.Ctx) error {
	var sent struct {
		Text string `form:"text"`
	}
	if err := c.Bind(&sent); err != nil {
		return err
	}
	v, err := h.service.Add(c.Context(), c.Actor(), c.Param("visit"), sent.Text)
	if isForm(err) {
		return h.showWith(c, statusOf(err), err)
	}
	if err != nil {
		return err
	}
	c.Flash("visit.flash.added", nil)
	return c.Redirect("/visits/" + v.ID)
}

// sheet shows the visits of a day.
func (h *Handlers) sheet(c *web.Ctx) error {
	ctx, query := c.Context(), c.Request().URL.Query()
	want := Want{Worker: query.Get("worker"), Hours: query.Get("order") == "hour"}
	if typed := query.Get("on"); typed != "" {
		day, err := calendar.Parse(typed)
		if err != nil {
			c.Flash("visit.flash.no_day", nil)
			return c.Redirect("/visits")
		}
		want.Day = day
	}
	s, err := h.service.Sheet(ctx, c.Actor(), want)
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, layout.Page{Title: i18n.T(ctx, "visit.sheet.title"), Style: layout.RoomStyle, Print: true}, views.SheetPage(presentSheet(ctx, &s)))
}

// sheetPath is the address of a day's sheet.
func sheetPath(w Want) string {
	query := url.Values{}
	if !w.Day.IsZero() {
		query.Set("on", w.Day.Chilean())
	}
	if w.Worker != "" {
		query.Set("worker", w.Worker)
	}
	if w.Hours {
		query.Set("order", "hour")
	}
	if len(query) == 0 {
		return "/visits"
	}
	return "/visits?" + query.Encode()
}
