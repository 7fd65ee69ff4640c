package referral

import (
	"context"
	"errors"
	"net/http"
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
	return c.Page(http.StatusOK, layout.Page{Style: layout.RoomStyle, Title: i18n.T(c.Context(), "protocol.title"), Print: true}, views.ListPage(view))
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
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: i18n.T(c.Context(), "protocol.new")}, views.BeginPage(view))
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
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: sheet.Title, Print: true}, views.ProtocolPage(view))
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
