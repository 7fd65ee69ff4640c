package plan

import (
	"context"
	"strconv"

	"gsl/app/kit/i18n"
	"gsl/app/kit/pdf"
	"gsl/app/kit/web"
	"gsl/tenants"
)

// paper answers with the plan as a municipal document. Its name says the folio
// and nothing of the person.
func (h *Handlers) paper(c *web.Ctx, id string) error {
	shown, err := h.service.Plan(c.Context(), c.Actor(), id, "plan.pdf")
	if err != nil {
		return err
	}
	file, err := printPlan(c.Context(), h.press, c.Actor().Municipality, &shown)
	if err != nil {
		return err
	}
	return c.Download("application/pdf", "plan-"+shown.Plan.Folio()+".pdf", file)
}

// printPlan prints a plan. Municipal documents are in Spanish, whatever the
// language of the screen, and the same plan gives the same bytes: nothing in it
// depends on who prints or when.
func printPlan(ctx context.Context, press *pdf.Press, m *tenants.Municipality, shown *Shown) ([]byte, error) {
	ctx = i18n.With(ctx, i18n.Spanish)
	d := document{ctx, &shown.Plan, shown.Previous}
	return press.Print(ctx, pdf.Document{
		Owner: m, Issuer: i18n.Tf(ctx, "pdf.issuer", map[string]any{"Name": m.Name}), Unit: d.plan.UnitName,
		Title: i18n.T(ctx, "pdf.plan"), Number: i18n.Tf(ctx, "pdf.number", map[string]any{"Folio": d.plan.Folio()}),
		Date: dayText(d.plan.CreatedAt), PageOf: i18n.T(ctx, "pdf.page"), Subject: i18n.T(ctx, "pdf.plan"),
		Lang: i18n.Spanish, Changed: d.plan.ChangedAt,
	}, d.draw)
}

// document draws one plan.
type document struct {
	ctx      context.Context
	plan     *Plan
	previous *Plan
}

func (d *document) t(key string) string { return i18n.T(d.ctx, key) }

// agreementHeight is the room of the last section with its signatures.
const agreementHeight = 72.0

func (d *document) draw(s *pdf.Sheet) {
	s.Heading(d.t("pdf.person"))
	s.Facts(d.facts())
	s.Boxes(d.boxes())
	s.Heading(d.t("pdf.items"))
	s.Table(d.columns(), d.rows())
	s.Keep(agreementHeight) // what is agreed and who signs it stand on one sheet
	s.Heading(d.t("pdf.agreement"))
	s.Text(i18n.Tf(d.ctx, "pdf.agreement_text", map[string]any{"On": dayText(d.plan.CreatedAt), "Agreed": d.t(agreementKeys[d.plan.Agreed])}), 9, pdf.Ink)
	s.Signatures([]pdf.Signature{
		{Name: d.person(), Lines: []string{d.plan.PersonDocument, d.t("pdf.signs_person")}},
		{Name: d.plan.CreatedByName, Lines: []string{d.plan.UnitName, d.t("pdf.signs_worker")}},
	})
}

func (d *document) person() string {
	if d.plan.PersonName == "" {
		return d.t("plan.unnamed")
	}
	return d.plan.PersonName
}

func (d *document) facts() []pdf.Fact {
	p := d.plan
	state := d.t("plan.open")
	if p.Closed {
		state = i18n.Tf(d.ctx, "plan.closed_on", map[string]any{"On": dayText(p.ClosedAt)})
	}
	address := p.PersonAddress
	if address == "" {
		address = d.t("pdf.no_address")
	}
	list := []pdf.Fact{
		{Label: d.t("pdf.name"), Value: d.person()},
		{Label: d.t("pdf.document"), Value: p.PersonDocument},
		{Label: d.t("pdf.address"), Value: address},
		{Label: d.t("pdf.agreed"), Value: dayText(p.CreatedAt) + " · " + d.t(agreementKeys[p.Agreed])},
		{Label: d.t("pdf.worker"), Value: p.CreatedByName + " · " + p.UnitName},
		{Label: d.t("pdf.state"), Value: state},
	}
	if d.previous != nil {
		list = append(list, pdf.Fact{Label: d.t("pdf.previous"), Value: d.previous.Folio() + " · " + dayText(d.previous.CreatedAt)})
	}
	return list
}

