package attention

import (
	"time"

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
	Unit     string // code of the desk's unit
	UnitName string // as it was called that day
	Day      calendar.Date
	Channel  string // in_person, phone, video, mail
	Topic    string // its name, "" while not known
	State    State
	Outcome  Outcome // "" until it is finished
	OpenedAt time.Time
	OpenedBy string // name of the worker
}

// Attended is a file that a worker attended today.
type Attended struct {
	File people.File
	Last time.Time // when the worker, or a colleague of the desk, looked it up last
}

// Topic is something people come for.
type Topic struct{ Code, Name string }
