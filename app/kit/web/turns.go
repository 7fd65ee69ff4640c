package web

import (
	"context"
	"sync/atomic"
	"time"

	"gsl/app/kit/fault"
)

// turns bounds how many handlers run side by side, so that a rush makes people
// wait a moment instead of making everything slow; and how many wait, so that a
// flood gets a plain "try again" instead of taking the memory.
type turns struct {
	running chan struct{}
	waiting atomic.Int64
	refused atomic.Int64
	most    int64
}

func newTurns(running, waiting int) *turns {
	if running <= 0 {
		running = 64
	}
	if waiting <= 0 {
		waiting = 512
	}
	return &turns{running: make(chan struct{}, running), most: int64(waiting)}
}

// Nobody looks at an empty page for longer.
const longestWait = 10 * time.Second

func (t *turns) take(ctx context.Context) error {
	select {
	case t.running <- struct{}{}:
		return nil
	default:
	}
	if t.waiting.Add(1) > t.most {
		t.waiting.Add(-1)
		return t.refuse()
	}
	defer t.waiting.Add(-1)
	patience := time.NewTimer(longestWait)
	defer patience.Stop()
	select {
	case t.running <- struct{}{}:
		return nil
	case <-patience.C:
		return t.refuse()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t *turns) refuse() error {
	t.refused.Add(1)
	return fault.New(fault.Unavailable, "fault.busy")
}

func (t *turns) give() { <-t.running }
