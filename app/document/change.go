package document

import (
	"context"
	"strings"
	"unicode/utf8"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// The years between which a paper may expire: others are slips of the hand.
const firstYear, lastYear = 1990, 2100

func checkExpiry(d calendar.Date) error {
	if !d.IsZero() && (d.Year() < firstYear || d.Year() > lastYear) {
		return fault.InvalidField("expires_on", "document.error.expiry")
	}
	return nil
}

// Change says anew what a document is and until when it is good.
type Change struct {
	Kind      Kind
	ExpiresOn calendar.Date
	Version   int64 // of the document that the form was made from
}

// Change corrects what was said of a document. fault.Conflict: somebody else
// changed it meanwhile. What stands there already changes nothing.
func (s *Service) Change(ctx context.Context, who actor.Actor, id string, to Change) (Document, error) {
	if err := to.Kind.Check(); err != nil {
		return Document{}, err
	}
	if err := checkExpiry(to.ExpiresOn); err != nil {
		return Document{}, err
	}
	return s.act(ctx, who, id, func(tx *tenants.Tx, d *Document) error {
		if d.Kind == to.Kind && d.ExpiresOn == to.ExpiresOn {
			return nil
		}
		if err := d.still(to.Version); err != nil {
			return err
		}
		was := d.said()
		d.Kind, d.ExpiresOn = to.Kind, to.ExpiresOn
		if err := writeChange(tx, d); err != nil {
			return err
		}
		return record(tx, who, d, &Entry{What: changed, Was: was, Became: d.said()})
	})
}

// said is what people say of a document, as its history keeps it.
func (d *Document) said() string {
	if d.ExpiresOn.IsZero() {
		return string(d.Kind)
	}
	return string(d.Kind) + " " + d.ExpiresOn.String()
}

const longestReason = 500 // letters

// Remove takes a document out of sight: nobody opens it any more. It is kept, with
// the reason. Removed already: nothing happens.
func (s *Service) Remove(ctx context.Context, who actor.Actor, id, reason string, version int64) (Document, error) {
	if reason = strings.TrimSpace(reason); reason == "" || utf8.RuneCountInString(reason) > longestReason {
		return Document{}, fault.InvalidFields(fault.Field{Name: "reason", Key: "document.error.reason", Args: map[string]any{"Max": longestReason}})
	}
	return s.act(ctx, who, id, func(tx *tenants.Tx, d *Document) error {
		if d.Removed() {
			return nil
		}
		if err := d.still(version); err != nil {
			return err
		}
		if err := writeRemoval(tx, d.ID, true); err != nil {
			return err
		}
		return record(tx, who, d, &Entry{What: removed, Reason: reason})
	})
}

// Restore puts a document back into sight.
func (s *Service) Restore(ctx context.Context, who actor.Actor, id string) (Document, error) {
	return s.act(ctx, who, id, func(tx *tenants.Tx, d *Document) error {
		if !d.Removed() {
			return nil
		}
		return restore(tx, who, d)
	})
}

func restore(tx *tenants.Tx, who actor.Actor, d *Document) error {
	if err := writeRemoval(tx, d.ID, false); err != nil {
		return err
	}
	return record(tx, who, d, &Entry{What: restored})
}

// act runs a change of a document that the actor may see and has a hand in.
func (s *Service) act(ctx context.Context, who actor.Actor, id string, work func(*tenants.Tx, *Document) error) (d Document, err error) {
	if who.Municipality == nil || !who.Can(access.Attend) {
		return d, fault.New(fault.Forbidden, "fault.forbidden")
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if d, err = s.known(tx, who, id); err != nil {
			return err
		}
		if err := s.Owners[d.Owner.Kind].hand(tx, who, d.Owner.ID); err != nil {
			return err
		}
		if err := work(tx, &d); err != nil {
			return err
		}
		d, err = byID(tx, id)
		return err
	})
	return d, err
}

// still refuses a form that was made from another version.
func (d *Document) still(version int64) error {
	if d.Version != version {
		return fault.New(fault.Conflict, "document.error.changed")
	}
	return nil
}

// record leaves what was done in the document's history and in the trail.
func record(tx *tenants.Tx, who actor.Actor, d *Document, e *Entry) error {
	if err := note(tx, who, d, e); err != nil {
		return err
	}
	detail := map[string]string{"owner": d.Owner.Kind, "of": d.Owner.ID, "kind": string(d.Kind)}
	if e.Reason != "" {
		detail["reason"] = e.Reason
	}
	if e.What == changed {
		detail["was"], detail["became"] = e.Was, e.Became
	}
	return audit.Record(tx, who, audit.Change{Action: actions[e.What], Object: d.ID, File: d.FileID, Detail: detail})
}

// actions are the names of what was done in the trail of changes.
var actions = map[string]string{changed: "document.change", removed: "document.remove", restored: "document.restore"}
