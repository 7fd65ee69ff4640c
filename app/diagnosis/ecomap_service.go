package diagnosis

import (
	"context"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"
)

// EcomapOf gives the support network of a file's person as it is today.
func EcomapOf(tx *tenants.Tx, fileID string) (Ecomap, error) {
	f, err := people.Open(tx, fileID)
	if err != nil {
		return Ecomap{}, err
	}
	ties, err := tiesOf(tx, fileID)
	return Ecomap{Centre: people.DisplayName(tx.Context(), f), Ties: ties}, err
}

// Network is what the page of the ecomap shows.
type Network struct {
	visit
	Ecomap Ecomap
	Goals  Goals
	Writes bool
}

// Network gives the ecomap of a file and leaves the trail of the view.
func (s *Service) Network(ctx context.Context, who actor.Actor, fileID string) (*Network, error) {
	n := &Network{Writes: who.Can(access.ManagePlan)}
	var err error
	n.visit, err = s.view(ctx, who, fileID, "ecomap", func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		if n.Ecomap, err = EcomapOf(tx, fileID); err != nil {
			return err
		}
		n.Goals, err = s.goalsOf(tx, who, fileID)
		return err
	})
	return n, err
}

// TieExists answers fault.NotFound when the municipality has no tie with the id.
func (s *Service) TieExists(ctx context.Context, who actor.Actor, id string) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		_, err := tie(tx, id)
		return err
	})
}

// AddTie adds somebody to the network. A form that is sent twice, by its key, adds once.
func (s *Service) AddTie(ctx context.Context, who actor.Actor, fileID, key string, t Tie) error {
	return s.write(ctx, who, fileID, func(tx *tenants.Tx) error {
		if err := t.check(); err != nil {
			return err
		}
		if known, there, err := tieByKey(tx, key); err != nil {
			return err
		} else if there && (known.FileID != fileID || known.Name != t.Name || known.Note != t.Note) {
			return fault.Twice()
		} else if there {
			return nil
		}
		all, err := tiesOf(tx, fileID)
		if err != nil {
			return err
		}
		if len(all) >= mostTies {
			return fault.InvalidFields(fault.Field{Name: "name", Key: "diagnosis.error.many_ties", Args: map[string]any{"Max": mostTies}})
		}
		t.FileID = fileID
		if err := insertTie(tx, who, &t, key); err != nil {
			return err
		}
		return toldTie(tx, who, &t, "added", "ecomap.add")
	})
}

// ChangeTie changes a tie. fault.Conflict, with the tie as it is: it was changed
// since the version that the form shows. What is already so has no effect.
func (s *Service) ChangeTie(ctx context.Context, who actor.Actor, fileID string, to Tie) (now Tie, err error) {
	err = s.write(ctx, who, fileID, func(tx *tenants.Tx) error {
		if err := to.check(); err != nil {
			return err
		}
		if now, err = tieOfFile(tx, fileID, to.ID); err != nil {
			return err
		}
		if !now.Removed && now.same(&to) {
			return nil
		}
		if now.Removed || now.Version != to.Version {
			return fault.New(fault.Conflict, "diagnosis.error.tie_changed")
		}
		now.Kind, now.Name, now.Strength, now.Note = to.Kind, to.Name, to.Strength, to.Note
		if err := updateTie(tx, who, &now); err != nil {
			return err
		}
		return toldTie(tx, who, &now, "changed", "ecomap.change")
	})
	return now, err
}

// RemoveTie takes a tie out, or with back puts it in again. Pressed twice it is
// done once.
func (s *Service) RemoveTie(ctx context.Context, who actor.Actor, fileID, id string, back bool) error {
	return s.write(ctx, who, fileID, func(tx *tenants.Tx) error {
		t, err := tieOfFile(tx, fileID, id)
		if err != nil || t.Removed == !back {
			return err
		}
		t.Removed = !back
		if err := updateTie(tx, who, &t); err != nil {
			return err
		}
		if back {
			return toldTie(tx, who, &t, "restored", "ecomap.restore")
		}
		return toldTie(tx, who, &t, "removed", "ecomap.remove")
	})
}

// tieOfFile gives a tie of the file; another file's is as unknown as none.
func tieOfFile(tx *tenants.Tx, fileID, id string) (Tie, error) {
	t, err := tie(tx, id)
	if err == nil && t.FileID != fileID {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return t, err
}

// toldTie leaves a change of a tie in its history and in the trail.
func toldTie(tx *tenants.Tx, who actor.Actor, t *Tie, what, action string) error {
	if err := rememberTie(tx, who, t, what); err != nil {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: action, Object: t.ID, File: t.FileID, Detail: map[string]string{"kind": string(t.Kind), "tie": string(t.Strength)}})
}

// write runs a change of a file by somebody who may write casework.
func (s *Service) write(ctx context.Context, who actor.Actor, fileID string, verb func(tx *tenants.Tx) error) error {
	if err := may(who, access.ManagePlan); err != nil {
		return err
	}
	return who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		if _, err := people.Open(tx, fileID); err != nil {
			return err
		}
		return verb(tx)
	})
}
