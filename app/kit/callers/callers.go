// Package callers slows down whoever asks a page without an account for one
// secret after the other: links, codes of papers. It counts by address, is
// generous to an office behind one, and forgets.
package callers

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Most is how many addresses are remembered; then the oldest half is forgotten.
const Most = 5_000

// Callers remembers in two halves, so that forgetting is cheap and a flood of
// addresses is no flood of memory.
type Callers struct {
	rate        rate.Limit
	burst       int
	mu          sync.Mutex
	fresh, aged map[string]*rate.Limiter
}

// New makes callers that may ask so many times a second in the long run, and so
// many times at once.
func New(each rate.Limit, burst int) *Callers {
	return &Callers{rate: each, burst: burst, fresh: map[string]*rate.Limiter{}}
}

// Allow counts one request from the address.
func (c *Callers) Allow(address string, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := network(address)
	limiter := c.fresh[key]
	if limiter == nil {
		if limiter = c.aged[key]; limiter == nil {
			limiter = rate.NewLimiter(c.rate, c.burst)
		}
		if len(c.fresh) >= Most {
			c.fresh, c.aged = map[string]*rate.Limiter{}, c.fresh
		}
		c.fresh[key] = limiter
	}
	return limiter.AllowN(now, 1)
}

// Remembered counts the addresses in memory.
func (c *Callers) Remembered() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.fresh) + len(c.aged)
}

// network is what counts as one address: IPv6 gives every house a /64.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	prefix, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}
