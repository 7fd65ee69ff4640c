// Package schedule runs the jobs of the night: each once a day at a time of
// Santiago's clock, one after the other, on a thread that gives way to those who
// work. What was done is written down, so that a restart neither misses a job
// nor does it twice; a machine that is off at night does it when it is on again.
package schedule

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// Job is something that is done once a day.
type Job struct {
	Name         string // of its row; never changes
	Hour, Minute int    // of Santiago's clock
	// Run does it for a day. since is when the day's turn came: what was done after
	// it need not be done again, so that a job that was cut short goes on where it
	// was. An error means that it is tried again later.
	Run func(ctx context.Context, day calendar.Date, since time.Time) error
}

// How the scheduler passes its time.
const (
	settle = 2 * time.Minute  // after a start people come first
	look   = time.Minute      // how often the clock is looked at: it may be set
	again  = 30 * time.Minute // after a failure
)

// Scheduler runs jobs. Add them before Run.
type Scheduler struct {
	national *tenants.DB
	clock    func() time.Time
	log      *slog.Logger
	jobs     []Job

	mu     sync.Mutex
	failed map[string]time.Time // when a job failed last
	now    string               // the job that runs
}

// New makes a scheduler that writes down in national.db what was done.
func New(national *tenants.DB, clock func() time.Time, log *slog.Logger) *Scheduler {
	return &Scheduler{national: national, clock: clock, log: log, failed: map[string]time.Time{}}
}

// Add adds a job. Of two that are due the one that was added first goes first.
func (s *Scheduler) Add(j Job) { s.jobs = append(s.jobs, j) }

// Running is the name of the job that runs now, "" for none.
func (s *Scheduler) Running() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Run does what is due until the context ends.
func (s *Scheduler) Run(ctx context.Context) {
	for wait := settle; ; wait = look {
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
			Quietly(func() { s.RunDue(ctx) })
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

// RunDue does what is due now. It is the edge of the jobs: what fails is logged
// here, without names, and tried again.
func (s *Scheduler) RunDue(ctx context.Context) {
	for i := range s.jobs {
		if ctx.Err() != nil {
			return
		}
		if err := s.runIfDue(ctx, &s.jobs[i]); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "job failed; it is tried again", "job", s.jobs[i].Name, "error", err)
			s.mu.Lock()
			s.failed[s.jobs[i].Name] = s.clock()
			s.mu.Unlock()
		}
	}
}

func (s *Scheduler) runIfDue(ctx context.Context, j *Job) error {
	now := s.clock()
	since := j.turn(now)
	day := calendar.On(since)
	if s.failedLately(j.Name, now) {
		return nil
	}
	last, err := s.last(ctx, j.Name)
	if err != nil || !last.IsZero() && !last.Before(day) {
		return err
	}
	if last.IsZero() { // a new installation: its first night comes
		return s.done(ctx, j.Name, day)
	}
	s.tellRunning(j.Name)
	defer s.tellRunning("")
	begin := time.Now()
	if err := j.Run(ctx, day, since); err != nil {
		return err
	}
	s.log.InfoContext(ctx, "job done", "job", j.Name, "day", day.String(), "took", time.Since(begin).Round(time.Millisecond))
	return s.done(ctx, j.Name, day)
}

// turn is when the job was to run last, at or before now.
func (j *Job) turn(now time.Time) time.Time {
	year, month, day := now.In(calendar.Santiago).Date()
	at := time.Date(year, month, day, j.Hour, j.Minute, 0, 0, calendar.Santiago)
	if at.After(now) {
		at = time.Date(year, month, day-1, j.Hour, j.Minute, 0, 0, calendar.Santiago)
	}
	return at
}

func (s *Scheduler) failedLately(name string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, failed := s.failed[name]
	return failed && now.Sub(at) < again && !now.Before(at)
}

func (s *Scheduler) tellRunning(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = name
}
