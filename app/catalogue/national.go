package catalogue

import (
	"encoding/json"
	"slices"
	"strings"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// The national catalogue is edited in drafts, one for each item, and published
// for every municipality at once. What is published is a version: it says all of
// an item from its first day on. Versions are never rewritten, except one whose
// first day is today or still to come: of that one the publication keeps what it
// said.

// Content is all that a version says of an item.
type Content struct {
	Code           string     `json:"code"`
	Category       string     `json:"category"`
	Subcategory    string     `json:"subcategory,omitempty"` // slug
	Name           string     `json:"name"`
	Description    string     `json:"description,omitempty"`
	Provider       string     `json:"provider,omitempty"`
	Unit           string     `json:"unit,omitempty"`
	Reference      int64      `json:"reference,omitempty"`
	ReferenceKnown bool       `json:"reference_known,omitempty"`
	IntervalDays   int        `json:"interval_days,omitempty"`
	Requirements   []string   `json:"requirements,omitempty"`
	LegalBasis     string     `json:"legal_basis,omitempty"`
	RISCode        string     `json:"ris_code,omitempty"`
	Contact        string     `json:"contact,omitempty"`
	Spots          int        `json:"spots,omitempty"`
	SpotsPeriod    string     `json:"spots_period,omitempty"`
	Criteria       []Row      `json:"criteria,omitempty"`
	Fields         []FieldRow `json:"fields,omitempty"`
}

// FieldRow is one of the item's own fields, as the form writes it.
type FieldRow struct {
	Label    string `json:"label"`
	Type     string `json:"type"`
	Required bool   `json:"required,omitempty"`
	Choices  string `json:"choices,omitempty"` // separated by |
}

func (r FieldRow) blank() bool { return r.Label == "" && r.Choices == "" }

// Version is what is said of an item from a day to another.
type Version struct {
	Content
	From, To calendar.Date // zero: since ever, until further notice
}

// covers reports whether the version is the one of a day. One that ends before it
// begins never was: it was retired on its first day.
func (v *Version) covers(day calendar.Date) bool {
	return !day.Before(v.From) && (v.To.IsZero() || !v.To.Before(day))
}

// Draft is a change that is being written: of what an item says, or its retirement.
type Draft struct {
	Content
	Retires       bool
	From          calendar.Date // first day; zero: the day it is published
	Revision      int64
	ChangedBy     string
	ChangedByName string
	ChangedAt     string // RFC 3339
}

// Action is what a publication does to an item.
type Action string

// The actions.
const (
	Adds    Action = "add"
	Changes Action = "change"
	Retires Action = "retire"
)

// Step is what publishing a draft does to the versions of its item.
type Step struct {
	Draft  *Draft
	Action Action
	From   calendar.Date
	Before *Content // nil: nobody could have it on that day
	After  *Content // nil: nobody can from that day on
	// Same: it would change nothing.
	Same bool
	// Replaces: a version that begins on the same day makes room for it. Today:
	// that version is already in force.
	Replaces, Today bool
	// Next: the first day of the version after it, which stays; zero none.
	Next calendar.Date

	shorten *Version        // ends on the day before
	remove  []calendar.Date // versions that begin on these days
	insert  *Version
}

// plan says what publishing a draft on a day does.
func (d *Draft) plan(versions []Version, today calendar.Date) Step {
	s := Step{Draft: d, Action: Adds, From: d.From}
	if s.From.IsZero() {
		s.From = today
	}
	var covering *Version
	for i := range versions {
		v := &versions[i]
		switch {
		case v.covers(s.From):
			covering = v
		case s.From.Before(v.From) && (s.Next.IsZero() || v.From.Before(s.Next)):
			s.Next = v.From
		}
	}
	if covering != nil {
		s.Action, s.Before = Changes, &covering.Content
		s.Replaces, s.Today = covering.From == s.From, covering.From == s.From && s.From == today
	}
	if d.Retires {
		s.retire(covering, versions)
		return s
	}
	s.After = &d.Content
	s.Same = s.Before != nil && s.Before.same(s.After)
	s.put(covering)
	return s
}

// put lays the new version over the one of its day, up to the next.
func (s *Step) put(covering *Version) {
	s.insert = &Version{Content: *s.After, From: s.From}
	if !s.Next.IsZero() {
		s.insert.To = s.Next.AddDays(-1)
	}
	switch {
	case covering == nil:
	case s.Replaces:
		s.remove, s.insert.To = []calendar.Date{covering.From}, covering.To
	default:
		s.shorten, s.insert.To = covering, covering.To
	}
}

// retire ends the version of the day and takes back those that were to come.
func (s *Step) retire(covering *Version, versions []Version) {
	s.Action, s.Same, s.Next = Retires, covering == nil, calendar.Date{}
	for i := range versions {
		if !versions[i].From.Before(s.From) {
			s.remove = append(s.remove, versions[i].From)
		}
	}
	if covering != nil && !s.Replaces {
		s.shorten = covering
	}
}

// same reports whether two contents say the same.
func (c *Content) same(o *Content) bool { return c.text() == o.text() }

// text is the content as it is kept: equal contents have equal texts.
func (c *Content) text() string {
	kept := *c
	kept.Criteria = keptRows(c.Criteria)
	kept.Fields = slices.DeleteFunc(slices.Clone(c.Fields), FieldRow.blank)
	if len(kept.Fields) == 0 {
		kept.Fields = nil
	}
	if kept.Spots == 0 {
		kept.SpotsPeriod = ""
	}
	if kept.ReferenceKnown = c.ReferenceKnown; !kept.ReferenceKnown {
		kept.Reference = 0
	}
	text, err := json.Marshal(&kept)
	if err != nil {
		panic("catalogue: " + err.Error()) // texts, numbers and lists of them: cannot fail
	}
	return string(text)
}

// keptRows writes rows as the catalogue gives them back; rows that cannot be read
// stay as they were typed.
func keptRows(rows []Row) []Row {
	list, wrong := ReadRows(rows)
	if len(wrong) > 0 {
		return rows
	}
	return RowsOf(list)
}

// contentOf is what a version's item says.
func contentOf(it *Item, own []Field) Content {
	c := Content{Code: it.Code, Category: it.Category, Subcategory: it.SubcategoryCode, Name: it.Name, Description: it.Description,
		Provider: it.Provider, Unit: it.Unit, Reference: it.Reference, ReferenceKnown: it.ReferenceKnown, IntervalDays: it.IntervalDays,
		Requirements: it.Requirements, LegalBasis: it.LegalBasis, RISCode: it.RISCode, Contact: it.Contact, Spots: it.Spots,
		SpotsPeriod: it.SpotsPeriod, Criteria: RowsOf(it.Criteria)}
	for _, f := range own {
		c.Fields = append(c.Fields, FieldRow{Label: f.Label, Type: f.Type, Required: f.Required, Choices: strings.Join(f.Choices, " | ")})
	}
	return c
}

// item makes the item that the content describes, without the standard fields,
// and says what is wrong with it. known are the categories with their drawers,
// and the codes that a criterion may ask about.
func (c *Content) item(known *vocabulary) (*Item, []fault.Field) {
	it := &Item{Scope: National, Code: c.Code, Category: c.Category, SubcategoryCode: c.Subcategory, Name: c.Name, Description: c.Description,
		Provider: c.Provider, Unit: c.Unit, Reference: c.Reference, ReferenceKnown: c.ReferenceKnown, IntervalDays: c.IntervalDays,
		Requirements: c.Requirements, LegalBasis: c.LegalBasis, RISCode: c.RISCode, Contact: c.Contact, Spots: c.Spots, SpotsPeriod: c.SpotsPeriod}
	wrong := c.check(known)
	criteria, bad := ReadRows(c.Criteria)
	wrong = append(wrong, bad...)
	if len(bad) == 0 {
		wrong = append(wrong, c.sense(known)...)
	}
	fields, bad := c.readFields()
	it.Criteria, it.Fields = criteria, fields
	return it, append(wrong, bad...)
}
