package tenants

import (
	"os"
	"path/filepath"
	"sync/atomic"
)

// counters is what one file has done since the program started.
type counters struct {
	views, updates, commits atomic.Uint64
	busy, condemned         atomic.Uint64
	openings                atomic.Uint64
}

// Version is another number whenever the file may say something else than
// before: after each commit and each opening. What was read after asking for it
// may be kept as long as it stays the same.
func (d *DB) Version() uint64 { return d.counters.commits.Load() + d.counters.openings.Load() }

// Figures is how the files of one kind stand: for whoever watches the program.
type Figures struct {
	Kind       string // national, registry, municipal, access
	Open       int    // files open now
	Views      uint64 // read transactions
	Updates    uint64 // changes that were asked for
	Commits    uint64 // forced to the disk; changes that come together share one
	Busy       uint64 // refused because too many waited
	Condemned  uint64 // openings given up: damaged, missing, or the disk failed
	Waiting    int    // changes that wait for their turn now
	WAL        int64  // bytes of all journals
	LargestWAL int64  // bytes of the largest
}

// Figures counts over all files, by kind. It opens nothing and reads no file.
func (f *Files) Figures() []Figures {
	kinds := []Figures{{Kind: "national"}, {Kind: "registry"}, {Kind: "municipal"}, {Kind: "access"}}
	f.national.addTo(&kinds[0])
	f.registry.addTo(&kinds[1])
	f.mu.Lock()
	handles := make([]*Municipality, 0, len(f.handles))
	for _, m := range f.handles {
		handles = append(handles, m)
	}
	f.mu.Unlock()
	for _, m := range handles {
		m.main.addTo(&kinds[2])
		m.access.addTo(&kinds[3])
	}
	return kinds
}

func (d *DB) addTo(sum *Figures) {
	c := &d.counters
	sum.Views += c.views.Load()
	sum.Updates += c.updates.Load()
	sum.Commits += c.commits.Load()
	sum.Busy += c.busy.Load()
	sum.Condemned += c.condemned.Load()
	waiting, open := d.queued()
	if !open {
		return
	}
	sum.Open++
	sum.Waiting += waiting
	if info, err := os.Stat(filepath.Join(d.opt.Dir, d.name) + "-wal"); err == nil {
		sum.WAL += info.Size()
		sum.LargestWAL = max(sum.LargestWAL, info.Size())
	}
}

// queued is how many changes wait for their turn, and whether the file is open.
func (d *DB) queued() (int, bool) {
	d.mu.Lock()
	f := d.current
	d.mu.Unlock()
	if f == nil || f.writer == nil {
		return 0, f != nil
	}
	f.writer.mu.Lock()
	defer f.writer.mu.Unlock()
	return len(f.writer.queue), true
}
