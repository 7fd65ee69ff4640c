package referral

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	answerRate  = rate.Limit(0.5) // requests a second from one address, in the long run
	answerBurst = 40              // a page, its corrections, and colleagues behind the same address
	mostCallers = 5_000           // addresses remembered; then the oldest half is forgotten
)

// callers slows down whoever asks for links one after the other. It remembers in
// two halves, so that forgetting is cheap and a flood of addresses is no flood of memory.
type callers struct {
	mu          sync.Mutex
	fresh, aged map[string]*rate.Limiter
}

func newCallers() *callers { return &callers{fresh: map[string]*rate.Limiter{}} }

// allow counts one request from the address.
func (c *callers) allow(address string, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := network(address)
	limiter := c.fresh[key]
	if limiter == nil {
		if limiter = c.aged[key]; limiter == nil {
			limiter = rate.NewLimiter(answerRate, answerBurst)
		}
		if len(c.fresh) >= mostCallers {
			c.fresh, c.aged = map[string]*rate.Limiter{}, c.fresh
		}
		c.fresh[key] = limiter
	}
	return limiter.AllowN(now, 1)
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
