package tenants

import (
	"sync"
	"time"
)

// shelf knows which files of municipalities are open, and keeps them few:
// files that nobody uses are closed, and beyond the limit the one that has
// been idle longest.
type shelf struct {
	mu   sync.Mutex
	max  int
	open map[*DB]struct{}
}

// opened notes that a file was opened; nothing for a nil shelf, whose files stay open.
func (s *shelf) opened(d *DB) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[d] = struct{}{}
	for len(s.open) > s.max && s.closeOldest(d) {
	}
}

// closeOldest closes the file that was idle longest, but not the one just
// opened; false when all are at work, and the limit has to wait.
func (s *shelf) closeOldest(except *DB) bool {
	var oldest *DB
	for d := range s.open {
		if d != except && !d.busy() && (oldest == nil || d.used.Load() < oldest.used.Load()) {
			oldest = d
		}
	}
	if oldest == nil {
		return false
	}
	if oldest.closeIdle(time.Now()) {
		delete(s.open, oldest)
		return true
	}
	return false
}

// sweep closes what was last used before the one time, and lets rest what was
// last used before the other. An access file at rest is closed: nobody is
// looking at anything.
func (s *shelf) sweep(closing, resting time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for d := range s.open {
		idle := closing
		if d.schema == "access" {
			idle = resting
		}
		if d.closeIdle(idle) || !d.isOpen() {
			delete(s.open, d)
			continue
		}
		d.rest(resting)
	}
}
