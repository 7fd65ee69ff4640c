package access

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"sync/atomic"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/templates/layout"
	"gsl/tenants"
)

// How long a session lasts.
const (
	IdleLimit     = 30 * time.Minute // without a request
	AbsoluteLimit = 12 * time.Hour   // since sign-in, switches of role included

	// A session that begins later than this from now was made by a clock that has
	// been set back since; its limits would come that much later.
	clockSlack = 5 * time.Minute
)

// sessionID is what the browser holds; no file and no log ever does.
type sessionID [32]byte

// idHash is how a session is known here: the SHA-256 of its id.
type idHash [sha256.Size]byte

func newSessionID() (id sessionID) {
	_, _ = rand.Read(id[:]) // never fails: crypto/rand ends the process instead
	return id
}

func (id sessionID) hash() idHash { return sha256.Sum256(id[:]) }

// tokenKey is the key of the session's form tokens. It follows from the id, so
// that it dies with it and is kept nowhere.
func (id sessionID) tokenKey() []byte {
	mac := hmac.New(sha256.New, id[:])
	mac.Write([]byte("form token"))
	return mac.Sum(nil)
}

// session is a row with all that a request needs of it. It is read once and
// shared by requests: nothing in it changes but the time of the last one.
type session struct {
	hash        idHash
	user        User
	membership  Membership
	actor       actor.Actor         // without the municipality's file
	memberships []Membership        // those that hold today, this one too
	choices     []layout.Membership // those the frame offers; nobody changes them
	pending     bool                // the agreement in force is not accepted
	factor      bool                // the person has a second factor
	due         bool                // and without one may do nothing in this role
	tokenKey    []byte
	startedAt   time.Time
	fresh       time.Time    // until then what was read holds: the day's end, or the absolute limit
	seen        atomic.Int64 // Unix nanoseconds of the last request
	saved       atomic.Int64 // of the last one that the file knows
}

func (s *session) alive(now time.Time) bool {
	return now.Before(s.fresh) && !s.startedAt.After(now.Add(clockSlack)) && now.UnixNano()-s.seen.Load() < int64(IdleLimit)
}

// expires is when the session ends if nothing more is asked.
func (s *session) expires() time.Time {
	idle := time.Unix(0, s.seen.Load()).Add(IdleLimit)
	if limit := s.startedAt.Add(AbsoluteLimit); limit.Before(idle) {
		return limit
	}
	return idle
}

// touch notes a request; the clock of a slower request does not turn it back,
// and the zero time does nothing.
func (s *session) touch(now time.Time) {
	if now.IsZero() {
		return
	}
	at := now.UnixNano()
	for {
		before := s.seen.Load()
		if before >= at || s.seen.CompareAndSwap(before, at) {
			return
		}
	}
}

// dead reports whether the row is past its idle or its absolute limit.
func (r row) dead(now time.Time) bool {
	return now.Sub(r.seenAt) >= IdleLimit || now.Sub(r.startedAt) >= AbsoluteLimit || r.startedAt.After(now.Add(clockSlack))
}

// lookup gives the live session of an id, nil when there is none. used is when
// it was used, which keeps it alive; zero for a mere look.
func (s *Service) lookup(ctx context.Context, id sessionID, used time.Time) (*session, error) {
	hash, now := id.hash(), s.clock()
	if found := s.cache.get(hash); found != nil && found.alive(now) {
		found.touch(used)
		return found, nil
	}
	found, err := s.load(ctx, id, hash, now)
	if found != nil {
		found.touch(used)
	}
	return found, err
}

// load reads a session from the file and remembers it, unless something was
// ended while it read.
func (s *Service) load(ctx context.Context, id sessionID, hash idHash, now time.Time) (*session, error) {
	generation := s.cache.generation.Load()
	var found *session
	err := s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		found, err = s.readSession(tx, hash, now)
		return err
	})
	if err != nil || found == nil {
		s.cache.forget(hash)
		return nil, err
	}
	found.tokenKey = id.tokenKey()
	s.cache.put(found, generation, now)
	return found, nil
}

