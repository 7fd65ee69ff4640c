package referral

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	"gsl/templates/layout"
	views "gsl/templates/referral"
	"gsl/templates/ui"
)

// Handlers are the pages of referrals. The hooks are filled once, before the
// first request.
type Handlers struct {
	service *Service

	// Paper answers with the letter of a referral; nil: there is none.
	Paper web.Handler
	// Extras are parts that others put into a referral: its letter, its papers.
	Extras []func(ctx context.Context, who actor.Actor, r *Referral) (templ.Component, error)
}

// NewHandlers makes the handlers.
func NewHandlers(service *Service) *Handlers { return &Handlers{service: service} }

// Mount names the routes. A step asks for no more than Refer, because of what
// goes by letter the sender writes down what came back; the service knows whose
// step it is.
func (h *Handlers) Mount(r *web.Router) {
	r.GET("/inbox", access.Refer, h.inbox)
	r.GET("/inbox/pulse", access.Refer, h.pulse, web.Quiet())
	r.POST("/inbox/receive", access.HandleReferral, h.receiveMany)
	r.POST("/inbox/assign", access.AssignCase, h.assignMany)
	r.GET("/files/:file/referrals", access.ReadFile, h.file)
	r.GET("/files/:file/referrals/new", access.Refer, h.form)
	r.POST("/files/:file/referrals", access.Refer, h.create)
	r.GET("/referrals/:referral", access.ReadFile, h.referral)
	for _, verb := range Verbs {
		permission := access.Refer
		if verb == Assign {
			permission = access.AssignCase
		}
		r.POST("/referrals/:referral/"+string(verb), permission, func(c *web.Ctx) error { return h.step(c, verb) })
	}
}

// swap is a part of an answer that goes to a target of its own.
func swap(target string, part templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return ui.Swap(target, "").Render(templ.WithChildren(ctx, part), w) //nolint:contextcheck // a component gets its context when it is rendered
	})
}

func screenOf(c *web.Ctx, at string) *screen {
	return &screen{ctx: c.Context(), who: c.Actor(), at: at}
}

// boxNamed is the box that an address or a form names; what is none is dropped.
func boxNamed(text string) Box {
	if slices.Contains(allBoxes, Box(text)) {
		return Box(text)
	}
	return ""
}

// placeOf is where the form that was sent stands; whatever else it says is its page.
func placeOf(text string) string {
	if text == atInbox || text == atFile {
		return text
	}
	return atPage
}

// referral shows one referral: as its page, or open in the row of a list.
func (h *Handlers) referral(c *web.Ctx) error {
	if id, paper := strings.CutSuffix(c.Param("referral"), ".pdf"); paper {
		if h.Paper == nil || id == "" {
			return fault.New(fault.NotFound, "fault.not_found")
		}
		return h.Paper(c)
	}
	at := placeOf(c.Query("at"))
	if !c.Fragment() {
		at = atPage
	}
	shown, err := h.service.Show(c.Context(), c.Actor(), c.Param("referral"), at == atPage)
	if err != nil {
		return err
	}
	s := screenOf(c, at)
	s.box = boxNamed(c.Query("box"))
	return h.show(c, http.StatusOK, s, &shown, at != atPage && c.Query("closed") != "")
}

// show answers with a referral where it stands.
func (h *Handlers) show(c *web.Ctx, status int, s *screen, shown *Shown, closed bool) error {
	p := s.panel(shown)
	if err := h.extras(c, &p, shown); err != nil {
		return err
	}
	p.Focus = s.verb != "" && s.conflict == "" && len(s.errs) == 0
	if !c.Fragment() {
		page := layout.Page{Title: i18n.T(c.Context(), "referral.title"), Section: people.ReferralsSection, File: shown.Frame, Print: true}
		return c.Page(status, page, views.Page(p))
	}
	if s.at == atPage {
		parts := []templ.Component{swap("#"+p.Where(), views.Page(p))}
		if shown.Frame != nil {
			parts = append(parts, swap("#rail-"+people.ReferralsSection, layout.RailText(section(shown.Frame, people.ReferralsSection))))
		}
		return c.Partial(status, parts...)
	}
	return h.showRow(c, status, s, shown, p, closed)
}

