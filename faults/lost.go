package main

import (
	"context"
	"os"
	"slices"
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
	gave := map[entry]bool{} // what was lost with a machine, and cannot come back with the next
	for n := range pick(s.suite, 2, 6) {
		if err := pause(ctx, pick(s.suite, 4*time.Second, 30*time.Second)); err != nil {
			return err
		}
		gone := time.Now()
		if err := r.v.kill(); err != nil {
			return err
		}
		r.desks.close()
		entries := r.book.all() // those too that were acknowledged in the last moment
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
		if err := s.within(r, entries, gone, gave); err != nil {
			return err
		}
		said, err = s.ask(ctx, "", "verify", "--replicas=false", "--data", r.data)
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
// five seconds before the loss is there. What an earlier loss took is gone.
func (s *stage) within(r *replicated, entries []entry, gone time.Time, gave map[entry]bool) error {
	entries = slices.DeleteFunc(slices.Clone(entries), func(e entry) bool { return gave[e] })
	if err := s.judge(r.data, r.towns, nil, "restored after a loss"); err != nil {
		return err
	}
	oldest := gone // what came after it is no loss of time
	for _, e := range s.missing(r.data, r.towns, entries) {
		gave[e] = true
		if e.At.Before(oldest) {
			oldest = e.At
		}
	}
	loss := gone.Sub(oldest)
	s.found("lost with the machines", len(gave))
	s.longest("the longest time that was lost, ms", loss)
	if loss > lossLimit {
		s.broken("the last %v of the work are lost", loss)
	}
	return nil
}

// longest keeps the longest time of a figure.
func (s *stage) longest(name string, d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	had, _ := s.counts[name].(int64)
	s.counts[name] = max(had, d.Milliseconds())
}
