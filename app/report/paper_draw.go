package report

import (
	"context"
	"strconv"
	"strings"
	"time"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/kit/pdf"
	"gsl/app/people"
)

// paper draws one report.
type paper struct {
	ctx  context.Context
	r    *Report
	f    *Frozen
	c    *Content
	next *Report
	base string

	handed bool // of the others in the household only who they are
}

func (p *paper) t(key string) string { return i18n.T(p.ctx, key) }

func (p *paper) tf(key, name string, value any) string {
	return i18n.Tf(p.ctx, key, map[string]any{name: value})
}

func (p *paper) signed() bool { return !p.r.Signature.At.IsZero() }

// changed is when what the paper says was last changed: two copies of one state
// are the same bytes.
func (p *paper) changed() time.Time {
	last := p.r.CreatedAt
	for _, at := range []time.Time{p.r.Signature.At, p.r.Approval.At, p.r.Issue.At, p.r.Annulment.At} {
		if at.After(last) {
			last = at
		}
	}
	return last
}

// mark stands behind the text of what must not be taken for an issued report.
func (p *paper) mark() string {
	switch p.r.State {
	case Draft:
		return p.t("signature.paper.mark_draft")
	case Signed, Approved:
		return p.t("signature.paper.mark_pending")
	case Annulled:
		return p.t("signature.paper.mark_annulled")
	case Issued:
	}
	return ""
}

func (p *paper) draw(s *pdf.Sheet) error {
	p.ended(s)
	if p.handed {
		s.Notice(p.t("signature.paper.handed"), pdf.Ink, pdf.Shade)
	}
	s.Heading(p.t("signature.paper.purpose"))
	s.Facts(p.purpose())
	p.prose(s, p.c.Purpose.Detail)
	s.Heading(p.t("signature.paper.person"))
	s.Facts(p.person())
	p.household(s)
	p.income(s)
	p.housing(s)
	p.section(s, "signature.paper.health", &p.c.Health)
	p.section(s, "signature.paper.education", &p.c.Education)
	p.networks(s)
	s.Heading(p.t("signature.paper.opinion"))
	p.prose(s, p.c.Opinion.Text)
	p.requests(s)
	return p.close(s)
}

// ended says first of all that the report is not valid any more.
func (p *paper) ended(s *pdf.Sheet) {
	if p.r.State != Annulled {
		return
	}
	text := i18n.Tf(p.ctx, "signature.paper.annulled", map[string]any{"On": day(p.r.Annulment.At), "Name": p.r.Annulment.Name, "Reason": p.r.Annulment.Reason})
	if p.next != nil && p.next.State == Issued {
		text += " " + p.tf("signature.paper.replaced", "Folio", p.next.Folio())
	}
	s.Notice(text, pdf.Red, pdf.RedTint)
}

func day(at time.Time) string { return calendar.On(at).Chilean() }

// filledFacts are the facts of which something is said.
func filledFacts(list ...pdf.Fact) []pdf.Fact {
	var kept []pdf.Fact
	for _, f := range list {
		if strings.TrimSpace(f.Value) != "" {
			kept = append(kept, f)
		}
	}
	return kept
}

func (p *paper) prose(s *pdf.Sheet, text string) {
	if strings.TrimSpace(text) != "" {
		s.Prose(text)
	}
}

func (p *paper) purpose() []pdf.Fact {
	return filledFacts(
		pdf.Fact{Label: p.t("signature.paper.purpose_name"), Value: p.c.Purpose.Name},
		pdf.Fact{Label: p.t("signature.paper.addressee"), Value: p.c.Purpose.Addressee},
	)
}

var sexKeys = map[string]string{"F": "people.sex.f", "M": "people.sex.m", "X": "people.sex.x"}

func (p *paper) person() []pdf.Fact {
	who := &p.c.Person
	born, sex, tramo := who.Born, "", ""
	if age := people.AgeText(p.ctx, who.Age); age != "" && born != "" {
		born += " (" + age + ")"
	}
	if key := sexKeys[who.Sex]; key != "" {
		sex = p.t(key)
	}
	if who.Tramo > 0 {
		tramo = strconv.Itoa(who.Tramo) + " %"
	}
	address := who.Address
	if who.Commune != "" && !strings.Contains(address, who.Commune) {
		address = strings.TrimPrefix(address+", "+who.Commune, ", ")
	}
	name := who.Name
	if name == "" {
		name = p.t("people.unnamed")
	}
	return filledFacts(
		pdf.Fact{Label: p.t("signature.paper.name"), Value: name},
		pdf.Fact{Label: p.t("signature.paper.number"), Value: who.Number},
		pdf.Fact{Label: p.t("signature.paper.born"), Value: born},
		pdf.Fact{Label: p.t("signature.paper.sex"), Value: sex},
		pdf.Fact{Label: p.t("signature.paper.nationality"), Value: who.Nationality},
		pdf.Fact{Label: p.t("signature.paper.address"), Value: address},
		pdf.Fact{Label: p.t("signature.paper.phone"), Value: who.Phone},
		pdf.Fact{Label: p.t("signature.paper.tramo"), Value: tramo},
		pdf.Fact{Label: p.t("signature.paper.registry"), Value: who.Registry},
	)
}

// The sizes of a table: what is said first, and what explains it.
var (
	strong = pdf.Style{Bold: true, Size: 8.8, Ink: pdf.Ink}
	plain  = pdf.Style{Size: 8.8, Ink: pdf.Ink}
	small  = pdf.Style{Size: 7.8, Ink: pdf.Muted}
)

