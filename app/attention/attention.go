package attention

import (
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

// Attention is one visit, call or video call at a desk.
type Attention struct {
	ID       string
	FileID   string
	Desk     string // code of the unit; of a desk without one, as the general desk, its role
	DeskName string // the unit as it was called that day, "" for a desk without unit
	Day      calendar.Date
	Channel  string // in_person, phone, video, mail
	Topic    string // its name, "" while not known
	State    State
	Outcome  Outcome // "" until it is finished
	OpenedAt time.Time
	OpenedBy string // name of the worker
}

// attends reports whether the actor attends people at a desk: those who write
// down who a person is do. Who reads files for other reasons opens no attention.
func attends(who actor.Actor) bool { return who.Can(access.EditContact) }

// desk is the desk that the actor attends at: the unit's or, without unit, the
// role's own, as the general desk's.
func desk(who actor.Actor) string {
	if who.UnitID != "" {
		return who.UnitID
	}
	return who.Role
}

// Attended is a file that a worker attended today.
type Attended struct {
	File people.File
	Last time.Time // when the worker, or a colleague of the desk, looked it up last
}

// Topic is something people come for.
type Topic struct{ Code, Name string }
