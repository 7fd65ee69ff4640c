package attention

import (
	"context"
	"net/http"
	"strings"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/kit/pdf"
	"gsl/app/kit/web"
	"gsl/app/people"
	views "gsl/templates/attention"
	"gsl/templates/layout"
	"gsl/tenants"
)

// attention shows what the person takes along: as a page, or as its PDF when the
// address ends so.
func (h *Handlers) attention(c *web.Ctx) error {
	id, isPaper := strings.CutSuffix(c.Param("attention"), ".pdf")
	what := "attention"
	if isPaper {
		what = "attention.pdf"
	}
	v, err := h.service.Look(c.Context(), c.Actor(), id, what)
	if err != nil {
		return err
	}
	if isPaper {
		return h.paper(c, &v)
	}
	page := layout.Page{Title: i18n.T(c.Context(), "attention.paper.title"), File: v.Frame, Print: true}
	return c.Page(http.StatusOK, page, views.PaperPage(presentPaper(c, &v)))
}

// paper answers with the PDF. Its name says the folio and nothing of the person.
func (h *Handlers) paper(c *web.Ctx, v *Shown) error {
	file, err := printPaper(c.Context(), h.press, c.Actor().Municipality, v)
	if err != nil {
		return err
	}
	return c.Download("application/pdf", "comprobante-"+or(v.Attention.Folio(), v.Attention.Day.String())+".pdf", file)
}

// slip is what the person takes along, in the words of one language. It holds
// neither the topic nor the note: it is carried home, where others may read it.
type slip struct {
	ctx context.Context
	v   *Shown
}

func (s slip) t(key string) string { return i18n.T(s.ctx, key) }

func (s slip) facts() []views.Fact {
	a := &s.v.Attention
	list := []views.Fact{
		{Name: s.t("attention.paper.person"), Text: people.DisplayName(s.ctx, s.v.File)},
		{Name: s.t("attention.paper.document"), Text: s.v.File.Number()},
		{Name: s.t("attention.paper.when"), Text: i18n.DateTime(s.ctx, a.OpenedAt)},
		{Name: s.t("attention.paper.desk"), Text: deskName(s.ctx, *a)},
		{Name: s.t("attention.paper.worker"), Text: or(a.FinishedBy, a.OpenedBy)},
		{Name: s.t("attention.paper.channel"), Text: s.t(channelKeys[a.Channel])},
	}
	if r := a.Representative; r.Name != "" {
		text := r.Name
		if r.RUN != "" {
			text += " · " + r.RUN
		}
		list = append(list, views.Fact{Name: s.t("attention.paper.representative"), Text: text + " · " + s.t(relationshipKeys[r.Relationship])})
	}
	return list
}

func (s slip) made() []views.Made {
	var list []views.Made
	for _, m := range s.v.Made {
		if m.Plan {
			list = append(list, views.Made{Folio: m.Folio, What: s.t("attention.paper.plan"), Href: "/plans/" + m.ID})
			continue
		}
		line := views.Made{Folio: m.Folio, What: m.What, Where: whereTo(&m), Href: "/referrals/" + m.ID}
		if !m.Due.IsZero() {
			line.By = i18n.Tf(s.ctx, "attention.paper.by", map[string]any{"On": m.Due.Chilean()})
		}
		list = append(list, line)
	}
	return list
}

// whereTo names the unit, unless what was asked has its name already, and whom to
// turn to there.
func whereTo(m *Made) string {
	switch {
	case m.Where == m.What:
		return m.Contact
	case m.Contact == "":
		return m.Where
	}
	return m.Where + " · " + m.Contact
}

func (s slip) number() string {
	if folio := s.v.Attention.Folio(); folio != "" {
		return i18n.Tf(s.ctx, "pdf.number", map[string]any{"Folio": folio})
	}
	return s.t("attention.paper.no_number")
}

// presentPaper is the page: for the desk above, for the person below.
func presentPaper(c *web.Ctx, v *Shown) *views.Paper {
	ctx, a := c.Context(), &v.Attention
	s := slip{ctx, v}
	address := "/attentions/" + a.ID
	p := &views.Paper{Title: title(ctx, a), Number: s.number(), PDF: address + ".pdf", State: stateLine(ctx, v),
		Facts: s.facts(), Told: a.Told, Made: s.made(), NextDate: a.NextOn.Chilean(), Inside: inside(ctx, v)}
	for i := range v.Explained {
		it := &v.Explained[i]
		p.Items = append(p.Items, views.PaperItem{Name: it.Name, Provider: it.Provider, Requirements: it.Requirements, Contact: it.Contact})
	}
	if a.State == Open && a.ofDesk(c.Actor()) {
		p.Open = address + "/finish"
	}
	if a.Reopens(c.Actor(), calendar.On(v.Now)) {
		p.Reopen = address + "/reopen"
	}
	return p
}

// title says on top of the page where the attention stands.
func title(ctx context.Context, a *Attention) string {
	if a.State == Open {
		return i18n.T(ctx, "attention.paper.title_open")
	}
	return i18n.T(ctx, "attention.paper.title_finished")
}

func stateLine(ctx context.Context, v *Shown) string {
	a := &v.Attention
	switch {
	case a.State == Open:
		return i18n.Tf(ctx, "attention.paper.still_open", map[string]any{"Minutes": minutesText(ctx, a.Minutes(v.Now))})
	case a.FinishedBy == "":
		return i18n.T(ctx, "attention.paper.ended_alone")
	}
	return i18n.Tf(ctx, "attention.paper.ended", map[string]any{"At": i18n.Clock(ctx, a.FinishedAt), "By": a.FinishedBy, "Minutes": minutesText(ctx, a.Minutes(v.Now))})
}

