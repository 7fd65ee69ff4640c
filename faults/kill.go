package main

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"time"
)

// killed: twenty desks work; the program is killed with kill -9 at a random
// moment, the files are judged as they lie, and it starts again. The desks send
// again what was not answered, so an effect that happens twice is found too.
func killed(ctx context.Context, s *stage) error {
	kills := pick(s.suite, min(8, s.opt.kills), s.opt.kills)
	data := filepath.Join(s.dir, "data")
	towns, err := s.towns(ctx, data)
	if err != nil {
		return err
	}
	book, err := openLedger(filepath.Join(s.dir, "ledger"))
	if err != nil {
		return err
	}
	s.after(book.close)
	v, err := s.serve(ctx, data)
	if err != nil {
		return err
	}
	desks, err := s.openDesks(ctx, v, towns, book)
	if err != nil {
		return err
	}
	defer desks.close()
	seen := 0
	for n := 1; n <= kills; n++ {
		if err := pause(ctx, 50*time.Millisecond+rand.N(900*time.Millisecond)); err != nil {
			return err
		}
		if err := v.kill(); err != nil {
			return err
		}
		s.count("kills", 1)
		entries := book.all() // of the moment after: nothing was acknowledged since
		if err := s.judge(data, towns, entries[seen:], "after a kill"); err != nil {
			return err
		}
		seen = len(entries)
		if n%50 == 0 || n == kills {
			said, err := s.ask(ctx, "", "verify", "--replicas=false", "--data", data)
			s.verify(said, err, "after a kill")
			say("kill: %d kills, %d acknowledged", n, seen)
		}
		if n == kills {
			break
		}
		if err := v.up(ctx); err != nil {
			return err
		}
	}
	desks.close()
	s.found("municipalities", len(towns))
	if lost := s.counted("sessions lost"); lost > 0 {
		s.broken("%d people who were signed in had to sign in again", lost)
	}
	if err := blind(towns[0].main(data), filepath.Join(s.dir, "robbed")); err != nil {
		s.broken("the judge does not see what was taken away: %v", err)
	}
	return s.judge(data, towns, book.all(), "in the end")
}
