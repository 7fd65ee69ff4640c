package people

import (
	"context"
	"errors"
	"slices"
	"unicode/utf8"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// maxNote is how much is written down of a step of a merge.
const maxNote = 300 // runes

// Proposal is a desk's word that a person without RUN has one.
type Proposal struct {
	RUN   RUN
	Proof string // what it was read from
	Note  string
}

func (p Proposal) check() error {
	if p.RUN.IsZero() {
		return fault.InvalidField("run", runSentence(ErrRUNBlank))
	}
	if !slices.Contains(proofs, p.Proof) {
		return fault.InvalidField("proof", "people.merge.proof_missing")
	}
	return checkNote("note", p.Note, false)
}

// ProposeMerge says that the person of a provisional file has a RUN; a head
// confirms it. The RUN's file is opened if there is none, and filled by the
// registry, so that the head sees both side by side. It counts as a lookup.
// fault.Conflict: something is proposed already, or the file has a RUN.
func (s *Service) ProposeMerge(ctx context.Context, who actor.Actor, fileID string, p Proposal) (Merge, error) {
	if err := may(who, access.EditContact); err != nil {
		return Merge{}, err
	}
	if err := p.check(); err != nil {
		return Merge{}, err
	}
	var m Merge
	var into File
	var v verdict
	err := who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		from, err := Open(tx, fileID)
		if err != nil {
			return err
		}
		if !from.RUN.IsZero() {
			return fault.New(fault.Conflict, "people.merge.has_run")
		}
		if v, err = countLookup(tx, who); err != nil || v.refusal != nil {
			return err
		}
		if into, err = openedByRUN(tx, who, p.RUN); err != nil {
			return err
		}
		m, err = propose(tx, who, from, into, p)
		return err
	})
	if err == nil && v.refusal != nil {
		s.alert(ctx, who, v)
		err = v.refusal
	}
	if err != nil {
		return Merge{}, err
	}
	return m, s.looked(ctx, who, into, "")
}

func propose(tx *tenants.Tx, who actor.Actor, from, into File, p Proposal) (Merge, error) {
	running, err := runningMerge(tx, from.ID)
	if err != nil {
		return Merge{}, err
	}
	if running.ID != "" {
		if running.IntoID == into.ID {
			return running, nil // sent twice: one effect
		}
		return Merge{}, fault.New(fault.Conflict, "people.merge.is_proposed")
	}
	m := Merge{ID: tx.NewID(), FromID: from.ID, IntoID: into.ID, State: MergeProposed, Proof: p.Proof, Note: tidy(p.Note), Version: 1}
	if err := insertMerge(tx, who, &m); err != nil {
		return Merge{}, err
	}
	return m, recordMerge(tx, who, &m, "people.merge_proposed", m.Note)
}

// recordMerge leaves a step in the trails of both files.
func recordMerge(tx *tenants.Tx, who actor.Actor, m *Merge, action, note string) error {
	for _, file := range []string{m.FromID, m.IntoID} {
		detail := map[string]string{"from": m.FromID, "into": m.IntoID, "proof": m.Proof}
		if note != "" {
			detail["note"] = note
		}
		if err := audit.Record(tx, who, audit.Change{Action: action, Object: m.ID, File: file, Detail: detail}); err != nil {
			return err
		}
	}
	return nil
}

func checkNote(field, note string, needed bool) error {
	note = tidy(note)
	switch {
	case needed && note == "":
		return fault.InvalidField(field, "people.merge.reason_missing")
	case utf8.RuneCountInString(note) > maxNote || !printable(note):
		return fault.InvalidField(field, "people.new.text")
	}
	return nil
}

// ConfirmMerge makes the provisional file an alias of the RUN's: whatever it
// holds stands under the RUN from now on.
func (s *Service) ConfirmMerge(ctx context.Context, who actor.Actor, fileID, mergeID string, version int64) (Merge, error) {
	return s.step(ctx, who, fileID, mergeID, func(tx *tenants.Tx, m *Merge) error {
		if m.State == Merged && m.Version == version+1 {
			return nil // pressed twice
		}
		if err := m.mustBe(MergeProposed, version); err != nil {
			return err
		}
		if err := s.merge(tx, m); err != nil {
			return err
		}
		if err := moveMerge(tx, who, m, Merged, ""); err != nil {
			return err
		}
		return recordMerge(tx, who, m, "people.merged", "")
	})
}

