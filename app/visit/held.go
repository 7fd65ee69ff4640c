package visit

import (
	"context"

	"gsl/app/kit/held"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	"gsl/tenants"
)

// Held is every visit to the person's home, the newest first.
func Held(tx *tenants.Tx, f people.File) ([]held.Record, error) {
	all, err := OfFile(tx, f.ID)
	list := make([]held.Record, 0, len(all))
	for i := range all {
		list = append(list, heldVisit(tx.Context(), &all[i]))
	}
	return list, err
}

func heldVisit(ctx context.Context, v *Visit) held.Record {
	r := held.Of(Brief(ctx, v), v.CreatedAt)
	r.Add("state", held.Coded{Code: string(v.Status), Text: StatusText(ctx, v.Status)}).Add("due_on", v.Day).Add("worker", v.WorkerName).
		Add("address", v.Address).Add("purpose", v.Purpose).Add("companion", v.Companion).Add("on", v.On).Add("present", v.Present)
	for _, group := range Checklist {
		for _, q := range group.Questions {
			r.Asked(q.Code, i18n.T(ctx, q.Key), q.answer(ctx, v.Findings[q.Code]))
		}
	}
	r.Add("note", v.Note).Add("reason", v.Reason).Add("by", v.EndedByName)
	return r
}

// answer is what was found, in words.
func (q *Question) answer(ctx context.Context, found string) string {
	for _, c := range q.Choices {
		if c.Code == found {
			return i18n.T(ctx, c.Key)
		}
	}
	return found
}
