package schedule_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"gsl/app/kit/calendar"
	"gsl/app/kit/schedule"
	"gsl/tenants/tenantstest"
)

var discard = slog.New(slog.DiscardHandler)

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, calendar.Santiago)
	if err != nil {
		panic(err)
	}
	return t
}

// A job is done once a day, at its hour of Santiago's clock; a restart neither
// misses it nor does it twice; a machine that was off does it when it is on.
func TestAJobIsDoneOnceADay(t *testing.T) {
	files, clock := tenantstest.NewWithClock(t)
	var days []string
	job := schedule.Job{Name: "drill", Hour: 3, Minute: 30, Run: func(_ context.Context, day calendar.Date, since time.Time) error {
		days = append(days, day.String()+" "+since.In(calendar.Santiago).Format("15:04"))
		return nil
	}}
	start := func() *schedule.Scheduler {
		s := schedule.New(files.National(), clock.Now, discard)
		s.Add(job)
		return s
	}
	s := start()
	for _, moment := range []struct{ now, done string }{
		{"2026-11-21 12:00", ""}, // a new installation has its first night before it
		{"2026-11-22 03:29", ""},
		{"2026-11-22 03:30", "2026-11-22 03:30"},
		{"2026-11-22 03:31", ""},
		{"2026-11-22 23:59", ""},
		{"2026-11-24 09:00", "2026-11-24 03:30"}, // it was off for a night
		{"2026-11-24 10:00", ""},
		{"2026-11-23 10:00", ""}, // a clock that was set back
		{"2026-11-25 04:00", "2026-11-25 03:30"},
		{"2027-04-04 03:45", "2027-04-04 03:30"}, // the night in which the clocks go back
	} {
		clock.Set(at(moment.now))
		days = nil
		s.RunDue(context.Background())
		if want := []string{moment.done}; moment.done != "" && !slices.Equal(days, want) || moment.done == "" && len(days) != 0 {
			t.Errorf("%s: did %v, want %q", moment.now, days, moment.done)
		}
		s = start() // the program is started anew
	}
}

// What fails is tried again half an hour later, and what is cut short goes on.
func TestAJobThatFailsIsTriedAgain(t *testing.T) {
	files, clock := tenantstest.NewWithClock(t)
	runs, fail := 0, true
	s := schedule.New(files.National(), clock.Now, discard)
	s.Add(schedule.Job{Name: "copy", Hour: 2, Run: func(context.Context, calendar.Date, time.Time) error {
		runs++
		if s.Running() != "copy" {
			t.Errorf("running: %q", s.Running())
		}
		if fail {
			return errors.New("the disk is full")
		}
		return nil
	}})
	clock.Set(at("2026-11-21 12:00"))
	s.RunDue(context.Background())
	for _, moment := range []struct {
		now  string
		fail bool
		runs int
	}{{"2026-11-22 02:00", true, 1}, {"2026-11-22 02:10", true, 1}, {"2026-11-22 02:31", true, 2}, {"2026-11-22 03:05", false, 3}, {"2026-11-22 04:00", false, 3}} {
		clock.Set(at(moment.now))
		fail = moment.fail
		s.RunDue(context.Background())
		if runs != moment.runs {
			t.Errorf("%s: %d runs, want %d", moment.now, runs, moment.runs)
		}
	}
	if s.Running() != "" {
		t.Errorf("still running: %q", s.Running())
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	clock.Set(at("2026-11-24 04:00"))
	s.RunDue(ended)
	s.Run(ended) // ends at once
	if runs != 3 {
		t.Error("ran although the program stops")
	}
}

func TestQuietlyWaitsForItsWork(t *testing.T) {
	done := false
	schedule.Quietly(func() { done = true })
	if !done {
		t.Error("not waited for")
	}
}
