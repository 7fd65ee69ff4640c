package main

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// loginFlood: machines at many addresses try passwords as fast as they can, for
// accounts that exist and for some that do not. People who are in notice nothing,
// none of the tries gets in, and whoever knows the password still does.
func loginFlood(ctx context.Context, s *stage) error {
	o, err := s.newOffice(ctx, 4)
	if err != nil {
		return err
	}
	before := o.server.usage()
	var tries, refused, in, honest, late atomic.Int64
	s.stayQuick(ctx, pick(s.suite, 4*time.Second, 60*time.Second), o, func(ctx context.Context) {
		var all sync.WaitGroup
		for i := range 60 {
			all.Go(func() {
				p := newPerson(o.server.Addr, address(3, i))
				_, _ = p.get(ctx, "/login")
				for ctx.Err() == nil {
					run := citizenRUN(rand.IntN(90), rand.IntN(90000))
					if rand.IntN(3) == 0 {
						run = o.towns[rand.IntN(len(o.towns)-1)+1].Worker
					}
					got, err := p.post(ctx, "/login", url.Values{"run": {run}, "password": {"no-es-la-clave-2026"}})
					tries.Add(1)
					switch {
					case err == nil && got.status == http.StatusSeeOther:
						in.Add(1)
					case err == nil && (got.status == http.StatusTooManyRequests || got.status == http.StatusServiceUnavailable):
						refused.Add(1)
						_ = pause(ctx, 5*time.Millisecond)
					}
				}
			})
		}
		all.Go(func() { // somebody who comes to work, on another machine
			for n := 0; pause(ctx, 300*time.Millisecond) == nil; n++ {
				begin := time.Now()
				p := newPerson(o.server.Addr, address(9, n))
				for ctx.Err() == nil && p.signIn(ctx, o.towns[0].Worker) != nil {
					late.Add(1)
					_ = pause(ctx, 200*time.Millisecond)
				}
				if ctx.Err() == nil {
					honest.Add(1)
					s.found("last honest sign-in took, ms", time.Since(begin).Milliseconds())
				}
			}
		})
		top := o.server.highest(ctx)
		all.Wait()
		s.found("memory at most, MB", top.Memory)
		if top.Memory > before.Memory+250 {
			s.broken("memory rose from %d to %d MB", before.Memory, top.Memory)
		}
	})
	s.found("wrong passwords tried", tries.Load())
	s.found("of these told to wait", refused.Load())
	s.found("honest sign-ins during the flood", honest.Load())
	s.found("honest sign-ins asked to try again", late.Load())
	if in.Load() > 0 {
		s.broken("%d wrong passwords got in", in.Load())
	}
	if honest.Load() == 0 && !s.opt.short { // a flood of seconds may be over before the queue has come to them
		s.broken("nobody who knows the password could sign in during the flood")
	}
	return nil
}
