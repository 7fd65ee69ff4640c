package main

import (
	"context"
	"os"
	"path/filepath"
	"time"
)

// stopped: the program is told to stop in the middle of the work, as an engine
// does for an upgrade. It ends within ten seconds, and everything that was ever
// acknowledged is in the store: the machine may be thrown away. It starts on
// another one from there and goes on.
func stopped(ctx context.Context, s *stage) error {
	o, err := s.newStore(ctx)
	if err != nil {
		return err
	}
	r, err := s.openReplicated(ctx, o.Config)
	if err != nil {
		return err
	}
	defer func() { r.desks.close() }()
	slowest := time.Duration(0)
	for range pick(s.suite, 1, 5) {
		if err := pause(ctx, pick(s.suite, 3*time.Second, 15*time.Second)); err != nil {
			return err
		}
		took, err := r.v.stop()
		slowest = max(slowest, took)
		if err != nil || took > 10*time.Second {
			s.broken("it took %v to stop: %v", took, err)
		}
		s.count("stops", 1)
		r.desks.close()
		if err := os.Rename(r.data, filepath.Join(s.dir, "thrown-away")); err != nil {
			return err
		}
		said, err := s.ask(ctx, "", "restore", "--all", "--data", r.data)
		if err != nil {
			s.broken("after a stop: %v: %s", err, lastLines([]byte(said), 3))
			return nil
		}
		if err := s.judge(r.data, r.towns, r.book.all(), "on another machine after a stop"); err != nil {
			return err
		}
		if err := os.RemoveAll(filepath.Join(s.dir, "thrown-away")); err != nil {
			return err
		}
		if err := r.v.up(ctx); err != nil {
			s.broken("the program does not start on another machine: %v", err)
			return nil
		}
		if r.desks, err = s.openDesks(ctx, r.v, r.towns, r.book); err != nil {
			return err
		}
	}
	s.found("slowest stop, ms", slowest.Milliseconds())
	return nil
}
