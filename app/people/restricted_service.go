package people

import (
	"context"
	"maps"
	"slices"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/templates/layout"
	"gsl/tenants"
)

// Restrict marks a file as not for everybody's eyes, from now on: whoever has it
// open needs the glass at the next page. fault.Conflict: it is marked already.
func (s *Service) Restrict(ctx context.Context, who actor.Actor, fileID string, kind RestrictionKind, reason string) error {
	if err := may(who, access.RestrictFile); err != nil {
		return err
	}
	reason = tidy(reason)
	if err := checkMark(kind, reason); err != nil {
		return err
	}
	return who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		if _, err := Open(tx, fileID); err != nil {
			return err
		}
		known, restricted, err := restrictionOf(tx, fileID)
		if err != nil {
			return err
		}
		if restricted {
			if known.Kind == kind && known.Reason == reason && known.Unit == who.UnitID {
				return nil // pressed twice
			}
			return fault.New(fault.Conflict, "people.restricted.is_marked").With("Name", known.MarkedBy)
		}
		return mark(tx, who, fileID, kind, reason)
	})
}

func mark(tx *tenants.Tx, who actor.Actor, fileID string, kind RestrictionKind, reason string) error {
	r := Restriction{ID: tx.NewID(), FileID: fileID, Kind: kind, Reason: reason, Unit: who.UnitID, UnitName: who.UnitName, MarkedAt: tx.Now, MarkedBy: who.Name}
	if err := insertRestriction(tx, who, &r); err != nil {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: "restriction.mark", Object: r.ID, File: fileID, Detail: map[string]string{"kind": string(kind), "reason": reason}})
}

// Unrestrict gives a file back to everybody who reads files. It is for the heads
// who answer for it: who only opened the glass may not take it away.
func (s *Service) Unrestrict(ctx context.Context, who actor.Actor, fileID, id, reason string) error {
	if err := may(who, access.RestrictFile); err != nil {
		return err
	}
	reason = tidy(reason)
	if bad := checkReason("lift_reason", reason); bad != nil {
		return fault.InvalidFields(*bad)
	}
	return who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		r, err := restrictionByID(tx, fileID, id)
		if err != nil {
			return err
		}
		if err := s.mustKeep(tx, who, &r); err != nil {
			return err
		}
		if !r.LiftedAt.IsZero() {
			if r.LiftReason == reason && r.LiftedBy == who.Name {
				return nil // pressed twice
			}
			return fault.New(fault.Conflict, "people.restricted.is_lifted").With("Name", r.LiftedBy)
		}
		if err := liftRestriction(tx, who, id, reason); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "restriction.lift", Object: id, File: fileID, Detail: map[string]string{"reason": reason}})
	})
}

func (s *Service) mustKeep(tx *tenants.Tx, who actor.Actor, r *Restriction) error {
	keeps, err := s.keeps(tx, who, []shutFile{{id: r.FileID, unit: r.Unit}})
	if err == nil && !keeps[r.FileID] {
		err = fault.New(fault.Forbidden, "people.restricted.not_yours")
	}
	return err
}

// RestrictionPage is what the page of a file's restriction shows.
type RestrictionPage struct {
	File     File
	Frame    *layout.FileFrame
	Now      Restriction   // zero for a file that is not restricted
	Earlier  []Restriction // those that were lifted, newest first
	Openings []Opening     // newest first
	Keeps    bool          // the actor answers for the file
	Glass    Opening       // that the actor has open; zero for none
	At       time.Time
}

// mostOpenings is how many openings the page of a file shows.
const mostOpenings = 100

// Restriction gives how a file is restricted, and who opened it. The view is in
// the trail when it returns.
func (s *Service) Restriction(ctx context.Context, who actor.Actor, fileID string) (RestrictionPage, error) {
	var p RestrictionPage
	f, frame, err := s.Visit(ctx, who, fileID, RestrictSection, "restriction")
	if err != nil {
		return p, err
	}
	p.File, p.Frame = f, frame
	return p, who.Municipality.View(ctx, func(tx *tenants.Tx) error { return s.readRestriction(tx, who, &p) })
}

