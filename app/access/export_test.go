package access

import (
	"net/http"
	"net/http/httptest"
)

// What the tests of the outside need to see.

// Cheap makes password hashes cost next to nothing from now on.
func (s *Service) Cheap() { s.hasher.cost = cost{memory: 64, passes: 1, threads: 1} }

// HashRuns counts the password hashes made so far.
func (s *Service) HashRuns() int64 { return s.hasher.runs.Load() }

// Cached counts the sessions in memory.
func (s *Service) Cached() int {
	s.cache.mu.RLock()
	defer s.cache.mu.RUnlock()
	return len(s.cache.byHash)
}

// Remembered counts what the throttle keeps of addresses and accounts.
func (s *Service) Remembered() (addresses, accounts int) {
	s.throttle.mu.Lock()
	defer s.throttle.mu.Unlock()
	return s.throttle.addresses.order.Len(), s.throttle.accounts.order.Len()
}

// FillHashQueue takes every place of the hash queue, as a flood from that many
// addresses would, and gives the way back.
func (s *Service) FillHashQueue() (release func()) {
	s.hasher.mu.Lock()
	defer s.hasher.mu.Unlock()
	before := s.hasher.waiting
	s.hasher.waiting = hashQueue
	return func() {
		s.hasher.mu.Lock()
		defer s.hasher.mu.Unlock()
		s.hasher.waiting = before
	}
}

// Cookie is what a browser would hold after the sign-in.
func (s *Service) Cookie(o Opened) *http.Cookie {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if err := s.cookies.set(r, w, o.id); err != nil {
		panic(err)
	}
	return w.Result().Cookies()[0]
}

// IDOf is the session id that a cookie carries.
func (s *Service) IDOf(c *http.Cookie) []byte {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(c)
	id, _ := s.cookies.id(r)
	return id[:]
}
