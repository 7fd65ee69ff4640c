package report

import (
	"context"

	"gsl/app/kit/i18n"
	"gsl/app/kit/pdf"
	views "gsl/templates/report"
)

// presentBlocks is what the paper says, for the screen: the same words in the same
// order, in the reader's language.
func presentBlocks(ctx context.Context, f *Frozen) []views.SheetBlock {
	p := &paper{ctx: ctx, f: f, c: &f.Content}
	c := p.c
	list := []views.SheetBlock{
		{Title: p.t("signature.paper.purpose"), Facts: factsOf(p.purpose()), Text: c.Purpose.Detail, Empty: p.lacks(c.Purpose.Name == "", "signature.empty.purpose")},
		{Title: p.t("signature.paper.person"), Facts: factsOf(p.person())},
		{Title: p.t("signature.paper.household"), Table: tableOf(p.householdColumns(), p.members(), 0)},
	}
	if c.Socioeconomic.Chosen {
		list = append(list, p.incomeBlock())
	}
	if c.Housing.Chosen {
		list = append(list, views.SheetBlock{Title: p.t("signature.paper.housing"), Facts: factsOf(p.dwelling()), Text: p.said(c.Housing.Text, len(p.dwelling()) > 0)})
	}
	list = p.optional(list, "signature.paper.health", &c.Health)
	list = p.optional(list, "signature.paper.education", &c.Education)
	if c.Networks.Chosen {
		b := views.SheetBlock{Title: p.t("signature.paper.networks"), Text: p.said(c.Networks.Text, f.Ecomap != nil)}
		if f.Ecomap != nil {
			columns, rows := p.ties()
			b.Table = tableOf(columns, rows, 0)
		}
		list = append(list, b)
	}
	asked := c.Asked()
	return append(list,
		views.SheetBlock{Title: p.t("signature.paper.opinion"), Text: c.Opinion.Text, Empty: p.lacks(c.Opinion.Text == "", "signature.empty.opinion")},
		views.SheetBlock{Title: p.t("signature.paper.requests"), List: asked, Empty: p.lacks(len(asked) == 0, "signature.empty.requests")})
}

// lacks says that something which has to be there is not.
func (p *paper) lacks(missing bool, key string) string {
	if !missing {
		return ""
	}
	return p.t(key)
}

func (p *paper) optional(list []views.SheetBlock, titleKey string, section *Section) []views.SheetBlock {
	if !section.Chosen {
		return list
	}
	return append(list, views.SheetBlock{Title: p.t(titleKey), Text: p.said(section.Text, false)})
}

func (p *paper) incomeBlock() views.SheetBlock {
	b := views.SheetBlock{Title: p.t("signature.paper.socioeconomic"), Text: p.c.Socioeconomic.Text}
	rows := p.incomes()
	if len(rows) == 0 {
		b.List = []string{p.t("signature.paper.no_income")}
		return b
	}
	b.Table = tableOf(p.incomeColumns(), append(rows, p.totals()...), len(p.totals()))
	b.Table.Last = true
	return b
}

func factsOf(list []pdf.Fact) []views.SheetFact {
	facts := make([]views.SheetFact, len(list))
	for i, f := range list {
		facts[i] = views.SheetFact(f)
	}
	return facts
}

// tableOf is a table of the paper for the screen; the last rows are its foot.
func tableOf(columns []pdf.Column, rows []pdf.Row, foot int) *views.SheetTable {
	t := &views.SheetTable{}
	for _, c := range columns {
		t.Head = append(t.Head, c.Title)
	}
	for i, row := range rows {
		cells := make([]views.SheetCell, len(row))
		for k, paras := range row {
			cells[k] = cellOf(paras)
		}
		if i >= len(rows)-foot {
			t.Foot = append(t.Foot, cells)
		} else {
			t.Rows = append(t.Rows, cells)
		}
	}
	return t
}

func cellOf(paras []pdf.Para) (c views.SheetCell) {
	for i, para := range paras {
		if i == 0 {
			c.Text = para.Text
		} else {
			c.Small = para.Text
		}
	}
	return c
}

// ties are the rows beside the drawing: what it says, in words.
func (p *paper) ties() ([]pdf.Column, []pdf.Row) {
	columns := []pdf.Column{
		{Title: p.t("signature.paper.tie_name"), Width: 0.3},
		{Title: p.t("signature.paper.tie_kind"), Width: 0.2},
		{Title: p.t("signature.paper.tie"), Width: 0.18},
		{Title: p.t("signature.paper.tie_note"), Width: 0.32},
	}
	var rows []pdf.Row
	for i := range p.f.Ecomap.Ties {
		t := &p.f.Ecomap.Ties[i]
		rows = append(rows, pdf.Row{cell(t.Name, strong), cell(t.KindText, plain), cell(p.t(tieKeys[t.Tie]), plain), cell(t.Note, plain)})
	}
	return columns, rows
}

// tieKeys are how a tie is, in words.
var tieKeys = map[string]string{
	"strong":      "signature.paper.tie_strong",
	"weak":        "signature.paper.tie_weak",
	"conflicting": "signature.paper.tie_conflicting",
}

func (p *paper) legend() []pdf.TieWord {
	return []pdf.TieWord{
		{Kind: pdf.StrongTie, Word: i18n.T(p.ctx, "signature.paper.tie_strong")},
		{Kind: pdf.WeakTie, Word: i18n.T(p.ctx, "signature.paper.tie_weak")},
		{Kind: pdf.ConflictTie, Word: i18n.T(p.ctx, "signature.paper.tie_conflicting")},
	}
}
