package report

import (
	"context"
	"slices"
	"time"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Ask is what a form begins a report with.
type Ask struct {
	Key       string // sent twice, one report
	ItemID    string // of a plan of the file, "" for none
	Code      string // the purpose, of the catalogue
	Addressee string
	DueOn     calendar.Date
}

// Begin is Draft for a form: of a plan's item, or of a purpose of the catalogue.
func (s *Service) Begin(ctx context.Context, who actor.Actor, fileID string, ask Ask) (r Report, err error) {
	if err := may(who, access.ManagePlan); err != nil {
		return r, err
	}
	purposes, err := s.purposes(ctx, who)
	if err != nil {
		return r, err
	}
	name, known := namesOf(purposes)[ask.Code]
	if !known && ask.ItemID == "" {
		return r, fault.InvalidField("purpose", "report.error.purpose")
	}
	n := New{Key: ask.Key, Code: ask.Code, Purpose: name, Addressee: line(ask.Addressee), DueOn: ask.DueOn}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if !dueBy(ask.DueOn, calendar.On(tx.Now)) {
			return fault.InvalidField("due", "report.error.due")
		}
		if ask.ItemID != "" {
			if n, err = s.ofItem(tx, fileID, ask, n); err != nil {
				return err
			}
		}
		if known, ok, err := ofKey(tx, fileID, n.Key); err != nil {
			return err
		} else if ok && known.PurposeCode != n.Code {
			return fault.Twice()
		}
		r, err = s.DraftTx(tx, who, fileID, n)
		return err
	})
	return r, err
}

// ofItem fills what a plan's item asks for.
func (s *Service) ofItem(tx *tenants.Tx, fileID string, ask Ask, n New) (New, error) {
	waiting, err := s.waiting(tx, fileID)
	if err != nil {
		return n, err
	}
	at := slices.IndexFunc(waiting, func(it Item) bool { return it.ItemID == ask.ItemID })
	if at < 0 {
		return n, fault.InvalidField("item", "report.error.item")
	}
	it := &waiting[at]
	n.PlanID, n.ItemID, n.Code, n.Purpose, n.Detail = it.PlanID, it.ItemID, it.Code, it.Name, it.Detail
	n.Addressee = or(n.Addressee, it.Addressee)
	return n, nil
}

// waiting lists the items of the file's open plans that ask for a report and
// have none that lives.
func (s *Service) waiting(tx *tenants.Tx, fileID string) ([]Item, error) {
	if s.Waiting == nil {
		return nil, nil
	}
	items, err := s.Waiting(tx, fileID)
	if err != nil {
		return nil, err
	}
	var list []Item
	for _, it := range items {
		reports, err := OfItem(tx, it.ItemID)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(reports, func(r Report) bool { return r.State != Annulled }) {
			list = append(list, it)
		}
	}
	return list, nil
}

// purpose is one for which reports are written.
type purpose struct{ code, name string }

// purposes are the items of category C that the municipality offers.
func (s *Service) purposes(ctx context.Context, who actor.Actor) ([]purpose, error) {
	items, err := s.catalogue.Items(ctx, who)
	if err != nil {
		return nil, err
	}
	var list []purpose
	for _, it := range items {
		if it.Category == catalogue.Report {
			list = append(list, purpose{it.Code, it.Name})
		}
	}
	return list, nil
}

func namesOf(list []purpose) map[string]string {
	names := make(map[string]string, len(list))
	for _, p := range list {
		names[p.code] = p.name
	}
	return names
}

// enter notes that the actor has a draft open, and tells who else has.
func (s *Service) enter(who actor.Actor, id string, now time.Time) []Other {
	return s.presence.enter(who.Municipality.ID+" "+id, who.UserID, who.Name, now)
}

// Listed is a report with who wrote it last.
type Listed struct {
	Report
	WrittenAt time.Time
	WrittenBy string // name
}

// List is the reports of a file.
type List struct {
	Visit
	Reports  []Listed // the newest first
	Waiting  []Item   // plan items that ask for one and have none
	purposes []purpose
}

// Reports lists the reports of a file and leaves the trail of the view.
func (s *Service) Reports(ctx context.Context, who actor.Actor, fileID string) (list List, err error) {
	if err = may(who, access.ReadCasework); err != nil {
		return list, err
	}
	if list.purposes, err = s.purposes(ctx, who); err != nil {
		return list, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		if list.Visit, err = s.visit(tx, who, fileID); err != nil {
			return err
		}
		if list.Reports, err = listed(tx, fileID); err != nil {
			return err
		}
		list.Waiting, err = s.waiting(tx, fileID)
		return err
	})
	if err != nil {
		return list, err
	}
	return list, list.seen(ctx, who, "reports")
}

// follows is what of a page follows from what was saved.
type follows struct {
	content Content
	parts   []Part
	sums    bool
}

// follows reads it: of one part alone when that is enough.
func (s *Service) follows(ctx context.Context, who actor.Actor, saved *Saved, sent []Sent) (f follows, err error) {
	for _, one := range sent {
		f.parts = append(f.parts, one.Part)
		f.sums = f.sums || one.Part == HouseholdPart || one.Part == SocioeconomicPart
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		if f.sums || len(f.parts) != 1 {
			f.content, _, err = contentOf(tx, &saved.Report)
			return err
		}
		kept, err := partOf(tx, saved.Report.ID, f.parts[0])
		if err != nil {
			return err
		}
		return f.content.read(kept.Part, kept.body)
	})
	return f, err
}
