package attention

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/templates/layout"
	"gsl/tenants"
)

// pageSize is how many entries a page of the history has.
const pageSize = 50

// Kind is what a line of a file's history is about, as it stands in the address.
type Kind string

// The kinds, in the order of the filter.
const (
	AnyKind       Kind = ""
	AttentionKind Kind = "attention"
	ReferralKind  Kind = "referral"
	PlanKind      Kind = "plan"
	BenefitKind   Kind = "benefit"
	CaseKind      Kind = "case"
	DiagnosisKind Kind = "diagnosis" // those of other rooms: see Teller
	NoteKind      Kind = "note"
	VisitKind     Kind = "visit"
	ReportKind    Kind = "report"
	ChangeKind    Kind = "change"
	ViewKind      Kind = "view"
)

// kindsOfHouse are those that every reader may ask for.
var kindsOfHouse = []Kind{AnyKind, AttentionKind, ReferralKind, PlanKind, BenefitKind, CaseKind, ChangeKind}

// Event is one thing that happened to a file: exactly one of Attention, Change,
// View and Told is set.
type Event struct {
	At        time.Time
	Attention *Attention
	Change    *audit.Entry
	View      *audit.Entry // somebody looked at the page View.Action
	Told      *Told        // another room's: a referral, a plan, a benefit, a case
	Times     int          // of a view: how often in a row on that day
	By        string       // name of who did it, "" when the roster does not say
	Item      string       // of a change: name of the catalogue's item, "" for none
}

// Past is a page of a file's history, newest first.
type Past struct {
	File   people.File
	Frame  *layout.FileFrame
	Kind   Kind   // shown; AnyKind: all
	Kinds  []Kind // that the actor may ask for
	Events []Event
	Views  bool   // who looked is shown: the actor is a head of unit
	Older  string // cursor of the next page, "" at the end
}

// cursor is where a page of the history starts: before one entry of each of the
// four lists that it merges. The zero cursor is the newest page.
type cursor struct {
	attention    string
	change, view int64
	told         string // key of Told
}

// String writes the cursor as it stands in an address: it names no person.
func (c cursor) String() string {
	return c.attention + "." + strconv.FormatInt(c.change, 10) + "." + strconv.FormatInt(c.view, 10) + "." + c.told
}

// The longest parts of a cursor.
const longestID, longestTold = 26, 80

// parseCursor reads what String wrote; anything else is an unknown page.
func parseCursor(s string) (c cursor, err error) {
	if s == "" {
		return c, nil
	}
	parts := strings.SplitN(s, ".", 4)
	if len(parts) == 4 && len(parts[0]) <= longestID && len(parts[3]) <= longestTold {
		c.attention, c.told = parts[0], parts[3]
		var wrongChange, wrongView error
		c.change, wrongChange = strconv.ParseInt(parts[1], 10, 64)
		c.view, wrongView = strconv.ParseInt(parts[2], 10, 64)
		if wrongChange == nil && wrongView == nil {
			return c, nil
		}
	}
	return cursor{}, fault.New(fault.NotFound, "fault.not_found")
}

// History gives what happened to a file, of one kind or of all: who attended the
// person, what was referred, agreed, granted and changed, who was responsible
// and, for heads of unit, who looked. The view is in the trail when it returns.
// fault.NotFound: no such kind, or no such page.
func (s *Service) History(ctx context.Context, who actor.Actor, fileID string, kind Kind, from string) (Past, error) {
	at, err := parseCursor(from)
	if err != nil {
		return Past{}, err
	}
	past := Past{Kind: kind, Views: who.Role == access.UnitHead}
	if past.Kinds = s.kinds(who, past.Views); !slices.Contains(past.Kinds, kind) {
		return Past{}, fault.New(fault.NotFound, "fault.not_found")
	}
	if past.File, past.Frame, err = s.people.Visit(ctx, who, fileID, people.HistorySection, "history"); err != nil {
		return Past{}, err
	}
	m, err := s.gather(ctx, who, &past, at)
	if err != nil {
		return Past{}, err
	}
	past.Events, at = m.merge(at)
	if m.more() {
		past.Older = at.String()
	}
	if err := s.nameItems(ctx, who, past.Events); err != nil {
		return Past{}, err
	}
	return past, s.name(ctx, past.Events)
}

// shows reports whether lines of a kind are asked for.
func (p *Past) shows(kind Kind) bool { return p.Kind == AnyKind || p.Kind == kind }

// merger merges four lists, each newest first.
type merger struct {
	made       func(action string) bool // the change made what another room tells
	attentions []Attention
	changes    []audit.Entry
	views      []audit.Entry
	told       []Told
	twice      bool // what other rooms tell is asked for beside the changes that made it
	cutShort   bool // a list ran out that goes on in the file
}

