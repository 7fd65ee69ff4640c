package referral

import (
	"slices"
	"strings"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
)

// Box is one block of the inbox. The values are those of addresses.
type Box string

// The boxes: what came to the unit, and what the desk sent.
const (
	BoxNew      Box = "new"
	BoxProgress Box = "in-progress"
	BoxOverdue  Box = "overdue" // of the new ones too
	BoxWaiting  Box = "waiting"
	BoxAnswered Box = "answered"
	BoxReturned Box = "returned" // by us, to their senders

	OutOpen     Box = "sent"
	OutAnswered Box = "replies"   // to be acknowledged
	OutReturned Box = "sent-back" // to us, to be corrected
	OutOver     Box = "ended"
)

var (
	inBoxes  = []Box{BoxNew, BoxProgress, BoxOverdue, BoxWaiting, BoxAnswered, BoxReturned}
	outBoxes = []Box{OutAnswered, OutReturned, OutOpen, OutOver}
	allBoxes = slices.Concat(inBoxes, outBoxes)
)

// Out reports whether the box holds what the desk sent.
func (b Box) Out() bool { return slices.Contains(outBoxes, b) }

// byDue reports whether the box is in the order of the promised day, the
// earliest first; the others have the latest change first.
func (b Box) byDue() bool {
	switch b {
	case BoxAnswered, BoxReturned, OutAnswered, OutReturned, OutOver:
		return false
	}
	return true
}

// bulk reports whether several rows of the box can be received or assigned at once.
func (b Box) bulk() bool {
	return b == BoxNew || b == BoxProgress || b == BoxOverdue || b == BoxWaiting
}

// Who handles it, as a filter; any other value is the id of a colleague.
const (
	anybody = ""
	mine    = "me"
	nobody  = "nobody"
)

// When it is due, as a filter.
const (
	dueAny   = ""
	dueToday = "today"
	dueWeek  = "week" // within seven days, what is late included
	dueLate  = "late"
)

// Query is what somebody asks to see of the inbox.
type Query struct {
	Box      Box    // "": the first that holds something
	Item     string // code, "" any
	Assigned string // anybody, mine, nobody, or the id of a colleague
	Due      string // dueAny, dueToday, dueWeek, dueLate
	After    string // where the page before ended: "<key>.<id>"
}

// window gives the days that the filter lets through, both included.
func (q Query) window(today calendar.Date) (from, to string) {
	from, to = "", "9999"
	switch q.Due {
	case dueToday:
		return today.String(), today.String()
	case dueWeek:
		return from, today.AddDays(7).String()
	case dueLate:
		return from, today.AddDays(-1).String()
	}
	return from, to
}

// cursor takes apart where the page before ended.
func (q Query) cursor() (key, id string) {
	at := strings.LastIndexByte(q.After, '.')
	if at < 0 || len(q.After) > 80 {
		return "", ""
	}
	return q.After[:at], q.After[at+1:]
}

// Row is one line of the inbox: the referral as far as the list shows it, and
// whom it is about.
type Row struct {
	Referral
	Person string // "" when nobody said the name
}

// cursor is where a page that ends with the row goes on.
func (row *Row) cursor(b Box) string {
	switch {
	case b.byDue():
		return row.Due.String() + "." + row.ID
	case b == BoxAnswered || b == OutAnswered:
		return stamp(row.AnsweredAt) + "." + row.ID
	}
	return stamp(row.ChangedAt) + "." + row.ID
}

// Counts is how much is in each box.
type Counts struct {
	New, InProgress, Overdue, Waiting int // that came to the unit
	Back                              int // returned by us, not sent again yet
	Sent, Replies                     int // that the desk sent: under way, answered and not acknowledged
	Returned                          int // to the desk, to be corrected
	AnsweredToday                     int // of those that the actor follows
}

// Of gives the count of a box; -1 for those that only grow.
func (c *Counts) Of(b Box) int {
	switch b {
	case BoxNew:
		return c.New
	case BoxProgress:
		return c.InProgress
	case BoxOverdue:
		return c.Overdue
	case BoxWaiting:
		return c.Waiting
	case BoxReturned:
		return c.Back
	case OutOpen:
		return c.Sent
	case OutAnswered:
		return c.Replies
	case OutReturned:
		return c.Returned
	}
	return -1
}

// boxesOf are the boxes that the actor has: who answers referrals has both
// sides, who only sends has one.
func boxesOf(who actor.Actor) []Box {
	if hasInbox(who) {
		return allBoxes
	}
	return outBoxes
}

// hasInbox reports whether referrals come to the actor's unit.
func hasInbox(who actor.Actor) bool { return who.UnitID != "" && who.Can(access.HandleReferral) }

// choose is the box to show: the one asked for, else the first that holds
// something to do.
func (c *Counts) choose(asked Box, have []Box) Box {
	if slices.Contains(have, asked) {
		return asked
	}
	for _, b := range []Box{BoxNew, BoxOverdue, BoxProgress, OutReturned, OutAnswered, BoxWaiting, OutOpen} {
		if slices.Contains(have, b) && c.Of(b) > 0 {
			return b
		}
	}
	if slices.Contains(have, BoxNew) {
		return BoxNew
	}
	return OutOpen
}
