package screening

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"gsl/app/kit/fault"
	"gsl/app/people"
)

// GuardOptions says how patient a guard is. The zero value takes the defaults.
type GuardOptions struct {
	Deadline time.Duration    // of one question; default 800 ms
	Failures int              // in a row, after which it stops asking; default 5
	Pause    time.Duration    // before it asks again, once; default 15 s
	Clock    func() time.Time // default time.Now
}

// maxAbandoned is how many questions that nobody waits for any more may hang at
// a time: a registry that never answers must not collect goroutines for ever.
const maxAbandoned = 32

var (
	errResting   = errors.New("screening: the registry failed and is not asked for a while")
	errNoAnswer  = errors.New("screening: no answer within the deadline")
	errAbandoned = errors.New("screening: too many questions hang")
)

// Guard puts a deadline and a breaker before a registry: no page waits longer
// than the deadline, and none at all while the registry is known to be down.
// What cannot be answered is a fault.Unavailable; ErrNotRegistered is an answer.
func Guard(inner SocialRegistry, opt GuardOptions) SocialRegistry {
	if opt.Deadline <= 0 {
		opt.Deadline = 800 * time.Millisecond
	}
	if opt.Failures <= 0 {
		opt.Failures = 5
	}
	if opt.Pause <= 0 {
		opt.Pause = 15 * time.Second
	}
	if opt.Clock == nil {
		opt.Clock = time.Now
	}
	return &guard{inner: inner, opt: opt}
}

// guard is closed (asks) until Failures in a row; then open (does not ask) for
// the pause; then one question goes through, and its outcome closes or reopens.
type guard struct {
	inner SocialRegistry
	opt   GuardOptions

	mu        sync.Mutex
	failures  int
	until     time.Time // open until then
	trying    bool      // the one question after the pause is under way
	abandoned int
}

type reply struct {
	household Household
	err       error
}

// Household asks the registry behind, within the deadline.
func (g *guard) Household(ctx context.Context, run people.RUN) (Household, error) {
	trial, err := g.enter()
	if err != nil {
		return Household{}, unavailable(err)
	}
	limited, cancel := context.WithTimeout(ctx, g.opt.Deadline)
	defer cancel()
	if p, ok := g.inner.(prompt); ok && p.Prompt() {
		return g.judge(ctx, trial, g.answer(limited, run))
	}
	answers := g.ask(limited, run)
	select {
	case a := <-answers:
		return g.judge(ctx, trial, a)
	case <-limited.Done():
	}
	g.abandon(answers)
	return g.judge(ctx, trial, reply{err: errNoAnswer})
}

// prompt is a registry that can promise to answer when the context ends at the
// latest. It is asked without a goroutine, whose fresh stack SQLite would
// outgrow on each page: 13 of its 280 µs.
type prompt interface{ Prompt() bool }

// ask puts the question in a goroutine of its own, because a registry that
// hangs may not even notice that its context has ended.
func (g *guard) ask(ctx context.Context, run people.RUN) <-chan reply {
	answers := make(chan reply, 1)
	go func() { answers <- g.answer(ctx, run) }()
	return answers
}

func (g *guard) answer(ctx context.Context, run people.RUN) (a reply) {
	defer func() {
		if r := recover(); r != nil {
			a = reply{err: fmt.Errorf("screening: the registry panicked: %T", r)}
		}
	}()
	a.household, a.err = g.inner.Household(ctx, run)
	return a
}

// abandon counts a question until its late answer is thrown away.
func (g *guard) abandon(answers <-chan reply) {
	g.mu.Lock()
	g.abandoned++
	g.mu.Unlock()
	go func() {
		<-answers
		g.mu.Lock()
		g.abandoned--
		g.mu.Unlock()
	}()
}

// enter says whether the registry may be asked now; trial when it is the one
// question after a pause.
func (g *guard) enter() (trial bool, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.abandoned >= maxAbandoned:
		return false, errAbandoned
	case g.failures < g.opt.Failures:
		return false, nil
	case g.trying || g.opt.Clock().Before(g.until):
		return false, errResting
	}
	g.trying = true
	return true, nil
}

// Resting reports whether the registry failed so often that it is not asked for a while.
func (g *guard) Resting() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.failures >= g.opt.Failures
}

// judge learns from an answer. That the asker went away says nothing of the registry.
func (g *guard) judge(ctx context.Context, trial bool, a reply) (Household, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if trial {
		g.trying = false
	}
	switch {
	case a.err == nil || errors.Is(a.err, ErrNotRegistered):
		g.failures = 0
		return a.household, a.err
	case ctx.Err() != nil:
		return Household{}, ctx.Err()
	}
	g.failures++
	if g.failures >= g.opt.Failures {
		g.until = g.opt.Clock().Add(g.opt.Pause)
	}
	return Household{}, unavailable(a.err)
}

func unavailable(cause error) error {
	return fault.Wrap(cause, fault.Unavailable, "registry.unavailable")
}
