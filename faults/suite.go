package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"
)

// scenario is one kind of bad day and what must hold on it.
type scenario struct {
	name  string
	story string
	needs func(*suite) string // why this machine cannot play it, "" when it can; nil: every machine can
	play  func(context.Context, *stage) error
	alone bool // it measures how long people wait: nothing else is to run
}

// suite is one run.
type suite struct {
	opt  options
	runs string // directory of this run

	towns sync.Mutex // one builds the first data directory, the others copy it
	base  string
}

func newSuite(opt options) (*suite, error) {
	if _, err := os.Stat(opt.gsl); err != nil {
		return nil, fmt.Errorf("run make build in the root of the tree: %w", err)
	}
	dir, err := filepath.Abs(opt.dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	s := &suite{opt: opt}
	s.runs, err = os.MkdirTemp(dir, "run-")
	return s, err
}

// forget removes what the run left.
func (s *suite) forget() { _ = os.RemoveAll(s.runs) }

// pick is a number of turns: few in the short run.
func pick[T any](s *suite, short, whole T) T {
	if s.opt.short {
		return short
	}
	return whole
}

// atOnce is how many scenarios the short run plays side by side: much of what
// they do is waiting.
const atOnce = 4

// play plays the scenarios: one after the other, or in the short run those side
// by side that measure no waits.
func (s *suite) play(ctx context.Context) []report {
	chosen := slices.DeleteFunc(slices.Clone(scenarios), func(sc scenario) bool {
		return len(s.opt.wanted()) > 0 && !slices.Contains(s.opt.wanted(), sc.name)
	})
	reports := make([]report, len(chosen))
	places := make(chan struct{}, pick(s, atOnce, 1))
	var all sync.WaitGroup
	for i, sc := range chosen {
		if sc.alone {
			continue
		}
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			reports[i] = s.one(ctx, sc)
		})
	}
	all.Wait()
	for i, sc := range chosen {
		if sc.alone {
			reports[i] = s.one(ctx, sc)
		}
	}
	return reports
}

// report is what a scenario printed in the end.
type report struct {
	Name    string         `json:"scenario"`
	Story   string         `json:"promise"`
	Seconds float64        `json:"seconds"`
	Skipped string         `json:"skipped,omitempty"`
	Counts  map[string]any `json:"counts,omitempty"`
	Broken  []string       `json:"broken"`
}

func (s *suite) one(ctx context.Context, sc scenario) report {
	say("%s: %s", sc.name, sc.story)
	r := report{Name: sc.name, Story: sc.story, Broken: []string{}}
	if err := ctx.Err(); err != nil {
		r.Broken = append(r.Broken, "not played: "+err.Error())
		return r
	}
	if sc.needs != nil {
		if r.Skipped = sc.needs(s); r.Skipped != "" {
			say("%s: SKIPPED: %s", sc.name, r.Skipped)
			return r
		}
	}
	st := &stage{suite: s, name: sc.name, dir: filepath.Join(s.runs, sc.name), counts: map[string]any{}}
	begin := time.Now()
	err := os.MkdirAll(st.dir, 0o700)
	if err == nil {
		err = sc.play(ctx, st)
	}
	if err != nil {
		st.broken("the scenario could not be played to its end: %v", err)
	}
	for _, undo := range slices.Backward(st.undo) {
		if err := undo(); err != nil {
			say("%s: clearing up: %v", sc.name, err)
		}
	}
	r.Seconds = float64(int(time.Since(begin).Seconds()*10)) / 10
	r.Counts, r.Broken = st.counts, append(r.Broken, st.reasons...)
	say("%s: %s in %.1f s", sc.name, verdict(r.Broken), r.Seconds)
	return r
}

func verdict(broken []string) string {
	if len(broken) > 0 {
		return fmt.Sprintf("BROKEN (%d reasons)", len(broken))
	}
	return "kept"
}

// stage is where one scenario is played: its directory, its counts, its reasons.
type stage struct {
	*suite
	name string
	dir  string
	env  []string       // of the program, added to the suite's own
	undo []func() error // in the end, the last first

	mu      sync.Mutex
	counts  map[string]any
	reasons []string
}

// manyReasons is when the rest is only counted.
const manyReasons = 20

// broken notes a promise that was not kept.
func (s *stage) broken(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.reasons) == manyReasons {
		format, args = "… and more", nil
	}
	if len(s.reasons) > manyReasons {
		return
	}
	s.reasons = append(s.reasons, fmt.Sprintf(format, args...))
	fmt.Fprintf(os.Stderr, "faults: %s: BROKEN: %s\n", s.name, s.reasons[len(s.reasons)-1])
}

// found puts a figure into the report.
func (s *stage) found(name string, value any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts[name] = value
}

// count adds to a figure of the report.
func (s *stage) count(name string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	had, _ := s.counts[name].(int)
	s.counts[name] = had + n
}

// counted is a figure as it stands.
func (s *stage) counted(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, _ := s.counts[name].(int)
	return n
}

// after remembers what to undo when the scenario is over.
func (s *stage) after(undo func() error) { s.undo = append(s.undo, undo) }

// say tells on standard error how far the run has come.
func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, time.Now().Format("15:04:05 ")+format+"\n", args...)
}

// machine is what the figures were counted on.
func machine() map[string]any {
	return map[string]any{"cores": runtime.NumCPU(), "system": runtime.GOOS + "/" + runtime.GOARCH, "at": time.Now().UTC().Format(time.RFC3339)}
}

// waitFor asks until the answer is yes.
func waitFor(ctx context.Context, limit time.Duration, yes func() bool) error {
	deadline := time.Now().Add(limit)
	for !yes() {
		if time.Now().After(deadline) {
			return errors.New("it did not happen within " + limit.String())
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// pause sleeps, unless the run is given up.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
