package attention

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gsl/app/catalogue"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
)

// Priority is why somebody is called before those who came earlier.
type Priority string

// The priorities. All weigh the same: among those who have one, and among those
// who have none, who came first is called first.
const (
	NoPriority Priority = ""
	Older      Priority = "older" // 60 years or more
	Disability Priority = "disability"
	Pregnancy  Priority = "pregnancy"
	Carer      Priority = "carer" // holds the carers' credential
)

// Priorities lists the priorities as the form shows them.
func Priorities() []Priority { return []Priority{Older, Disability, Pregnancy, Carer} }

// olderFrom is the age from which the law speaks of older people.
const olderFrom = 60

// priorityOf gives the priority that a file and what is known of the household
// show; facts nil: nothing is known.
func priorityOf(f people.File, facts *catalogue.Facts, today calendar.Date) Priority {
	if f.Age(today) >= olderFrom {
		return Older
	}
	if facts == nil || facts.Person < 0 || facts.Person >= len(facts.Members) {
		return NoPriority
	}
	switch m := &facts.Members[facts.Person]; {
	case !m.BirthDate.IsZero() && m.BirthDate.AgeOn(today) >= olderFrom:
		return Older
	case m.Disability == catalogue.Yes:
		return Disability
	case m.Pregnant == catalogue.Yes:
		return Pregnancy
	case m.Carer == catalogue.Yes:
		return Carer
	}
	return NoPriority
}

// TicketState is where a ticket stands.
type TicketState string

// The states of a ticket.
const (
	Waits     TicketState = "waiting"
	Called    TicketState = "called"
	Attending TicketState = "attended"
	Absent    TicketState = "absent" // called, and was not there
	Left      TicketState = "left"   // went before being called
)

// Ticket is the place of one person in the waiting list of a desk.
type Ticket struct {
	ID         string
	Desk       string
	Day        calendar.Date
	Number     int
	FileID     string // "" for somebody who is not identified yet
	Name       string // of the file or, without one, what to call out
	Document   string // RUN or provisional ID of the file
	Veiled     bool   // the file is shut for who looks: the number is called out
	Priority   Priority
	State      TicketState
	AddedAt    time.Time
	CalledAt   time.Time
	CalledBy   string // user of the roster
	CalledName string
}

// Waited is how long the person has waited, or waited until called, in minutes.
func (t *Ticket) Waited(now time.Time) int {
	if t.State != Waits && !t.CalledAt.IsZero() {
		now = t.CalledAt
	}
	return max(0, int(now.Sub(t.AddedAt)/time.Minute))
}

// Queue is the waiting list of a desk on a day.
type Queue struct {
	On      bool // the municipality keeps waiting lists
	Desk    string
	Mine    *Ticket  // whom the actor has called, nil nobody
	Waiting []Ticket // in the order of the call
	Called  []Ticket // by colleagues
	Absent  []Ticket // who may come back to the list
	Average int      // minutes until called today; -1 while nobody was
	Served  int      // attended today
	Now     time.Time
	Beat    uint64 // changes with every change of the list
}

// arrange puts a desk's tickets of the day where they belong.
func (q *Queue) arrange(list []Ticket, user string) {
	for i := range list {
		switch t := list[i]; {
		case t.State == Called && t.CalledBy == user:
			q.Mine = &list[i]
		case t.State == Called:
			q.Called = append(q.Called, t)
		case t.State == Waits:
			q.Waiting = append(q.Waiting, t)
		case t.State == Absent:
			q.Absent = append(q.Absent, t)
		}
	}
}

// Arrival is somebody to be put on the list.
type Arrival struct {
	Desk     string   // "": the actor's own
	FileID   string   // who has a file
	Name     string   // who is not identified
	Priority Priority // chosen at the desk; "" takes what the facts show
}

// maxTicketName is the longest name to call out, in runes.
const maxTicketName = 40

// check names what cannot be kept.
func (a Arrival) check() error {
	if a.Priority != NoPriority && !slices.Contains(Priorities(), a.Priority) {
		return fault.InvalidField("priority", "attention.error.priority")
	}
	if a.FileID != "" {
		return nil
	}
	if a.Name == "" || !strings.ContainsFunc(a.Name, unicode.IsLetter) {
		return fault.InvalidField("name", "attention.error.ticket_name")
	}
	if utf8.RuneCountInString(a.Name) > maxTicketName {
		return fault.InvalidField("name", "attention.error.ticket_long")
	}
	return nil
}

// TicketVerb is what can be done with a ticket.
type TicketVerb string

// The verbs, with the state each starts from.
const (
	Attend  TicketVerb = "attend"
	NotHere TicketVerb = "absent"
	Return  TicketVerb = "return"
	Leave   TicketVerb = "leave"
)

var ticketSteps = map[TicketVerb]struct {
	from []TicketState
	to   TicketState
	own  bool // of who called
}{
	Attend:  {[]TicketState{Called}, Attending, true},
	NotHere: {[]TicketState{Called}, Absent, true},
	Return:  {[]TicketState{Called, Absent}, Waits, false},
	Leave:   {[]TicketState{Waits, Absent}, Left, false},
}

// step gives the ticket as it is after the verb; done reports whether there was
// anything to do. fault.Conflict: somebody else was there first.
func (t Ticket) step(verb TicketVerb, user string) (after Ticket, done bool, err error) {
	rule := ticketSteps[verb]
	switch {
	case t.State == rule.to:
		return t, false, nil // pressed twice
	case !slices.Contains(rule.from, t.State), rule.own && t.CalledBy != user:
		return t, false, fault.New(fault.Conflict, "attention.error.ticket_moved")
	}
	t.State = rule.to
	return t, true, nil
}