func (h *Handlers) showRow(c *web.Ctx, status int, s *screen, shown *Shown, p views.Panel, closed bool) error {
	r := &shown.Referral
	row := Row{Referral: *r, Person: shown.File.Name()}
	out := s.at == atFile || s.box.Out()
	view := s.row(&row, shown.Today, out)
	if !closed {
		view.Open = &p
	}
	view.Focus, p.Focus = s.verb != "" && s.conflict == "" && len(s.errs) == 0, false
	view.Picks = s.at == atInbox && hasInbox(c.Actor()) && s.box.bulk() && (s.box == BoxNew || canAssign(c.Actor()))
	if view.Picks && slices.Contains(workable, r.State) {
		view.Select = i18n.Tf(c.Context(), "referral.pick", map[string]any{"Name": view.Person, "What": view.What})
	}
	parts := []templ.Component{swap("#"+p.Where(), views.RowBody(view))}
	if s.verb != "" && s.at == atInbox {
		counts, err := h.tabs(c, s.box)
		if err != nil {
			return err
		}
		parts = append(parts, counts...)
	}
	return c.Partial(status, parts...)
}

func (h *Handlers) extras(c *web.Ctx, p *views.Panel, shown *Shown) error {
	for _, extra := range h.Extras {
		part, err := extra(c.Context(), c.Actor(), &shown.Referral)
		if err != nil {
			return err
		}
		if part != nil {
			p.Extras = append(p.Extras, part)
		}
	}
	return nil
}

// stepForm is what any step may send.
type stepForm struct {
	At             string        `form:"at" validate:"omitempty,oneof=page inbox file"`
	Box            string        `form:"box" validate:"omitempty,max=20"`
	Version        string        `form:"version" validate:"omitempty,max=19"`
	Outcome        string        `form:"outcome" validate:"omitempty,max=20"`
	ReasonCode     string        `form:"reason_code" validate:"omitempty,max=30"`
	Reason         string        `form:"reason" validate:"omitempty,max=500"`
	Note           string        `form:"note" validate:"omitempty,max=2000"`
	WaitingFor     string        `form:"waiting_for" validate:"omitempty,max=20"`
	Assigned       string        `form:"assigned" validate:"omitempty,max=100"`
	ExternalNumber string        `form:"external_number" validate:"omitempty,max=100"`
	ExternalStatus string        `form:"external_status" validate:"omitempty,max=100"`
	ExternalOn     calendar.Date `form:"external_on"`
}

func (f *stepForm) move(verb Verb) (Move, error) {
	m := Move{Verb: verb, Outcome: Outcome(f.Outcome), ReasonCode: ReasonCode(f.ReasonCode), Reason: f.Reason, Note: f.Note, WaitingFor: WaitingFor(f.WaitingFor),
		ExternalNumber: f.ExternalNumber, ExternalStatus: f.ExternalStatus, ExternalOn: f.ExternalOn}
	if f.Version != "" {
		n, err := strconv.ParseInt(f.Version, 10, 64)
		if err != nil || n < 1 {
			return m, fault.InvalidField("version", "referral.error.version")
		}
		m.Version = n
	}
	return m, nil
}

// read makes a step of what was sent.
func (h *Handlers) read(c *web.Ctx, verb Verb, form *stepForm) (m Move, err error) {
	if verb == Resend {
		return h.readResend(c, form)
	}
	if err = c.Bind(form); err != nil {
		return m, err
	}
	if m, err = form.move(verb); err != nil || verb != Assign {
		return m, err
	}
	named, err := h.service.assignment(c.Context(), c.Actor(), form.Assigned)
	m.Assigned, m.AssignedName = named.Assigned, named.AssignedName
	return m, err
}

// readResend reads a correction, whose fields are those of the referral's item.
func (h *Handlers) readResend(c *web.Ctx, form *stepForm) (Move, error) {
	sent, err := c.Form()
	if err != nil {
		return Move{}, err
	}
	form.At, form.Box, form.Version = sent.Get("at"), sent.Get("box"), sent.Get("version")
	asked, err := form.move(Resend)
	if err != nil {
		return asked, err
	}
	r, err := h.service.Referral(c.Context(), c.Actor(), c.Param("referral"))
	if err != nil {
		return asked, err
	}
	m, err := h.service.Correction(c.Context(), c.Actor(), &r, sent)
	m.Version = asked.Version
	return m, err
}