// inside is what the desk sees and the paper does not say.
func inside(ctx context.Context, v *Shown) []views.Fact {
	a := &v.Attention
	list := []views.Fact{}
	if a.Outcome != "" {
		list = append(list, views.Fact{Name: i18n.T(ctx, "attention.finish.level"), Text: i18n.T(ctx, outcomeKeys[a.Outcome])})
	}
	topic := a.Topic
	if topic == "" {
		topic = i18n.T(ctx, "attention.topic.none")
	}
	list = append(list, views.Fact{Name: i18n.T(ctx, "attention.finish.topic"), Text: topic})
	if r := a.Representative; r.Name != "" {
		list = append(list, views.Fact{Name: i18n.T(ctx, "attention.rep.authorisation"), Text: i18n.T(ctx, authorisationKeys[r.Authorisation])})
	}
	if a.Note != "" {
		list = append(list, views.Fact{Name: i18n.T(ctx, "attention.finish.note"), Text: a.Note})
	}
	return list
}

// printPaper prints the slip. Municipal documents are in Spanish, whatever the
// language of the screen.
func printPaper(ctx context.Context, press *pdf.Press, m *tenants.Municipality, v *Shown) ([]byte, error) {
	ctx = i18n.With(ctx, i18n.Spanish)
	s := slip{ctx, v}
	changed := v.Attention.FinishedAt
	if changed.IsZero() {
		changed = v.Attention.OpenedAt
	}
	return press.Print(ctx, pdf.Document{
		Owner: m, Issuer: i18n.Tf(ctx, "pdf.issuer", map[string]any{"Name": m.Name}), Unit: deskName(ctx, v.Attention),
		Title: s.t("attention.paper.title"), Number: s.number(), Date: v.Attention.Day.Chilean(), PageOf: s.t("pdf.page"),
		Subject: s.t("attention.paper.title"), Lang: i18n.Spanish, Changed: changed,
	}, s.draw)
}

func (s slip) draw(sheet *pdf.Sheet) {
	a := &s.v.Attention
	sheet.Heading(s.t("attention.paper.attended"))
	var facts []pdf.Fact
	for _, f := range s.facts() {
		facts = append(facts, pdf.Fact{Label: f.Name, Value: f.Text})
	}
	sheet.Facts(facts)
	if a.Told != "" {
		sheet.Heading(s.t("attention.paper.told"))
		sheet.Text(a.Told, 10, pdf.Ink)
	}
	if len(s.v.Explained) > 0 {
		sheet.Heading(s.t("attention.paper.explained"))
		sheet.Table(s.itemColumns(), s.itemRows())
	}
	if len(s.v.Made) > 0 {
		sheet.Heading(s.t("attention.paper.made"))
		sheet.Table(s.madeColumns(), s.madeRows())
	}
	if !a.NextOn.IsZero() {
		sheet.Heading(s.t("attention.paper.next"))
		sheet.Text(a.NextOn.Chilean(), 12, pdf.Ink)
	}
	sheet.Space(4)
	sheet.Text(s.t("attention.paper.foot"), 8.5, pdf.Muted)
}

func (s slip) itemColumns() []pdf.Column {
	return []pdf.Column{
		{Title: s.t("attention.paper.item"), Width: 0.36},
		{Title: s.t("attention.paper.requirements"), Width: 0.36},
		{Title: s.t("attention.paper.contact"), Width: 0.28},
	}
}

// The sizes of a row: what is said first, and what explains it.
var (
	strong = pdf.Style{Bold: true, Size: 9.5, Ink: pdf.Ink}
	plain  = pdf.Style{Size: 9.5, Ink: pdf.Ink}
	small  = pdf.Style{Size: 8.5, Ink: pdf.Muted}
)

func (s slip) itemRows() []pdf.Row {
	rows := make([]pdf.Row, 0, len(s.v.Explained))
	for i := range s.v.Explained {
		it := &s.v.Explained[i]
		what := []pdf.Para{{Text: it.Name, Style: strong}}
		if it.Provider != "" {
			what = append(what, pdf.Para{Text: it.Provider, Style: small})
		}
		var papers []pdf.Para
		for _, r := range it.Requirements {
			papers = append(papers, pdf.Para{Text: "• " + r, Style: plain})
		}
		if len(papers) == 0 {
			papers = []pdf.Para{{Text: s.t("attention.paper.no_requirements"), Style: small}}
		}
		contact := pdf.Para{Text: it.Contact, Style: plain}
		if it.Contact == "" {
			contact = pdf.Para{Text: s.t("attention.paper.no_contact"), Style: small}
		}
		rows = append(rows, pdf.Row{what, papers, {contact}})
	}
	return rows
}

func (s slip) madeColumns() []pdf.Column {
	return []pdf.Column{
		{Title: s.t("attention.paper.folio"), Width: 0.2},
		{Title: s.t("attention.paper.what"), Width: 0.5},
		{Title: s.t("attention.paper.answer"), Width: 0.3},
	}
}

func (s slip) madeRows() []pdf.Row {
	var rows []pdf.Row
	for _, m := range s.made() {
		what := []pdf.Para{{Text: m.What, Style: plain}}
		if m.Where != "" {
			what = append(what, pdf.Para{Text: m.Where, Style: small})
		}
		rows = append(rows, pdf.Row{{{Text: m.Folio, Style: strong}}, what, {{Text: m.By, Style: plain}}})
	}
	return rows
}
