package tenants

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
)

// spoil harms a municipality's main file while nobody has it open.
var spoil = map[string]struct {
	how  func(r *rig, path string) error
	want error
}{
	"missing": {func(_ *rig, path string) error { return os.Remove(path) }, ErrMissing},
	"empty":   {func(_ *rig, path string) error { return os.Truncate(path, 0) }, ErrDamaged},
	"no database": {func(_ *rig, path string) error {
		return os.WriteFile(path, []byte(strings.Repeat("this is no database ", 1000)), 0o600)
	}, ErrDamaged},
	"cut short": {func(_ *rig, path string) error { return os.Truncate(path, 4096) }, ErrDamaged},
	"without owner": {func(r *rig, path string) error {
		r.raw(path, `DELETE FROM municipality`)
		return nil
	}, ErrDamaged},
	"of another": {func(r *rig, path string) error {
		r.raw(path, `UPDATE municipality SET id = 'another'`)
		return nil
	}, ErrDamaged},
	"newer": {func(r *rig, path string) error {
		r.raw(path, `PRAGMA user_version = 9999`)
		return nil
	}, ErrNewer},
}

// A file that is not as it should be is an error of that municipality; the
// others notice nothing, and a repair counts at the next request.
func TestBadFileHarmsItselfOnly(t *testing.T) {
	for name, bad := range spoil {
		for _, side := range []string{"main", "access"} {
			t.Run(name+" "+side, func(t *testing.T) {
				r := newRig(t, Options{})
				m := r.town("05802")
				d := m.main
				if side == "access" {
					d = m.access
				}
				if err := set(m, "ta", "1"); err != nil {
					t.Fatal(err)
				}
				r.reopen()
				backup(t, r.path(d))
				if err := bad.how(r, r.path(d)); err != nil {
					t.Fatal(err)
				}
				m, other := r.town("05802"), r.town("06304") // Provision makes no file anew
				d = map[string]*DB{"main": m.main, "access": m.access}[side]
				for range 2 {
					err := d.View(background, func(*Tx) error { t.Error("the work ran"); return nil })
					wantError(t, err, bad.want)
					wantError(t, err, ErrUnavailable)
				}
				wantError(t, d.Update(background, func(*Tx) error { t.Error("the work ran"); return nil }), bad.want)
				wantError(t, m.Verify(background, false), bad.want)
				if err := set(other, "tb", "1"); err != nil {
					t.Errorf("the other municipality: %v", err)
				}
				restore(t, r.path(d))
				if err := d.View(background, func(*Tx) error { return nil }); err != nil {
					t.Errorf("after the repair: %v", err)
				}
				wantSettings(t, m, "ta=1")
			})
		}
	}
}

func backup(t *testing.T, path string) { copyFile(t, path, path+".kept") }

