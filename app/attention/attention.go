package attention

import (
	"strconv"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/people"
)

// State is where an attention stands.
type State string

// The states of an attention.
const (
	Open      State = "open"
	Finished  State = "finished"
	Discarded State = "discarded" // nothing was recorded; not counted
)

// Outcome is how a finished attention ended: one of the three levels.
type Outcome string

// The outcomes of an attention.
const (
	Oriented Outcome = "oriented" // informed, and that was all
	Referred Outcome = "referred"
	Casework Outcome = "casework"
)

// Outcomes lists the levels as the form shows them.
func Outcomes() []Outcome { return []Outcome{Oriented, Referred, Casework} }

// Channel is how the person came.
type Channel string

// The channels.
const (
	InPerson Channel = "in_person"
	Phone    Channel = "phone"
	Video    Channel = "video"
	Home     Channel = "home"
	Mail     Channel = "mail"
)

// Channels lists the channels as the form shows them.
func Channels() []Channel { return []Channel{InPerson, Phone, Video, Home, Mail} }

// Representative is who came instead of the person; the zero value when the
// person did.
type Representative struct {
	Name          string
	RUN           string // as people read it, "" when they have none
	Relationship  string // one of Relationships
	Authorisation string // one of Authorisations
}

// Relationships of a representative with the person.
func Relationships() []string {
	return []string{"partner", "child", "parent", "sibling", "relative", "carer", "neighbour", "official", "other"}
}

// Authorisations are what allows a representative to ask: a parent or guardian
// needs no paper, a telephone call may be confirmed.
func Authorisations() []string { return []string{"legal", "notarial", "simple", "verbal", "none"} }

// Attention is one visit, call or video call at a desk.
type Attention struct {
	ID             string
	FileID         string
	Desk           string // code of the unit; of a desk without one, as the general desk, its role
	DeskName       string // the unit as it was called that day, "" for a desk without unit
	Day            calendar.Date
	Channel        Channel
	Topic          string // its name, "" while not known
	TopicCode      string
	State          State
	Outcome        Outcome // "" until it is finished
	Note           string  // for colleagues; never printed
	Told           string  // for the person; stands on the paper
	NextOn         calendar.Date
	Representative Representative
	Year, Number   int // 0 until a worker finished it
	OpenedAt       time.Time
	OpenedBy       string // name of the worker
	FinishedAt     time.Time
	FinishedBy     string // name of the worker, "" for what ended by itself
	Reopened       int    // how often

	page string // the page that wrote its texts last
}

// Folio is "A-2026-00184", "" for an attention that no worker finished yet.
func (a *Attention) Folio() string {
	if a.Number == 0 {
		return ""
	}
	text := strconv.Itoa(a.Number)
	for len(text) < 5 {
		text = "0" + text
	}
	return "A-" + strconv.Itoa(a.Year) + "-" + text
}

// Minutes is how long it has lasted, or lasted; at least 0.
func (a *Attention) Minutes(now time.Time) int {
	if !a.FinishedAt.IsZero() {
		now = a.FinishedAt
	}
	return max(0, int(now.Sub(a.OpenedAt)/time.Minute))
}

// Reopens reports whether it can be opened again: by its own desk, on its day.
func (a *Attention) Reopens(who actor.Actor, today calendar.Date) bool {
	return a.State == Finished && a.Day == today && a.ofDesk(who)
}

// ofDesk reports whether the actor attends at the attention's desk.
func (a *Attention) ofDesk(who actor.Actor) bool { return attends(who) && desk(who) == a.Desk }

// attends reports whether the actor attends people at a desk. Who reads files
// for other reasons opens no attention.
func attends(who actor.Actor) bool { return who.Can(access.Attend) }

// desk is the desk that the actor attends at: the unit's or, without unit, the
// role's own, as the general desk's.
func desk(who actor.Actor) string {
	if who.UnitID != "" {
		return who.UnitID
	}
	return who.Role
}

// Explained is an item of the catalogue that was explained, as it was that day.
type Explained struct {
	Code         string
	Name         string
	Provider     string
	Contact      string
	Requirements []string
}

// Attended is a file that a worker attended today, with its last attention.
type Attended struct {
	File      people.File
	Attention Attention
	Last      time.Time // when the worker, or a colleague of the desk, looked it up last
}

// Topic is something people come for.
type Topic struct {
	Code     string
	Name     string
	Active   bool
	Suggests []string // categories, subcategories and desks that it is preset for
	Version  int64
}
