package attention

import (
	"sync"

	"gsl/tenants"
)

// pulse counts, for each desk, how often its waiting list changed since the
// program started: what open pages ask every few seconds is answered from memory.
type pulse struct {
	mu    sync.RWMutex
	beats map[beatKey]uint64
}

type beatKey struct{ municipality, desk string }

func newPulse() *pulse { return &pulse{beats: map[beatKey]uint64{}} }

// of gives the count of a desk.
func (p *pulse) of(municipality, desk string) uint64 {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.beats[beatKey{municipality, desk}]
}

// bumpAfter counts a change when it is durable: a page that asked earlier would
// read what was.
func (p *pulse) bumpAfter(tx *tenants.Tx, desk string) {
	key := beatKey{tx.Owner(), desk}
	tx.After(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.beats[key]++
	})
}
