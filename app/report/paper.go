package report

import (
	"context"
	"strings"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/pdf"
	"gsl/tenants"
)

// Sheet is a report with all that its page and its paper say: what was signed,
// word for word, or of a draft what it says now.
type Sheet struct {
	Visit
	Report   Report
	Frozen   Frozen
	History  []Entry
	Previous *Report      // whose place this one takes
	Next     *Report      // that takes the place of this one, or is to
	Instead  *Replacement // why this one takes the place of another
	Handed   bool         // for the person, with their whole file: see Handed
}

// Sheet gives a report as it was signed and leaves the trail of the view; what is
// the page or the paper.
func (s *Signing) Sheet(ctx context.Context, who actor.Actor, id, what string) (Sheet, error) {
	var sheet Sheet
	if err := may(who, access.ReadCasework); err != nil {
		return sheet, err
	}
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		sheet, err = s.sheet(tx, who, id)
		return err
	})
	if err != nil {
		return sheet, err
	}
	return sheet, sheet.seen(ctx, who, what)
}

func (s *Signing) sheet(tx *tenants.Tx, who actor.Actor, id string) (sheet Sheet, err error) {
	if sheet.Report, err = ByID(tx, id); err != nil {
		return sheet, err
	}
	if sheet.Visit, err = s.reports.visit(tx, who, sheet.Report.FileID); err != nil {
		return sheet, err
	}
	if sheet.History, err = HistoryOf(tx, id); err != nil {
		return sheet, err
	}
	if err = sheet.neighbours(tx); err != nil {
		return sheet, err
	}
	if sheet.Report.Signature.At.IsZero() {
		sheet.Frozen, err = s.sketch(tx, &sheet.Report)
		return sheet, err
	}
	t, err := lastText(tx, id)
	if err != nil {
		return sheet, err
	}
	sheet.Frozen, err = thaw(t.Text)
	return sheet, err
}

// Handed gives a signed report as its person gets it with their whole file: as it
// was signed, but of the others in the household no more than who they are. The
// rest of that table is theirs to ask for.
func (s *Signing) Handed(tx *tenants.Tx, id string) (sheet Sheet, err error) {
	if sheet.Report, err = ByID(tx, id); err != nil {
		return sheet, err
	}
	if sheet.Report.Signature.At.IsZero() {
		return sheet, fault.New(fault.NotFound, "fault.not_found")
	}
	if err = sheet.neighbours(tx); err != nil {
		return sheet, err
	}
	t, err := lastText(tx, id)
	if err != nil {
		return sheet, err
	}
	sheet.Frozen, err = thaw(t.Text)
	sheet.Frozen.Content.veilOthers()
	sheet.Handed = true
	return sheet, err
}

// veilOthers leaves of the others in the household name and relationship.
func (c *Content) veilOthers() {
	for i := range c.Household.Members {
		m := &c.Household.Members[i]
		if bare(m.RUN) == "" || bare(m.RUN) != bare(c.Person.Number) {
			*m = Member{ID: m.ID, Name: m.Name, Relationship: m.Relationship}
		}
	}
}

// bare is a RUN as it compares, however it was typed.
func bare(run string) string {
	return strings.ToUpper(strings.NewReplacer(".", "", "-", "", " ", "").Replace(run))
}

// sketch is what a draft says now, in the form of what is signed.
func (s *Signing) sketch(tx *tenants.Tx, r *Report) (f Frozen, err error) {
	f = Frozen{Report: r.ID, Unit: r.UnitName, SignedAt: tx.Now}
	if f.Content, err = ContentOf(tx, r); err != nil {
		return f, err
	}
	f.Content.forgetRemoved()
	f.Ecomap, err = s.ecomap(tx, r.FileID, &f.Content)
	return f, err
}

// neighbours finds the versions before and after.
func (sheet *Sheet) neighbours(tx *tenants.Tx) error {
	next, ok, err := successor(tx, sheet.Report.ID)
	if err != nil {
		return err
	}
	if ok {
		sheet.Next = &next
	}
	sheet.Previous, sheet.Instead, err = before(tx, sheet.Report.ID)
	return err
}

// before finds the report whose place another is to take, and why; nil for one
// that takes nobody's.
func before(tx *tenants.Tx, id string) (*Report, *Replacement, error) {
	instead, ok, err := replacing(tx, id)
	if err != nil || !ok {
		return nil, nil, err
	}
	previous, err := ByID(tx, instead.PreviousID)
	return &previous, &instead, err
}

// Printer prints reports.
type Printer struct {
	Press *pdf.Press
	Base  func() string // how others reach us: "https://gsl.example.cl"
}

// Print gives the paper of a report. Municipal documents are in Spanish, whatever
// the language of the screen, and the same report gives the same bytes: nothing in
// it depends on who prints or when.
func (p Printer) Print(ctx context.Context, m *tenants.Municipality, sheet *Sheet) ([]byte, error) {
	d := paper{ctx: i18n.With(ctx, i18n.Spanish), r: &sheet.Report, f: &sheet.Frozen, c: &sheet.Frozen.Content, next: sheet.Next, base: p.Base(), handed: sheet.Handed}
	doc := pdf.Document{
		Owner: m, Issuer: d.tf("pdf.issuer", "Name", m.Name), Unit: d.r.UnitName, Title: d.t("signature.paper.title"),
		Number: d.t("signature.paper.draft"), Date: calendar.On(d.f.SignedAt).Chilean(), PageOf: d.t("pdf.page"), Subject: d.t("signature.paper.title"),
		Lang: i18n.Spanish, Changed: d.changed(), Mark: d.mark(),
	}
	if d.signed() {
		doc.Number = d.tf("pdf.number", "Folio", d.r.Folio())
		doc.Check = d.tf("signature.paper.check", "Code", d.r.Signature.Code)
	}
	var failed error
	file, err := p.Press.Print(ctx, doc, func(s *pdf.Sheet) { failed = d.draw(s) })
	if failed != nil {
		return nil, failed
	}
	return file, err
}

// Name is what the file is called: the folio, and nothing of the person.
func (sheet *Sheet) Name() string {
	if folio := sheet.Report.Folio(); folio != "" {
		return "informe-" + folio + ".pdf"
	}
	return "informe-borrador.pdf"
}
