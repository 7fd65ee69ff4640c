package benefit

import (
	"time"

	"gsl/app/kit/held"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	"gsl/tenants"
)

// Held is what the municipality gave the person, the newest first.
func Held(tx *tenants.Tx, f people.File) ([]held.Record, error) {
	all, err := Received(tx, []string{f.Holder()})
	list := make([]held.Record, 0, len(all))
	for i := range all {
		g := &all[i]
		kind := held.Coded{Code: g.Kind, Text: i18n.T(tx.Context(), "held.cash")}
		if g.Kind == InKind {
			kind.Text = i18n.T(tx.Context(), "held.in_kind")
		}
		r := held.Of(g.Name, time.Time{})
		r.Add("on", g.On).Add("code", g.ItemCode).Add("kind", kind).Add("quantity", g.Quantity).Add("unit", g.Unit).Add("amount", held.Pesos(g.Amount)).
			Add("provider", g.Provider).Add("decree", g.Decree).Add("note", g.Note)
		list = append(list, r)
	}
	return list, err
}
