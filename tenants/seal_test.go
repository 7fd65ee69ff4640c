package tenants

import (
	"bytes"
	"os"
	"testing"
	"time"
)

// rot turns a byte of a value that stands in a closed file, as a disk does: no
// time of the file changes.
func rot(t *testing.T, path, value string) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(text, []byte(value))
	if at < 0 {
		t.Fatalf("%s is not in the file", value)
	}
	text[at] ^= 1
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, time.Time{}, info.ModTime()); err != nil {
		t.Fatal(err)
	}
}

// A byte of a text that turned while the file was closed is no damage for
// SQLite; it is not served all the same, until the file is put back.
func TestRotInAClosedFileIsNotServed(t *testing.T) {
	r := newRig(t, Options{})
	m := r.town("05802")
	if err := set(m, "tname", "Rosa Fuentes"); err != nil {
		t.Fatal(err)
	}
	r.reopen()
	path := r.path(m.main)
	backup(t, path)
	rot(t, path, "Rosa Fuentes")
	m, other := r.town("05802"), r.town("06304")
	wantError(t, m.View(background, func(*Tx) error { t.Error("the work ran"); return nil }), ErrDamaged)
	wantError(t, m.View(background, func(*Tx) error { t.Error("the work ran the second time"); return nil }), ErrDamaged)
	if err := set(other, "tb", "1"); err != nil {
		t.Errorf("the other municipality: %v", err)
	}
	restore(t, path)
	wantSettings(t, m, "tname=Rosa Fuentes")
}

// A file that somebody put in place of the sealed one is not measured by its seal.
func TestSealIsOfOneFile(t *testing.T) {
	r := newRig(t, Options{})
	m := r.town("05802")
	if err := set(m, "ta", "1"); err != nil {
		t.Fatal(err)
	}
	r.reopen()
	path := r.path(m.main)
	backup(t, path)
	if err := set(r.town("05802"), "tb", "2"); err != nil {
		t.Fatal(err)
	}
	r.reopen() // sealed with both
	restore(t, path)
	wantSettings(t, r.town("05802"), "ta=1")
}
