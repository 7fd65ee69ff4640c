package casework

import (
	"time"
	"unicode/utf8"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// Status is where a case stands.
type Status string

// The states of a case.
const (
	Unassigned Status = "unassigned" // waits for a worker
	Assigned   Status = "assigned"
	Closed     Status = "closed"
)

// Case is casework on one file.
type Case struct {
	ID         string
	FileID     string
	Unit       string // code of the unit that works on it
	Status     Status
	WorkerID   string // who is responsible, "" while it waits for somebody
	WorkerName string
	Origin     string // the referral that named the worker, "" when somebody else did
	OpenedAt   time.Time
	AssignedAt time.Time // since when the worker is responsible
	MovedAt    time.Time // when something was last done for the person
}

// Still is how many days nothing was done for the person.
func (c *Case) Still(today calendar.Date) int {
	return max(0, calendar.On(c.MovedAt).DaysUntil(today))
}

// Entry is a change of who is responsible, or that the case was closed or opened
// again.
type Entry struct {
	At     time.Time
	By     string // name of who did it, "" for the program
	Role   string
	What   string // "" of who is responsible; else "closed", "reopened"
	Was    string // names, "" for nobody
	Became string
	Reason string // of a case that was closed: its Ending
}

// The longest reason, in characters.
const maxReason = 500

// readReason is why a case changes hands: it is always said.
func readReason(text string) (string, error) {
	switch {
	case text == "":
		return "", fault.InvalidField("reason", "casework.error.reason")
	case utf8.RuneCountInString(text) > maxReason:
		return "", fault.InvalidFields(fault.Field{Name: "reason", Key: "casework.error.long", Args: map[string]any{"Max": maxReason}})
	}
	return text, nil
}
