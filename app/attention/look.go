package attention

import (
	"context"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/people"
	"gsl/templates/layout"
	"gsl/tenants"
)

// Shown is an attention with everything that its pages say of it.
type Shown struct {
	Attention Attention
	File      people.File
	Frame     *layout.FileFrame
	Explained []Explained
	Deeds     []Deed
	Made      []Made
	Topics    []Topic // those that can be chosen, and its own
	Empty     bool    // nothing was recorded: it can be thrown away
	Now       time.Time

	mark string // of what is written, before a topic is preset
}

// Made is something with a folio that was made in the attention.
type Made struct {
	Folio   string
	What    string        // of the catalogue; "" for a plan
	Where   string        // unit or institution; "" for a plan
	Contact string        // of the unit or institution: person, phone, address
	Due     calendar.Date // of the promised answer; zero for a plan
	Plan    bool
	ID      string
}

// Look gives an attention of this municipality with its file. The view is in the
// trail when it returns; what names the page there.
func (s *Service) Look(ctx context.Context, who actor.Actor, id, what string) (Shown, error) {
	var v Shown
	var err error
	if err = who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		v.Attention, err = byID(tx, id)
		return err
	}); err != nil {
		return v, err
	}
	if v.File, v.Frame, err = s.people.Visit(ctx, who, v.Attention.FileID, "", what); err != nil {
		return v, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error { return s.read(tx, who, &v) })
	if err != nil {
		return v, err
	}
	return v, s.markItems(ctx, who, &v)
}

// read gathers what the attention holds, in one transaction.
func (s *Service) read(tx *tenants.Tx, who actor.Actor, v *Shown) (err error) {
	v.Now = tx.Now
	if v.Attention, err = byID(tx, v.Attention.ID); err != nil {
		return err
	}
	v.mark = closingOf(&v.Attention).mark()
	if v.Explained, err = explainedIn(tx, v.Attention.ID); err != nil {
		return err
	}
	if v.Deeds, err = deedsOf(tx, &v.Attention); err != nil {
		return err
	}
	if v.Made, err = s.made(tx, who, v); err != nil {
		return err
	}
	recorded, err := hasRecord(tx, &v.Attention)
	if err != nil {
		return err
	}
	v.Empty = !recorded && v.Attention.State == Open
	v.Topics, err = topicsOf(tx, true)
	return err
}

// made lists the folios: the plans that the trail shows, then the referrals that
// the actor may know of.
func (s *Service) made(tx *tenants.Tx, who actor.Actor, v *Shown) ([]Made, error) {
	var list []Made
	for _, d := range v.Deeds {
		if d.Action == "plan.create" {
			list = append(list, Made{Folio: d.Folio, Plan: true, ID: d.Object})
		}
	}
	if s.Referrals == nil {
		return list, nil
	}
	referrals, err := s.Referrals(tx, who, &v.Attention)
	return append(list, referrals...), err
}

// markItems says of each deed what in the catalogue it is about, so that the
// topic can be preset.
func (s *Service) markItems(ctx context.Context, who actor.Actor, v *Shown) error {
	today, err := s.catalogue.Catalogue(ctx, who)
	if err != nil || v.Attention.TopicCode != "" || v.Attention.State != Open {
		return err
	}
	var marks []string
	mark := func(code string) {
		if it := today.Item(code); it != nil {
			marks = append(marks, it.SubcategoryCode, it.Category)
		}
	}
	for _, d := range v.Deeds {
		mark(d.Item)
	}
	for i := range v.Explained {
		mark(v.Explained[i].Code)
	}
	v.Attention.TopicCode = suggest(v.Topics, marks, v.Attention.Desk)
	return nil
}
