package trail

import (
	"slices"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/sheet"
	"gsl/app/people"
)

// Oddity is why a head should ask about a look. It accuses nobody: most have a
// good reason that this program does not know.
type Oddity string

// The oddities, in the order in which they are shown.
const (
	OwnFile         Oddity = "own-file"         // the worker's own
	SameHousehold   Oddity = "same-household"   // the worker lives in the person's household, says the registry
	SameHome        Oddity = "same-home"        // a surname in common, and the same address
	OutsideHours    Oddity = "outside-hours"    // not on a working day between opening and closing
	NothingRecorded Oddity = "nothing-recorded" // an attention was opened and nothing came of it
	NoTask          Oddity = "no-task"          // neither attention nor work of the worker's explains it
)

// The hours in which looking at files is usual, on working days, in Santiago.
const (
	opening = 8
	closing = 19
)

func outsideHours(t time.Time) bool {
	hour := t.In(calendar.Santiago).Hour()
	return !calendar.IsWorkingDay(calendar.On(t)) || hour < opening || hour >= closing
}

// Look is one person at one file on one day for one reason: the views that follow
// each other.
type Look struct {
	Oldest   int64     // number of its first view
	From, To time.Time // of its first and last view
	UserID   string
	Name     string // "" when the roster does not say
	Role     string // code, as it was then
	Unit     string // name, "" for a desk without unit
	Pages    []Seen // in the order in which they were opened
	Times    int    // views in all
	Reason   Reason
	Odd      []Oddity

	unit string // code
	why  string // what the views themselves name
}

// Seen is a page and how often it was opened.
type Seen struct {
	Page  string // as the trail of views names it
	Times int
}

// gather puts views, the newest first, together to looks. The last one may go on
// in what was not read.
func gather(views []audit.Entry) []Look {
	var list []Look
	for i := range views {
		v := &views[i]
		n := len(list) - 1
		if n < 0 || !list[n].goesOn(v) {
			list = append(list, Look{To: v.At, UserID: v.UserID, Role: v.Role, unit: v.Unit, why: v.Object})
			n++
		}
		list[n].add(v)
	}
	return list
}

func (l *Look) goesOn(v *audit.Entry) bool {
	return l.UserID == v.UserID && l.Role == v.Role && l.unit == v.Unit && l.why == v.Object && calendar.On(l.To) == calendar.On(v.At)
}

// add takes an earlier view in.
func (l *Look) add(v *audit.Entry) {
	l.Oldest, l.From = v.Seq, v.At
	l.Times++
	at := slices.IndexFunc(l.Pages, func(s Seen) bool { return s.Page == v.Action })
	if at < 0 {
		l.Pages = append([]Seen{{Page: v.Action}}, l.Pages...)
		at = 0
	}
	l.Pages[at].Times++
	if outsideHours(v.At) && !slices.Contains(l.Odd, OutsideHours) {
		l.Odd = append(l.Odd, OutsideHours)
	}
}

// Reason is why somebody looked, in words. The zero Reason is none that is known.
type Reason struct {
	ID   string // as a view names it, "" for work that no view names
	Text string
	Href string // where it is, "" when there is no such page
	// Nothing: an attention that ended without anything recorded, which explains
	// nothing: looking somebody up opens one by itself.
	Nothing bool
}

// Task is work on a file which explains that somebody looks at it.
type Task struct {
	Reason
	UserID   string    // whose it is; "" anybody's of the unit
	Unit     string    // code; its head oversees the work
	Role     string    // code of those who decide about it beside the unit, "" for nobody
	From, To time.Time // the days on which it was under way; To is zero while it is
}

// explains reports whether the look was part of the task: the worker's own, of
// somebody whom the worker replaced, or overseen.
func (t *Task) explains(l *Look, replaced []string) bool {
	day := calendar.On(l.From)
	if day.Before(calendar.On(t.From)) || !t.To.IsZero() && calendar.On(t.To).Before(day) {
		return false
	}
	switch {
	case t.UserID != "" && (t.UserID == l.UserID || slices.Contains(replaced, t.UserID)):
		return true
	case t.Role != "" && t.Role == l.Role:
		return true
	case t.Unit == "" || t.Unit != l.unit:
		return false
	}
	return t.UserID == "" || l.Role == access.UnitHead
}

// home is what is compared of two people and never shown.
type home struct {
	run      people.RUN
	surnames []string
	address  string
}

func homeOf(f people.File) home {
	return home{run: f.RUN, surnames: strings.Fields(sheet.Fold(f.Surnames)), address: sheet.Fold(f.Address)}
}

// kin says how near the worker is to the person, "" for not at all as far as this
// municipality can know.
func kin(person, worker home, household []people.RUN) Oddity {
	switch {
	case worker.run.IsZero():
		return ""
	case worker.run == person.run:
		return OwnFile
	case slices.Contains(household, worker.run):
		return SameHousehold
	case person.address != "" && person.address == worker.address && slices.ContainsFunc(worker.surnames, func(s string) bool {
		return len(s) > len("de la") && slices.Contains(person.surnames, s)
	}):
		return SameHome
	}
	return ""
}

// Asked is which looks somebody wants to see. It names people by id only, so that
// it may stand in an address.
type Asked struct {
	UserID   string
	From, To calendar.Date // To is the last day
	Odd      bool          // only those that are marked
	Before   int64         // of the last look of the page before; 0 the newest
}

// narrowed reports whether anything is left out.
func (a Asked) narrowed() bool { return a != Asked{Before: a.Before} }

// which puts the question as the trail of views takes it.
func (a Asked) which(files []string, limit int) audit.Which {
	w := audit.Which{Files: files, UserID: a.UserID, Before: a.Before, Limit: limit}
	if !a.From.IsZero() {
		w.From = midnight(a.From)
	}
	if !a.To.IsZero() {
		w.To = midnight(a.To.AddDays(1))
	}
	return w
}

func midnight(d calendar.Date) time.Time {
	return time.Date(d.Year(), time.Month(d.Month()), d.Day(), 0, 0, 0, 0, calendar.Santiago)
}
