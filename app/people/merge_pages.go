package people

import (
	"context"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/templates/layout"
	"gsl/tenants"
)

// Side is one of the two files of a merge, as they stand side by side.
type Side struct {
	File      File
	Documents []string
	Counts    []int // by Mover
}

// MergePage is what the page of a file's merges shows.
type MergePage struct {
	File     File
	Frame    *layout.FileFrame
	Today    calendar.Date
	Kinds    []string // by Mover
	Running  Merge    // what is proposed for this provisional file; zero for nothing
	From     Side     // of Running
	Into     Side
	Finished []Merge // the others that it took part in, newest first
}

// Merges gives what was, is and may be merged with a file. The views of both
// files are in the trail when it returns.
func (s *Service) Merges(ctx context.Context, who actor.Actor, fileID string) (MergePage, error) {
	if err := may(who, access.EditContact); err != nil {
		return MergePage{}, err
	}
	var p MergePage
	var why string
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		if p.File, err = Open(tx, fileID); err != nil {
			return err
		}
		p.Today = calendar.On(tx.Now)
		if why, err = s.why(tx, who, fileID); err != nil {
			return err
		}
		if p.Frame, err = s.Frame(tx, who, p.File, MergeSection); err != nil {
			return err
		}
		return s.readMerges(tx, who, &p)
	})
	if err != nil {
		return MergePage{}, err
	}
	if p.Running.ID != "" {
		if err := audit.Looked(ctx, who, audit.View{File: p.Running.IntoID, What: "merge", Why: why}); err != nil {
			return MergePage{}, err
		}
	}
	return p, audit.Looked(ctx, who, audit.View{File: fileID, What: "merge", Why: why})
}

func (s *Service) readMerges(tx *tenants.Tx, who actor.Actor, p *MergePage) error {
	list, err := mergesOf(tx, p.File.ID)
	if err != nil {
		return err
	}
	if err := stepsOf(tx, list); err != nil {
		return err
	}
	for _, mover := range s.Movers {
		p.Kinds = append(p.Kinds, mover.Kind)
	}
	for i := range list {
		if list[i].State == MergeProposed && list[i].FromID == p.File.ID {
			p.Running = list[i]
		} else {
			p.Finished = append(p.Finished, list[i])
		}
	}
	if p.Running.ID == "" {
		return nil
	}
	if err := s.Guard(tx, who, p.Running.IntoID); err != nil {
		return err // both stand side by side: the other one's glass comes first
	}
	if p.From, err = s.side(tx, p.Running.FromID); err != nil {
		return err
	}
	p.Into, err = s.side(tx, p.Running.IntoID)
	return err
}

func (s *Service) side(tx *tenants.Tx, id string) (Side, error) {
	f, err := openAny(tx, id)
	if err != nil {
		return Side{}, err
	}
	side := Side{File: f, Counts: make([]int, len(s.Movers))}
	if side.Documents, err = documentsOf(tx, id); err != nil {
		return side, err
	}
	for i, mover := range s.Movers {
		if side.Counts[i], err = mover.Count(tx, f); err != nil {
			return side, err
		}
	}
	return side, nil
}

// WaitingMerge is a proposal that waits for a head.
type WaitingMerge struct {
	Merge Merge
	From  File
}

// WaitingMerges lists the proposals that wait for a head, the longest first; the
// views are in the trail when it returns.
func (s *Service) WaitingMerges(ctx context.Context, who actor.Actor) ([]WaitingMerge, error) {
	if err := may(who, access.MergeFiles); err != nil {
		return nil, err
	}
	var list []WaitingMerge
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		merges, err := waitingMerges(tx, 50)
		if err != nil {
			return err
		}
		veil, err := s.Veil(tx, who)
		if err != nil {
			return err
		}
		for _, m := range merges {
			f, err := openAny(tx, m.FromID)
			if err != nil {
				return err
			}
			list = append(list, WaitingMerge{m, veil.File(f)})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i := range list {
		if err := audit.Looked(ctx, who, audit.View{File: list[i].From.ID, What: "merges"}); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// CountWaitingMerges says how many proposals wait for the actor, 0 for whoever confirms none.
func CountWaitingMerges(tx *tenants.Tx, who actor.Actor) (int, error) {
	if !who.Can(access.MergeFiles) {
		return 0, nil
	}
	return countWaitingMerges(tx)
}

// HolderNow gives the key under which the benefits of a holder are kept now:
// that of the RUN for the provisional ID of a file that was merged.
func HolderNow(tx *tenants.Tx, holder string) (string, error) {
	if provisionalID(holder) == "" {
		return holder, nil
	}
	files, err := byProvisional(tx, holder)
	if err != nil || len(files) == 0 {
		return holder, err
	}
	return files[0].Holder(), nil
}