func (s *Service) readRestriction(tx *tenants.Tx, who actor.Actor, p *RestrictionPage) error {
	p.At = tx.Now
	all, err := restrictionsOf(tx, p.File.ID)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.LiftedAt.IsZero() {
			p.Now = r
		} else {
			p.Earlier = append(p.Earlier, r)
		}
	}
	if p.Openings, err = openingsOf(tx, p.File.ID, mostOpenings); err != nil {
		return err
	}
	if p.Now.ID != "" {
		keeps, err := s.keeps(tx, who, []shutFile{{id: p.File.ID, unit: p.Now.Unit}})
		if err != nil {
			return err
		}
		p.Keeps = keeps[p.File.ID]
	}
	p.Glass, _, err = openGlass(tx, p.File.ID, who.UserID)
	return err
}

// WaitingOpening is an opening that a head has not looked at.
type WaitingOpening struct {
	Opening
	File File
}

// RestrictedFile is a file that the actor answers for.
type RestrictedFile struct {
	Restriction
	File File
}

// Watch is what a head answers for: the openings that wait, the oldest first,
// and the restricted files.
type Watch struct {
	At       time.Time
	Openings []WaitingOpening
	Files    []RestrictedFile
}

// Watch lists what the actor answers for; the views are in the trail when it returns.
func (s *Service) Watch(ctx context.Context, who actor.Actor) (Watch, error) {
	var w Watch
	if err := may(who, access.RestrictFile); err != nil {
		return w, err
	}
	if err := who.Municipality.View(ctx, func(tx *tenants.Tx) error { return s.readWatch(tx, who, &w) }); err != nil {
		return w, err
	}
	seen := map[string]bool{}
	for i := range w.Openings {
		seen[w.Openings[i].FileID] = true
	}
	for i := range w.Files {
		seen[w.Files[i].FileID] = true
	}
	for _, file := range slices.Sorted(maps.Keys(seen)) {
		if err := audit.Looked(ctx, who, audit.View{File: file, What: "restricted"}); err != nil {
			return w, err
		}
	}
	return w, nil
}

func (s *Service) readWatch(tx *tenants.Tx, who actor.Actor, w *Watch) error {
	w.At = tx.Now
	waiting, err := s.toReview(tx, who)
	if err != nil {
		return err
	}
	for _, o := range waiting {
		f, err := openAny(tx, o.FileID)
		if err != nil {
			return err
		}
		w.Openings = append(w.Openings, WaitingOpening{o, f})
	}
	all, err := restrictions(tx)
	if err != nil {
		return err
	}
	files := make([]shutFile, len(all))
	for i := range all {
		files[i] = shutFile{id: all[i].FileID, unit: all[i].Unit}
	}
	keeps, err := s.keeps(tx, who, files)
	if err != nil {
		return err
	}
	for _, r := range all {
		if !keeps[r.FileID] {
			continue
		}
		f, err := openAny(tx, r.FileID)
		if err != nil {
			return err
		}
		w.Files = append(w.Files, RestrictedFile{r, f})
	}
	return nil
}

// toReview gives the openings that wait for the actor: of files that the actor
// answers for, by others.
func (s *Service) toReview(tx *tenants.Tx, who actor.Actor) ([]Opening, error) {
	waiting, err := unreviewedOpenings(tx)
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	files := make([]shutFile, len(waiting))
	for i := range waiting {
		files[i] = shutFile{id: waiting[i].FileID, unit: waiting[i].unit}
	}
	keeps, err := s.keeps(tx, who, files)
	if err != nil {
		return nil, err
	}
	var list []Opening
	for i := range waiting {
		if o := waiting[i].Opening; keeps[o.FileID] && o.UserID != who.UserID {
			list = append(list, o)
		}
	}
	return list, nil
}

// OpeningsToReview counts those that wait for the actor, for the workbench.
func (s *Service) OpeningsToReview(tx *tenants.Tx, who actor.Actor) (int, error) {
	if !who.Can(access.RestrictFile) {
		return 0, nil
	}
	list, err := s.toReview(tx, who)
	return len(list), err
}
