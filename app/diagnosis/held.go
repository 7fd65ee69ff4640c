package diagnosis

import (
	"context"
	"time"

	"gsl/app/kit/held"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	"gsl/tenants"
)

// Held is every finished diagnosis of the person, the newest first.
func Held(tx *tenants.Tx, f people.File) ([]held.Record, error) {
	all, err := OfFile(tx, f.ID)
	list := make([]held.Record, 0, len(all))
	for i := range all {
		list = append(list, heldDiagnosis(tx.Context(), &all[i]))
	}
	return list, err
}

func heldDiagnosis(ctx context.Context, d *Diagnosis) held.Record {
	r := held.Of(i18n.T(ctx, "held.diagnosis"), d.DoneAt)
	var parts, ties []held.Record
	for _, dimension := range Dimensions() {
		p := d.Part(dimension)
		one := held.Of(i18n.T(ctx, dimensionKeys[dimension]), time.Time{})
		if p.Level != Unassessed {
			one.Add("level", held.Coded{Code: string(p.Level), Text: i18n.T(ctx, levelKeys[p.Level])})
		}
		one.Add("situation", p.Situation).Add("note", p.Note)
		parts = append(parts, one)
	}
	for i := range d.Ties {
		t := &d.Ties[i]
		one := held.Of(t.Name, time.Time{})
		one.Add("kind", held.Coded{Code: string(t.Kind), Text: i18n.T(ctx, kindKeys[t.Kind])}).
			Add("level", held.Coded{Code: string(t.Strength), Text: i18n.T(ctx, strengthKeys[t.Strength])}).Add("note", t.Note)
		ties = append(ties, one)
	}
	if d.Risk != "" {
		r.Add("risk", held.Coded{Code: string(d.Risk), Text: i18n.T(ctx, riskKeys[d.Risk])})
	}
	_, why := d.Own()
	r.Add("summary", d.Summary()).Add("reason", why).Add("by", d.DoneBy).Add("unit", d.Unit).Add("dimension", parts).Add("ties", ties)
	return r
}

// HeldGoals is what the case is for and what the family agreed to do.
func HeldGoals(tx *tenants.Tx, f people.File) ([]held.Record, error) {
	all, err := GoalsOf(tx, f.ID)
	ctx := tx.Context()
	var list []held.Record
	for i := range all.Goals {
		g := &all.Goals[i]
		r := heldAim(ctx, &g.Aim, standingKeys)
		r.Add("commitments", heldCommitments(ctx, g.Commitments))
		list = append(list, r)
	}
	return append(list, heldCommitments(ctx, all.Alone)...), err
}

func heldCommitments(ctx context.Context, all []Commitment) (list []held.Record) {
	for i := range all {
		r := heldAim(ctx, &all[i].Aim, keptKeys)
		r.Add("who", all[i].By)
		list = append(list, r)
	}
	return list
}

func heldAim(ctx context.Context, a *Aim, words map[Standing]string) held.Record {
	r := held.Of(a.Text, a.CreatedAt)
	r.Add("due_on", a.Due).Add("state", held.Coded{Code: string(a.Standing), Text: i18n.T(ctx, words[a.Standing])}).Add("reason", a.Reason).Add("by", a.CreatedBy)
	return r
}
