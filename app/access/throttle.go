package access

import (
	"container/list"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	addressRate  = 5   // tries a second from one address, in the long run
	addressBurst = 300 // a whole office that arrives at once behind one address
	freeTries    = 5   // wrong passwords of one account before each costs a wait
	maxWait      = 5 * time.Minute
	forgetAfter  = time.Hour // without a try, an account starts anew
	remembered   = 10_000    // entries of each kind; more push the oldest out
)

// throttle slows guessing. By address it is generous: it holds back machines,
// not offices. By account it is strict: after five wrong passwords each further
// one doubles the wait, known account or not. Addresses from which an account
// has signed in count apart, so that a stranger's guesses do not lock its owner out.
type throttle struct {
	mu        sync.Mutex
	addresses *recent[string, *rate.Limiter]
	accounts  *recent[target, *backoff]
	familiar  *recent[target, struct{}]
}

// target is an account; with an address, as seen from where it signed in before.
type target struct {
	run     uint32
	address string
}

type backoff struct {
	tries int // since the last success
	last  time.Time
	until time.Time // no try before
}

func newThrottle() *throttle {
	return &throttle{
		addresses: newRecent[string, *rate.Limiter](remembered),
		accounts:  newRecent[target, *backoff](remembered),
		familiar:  newRecent[target, struct{}](remembered),
	}
}

// try counts one attempt and gives how long to wait; 0 lets it through. A run
// of 0 is no account: only the address counts.
func (t *throttle) try(run uint32, address string, now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	limiter := t.addresses.get(address, func() *rate.Limiter { return rate.NewLimiter(addressRate, addressBurst) })
	if !limiter.AllowN(now, 1) {
		return time.Second
	}
	if run == 0 {
		return 0
	}
	return t.accounts.get(t.target(run, address), func() *backoff { return &backoff{} }).try(now)
}

// succeeded forgets the wrong tries of an account from where it has just signed in.
func (t *throttle) succeeded(run uint32, address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.accounts.drop(t.target(run, address))
	t.familiar.get(target{run, address}, func() struct{} { return struct{}{} })
}

// again is the address of the second counter of an account: of codes that are
// asked for anew of somebody who is signed in.
const again = "again"

// tryAgain is try for a code that somebody who is signed in is asked for.
func (t *throttle) tryAgain(run uint32, now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.accounts.get(target{run, again}, func() *backoff { return &backoff{} }).try(now)
}

// confirmed forgets the wrong codes.
func (t *throttle) confirmed(run uint32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.accounts.drop(target{run, again})
}

// halfway takes back a try that guessed nothing: its password was right, and a
// code is asked for. Else a person who mistypes codes and begins anew would wait
// longer each time and never come in. Not when somebody else has tried since.
func (t *throttle) halfway(run uint32, address string, tried time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	key := t.target(run, address)
	if !t.accounts.has(key) {
		return
	}
	if b := t.accounts.get(key, nil); b.last.Equal(tried) {
		b.tries, b.until = max(b.tries-1, 0), time.Time{}
	}
}

func (t *throttle) target(run uint32, address string) target {
	known := target{run, address}
	if t.familiar.has(known) {
		return known
	}
	return target{run: run}
}

// try counts before the password is looked at: many at the same moment are still many.
func (b *backoff) try(now time.Time) time.Duration {
	if wait := b.until.Sub(now); wait > 0 {
		return wait
	}
	if now.Sub(b.last) > forgetAfter {
		b.tries = 0
	}
	b.tries++
	b.last = now
	if over := b.tries - freeTries; over >= 0 {
		b.until = now.Add(min(time.Second<<min(over, 16), maxWait))
	}
	return 0
}

// network is what counts as one address everywhere here: IPv6 gives every house a /64.
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

// recent is a map that keeps the entries used last.
type recent[K comparable, V any] struct {
	limit int
	order *list.List // newest in front
	at    map[K]*list.Element
}

type recentEntry[K comparable, V any] struct {
	key   K
	value V
}

func newRecent[K comparable, V any](limit int) *recent[K, V] {
	return &recent[K, V]{limit: limit, order: list.New(), at: map[K]*list.Element{}}
}

func (r *recent[K, V]) get(key K, fresh func() V) V {
	if e := r.at[key]; e != nil {
		r.order.MoveToFront(e)
		return e.Value.(recentEntry[K, V]).value
	}
	for r.order.Len() >= r.limit {
		oldest := r.order.Back()
		delete(r.at, oldest.Value.(recentEntry[K, V]).key)
		r.order.Remove(oldest)
	}
	entry := recentEntry[K, V]{key, fresh()}
	r.at[key] = r.order.PushFront(entry)
	return entry.value
}

func (r *recent[K, V]) has(key K) bool { return r.at[key] != nil }

func (r *recent[K, V]) drop(key K) {
	if e := r.at[key]; e != nil {
		delete(r.at, key)
		r.order.Remove(e)
	}
}
