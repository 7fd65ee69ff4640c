package tenants

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func (r *rig) openCount(list ...*Municipality) (n int) {
	for _, m := range list {
		for _, d := range []*DB{m.main, m.access} {
			if d.isOpen() {
				n++
			}
		}
	}
	return n
}

func TestHandleOpensNothing(t *testing.T) {
	r := newRig(t, Options{})
	id := r.town("05802").ID
	r.reopen()
	m, err := r.Municipality(background, id)
	if err != nil {
		t.Fatal(err)
	}
	if n := r.openCount(m); n != 0 {
		t.Errorf("%d files open", n)
	}
	wantSettings(t, m, "")
	if n := r.openCount(m); n != 1 {
		t.Errorf("%d files open after a View of the main file", n)
	}
	if again, err := r.Municipality(background, id); err != nil || again != m {
		t.Errorf("a second handle: %v", err)
	}
}

func TestIdleFilesClose(t *testing.T) {
	r := newRig(t, Options{})
	m, other := r.town("05802"), r.town("06304")
	wantSettings(t, m, "")
	err := other.View(background, func(tx *Tx) error {
		r.shelf.sweep(time.Now().Add(-time.Minute), time.Now().Add(-time.Minute))
		if n := r.openCount(m, other); n != 2 {
			t.Errorf("%d files open, want 2: they were just used", n)
		}
		r.shelf.sweep(time.Now(), time.Now())
		if m.main.isOpen() || !other.main.isOpen() {
			t.Error("the idle one is open, or the one at work is not")
		}
		return tx.QueryRow(`SELECT 1`).Scan(new(int))
	})
	if err != nil {
		t.Error(err)
	}
	if err := set(m, "ta", "1"); err != nil {
		t.Errorf("opened again: %v", err)
	}
}

// A file at rest keeps its writer and gives its read connections back.
func TestRestingFilesCloseTheirReaders(t *testing.T) {
	r := newRig(t, Options{})
	m := r.town("05802")
	wantSettings(t, m, "")
	before := len(openFiles(t, r.path(m.main)))
	r.shelf.sweep(time.Now().Add(-time.Hour), time.Now())
	if after := len(openFiles(t, r.path(m.main))); !m.main.isOpen() || after >= before || after == 0 {
		t.Errorf("%d descriptors, then %d", before, after)
	}
	wantSettings(t, m, "")
}

func TestFewAreOpenAtOnce(t *testing.T) {
	r := newRig(t, Options{Open: 2}) // four files
	var towns []*Municipality
	for i := range 6 {
		towns = append(towns, r.town(fmt.Sprintf("0110%d", i)))
	}
	for _, m := range towns {
		wantSettings(t, m, "")
	}
	if n := r.openCount(towns...); n != 4 {
		t.Errorf("%d files open, want 4", n)
	}
	if towns[0].main.isOpen() || !towns[5].main.isOpen() {
		t.Error("not the one used longest ago was closed")
	}
	var all sync.WaitGroup // more at work than the limit: nobody is refused
	var inside atomic.Int32
	for _, m := range towns {
		all.Go(func() {
			err := m.View(background, func(*Tx) error {
				inside.Add(1)
				waitUntil(func() bool { return inside.Load() == 6 })
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// Work, closing and opening at once lose nothing.
func TestClosingUnderLoad(t *testing.T) {
	r := newRig(t, Options{Open: 1})
	towns := []*Municipality{r.town("05802"), r.town("06304"), r.town("13201")}
	var all sync.WaitGroup
	for person := range 6 {
		all.Go(func() {
			for i := range 25 {
				m := towns[(person+i)%3]
				if err := set(m, fmt.Sprintf("t%d.%d", person, i), "1"); err != nil {
					t.Error(err)
				}
				r.shelf.sweep(time.Now(), time.Now())
			}
		})
	}
	all.Wait()
	total := 0
	for _, m := range towns {
		err := m.View(background, func(tx *Tx) error {
			var n int
			err := tx.QueryRow(`SELECT count(*) FROM setting WHERE key LIKE 't%'`).Scan(&n)
			total += n
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	if total != 150 {
		t.Errorf("%d of 150 writes are there", total)
	}
}

func TestCloseWaitsForWorkAndLeavesNothingOpen(t *testing.T) {
	r := newRig(t, Options{})
	m := r.town("05802")
	inside, closed := make(chan struct{}), make(chan error)
	done := make(chan error)
	go func() {
		done <- m.Update(background, func(tx *Tx) error {
			close(inside)
			waitUntil(func() bool { return !r.accepts(m.main) })
			return put(tx, "ta", "1")
		})
	}()
	<-inside
	go func() { closed <- r.Close() }()
	if err := errors.Join(<-done, <-closed); err != nil {
		t.Fatal(err)
	}
	wantError(t, set(m, "tb", "1"), ErrClosed)
	_, err := r.Municipality(background, "unknown")
	wantError(t, err, ErrClosed)
	if open := openFiles(t, r.opt.Dir); len(open) > 0 {
		t.Errorf("left open: %v", open)
	}
	if left, _ := filepath.Glob(r.path(m.main) + "-*"); len(left) > 0 {
		t.Errorf("not moved into the file: %v", left)
	}
	r.open()
	wantSettings(t, r.town("05802"), "ta=1")
}

// accepts reports whether the file still takes new work.
func (r *rig) accepts(d *DB) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.shut
}

// Litestream finds the WAL that the app leaves.
func TestReplicatedKeepsTheWAL(t *testing.T) {
	r := newRig(t, Options{Replicated: true})
	m := r.town("05802")
	if err := set(m, "ta", "1"); err != nil {
		t.Fatal(err)
	}
	err := m.Update(background, func(tx *Tx) error {
		var pages int
		if err := tx.QueryRow(`PRAGMA wal_autocheckpoint`).Scan(&pages); err != nil || pages != 0 {
			t.Errorf("the app moves the WAL at %d pages (%v)", pages, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	r.close()
	if info, err := os.Stat(r.path(m.main) + "-wal"); err != nil || info.Size() == 0 {
		t.Errorf("the WAL is gone: %v", err)
	}
	r.open()
	wantSettings(t, r.town("05802"), "ta=1")
}