// restore puts the file back the way it must be done: by rename.
func restore(t *testing.T, path string) {
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	if err := os.Rename(path+".kept", path); err != nil {
		t.Fatal(err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// fill makes the file large enough to be cut, and moves all into it.
func fill(t *testing.T, r *rig, m *Municipality) {
	t.Helper()
	err := m.Update(background, func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO setting (key, value)
			WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
			SELECT 'x' || i, printf('%0100d', i) FROM n`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r.shut(m.main)
}

// A file cut short under its mapping faults the memory of the whole process;
// it must fail only that file.
func TestFileCutShortWhileOpen(t *testing.T) {
	readAll := func(tx *Tx) error {
		return tx.QueryRow(`SELECT sum(length(value)) FROM setting`).Scan(new(int))
	}
	changeAll := func(tx *Tx) error {
		_, err := tx.Exec(`UPDATE setting SET value = value || 'x'`)
		return err
	}
	for name, use := range map[string]func(m *Municipality, cut func()) error{
		"View": func(m *Municipality, cut func()) error {
			cut()
			return m.View(background, readAll)
		},
		"within a View": func(m *Municipality, cut func()) error {
			return m.View(background, func(tx *Tx) error { cut(); return readAll(tx) })
		},
		"Update": func(m *Municipality, cut func()) error {
			cut()
			return m.Update(background, changeAll)
		},
		"within an Update": func(m *Municipality, cut func()) error {
			return m.Update(background, func(tx *Tx) error { cut(); return changeAll(tx) })
		},
		"within a group": func(m *Municipality, cut func()) error {
			errs := together(m, puts("ta"), func(tx *Tx) error { cut(); return changeAll(tx) }, puts("tb"))
			for _, err := range errs {
				wantError(t, err, ErrDamaged) // all of them: the file is gone for each
			}
			return errs[1]
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, Options{})
			m, other := r.town("05802"), r.town("06304")
			fill(t, r, m)
			backup(t, r.path(m.main))
			wantSettings(t, m, "") // open again, and mapped
			err := use(m, func() {
				if err := os.Truncate(r.path(m.main), 8192); err != nil {
					t.Error(err)
				}
			})
			wantError(t, err, ErrDamaged)
			if err := set(other, "tb", "1"); err != nil {
				t.Errorf("the other municipality: %v", err)
			}
			r.shut(m.main)
			restore(t, r.path(m.main))
			if err := m.View(background, readAll); err != nil {
				t.Errorf("after the repair: %v", err)
			}
		})
	}
}

// A page overwritten in the middle is found by the query that reads it.
func TestOverwrittenPage(t *testing.T) {
	r := newRig(t, Options{})
	m := r.town("05802")
	fill(t, r, m)
	file, err := os.OpenFile(r.path(m.main), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	for page := info.Size()/4096/2 - 20; page < info.Size()/4096/2+20; page++ {
		if _, err := file.WriteAt([]byte(strings.Repeat("\xff", 4096)), page*4096); err != nil {
			t.Fatal(err)
		}
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	wantError(t, m.View(background, func(tx *Tx) error {
		rows, err := tx.Query(`SELECT key, value FROM setting`)
		if err != nil {
			return err
		}
		for rows.Next() {
		}
		return nil // not even asked for Err
	}), ErrDamaged)
	wantError(t, m.Verify(background, true), ErrDamaged)
	wantError(t, r.Verify(background, false, nil), ErrDamaged)
}

// SQLite would go on writing to a file that was taken away.
func TestFileTakenAwayWhileOpen(t *testing.T) {
	r := newRig(t, Options{})
	m := r.town("05802")
	if err := set(m, "ta", "1"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(r.path(m.main), r.path(m.main)+".kept"); err != nil {
		t.Fatal(err)
	}
	wantError(t, set(m, "tb", "1"), ErrMissing)
	wantError(t, set(m, "tb", "1"), ErrMissing)
	if _, err := os.Stat(r.path(m.main)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an empty file stands in its place: %v", err)
	}
	r.shut(m.main)
	if err := os.Rename(r.path(m.main)+".kept", r.path(m.main)); err != nil {
		t.Fatal(err)
	}
	if err := set(m, "tc", "1"); err != nil {
		t.Error(err)
	}
}

// Without national.db every municipality would be disowned.
func TestNationalIsNotMadeAnewBesideMunicipalities(t *testing.T) {
	r := newRig(t, Options{})
	r.town("05802")
	r.close()
	if err := os.Rename(r.path(r.national), r.path(r.national)+".kept"); err != nil {
		t.Fatal(err)
	}
	_, err := Open(context.Background(), r.opt)
	wantError(t, err, ErrMissing)
	if err := os.Rename(r.path(r.national)+".kept", r.path(r.national)); err != nil {
		t.Fatal(err)
	}
	r.open()
}

// Without registry.db nobody is known to any household: an empty one in its
// place would say so of everybody. The desks go on, and an import makes it anew.
func TestRegistryIsNotMadeAnewBesideMunicipalities(t *testing.T) {
	for name, harm := range map[string]struct {
		how  func(path string) error
		want error
	}{
		"missing": {os.Remove, ErrMissing},
		"damaged": {func(path string) error { return os.WriteFile(path, []byte(strings.Repeat("no database ", 900)), 0o600) }, ErrDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, Options{})
			m := r.town("05802")
			r.close()
			if err := harm.how(r.path(r.registry)); err != nil {
				t.Fatal(err)
			}
			r.open()
			wantError(t, r.registry.View(background, func(*Tx) error { return nil }), harm.want)
			wantError(t, r.registry.Verify(background, true), harm.want)
			if err := set(r.town(m.Code), "ta", "1"); err != nil {
				t.Errorf("the municipality: %v", err)
			}
			if err := r.RenewRegistry(background); err != nil {
				t.Fatal(err)
			}
			err := r.registry.View(background, func(*Tx) error { return nil })
			if damaged := errors.Is(err, ErrDamaged); damaged != (name == "damaged") || err != nil && !damaged {
				t.Errorf("after an import began: %v", err) // what is damaged is restored, never overwritten
			}
		})
	}
}

// A disk that is full refuses what is written; what is there can be read, and
// others who wrote at the same time are told the same.
func TestFullDisk(t *testing.T) {
	m := newRig(t, Options{}).town("05802")
	err := m.Update(background, func(tx *Tx) error {
		var pages int
		if err := tx.QueryRow(`PRAGMA page_count`).Scan(&pages); err != nil {
			return err
		}
		if _, err := tx.Exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+1)); err != nil {
			return err
		}
		return put(tx, "ta", "1")
	})
	if err != nil {
		t.Fatal(err)
	}
	large := func(tx *Tx) error { return put(tx, "tx", strings.Repeat("x", 100_000)) }
	errs := together(m, puts("tb"), large, puts("tc"))
	wantError(t, errs[1], ErrFull)
	wantError(t, errs[1], ErrUnavailable)
	if errs[0] != nil || errs[2] != nil {
		t.Errorf("small writes still fit: %v", errs)
	}
	wantSettings(t, m, "ta=1 tb=1 tc=1")
}

// A restore that puts another file in place while the old one is open: the old
// one's WAL must not run into it.
func TestFileReplacedWhileOpen(t *testing.T) {
	r := newRig(t, Options{})
	m := r.town("05802")
	if err := set(m, "ta", "1"); err != nil {
		t.Fatal(err)
	}
	r.shut(m.main)
	backup(t, r.path(m.main))
	if err := set(m, "tb", "1"); err != nil { // in the WAL only
		t.Fatal(err)
	}
	if err := os.Rename(r.path(m.main)+".kept", r.path(m.main)); err != nil {
		t.Fatal(err)
	}
	wantError(t, set(m, "tc", "1"), ErrMissing)
	if err := set(m, "td", "1"); err != nil {
		t.Errorf("the restored file: %v", err)
	}
	wantSettings(t, m, "ta=1 td=1")
	if err := m.Verify(background, false); err != nil {
		t.Error(err)
	}
	r.shut(m.main)
	wantSettings(t, m, "ta=1 td=1")
}