// step takes a referral one step on.
func (h *Handlers) step(c *web.Ctx, verb Verb) error {
	var form stepForm
	m, err := h.read(c, verb, &form)
	id := c.Param("referral")
	var moved Referral
	if err == nil {
		moved, err = h.service.Move(c.Context(), c.Actor(), id, m)
	}
	if err != nil {
		return h.stepAgain(c, verb, placeOf(form.At), err)
	}
	c.Flash(flashKeys[verb], map[string]any{"Origin": moved.OriginName, "Unit": moved.UnitName, "Name": moved.AssignedName, "On": moved.Due.Chilean()})
	if !c.Fragment() {
		return c.Redirect(address(id))
	}
	s := screenOf(c, placeOf(form.At))
	s.verb, s.box = verb, boxNamed(form.Box)
	shown, err := h.service.Show(c.Context(), c.Actor(), id, s.at == atPage)
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, s, &shown, false)
}

// flashKeys say what was done, who sees it, and by when an answer is due.
var flashKeys = map[Verb]string{
	Receive: "referral.flash.receive", Start: "referral.flash.start", Wait: "referral.flash.wait", Answer: "referral.flash.answer", Return: "referral.flash.return",
	Close: "referral.flash.close", Cancel: "referral.flash.cancel", Reopen: "referral.flash.reopen", Resend: "referral.flash.resend", Assign: "referral.flash.assign",
	External: "referral.flash.external"}

// stepAgain shows the referral as it stands now, with what was typed and why the
// step was not done.
func (h *Handlers) stepAgain(c *web.Ctx, verb Verb, at string, cause error) error {
	status := http.StatusUnprocessableEntity
	switch {
	case fault.Is(cause, fault.Conflict):
		status = http.StatusConflict
	case !fault.Is(cause, fault.Invalid):
		return cause
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	if !c.Fragment() {
		at = atPage
	}
	shown, err := h.service.Show(c.Context(), c.Actor(), c.Param("referral"), at == atPage)
	if err != nil {
		return err
	}
	s := screenOf(c, at)
	s.verb, s.typed, s.box = verb, form, boxNamed(form.Get("box"))
	if status == http.StatusConflict {
		s.conflict = sentence(c, cause)
	} else {
		s.errs = s.fieldErrors(c, &shown, cause)
	}
	return h.show(c, status, s, &shown, false)
}

// sentence is what an error says to people.
func sentence(c *web.Ctx, err error) string {
	var e *fault.Error
	if errors.As(err, &e) {
		return i18n.Tf(c.Context(), e.Key, e.Args)
	}
	return ""
}

// fieldErrors names each field as the form of this referral and verb does.
func (s *screen) fieldErrors(c *web.Ctx, shown *Shown, cause error) ui.Errors {
	list := c.Errors(cause)
	for i := range list {
		list[i].Label = s.labelOf(shown, list[i].Name)
		list[i].Name = shown.Referral.ID + "-" + string(s.verb) + "-" + list[i].Name
	}
	return list
}

var fieldKeys = map[string]string{"outcome": "referral.field.outcome", "reason": "referral.field.reason", "reason_code": "referral.field.reason",
	"note": "referral.field.answer_note", "waiting_for": "referral.field.waiting_for", "assigned": "referral.field.assigned",
	"external_number": "referral.external.number", "external_status": "referral.external.status", "external_on": "referral.external.on"}

func (s *screen) labelOf(shown *Shown, name string) string {
	if shown.Item != nil && s.verb == Resend {
		if f := shown.Item.Field(name); f != nil {
			return s.fieldLabel(f)
		}
	}
	if key, ok := fieldKeys[name]; ok {
		return s.t(key)
	}
	return ""
}

// file lists the referrals of a person.
func (h *Handlers) file(c *web.Ctx) error {
	shown, err := h.service.OfPerson(c.Context(), c.Actor(), c.Param("file"))
	if err != nil {
		return err
	}
	page := layout.Page{Title: i18n.T(c.Context(), "referral.file.title"), Section: people.ReferralsSection, File: shown.Frame, Print: true}
	return c.Page(http.StatusOK, page, views.FilePage(screenOf(c, atFile).list(&shown)))
}
