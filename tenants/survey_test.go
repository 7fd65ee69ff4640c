package tenants

import (
	"os"
	"testing"
)

// A survey says what is wrong without opening anything, and says it until
// another file stands in the place of the bad one.
func TestSurvey(t *testing.T) {
	r := newRig(t, Options{})
	m := r.town("05802")
	well := func(when string) {
		t.Helper()
		if s := r.Survey(m.Identity); s.Trouble != nil || s.Old || s.Schema != Schema() || s.Bytes < 4096 {
			t.Errorf("%s: %+v", when, s)
		}
	}
	well("never opened")
	if len(openFiles(t, r.path(m.main))) > 0 {
		t.Error("looking opened the file")
	}
	if err := set(m, "ta", "1"); err != nil {
		t.Fatal(err)
	}
	well("open")
	r.shut(m.main)
	well("closed")

	whole, err := os.ReadFile(r.path(m.main))
	if err != nil {
		t.Fatal(err)
	}
	r.raw(r.path(m.access), "PRAGMA user_version = 0")
	if s := r.Survey(m.Identity); !s.Old || s.Trouble != nil {
		t.Errorf("an old file: %+v", s)
	}
	r.raw(r.path(m.main), "PRAGMA user_version = 999999")
	wantError(t, r.Survey(m.Identity).Trouble, ErrNewer)
	if err := os.WriteFile(r.path(m.main), []byte("nothing of ours, but long enough to be looked at: one hundred bytes are read of each file's header, and no more"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantError(t, r.Survey(m.Identity).Trouble, ErrDamaged)
	_ = os.Remove(r.path(m.main))
	wantError(t, r.Survey(m.Identity).Trouble, ErrMissing)
	replace := func(content []byte) {
		_ = os.Remove(r.path(m.main))
		if err := os.WriteFile(r.path(m.main), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	torn := append([]byte(nil), whole...)
	for i := 4096 * 3; i < len(torn); i++ {
		torn[i] = 0xFF // the header stands
	}
	replace(torn)
	_, _ = settings(m) // whoever asks finds out
	r.shut(m.main)
	wantError(t, r.Survey(m.Identity).Trouble, ErrDamaged)
	replace(whole)
	if _, err := settings(m); err != nil {
		t.Fatal(err)
	}
	if s := r.Survey(m.Identity); s.Trouble != nil {
		t.Errorf("mended: %+v", s)
	}
}

// first runs once, in the transaction that makes the municipality.
func TestProvisionWith(t *testing.T) {
	r := newRig(t, Options{Seed: []func(*Tx, Identity) error{func(tx *Tx, _ Identity) error { return put(tx, "ta", "1") }}})
	ran := 0
	first := func(tx *Tx) error {
		ran++
		return put(tx, "tb", "2")
	}
	m, err := r.ProvisionWith(background, cabo, first)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.ProvisionWith(background, cabo, first); err != nil || ran != 1 {
		t.Errorf("ran %d times, %v", ran, err)
	}
	wantSettings(t, m, "ta=1 tb=2")
}
