package report

import (
	"slices"
	"sync"
	"time"
)

// Other is somebody else who has the same draft open.
type Other struct {
	Name string
	At   time.Time // when they last opened or wrote it
}

// presence remembers who has which draft open, so that two who write the same one
// are told. It lives in memory: after a restart it fills with the next save, and
// the versions of the parts guard the texts in any case.
type presence struct {
	mu    sync.Mutex
	rooms map[string]map[string]Other // municipality and report → user
}

// About whom nothing was heard for so long, is not there any more.
const absent = 10 * time.Minute

// The most drafts that are remembered; a full memory starts anew.
const maxRooms = 5_000

// enter notes that somebody is at a draft, and tells who else is.
func (p *presence) enter(room, userID, name string, now time.Time) (others []Other) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rooms == nil || len(p.rooms) >= maxRooms {
		p.rooms = make(map[string]map[string]Other)
	}
	if p.rooms[room] == nil {
		p.rooms[room] = make(map[string]Other)
	}
	p.rooms[room][userID] = Other{Name: name, At: now}
	for id, other := range p.rooms[room] {
		switch {
		case now.Sub(other.At) > absent:
			delete(p.rooms[room], id)
		case id != userID:
			others = append(others, other)
		}
	}
	slices.SortFunc(others, func(a, b Other) int { return b.At.Compare(a.At) })
	return others
}
