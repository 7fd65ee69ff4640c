package referral

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"gsl/app/kit/fault"
)

// full is a step with everything any verb may ask for.
func full(verb Verb) Move {
	return Move{Verb: verb, Outcome: Granted, Reason: "Falta un dato", Note: "Nota", WaitingFor: Documents,
		Assigned: "u-" + rshOther, AssignedName: "Colega", ExternalNumber: "4711", ExternalStatus: "ingresada"}
}

// shape is a kind of referral with who of the house may do what.
type shape struct {
	name  string
	by    string // who sends it
	what  New
	who   map[side][]string
	aside []string // who else may know of it
}

var (
	rshStaff    = []string{rshDesk, rshOther, rshHead}
	caseworkers = []string{manager, socialHead, family}
	shapes      = []shape{
		{"to another unit", front, New{}, map[side][]string{sender: {front}, handler: rshStaff, chief: {rshHead}}, append([]string{director}, caseworkers...)},
		{"to the own unit", rshDesk, New{}, map[side][]string{sender: rshStaff, handler: rshStaff, chief: {rshHead}}, append([]string{director}, caseworkers...)},
		{"of a plan", manager, New{Source: FromPlan, PlanID: "p", PlanItemID: "i"}, map[side][]string{sender: caseworkers, handler: rshStaff, chief: {rshHead}}, []string{director}},
		{"by letter", front, New{Asked: housing}, map[side][]string{sender: {front}, handler: {front}}, append([]string{director}, caseworkers...)},
	}
)

// reach brings a new referral of the front desk to the RSH desk to a state.
func (h *house) reach(state State) Referral { return h.reachIn(shapes[0], state) }

func (h *house) reachIn(in shape, state State) Referral {
	h.t.Helper()
	if in.what.PlanID != "" {
		in.what.PlanItemID = fmt.Sprint("item", h.items)
		h.items++
	}
	r := h.send(in.by, in.what)
	way := map[State][]Verb{
		Received: {Receive}, InProgress: {Start}, Waiting: {Wait}, Answered: {Answer}, Closed: {Answer, Close},
		Returned: {Return}, Cancelled: {Cancel}}
	for _, verb := range way[state] {
		r = h.move(in.who[steps[verb].by][0], r, full(verb))
	}
	if r.State != state {
		h.t.Fatalf("reached %s instead of %s", r.State, state)
	}
	return r
}

// sees reports whether somebody may know of it at all.
func (in shape) sees(name string) bool {
	return slices.Contains(in.aside, name) || slices.Contains(in.who[sender], name) || slices.Contains(in.who[handler], name)
}

// becomes is the whole table of states and verbs: what a step makes of a state;
// what is not here is a wrong order.
var becomes = map[State]map[Verb]State{
	Sent:       {Receive: Received, Start: InProgress, Wait: Waiting, Answer: Answered, Return: Returned, Cancel: Cancelled, Assign: Received, External: Sent},
	Received:   {Start: InProgress, Wait: Waiting, Answer: Answered, Return: Returned, Cancel: Cancelled, Assign: Received, External: Received},
	InProgress: {Wait: Waiting, Answer: Answered, Return: Returned, Cancel: Cancelled, Assign: InProgress, External: InProgress},
	Waiting:    {Start: InProgress, Wait: Waiting, Answer: Answered, Return: Returned, Cancel: Cancelled, Assign: Waiting, External: Waiting},
	Answered:   {Close: Closed, Reopen: InProgress, External: Answered},
	Closed:     {Reopen: InProgress},
	Returned:   {Resend: Sent, Cancel: Cancelled},
	Cancelled:  {},
}

// Every transition × everybody of the house, another unit and another
// municipality included, for every kind of referral.
func TestEveryStepByEverybody(t *testing.T) {
	h := newHouse(t)
	for _, in := range shapes {
		for _, state := range States {
			for _, verb := range Verbs {
				r := h.reachIn(in, state)
				for name := range h.staff {
					if h.try(in, r, verb, name) {
						r = h.reachIn(in, state)
					}
				}
			}
		}
	}
}

// try lets somebody do a step on a referral; it reports whether it was done. One
// that is refused leaves no trace.
func (h *house) try(in shape, r Referral, verb Verb, name string) bool {
	h.t.Helper()
	state := r.State
	next, follows := becomes[state][verb]
	before := len(h.history(r.ID))
	after, err := h.service.Move(context.Background(), h.staff[name], r.ID, full(verb))
	if want := expected(in, verb, name, follows); want != fault.Internal {
		if !fault.Is(err, want) {
			h.t.Errorf("%s, %s on %s by %s: %v, want kind %d", in.name, verb, state, name, err, want)
		}
		if now := h.now(r.ID); now.State != state || now.Version != r.Version || len(h.history(r.ID)) != before {
			h.t.Errorf("%s, %s on %s by %s left a trace", in.name, verb, state, name)
		}
		return false
	}
	if err != nil || after.State != next || after.Version != r.Version+1 {
		h.t.Errorf("%s, %s on %s by %s: %s %v, want %s", in.name, verb, state, name, after.State, err, next)
		return true
	}
	history := h.history(r.ID)
	if last := history[len(history)-1]; last.Verb != verb || last.Became != next || last.UserID != h.staff[name].UserID {
		h.t.Errorf("%s, %s on %s: the history says %+v", in.name, verb, state, last)
	}
	return true
}

// expected is how a step is refused, Internal when it is not.
func expected(in shape, verb Verb, name string, follows bool) fault.Kind {
	switch {
	case name == national:
		return fault.Forbidden
	case !in.sees(name):
		return fault.NotFound
	case !slices.Contains(in.who[steps[verb].by], name):
		return fault.Forbidden
	case !follows:
		return fault.Conflict
	}
	return fault.Internal
}
