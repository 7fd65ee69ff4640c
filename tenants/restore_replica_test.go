package tenants

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/google/uuid"
)

// replicate sends a closed file to its replica, as the server does while it is open.
func (r *rig) replicate(d *DB) {
	r.t.Helper()
	r.shut(d)
	epoch, err := r.epoch(background, epochID(d))
	if err != nil {
		r.t.Fatal(err)
	}
	client, err := r.Files.opt.Replica.Client(prefixOf(d.name, epoch))
	if err != nil {
		r.t.Fatal(err)
	}
	db := litestream.NewDB(d.path())
	db.MonitorInterval = 0
	db.Replica = litestream.NewReplicaWithClient(db, client)
	db.Replica.MonitorEnabled = false
	if err := db.Open(); err != nil {
		r.t.Fatal(err)
	}
	if err := errors.Join(db.Sync(background), db.Replica.Sync(background), db.Close(background)); err != nil {
		r.t.Fatal(err)
	}
}

// replicated is a rig whose replicas lie in a directory elsewhere, but which
// sends nothing by itself.
func newReplicaRig(t *testing.T) (r *rig, elsewhere string) {
	elsewhere = t.TempDir()
	r = newRig(t, Options{})
	config, err := ReadReplicaConfig(litestreamYML(t, elsewhere))
	if err != nil {
		t.Fatal(err)
	}
	r.Files.opt.Replica = config
	return r, elsewhere
}

