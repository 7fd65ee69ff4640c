package report

import (
	"context"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	views "gsl/templates/report"
)

// standings are what a standing says and how it looks: word, icon and colour.
var standings = map[Standing]struct {
	titleKey, textKey, icon, kind string
}{
	Valid:      {"verify.valid", "verify.valid_text", "check-circle", "good"},
	NotIssued:  {"verify.not_issued", "verify.not_issued_text", "hourglass-split", "wait"},
	Withdrawn:  {"verify.withdrawn", "verify.withdrawn_text", "x-circle", "bad"},
	Ended:      {"verify.annulled", "verify.annulled_text", "x-circle", "bad"},
	Superseded: {"verify.replaced", "verify.replaced_text", "x-circle", "bad"},
	Broken:     {"verify.broken", "verify.broken_text", "exclamation-triangle", "bad"},
}

// presentChecked puts what is known of a paper into words.
func presentChecked(ctx context.Context, c *Checked) *views.Verify {
	look := standings[c.Standing]
	v := &views.Verify{Standing: string(c.Standing), Title: i18n.T(ctx, look.titleKey), Icon: look.icon, Kind: look.kind, Code: c.Code, Digest: c.Digest,
		Text: i18n.Tf(ctx, look.textKey, map[string]any{"Folio": c.Instead})}
	add := func(key, value string) {
		if value != "" {
			v.Facts = append(v.Facts, views.SheetFact{Label: i18n.T(ctx, key), Value: value})
		}
	}
	date := func(d calendar.Date) string { return i18n.Date(ctx, d) }
	add("verify.type", i18n.T(ctx, "verify.report"))
	add("verify.municipality", i18n.Tf(ctx, "layout.municipality", map[string]any{"Name": c.Municipality}))
	add("verify.folio", c.Folio)
	add("verify.signed_on", date(c.SignedOn))
	add("verify.issued_on", date(c.IssuedOn))
	add("verify.ended_on", date(c.EndedOn))
	add("verify.instead", c.Instead)
	return v
}
