package referral

import (
	"context"
	"testing"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// What is promised counts working days: weekends, holidays and the turn of the
// year are none. The clock stands still while the referral waits.
func TestThePromiseCountsWorkingDays(t *testing.T) {
	for _, test := range []struct{ sent, due string }{
		{"2026-11-23", "2026-11-30"}, // Monday: five working days later is Monday
		{"2026-11-21", "2026-11-27"}, // on a Saturday
		{"2026-12-04", "2026-12-14"}, // over 8 December
		{"2026-12-28", "2027-01-05"}, // over 1 January
		{"2027-03-22", "2027-03-30"}, // over Good Friday
	} {
		h := newHouse(t)
		h.to(test.sent)
		if r := h.send(front, New{}); r.Due != day(test.due) || r.Promise != RSHDays {
			t.Errorf("sent %s: due %s in %d, want %s", test.sent, r.Due, r.Promise, test.due)
		}
	}
	h := newHouse(t)
	h.to("2026-11-23")
	if r := h.send(front, New{Asked: housing}); r.Due != day("2026-12-07") || r.Promise != OtherDays || !r.ByLetter() {
		t.Errorf("by letter: due %s in %d", r.Due, r.Promise)
	}
}

func TestTheClockStandsStillWhileItWaits(t *testing.T) {
	h := newHouse(t)
	h.to("2026-11-23")
	r := h.send(front, New{}) // due on the 30th
	h.to("2026-11-25")
	r = h.move(rshDesk, r, Move{Verb: Wait, WaitingFor: Documents})
	h.to("2026-12-02")
	if r.Overdue(day("2026-12-02")) {
		t.Error("overdue while it waits")
	}
	r = h.move(rshDesk, r, Move{Verb: Start})
	if r.PausedDays != 5 || r.Due != day("2026-12-07") || !r.WaitingSince.IsZero() || !r.DocumentsDue.IsZero() {
		t.Errorf("waited %d days, due %s", r.PausedDays, r.Due)
	}
	if r.Overdue(day("2026-12-07")) || !r.Overdue(day("2026-12-08")) {
		t.Error("overdue from the day after the promised one")
	}
	h.to("2026-12-04")
	r = h.move(rshDesk, r, Move{Verb: Wait, WaitingFor: Documents})
	r = h.move(rshDesk, r, Move{Verb: Wait, WaitingFor: WaitingList})
	h.to("2026-12-14")
	if r = h.move(rshDesk, r, Move{Verb: Answer, Outcome: Granted}); r.PausedDays != 10 {
		t.Errorf("waited %d days in all", r.PausedDays)
	}
}

// Two clicks, a replay and a form from an old page: one effect, or a 409 that
// says why.
func TestOneStepOnce(t *testing.T) {
	h := newHouse(t)
	r := h.send(front, New{})
	answer := Move{Verb: Answer, Version: r.Version, Outcome: Granted, Note: "Listo"}
	h.move(rshDesk, r, answer)
	steps := len(h.history(r.ID))
	again := h.move(rshDesk, r, answer)
	if again.Version != r.Version+1 || len(h.history(r.ID)) != steps {
		t.Error("the same click counted twice")
	}
	ctx := context.Background()
	for name, test := range map[string]struct {
		by   string
		m    Move
		key  string
		kind fault.Kind
	}{
		"another answer":      {rshDesk, Move{Verb: Answer, Version: r.Version, Outcome: NotGranted, Reason: "x"}, "referral.order.answered", fault.Conflict},
		"a colleague's":       {rshOther, answer, "referral.order.answered", fault.Conflict},
		"without version":     {rshDesk, Move{Verb: Answer, Outcome: Granted}, "referral.order.answered", fault.Conflict},
		"cancelled too late":  {front, Move{Verb: Cancel, Reason: "x"}, "referral.order.answered", fault.Conflict},
		"a stale close":       {front, Move{Verb: Close, Version: r.Version}, "referral.error.changed", fault.Conflict},
		"a verb that is none": {front, Move{Verb: "explode"}, "fault.not_found", fault.NotFound},
	} {
		if _, err := h.service.Move(ctx, h.staff[test.by], r.ID, test.m); !fault.Is(err, test.kind) || err.Error() != test.key {
			t.Errorf("%s: %v", name, err)
		}
	}
	cancelled := h.move(front, h.send(front, New{}), Move{Verb: Cancel, Reason: "Ya no hace falta"})
	if _, err := h.service.Move(ctx, h.staff[rshDesk], cancelled.ID, Move{Verb: Answer, Outcome: Granted}); err == nil || err.Error() != "referral.order.cancelled" {
		t.Errorf("answer after cancel: %v", err)
	}
}

func TestWhatAStepMustSay(t *testing.T) {
	h := newHouse(t)
	long := make([]byte, maxReason+1)
	for i := range long {
		long[i] = 'a'
	}
	for name, test := range map[string]struct {
		m     Move
		field string
	}{
		"no outcome":          {Move{Verb: Answer}, "outcome"},
		"unknown outcome":     {Move{Verb: Answer, Outcome: "perhaps"}, "outcome"},
		"refused without why": {Move{Verb: Answer, Outcome: NotGranted}, "reason"},
		"other needs words":   {Move{Verb: Answer, Outcome: NotGranted, ReasonCode: OtherReason}, "reason"},
		"a made-up code":      {Move{Verb: Answer, Outcome: NotGranted, ReasonCode: "boredom", Reason: "x"}, "reason_code"},
		"too long":            {Move{Verb: Answer, Outcome: NotGranted, Reason: string(long)}, "reason"},
		"waits for nothing":   {Move{Verb: Wait}, "waiting_for"},
		"returned without":    {Move{Verb: Return, Reason: " \u202e "}, "reason"},
		"external without":    {Move{Verb: External}, "external_number"},
	} {
		r := h.send(front, New{})
		_, err := h.service.Move(context.Background(), h.staff[rshDesk], r.ID, test.m)
		var e *fault.Error
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if e = err.(*fault.Error); len(e.Fields) != 1 || e.Fields[0].Name != test.field { //nolint:errorlint,forcetypeassert // the very error
			t.Errorf("%s: %+v", name, e.Fields)
		}
	}
	r := h.move(rshDesk, h.send(front, New{}), Move{Verb: Answer, Outcome: NotGranted, ReasonCode: NoSpots})
	if r.Reason != "No hay cupos" {
		t.Errorf("a reason of the list says %q", r.Reason)
	}
}

// Of what goes by letter, the sender writes down what came back; nobody else does.
func TestTheSenderWritesDownWhatCameByLetter(t *testing.T) {
	h := newHouse(t)
	r := h.send(front, New{Asked: housing})
	if _, err := h.service.Move(context.Background(), h.staff[rshDesk], r.ID, Move{Verb: Answer, Outcome: Granted}); !fault.Is(err, fault.NotFound) {
		t.Errorf("a desk that has no part in it: %v", err)
	}
	if _, err := h.service.Move(context.Background(), h.staff[manager], r.ID, Move{Verb: Answer, Outcome: Granted}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a case manager who sees it: %v", err)
	}
	r = h.move(front, r, Move{Verb: Answer, Outcome: Granted, Note: "Oficio 12"})
	if r.Assigned != "" || r.AnsweredByName == "" {
		t.Errorf("%+v", r)
	}
	letter := h.send(front, New{Asked: housing})
	h.update(h.limache, func(tx *tenants.Tx) error {
		who := Answering(actor.Actor{Municipality: h.limache}, letter.Unit, "Ana de Vivienda")
		if err := h.service.MoveTx(tx, who, &letter, Move{Verb: Close}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a link closes: %v", err)
		}
		return h.service.MoveTx(tx, who, &letter, Move{Verb: Answer, Outcome: Granted})
	})
	if letter.State != Answered || letter.AnsweredByName != "Ana de Vivienda" {
		t.Errorf("by link: %+v", letter)
	}
}

// A referral made of a plan is also its case managers' to cancel, and is
// reopened only while the plan is.
func TestReferralsOfAPlan(t *testing.T) {
	h := newHouse(t)
	open := false
	h.service.PlanOpen = func(*tenants.Tx, string) (bool, error) { return open, nil }
	r := h.move(rshDesk, h.send(manager, New{Source: FromPlan, PlanID: "plan", PlanItemID: "item"}), Move{Verb: Answer, Outcome: Granted})
	ctx := context.Background()
	if _, err := h.service.Move(ctx, h.staff[family], r.ID, Move{Verb: Reopen, Reason: "x"}); err == nil || err.Error() != "referral.order.plan_closed" {
		t.Errorf("while the plan is closed: %v", err)
	}
	open = true
	r = h.move(family, r, Move{Verb: Reopen, Reason: "Faltó un dato"})
	if r.State != InProgress || r.Outcome != "" || r.Reopened != 1 || !r.AnsweredAt.IsZero() {
		t.Errorf("%+v", r)
	}
	h.move(socialHead, r, Move{Verb: Cancel, Reason: "Retirado del plan"})
}

// The same key makes one referral, from two tabs at once too.
func TestOneFormMakesOneReferral(t *testing.T) {
	h := newHouse(t)
	a, b := h.send(front, New{Key: "k"}), h.send(front, New{Key: "k"})
	if a.ID != b.ID || a.Folio() != "D-2026-0001" {
		t.Errorf("%s %s", a.Folio(), b.Folio())
	}
	if c := h.send(front, New{Key: "other"}); c.Folio() != "D-2026-0002" {
		t.Errorf("the next is %s", c.Folio())
	}
	own := h.send(rshDesk, New{})
	if !own.Own() || own.Source != OwnRequest {
		t.Errorf("a desk's own request: %+v", own)
	}
	h.move(rshDesk, own, Move{Verb: Receive})
}