func cell(text string, style pdf.Style) []pdf.Para {
	if text == "" {
		text = "—"
	}
	return []pdf.Para{{Text: text, Style: style}}
}

func (p *paper) household(s *pdf.Sheet) {
	s.Heading(p.t("signature.paper.household"))
	s.Table(p.householdColumns(), p.members())
	if on := p.c.Household.DataDate; on != "" {
		s.Text(p.tf("signature.paper.source", "On", on), 7.8, pdf.Muted)
	}
}

func (p *paper) householdColumns() []pdf.Column {
	return []pdf.Column{
		{Title: p.t("signature.paper.member"), Width: 0.27},
		{Title: p.t("signature.paper.born"), Width: 0.14},
		{Title: p.t("signature.paper.relationship"), Width: 0.14},
		{Title: p.t("signature.paper.schooling"), Width: 0.15},
		{Title: p.t("signature.paper.occupation"), Width: 0.15},
		{Title: p.t("signature.paper.health"), Width: 0.15},
	}
}

func (p *paper) members() []pdf.Row {
	var rows []pdf.Row
	on := calendar.On(p.f.SignedAt)
	for i := range p.c.Household.Members {
		m := &p.c.Household.Members[i]
		if m.Blank() {
			continue
		}
		name, born := cell(m.Name, strong), cell(m.Born, plain)
		if m.RUN != "" {
			name = append(name, pdf.Para{Text: m.RUN, Style: small})
		}
		if age := people.AgeText(p.ctx, m.Age(on)); age != "" {
			born = append(born, pdf.Para{Text: age, Style: small})
		}
		rows = append(rows, pdf.Row{name, born, cell(m.Relationship, plain), cell(m.Education, plain), cell(m.Occupation, plain), cell(m.Health, plain)})
	}
	return rows
}

func (p *paper) income(s *pdf.Sheet) {
	e := &p.c.Socioeconomic
	if !e.Chosen {
		return
	}
	s.Heading(p.t("signature.paper.socioeconomic"))
	p.prose(s, e.Text)
	rows := p.incomes()
	if len(rows) == 0 {
		s.Text(p.t("signature.paper.no_income"), 9.5, pdf.Ink)
		return
	}
	s.Table(p.incomeColumns(), append(rows, p.totals()...))
}

func (p *paper) incomeColumns() []pdf.Column {
	return []pdf.Column{
		{Title: p.t("signature.paper.income_who"), Width: 0.4},
		{Title: p.t("signature.paper.income_source"), Width: 0.38},
		{Title: p.t("signature.paper.income_amount"), Width: 0.22, Right: true},
	}
}

func (p *paper) incomes() (rows []pdf.Row) {
	for i := range p.c.Socioeconomic.Incomes {
		in := &p.c.Socioeconomic.Incomes[i]
		if in.Blank() {
			continue
		}
		pesos, _ := in.Pesos()
		rows = append(rows, pdf.Row{cell(in.Who, plain), cell(in.Source, plain), cell(i18n.Money(p.ctx, pesos), plain)})
	}
	return rows
}

// totals are the last rows of the table: computed, never typed.
func (p *paper) totals() []pdf.Row {
	rows := []pdf.Row{{cell(p.t("signature.paper.total"), strong), {}, cell(i18n.Money(p.ctx, p.c.Socioeconomic.Total()), strong)}}
	if heads := p.c.Household.Heads(); heads > 0 {
		rows = append(rows, pdf.Row{cell(p.tf("signature.paper.per_head", "Count", heads), strong), {}, cell(i18n.Money(p.ctx, p.c.PerHead()), strong)})
	}
	return rows
}

func (p *paper) housing(s *pdf.Sheet) {
	h := &p.c.Housing
	if !h.Chosen {
		return
	}
	s.Heading(p.t("signature.paper.housing"))
	s.Facts(p.dwelling())
	p.prose(s, p.said(h.Text, len(p.dwelling()) > 0))
}

func (p *paper) dwelling() []pdf.Fact {
	h := &p.c.Housing
	return filledFacts(
		pdf.Fact{Label: p.t("signature.paper.dwelling"), Value: h.Type},
		pdf.Fact{Label: p.t("signature.paper.tenure"), Value: h.Tenure},
		pdf.Fact{Label: p.t("signature.paper.rooms"), Value: h.Rooms},
		pdf.Fact{Label: p.t("signature.paper.water"), Value: h.Water},
	)
}

// section prints an optional section, if it is chosen.
func (p *paper) section(s *pdf.Sheet, titleKey string, section *Section) {
	if !section.Chosen {
		return
	}
	s.Heading(p.t(titleKey))
	p.prose(s, p.said(section.Text, false))
}

// said is the text of a section that was chosen: one in which nothing stands says so,
// else its title would stand alone on the paper.
func (p *paper) said(text string, more bool) string {
	if strings.TrimSpace(text) == "" && !more {
		return p.t("signature.paper.nothing")
	}
	return text
}

func (p *paper) networks(s *pdf.Sheet) {
	if !p.c.Networks.Chosen {
		return
	}
	s.Heading(p.t("signature.paper.networks"))
	p.prose(s, p.said(p.c.Networks.Text, p.f.Ecomap != nil))
	if p.f.Ecomap != nil {
		s.Diagram(p.diagram())
		s.Table(p.ties())
	}
}

func (p *paper) requests(s *pdf.Sheet) {
	s.Heading(p.t("signature.paper.requests"))
	list := p.c.Asked()
	for i, text := range list {
		if len(list) > 1 {
			text = strconv.Itoa(i+1) + ". " + text
		}
		s.Prose(text)
	}
}
