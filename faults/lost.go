package main

import (
	"context"
	"os"
	"time"
)

// dataLost: in the middle of the work the process is killed and the whole data
// directory is gone. All of it comes back from the store but for the last five
// seconds at most, the desks go on, and what they do from then on is in the store
// too: so it happens a second time.
func dataLost(ctx context.Context, s *stage) error {
	o, err := s.newStore(ctx)
	if err != nil {
		return err
	}
	r, err := s.openReplicated(ctx, o.Config)
	if err != nil {
		return err
	}
	defer func() { r.desks.close() }()
	var forgiven time.Time // what was acknowledged in the last seconds before a loss may be lost, once
	for n := range pick(s.suite, 2, 6) {
		if err := pause(ctx, pick(s.suite, 6*time.Second, 30*time.Second)); err != nil {
			return err
		}
		entries, gone := r.book.all(), time.Now()
		if err := r.v.kill(); err != nil {
			return err
		}
		r.desks.close()
		if err := os.RemoveAll(r.data); err != nil {
			return err
		}
		said, err := s.ask(ctx, "", "restore", "--all", "--data", r.data)
		if err != nil {
			s.broken("loss %d: %v: %s", n+1, err, lastLines([]byte(said), 3))
			return nil
		}
		s.found("restore of all, ms", time.Since(gone).Milliseconds())
		s.count("losses of the data directory", 1)
		if err := s.within(r, entries, gone, forgiven); err != nil {
			return err
		}
		forgiven = gone
		said, err = s.ask(ctx, "", "verify", "--data", r.data)
		s.verify(said, err, "restored")
		if err := r.v.up(ctx); err != nil {
			s.broken("the program does not start on what was restored: %v", err)
			return nil
		}
		if r.desks, err = s.openDesks(ctx, r.v, r.towns, r.book); err != nil {
			return err
		}
	}
	return nil
}

// lossLimit is how much of the work may be lost with the machine.
const lossLimit = 5 * time.Second

// within judges what was restored: everything that was acknowledged more than
// five seconds before the loss is there. before is the loss before this one,
// whose last seconds were lost then.
func (s *stage) within(r *replicated, entries []entry, gone, before time.Time) error {
	var kept, late []entry
	for _, e := range entries {
		switch {
		case !before.IsZero() && e.At.Before(before) && e.At.After(before.Add(-lossLimit)):
		case e.At.Before(gone.Add(-lossLimit)):
			kept = append(kept, e)
		default:
			late = append(late, e)
		}
	}
	if err := s.judge(r.data, r.towns, kept, "restored after a loss"); err != nil {
		return err
	}
	oldest := gone
	for _, e := range s.missing(r.data, r.towns, late) {
		s.count("acknowledged in the last five seconds and lost", 1)
		if e.At.Before(oldest) {
			oldest = e.At
		}
	}
	s.found("oldest that was lost with the machine, ms before", gone.Sub(oldest).Milliseconds())
	return nil
}
