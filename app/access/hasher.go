package access

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"gsl/app/kit/fault"
)

const (
	hashSlots        = 2  // hashes at a time: each holds a core and 19 MiB
	hashQueue        = 64 // who may wait: under two seconds
	hashQueueAddress = 24 // of one address, so that a flood leaves room for the others
)

// hasher runs argon2id a few at a time. A flood of sign-ins fills its queue and
// is turned away; it takes neither the memory nor the cores of those who work.
type hasher struct {
	cost  cost
	slots chan struct{}
	runs  atomic.Int64 // hashes made: what the tests count instead of time

	mu      sync.Mutex
	waiting int
	from    map[string]int // those waiting or running, by address
}

func newHasher(c cost) *hasher {
	return &hasher{cost: c, slots: make(chan struct{}, hashSlots), from: map[string]int{}}
}

// verify compares a password with a stored hash; stale says that the hash was
// made with another cost. An empty hash is nobody's: it takes the same work and
// never fits. A full queue is fault.Unavailable.
func (h *hasher) verify(ctx context.Context, address, password, hash string) (ok, stale bool, err error) {
	against := nobody(h.cost)
	if hash != "" {
		if against, err = parseHash(hash); err != nil {
			return false, false, err
		}
	}
	err = h.run(ctx, address, func() { ok = against.matches(password) })
	return ok && err == nil, against.cost != h.cost, err
}

// encode makes the hash to keep.
func (h *hasher) encode(ctx context.Context, address, password string) (text string, err error) {
	err = h.run(ctx, address, func() { text = h.cost.encode(password) })
	return text, err
}

func (h *hasher) run(ctx context.Context, address string, work func()) error {
	if !h.enter(address) {
		return fault.New(fault.Unavailable, "access.login.busy").With("Seconds", int(busyWait.Seconds()))
	}
	defer h.leave(address)
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-h.slots }()
	h.runs.Add(1)
	work()
	return nil
}

// busyWait is when to try again after the queue was full.
const busyWait = 3 * time.Second

func (h *hasher) enter(address string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.waiting >= hashQueue || h.from[address] >= hashQueueAddress {
		return false
	}
	h.waiting++
	h.from[address]++
	return true
}

func (h *hasher) leave(address string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.waiting--
	if h.from[address]--; h.from[address] == 0 {
		delete(h.from, address)
	}
}
