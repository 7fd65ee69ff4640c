package report

import (
	"context"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Sent is one part as an open page sends it: what it writes over what is kept.
type Sent struct {
	Part Part
	Edit func(c *Content)
	Page Page
}

// Saved is what became of a save.
type Saved struct {
	Report  Report
	At      time.Time
	Clashes []Part // somebody else wrote them meanwhile; what was typed is kept aside
}

// Save keeps parts of a draft: all of them or, when one cannot be kept, none.
// Each changes one row. What another page wrote since this one was shown is not
// overwritten: then what was typed is kept aside, the others are saved, and the
// error is fault.Conflict. A save that arrives twice, or after a later one of its
// page, changes nothing. fault.Conflict without clashes: it is no draft any more.
func (s *Service) Save(ctx context.Context, who actor.Actor, id string, list []Sent) (Saved, error) {
	var saved Saved
	if err := may(who, access.ManagePlan); err != nil {
		return saved, err
	}
	err := who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		saved = Saved{At: tx.Now}
		if saved.Report, err = draft(tx, id); err != nil {
			return err
		}
		for _, one := range list {
			clash, err := keep(tx, who, &saved.Report, one)
			if err != nil {
				return err
			}
			if clash {
				saved.Clashes = append(saved.Clashes, one.Part)
			}
		}
		return nil
	})
	if err != nil {
		saved.Clashes = nil // nothing was kept, aside neither
	} else if len(saved.Clashes) > 0 {
		err = fault.New(fault.Conflict, "report.error.clash")
	}
	return saved, err
}

// draft gives a report that can still be written.
func draft(tx *tenants.Tx, id string) (Report, error) {
	r, err := ByID(tx, id)
	if err == nil && r.State != Draft {
		err = fault.New(fault.Conflict, "report.error.not_draft")
	}
	return r, err
}

// keep writes one part, or keeps it aside.
func keep(tx *tenants.Tx, who actor.Actor, r *Report, sent Sent) (clash bool, err error) {
	kept, err := partOf(tx, r.ID, sent.Part)
	if err != nil {
		return false, err
	}
	var c Content
	if err := c.read(kept.Part, kept.body); err != nil {
		return false, err
	}
	sent.Edit(&c)
	body, err := c.encode(sent.Part)
	if err != nil {
		return false, err
	}
	if wrong := c.refused(sent.Part); len(wrong) > 0 {
		return false, fault.InvalidFields(wrong...)
	}
	switch {
	case body == kept.body || kept.overtook(sent.Page) || kept.untouched(sent.Page, body):
		return false, nil
	case kept.elsewhere(sent.Page):
		return true, keepAside(tx, who, r.ID, sent.Part, body)
	}
	return false, rewrite(tx, who, r, &kept, &c, body, sent.Page)
}

// overtook reports whether a later save of the same page is there already.
func (p *row) overtook(from Page) bool {
	return from.Turn > 0 && from.Name != "" && p.page == from.Name && from.Turn <= p.turn
}

// elsewhere reports whether another page wrote since this one was shown.
func (p *row) elsewhere(from Page) bool {
	return p.Version != from.Seen && (p.page == "" || p.page != from.Name)
}

// untouched reports whether the page sends the part as it was shown, which says
// nothing against what another page wrote meanwhile.
func (p *row) untouched(from Page, body string) bool {
	return p.elsewhere(from) && from.Base != "" && mark(body) == from.Base
}

// sitting is how long somebody writes on at a part for one line of the trail.
const sitting = 30 * time.Minute

// rewrite changes the row of a part. The trail has one line for each time that
// somebody sits down at a part, not for every word: who wrote last, and when,
// stands in the part itself.
func rewrite(tx *tenants.Tx, who actor.Actor, r *Report, kept *row, c *Content, body string, from Page) error {
	if err := savePart(tx, who, r.ID, kept.Part, body, from); err != nil {
		return err
	}
	if kept.Part == PurposePart {
		if err := c.purposeOnto(tx, r); err != nil {
			return err
		}
	}
	if kept.Version > 1 && kept.By == who.UserID && tx.Now.Sub(kept.At) < sitting {
		return nil
	}
	return audit.Record(tx, who, audit.Change{Action: "report.write", Object: r.ID, File: r.FileID, Detail: map[string]string{"part": string(kept.Part)}})
}

