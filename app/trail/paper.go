package trail

import (
	"context"
	"strings"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/kit/pdf"
	"gsl/app/people"
	"gsl/templates/layout"
)

// sheetOf is the paper on which somebody reads who has looked at their file.
type sheetOf struct {
	ctx   context.Context
	v     *Shown
	proof Proof
}

func (s sheetOf) t(key string) string { return i18n.T(s.ctx, key) }

// printTrail prints who has looked, for the person.
func printTrail(ctx context.Context, press *pdf.Press, who actor.Actor, v *Shown, proof Proof) ([]byte, error) {
	s := sheetOf{ctx, v, proof}
	return press.Print(ctx, pdf.Document{
		Owner: who.Municipality, Issuer: i18n.Tf(ctx, "pdf.issuer", map[string]any{"Name": who.Municipality.Name}), Unit: who.UnitName,
		Title: s.t("trail.paper.title"), Number: v.File.Number(), Date: v.Today.Chilean(), PageOf: s.t("pdf.page"),
		Subject: s.t("trail.paper.title"), Lang: i18n.Spanish, Changed: v.Today.Time(),
	}, s.draw)
}

func (s sheetOf) draw(sheet *pdf.Sheet) {
	sheet.Heading(s.t("pdf.person"))
	sheet.Facts([]pdf.Fact{
		{Label: s.t("pdf.name"), Value: people.DisplayName(s.ctx, s.v.File)},
		{Label: s.t("pdf.document"), Value: s.v.File.Number()},
		{Label: s.t("trail.paper.time"), Value: s.time()},
		{Label: s.t("trail.paper.total"), Value: summary(s.ctx, s.v)},
	})
	sheet.Heading(s.t("trail.paper.looks"))
	sheet.Text(s.t("trail.paper.intro"), 9, pdf.Ink)
	sheet.Space(2)
	sheet.Table(lookColumns(s.ctx), lookRows(s.ctx, s.v.Looks))
	if len(s.v.Looks) == 0 {
		sheet.Text(s.t("trail.none"), 9.5, pdf.Muted)
	}
	if s.v.Cut {
		sheet.Text(i18n.Tf(s.ctx, "trail.paper.cut", map[string]any{"Count": paperLooks}), 9, pdf.Ink)
	}
	drawProof(s.ctx, sheet, s.proof)
	sheet.Space(3)
	sheet.Text(s.t("trail.paper.rights"), 8.5, pdf.Muted)
}

// time is which days the paper is about.
func (s sheetOf) time() string {
	from, to := s.v.Asked.From, s.v.Asked.To
	switch {
	case from.IsZero() && to.IsZero():
		return i18n.Tf(s.ctx, "trail.paper.until", map[string]any{"To": s.v.Today.Chilean()})
	case from.IsZero():
		return i18n.Tf(s.ctx, "trail.paper.until", map[string]any{"To": to.Chilean()})
	case to.IsZero():
		to = s.v.Today
	}
	return i18n.Tf(s.ctx, "trail.paper.between", map[string]any{"From": from.Chilean(), "To": to.Chilean()})
}

func lookColumns(ctx context.Context) []pdf.Column {
	return []pdf.Column{
		{Title: i18n.T(ctx, "trail.column.when"), Width: 0.16},
		{Title: i18n.T(ctx, "trail.column.who"), Width: 0.28},
		{Title: i18n.T(ctx, "trail.column.what"), Width: 0.26},
		{Title: i18n.T(ctx, "trail.column.why"), Width: 0.30},
	}
}

// The sizes of a row: what is said first, and what explains it.
var (
	plain = pdf.Style{Size: 8.5, Ink: pdf.Ink}
	small = pdf.Style{Size: 8, Ink: pdf.Muted}
)

// lookRows are looks without their marks: those are for who oversees the workers.
func lookRows(ctx context.Context, looks []Look) []pdf.Row {
	rows := make([]pdf.Row, 0, len(looks))
	for i := range looks {
		l := &looks[i]
		rows = append(rows, pdf.Row{
			{{Text: calendar.On(l.To).Chilean(), Style: plain}, {Text: hours(ctx, l), Style: small}},
			{{Text: nameOf(ctx, l), Style: plain}, {Text: layout.RoleAndUnit(ctx, l.Role, l.Unit), Style: small}},
			{{Text: strings.Join(pagesOf(ctx, l), ", "), Style: plain}},
			{{Text: reasonOf(ctx, l), Style: plain}},
		})
	}
	return rows
}

// drawProof says that nothing was taken out of the record, and by what that can be
// told later.
func drawProof(ctx context.Context, sheet *pdf.Sheet, p Proof) {
	sheet.Heading(i18n.T(ctx, "trail.paper.proof"))
	v := presentProof(ctx, p)
	sheet.Text(v.Title, 9, pdf.Ink)
	sheet.Space(1)
	for _, line := range v.Lines {
		sheet.Text(line, 8, pdf.Muted)
	}
	if p.Intact() {
		sheet.Space(1)
		sheet.Text(i18n.T(ctx, "trail.paper.verify"), 8, pdf.Muted)
	}
}