// gather reads of each list that is asked for one entry more than a page can hold.
func (s *Service) gather(ctx context.Context, who actor.Actor, past *Past, at cursor) (*merger, error) {
	m := &merger{twice: past.Kind == AnyKind, made: s.madeByTold(who)}
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		if past.shows(AttentionKind) {
			if m.attentions, err = listOf(tx, past.File.ID, at.attention, pageSize+1); err != nil {
				return err
			}
		}
		if past.shows(ChangeKind) {
			if m.changes, err = audit.Changes(tx, past.File.ID, at.change, pageSize+1); err != nil {
				return err
			}
			if err = s.conceal(tx, who, m.changes); err != nil {
				return err
			}
		}
		m.told, err = s.told(tx, who, past, at.told)
		return err
	})
	if err != nil || !past.Views || !past.shows(ViewKind) {
		return m, err
	}
	m.views, err = audit.Views(ctx, who, past.File.ID, at.view, pageSize+1)
	return m, err
}

func (m *merger) more() bool {
	return m.cutShort || len(m.attentions) > 0 || len(m.changes) > 0 || len(m.views) > 0 || len(m.told) > 0
}

// merge takes a page's worth of events off the lists and says where the next
// page starts. Views of one page by one person on one day that follow each other
// are one event, and so are changes of which the reader learns only who made them;
// the change that made what another room tells is left to that room. So a list may
// run out before the page is full.
func (m *merger) merge(at cursor) ([]Event, cursor) {
	fullViews, fullChanges := len(m.views) > pageSize, len(m.changes) > pageSize
	var events []Event
	for {
		e, ok := m.next(&at)
		if !ok {
			return events, at
		}
		switch n := len(events); {
		case m.twice && e.Change != nil && m.made(e.Change.Action): // its room tells it
		case n > 0 && (events[n-1].sameView(&e) || events[n-1].sameVeil(&e)):
			events[n-1].Times++
		default:
			events = append(events, e)
		}
		m.cutShort = fullViews && len(m.views) == 0 || fullChanges && len(m.changes) == 0
		if m.cutShort || len(events) == pageSize {
			return events, at
		}
	}
}

// toldMade are the changes that made what another room tells.
var toldMade = []string{referralMade, "plan.create"}

// next takes the newest event off the lists; of one instant, the view before the
// change, and what another room tells before the attention in which it happened.
func (m *merger) next(at *cursor) (Event, bool) {
	var a, c, v, o time.Time
	if len(m.attentions) > 0 {
		a = m.attentions[0].OpenedAt
	}
	if len(m.changes) > 0 {
		c = m.changes[0].At
	}
	if len(m.views) > 0 {
		v = m.views[0].At
	}
	if len(m.told) > 0 {
		o = m.told[0].At
	}
	switch newest := latest(a, c, v, o); {
	case newest.IsZero():
		return Event{}, false
	case v.Equal(newest):
		e := Event{At: v, View: &m.views[0], Times: 1}
		at.view, m.views = m.views[0].Seq, m.views[1:]
		return e, true
	case c.Equal(newest):
		e := Event{At: c, Change: &m.changes[0], Times: 1}
		at.change, m.changes = m.changes[0].Seq, m.changes[1:]
		return e, true
	case o.Equal(newest):
		e := Event{At: o, Told: &m.told[0], By: m.told[0].By}
		at.told, m.told = m.told[0].key(), m.told[1:]
		return e, true
	}
	e := Event{At: a, Attention: &m.attentions[0], By: m.attentions[0].OpenedBy}
	at.attention, m.attentions = m.attentions[0].ID, m.attentions[1:]
	return e, true
}

func latest(list ...time.Time) (newest time.Time) {
	for _, t := range list {
		if t.After(newest) {
			newest = t
		}
	}
	return newest
}

func (e *Event) sameView(o *Event) bool {
	return e.View != nil && o.View != nil && e.View.UserID == o.View.UserID && e.View.Action == o.View.Action &&
		calendar.On(e.At) == calendar.On(o.At)
}

// sameVeil reports that two changes follow each other of which the reader learns only
// who made them: one line is enough for that.
func (e *Event) sameVeil(o *Event) bool {
	return e.Change != nil && o.Change != nil && e.Change.Action == "" && o.Change.Action == "" && e.Change.UserID == o.Change.UserID &&
		calendar.On(e.At) == calendar.On(o.At)
}

// userID is who did it, of the roster; "" for what knows the name.
func (e *Event) userID() string {
	switch {
	case e.Change != nil:
		return e.Change.UserID
	case e.View != nil:
		return e.View.UserID
	}
	return ""
}

// name fills in who did what, with one question to the roster.
func (s *Service) name(ctx context.Context, events []Event) error {
	if s.Names == nil || len(events) == 0 {
		return nil
	}
	seen := map[string]bool{}
	var ids []string
	for i := range events {
		if id := events[i].userID(); id != "" && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	names, err := s.Names(ctx, ids)
	for i := range events {
		if id := events[i].userID(); id != "" {
			events[i].By = names[id]
		}
	}
	return err
}

// nameItems fills in what the changes were about. An item that the catalogue no
// longer has keeps its code.
func (s *Service) nameItems(ctx context.Context, who actor.Actor, events []Event) error {
	today, err := s.catalogue.Catalogue(ctx, who)
	if err != nil {
		return err
	}
	for i := range events {
		c := events[i].Change
		if c == nil || c.Detail["item"] == "" {
			continue
		}
		events[i].Item = c.Detail["item"]
		if it := today.Item(events[i].Item); it != nil {
			events[i].Item = it.Name
		}
	}
	return nil
}
