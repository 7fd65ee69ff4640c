package referral

import (
	"sync"

	"gsl/tenants"
)

// pulse counts, for each desk, how often something of its inbox changed since
// the program started. It is what thousands of open tabs ask every half minute,
// so it is answered from memory.
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

// bumpAfter counts a change for both parties when it is durable: a tab that
// asked earlier would read what was.
func (p *pulse) bumpAfter(tx *tenants.Tx, r *Referral) {
	owner, from, to := tx.Owner(), r.Origin, r.Unit
	tx.After(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.beats[beatKey{owner, from}]++
		if to != from {
			p.beats[beatKey{owner, to}]++
		}
	})
}