// readSession gives nil, without an error, for every session that may not be used.
func (s *Service) readSession(tx *tenants.Tx, hash idHash, now time.Time) (*session, error) {
	r, err := findSession(tx, hash)
	if tenants.NotFound(err) || err == nil && r.dead(now) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	a, err := loadAccount(tx, r.userID)
	if err != nil || !a.DisabledAt.IsZero() {
		return nil, err
	}
	found := &session{hash: hash, user: a.User, startedAt: r.startedAt, fresh: freshUntil(r.startedAt, now)}
	found.seen.Store(r.seenAt.UnixNano())
	found.saved.Store(r.seenAt.UnixNano())
	ok, err := found.readMemberships(tx, r.membershipID, calendar.On(now))
	if err != nil || !ok {
		return nil, err
	}
	if found.factor, err = hasFactor(tx, a.ID); err != nil {
		return nil, err
	}
	found.due = !found.factor && s.needsFactor(found.membership.Role, a.RUN)
	at, err := acceptedAt(tx, a.ID, AgreementVersion)
	if err != nil {
		return nil, err
	}
	own, err := ownPending(tx, a.ID, found.membership.MunicipalityID)
	found.pending = at.IsZero() || own
	return found, err
}

// readMemberships reports whether the session's own membership still holds.
func (s *session) readMemberships(tx *tenants.Tx, current string, today calendar.Date) (ok bool, err error) {
	all, err := loadMemberships(tx, s.user.ID)
	if err != nil {
		return false, err
	}
	for _, m := range all {
		if !m.On(today) {
			continue
		}
		s.memberships = append(s.memberships, m)
		if m.ID == current {
			s.membership, ok = m, true
		}
	}
	s.actor = s.membership.actor(s.user)
	s.actor.Session = string(s.hash[:])
	s.choices = choices(s.memberships, current)
	return ok, nil
}

// freshUntil is the absolute limit, or midnight in Santiago when that is
// earlier: memberships begin and end with the day.
func freshUntil(started, now time.Time) time.Time {
	limit := started.Add(AbsoluteLimit)
	year, month, day := now.In(calendar.Santiago).Date()
	if midnight := time.Date(year, month, day+1, 0, 0, 0, 0, calendar.Santiago); midnight.Before(limit) {
		return midnight
	}
	return limit
}

// cacheLimit bounds the memory: three times all the operators of the country.
const cacheLimit = 20_000

// cache holds the sessions in use by the hash of their id. Whatever ends or
// changes one drops it here after its commit; generation keeps a slow reader
// from putting back what was read before that.
type cache struct {
	mu         sync.RWMutex
	byHash     map[idHash]*session
	generation atomic.Uint64
}

func (c *cache) get(hash idHash) *session {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.byHash[hash]
}

func (c *cache) put(s *session, generation uint64, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.generation.Load() != generation {
		return
	}
	if len(c.byHash) >= cacheLimit {
		c.prune(now)
	}
	c.byHash[s.hash] = s
}

// prune makes room: the dead first, then whichever. A session that is dropped
// is read again at its next request.
func (c *cache) prune(now time.Time) {
	for hash, s := range c.byHash {
		if !s.alive(now) {
			delete(c.byHash, hash)
		}
	}
	for hash := range c.byHash {
		if len(c.byHash) < cacheLimit {
			return
		}
		delete(c.byHash, hash)
	}
}

// forget removes a session that was found dead.
func (c *cache) forget(hash idHash) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.byHash, hash)
}

// drop is forget after a change: nobody puts back what was read before it.
func (c *cache) drop(hash idHash) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation.Add(1)
	delete(c.byHash, hash)
}

// dropUser is drop for every session of a user.
func (c *cache) dropUser(user string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation.Add(1)
	for hash, s := range c.byHash {
		if s.user.ID == user {
			delete(c.byHash, hash)
		}
	}
}

// used lists the sessions with requests that the file does not know of yet.
func (c *cache) used() []*session {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var list []*session
	for _, s := range c.byHash {
		if s.seen.Load() > s.saved.Load() {
			list = append(list, s)
		}
	}
	return list
}
