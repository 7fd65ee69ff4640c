package main

import (
	"context"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// clockJumps: the machine's clock is set wrong and right again while people work,
// as a dead battery or a wrong time server does. Work goes on, a session ends
// when it should and not years later, nobody is locked out for as long as the
// clock was ahead, and numbers, days, identifiers and trails stay whole.
func clockJumps(ctx context.Context, s *stage) error {
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
	v, err := s.server(ctx, data)
	if err != nil {
		return err
	}
	clock := s.serveShifted(v)
	if err := v.up(ctx); err != nil {
		return err
	}
	day := &clockDay{stage: s, v: v, clock: clock}
	for i := range 3 {
		p, err := v.worker(ctx, towns[i])
		if err != nil {
			return err
		}
		day.desks = append(day.desks, &desk{stage: s, who: p, town: towns[i], number: i, ledger: book, people: 4})
	}
	for _, part := range []func(context.Context) error{day.small, day.overnight, day.aYearAhead, day.aYearBehind, day.lockedOut, day.secondFactor} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	if _, err := v.stop(); err != nil {
		s.broken("it does not stop after the clock has jumped: %v", err)
	}
	v.start = nil // at the true time
	if err := v.up(ctx); err != nil {
		s.broken("it does not start after the clock has jumped: %v", err)
		return nil
	}
	day.desks = append(day.desks[:1], day.desks[2:]...) // the other one has a phone now
	day.work(ctx, "started again")
	if _, err := v.stop(); err != nil {
		return err
	}
	said, err := s.ask(ctx, "", "verify", "--replicas=false", "--data", data)
	s.verify(said, err, "after the clock has jumped")
	return s.judge(data, towns, book.all(), "after the clock has jumped")
}

// clockDay is the scenario's people and their clock.
type clockDay struct {
	*stage
	v     *server
	clock *shift
	desks []*desk
}

// jump sets the program's clock so far from the true one, and makes sure that it is.
func (c *clockDay) jump(d time.Duration) {
	c.count("jumps of the clock", 1)
	if err := c.clock.to(d); err != nil {
		c.broken("the clock cannot be moved: %v", err)
	}
	r, err := http.Head("http://" + c.v.Addr + "/login")
	if err != nil {
		c.broken("the clock at %v: no answer: %v", d, err)
		return
	}
	_ = r.Body.Close()
	shown, err := http.ParseTime(r.Header.Get("Date"))
	if off := time.Until(shown) - d; err != nil || off.Abs() > 5*time.Second {
		c.broken("the program's clock shows %v, not %v from now: this proves nothing", shown, d)
	}
}

// work: everybody attends somebody, signing in again where the session ended.
func (c *clockDay) work(ctx context.Context, when string) {
	for _, d := range c.desks {
		limited, cancel := context.WithTimeout(ctx, 20*time.Second)
		if err := d.attend(limited); err != nil {
			c.broken("%s: the desk of %s cannot work: %v", when, d.town.Code, err)
		}
		cancel()
	}
}

// out reports whether the page sends the first desk to the sign-in.
func (c *clockDay) out(ctx context.Context, when string) bool {
	got, err := c.desks[0].who.get(ctx, "/")
	if err != nil || got.status != http.StatusOK && !strings.HasPrefix(got.location, "/login") {
		c.broken("%s: the workbench answered %v %v", when, got, err)
	}
	return err == nil && got.status != http.StatusOK
}

// small: a few minutes to and fro end nobody's session.
func (c *clockDay) small(ctx context.Context) error {
	for _, d := range []time.Duration{0, 20 * time.Minute, 0, -4 * time.Minute, 3 * time.Minute, 0} {
		c.jump(d)
		if c.out(ctx, "a jump of minutes") {
			c.broken("a jump to %v ended a session that is used", d)
		}
		c.work(ctx, "a jump of minutes")
	}
	return nil
}

// overnight: after hours without a request everybody is out, whatever the clock
// did in between; a session of the future is none.
func (c *clockDay) overnight(ctx context.Context) error {
	c.jump(13 * time.Hour)
	if !c.out(ctx, "thirteen hours later") {
		c.broken("a session lives thirteen hours")
	}
	c.work(ctx, "thirteen hours ahead")
	c.jump(0)
	if !c.out(ctx, "thirteen hours back") {
		c.broken("a session that begins thirteen hours from now is believed: it would live a day")
	}
	c.work(ctx, "thirteen hours back")
	return nil
}

// aYearAhead: what is done in a year that has not come stays, and the true year
// goes on with its own numbers.
func (c *clockDay) aYearAhead(ctx context.Context) error {
	c.jump(366 * 24 * time.Hour)
	c.work(ctx, "a year ahead")
	c.jump(0)
	c.work(ctx, "back from a year ahead")
	return nil
}

func (c *clockDay) aYearBehind(ctx context.Context) error {
	c.jump(-366 * 24 * time.Hour)
	c.work(ctx, "a year behind")
	c.work(ctx, "a year behind, again")
	c.jump(0)
	c.work(ctx, "back from a year behind")
	return nil
}

// lockedOut: wrong passwords that were tried while the clock was ahead make
// nobody wait until that day has come.
func (c *clockDay) lockedOut(ctx context.Context) error {
	c.jump(366 * 24 * time.Hour)
	victim := c.desks[2].town.Worker
	for range 8 {
		p := newPerson(c.v.Addr, address(5, 1))
		if _, err := p.get(ctx, "/login"); err != nil {
			return err
		}
		if _, err := p.post(ctx, "/login", url.Values{"run": {victim}, "password": {"no-es-la-clave-2026"}}); err != nil {
			return err
		}
	}
	c.jump(0)
	limited, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	begin := time.Now()
	for {
		p := newPerson(c.v.Addr, address(5, 2))
		if p.signIn(limited, victim) == nil {
			break
		}
		if err := pause(limited, 500*time.Millisecond); err != nil {
			c.broken("wrong passwords of a year that has not come lock the person out today")
			return nil
		}
	}
	c.found("after guesses of a year ahead the person is in again, s", int(time.Since(begin).Seconds()))
	return nil
}
