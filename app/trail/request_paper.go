package trail

import (
	"context"

	"gsl/app/kit/actor"
	"gsl/app/kit/i18n"
	"gsl/app/kit/pdf"
)

// printReceipt prints what the person leaves with: that the request came in, what it
// asks, and by when it must be answered.
func printReceipt(ctx context.Context, press *pdf.Press, who actor.Actor, v *RequestShown) ([]byte, error) {
	t := func(key string) string { return i18n.T(ctx, key) }
	return press.Print(ctx, pdf.Document{
		Owner: who.Municipality, Issuer: i18n.Tf(ctx, "pdf.issuer", map[string]any{"Name": who.Municipality.Name}), Unit: who.UnitName,
		Title: t("request.paper.title"), Number: i18n.Tf(ctx, "pdf.number", map[string]any{"Folio": v.Folio()}),
		Date: v.Received.Chilean(), PageOf: t("pdf.page"), Subject: t("request.paper.title"), Lang: i18n.Spanish, Changed: v.CreatedAt,
	}, func(s *pdf.Sheet) {
		s.Heading(kindText(ctx, v.Kind))
		var facts []pdf.Fact
		for _, f := range requestFacts(ctx, &v.Request) {
			facts = append(facts, pdf.Fact{Label: f.Name, Value: f.Text})
		}
		s.Facts(facts)
		s.Heading(t("request.new.asked"))
		s.Text(v.Asked, 10, pdf.Ink)
		s.Space(3)
		s.Text(i18n.Tf(ctx, "request.paper.clock", map[string]any{"Due": v.Due.Chilean()}), 10, pdf.Ink)
		if v.Answered {
			drawAnswer(ctx, s, &v.Request)
		}
		s.Space(3)
		s.Text(t("request.paper.foot"), 8.5, pdf.Muted)
		s.Signatures([]pdf.Signature{
			{Name: v.PersonName, Lines: []string{v.PersonNumber, t("request.paper.signs_person")}},
			{Name: v.CreatedByName, Lines: []string{t("request.paper.signs_worker")}},
		})
	})
}

func drawAnswer(ctx context.Context, s *pdf.Sheet, r *Request) {
	s.Heading(i18n.T(ctx, "request.answer.title"))
	var facts []pdf.Fact
	for _, f := range answerFacts(ctx, r) {
		facts = append(facts, pdf.Fact{Label: f.Name, Value: f.Text})
	}
	s.Facts(facts)
	s.Text(r.Answer.Text, 10, pdf.Ink)
}
