package tenants

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// fill makes the disk look full to the municipality's main file, until the
// reserve is spent: what a disk says is the same to SQLite and to us.
func (r *rig) noSpace(m *Municipality) {
	r.t.Helper()
	r.reserve.mu.Lock()
	r.reserve.size, r.reserve.asked = 1<<50, time.Now().Add(time.Hour) // no disk has twice that: it stays full
	r.reserve.mu.Unlock()
	if !r.reserve.spend(errors.New("a test says so")) {
		r.t.Fatal("nothing to spend")
	}
}

// On a full disk only what reading needs is written; when there is space again
// everything is.
func TestReserveIsForReading(t *testing.T) {
	r := newRig(t, Options{Reserve: 1 << 20})
	m := r.town("05802")
	if _, err := os.Stat(filepath.Join(r.opt.Dir, "reserve")); err != nil {
		t.Skip("no reserve is kept on this system")
	}
	if err := set(m, "ta", "1"); err != nil || r.Full() {
		t.Fatal(err, r.Full())
	}
	r.noSpace(m)
	if _, err := os.Stat(filepath.Join(r.opt.Dir, "reserve")); !errors.Is(err, os.ErrNotExist) || !r.Full() {
		t.Errorf("the reserve is still set aside: %v", err)
	}
	wantError(t, set(m, "tb", "1"), ErrFull)
	wantError(t, r.registry.Update(background, func(*Tx) error { return nil }), ErrFull)
	if err := m.Update(ForReading(background), func(tx *Tx) error { return put(tx, "tc", "1") }); err != nil {
		t.Errorf("what reading needs: %v", err)
	}
	for _, d := range []*DB{m.access, r.national} {
		if err := d.Update(background, func(*Tx) error { return nil }); err != nil {
			t.Errorf("%s: %v", d.name, err)
		}
	}
	wantSettings(t, m, "ta=1 tc=1")
	r.reserve.mu.Lock()
	r.reserve.size, r.reserve.asked = 1<<20, time.Time{}
	r.reserve.mu.Unlock()
	if err := set(m, "td", "1"); err != nil || r.Full() {
		t.Errorf("with space again: %v, full %v", err, r.Full())
	}
	if info, err := os.Stat(filepath.Join(r.opt.Dir, "reserve")); err != nil || info.Size() != 1<<20 {
		t.Errorf("the reserve is not set aside anew: %v", err)
	}
}

// Without a reserve the disk's own word counts, as before.
func TestWithoutReserve(t *testing.T) {
	r := newReserve(t.TempDir(), 0, slog.New(slog.DiscardHandler))
	if r.spend(ErrFull) || r.full() {
		t.Error("a reserve that was never set aside was spent")
	}
}
