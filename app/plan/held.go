package plan

import (
	"context"
	"time"

	"gsl/app/kit/held"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	"gsl/tenants"
)

// Held is every intervention plan of the person with its items, the newest first.
func Held(tx *tenants.Tx, f people.File) ([]held.Record, error) {
	all, err := OfFile(tx, f.ID)
	list := make([]held.Record, 0, len(all))
	for i := range all {
		list = append(list, heldPlan(tx.Context(), &all[i]))
	}
	return list, err
}

func heldPlan(ctx context.Context, p *Plan) held.Record {
	r := held.Of(i18n.Tf(ctx, "held.plan", map[string]any{"Folio": p.Folio()}), p.CreatedAt)
	state := held.Coded{Code: "open", Text: i18n.T(ctx, "held.open")}
	if p.Closed {
		state = held.Coded{Code: "closed", Text: i18n.T(ctx, "held.closed")}
	}
	var items []held.Record
	for i := range p.Items {
		items = append(items, heldItem(ctx, &p.Items[i]))
	}
	r.Add("folio", p.Folio()).Add("agreed", held.Coded{Code: string(p.Agreed), Text: i18n.T(ctx, agreementKeys[p.Agreed])}).
		Add("by", p.CreatedByName).Add("unit", p.UnitName).Add("state", state).Add("closed_at", p.ClosedAt).Add("items", items)
	return r
}

func heldItem(ctx context.Context, it *Item) held.Record {
	r := held.Of(it.Name, time.Time{})
	r.Add("code", it.Code).Add("category", it.Category).Add("provider", it.Provider).Add("member", it.MemberName)
	if it.Benefit() {
		r.Add("quantity", it.Quantity)
	}
	if it.Amount.Known {
		r.Add("amount", held.Pesos(it.Amount.Pesos))
	}
	for _, f := range it.Fields {
		text, label := f.Text, f.Label
		if text == "" {
			text = f.Value
		}
		if f.LabelKey != "" {
			label = i18n.T(ctx, f.LabelKey)
		}
		r.Asked(f.Name, label, text)
	}
	r.Add("note", it.Note).Add("override_reason", it.OverrideReason).
		Add("state", held.Coded{Code: string(it.Status), Text: statusText(ctx, it.Status)}).Add("reason", it.Reason).
		Add("changed_at", it.ChangedAt).Add("delivered_on", it.Delivery.On)
	return r
}
