package referral

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/pdf"
	"gsl/app/kit/web"
	"gsl/templates/layout"
	views "gsl/templates/protocol"
	"gsl/templates/ui"
)

// ProtocolHandlers are the pages of the agreements.
type ProtocolHandlers struct {
	service *Service
	press   *pdf.Press
}

// NewProtocolHandlers makes the handlers.
func NewProtocolHandlers(service *Service, press *pdf.Press) *ProtocolHandlers {
	return &ProtocolHandlers{service: service, press: press}
}

// Mount names the routes.
func (h *ProtocolHandlers) Mount(r *web.Router) {
	r.GET("/protocols", access.ReadProtocols, h.list)
	r.GET("/protocols/new", access.DraftProtocol, h.begin)
	r.POST("/protocols", access.DraftProtocol, h.create)
	r.GET("/protocols/:protocol", access.ReadProtocols, h.show)
	r.GET("/protocols/:protocol/edit", access.DraftProtocol, h.edit)
	r.POST("/protocols/:protocol", access.DraftProtocol, h.save)
	r.POST("/protocols/:protocol/send", access.DraftProtocol, h.send)
	r.POST("/protocols/:protocol/sign", access.SignProtocol, h.sign)
	r.POST("/protocols/:protocol/return", access.SignProtocol, h.giveBack)
	r.POST("/protocols/:protocol/reject", access.ApproveProtocol, h.giveBack)
	r.POST("/protocols/:protocol/approve", access.ApproveProtocol, h.approve)
	r.POST("/protocols/:protocol/end", access.DraftProtocol, h.end)
	r.POST("/protocols/:protocol/version", access.DraftProtocol, h.renew)
}

func protocolPath(id string) string { return "/protocols/" + id }

// list shows the agreements at a glance.
func (h *ProtocolHandlers) list(c *web.Ctx) error {
	over := c.Query("over") == "1"
	shelf, err := h.service.Protocols(c.Context(), c.Actor(), over)
	if err != nil {
		return err
	}
	view := protocolWords{c.Context(), c.Actor(), shelf.Today}.list(&shelf, over)
	return c.Page(http.StatusOK, layout.Page{Title: i18n.T(c.Context(), "protocol.title"), Print: true}, views.ListPage(view))
}

// begin asks between whom a new one stands.
func (h *ProtocolHandlers) begin(c *web.Ctx) error {
	return h.beginPage(c, http.StatusOK, ProtocolParties{Unit: c.Actor().UnitID, AllDesks: true}, nil)
}

