package visit

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gsl/app/access"
	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Written is what the form at the door says, as it was typed.
type Written struct {
	Result   string            `json:"result,omitempty"`
	On       string            `json:"on,omitempty"` // as typed: a draft keeps what is no date yet
	At       string            `json:"at,omitempty"`
	Present  []string          `json:"present,omitempty"` // of the household
	Others   string            `json:"others,omitempty"`  // names, one a line or with commas
	Findings map[string]string `json:"findings,omitempty"`
	Note     string            `json:"note,omitempty"`
}

// names are everybody who was at home.
func (w *Written) names() []string {
	list := []string{}
	add := func(name string) {
		if name = strings.TrimSpace(name); name != "" && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	for _, name := range w.Present {
		add(name)
	}
	for _, name := range strings.FieldsFunc(w.Others, func(r rune) bool { return r == '\n' || r == ',' || r == ';' }) {
		add(name)
	}
	return list
}

// read makes the record of what was typed. What nobody could see, because nobody
// opened, is left out.
func (w *Written) read(today calendar.Date, since calendar.Date) (Status, Record, []fault.Field) {
	var wrong []fault.Field
	refuse := func(name, key string, args map[string]any) {
		wrong = append(wrong, fault.Field{Name: name, Key: key, Args: args})
	}
	result := Status(w.Result)
	if !result.isResult() {
		refuse("result", "visit.error.result", nil)
	}
	r := Record{Present: []string{}, Findings: Findings{}, Note: w.Note}
	day, err := calendar.Parse(w.On)
	switch {
	case err != nil:
		refuse("on", "visit.error.day", nil)
	case today.Before(day), day.Before(since):
		refuse("on", "visit.error.on_range", map[string]any{"From": since.Chilean(), "To": today.Chilean()})
	}
	r.On = day
	var ok bool
	if r.At, ok = readClock(w.At); !ok {
		refuse("at", "visit.error.clock", nil)
	}
	if utf8.RuneCountInString(w.Note) > maxNote {
		refuse("note", "visit.error.long", map[string]any{"Max": maxNote})
	}
	found, bad := readFindings(w.Findings)
	wrong = append(wrong, bad...)
	if result == Done {
		r.Findings = found
		wrong = append(wrong, w.inside(&r, len(bad) == 0)...)
	}
	return result, r, wrong
}

// inside reads who was behind the door, and asks that something was seen.
func (w *Written) inside(r *Record, answered bool) (wrong []fault.Field) {
	r.Present = w.names()
	long := slices.ContainsFunc(r.Present, func(name string) bool { return utf8.RuneCountInString(name) > maxName })
	switch {
	case len(r.Present) == 0:
		wrong = append(wrong, fault.Field{Name: "others", Key: "visit.error.present"})
	case long || len(r.Present) > maxPresent:
		wrong = append(wrong, fault.Field{Name: "others", Key: "visit.error.names", Args: map[string]any{"Count": maxPresent, "Max": maxName}})
	}
	if answered && len(r.Findings) == 0 && r.Note == "" {
		wrong = append(wrong, fault.Field{Name: "note", Key: "visit.error.nothing"})
	}
	return wrong
}

// same reports whether a visit was recorded as just this: it was sent twice.
func (v *Visit) same(result Status, r *Record) bool {
	return v.Status == result && v.On == r.On && v.At == r.At && v.Note == r.Note && slices.Equal(v.Present, r.Present) && maps.Equal(v.Findings, r.Findings)
}

// Finish records what was found at the door. A visit that took place confirms
// its plan item. Sent twice it is recorded once. fault.Conflict: somebody
// recorded or cancelled it otherwise.
func (s *Service) Finish(ctx context.Context, who actor.Actor, id string, w *Written) (v Visit, err error) {
	if err = may(who, access.ManagePlan); err != nil {
		return v, err
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if v, err = ByID(tx, id); err != nil {
			return err
		}
		result, r, wrong := w.read(calendar.On(tx.Now), calendar.On(tx.Now).AddDays(-oldest))
		if len(wrong) > 0 {
			return fault.InvalidFields(wrong...)
		}
		if !v.Waits() {
			if v.same(result, &r) {
				return nil
			}
			return fault.New(fault.Conflict, "visit.error.over")
		}
		v.Status, v.Record, v.EndedAt, v.EndedByName = result, r, tx.Now, who.Name
		v.Version++
		if err := endVisit(tx, &v); err != nil {
			return err
		}
		return s.told(tx, who, &v, "visit.record", Scheduled, "")
	})
	return v, err
}

