package tenants

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

var background = context.Background()

// rig is a data directory that a test opens, spoils and opens again.
type rig struct {
	*Files
	t   testing.TB
	opt Options
}

func newRig(t testing.TB, opt Options) *rig {
	t.Helper()
	opt.Dir = t.TempDir()
	at := time.Date(2026, time.November, 21, 15, 0, 0, 0, time.UTC)
	opt.Clock = func() time.Time { return at }
	r := &rig{t: t, opt: opt}
	r.open()
	t.Cleanup(r.close)
	return r
}

func (r *rig) open() {
	r.t.Helper()
	files, err := Open(background, r.opt)
	if err != nil {
		r.t.Fatal(err)
	}
	r.Files = files
}

func (r *rig) close() {
	r.t.Helper()
	if err := r.Close(); err != nil {
		r.t.Error(err)
	}
}

func (r *rig) reopen() {
	r.t.Helper()
	r.close()
	r.open()
}

// town provisions a municipality, or gives it when it is there.
func (r *rig) town(code string) *Municipality {
	r.t.Helper()
	m, err := r.Provision(background, Identity{Code: code, Name: "Comuna " + code, Kind: "municipality", Model: 1, Communes: []string{code}})
	if err != nil {
		r.t.Fatal(err)
	}
	return m
}

func (r *rig) path(d *DB) string { return filepath.Join(r.opt.Dir, d.name) }

// shut closes a file as the janitor does, and waits until it is closed.
func (r *rig) shut(d *DB) {
	d.closeIdle(time.Now())
	d.mu.Lock()
	defer d.mu.Unlock()
	for d.live {
		if err := d.wait(background); err != nil {
			r.t.Fatal(err)
		}
	}
}

// raw runs statements on a file, around the package. Litestream may be at the
// same file: the statements wait for it, as the server's own do.
func (r *rig) raw(path string, statements ...string) {
	r.t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		r.t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			r.t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := db.Close(); err != nil {
		r.t.Fatal(err)
	}
}

func set(d interface {
	Update(context.Context, func(*Tx) error) error
}, key, value string) error {
	return d.Update(background, func(tx *Tx) error { return put(tx, key, value) })
}

func put(tx *Tx, key, value string) error {
	_, err := tx.Exec(`INSERT INTO setting (key, value) VALUES (?,?)`, key, value)
	return err
}

// settings is what a municipality's file holds of the test's keys, as "a=1 b=2".
func settings(m *Municipality) (all string, err error) {
	err = m.View(background, func(tx *Tx) error {
		return tx.QueryRow(`SELECT coalesce(group_concat(key || '=' || value, ' '), '')
			FROM (SELECT key, value FROM setting WHERE key LIKE 't%' ORDER BY key)`).Scan(&all)
	})
	return all, err
}

func wantSettings(t testing.TB, m *Municipality, want string) {
	t.Helper()
	if got, err := settings(m); err != nil || got != want {
		t.Errorf("the file holds %q (%v), want %q", got, err, want)
	}
}

func wantError(t testing.TB, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("error %v, want %v", got, want)
	}
}

// waitUntil yields until the condition holds; the test's own deadline ends it.
func waitUntil(condition func() bool) {
	for !condition() {
		runtime.Gosched()
	}
}

func (d *DB) waiting() int {
	d.mu.Lock()
	f := d.current
	d.mu.Unlock()
	if f == nil {
		return 0
	}
	f.writer.mu.Lock()
	defer f.writer.mu.Unlock()
	return len(f.writer.queue)
}

// openFiles lists what this process has open below a directory.
func openFiles(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("no /proc")
	}
	var open []string
	for _, entry := range entries {
		target, err := os.Readlink("/proc/self/fd/" + entry.Name())
		if err == nil && len(target) > len(dir) && target[:len(dir)] == dir {
			open = append(open, target)
		}
	}
	return open
}