func (h *ProtocolHandlers) beginPage(c *web.Ctx, status int, chosen ProtocolParties, cause error) error {
	parties, err := h.service.Parties(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	view := protocolWords{ctx: c.Context()}.begin(parties, chosen, protocolErrors(c, cause))
	return c.Page(status, layout.Page{Title: i18n.T(c.Context(), "protocol.new")}, views.BeginPage(view))
}

func (h *ProtocolHandlers) create(c *web.Ctx) error {
	var form struct {
		Unit        string `form:"unit" validate:"max=60"`
		Counterpart string `form:"counterpart" validate:"max=60"`
		AllDesks    bool   `form:"all_desks"`
	}
	if err := c.Bind(&form); err != nil {
		return err
	}
	between := ProtocolParties{Unit: form.Unit, Counterpart: form.Counterpart, AllDesks: form.AllDesks}
	p, err := h.service.BeginProtocol(c.Context(), c.Actor(), between)
	if fault.Is(err, fault.Invalid) {
		return h.beginPage(c, http.StatusUnprocessableEntity, between, err)
	}
	if err != nil {
		return err
	}
	c.Flash("protocol.flash.created", map[string]any{"Folio": p.Folio()})
	return c.Redirect(protocolPath(p.ID) + "/edit")
}

// show is one protocol: as a page, or as its PDF when the address ends so.
func (h *ProtocolHandlers) show(c *web.Ctx) error {
	id, paper := strings.CutSuffix(c.Param("protocol"), ".pdf")
	if paper {
		return h.paper(c, id)
	}
	return h.page(c, http.StatusOK, id, nil)
}

// page shows the protocol again with what was wrong, if anything.
func (h *ProtocolHandlers) page(c *web.Ctx, status int, id string, cause error) error {
	sheet, err := h.service.Protocol(c.Context(), c.Actor(), id)
	if err != nil {
		return err
	}
	view := protocolWords{c.Context(), c.Actor(), sheet.Today}.page(&sheet, pageForms{c, protocolErrors(c, cause)})
	return c.Page(status, layout.Page{Title: sheet.Title, Print: true}, views.ProtocolPage(view))
}

// edit shows the form of a draft; what is no draft any more is only read.
func (h *ProtocolHandlers) edit(c *web.Ctx) error {
	draft, err := h.service.ProtocolDraft(c.Context(), c.Actor(), c.Param("protocol"))
	if fault.Is(err, fault.Conflict) {
		return c.Redirect(protocolPath(c.Param("protocol")))
	}
	if err != nil {
		return err
	}
	return h.form(c, http.StatusOK, &draft, formState{})
}

// formState is what the form shows beside the draft.
type formState struct {
	typed    bool // what was typed stands in the fields, as it was typed
	errs     ui.Errors
	saved    bool
	conflict *SavedProtocol
	focus    int // row that was just added, 0 none
}

func (h *ProtocolHandlers) form(c *web.Ctx, status int, draft *ProtocolDraftSheet, state formState) error {
	view := protocolWords{c.Context(), c.Actor(), calendar.Date{}}.form(c, draft, state)
	if c.Fragment() {
		return c.Partial(status, views.EditPage(view))
	}
	return c.Page(status, layout.Page{Title: view.Heading}, views.EditPage(view))
}

// sentProtocol is what the form of a draft sends.
type sentProtocol struct {
	Revision    int64             `form:"revision"`
	Key         string            `form:"key" validate:"max=40"`
	Do          string            `form:"do" validate:"max=20"`
	Title       string            `form:"title" validate:"max=120"`
	AllDesks    bool              `form:"all_desks"`
	Codes       []string          `form:"item" validate:"max=200,dive,max=40"`
	Join        map[string]string `form:"join" validate:"max=40,dive,max=20"`
	Scope       map[string]string `form:"scope" validate:"max=40,dive,max=20"`
	Condition   map[string]string `form:"condition" validate:"max=40,dive,max=40"`
	Value       map[string]string `form:"value" validate:"max=40,dive,max=60"`
	Eligibility string            `form:"eligibility" validate:"max=2000"`
	Spots       int64             `form:"spots"`
	Period      string            `form:"spots_period" validate:"max=20"`
	Documents   string            `form:"documents" validate:"max=4000"`
	Process     string            `form:"process" validate:"max=2000"`
	Answer      string            `form:"answer" validate:"max=2000"`
	CitizenDays int64             `form:"citizen_days"`
	AnswerDays  int64             `form:"answer_days"`
	From        calendar.Date     `form:"valid_from"`
	To          calendar.Date     `form:"valid_to"`
	Evaluation  string            `form:"evaluation" validate:"max=2000"`
}

func (sent *sentProtocol) read() ProtocolForm {
	return ProtocolForm{Revision: sent.Revision, Key: sent.Key, Title: sent.Title, AllDesks: sent.AllDesks, Codes: sent.Codes, Rows: sent.rows(),
		Eligibility: sent.Eligibility, Spots: sent.Spots, Period: sent.Period, Documents: sent.Documents, Process: sent.Process,
		Answer: sent.Answer, CitizenDays: sent.CitizenDays, AnswerDays: sent.AnswerDays, From: sent.From, To: sent.To, Evaluation: sent.Evaluation}
}

// rows puts the numbered fields in their order; more than fit are cut, and the
// one too many is refused by its name.
func (sent *sentProtocol) rows() []CriterionRow {
	var numbers []int
	for key := range sent.Condition {
		if n, err := strconv.Atoi(key); err == nil && n >= 0 {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	numbers = numbers[:min(len(numbers), mostRows+1)]
	rows := make([]CriterionRow, len(numbers))
	for i, n := range numbers {
		key := strconv.Itoa(n)
		rows[i] = CriterionRow{Join: sent.Join[key], Scope: sent.Scope[key], Condition: sent.Condition[key], Value: sent.Value[key]}
	}
	return rows
}

// save keeps the draft, adds or removes a row of criteria, or sends it to be signed.
func (h *ProtocolHandlers) save(c *web.Ctx) error {
	var sent sentProtocol
	wrong := c.Bind(&sent)
	if wrong != nil && !fault.Is(wrong, fault.Invalid) {
		return wrong
	}
	form := sent.read()
	if sent.Do == "add" || strings.HasPrefix(sent.Do, "remove-") {
		return h.rows(c, form, sent.Do)
	}
	if wrong != nil {
		return h.again(c, form, sent.Do, wrong)
	}
	saved, err := h.service.SaveProtocol(c.Context(), c.Actor(), c.Param("protocol"), form)
	switch {
	case saved.Theirs != nil:
		return h.clash(c, &saved, sent.Do)
	case fault.Is(err, fault.Invalid):
		return h.again(c, form, sent.Do, err)
	case err != nil:
		return err
	}
	return h.kept(c, &saved, sent.Do)
}

// kept answers a save that was one.
func (h *ProtocolHandlers) kept(c *web.Ctx, saved *SavedProtocol, do string) error {
	switch {
	case do == "auto":
		return c.Partial(http.StatusOK, views.SavedLine(protocolWords{ctx: c.Context()}.saved(saved.Form.Revision, saved.ChangedAt)))
	case do == "send":
		p, err := h.service.SendProtocol(c.Context(), c.Actor(), saved.ID, saved.Form.Revision)
		if fault.Is(err, fault.Invalid) {
			return h.form(c, http.StatusUnprocessableEntity, &saved.ProtocolDraftSheet, formState{errs: protocolErrors(c, err), saved: true})
		}
		if err != nil {
			return err
		}
		c.Flash("protocol.flash.sent", map[string]any{"Folio": p.Folio()})
		return c.Redirect(protocolPath(p.ID))
	case !c.Fragment():
		c.Flash("protocol.flash.saved", nil)
		return c.Redirect(protocolPath(saved.ID) + "/edit")
	}
	c.Flash("protocol.flash.saved", nil)
	key := saved.Form.Key
	saved.Form = saved.form()
	saved.Form.Key = key
	return h.form(c, http.StatusOK, &saved.ProtocolDraftSheet, formState{saved: true})
}

// again shows what was typed with what is wrong with it.
func (h *ProtocolHandlers) again(c *web.Ctx, form ProtocolForm, do string, cause error) error {
	draft, err := h.service.ProtocolDraft(c.Context(), c.Actor(), c.Param("protocol"))
	if fault.Is(err, fault.Conflict) {
		return cause // there is no form to show it in
	}
	if err != nil {
		return err
	}
	if do == "auto" {
		return c.Partial(http.StatusOK, views.SavedLine(protocolWords{ctx: c.Context()}.unsaved(form.Revision)))
	}
	draft.Form = form
	return h.form(c, http.StatusUnprocessableEntity, &draft, formState{typed: true, errs: protocolErrors(c, cause)})
}

// clash shows both texts; saving again keeps the own one.
func (h *ProtocolHandlers) clash(c *web.Ctx, saved *SavedProtocol, do string) error {
	if do == "auto" {
		line := protocolWords{ctx: c.Context()}.unsaved(saved.Form.Revision)
		line.Text = i18n.T(c.Context(), "protocol.unsaved_clash")
		return c.Partial(http.StatusOK, views.SavedLine(line))
	}
	saved.Form.Revision = saved.Theirs.Revision
	return h.form(c, http.StatusConflict, &saved.ProtocolDraftSheet, formState{typed: true, conflict: saved})
}

// rows adds a blank row or takes one away; nothing is kept yet.
func (h *ProtocolHandlers) rows(c *web.Ctx, form ProtocolForm, do string) error {
	draft, err := h.service.ProtocolDraft(c.Context(), c.Actor(), c.Param("protocol"))
	if err != nil {
		return err
	}
	state := formState{typed: true}
	if text, ok := strings.CutPrefix(do, "remove-"); ok {
		if at, err := strconv.Atoi(text); err == nil && at >= 0 && at < len(form.Rows) {
			form.Rows = slices.Delete(form.Rows, at, at+1)
		}
	} else if len(form.Rows) < mostRows {
		form.Rows = append(form.Rows, CriterionRow{})
		state.focus = len(form.Rows)
	}
	draft.Form = form
	return h.form(c, http.StatusOK, &draft, state)
}

// readText is the text whose signing, sending or approval a button means.
type readText struct {
	Revision int64 `form:"revision"`
}

func (h *ProtocolHandlers) send(c *web.Ctx) error {
	var form readText
	if err := c.Bind(&form); err != nil {
		return err
	}
	p, err := h.service.SendProtocol(c.Context(), c.Actor(), c.Param("protocol"), form.Revision)
	if fault.Is(err, fault.Invalid) {
		return h.unfinished(c, err)
	}
	return h.done(c, &p, err, "protocol.flash.sent")
}

// unfinished opens the form where something is missing.
func (h *ProtocolHandlers) unfinished(c *web.Ctx, cause error) error {
	draft, err := h.service.ProtocolDraft(c.Context(), c.Actor(), c.Param("protocol"))
	if err != nil {
		return err
	}
	return h.form(c, http.StatusUnprocessableEntity, &draft, formState{errs: protocolErrors(c, cause)})
}

func (h *ProtocolHandlers) sign(c *web.Ctx) error {
	var form struct {
		Revision int64         `form:"revision"`
		Side     string        `form:"side" validate:"max=20"`
		Name     string        `form:"name" validate:"max=100"`
		Position string        `form:"position" validate:"max=100"`
		On       calendar.Date `form:"signed_on"`
	}
	if err := c.Bind(&form); err != nil {
		return h.done(c, nil, err, "")
	}
	p, err := h.service.SignProtocol(c.Context(), c.Actor(), c.Param("protocol"),
		SignatureForm{Revision: form.Revision, Side: Side(form.Side), Name: form.Name, Position: form.Position, On: form.On})
	return h.done(c, &p, err, "protocol.flash.signed")
}

func (h *ProtocolHandlers) approve(c *web.Ctx) error {
	var form readText
	if err := c.Bind(&form); err != nil {
		return err
	}
	p, err := h.service.ApproveProtocol(c.Context(), c.Actor(), c.Param("protocol"), form.Revision)
	return h.done(c, &p, err, "protocol.flash.approved")
}

// giveBack sends a text back to be written again.
func (h *ProtocolHandlers) giveBack(c *web.Ctx) error {
	return h.because(c, h.service.ReturnProtocol, "protocol.flash.returned")
}

func (h *ProtocolHandlers) end(c *web.Ctx) error {
	return h.because(c, h.service.EndProtocol, "protocol.flash.ended")
}

func (h *ProtocolHandlers) renew(c *web.Ctx) error {
	if err := c.Bind(&struct{}{}); err != nil {
		return err
	}
	p, err := h.service.RenewProtocol(c.Context(), c.Actor(), c.Param("protocol"))
	if err != nil {
		return err
	}
	return c.Redirect(protocolPath(p.ID) + "/edit")
}

// because runs a step that asks why.
func (h *ProtocolHandlers) because(c *web.Ctx, step func(context.Context, actor.Actor, string, string) (Protocol, error), key string) error {
	var form struct {
		Reason string `form:"reason" validate:"max=500"`
	}
	if err := c.Bind(&form); err != nil {
		return err
	}
	p, err := step(c.Context(), c.Actor(), c.Param("protocol"), form.Reason)
	return h.done(c, &p, err, key)
}

// done leads back to the protocol with what happened; what was wrong with the
// form, or with the order of things, is shown on it.
func (h *ProtocolHandlers) done(c *web.Ctx, p *Protocol, err error, key string) error {
	if fault.Is(err, fault.Invalid) {
		return h.page(c, http.StatusUnprocessableEntity, c.Param("protocol"), err)
	}
	var order *fault.Error
	if errors.As(err, &order) && order.Kind == fault.Conflict {
		c.Flash(order.Key, order.Args)
		return h.page(c, http.StatusConflict, c.Param("protocol"), nil)
	}
	if err != nil {
		return err
	}
	c.Flash(key, map[string]any{"Folio": p.Folio()})
	return c.Redirect(protocolPath(p.ID))
}

// protocolErrors words what is wrong, each with the label of its field; a field of
// a row of criteria has the row's.
func protocolErrors(c *web.Ctx, err error) ui.Errors {
	list := c.Errors(err, protocolLabels...)
	for i, e := range list {
		_, index, inRow := strings.Cut(strings.TrimSuffix(e.Name, "]"), "[")
		if n, err := strconv.Atoi(index); inRow && err == nil {
			list[i].Label = i18n.Tf(c.Context(), "protocol.criteria.row", map[string]any{"Number": n + 1})
		}
	}
	return list
}

// protocolLabels name the fields in a summary of errors.
var protocolLabels = []string{
	"unit", "protocol.field.unit", "counterpart", "protocol.field.counterpart", "title", "protocol.field.title", "item", "protocol.field.items",
	"eligibility", "protocol.field.eligibility", "spots", "protocol.field.spots", "spots_period", "protocol.field.period",
	"documents", "protocol.field.documents", "process", "protocol.field.process", "answer", "protocol.field.answer",
	"citizen_days", "protocol.field.citizen_days", "answer_days", "protocol.field.answer_days", "valid_from", "protocol.field.from",
	"valid_to", "protocol.field.to", "evaluation", "protocol.field.evaluation", "name", "protocol.field.signer", "position",
	"protocol.field.position", "signed_on", "protocol.field.signed_on", "reason", "protocol.field.reason",
}