// Add writes something to the history of a visit that is over: what was recorded
// stays as it was. The same words again, last, are one addition.
func (s *Service) Add(ctx context.Context, who actor.Actor, id, text string) (v Visit, err error) {
	if err = may(who, access.ManagePlan); err != nil {
		return v, err
	}
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return v, fault.InvalidField("text", "visit.error.text")
	case n > maxNote:
		return v, fault.InvalidFields(fault.Field{Name: "text", Key: "visit.error.long", Args: map[string]any{"Max": maxNote}})
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if v, err = ByID(tx, id); err != nil {
			return err
		}
		past, err := entriesOf(tx, id)
		if err != nil || len(past) > 0 && past[0].Note == text && past[0].Was == past[0].Became {
			return err
		}
		if v.Waits() {
			return fault.New(fault.Conflict, "visit.error.not_over")
		}
		v.Version++
		if err := touch(tx, &v); err != nil {
			return err
		}
		return s.told(tx, who, &v, "visit.add", v.Status, text)
	})
	return v, err
}

// Shown is one visit with everything that its pages say of it.
type Shown struct {
	Opened
	Visit     Visit
	History   []Entry // the newest first
	Photos    []document.Document
	Previous  *Visit // that it repeats
	Next      *Visit // that repeats it
	Item      *Item  // that it fulfils, nil when it is finished or there is none
	Household []string
	Draft     Kept // what is being typed of it
	Now       time.Time
}

// Visit shows a visit; the view is in the trail, what names the page there.
func (s *Service) Visit(ctx context.Context, who actor.Actor, id, what string) (v Shown, err error) {
	if err = may(who, access.ReadCasework); err != nil {
		return v, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error { //nolint:contextcheck // the transaction carries it
		return s.show(tx, who, id, &v)
	})
	if err != nil {
		return v, err
	}
	return v, v.seen(ctx, who, what)
}

func (s *Service) show(tx *tenants.Tx, who actor.Actor, id string, v *Shown) (err error) {
	if v.Visit, err = ByID(tx, id); err != nil {
		return err
	}
	if v.Opened, err = s.open(tx, who, v.Visit.FileID); err != nil {
		return err
	}
	v.Now = tx.Now
	if v.History, err = entriesOf(tx, id); err != nil {
		return err
	}
	if v.Photos, err = document.Of(tx, document.Owner{Kind: DocumentsOwner, ID: id}); err != nil {
		return err
	}
	if v.Draft, err = draftOf(tx, id); err != nil {
		return err
	}
	if v.Visit.ItemID != "" {
		if v.Item, err = s.item(tx, v.Visit.FileID, v.Visit.ItemID); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return s.neighbours(tx, v)
}

// neighbours finds the visit before and the one after.
func (s *Service) neighbours(tx *tenants.Tx, v *Shown) error {
	all, err := OfFile(tx, v.Visit.FileID)
	for i := range all {
		switch o := &all[i]; {
		case o.ID == v.Visit.PreviousID:
			v.Previous = o
		case o.PreviousID == v.Visit.ID:
			v.Next = o
		}
	}
	return err
}

// Door gives a visit for the form at the door, with the names of the household.
// A registry that does not answer only leaves the names out.
func (s *Service) Door(ctx context.Context, who actor.Actor, id string) (v Shown, err error) {
	if err = may(who, access.ManagePlan); err != nil {
		return v, err
	}
	if v, err = s.Visit(ctx, who, id, "visit.record"); err != nil || s.Household == nil {
		return v, err
	}
	v.Household, err = s.Household(ctx, who, v.File.ID)
	if fault.Is(err, fault.Unavailable) {
		err = nil
	}
	return v, err
}
