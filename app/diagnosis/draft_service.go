package diagnosis

import (
	"context"

	"gsl/app/access"
	"gsl/app/casework"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/app/screening"
	"gsl/tenants"
)

// Start begins the draft of a file with what the registries know; the draft that
// is there already stays.
func (s *Service) Start(ctx context.Context, who actor.Actor, fileID string) error {
	if err := may(who, access.ManagePlan); err != nil {
		return err
	}
	sc, err := s.screened(ctx, who, fileID)
	if err != nil {
		return err
	}
	return who.Municipality.Update(ctx, func(tx *tenants.Tx) error { //nolint:contextcheck // what is kept is in Spanish, whoever writes
		if _, err := people.Open(tx, fileID); err != nil {
			return err
		}
		if _, there, err := draftOf(tx, fileID); err != nil || there {
			return err
		}
		id, err := insertDraft(tx, who, fileID, known(sc))
		if err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "diagnosis.start", Object: id, File: fileID})
	})
}

// Kept is what became of what was typed.
type Kept struct {
	Draft    Diagnosis // as it is kept now
	Clashes  []Clash   // with fault.Conflict: where two pages differ
	Rules    []Rule
	Changed  []Dimension
	Finished bool // the draft was finished meanwhile
}

// Keep keeps what is typed of a draft, so that nothing typed is lost. It is no
// decision yet: the trail has its entry when the diagnosis is finished. Where
// another page wrote of the same dimension since, that stays and the error is
// fault.Conflict; the other dimensions are kept. fault.Invalid names fields.
func (s *Service) Keep(ctx context.Context, who actor.Actor, fileID string, typed Typed) (Kept, error) {
	return s.change(ctx, who, fileID, &typed, func(*tenants.Tx, *Kept) error { return nil })
}

// Carry keeps what is typed, and takes level and note of a dimension over from
// the diagnosis before: nothing has changed there.
func (s *Service) Carry(ctx context.Context, who actor.Actor, fileID string, typed Typed, of Dimension) (Kept, error) {
	return s.change(ctx, who, fileID, &typed, func(tx *tenants.Tx, k *Kept) error {
		before, ok, err := Latest(tx, fileID)
		if err != nil || !ok {
			return err
		}
		was, p := before.Part(of), k.Draft.Part(of)
		p.Level, p.Note, p.page = was.Level, was.Note, typed.From.Name
		return writePart(tx, who, k.Draft.ID, p)
	})
}

// Complete keeps what is typed and finishes the draft: with the risk, the rule it
// follows from and the ecomap of the day. Pressed twice it is finished once.
// fault.Invalid names what is missing; what was typed is kept all the same.
func (s *Service) Complete(ctx context.Context, who actor.Actor, fileID string, typed Typed) (Kept, error) {
	sc, err := s.marked(ctx, who, fileID)
	if err != nil {
		return Kept{}, err
	}
	kept, err := s.Keep(ctx, who, fileID, typed)
	if err != nil || kept.Finished {
		return kept, err
	}
	return s.change(ctx, who, fileID, &typed, func(tx *tenants.Tx, k *Kept) error {
		return s.complete(tx, who, k, marksOf(sc))
	})
}

// marked asks the registries for what the rules look at.
func (s *Service) marked(ctx context.Context, who actor.Actor, fileID string) (*screening.Screening, error) {
	if err := may(who, access.ManagePlan); err != nil {
		return nil, err
	}
	return s.screened(ctx, who, fileID)
}

func (s *Service) complete(tx *tenants.Tx, who actor.Actor, k *Kept, marks []Mark) error {
	d := &k.Draft
	verdict := judge(k.Rules, d, marks)
	if wrong := d.complete(verdict); len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	ties, err := tiesOf(tx, d.FileID)
	if err != nil {
		return err
	}
	d.State, d.Verdict, d.Marks, d.Ties, d.Risk = Done, verdict, marks, ties, d.counts(verdict)
	if err := finish(tx, who, d); err != nil {
		return err
	}
	if err := casework.Ensure(tx, who, d.FileID); err != nil { // who judges works with them
		return err
	}
	detail := map[string]string{"risk": string(d.Risk), "rules": string(verdict.Risk)}
	if err := audit.Record(tx, who, audit.Change{Action: "diagnosis.complete", Object: d.ID, File: d.FileID, Detail: detail}); err != nil {
		return err
	}
	for _, hook := range s.OnDone {
		if err := hook(tx, who, d); err != nil {
			return err
		}
	}
	return nil
}

// Discard throws a draft away; what was finished stays. Pressed twice it is gone once.
func (s *Service) Discard(ctx context.Context, who actor.Actor, fileID, draftID string) error {
	if err := may(who, access.ManagePlan); err != nil {
		return err
	}
	return who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		d, there, err := draftOf(tx, fileID)
		if err != nil || !there || d.ID != draftID {
			return err
		}
		d.State = Discarded
		if err := finish(tx, who, &d); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "diagnosis.discard", Object: d.ID, File: fileID})
	})
}

// change writes what was typed into the draft it was typed into, then runs verb.
func (s *Service) change(ctx context.Context, who actor.Actor, fileID string, typed *Typed, verb func(*tenants.Tx, *Kept) error) (Kept, error) {
	var k Kept
	if err := may(who, access.ManagePlan); err != nil {
		return k, err
	}
	if wrong := typed.check(); len(wrong) > 0 {
		return k, fault.InvalidFields(wrong...)
	}
	err := who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		k = Kept{}
		if k.Rules, err = rulesOf(tx); err != nil {
			return err
		}
		if err := k.open(tx, fileID, typed); err != nil || k.Finished {
			return err
		}
		if err := k.write(tx, who, typed); err != nil || len(k.Clashes) > 0 {
			return err
		}
		return verb(tx, &k)
	})
	if err == nil && len(k.Clashes) > 0 {
		err = fault.New(fault.Conflict, "diagnosis.error.clash")
	}
	return k, err
}

// open reads the draft that was typed into. One that was finished meanwhile with
// the same words is no error; with others, or discarded, it is fault.Conflict.
func (k *Kept) open(tx *tenants.Tx, fileID string, typed *Typed) (err error) {
	if _, err = people.Open(tx, fileID); err != nil {
		return err
	}
	k.Draft, err = load(tx, typed.DraftID)
	switch {
	case fault.Is(err, fault.NotFound):
		return fault.New(fault.Conflict, "diagnosis.error.gone")
	case err != nil:
		return err
	case k.Draft.FileID != fileID:
		return fault.New(fault.NotFound, "fault.not_found")
	case k.Draft.State == Draft:
		return nil
	}
	k.Finished = true
	own := typed.From
	typed.From = Page{} // compared with what was finished, whoever wrote it
	changed, _ := typed.merge(&k.Draft)
	if typed.From = own; len(changed) > 0 {
		return fault.New(fault.Conflict, "diagnosis.error.finished")
	}
	return nil
}

func (k *Kept) write(tx *tenants.Tx, who actor.Actor, typed *Typed) error {
	changed, clashes := typed.merge(&k.Draft)
	k.Clashes = clashes
	for i := range changed {
		if err := writePart(tx, who, k.Draft.ID, &changed[i]); err != nil {
			return err
		}
		p := k.Draft.Part(changed[i].Dimension)
		*p = changed[i]
		p.ChangedAt, p.ChangedBy = tx.Now, who.Name
		k.Changed = append(k.Changed, p.Dimension)
	}
	return nil
}
