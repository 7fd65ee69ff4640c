package tenants

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
)

// keep makes the second line's copy of both files of a municipality.
func (r *rig) keep(m *Municipality, day string) {
	r.t.Helper()
	for _, d := range []*DB{m.main, m.access} {
		if _, err := r.keepCopy(background, d, day); err != nil {
			r.t.Fatal(err)
		}
	}
}

// copyOf restores a copy of a municipality from the second line.
func (r *rig) copyOf(m *Municipality) Copy {
	r.t.Helper()
	c, err := r.RestoreCopy(background, uuid.NewString(), RestoreRequest{MunicipalityID: m.LiveID(), Source: FromCopy})
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

func TestACopyTakesThePlaceOfTheFile(t *testing.T) {
	r := newRig(t, Options{})
	m, other := r.town("05802"), r.town("06304")
	if err := errors.Join(set(m, "ta", "1"), set(other, "ta", "1")); err != nil {
		t.Fatal(err)
	}
	r.keep(m, "2026-11-21")
	if err := set(m, "tb", "2"); err != nil {
		t.Fatal(err)
	}
	c := r.copyOf(m)
	wantSettings(t, m, "ta=1 tb=2") // nothing has changed yet
	told := 0
	r.OnSwap = append(r.OnSwap, func(*Municipality) { told++ })
	swap, err := r.SwapCopy(background, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	wantSettings(t, m, "ta=1")
	wantSettings(t, other, "ta=1")
	if told != 1 || swap.Access || swap.Epoch != 2 || len(swap.Files) != 1 {
		t.Errorf("told %d times of %+v", told, swap)
	}
	kept := filepath.Join(r.opt.Dir, swap.Kept, m.ID+".db")
	if got := r.held(kept); got != "ta=1 tb=2" || !strings.HasPrefix(swap.Kept, "kept/05802-") {
		t.Errorf("what was swapped out holds %q in %s", got, swap.Kept)
	}
	if err := set(m, "tc", "3"); err != nil {
		t.Errorf("the restored file cannot be written: %v", err)
	}
	if _, err := r.SwapCopy(background, c.ID); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a copy was swapped in twice: %v", err)
	}
	r.reopen()
	wantSettings(t, r.town("05802"), "ta=1 tc=3")
}

// held reads the test's settings in a file that lies aside.
func (r *rig) held(path string) (all string) {
	r.t.Helper()
	d := r.aside(strings.TrimPrefix(path, r.opt.Dir+"/"), "municipal", "")
	err := r.looked(d, func(d *DB) error {
		return d.View(background, func(tx *Tx) error {
			return tx.QueryRow(`SELECT coalesce(group_concat(key || '=' || value, ' '), '')
				FROM (SELECT key, value FROM setting WHERE key LIKE 't%' ORDER BY key)`).Scan(&all)
		})
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return all
}

// Writers of the municipality and of another one go on through ten exchanges:
// each change is acknowledged, or refused with the word for it; the other
// municipality's are all acknowledged.
func TestOthersWorkOnWhileOneIsExchanged(t *testing.T) {
	r := newRig(t, Options{})
	m, other := r.town("05802"), r.town("06304")
	r.keep(m, "2026-11-21")
	ctx, stop := context.WithCancel(background)
	var all sync.WaitGroup
	var done, refused atomic.Int64
	for _, town := range []*Municipality{m, other, m, other} {
		all.Go(func() {
			for ctx.Err() == nil {
				err := town.Update(background, func(tx *Tx) error {
					_, err := tx.Exec(`INSERT INTO setting (key, value) VALUES ('u' || hex(randomblob(8)), '1')`)
					return err
				})
				switch {
				case err == nil:
					done.Add(1)
				case town == m && errors.Is(err, ErrRestoring):
					refused.Add(1)
				default:
					t.Errorf("%s: %v", town.Code, err)
					return
				}
			}
		})
	}
	for range 10 {
		before := done.Load()
		waitUntil(func() bool { return done.Load() > before+20 || t.Failed() })
		if _, err := r.SwapCopy(background, r.copyOf(m).ID); err != nil {
			t.Error(err)
		}
	}
	stop()
	all.Wait()
	if err := errors.Join(m.Verify(background, false), other.Verify(background, false)); err != nil {
		t.Error(err)
	}
	t.Logf("%d changes, %d refused meanwhile", done.Load(), refused.Load())
}

// A damaged file is put right without a restart; its trail of views, which is
// whole, goes on from where it was.
func TestARestoreMendsADamagedFile(t *testing.T) {
	for name, bad := range spoil {
		if name == "newer" {
			continue // that one is whole
		}
		t.Run(name, func(t *testing.T) {
			r := newRig(t, Options{})
			m := r.town("05802")
			if err := errors.Join(set(m, "ta", "1"), viewed(m, "f1")); err != nil {
				t.Fatal(err)
			}
			r.keep(m, "2026-11-21")
			if err := viewed(m, "f2"); err != nil {
				t.Fatal(err)
			}
			r.shut(m.main)
			if err := bad.how(r, r.path(m.main)); err != nil {
				t.Fatal(err)
			}
			_, err := settings(m)
			wantError(t, err, bad.want)
			if _, err := r.SwapCopy(background, r.copyOf(m).ID); err != nil {
				t.Fatal(err)
			}
			wantSettings(t, m, "ta=1")
			if n := views(t, m); n != 2 {
				t.Errorf("%d views are in the trail, want 2", n)
			}
		})
	}
}

// A trail of views that is lost is restored with the rest.
func TestARestoreBringsTheTrailOfViewsWhenItIsLost(t *testing.T) {
	r := newRig(t, Options{})
	m := r.town("05802")
	if err := viewed(m, "f1"); err != nil {
		t.Fatal(err)
	}
	r.keep(m, "2026-11-21")
	r.shut(m.access)
	if err := os.Remove(r.path(m.access)); err != nil {
		t.Fatal(err)
	}
	swap, err := r.SwapCopy(background, r.copyOf(m).ID)
	if err != nil || !swap.Access || len(swap.Files) != 2 {
		t.Fatalf("%+v %v", swap, err)
	}
	if n := views(t, m); n != 1 {
		t.Errorf("%d views are in the trail, want 1", n)
	}
}

func viewed(m *Municipality, file string) error {
	return m.Access().Update(background, func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO access_view (at, user_id, role, unit, file_id, what, hash) VALUES (0,'u','r','',?,'plan',x'00')`, file)
		return err
	})
}

func views(t *testing.T, m *Municipality) (n int) {
	t.Helper()
	err := m.Access().View(background, func(tx *Tx) error { return tx.QueryRow(`SELECT count(*) FROM access_view`).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// An exchange that is cut short at any step is made to the end by the next
// start: the file is the old one or the restored one, whole, and the other is kept.
func TestAnExchangeThatIsCutShortIsMadeToTheEnd(t *testing.T) {
	for stop := 1; ; stop++ {
		r := newRig(t, Options{})
		m := r.town("05802")
		if err := set(m, "ta", "1"); err != nil {
			t.Fatal(err)
		}
		r.keep(m, "2026-11-21")
		if err := set(m, "tb", "2"); err != nil {
			t.Fatal(err)
		}
		r.shut(m.access)
		if err := os.Remove(r.path(m.access)); err != nil { // so that both files are exchanged
			t.Fatal(err)
		}
		c := r.copyOf(m)
		steps, crashed := 0, errors.New("crashed")
		r.crash = func(string) error {
			if steps++; steps >= stop {
				return crashed
			}
			return nil
		}
		_, err := r.SwapCopy(background, c.ID)
		r.crash = nil
		if err == nil {
			if stop < 5 {
				t.Errorf("only %d steps", stop)
			}
			return
		}
		if !errors.Is(err, crashed) {
			t.Fatal(err)
		}
		r.reopen()
		m = r.town("05802")
		wantSettings(t, m, "ta=1")
		if err := m.Verify(background, false); err != nil {
			t.Errorf("cut short at step %d: %v", stop, err)
		}
		if kept, _ := filepath.Glob(filepath.Join(r.opt.Dir, "kept", "*", m.ID+".db")); len(kept) != 1 {
			t.Errorf("cut short at step %d: kept are %v", stop, kept)
		}
		if left, _ := os.ReadDir(filepath.Join(r.opt.Dir, copiesDir)); len(left) != 0 {
			t.Errorf("cut short at step %d: %v is left", stop, left)
		}
	}
}

// A copy is looked at like the live file, and nothing that is done there stays;
// the look itself is in the live trail.
func TestACopyIsLookedAtAndStaysAsItIs(t *testing.T) {
	r := newRig(t, Options{})
	m := r.town("05802")
	if err := set(m, "ta", "1"); err != nil {
		t.Fatal(err)
	}
	r.keep(m, "2026-11-21")
	if err := set(m, "ta2", "2"); err != nil {
		t.Fatal(err)
	}
	c := r.copyOf(m)
	look, err := r.OpenCopy(background, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	wantSettings(t, look, "ta=1")
	if err := set(look, "tb", "2"); err != nil {
		t.Errorf("a page that notes something: %v", err)
	}
	wantSettings(t, look, "ta=1")
	wantSettings(t, m, "ta=1 ta2=2")
	if err := viewed(look, "f"); err != nil || views(t, m) != 1 {
		t.Errorf("the look is not in the live trail: %v", err)
	}
	if look.CopyOf() != c.ID || m.CopyOf() != "" || look.ID == m.ID || look.LiveID() != m.ID {
		t.Errorf("the copy's handle is %s of %s", look.ID, look.CopyOf())
	}
	boom := errors.New("boom")
	wantError(t, look.Update(background, func(*Tx) error { return boom }), boom)
	if err := r.DiscardCopy(c.ID); err != nil {
		t.Fatal(err)
	}
	_, err = settings(look)
	wantError(t, err, ErrUnavailable)
	if _, err := r.OpenCopy(background, c.ID); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a discarded copy opens: %v", err)
	}
	wantSettings(t, m, "ta=1 ta2=2")
	for _, id := range []string{"", "..", "../municipalities", uuid.NewString()} {
		if _, err := r.OpenCopy(background, id); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("copy %q: %v", id, err)
		}
	}
}

// A restore that finds nothing, or nothing whole, leaves nothing behind.
func TestARestoreThatFailsLeavesNothing(t *testing.T) {
	r := newRig(t, Options{})
	m := r.town("05802")
	_, err := r.RestoreCopy(background, uuid.NewString(), RestoreRequest{MunicipalityID: m.ID, Source: FromCopy})
	wantError(t, err, ErrNoBackup)
	r.keep(m, "2026-11-21")
	packed := filepath.Join(r.secondLineOf(m.main), "2026-11-21"+secondLineSuffix)
	spoilByte(t, packed)
	if _, err = r.RestoreCopy(background, uuid.NewString(), RestoreRequest{MunicipalityID: m.ID, Source: FromCopy}); err == nil {
		t.Error("a flipped byte passed")
	}
	if left, _ := os.ReadDir(filepath.Join(r.opt.Dir, copiesDir)); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
	wantSettings(t, m, "")
}

// spoilByte flips a bit in the middle of a file.
func spoilByte(t *testing.T, path string) {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file[len(file)/2] ^= 0x10
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
}
