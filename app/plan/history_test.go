package plan

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"gsl/app/benefit"
	"gsl/app/kit/actor"
	"gsl/app/referral"
	"gsl/tenants"
)

// Whatever is done to a plan, its history replayed gives its present state.
func TestHistoryReplaysToThePresent(t *testing.T) {
	for seed := range uint64(8) {
		h := newHouse(t)
		random := rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // a test that can be repeated
		h.add("item", "A106")
		h.add("item", "B001")
		h.add("item", "E101")
		h.add("item", "E301")
		h.add("item", "F101")
		p := h.checkout()
		for range 40 {
			h.clock.Advance(time.Minute)
			h.randomAct(random, p)
		}
		h.replay(t, p.ID)
	}
}

func (h *house) randomAct(random *rand.Rand, p Plan) {
	ctx := context.Background()
	it := p.Items[random.IntN(len(p.Items))]
	switch random.IntN(8) {
	case 0:
		_, _ = h.service.Approve(ctx, h.director, p.ID, it.ID) // a refusal is a valid outcome here
	case 1:
		_, _ = h.service.Reject(ctx, h.head, p.ID, it.ID, "no")
	case 2, 3:
		h.randomStep(random, h.load(p.ID))
	default:
		status := Statuses[random.IntN(len(Statuses))]
		version := int64(random.IntN(int(h.load(p.ID).Version) + 2))
		_, _ = h.service.Save(ctx, h.manager, p.ID, SaveForm{version, map[string]Wanted{
			it.ID: {Status: string(status), Reason: [2]string{"", "motivo"}[random.IntN(2)]}}})
	}
}

// randomStep takes the referral of the plan's first item on, by anybody.
func (h *house) randomStep(random *rand.Rand, p Plan) {
	verb := referral.Verbs[random.IntN(len(referral.Verbs))]
	who := [2]actor.Actor{h.rsh, h.manager}[random.IntN(2)]
	_, _ = h.tryMove(who, p, p.Items[0].ID, referral.Move{Verb: verb, Outcome: referral.Outcomes[random.IntN(len(referral.Outcomes))],
		Reason: "motivo", WaitingFor: referral.Documents})
}

func (h *house) replay(t *testing.T, id string) {
	t.Helper()
	now := h.load(id)
	var entries []Entry
	h.view(func(tx *tenants.Tx) (err error) {
		entries, err = historyOf(tx, id)
		return err
	})
	state, open, at := map[string]string{}, "", time.Time{}
	for i, e := range entries {
		if e.Seq != int64(i+1) || e.At.Before(at) {
			t.Errorf("entry %d is out of order: %+v", i, e)
		}
		at = e.At
		if e.What == aboutPlan {
			open = e.Became
			continue
		}
		key := e.What + " " + e.ItemID
		if state[key] != e.Was {
			t.Errorf("%s: was %q, says %q", key, state[key], e.Was)
		}
		state[key] = e.Became
	}
	for _, it := range now.Items {
		if state["status "+it.ID] != string(it.Status) || state["approval "+it.ID] != string(it.Approval.State) {
			t.Errorf("%s: %s %s, history says %s %s", it.Name, it.Status, it.Approval.State, state["status "+it.ID], state["approval "+it.ID])
		}
		if r := it.Referral; r != nil {
			if status, reason := followed(r); status != it.Status || reason != it.Reason {
				t.Errorf("%s is %s %q, its referral %s says %s %q", it.Name, it.Status, it.Reason, r.State, status, reason)
			}
		}
		if delivered := len(h.origins(it.ID)) == 1; delivered != (it.Status == Confirmed && it.Benefit()) {
			t.Errorf("%s is %s, delivered %v", it.Name, it.Status, delivered)
		}
	}
	if (open == "closed") != now.Closed || now.Closed != now.Finished() {
		t.Errorf("closed %v, finished %v, history says %s", now.Closed, now.Finished(), open)
	}
}

func (h *house) origins(item string) []benefit.Grant {
	var list []benefit.Grant
	for _, g := range append(h.granted(mariaRUN), h.granted(matiasRUN)...) {
		if g.Origin == item {
			list = append(list, g)
		}
	}
	return list
}
