package tenants

import (
	"errors"
	"os"
	"testing"

	"github.com/google/uuid"
)

// Before its tables change, a file's place gets a name, in the replica or, without
// one, as a copy: what is restored to it has the tables and rows of before.
func TestBeforeAMigrationThePlaceGetsAName(t *testing.T) {
	for name, replicated := range map[string]bool{"in the replica": true, "as a copy": false} {
		t.Run(name, func(t *testing.T) {
			var opt Options
			if replicated {
				config, err := ReadReplicaConfig(litestreamYML(t, t.TempDir()))
				if err != nil {
					t.Fatal(err)
				}
				opt.Replica = config
			}
			r := newRig(t, opt)
			m := r.town("05802")
			id, path := m.ID, r.path(m.main)
			r.close()
			for _, suffix := range []string{"", "-wal", "-shm"} {
				if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
					t.Fatal(err)
				}
			}
			if err := migrateTo(background, path, "municipal", 1, "OFF"); err != nil {
				t.Fatal(err)
			}
			r.raw(path, `INSERT INTO municipality (only, id, code, name) VALUES (1, '`+id+`', 'x', 'x')`, `INSERT INTO setting (key, value) VALUES ('told', '1')`)
			r.open()
			m = r.town("05802")
			if err := set(m, "tnew", "2"); err != nil { // migrates it first
				t.Fatal(err)
			}
			point := pointName(latest("municipal"))
			c, err := r.RestoreCopy(background, uuid.NewString(), RestoreRequest{MunicipalityID: id, Point: point, Source: FromCopy})
			if err != nil {
				t.Fatal(err)
			}
			if (c.TXID != "") != replicated {
				t.Errorf("the place is transaction %q", c.TXID)
			}
			d := r.aside(copyName(c, ""), "municipal", id)
			if version, err := headerVersion(d.path()); err != nil || version != 1 {
				t.Errorf("the restored file has schema %d (%v), want 1", version, err)
			}
			if got := r.held(d.path()); got != "told=1" {
				t.Errorf("it holds %q", got)
			}
			if _, err := r.SwapCopy(background, c.ID); err != nil {
				t.Fatal(err)
			}
			wantSettings(t, m, "told=1")
			for _, none := range []string{"before-99999", "../../x", "x"} {
				_, err := r.RestoreCopy(background, uuid.NewString(), RestoreRequest{MunicipalityID: id, Point: none, Source: FromCopy})
				wantError(t, err, ErrNoBackup)
			}
		})
	}
}

// One that is restored while the others work, with Litestream at work: each
// municipality's changes are in its own replica afterwards, and each can be
// restored from there.
func TestARestoreBesideLitestreamAtWork(t *testing.T) {
	config, err := ReadReplicaConfig(litestreamYML(t, t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, Options{Replica: config})
	m, other := r.town("05802"), r.town("06304")
	for _, town := range []*Municipality{m, other} {
		if err := errors.Join(set(town, "ta", "1"), viewed(town, "f")); err != nil {
			t.Fatal(err)
		}
	}
	restore := func() {
		t.Helper()
		for _, d := range []*DB{m.main, m.access} {
			f, err := d.acquire(background)
			if err != nil {
				t.Fatal(err)
			}
			if err := f.track.Load().Wait(background); err != nil {
				t.Fatal(err)
			}
			d.release(f)
		}
		c, err := r.RestoreCopy(background, uuid.NewString(), RestoreRequest{MunicipalityID: m.ID})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.SwapCopy(background, c.ID); err != nil {
			t.Fatal(err)
		}
	}
	restore()
	wantSettings(t, m, "ta=1")
	if err := errors.Join(set(m, "tb", "2"), set(other, "tb", "2"), viewed(m, "g")); err != nil {
		t.Fatal(err)
	}
	restore() // from the second history
	wantSettings(t, m, "ta=1 tb=2")
	wantSettings(t, other, "ta=1 tb=2")
	if n := views(t, m); n != 2 {
		t.Errorf("%d views", n)
	}
	err = r.DrillAll(background, Rounds{Tell: func(file string, err error) {
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if epoch, err := r.epoch(background, m.ID); err != nil || epoch != 3 {
		t.Errorf("epoch %d (%v)", epoch, err)
	}
}