// DeclineMerge ends a proposal with a reason; both files stay as they are.
func (s *Service) DeclineMerge(ctx context.Context, who actor.Actor, fileID, mergeID string, version int64, reason string) (Merge, error) {
	if err := checkNote("reason", reason, true); err != nil {
		return Merge{}, err
	}
	return s.step(ctx, who, fileID, mergeID, func(tx *tenants.Tx, m *Merge) error {
		if m.State == MergeDeclined && m.Version == version+1 {
			return nil
		}
		if err := m.mustBe(MergeProposed, version); err != nil {
			return err
		}
		if err := moveMerge(tx, who, m, MergeDeclined, tidy(reason)); err != nil {
			return err
		}
		return recordMerge(tx, who, m, "people.merge_declined", tidy(reason))
	})
}

// UndoMerge gives the provisional file back what it had, as it is now; what came
// since stays with the RUN's file.
func (s *Service) UndoMerge(ctx context.Context, who actor.Actor, fileID, mergeID string, version int64, reason string) (Merge, error) {
	if err := checkNote("reason", reason, true); err != nil {
		return Merge{}, err
	}
	return s.step(ctx, who, fileID, mergeID, func(tx *tenants.Tx, m *Merge) error {
		if m.State == MergeUndone && m.Version == version+1 {
			return nil
		}
		if err := m.mustBe(Merged, version); err != nil {
			return err
		}
		if err := s.unmerge(tx, m); err != nil {
			return err
		}
		if err := moveMerge(tx, who, m, MergeUndone, tidy(reason)); err != nil {
			return err
		}
		return recordMerge(tx, who, m, "people.merge_undone", tidy(reason))
	})
}

// step does one step of a merge that a head may do.
func (s *Service) step(ctx context.Context, who actor.Actor, fileID, mergeID string, do func(*tenants.Tx, *Merge) error) (Merge, error) {
	if err := may(who, access.MergeFiles); err != nil {
		return Merge{}, err
	}
	var m Merge
	err := who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if _, err = openAny(tx, fileID); err != nil {
			return err
		}
		if m, err = mergeByID(tx, mergeID, fileID); err != nil {
			return err
		}
		if err = errors.Join(s.Guard(tx, who, m.FromID), s.Guard(tx, who, m.IntoID)); err != nil {
			return err
		}
		return do(tx, &m)
	})
	return m, err
}

// merge moves everything and carries over who the person is.
func (s *Service) merge(tx *tenants.Tx, m *Merge) error {
	from, into, err := s.sides(tx, m)
	if err != nil {
		return err
	}
	if err := setMerged(tx, from.ID, into.ID); err != nil {
		return err
	}
	if err := s.take(tx, m, from, into); err != nil {
		return err
	}
	after, carried := carry(from, into)
	if len(carried) == 0 {
		return nil
	}
	m.Carried = carried
	_, err = writeIdentity(tx, after)
	return err
}

func (s *Service) sides(tx *tenants.Tx, m *Merge) (from, into File, err error) {
	if from, err = openAny(tx, m.FromID); err != nil {
		return from, into, err
	}
	into, err = openAny(tx, m.IntoID)
	return from, into, err
}

func (s *Service) take(tx *tenants.Tx, m *Merge, from, into File) error {
	for _, mover := range s.Movers {
		ids, err := mover.Take(tx, from, into)
		if err != nil {
			return err
		}
		if err := journal(tx, m.ID, mover.Kind, ids); err != nil {
			return err
		}
	}
	return nil
}

// gather takes along what could not be moved when the files were merged.
func (s *Service) gather(tx *tenants.Tx, into File) error {
	aliases, err := aliasesOf(tx, into.ID)
	if err != nil {
		return err
	}
	for i := range aliases {
		from, err := openAny(tx, aliases[i].FromID)
		if err != nil {
			return err
		}
		if err := s.take(tx, &aliases[i], from, into); err != nil {
			return err
		}
	}
	return nil
}

// unmerge gives back what was taken.
func (s *Service) unmerge(tx *tenants.Tx, m *Merge) error {
	from, into, err := s.sides(tx, m)
	if err != nil {
		return err
	}
	if err := setMerged(tx, from.ID, ""); err != nil {
		return err
	}
	for _, mover := range s.Movers {
		ids, err := journaled(tx, m.ID, mover.Kind)
		if err != nil {
			return err
		}
		if err := mover.Give(tx, ids, into, from); err != nil {
			return err
		}
	}
	after := uncarry(into, m.Carried)
	if after == into {
		return nil
	}
	_, err = writeIdentity(tx, after)
	return err
}
