package catalogue

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Reviewed is one draft as publishing it today would turn out.
type Reviewed struct {
	Step
	Wrong []fault.Field // why it cannot be published
	// NewProvider: no national item had that provider, so each municipality has
	// to say who it is.
	NewProvider bool
}

// Pick names a draft in the text that was reviewed.
func (r *Reviewed) Pick() string {
	return r.Draft.Code + ":" + strconv.FormatInt(r.Draft.Revision, 10)
}

// Review is everything that waits to be published.
type Review struct {
	Today calendar.Date
	Steps []Reviewed
	known *vocabulary
}

// Review shows what publishing the drafts would change.
func (e *Editor) Review(ctx context.Context, who actor.Actor) (Review, error) {
	var r Review
	err := e.view(ctx, who, func(tx *tenants.Tx) (err error) {
		r, err = review(tx)
		return err
	})
	return r, err
}

func review(tx *tenants.Tx) (Review, error) {
	r := Review{Today: calendar.On(tx.Now)}
	drafts, err := loadDrafts(tx, "")
	if err != nil || len(drafts) == 0 {
		return r, err
	}
	if r.known, err = loadVocabulary(tx); err != nil {
		return r, err
	}
	versions, err := loadVersions(tx, "")
	if err != nil {
		return r, err
	}
	providers := map[string]bool{}
	for _, list := range versions {
		for i := range list {
			providers[fold(list[i].Provider)] = true
		}
	}
	for _, d := range drafts {
		step := Reviewed{Step: d.plan(versions[d.Code], r.Today)}
		step.Wrong = r.wrong(d)
		step.NewProvider = step.After != nil && d.Provider != "" && !providers[fold(d.Provider)]
		r.Steps = append(r.Steps, step)
	}
	return r, nil
}

// wrong says why a draft cannot be published today, although it could be kept: its
// day has passed, or what it asks about is gone.
func (r *Review) wrong(d *Draft) []fault.Field {
	wrong := checkFrom(d.From, r.Today)
	if !d.Retires {
		_, bad := d.item(r.known)
		wrong = append(wrong, bad...)
	}
	return wrong
}

// PublishForm is what somebody publishes: the drafts they saw, and why.
type PublishForm struct {
	Key    string   // of the form: sent twice, it publishes once
	Picks  []string // of Reviewed
	Reason string
	Code   string // second factor
}

const (
	maxReason = 500
	minReason = 5
)

func (f *PublishForm) check() error {
	f.Reason = strings.TrimSpace(f.Reason)
	var wrong []fault.Field
	if len([]rune(f.Reason)) < minReason {
		wrong = append(wrong, fault.Field{Name: "reason", Key: "catalogue.national.error.reason"})
	}
	wrong = append(wrong, tooLong("reason", f.Reason, maxReason)...)
	if len(f.Picks) == 0 {
		wrong = append(wrong, fault.Field{Name: "pick", Key: "catalogue.national.error.pick"})
	}
	if len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	return nil
}

// chosen gives the steps of the picks. fault.Conflict when a draft is not the one
// that was seen any more.
func (r *Review) chosen(picks []string) ([]*Reviewed, error) {
	var list []*Reviewed
	for _, pick := range picks {
		at := slices.IndexFunc(r.Steps, func(s Reviewed) bool { return s.Pick() == pick })
		if at < 0 {
			return nil, fault.New(fault.Conflict, "catalogue.national.error.review_again")
		}
		if s := &r.Steps[at]; len(s.Wrong) > 0 || s.Same {
			return nil, fault.New(fault.Conflict, "catalogue.national.error.not_ready").With("Code", s.Draft.Code)
		}
		if !slices.Contains(list, &r.Steps[at]) {
			list = append(list, &r.Steps[at])
		}
	}
	return list, nil
}

// Publish puts drafts in force for every municipality in one transaction: from the
// next request on, or from the day that each says. The same form sent twice
// publishes once.
func (e *Editor) Publish(ctx context.Context, who actor.Actor, form PublishForm) (Publication, error) {
	if err := mayAdminister(who); err != nil {
		return Publication{}, err
	}
	if err := form.check(); err != nil {
		return Publication{}, err
	}
	done, err := e.published(ctx, who, form)
	if err != nil || done.ID != 0 {
		return done, err
	}
	if err := e.Confirm(ctx, who, form.Code); err != nil {
		return done, err
	}
	err = e.update(ctx, who, func(tx *tenants.Tx) (err error) {
		done, err = publish(tx, who, form)
		return err
	})
	if err == nil {
		e.service.Forget("")
	}
	return done, err
}

