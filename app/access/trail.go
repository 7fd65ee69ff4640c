package access

import (
	"time"

	"gsl/app/kit/calendar"
)

// Look is what of the national trail is looked at. It names people by id only,
// so that it may stand in an address.
type Look struct {
	Kind   string        // first word of the action: "membership"; "" all
	About  string        // id of whom it was done to; "" anybody
	By     string        // id of who did it; "" anybody
	From   calendar.Date // zero: since ever
	To     calendar.Date // last day; zero: until now
	Before int64         // of the last entry of the page before; 0 the newest
}

// trailPage is how many entries stand on a page.
const trailPage = 50

// Entry is one line of the trail: who did what to whom, and when.
type Entry struct {
	Seq    int64
	At     time.Time
	By     string // id; "" nobody, or somebody without an account
	ByName string
	ByRole string // code, as it was then
	Action string
	Object string // id, of a user, a membership, a municipality or something else
	About  string // id of the user it is about, "" for none
	Name   string // of that user
	Place  string // name of the municipality it is about, "" for none
	Roles  []Membership
	Detail map[string]string
}

// Trail is a page of entries, newest first.
type Trail struct {
	Entries []Entry
	More    bool
	Kinds   []string // those there are; of the whole trail only
}

// next is where the following page begins.
func (t *Trail) next() int64 {
	if !t.More || len(t.Entries) == 0 {
		return 0
	}
	return t.Entries[len(t.Entries)-1].Seq
}

// known is what the ids of a page of the trail stand for.
type known struct {
	users  map[string]string // id → name
	roles  map[string]Membership
	places map[string]string // id → name
}

// fill puts names where the trail has ids.
func (e *Entry) fill(k known) {
	e.ByName, e.Place = k.users[e.By], k.places[e.Detail["municipality"]]
	if name, ok := k.users[e.Object]; ok {
		e.About, e.Name = e.Object, name
	}
	if name, ok := k.places[e.Object]; ok {
		e.Place = name
	}
	for _, id := range []string{e.Object, e.Detail["membership"], e.Detail["from"], e.Detail["to"]} {
		m, ok := k.roles[id]
		if !ok {
			continue
		}
		e.Roles = append(e.Roles, m)
		if e.About == "" {
			e.About, e.Name = m.UserID, k.users[m.UserID]
		}
	}
}

// ids gathers what a page of the trail names.
func (e *Entry) ids() []string {
	return []string{e.By, e.Object, e.Detail["membership"], e.Detail["municipality"], e.Detail["from"], e.Detail["to"]}
}
