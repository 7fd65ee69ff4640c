package casework

import (
	"gsl/app/kit/held"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	"gsl/tenants"
)

// Held is who was responsible for the person's case and when, the newest first.
func Held(tx *tenants.Tx, f people.File) ([]held.Record, error) {
	terms, err := Terms(tx, f.ID)
	list := make([]held.Record, 0, len(terms))
	for _, t := range terms {
		r := held.Of(i18n.Tf(tx.Context(), "held.term", map[string]any{"Name": t.WorkerName}), t.From)
		r.Add("worker", t.WorkerName).Add("to", t.To)
		list = append(list, r)
	}
	return list, err
}
