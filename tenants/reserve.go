package tenants

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// reserve is space set aside for the day the disk is full. Every look at a
// person leaves a durable row, so without space nobody could read either. When
// a write finds the disk full, the reserve is given free: from then on only what
// reading needs may write (who looked, sessions, opening a file), and everything
// else is refused before it eats the rest. When there is space again, the
// reserve is set aside anew and all goes on.
type reserve struct {
	path string
	size int64 // bytes; 0: none is kept, and the disk's own word counts
	log  *slog.Logger

	spent atomic.Bool
	mu    sync.Mutex
	asked time.Time // when space was last looked for
}

const (
	reserveShare = 8           // of what is free, at most this part is set aside
	reserveEvery = time.Second // how often space is looked for while the disk is full
)

// newReserve sets space aside in the directory: size bytes, or less where little
// is free. A disk that is full already starts with the reserve spent.
func newReserve(dir string, size int64, log *slog.Logger) *reserve {
	r := &reserve{path: filepath.Join(dir, "reserve"), log: log}
	free, known := freeSpace(dir)
	if size <= 0 || !known {
		return r
	}
	if info, err := os.Stat(r.path); err == nil {
		free += info.Size() // ours, from the last run
	}
	r.size = min(size, free/reserveShare)
	if err := setAside(r.path, r.size); err != nil || r.size == 0 {
		r.size = size / reserveShare
		r.spend(err)
	}
	return r
}

// spend gives the reserve free; false when there was none.
func (r *reserve) spend(cause error) bool {
	if r.size == 0 {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.spent.Swap(true) {
		r.log.Error("the disk is full: reading goes on from the reserve, nothing else can be saved", "error", cause)
	}
	err := os.Remove(r.path)
	return err == nil || errors.Is(err, os.ErrNotExist)
}

// full reports whether the disk is full, and looks now and then whether it still is.
func (r *reserve) full() bool {
	if !r.spent.Load() {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := time.Now(); now.Sub(r.asked) >= reserveEvery { // the machine's time: it is the machine's disk
		r.asked = now
		r.refill()
	}
	return r.spent.Load()
}

// refill sets the reserve aside again when there is space for it and as much
// for everything else.
func (r *reserve) refill() {
	free, known := freeSpace(filepath.Dir(r.path))
	if !known || free < 2*r.size {
		return
	}
	if err := setAside(r.path, r.size); err != nil {
		_ = os.Remove(r.path) // half of it helps nobody
		return
	}
	r.spent.Store(false)
	r.log.Info("there is space on the disk again")
}

type reading struct{}

// ForReading marks a context whose Updates reading cannot do without, such as
// the attention that a look at a person opens: they may use the reserve when
// the disk is full. They are small.
func ForReading(ctx context.Context) context.Context {
	return context.WithValue(ctx, reading{}, true)
}

// mayUseReserve reports whether an Update of the file goes on when the disk is full.
func (d *DB) mayUseReserve(ctx context.Context) bool {
	return d.schema == "access" || d.schema == "national" || ctx.Value(reading{}) != nil
}

// relieve runs work again when the disk was full and the reserve could be spent.
func (d *DB) relieve(err error, may bool, again func() error) error {
	if !errors.Is(err, ErrFull) || !d.reserve.spend(err) || !may {
		return err
	}
	return again()
}

// Full reports whether the disk is full: reading goes on, nothing can be saved.
func (f *Files) Full() bool { return f.reserve.full() }