func (d *document) boxes() []pdf.Box {
	pending, confirmed := d.plan.Count()
	list := []pdf.Box{
		{Title: i18n.Tf(d.ctx, "plan.pending", map[string]any{"Count": pending}), Mark: pdf.Todo, Ink: pdf.Red, Tint: pdf.RedTint},
		{Title: i18n.Tf(d.ctx, "plan.confirmed", map[string]any{"Count": confirmed}), Mark: pdf.Done, Ink: pdf.Green, Tint: pdf.GreenTint},
	}
	for i, n := range []int{pending, confirmed} {
		if n == 0 { // nothing there to be seen
			list[i].Ink, list[i].Tint = pdf.Grey, pdf.Shade
		}
	}
	if ended := len(d.plan.Items) - pending - confirmed; ended > 0 {
		list = append(list, pdf.Box{Title: i18n.Tf(d.ctx, "plan.ended", map[string]any{"Count": ended}), Mark: pdf.Gone, Ink: pdf.Grey, Tint: pdf.Shade})
	}
	return list
}

func (d *document) columns() []pdf.Column {
	return []pdf.Column{
		{Title: d.t("pdf.column.number"), Width: 0.05},
		{Title: d.t("plan.column.item"), Width: 0.36},
		{Title: d.t("plan.column.provider"), Width: 0.26},
		{Title: d.t("plan.column.amount"), Width: 0.13, Right: true},
		{Title: d.t("plan.column.status"), Width: 0.20},
	}
}

// The sizes of a row: what is said first, and what explains it.
var (
	strong = pdf.Style{Bold: true, Size: 9, Ink: pdf.Ink}
	plain  = pdf.Style{Size: 9, Ink: pdf.Ink}
	small  = pdf.Style{Size: 8, Ink: pdf.Muted}
)

func (d *document) rows() []pdf.Row {
	rows := make([]pdf.Row, 0, len(d.plan.Items))
	for i := range d.plan.Items {
		it := &d.plan.Items[i]
		rows = append(rows, pdf.Row{
			{{Text: strconv.Itoa(it.Position), Style: plain}},
			d.what(it),
			d.manager(it),
			{{Text: amountText(d.ctx, it.Amount), Style: plain}},
			d.status(it),
		})
	}
	return rows
}

// manager is who manages the item and, when it was referred, where the request is.
func (d *document) manager(it *Item) []pdf.Para {
	cell := []pdf.Para{{Text: it.Provider, Style: plain}, {Text: d.t(groupKeys[it.Management()]), Style: small}}
	if r := it.Referral; r != nil {
		cell = append(cell, pdf.Para{Text: joined(r.Folio(), stateText(d.ctx, r)), Style: small})
		if due := dueText(d.ctx, r); due != "" {
			cell = append(cell, pdf.Para{Text: due, Style: small})
		}
	}
	return cell
}

func (d *document) what(it *Item) []pdf.Para {
	cell := []pdf.Para{{Text: it.Name, Style: strong}}
	if it.Benefit() {
		cell = append(cell, pdf.Para{Text: quantityText(d.ctx, it.Quantity, it.Unit), Style: small})
	}
	for _, text := range details(d.ctx, &it.Agreed) {
		cell = append(cell, pdf.Para{Text: text, Style: small})
	}
	if it.Note != "" {
		cell = append(cell, pdf.Para{Text: "“" + it.Note + "”", Style: small})
	}
	return cell
}

// inks are the colour and the drawing of a status; the word stands beside them.
var inks = map[Status]struct {
	ink  pdf.Color
	mark pdf.Mark
}{
	Pending:     {pdf.Red, pdf.Todo},
	InProgress:  {pdf.Red, pdf.Doing},
	Confirmed:   {pdf.Green, pdf.Done},
	NotAchieved: {pdf.Grey, pdf.Failed},
	Withdrawn:   {pdf.Grey, pdf.Gone},
}

func (d *document) status(it *Item) []pdf.Para {
	ink := inks[it.Status]
	cell := []pdf.Para{{Text: statusText(d.ctx, it.Status), Style: pdf.Style{Bold: true, Size: 9, Ink: ink.ink}, Mark: ink.mark}}
	add := func(text string) {
		if text != "" {
			cell = append(cell, pdf.Para{Text: text, Style: small})
		}
	}
	if it.ChangedVersion > 1 {
		add(dayText(it.ChangedAt))
	}
	add(deliveredText(d.ctx, it))
	if it.Reason != "" {
		add(d.t("plan.reason") + ": " + it.Reason)
	}
	if it.Approval.State != NoApproval && !it.Status.Finished() {
		add(d.t(approvalKeys[it.Approval.State][it.Approval.Level]))
	}
	return cell
}
