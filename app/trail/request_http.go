package trail

import (
	"errors"
	"net/http"
	"net/url"

	"gsl/app/access"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/layout"
	views "gsl/templates/trail"
)

// mountRequests names the routes of the register.
func (h *Handlers) mountRequests(r *web.Router) {
	r.GET("/files/:file/requests/new", access.ReadFile, h.intake)
	r.POST("/files/:file/requests", access.ReadFile, h.receive)
	r.GET("/requests", access.AnswerAccess, h.requests)
	r.GET("/requests/new", access.AnswerAccess, h.strangerForm)
	r.POST("/requests", access.AnswerAccess, h.receiveStranger)
	r.GET("/requests/:request", access.AnswerAccess, h.request)
	r.GET("/requests/:request/receipt.pdf", access.ReadFile, h.receipt)
	r.POST("/requests/:request/answer", access.AnswerAccess, h.respond)
	r.POST("/requests/:request/notes", access.AnswerAccess, h.note)
	r.POST("/requests/:request/package", access.AnswerAccess, h.hand)
}

// askingForm is the form of a request as it is sent.
type askingForm struct {
	RUN      string        `form:"run" validate:"max=40"`
	Name     string        `form:"name" validate:"max=200"`
	Kind     string        `form:"kind" validate:"max=20"`
	Asked    string        `form:"asked"`
	Channel  string        `form:"channel" validate:"max=20"`
	Proof    string        `form:"proof" validate:"max=20"`
	Agent    string        `form:"agent" validate:"max=200"`
	AnswerTo string        `form:"answer_to" validate:"max=200"`
	Received calendar.Date `form:"received_on"`
	Key      string        `form:"key" validate:"required,max=40"`
}

func (f *askingForm) asking() Asking {
	return Asking{Kind: Kind(f.Kind), Asked: f.Asked, Channel: f.Channel, Proof: f.Proof, Agent: f.Agent, AnswerTo: f.AnswerTo, Received: f.Received, Key: f.Key}
}

// intake shows the form of a request at a file.
func (h *Handlers) intake(c *web.Ctx) error { return h.showIntake(c, http.StatusOK, askingForm{}, nil) }

func (h *Handlers) showIntake(c *web.Ctx, status int, form askingForm, cause error) error {
	ctx := c.Context()
	v, err := h.service.Intake(ctx, c.Actor(), c.Param("file"))
	if err != nil {
		return err
	}
	view := presentIntake(ctx, &v)
	fillAsking(c, view, form, v.Today, v.Key, cause)
	return c.Page(status, layout.Page{Title: i18n.T(ctx, "request.new.title"), File: v.Frame, Style: layout.RoomStyle}, views.AskingPage(view))
}

func (h *Handlers) receive(c *web.Ctx) error {
	var form askingForm
	err := c.Bind(&form)
	var r Request
	if err == nil {
		r, err = h.service.Receive(c.Context(), c.Actor(), c.Param("file"), form.asking())
	}
	if fault.Is(err, fault.Invalid) {
		return h.showIntake(c, http.StatusUnprocessableEntity, form, err)
	}
	if err != nil {
		return err
	}
	return h.received(c, &r)
}

// received leads who answers to the request, and others back to the file, where
// the paper for the person is offered.
func (h *Handlers) received(c *web.Ctx, r *Request) error {
	c.Flash("request.flash.received", map[string]any{"Folio": r.Folio(), "Due": r.Due.Chilean()})
	if c.Actor().Can(access.AnswerAccess) {
		return c.Redirect("/requests/" + r.ID)
	}
	return c.Redirect("/files/" + r.FileID + "/requests/new")
}

// strangerForm shows the form for somebody who may have no file here.
func (h *Handlers) strangerForm(c *web.Ctx) error {
	return h.showStranger(c, http.StatusOK, askingForm{}, nil)
}

func (h *Handlers) showStranger(c *web.Ctx, status int, form askingForm, cause error) error {
	ctx := c.Context()
	today, key, err := h.service.Blank(ctx, c.Actor())
	if err != nil {
		return err
	}
	view := &views.Asking{Action: "/requests", Back: "/requests", Stranger: true, RUN: form.RUN, Name: form.Name}
	fillAsking(c, view, form, today, key, cause)
	return c.Page(status, layout.Page{Title: i18n.T(ctx, "request.new.title"), Style: layout.RoomStyle}, views.AskingPage(view))
}

func (h *Handlers) receiveStranger(c *web.Ctx) error {
	var form askingForm
	err := c.Bind(&form)
	var r Request
	if err == nil {
		r, err = h.service.ReceiveFrom(c.Context(), c.Actor(), Stranger{RUN: form.RUN, Name: form.Name}, form.asking())
	}
	if fault.Is(err, fault.Invalid) {
		return h.showStranger(c, http.StatusUnprocessableEntity, form, err)
	}
	if err != nil {
		return err
	}
	return h.received(c, &r)
}

