package visit

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Page is the window in which somebody types, and what it has seen of the draft:
// its own text it may always write on; another's only when it has seen it.
type Page struct {
	Name string
	Seen int64
}

// Kept is what was typed of a visit and not recorded yet; Seq 0 is nothing.
type Kept struct {
	Written
	Page   string
	Seq    int64 // grows with each time it is kept
	UserID string
	Name   string // of who typed it
	At     time.Time
}

// newPage names a window, or the form of a new visit.
func newPage() string {
	var draw [10]byte
	_, _ = rand.Read(draw[:]) // never fails: see crypto/rand
	return base32.StdEncoding.EncodeToString(draw[:])
}

// follows reports whether a window may write over what is kept.
func (k *Kept) follows(p Page) bool { return k.Seq == 0 || k.Page == p.Name || k.Seq == p.Seen }

// The longest text of a draft, in bytes: a note and every answer.
const maxDraft = 64 << 10

// Keep keeps what is being typed at the door, and says when. fault.Conflict:
// another window wrote meanwhile (visit.draft.other), or the visit is over.
func (s *Service) Keep(ctx context.Context, who actor.Actor, id string, w *Written, p Page) (k Kept, err error) {
	if err = may(who, access.ManagePlan); err != nil {
		return k, err
	}
	body, err := asJSON(w)
	if err != nil {
		return k, err
	}
	if len(body) > maxDraft || p.Name == "" || len(p.Name) > 40 {
		return k, fault.InvalidFields(fault.Field{Name: "note", Key: "visit.error.long", Args: map[string]any{"Max": maxNote}})
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		v, err := ByID(tx, id)
		if err != nil {
			return err
		}
		if !v.Waits() {
			return fault.New(fault.Conflict, "visit.error.over")
		}
		before, err := draftOf(tx, id)
		if err != nil {
			return err
		}
		if !before.follows(p) {
			return fault.New(fault.Conflict, "visit.draft.other").With("Name", before.Name)
		}
		k = Kept{Written: *w, Page: p.Name, Seq: before.Seq + 1, UserID: who.UserID, Name: who.Name, At: tx.Now}
		return keepDraft(tx, id, body, &k)
	})
	return k, err
}
