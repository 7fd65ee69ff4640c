package referral

import (
	"context"
	"net/url"
	"slices"

	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
)

// asks gives the item whose form corrects a returned referral, with what is
// known of the household; nil when the item left the catalogue or asks for other
// things by now: then only the note can be corrected.
func (s *Service) asks(ctx context.Context, who actor.Actor, r *Referral) (*catalogue.Item, *catalogue.Facts, error) {
	if r.Code == "" || s.Facts == nil {
		return nil, nil, nil
	}
	it, err := s.catalogue.Item(ctx, who, r.Code)
	if fault.Is(err, fault.NotFound) || err == nil && !fits(r, it) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	facts, err := s.Facts(ctx, who, r.FileID)
	return it, facts, err
}

// fits reports whether the item still asks for all that the referral holds.
func fits(r *Referral, it *catalogue.Item) bool {
	for _, f := range r.Fields {
		if it.Field(f.Name) == nil {
			return false
		}
	}
	return true
}

// values are the answers of a referral as a form sends them.
func (r *Referral) values(it *catalogue.Item) url.Values {
	form := url.Values{catalogue.FieldNote: {r.Note}}
	for _, f := range r.Fields {
		form.Set(f.Name, f.Value)
	}
	if member := it.MemberField(); member != "" {
		form.Set(member, r.Member)
	}
	return form
}

// The fields of a correction that are not the item's own.
var resendFields = []string{"at", "box", "version"}

// Correction reads the form of a returned referral: with the item's own fields
// when it has them, else the note alone.
func (s *Service) Correction(ctx context.Context, who actor.Actor, r *Referral, form url.Values) (Move, error) {
	m := Move{Verb: Resend, Note: form.Get(catalogue.FieldNote)}
	it, facts, err := s.asks(ctx, who, r)
	if err != nil || it == nil {
		return m, err
	}
	wrong := strangers(form, resendFields, it)
	values, bad := catalogue.ParseFields(it, form, facts.Members)
	if wrong = append(wrong, bad...); len(wrong) > 0 {
		return m, fault.InvalidFields(wrong...)
	}
	n := New{}
	n.fill(&Draft{Item: it, Facts: facts}, values)
	m.Corrected, m.Fields, m.Member, m.MemberName, m.Note = true, n.Fields, n.Member, n.MemberName, n.Note
	return m, nil
}

// correction says, for the history, what a resend changed: in Spanish, as
// everything that is kept.
func correction(ctx context.Context, before, after *Asked) string {
	ctx = i18n.With(ctx, i18n.Spanish)
	text := ""
	if after.MemberName != before.MemberName {
		text = joined(text, i18n.T(ctx, "referral.member")+": "+or(after.MemberName, "—"))
	}
	for i, pair := range fieldPairs(ctx, after.Fields) {
		at := slices.IndexFunc(before.Fields, func(f FieldValue) bool { return f.Name == after.Fields[i].Name })
		if at < 0 || before.Fields[at].Value != after.Fields[i].Value {
			text = joined(text, pair.Label+": "+pair.Text)
		}
	}
	for i, pair := range fieldPairs(ctx, before.Fields) {
		if !slices.ContainsFunc(after.Fields, func(f FieldValue) bool { return f.Name == before.Fields[i].Name }) {
			text = joined(text, pair.Label+": —")
		}
	}
	if after.Note != before.Note {
		text = joined(text, after.Note)
	}
	return text
}