// purposeOnto copies what lists show of a report.
func (c *Content) purposeOnto(tx *tenants.Tx, r *Report) error {
	due, _ := readDate(c.Purpose.Due)
	if !dueBy(due, calendar.On(tx.Now)) {
		due = calendar.Date{} // a slip of the keys: the paper says what was typed, the agenda nothing
	}
	if r.PurposeCode == c.Purpose.Code && r.Purpose == c.Purpose.Name && r.DueOn == due {
		return nil
	}
	r.PurposeCode, r.Purpose, r.DueOn = c.Purpose.Code, c.Purpose.Name, due
	return write(tx, r)
}

// Choice is which of two versions of a part stays.
type Choice string

// The choices.
const (
	Mine   Choice = "mine"
	Theirs Choice = "theirs"
	Both   Choice = "both" // one under the other
)

// Settle ends a clash: the part becomes what its writer chose. Where a third
// version came meanwhile, nothing is overwritten and it is a clash again.
func (s *Service) Settle(ctx context.Context, who actor.Actor, id string, choice Choice, sent Sent) (Saved, error) {
	return s.settle(ctx, who, id, sent, func(tx *tenants.Tx) (Sent, error) {
		theirs, err := partOf(tx, id, sent.Part)
		if err != nil {
			return sent, err
		}
		edit := sent.Edit
		switch choice {
		case Theirs:
			sent.Edit = func(*Content) {}
		case Both:
			var other Content
			if err := other.read(theirs.Part, theirs.body); err != nil {
				return sent, err
			}
			sent.Edit = func(c *Content) { edit(c); c.tidy(sent.Part); c.both(sent.Part, &other) }
		case Mine:
		}
		return sent, nil
	})
}

func (s *Service) settle(ctx context.Context, who actor.Actor, id string, sent Sent, chosen func(*tenants.Tx) (Sent, error)) (Saved, error) {
	saved := Saved{}
	if err := may(who, access.ManagePlan); err != nil {
		return saved, err
	}
	sent.Page.Base, sent.Page.Turn = "", 0
	err := who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		saved = Saved{At: tx.Now}
		if saved.Report, err = draft(tx, id); err != nil {
			return err
		}
		final, err := chosen(tx)
		if err != nil {
			return err
		}
		clash, err := keep(tx, who, &saved.Report, final)
		if err != nil {
			return err
		}
		if clash {
			saved.Clashes = []Part{sent.Part}
			return nil
		}
		return dropAside(tx, who, id, sent.Part)
	})
	if err != nil {
		saved.Clashes = nil
	}
	if err == nil && len(saved.Clashes) > 0 {
		err = fault.New(fault.Conflict, "report.error.clash")
	}
	return saved, err
}

// Discard ends a draft that nobody wants any more, with a reason. It is kept, and
// so is what it says; pressed twice it is ended once.
func (s *Service) Discard(ctx context.Context, who actor.Actor, id, reason string) (r Report, err error) {
	if err := may(who, access.ManagePlan); err != nil {
		return Report{}, err
	}
	reason = line(reason)
	if reason == "" {
		return r, fault.InvalidField("reason", "report.error.reason")
	}
	if len([]rune(reason)) > maxReason {
		return r, fault.InvalidFields(fault.Field{Name: "reason", Key: "report.error.long", Args: map[string]any{"Max": maxReason}})
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if r, err = ByID(tx, id); err != nil {
			return err
		}
		if r.State == Annulled && r.Annulment.By == who.UserID && r.Annulment.Reason == reason {
			return nil // pressed twice
		}
		if r.Number > 0 && !r.mayAnnul(who) { // it was signed: to discard it is to annul it
			return fault.New(fault.Forbidden, "signature.error.annul_other")
		}
		return s.discard(tx, who, &r, reason)
	})
	return r, err
}

// The longest reason, in characters.
const maxReason = 500

func (s *Service) discard(tx *tenants.Tx, who actor.Actor, r *Report, reason string) error {
	if r.State != Draft {
		return fault.New(fault.Conflict, "report.error.not_draft")
	}
	r.State = Annulled
	r.Annulment = Annulment{Act: Act{At: tx.Now, By: who.UserID, Name: who.Name}, Reason: reason}
	if err := write(tx, r); err != nil {
		return err
	}
	if err := remember(tx, who, r, Draft, reason); err != nil {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: "report.discard", Object: r.ID, File: r.FileID, Detail: map[string]string{"reason": reason}})
}

// DropItem ends the drafts of a plan item that was withdrawn, in the transaction
// that withdraws it. What was signed stays as it is.
func (s *Service) DropItem(tx *tenants.Tx, who actor.Actor, itemID, reason string) error {
	list, err := OfItem(tx, itemID)
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].State != Draft {
			continue
		}
		if err := s.discard(tx, who, &list[i], or(clip(reason, maxReason), itemID)); err != nil {
			return err
		}
	}
	return nil
}