// requests shows the register.
func (h *Handlers) requests(c *web.Ctx) error {
	ctx := c.Context()
	g, err := h.service.Requests(ctx, c.Actor(), c.Query("state") == "answered", c.Query("after"))
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, layout.Page{Title: i18n.T(ctx, "request.title"), Style: layout.RoomStyle, Print: true}, views.RegisterPage(presentRegister(ctx, &g)))
}

// request shows one, with the forms that answer it.
func (h *Handlers) request(c *web.Ctx) error {
	return h.showRequest(c, http.StatusOK, func(*views.Request) {})
}

func (h *Handlers) showRequest(c *web.Ctx, status int, again func(*views.Request)) error {
	ctx := c.Context()
	v, err := h.service.Request(ctx, c.Actor(), c.Param("request"))
	if err != nil {
		return err
	}
	view := presentRequest(ctx, &v)
	if v.hands() {
		view.Package = h.service.presentPackage(ctx, v.ID)
	}
	again(view)
	return c.Page(status, layout.Page{Title: i18n.T(ctx, "request.one"), File: v.Frame, Style: layout.RoomStyle, Print: true}, views.RequestPage(view))
}

func (h *Handlers) respond(c *web.Ctx) error {
	var form struct {
		Outcome  string `form:"outcome" validate:"max=20"`
		Answer   string `form:"answer"`
		Delivery string `form:"delivery" validate:"max=20"`
	}
	err := c.Bind(&form)
	if err == nil {
		err = h.service.Respond(c.Context(), c.Actor(), c.Param("request"), Answer{Outcome: Outcome(form.Outcome), Text: form.Answer, Delivery: form.Delivery})
	}
	switch {
	case fault.Is(err, fault.Invalid), fault.Is(err, fault.Conflict):
		return h.showRequest(c, statusOf(err), func(v *views.Request) {
			v.Answer.Outcome, v.Answer.Text, v.Answer.Delivery = form.Outcome, form.Answer, form.Delivery
			v.Answer.Errors = errorsOf(c, err, "outcome", "request.answer.outcome", "answer", "request.answer.text", "delivery", "request.answer.delivery")
		})
	case err != nil:
		return err
	}
	c.Flash("request.flash.answered", nil)
	return c.Redirect("/requests/" + c.Param("request"))
}

func (h *Handlers) note(c *web.Ctx) error {
	var form struct {
		Note string `form:"note"`
	}
	err := c.Bind(&form)
	if err == nil {
		err = h.service.Note(c.Context(), c.Actor(), c.Param("request"), form.Note)
	}
	switch {
	case fault.Is(err, fault.Invalid):
		return h.showRequest(c, http.StatusUnprocessableEntity, func(v *views.Request) {
			v.Note, v.NoteErrors = form.Note, c.Errors(err, "note", "request.note.label")
		})
	case err != nil:
		return err
	}
	c.Flash("request.flash.noted", nil)
	return c.Redirect("/requests/" + c.Param("request"))
}

// receipt answers with the paper that the person leaves with.
func (h *Handlers) receipt(c *web.Ctx) error {
	ctx := i18n.With(c.Context(), i18n.Spanish)
	v, err := h.service.Receipt(ctx, c.Actor(), c.Param("request"))
	if err != nil {
		return err
	}
	body, err := printReceipt(ctx, h.press, c.Actor(), &v)
	if err != nil {
		return err
	}
	return c.Download("application/pdf", "solicitud-"+v.Folio()+".pdf", body)
}

// hand answers with the person's whole file. It is sent while it is made: it may
// hold a thousand documents.
func (h *Handlers) hand(c *web.Ctx) error {
	if err := c.Bind(&struct{}{}); err != nil {
		return err
	}
	handing, err := h.service.Hand(c.Context(), c.Actor(), h.press, c.Param("request"))
	if err != nil {
		return err
	}
	return c.Stream(web.Stream{Type: "application/zip", Name: handing.Name(), Size: web.Unknown}, handing.Write)
}

func statusOf(err error) int {
	if fault.Is(err, fault.Conflict) {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

// errorsOf puts what is wrong into words; of a conflict the sentence itself.
func errorsOf(c *web.Ctx, err error, labels ...string) views.Errors {
	list := c.Errors(err, labels...)
	var e *fault.Error
	if errors.As(err, &e) && e.Kind == fault.Conflict {
		list = append(list, views.Wrong("answer", i18n.Tf(c.Context(), e.Key, e.Args)))
	}
	return list
}

// requestPath is the address of a page of the register.
func requestPath(closed bool, after string) string {
	values := url.Values{}
	if closed {
		values.Set("state", "answered")
	}
	if after != "" {
		values.Set("after", after)
	}
	if len(values) == 0 {
		return "/requests"
	}
	return "/requests?" + values.Encode()
}
