package document

import (
	"context"
	"errors"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Handed is what is said of papers that are handed in.
type Handed struct {
	FileID    string
	Owner     Owner // zero: the file itself
	Kind      Kind
	ExpiresOn calendar.Date
}

// Incoming is a file as a form brought it.
type Incoming struct {
	File File
	Name string
	Size int64
}

// Refusal is a file that was not kept, and why.
type Refusal struct {
	Name  string
	Field fault.Field
}

// Take keeps papers that are handed in for something of a file: each by itself, so
// that one that cannot be kept stops no other. fault.Forbidden: the actor has no
// hand in it. fault.Invalid: what is said of them is wrong, and none is kept.
func (s *Service) Take(ctx context.Context, who actor.Actor, h Handed, files []Incoming) (kept []Document, refused []Refusal, err error) {
	if who.Municipality == nil || !who.Can(access.Attend) {
		return nil, nil, fault.New(fault.Forbidden, "fault.forbidden")
	}
	if h.Owner.Kind == "" {
		h.Owner = Owner{OfTheFile, h.FileID}
	}
	if err := h.check(len(files)); err != nil {
		return nil, nil, err
	}
	for _, f := range files {
		d, err := s.takeOne(ctx, who, &h, f)
		if reason, wrong := refusal(err); wrong {
			refused = append(refused, Refusal{Name: cleanName(f.Name), Field: reason})
			continue
		}
		if err != nil {
			return kept, refused, err
		}
		kept = append(kept, d)
	}
	return kept, refused, nil
}

func (h *Handed) check(files int) error {
	var wrong []fault.Field
	if h.Kind.Check() != nil {
		wrong = append(wrong, fault.Field{Name: "kind", Key: "web.field.choice"})
	}
	if checkExpiry(h.ExpiresOn) != nil {
		wrong = append(wrong, fault.Field{Name: "expires_on", Key: "document.error.expiry"})
	}
	if files == 0 {
		wrong = append(wrong, fault.Field{Name: "file", Key: "document.error.missing"})
	}
	if len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	return nil
}

// refusal gives what is wrong with a file, when that is what went wrong.
func refusal(err error) (fault.Field, bool) {
	var f *fault.Error
	if errors.As(err, &f) && f.Kind == fault.Invalid && len(f.Fields) == 1 && f.Fields[0].Name == "file" {
		return f.Fields[0], true
	}
	return fault.Field{}, false
}

func (s *Service) takeOne(ctx context.Context, who actor.Actor, h *Handed, f Incoming) (d Document, err error) {
	may := func(tx *tenants.Tx) error { return s.mayHand(tx, who, h) }
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		if err := may(tx); err != nil {
			return err
		}
		return s.Room(tx, h.Owner)
	})
	if err != nil {
		return d, err
	}
	content, err := s.Arrive(ctx, who.Municipality, f.Name, f.File, f.Size)
	if err != nil {
		return d, err
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		if err := may(tx); err != nil {
			return err
		}
		d, err = s.Attach(tx, who, New{Content: content, Owner: h.Owner, FileID: h.FileID, Kind: h.Kind, Name: f.Name, ExpiresOn: h.ExpiresOn})
		return err
	})
	return d, err
}

// mayHand: the actor has a hand in the owner, and the owner is of the file.
func (s *Service) mayHand(tx *tenants.Tx, who actor.Actor, h *Handed) error {
	keeper := s.Owners[h.Owner.Kind]
	if err := keeper.hand(tx, who, h.Owner.ID); err != nil {
		return err
	}
	told, err := keeper.tell(tx, who, h.Owner.ID)
	if err == nil && told.FileID != h.FileID {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return err
}
