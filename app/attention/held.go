package attention

import (
	"context"
	"time"

	"gsl/app/kit/held"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	"gsl/tenants"
)

// Held is every attention of the person, the newest first, with what was told and
// what was noted. Those in which nothing was recorded are left to who looked.
func Held(tx *tenants.Tx, f people.File) ([]held.Record, error) {
	all, err := OfFile(tx, f.ID)
	var list []held.Record
	for i := range all {
		if all[i].State == Discarded {
			continue
		}
		told, err := explainedIn(tx, all[i].ID)
		if err != nil {
			return nil, err
		}
		list = append(list, heldAttention(tx.Context(), &all[i], told))
	}
	return list, err
}

func heldAttention(ctx context.Context, a *Attention, told []Explained) held.Record {
	r := held.Of(i18n.T(ctx, "held.attention_bare"), a.OpenedAt)
	if a.Number > 0 {
		r.Title = i18n.Tf(ctx, "held.attention", map[string]any{"Folio": a.Folio()})
	}
	r.Add("folio", a.Folio()).Add("on", a.Day).Add("desk", deskName(ctx, *a)).
		Add("channel", coded(ctx, string(a.Channel), channelKeys[a.Channel])).Add("topic", a.Topic).
		Add("state", held.Coded{Code: string(a.State), Text: stateText(ctx, a.State)}).
		Add("outcome", coded(ctx, string(a.Outcome), outcomeKeys[a.Outcome])).
		Add("told", a.Told).Add("note", a.Note).Add("next_on", a.NextOn).Add("opened_by", a.OpenedBy).Add("finished_by", a.FinishedBy)
	if a.Representative.Name != "" {
		one := held.Of(a.Representative.Name, time.Time{})
		one.Add("relationship", coded(ctx, a.Representative.Relationship, relationshipKeys[a.Representative.Relationship])).
			Add("authorisation", coded(ctx, a.Representative.Authorisation, authorisationKeys[a.Representative.Authorisation]))
		r.Add("representative", []held.Record{one})
	}
	names := make([]string, 0, len(told))
	for i := range told {
		names = append(names, told[i].Name)
	}
	r.Add("explained", names)
	return r
}

func coded(ctx context.Context, code, key string) held.Coded {
	if code == "" || key == "" {
		return held.Coded{}
	}
	return held.Coded{Code: code, Text: i18n.T(ctx, key)}
}