// published finds what the form published already; else it looks whether it could
// be, before a code is asked for and used up.
func (e *Editor) published(ctx context.Context, who actor.Actor, form PublishForm) (p Publication, err error) {
	err = e.view(ctx, who, func(tx *tenants.Tx) error {
		id, err := publicationByKey(tx, form.Key)
		if err == nil {
			p.ID = id
			return nil
		}
		if !tenants.NotFound(err) {
			return err
		}
		r, err := review(tx)
		if err == nil {
			_, err = r.chosen(form.Picks)
		}
		return err
	})
	return p, err
}

func publish(tx *tenants.Tx, who actor.Actor, form PublishForm) (Publication, error) {
	p := Publication{Key: form.Key, Reason: form.Reason}
	id, err := publicationByKey(tx, form.Key)
	if err == nil {
		p.ID = id
		return p, nil
	}
	if !tenants.NotFound(err) {
		return p, err
	}
	r, err := review(tx)
	if err != nil {
		return p, err
	}
	steps, err := r.chosen(form.Picks)
	if err != nil {
		return p, err
	}
	if err := insertPublication(tx, who, &p); err != nil {
		return p, err
	}
	detail := map[string]string{"reason": p.Reason}
	for _, s := range steps {
		if err := apply(tx, p.ID, &s.Step, r.known); err != nil {
			return p, fmt.Errorf("%s: %w", s.Draft.Code, err)
		}
		detail[s.Draft.Code] = string(s.Action) + " " + s.From.String()
		p.Items = append(p.Items, Published{Code: s.Draft.Code, Action: s.Action, From: s.From, Before: s.Before, After: s.After})
	}
	return p, audit.Record(tx, who, audit.Change{Action: "catalogue.publish", Object: strconv.FormatInt(p.ID, 10), Detail: detail})
}

// apply carries a step out: versions, history, and the draft is done with.
func apply(tx *tenants.Tx, publication int64, s *Step, known *vocabulary) error {
	code := s.Draft.Code
	for _, from := range s.remove {
		if err := removeVersion(tx, code, from); err != nil {
			return err
		}
	}
	if v := s.shorten; v != nil {
		if err := endVersion(tx, code, v.From, s.From.AddDays(-1)); err != nil {
			return err
		}
	}
	if v := s.insert; v != nil {
		it, wrong := v.item(known)
		if len(wrong) > 0 {
			return fault.InvalidFields(wrong...)
		}
		it.ValidFrom, it.ValidTo = v.From, v.To
		if err := insertVersion(tx, it); err != nil {
			return err
		}
	}
	if err := insertPublished(tx, publication, s); err != nil {
		return err
	}
	return removeDraft(tx, code)
}

// History lists the newest publications.
func (e *Editor) History(ctx context.Context, who actor.Actor) (list []*Publication, err error) {
	err = e.view(ctx, who, func(tx *tenants.Tx) (err error) {
		list, err = loadPublications(tx, 0, "", mostPublications)
		return err
	})
	return list, err
}

// Publication gives one with what each item said before and after.
func (e *Editor) Publication(ctx context.Context, who actor.Actor, id string) (p *Publication, err error) {
	err = e.view(ctx, who, func(tx *tenants.Tx) (err error) {
		p, err = publication(tx, id)
		return err
	})
	return p, err
}

func publication(tx *tenants.Tx, id string) (*Publication, error) {
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil || number <= 0 {
		return nil, fault.New(fault.NotFound, "fault.not_found")
	}
	list, err := loadPublications(tx, number, "", 1)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// PublicationExists answers fault.NotFound for a number that no publication has.
func (e *Editor) PublicationExists(ctx context.Context, who actor.Actor, id string) error {
	_, err := e.Publication(ctx, who, id)
	return err
}

// Undo drafts what takes a publication back: for each of its items what it said
// before. Nothing changes until that is published in its turn. A draft that
// somebody writes of one of the items is in the way: fault.Conflict names it.
func (e *Editor) Undo(ctx context.Context, who actor.Actor, id string) error {
	return e.update(ctx, who, func(tx *tenants.Tx) error {
		p, err := publication(tx, id)
		if err != nil {
			return err
		}
		for i := range p.Items {
			if err := e.undo(tx, who, &p.Items[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (e *Editor) undo(tx *tenants.Tx, who actor.Actor, was *Published) error {
	s, err := e.sheet(tx, was.Code)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	wanted := Draft{From: was.From}
	if !s.Today.Before(was.From) {
		wanted.From = calendar.Date{} // it began: what comes back begins when it is published
	}
	switch {
	case was.Before != nil:
		wanted.Content = *was.Before
	default:
		wanted.Content, wanted.Retires = *was.After, true
	}
	if s.Draft != nil {
		if s.Draft.says(&wanted) {
			return nil
		}
		return fault.New(fault.Conflict, "catalogue.national.error.draft_in_the_way").With("Code", was.Code)
	}
	return e.keep(tx, who, &Edit{Sheet: s}, &wanted)
}
