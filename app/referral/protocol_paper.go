package referral

import (
	"context"
	"strconv"
	"time"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/kit/pdf"
	"gsl/app/kit/web"
	"gsl/tenants"
)

// paper answers with the agreement as a municipal document.
func (h *ProtocolHandlers) paper(c *web.Ctx, id string) error {
	sheet, err := h.service.Protocol(c.Context(), c.Actor(), id)
	if err != nil {
		return err
	}
	file, err := printProtocol(c.Context(), h.press, c.Actor().Municipality, &sheet)
	if err != nil {
		return err
	}
	return c.Download("application/pdf", "protocolo-"+sheet.Folio()+"-v"+strconv.Itoa(sheet.Version)+".pdf", file)
}

// printProtocol prints an agreement. Municipal documents are in Spanish, and the
// same text gives the same bytes: neither what is left of the spots nor the
// figures stand in it, which change from day to day.
func printProtocol(ctx context.Context, press *pdf.Press, m *tenants.Municipality, s *ProtocolSheet) ([]byte, error) {
	ctx = i18n.With(ctx, i18n.Spanish)
	d := agreementPaper{protocolWords{ctx: ctx, today: s.Today}, s}
	return press.Print(ctx, pdf.Document{
		Owner: m, Issuer: i18n.Tf(ctx, "pdf.issuer", map[string]any{"Name": m.Name}), Unit: s.UnitName,
		Title: d.t("protocol.paper.title"), Number: i18n.Tf(ctx, "pdf.number", map[string]any{"Folio": s.Folio()}) + " · " + d.tf("protocol.version", "Version", s.Version),
		Date: s.Date(), PageOf: i18n.T(ctx, "pdf.page"), Subject: d.t("protocol.paper.title"),
		Lang: i18n.Spanish, Changed: s.ChangedAt,
	}, d.draw)
}

// Date is the day the paper carries: of the approval, else of the last change.
func (s *ProtocolSheet) Date() string {
	if !s.ApprovedAt.IsZero() {
		return chileanDay(s.ApprovedAt)
	}
	return chileanDay(s.ChangedAt)
}

// agreementPaper draws one agreement.
type agreementPaper struct {
	protocolWords
	sheet *ProtocolSheet
}

// agreementSignatures is the room of the signatures with their heading.
const agreementSignatures = 66.0

func (d agreementPaper) draw(s *pdf.Sheet) {
	p := &d.sheet.Protocol
	s.Heading(p.Title)
	s.Facts([]pdf.Fact{
		{Label: d.t("protocol.paper.municipality"), Value: p.UnitName},
		{Label: d.t("protocol.paper.counterpart"), Value: p.CounterpartName},
		{Label: d.t("protocol.paper.scope"), Value: d.who()},
		{Label: d.t("protocol.paper.state"), Value: d.state()},
	})
	plain := *d.sheet
	plain.Standing = StandsDraft // what was agreed, without what is left of it today
	for _, c := range d.clauses(&plain) {
		s.Heading(strconv.Itoa(c.Number) + ". " + c.Title)
		for _, text := range c.List {
			s.Text("• "+text, 9.5, pdf.Ink)
		}
		for _, f := range c.Facts {
			s.Text(f.Label+": "+f.Value, 9.5, pdf.Ink)
		}
		if c.Text != "" {
			s.Text(c.Text, 9.5, pdf.Ink)
		}
		if c.Empty != "" {
			s.Text(c.Empty, 9.5, pdf.Muted)
		}
	}
	s.Keep(agreementSignatures)
	s.Heading(d.t("protocol.signatures"))
	s.Text(d.approval(), 9, pdf.Ink)
	s.Signatures(d.signers())
}

func (d agreementPaper) who() string {
	if d.sheet.AllDesks {
		return d.t("protocol.all_desks")
	}
	return d.sheet.UnitName
}

// state is the word of the text itself: a paper does not know what day it is read on.
func (d agreementPaper) state() string {
	switch d.sheet.State {
	case ProtocolInForce:
		return d.tf("protocol.paper.in_force", "From", d.sheet.From.Chilean(), "To", d.sheet.To.Chilean())
	case ProtocolEnded:
		return d.t("protocol.standing.ended")
	case ProtocolInSignature:
		return d.t("protocol.standing.in_signature")
	}
	return d.t("protocol.standing.draft")
}

func (d agreementPaper) approval() string {
	if d.sheet.ApprovedAt.IsZero() {
		return d.t("protocol.paper.not_approved")
	}
	return d.tf("protocol.paper.approved", "Who", d.sheet.ApprovedByName, "On", chileanDay(d.sheet.ApprovedAt))
}

func (d agreementPaper) signers() []pdf.Signature {
	var list []pdf.Signature
	for _, side := range []Side{SideMunicipality, SideCounterpart} {
		signature := pdf.Signature{Name: d.sheet.party(side)}
		if signed := d.sheet.Signature(side); signed != nil {
			signature.Name = signed.Name
			signature.Lines = []string{signed.Position, d.sheet.party(side), d.tf("protocol.paper.signed_on", "On", signed.On.Chilean())}
		}
		list = append(list, signature)
	}
	return list
}

func chileanDay(t time.Time) string { return calendar.On(t).Chilean() }
