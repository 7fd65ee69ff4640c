package tenants

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

// old puts a municipality's main file back to the first version of the schema.
func (r *rig) old(m *Municipality) {
	r.t.Helper()
	r.shut(m.main)
	path := r.path(m.main)
	if err := os.Remove(path); err != nil {
		r.t.Fatal(err)
	}
	if err := migrateTo(background, path, "municipal", 1, "OFF"); err != nil {
		r.t.Fatal(err)
	}
	r.raw(path, `INSERT INTO municipality (only, id, code, name) VALUES (1, '`+m.ID+`', 'x', 'x')`,
		`INSERT INTO setting (key, value) VALUES ('t.old', '1')`)
}

func TestOldFileMigratesAtItsFirstRequest(t *testing.T) {
	r := newRig(t, Options{})
	m := r.town("05802")
	r.old(m)
	if version, err := headerVersion(r.path(m.main)); err != nil || version != 1 {
		t.Fatalf("version %d (%v)", version, err)
	}
	wantSettings(t, m, "t.old=1")
	r.shut(m.main)
	if version, err := headerVersion(r.path(m.main)); err != nil || version != latest("municipal") {
		t.Errorf("version %d (%v), want %d", version, err, latest("municipal"))
	}
}

// Old files migrate side by side; a bad one stops no other.
func TestMigrateAll(t *testing.T) {
	r := newRig(t, Options{})
	var towns []*Municipality
	for _, code := range []string{"01101", "05802", "06304", "12201", "13201", "13101"} {
		towns = append(towns, r.town(code))
	}
	for _, m := range towns[:5] {
		r.old(m)
	}
	if err := os.Truncate(r.path(towns[1].main), 0); err != nil {
		t.Fatal(err)
	}
	var last Progress
	failed := 0
	err := r.MigrateAll(background, func(p Progress) {
		if p.Done != last.Done+1 {
			t.Errorf("progress %d after %d", p.Done, last.Done)
		}
		last = p
		if p.Err != nil {
			failed++
			wantError(t, p.Err, ErrDamaged)
		}
	})
	wantError(t, err, ErrDamaged)
	if last.Done != 5 || last.Total != 5 || failed != 1 {
		t.Errorf("%d of %d done, %d failed", last.Done, last.Total, failed)
	}
	for i, m := range towns[:5] {
		if i != 1 {
			wantSettings(t, m, "t.old=1")
		}
	}
	if info, err := os.Stat(r.path(towns[1].main)); err != nil || info.Size() != 0 {
		t.Errorf("the empty file was filled: %v %v", info.Size(), err)
	}
}

// What looks after the replicas may try a file first, and leave it with
// Litestream: it is not passed over.
func TestMigrateAllNamesABadFileThatLitestreamHasOpen(t *testing.T) {
	r, _ := keepRig(t)
	m := r.town("05802")
	r.untilSynced(m.main)
	r.raw(r.path(m.main), `PRAGMA user_version = 9999`)
	r.shut(m.main)
	wantError(t, set(m, "ta", "1"), ErrNewer)
	wantError(t, r.MigrateAll(background, nil), ErrNewer)
}

func TestMigrateAllOpensNothingThatIsUpToDate(t *testing.T) {
	r := newRig(t, Options{})
	r.town("05802")
	r.town("06304")
	r.reopen()
	if err := r.MigrateAll(background, func(p Progress) { t.Errorf("touched %s", p.File) }); err != nil {
		t.Error(err)
	}
	if open := openFiles(t, filepath.Join(r.opt.Dir, "municipalities")); len(open) > 0 {
		t.Errorf("open: %v", open)
	}
}

// Rebuilding a parent table with foreign keys on would empty its children.
func TestMigrationKeepsTheChildrenOfARebuiltTable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	versions := fstest.MapFS{
		"00001_base.sql": {Data: []byte(`-- +goose Up
CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT;
CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parent (id) ON DELETE CASCADE) STRICT;
INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1, 1);`)},
		"00002_rebuild.sql": {Data: []byte(`-- +goose Up
CREATE TABLE parent_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO parent_new (id) SELECT id FROM parent;
DROP TABLE parent;
ALTER TABLE parent_new RENAME TO parent;`)},
		"00003_careless.sql": {Data: []byte(`-- +goose Up
DELETE FROM parent;`)},
	}
	if err := migrateWith(background, path, versions, 2, "OFF"); err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t}
	r.raw(path, `INSERT INTO child SELECT 2, id FROM child`) // fails when the child was emptied: parent may not be NULL
	if err := migrateWith(background, path, versions, 3, "OFF"); err == nil {
		t.Error("children without a parent were accepted")
	}
	if version, err := headerVersion(path); err != nil || version != 2 {
		t.Errorf("marked as version %d (%v), want 2: it is not to be opened", version, err)
	}
}

func TestVerifyNamesWhatIsWrong(t *testing.T) {
	r := newRig(t, Options{})
	m, other := r.town("05802"), r.town("06304")
	r.shut(m.main)
	r.raw(r.path(m.main), `PRAGMA foreign_keys = 0`,
		`CREATE TABLE t_child (id INTEGER PRIMARY KEY, parent TEXT REFERENCES setting (key)) STRICT`,
		`INSERT INTO t_child (parent) VALUES ('nobody')`)
	bad := map[string]error{}
	err := r.Verify(background, true, func(file string, err error) {
		if err != nil {
			bad[file] = err
		}
	})
	wantError(t, err, ErrDamaged)
	if len(bad) != 1 || bad[m.main.name] == nil {
		t.Errorf("bad files: %v", bad)
	}
	if err := other.Verify(background, false); err != nil {
		t.Error(err)
	}
}
