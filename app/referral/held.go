package referral

import (
	"context"

	"gsl/app/kit/held"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	"gsl/tenants"
)

// Held is every referral of the person, the newest first.
func Held(tx *tenants.Tx, f people.File) ([]held.Record, error) {
	all, err := OfFile(tx, f.ID)
	list := make([]held.Record, 0, len(all))
	for i := range all {
		list = append(list, heldReferral(tx.Context(), &all[i]))
	}
	return list, err
}

func heldReferral(ctx context.Context, r *Referral) held.Record {
	h := held.Of(i18n.Tf(ctx, "held.referral", map[string]any{"Folio": r.Folio(), "Name": r.Name}), r.CreatedAt)
	h.Add("folio", r.Folio()).Add("code", r.Code).Add("from", deskText(ctx, r)).Add("by", r.CreatedByName).Add("unit_to", r.UnitName).
		Add("member", r.MemberName)
	for _, f := range r.Fields {
		text, label := f.Text, f.Label
		if text == "" {
			text = f.Value
		}
		if f.LabelKey != "" {
			label = i18n.T(ctx, f.LabelKey)
		}
		h.Asked(f.Name, label, text)
	}
	h.Add("note", r.Note).Add("override_reason", r.OverrideReason).
		Add("state", held.Coded{Code: string(r.State), Text: StateText(ctx, r.State)}).Add("due_on", r.Due)
	if r.WaitingFor != "" {
		h.Add("waiting_for", held.Coded{Code: string(r.WaitingFor), Text: i18n.T(ctx, waitingKeys[r.WaitingFor])})
	}
	if r.Outcome != "" {
		h.Add("outcome", held.Coded{Code: string(r.Outcome), Text: OutcomeText(ctx, r.Outcome)})
	}
	h.Add("reason", r.Reason).Add("answer", r.AnswerNote).Add("answered_on", r.AnsweredAt).Add("answered_by", r.AnsweredByName).
		Add("external_number", r.ExternalNumber).Add("external_status", r.ExternalStatus)
	return h
}
