package referral

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// to turns the clock to noon of a day.
func (h *house) to(text string) {
	d := day(text)
	h.clock.Set(time.Date(d.Year(), time.Month(d.Month()), d.Day(), 12, 0, 0, 0, calendar.Santiago))
}

func (h *house) sweep() int {
	h.t.Helper()
	n, err := h.service.Sweep(context.Background(), h.limache)
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

// Answered on Monday 23 November 2026; ten working days later is Monday 7
// December; 8 December is a holiday, so it closes on Wednesday the 9th at the
// latest: on the day after the tenth.
func TestAnAnswerIsTakenAsReadAfterTenWorkingDays(t *testing.T) {
	h := newHouse(t)
	h.to("2026-11-23")
	r := h.move(rshDesk, h.send(front, New{}), Move{Verb: Answer, Outcome: Granted})
	for _, early := range []string{"2026-11-23", "2026-12-04", "2026-12-07"} {
		h.to(early)
		if n := h.sweep(); n != 0 {
			t.Errorf("%s: closed after fewer days", early)
		}
	}
	h.to("2026-12-08")
	if n := h.sweep(); n != 1 || h.now(r.ID).State != Closed {
		t.Errorf("%d swept, now %s", n, h.now(r.ID).State)
	}
	last := h.history(r.ID)[3]
	if last.Verb != Close || last.UserID != "" || last.Role != SystemRole {
		t.Errorf("the history says %+v", last)
	}
	if h.sweep() != 0 {
		t.Error("swept twice")
	}
}

// Documents asked for on 23 November may come until 23 December, calendar days,
// weekends and holidays included; then the request is withdrawn, and the plan hears of it.
func TestLateDocumentsWithdrawTheRequest(t *testing.T) {
	h := newHouse(t)
	var heard []State
	h.service.OnChange = append(h.service.OnChange, func(_ *tenants.Tx, _ actor.Actor, r *Referral, _ State) error {
		heard = append(heard, r.State)
		return nil
	})
	h.to("2026-11-23")
	r := h.move(rshDesk, h.send(front, New{}), Move{Verb: Wait, WaitingFor: Documents})
	list := h.move(rshDesk, h.send(front, New{Asked: Asked{Code: "A106", Name: "Ingresos", Category: "A", Provider: entry.Provider}}), Move{Verb: Wait, WaitingFor: WaitingList})
	if r.DocumentsDue != day("2026-12-23") || !list.DocumentsDue.IsZero() {
		t.Fatalf("documents until %s, in a waiting list until %s", r.DocumentsDue, list.DocumentsDue)
	}
	h.to("2026-12-23")
	if h.sweep() != 0 {
		t.Error("withdrawn on the last day")
	}
	h.to("2026-12-24")
	if h.sweep() != 1 {
		t.Error("not withdrawn")
	}
	got := h.now(r.ID)
	if got.State != Answered || got.Outcome != OutcomeWithdrawn || got.ReasonCode != MissingDocuments || got.Reason == "" || heard[len(heard)-1] != Answered {
		t.Errorf("%+v", got)
	}
	if h.now(list.ID).State != Waiting {
		t.Error("a waiting list has no such clock")
	}
}

// One sweep a day at the first lookup; one that fails stops no desk.
func TestTheFirstLookupOfADaySweeps(t *testing.T) {
	h := newHouse(t)
	h.to("2026-11-23")
	r := h.move(rshDesk, h.send(front, New{}), Move{Verb: Answer, Outcome: Granted})
	sweeper := NewSweeper(h.service, h.files, h.clock.Now, slog.New(slog.DiscardHandler))
	h.people.AfterLookup = append(h.people.AfterLookup, sweeper.AfterLookup)
	h.to("2026-12-14")
	trouble := true
	h.service.OnChange = append(h.service.OnChange, func(*tenants.Tx, actor.Actor, *Referral, State) error {
		if trouble {
			return errors.New("the plan is in trouble")
		}
		return nil
	})
	h.open(h.limache, mariaRUN)
	if h.now(r.ID).State != Answered {
		t.Error("half a sweep was kept")
	}
	trouble = false
	h.open(h.limache, mariaRUN)
	if h.now(r.ID).State != Answered {
		t.Error("swept twice in a day")
	}
	h.to("2026-12-15")
	h.open(h.limache, mariaRUN)
	if h.now(r.ID).State != Closed {
		t.Error("the next day's first lookup did not sweep")
	}
	sweeper.All(context.Background())
}

func TestTheNightlySweepWaitsForItsHour(t *testing.T) {
	for _, test := range []struct{ now, want string }{
		{"2026-11-22T02:00:00-03:00", "1h0m0s"}, {"2026-11-22T03:00:00-03:00", "24h0m0s"}, {"2026-11-22T23:30:00-03:00", "3h30m0s"},
		{"2026-09-05T23:00:00-04:00", "3h0m0s"}, // the night in which the clocks go forward
	} {
		now, err := time.Parse(time.RFC3339, test.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := untilNight(now).String(); got != test.want {
			t.Errorf("%s: %s, want %s", test.now, got, test.want)
		}
	}
}
