package agenda

import (
	"cmp"
	"slices"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/people"
	"gsl/tenants"
)

// Kind is what an entry is about.
type Kind string

// The kinds, in the order of the filter.
const (
	VisitKind      Kind = "visit"
	FollowUpKind   Kind = "follow-up"
	ReferralKind   Kind = "referral"
	ReportKind     Kind = "report"
	CommitmentKind Kind = "commitment"
	AgreementKind  Kind = "agreement" // of a meeting of the case
	DocumentKind   Kind = "document"  // a paper that expires
)

// Kinds lists the kinds.
var Kinds = []Kind{VisitKind, FollowUpKind, ReferralKind, ReportKind, CommitmentKind, AgreementKind, DocumentKind}

// Entry is one thing to be done on a day.
type Entry struct {
	Kind       Kind
	ID         string        // of the thing, unique among its kind
	Day        calendar.Date // zero: still to be given a day
	Clock      string        // "15:30", "" at any hour
	FileID     string        // "" of nobody in particular
	Text       string        // in the language of the transaction's context, without the person's name
	Place      string        // where, "" for nowhere in particular
	Href       string        // where it is done
	Done       bool
	WorkerID   string
	WorkerName string
	Version    int64 // of a follow-up

	File people.File // id, number and name; the agenda fills it from FileID
}

// Ask is which entries a Source gives: those with a day from From to To, done or
// not, and those that are not done and whose day was before From, or that have
// none.
type Ask struct {
	From, To calendar.Date
	Workers  []string // user ids; not asked when Unit is
	Unit     string   // code: everybody of the unit instead
}

// Source gives what another room knows. It shows no name of a person: File is
// filled by the agenda, which knows who may be named.
type Source func(tx *tenants.Tx, who actor.Actor, ask Ask) ([]Entry, error)

// Late reports whether the entry's day is over and it was not done. Nobody writes
// down that an agreement was kept: none is late.
func (e *Entry) Late(today calendar.Date) bool {
	return !e.Done && e.Kind != AgreementKind && !e.Day.IsZero() && e.Day.Before(today)
}

// sortEntries puts entries in the order of the day: those with an hour first.
func sortEntries(list []Entry) {
	slices.SortStableFunc(list, func(a, b Entry) int {
		return cmp.Or(a.Day.Compare(b.Day), cmp.Compare(hour(a.Clock), hour(b.Clock)), slices.Index(Kinds, a.Kind)-slices.Index(Kinds, b.Kind), cmp.Compare(a.ID, b.ID))
	})
}

func hour(clock string) string {
	if clock == "" {
		return "99"
	}
	return clock
}

// weekOf gives the Monday and the Sunday of a day's week.
func weekOf(day calendar.Date) (monday, sunday calendar.Date) {
	back := (int(day.Weekday()) + 6) % 7 // Sunday is the last day
	monday = day.AddDays(-back)
	return monday, monday.AddDays(6)
}
