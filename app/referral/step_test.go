package referral

import (
	"context"
	"slices"
	"testing"

	"gsl/app/kit/fault"
)

// full is a step with everything any verb may ask for.
func full(verb Verb) Move {
	return Move{Verb: verb, Outcome: Granted, Reason: "Falta un dato", Note: "Nota", WaitingFor: Documents,
		Assigned: "u-" + rshOther, AssignedName: "Colega", ExternalNumber: "4711", ExternalStatus: "ingresada"}
}

// reach brings a new referral of the front desk to the RSH desk to a state.
func (h *house) reach(state State) Referral {
	h.t.Helper()
	r := h.send(front, New{})
	way := map[State][]Verb{
		Received: {Receive}, InProgress: {Start}, Waiting: {Wait}, Answered: {Answer}, Closed: {Answer, Close},
		Returned: {Return}, Cancelled: {Cancel}}
	for _, verb := range way[state] {
		by := rshDesk
		if steps[verb].by == sender {
			by = front
		}
		r = h.move(by, r, full(verb))
	}
	if r.State != state {
		h.t.Fatalf("reached %s instead of %s", r.State, state)
	}
	return r
}

// whoMay says who of the house may do what with a referral from the front desk
// to the RSH desk.
var whoMay = map[side][]string{
	sender:  {front},
	handler: {rshDesk, rshOther, rshHead},
	chief:   {rshHead},
}

// sees is who may know of it at all.
var sees = []string{front, rshDesk, rshOther, rshHead, manager, socialHead, family, director}

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
// municipality included.
func TestEveryStepByEverybody(t *testing.T) {
	h := newHouse(t)
	for _, state := range States {
		for _, verb := range Verbs {
			next, follows := becomes[state][verb]
			for name := range h.staff {
				r := h.reach(state)
				before := len(h.history(r.ID))
				after, err := h.service.Move(context.Background(), h.staff[name], r.ID, full(verb))
				want := fault.Internal
				switch {
				case name == national:
					want = fault.Forbidden
				case !slices.Contains(sees, name):
					want = fault.NotFound
				case !slices.Contains(whoMay[steps[verb].by], name):
					want = fault.Forbidden
				case !follows:
					want = fault.Conflict
				}
				if want != fault.Internal {
					if !fault.Is(err, want) {
						t.Errorf("%s on %s by %s: %v, want kind %d", verb, state, name, err, want)
					}
					if now := h.now(r.ID); now.State != state || now.Version != r.Version || len(h.history(r.ID)) != before {
						t.Errorf("%s on %s by %s left a trace", verb, state, name)
					}
					continue
				}
				if err != nil || after.State != next || after.Version != r.Version+1 {
					t.Errorf("%s on %s by %s: %s %v, want %s", verb, state, name, after.State, err, next)
				}
				history := h.history(r.ID)
				if last := history[len(history)-1]; last.Verb != verb || last.Became != next || last.UserID != h.staff[name].UserID {
					t.Errorf("%s on %s: the history says %+v", verb, state, last)
				}
			}
		}
	}
}