func litestreamYML(t *testing.T, elsewhere string) string {
	path := filepath.Join(t.TempDir(), "litestream.yml")
	text := "dbs:\n  - path: ${GSL_FILE}\n    replica:\n      type: file\n      path: " + elsewhere + "/${GSL_REPLICA}\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A replica holds every moment: the file is restored as it was between two
// changes, and the new history it begins is told from the old one.
func TestARestoreGoesBackToAMoment(t *testing.T) {
	r, _ := newReplicaRig(t)
	m := r.town("05802")
	var moments []time.Time
	for _, key := range []string{"ta", "tb", "tc"} {
		if err := set(m, key, "1"); err != nil {
			t.Fatal(err)
		}
		r.replicate(m.main)
		time.Sleep(15 * time.Millisecond) // Litestream's own clock counts in milliseconds
		moments = append(moments, time.Now())
		time.Sleep(15 * time.Millisecond)
	}
	r.replicate(m.access)
	restore := func(at time.Time) {
		t.Helper()
		c, err := r.RestoreCopy(background, uuid.NewString(), RestoreRequest{MunicipalityID: m.ID, At: at})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.SwapCopy(background, c.ID); err != nil {
			t.Fatal(err)
		}
	}
	restore(moments[0])
	wantSettings(t, m, "ta=1")
	if err := set(m, "td", "1"); err != nil {
		t.Fatal(err)
	}
	r.replicate(m.main) // the second history
	restore(time.Time{})
	wantSettings(t, m, "ta=1 td=1")
	restore(moments[1]) // from the first history
	wantSettings(t, m, "ta=1 tb=1")
	_, err := r.RestoreCopy(background, uuid.NewString(), RestoreRequest{MunicipalityID: m.ID, At: moments[0].AddDate(-1, 0, 0)})
	wantError(t, err, ErrNoBackup)
}

// An old process writes on in the old history, and nobody reads it any more.
func TestAnOldProcessCannotWriteIntoTheNewHistory(t *testing.T) {
	r, _ := newReplicaRig(t)
	m := r.town("05802")
	if err := set(m, "ta", "1"); err != nil {
		t.Fatal(err)
	}
	r.replicate(m.main)
	old := filepath.Join(t.TempDir(), "old.db")
	if err := r.RestoreTo(m, old); err != nil {
		t.Fatal(err)
	}
	c, err := r.RestoreCopy(background, uuid.NewString(), RestoreRequest{MunicipalityID: m.ID})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.SwapCopy(background, c.ID); err != nil {
		t.Fatal(err)
	}
	if err := set(m, "tb", "new"); err != nil {
		t.Fatal(err)
	}
	r.replicate(m.main)
	// The old process: it still thinks that it is the first history.
	r.raw(old, `INSERT INTO setting (key, value) VALUES ('tb', 'old')`)
	client, err := r.Files.opt.Replica.Client(prefixOf(m.main.name, 1))
	if err != nil {
		t.Fatal(err)
	}
	db := litestream.NewDB(old)
	db.MonitorInterval, db.Replica = 0, litestream.NewReplicaWithClient(db, client)
	db.Replica.MonitorEnabled = false
	if err := errors.Join(db.Open(), db.Sync(background), db.Replica.Sync(background), db.Close(background)); err != nil {
		t.Log(err) // refused is as good
	}
	if c, err = r.RestoreCopy(background, uuid.NewString(), RestoreRequest{MunicipalityID: m.ID}); err != nil {
		t.Fatal(err)
	}
	look, err := r.OpenCopy(background, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	wantSettings(t, look, "ta=1 tb=new")
}

// RestoreTo writes the newest state of a municipality's main file to a path.
func (r *rig) RestoreTo(m *Municipality, to string) error {
	c, err := r.RestoreCopy(background, uuid.NewString(), RestoreRequest{MunicipalityID: m.ID})
	if err != nil {
		return err
	}
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	return errors.Join(r.ExportCopy(background, c.ID, out, nil), out.Close(), r.DiscardCopy(c.ID))
}

// A drill says of every file whether it can be restored, and names the one in
// whose replica a byte was flipped. A drill that was cut short goes on.
func TestADrillNamesTheReplicaThatIsBad(t *testing.T) {
	r, elsewhere := newReplicaRig(t)
	m, other := r.town("05802"), r.town("06304")
	files, err := r.everyFile(background)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range files {
		r.replicate(d)
	}
	flip(t, filepath.Join(elsewhere, "municipalities", other.ID, "e1", "main"))
	found := map[string]error{}
	begin := r.now()
	since := parseTime(begin)
	if err := r.DrillAll(background, Rounds{Since: since, Tell: func(file string, err error) { found[file] = err }}); err != nil {
		t.Fatal(err)
	}
	for _, d := range files {
		if bad := d == other.main; (found[d.name] != nil) != bad {
			t.Errorf("%s: %v", d.name, found[d.name])
		}
	}
	kept, err := r.Safekeeping(background)
	if err != nil || len(kept) != len(files) {
		t.Fatalf("%d results are kept (%v)", len(kept), err)
	}
	if good, bad := kept[m.main.name], kept[other.main.name]; good.DrillGoodAt.IsZero() || good.DrillErr != "" || !bad.DrillGoodAt.IsZero() || bad.DrillErr == "" {
		t.Errorf("kept: %+v, %+v", good, bad)
	}
	clear(found)
	if err := r.DrillAll(background, Rounds{Since: since, Tell: func(file string, err error) { found[file] = err }}); err != nil || len(found) != 0 {
		t.Errorf("what was drilled was drilled again: %v %v", found, err)
	}
}

// A replica that stopped while the file went on is found by the drill.
func TestADrillNamesTheReplicaThatStoppedBehind(t *testing.T) {
	r, _ := newReplicaRig(t)
	m := r.town("05802")
	r.replicate(m.main)
	err := m.Update(background, func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO audit (at, user_id, role, unit, action, object, hash) VALUES ('2026-11-21T15:00:00.000Z','u','r','','x.y','',x'01')`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r.patience = time.Millisecond
	if got := r.drill(background, m.main, time.Time{}); !errors.Is(got.Err, errBehind) {
		t.Errorf("drilled: %+v", got)
	}
	r.replicate(m.main)
	if got := r.drill(background, m.main, time.Time{}); got.Err != nil {
		t.Errorf("drilled: %+v", got)
	}
}

// flip flips a bit in every piece of a replica.
func flip(t *testing.T, dir string) {
	t.Helper()
	n := 0
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			spoilByte(t, path)
			n++
		}
		return err
	})
	if err != nil || n == 0 {
		t.Fatalf("%d pieces in %s (%v)", n, dir, err)
	}
}

// The data directory is deleted: everything comes back from a replica elsewhere,
// each file in a new history; the one whose replica is bad is named.
func TestEverythingIsRestoredAfterTheDirectoryWasDeleted(t *testing.T) {
	r, elsewhere := newReplicaRig(t)
	m, other, third := r.town("05802"), r.town("06304"), r.town("13201")
	for i, town := range []*Municipality{m, other, third} {
		if err := errors.Join(set(town, "ta", string(rune('1'+i))), viewed(town, "f")); err != nil {
			t.Fatal(err)
		}
	}
	_, err := r.RestoreCopy(background, uuid.NewString(), RestoreRequest{MunicipalityID: m.ID})
	wantError(t, err, ErrNoBackup)
	r.keep(m, "2026-11-21")
	if _, err := r.SwapCopy(background, r.copyOf(m).ID); err != nil { // so that one is in its second history already
		t.Fatal(err)
	}
	files, err := r.everyFile(background)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range files {
		if d != r.national {
			r.replicate(d)
		}
	}
	config := r.Files.opt.Replica
	r.close()
	func() { // what is open cannot be replicated by this test
		db := litestream.NewDB(filepath.Join(r.Files.opt.Dir, "national.db"))
		client, err := config.Client("national/e1")
		if err != nil {
			t.Fatal(err)
		}
		db.MonitorInterval, db.Replica = 0, litestream.NewReplicaWithClient(db, client)
		db.Replica.MonitorEnabled = false
		if err := errors.Join(db.Open(), db.Sync(background), db.Replica.Sync(background), db.Close(background)); err != nil {
			t.Fatal(err)
		}
	}()
	flip(t, filepath.Join(elsewhere, "municipalities", third.ID, "e1", "main"))
	if err := os.RemoveAll(r.Files.opt.Dir); err != nil {
		t.Fatal(err)
	}
	opt := r.Files.opt
	opt.Replica = config
	report, err := RestoreAll(background, opt, AllRequest{})
	if err != nil || len(report.Failed) != 1 || report.Failed[0] != third.main.name || report.Files != len(files)-1 || report.Kept != "" {
		t.Fatalf("%+v %v", report, err)
	}
	r.open()
	m, other, third = r.town("05802"), r.town("06304"), r.town("13201")
	wantSettings(t, m, "ta=1")
	wantSettings(t, other, "ta=2")
	_, err = settings(third)
	wantError(t, err, ErrMissing)
	if n := views(t, other); n != 1 {
		t.Errorf("%d views", n)
	}
	for id, want := range map[string]int64{m.ID: 3, other.ID: 2, "national": 2, "registry": 2} {
		if got, err := r.epoch(background, id); err != nil || got != want {
			t.Errorf("epoch of %s: %d, want %d (%v)", id, got, want, err)
		}
	}
	if err := set(other, "tb", "3"); err != nil {
		t.Error(err)
	}
	r.close()
	// Once more, over what is there: it is kept.
	report, err = RestoreAll(background, opt, AllRequest{})
	if err != nil || report.Kept == "" {
		t.Fatalf("%+v %v", report, err)
	}
	if got := r.held(filepath.Join(opt.Dir, report.Kept, other.main.name)); got != "ta=2 tb=3" {
		t.Errorf("kept: %q", got)
	}
	r.open()
	wantSettings(t, r.town("06304"), "ta=2")
}
