package referral

import (
	"sync"

	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// pulse counts, for each desk, how often something of its inbox changed since
// the program started. It is what thousands of open tabs ask every half minute,
// so it is answered from memory.
type pulse struct {
	mu      sync.RWMutex
	beats   map[beatKey]uint64
	counted map[beatKey]counted
}

type beatKey struct{ municipality, desk string }

// counted is what was counted at a beat: it holds until the next, or until the
// day is over and more is overdue.
type counted struct {
	beat   uint64
	day    calendar.Date
	counts Counts
}

func newPulse() *pulse {
	return &pulse{beats: map[beatKey]uint64{}, counted: map[beatKey]counted{}}
}

// counts gives what was counted for a desk on the day if nothing changed since,
// else counts anew. It is for read transactions only: what a change sees of
// itself may be undone.
func (p *pulse) counts(municipality, desk string, day calendar.Date, count func() (Counts, error)) (Counts, error) {
	key := beatKey{municipality, desk}
	p.mu.RLock()
	beat, last := p.beats[key], p.counted[key]
	p.mu.RUnlock()
	if last.beat == beat && last.day == day {
		return last.counts, nil
	}
	c, err := count()
	if err == nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.counted[key] = counted{beat, day, c}
	}
	return c, err
}

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
