package people

import (
	"context"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Glass is what the door of a restricted file says: nothing of whose it is.
type Glass struct {
	FileID string
	Shut   bool    // else the actor sees the file without more
	Open   Opening // that the actor has; zero for none
}

// Glass gives how the door of a file stands for the actor. That somebody stood
// before it is in the trail when it returns.
func (s *Service) Glass(ctx context.Context, who actor.Actor, fileID string) (Glass, error) {
	g := Glass{FileID: fileID}
	if err := mayRead(who); err != nil {
		return g, err
	}
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		if _, err = Open(tx, fileID); err != nil {
			return err
		}
		if g.Shut, err = s.Shut(tx, who, fileID); err != nil || g.Shut {
			return err
		}
		g.Open, _, err = openGlass(tx, fileID, who.UserID)
		return err
	})
	if err != nil {
		return g, err
	}
	if !g.Shut && g.Open.ID == "" {
		return g, nil // no glass: nobody came to one
	}
	return g, audit.Looked(ctx, who, audit.View{File: fileID, What: "glass"})
}

// OpenGlass opens a restricted file for the actor, for GlassLife, with the reason
// that the head will read. Whoever sees the file already opens nothing.
func (s *Service) OpenGlass(ctx context.Context, who actor.Actor, fileID, reason string) (o Opening, err error) {
	if err := mayRead(who); err != nil {
		return o, err
	}
	reason = tidy(reason)
	if bad := checkReason("reason", reason); bad != nil {
		return o, fault.InvalidFields(*bad)
	}
	// On a full disk people still come to the desk: to open a file is to read.
	err = who.Municipality.Update(tenants.ForReading(ctx), func(tx *tenants.Tx) error {
		if _, err := Open(tx, fileID); err != nil {
			return err
		}
		shut, err := s.Shut(tx, who, fileID)
		if err != nil || !shut {
			return err
		}
		o, err = open(tx, who, fileID, reason)
		return err
	})
	return o, err
}

func open(tx *tenants.Tx, who actor.Actor, fileID, reason string) (Opening, error) {
	o := Opening{ID: tx.NewID(), FileID: fileID, UserID: who.UserID, Name: who.Name, Role: who.Role, Unit: who.UnitID, UnitName: who.UnitName,
		Reason: reason, OpenedAt: tx.Now, Until: tx.Now.Add(GlassLife)}
	if err := insertOpening(tx, &o); err != nil {
		return o, err
	}
	return o, audit.Record(tx, who, audit.Change{Action: "restriction.open", Object: o.ID, File: fileID,
		Detail: map[string]string{"reason": reason, "until": stamp(o.Until)}})
}

// ShutGlass gives up an opening before its time; without one nothing happens.
func (s *Service) ShutGlass(ctx context.Context, who actor.Actor, fileID string) error {
	if err := mayRead(who); err != nil {
		return err
	}
	return who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		o, open, err := openGlass(tx, fileID, who.UserID)
		if err != nil || !open {
			return err
		}
		if err := shutOpening(tx, o.ID); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "restriction.shut", Object: o.ID, File: fileID})
	})
}

// ReviewOpening says of an opening whether there was a reason for it. It is for
// the heads who answer for the file, never for who opened it.
func (s *Service) ReviewOpening(ctx context.Context, who actor.Actor, id string, verdict Verdict, note string) (o Opening, err error) {
	if err := may(who, access.RestrictFile); err != nil {
		return o, err
	}
	note = tidy(note)
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		if o, err = openingByID(tx, id); err != nil {
			return err
		}
		if err := checkReview(verdict, note); err != nil {
			return err
		}
		return s.review(tx, who, &o, verdict, note)
	})
	return o, err
}

func (s *Service) review(tx *tenants.Tx, who actor.Actor, o *Opening, verdict Verdict, note string) error {
	last, err := restrictionsOf(tx, o.FileID)
	if err != nil {
		return err
	}
	answering := Restriction{FileID: o.FileID}
	if len(last) > 0 {
		answering.Unit = last[0].Unit
	}
	if err := s.mustKeep(tx, who, &answering); err != nil {
		return err
	}
	if o.Verdict == verdict && o.ReviewNote == note && o.ReviewedBy == who.Name {
		return nil // pressed twice
	}
	if err := o.mayReview(who.UserID); err != nil {
		return err
	}
	if err := reviewOpening(tx, who, o.ID, verdict, note); err != nil {
		return err
	}
	detail := map[string]string{"verdict": string(verdict)}
	if note != "" {
		detail["note"] = note
	}
	return audit.Record(tx, who, audit.Change{Action: "restriction.review", Object: o.ID, File: o.FileID, Detail: detail})
}

// OpeningExists answers fault.NotFound for an id that this municipality does not have.
func (s *Service) OpeningExists(ctx context.Context, who actor.Actor, id string) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		_, err := openingByID(tx, id)
		return err
	})
}

// FileOfOpening gives the file that was opened, "" for an opening that is not there.
func FileOfOpening(tx *tenants.Tx, id string) (string, error) {
	o, err := openingByID(tx, id)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return o.FileID, err
}

// OpeningsOf gives the openings of a file, the newest first.
func OpeningsOf(tx *tenants.Tx, fileID string) ([]Opening, error) {
	return openingsOf(tx, fileID, mostOpenings)
}
