package app

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gsl/app/access"
)

// Without its registry the house still opens. Nobody is told that a household is
// unknown because of it: what was known last is shown, and nothing of it is lost.
func TestTheHouseStandsWithoutItsRegistry(t *testing.T) {
	for name, harm := range map[string]func(path string) error{
		"missing": os.Remove,
		"damaged": func(path string) error { return os.WriteFile(path, []byte(strings.Repeat("garbage ", 9000)), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			page := h.fill("05802", "/files/:file/screening")
			h.as(access.CaseManager, "05802").get(page) // the snapshot of today
			const snapshots = `SELECT count(*) || ' ' || coalesce(sum(length(body)), 0) FROM snapshot`
			before := h.one("05802", snapshots)
			if err := h.app.Close(); err != nil {
				t.Fatal(err)
			}
			if err := harm(filepath.Join(h.config.Data, "registry.db")); err != nil {
				t.Fatal(err)
			}
			h.open()
			v := h.as(access.CaseManager, "05802")
			got := v.get(page)
			if got.status != http.StatusOK || !strings.Contains(got.body, "no responde") && !strings.Contains(got.body, "no está disponible") {
				t.Errorf("the screening answered %d and does not say that the registry is away", got.status)
			}
			if after := h.one("05802", snapshots); after != before {
				t.Errorf("snapshots: %s, before %s", after, before)
			}
			// The desks work: nobody should be sent away because the registry is lost.
			if ready := v.get("/readyz"); ready.status != http.StatusOK || !strings.Contains(ready.body, "registry: ") {
				t.Errorf("/readyz answered %d %q", ready.status, ready.body)
			}
			out := &lockedBuffer{}
			if err := h.app.verify(context.Background(), terminal{out: out}, true, false); err == nil || !strings.Contains(out.String(), "BAD  registry.db") {
				t.Errorf("verify does not name it:\n%s", out)
			}
		})
	}
}

// A file that is overwritten, cut or taken away while people work on it fails
// its municipality, in a sentence, and nobody else; put back, it goes on without
// a restart.
func TestDamageWhileItIsOpen(t *testing.T) {
	h := newHouse(t)
	sick, well := h.as(access.CaseManager, "05802"), h.as(access.CaseManager, "06304")
	page, other := h.fill("05802", "/files/:file/screening"), h.fill("06304", "/files/:file/screening")
	path := filepath.Join(h.config.Data, "municipalities", h.municipality("05802").ID+".db")
	if err := h.app.Close(); err != nil { // all of it in the file, none in the WAL
		t.Fatal(err)
	}
	h.open()
	sick.base, well.base = h.url, h.url
	sound, err := os.ReadFile(path) //nolint:gosec // the test's own
	if err != nil {
		t.Fatal(err)
	}
	for name, harm := range map[string]func() error{
		"overwritten": func() error { return os.WriteFile(path, bytes.Repeat([]byte{0xA5}, len(sound)), 0o600) },
		"cut":         func() error { return os.Truncate(path, 4096) },
		"taken away":  func() error { return os.Remove(path) },
	} {
		if got := sick.get(page); got.status != http.StatusOK {
			t.Fatalf("before %s: %d", name, got.status)
		}
		if err := harm(); err != nil {
			t.Fatal(err)
		}
		got := sick.post("/lookup", url.Values{"run": {"12.345.678-5"}})
		if got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, "<h1>") {
			t.Errorf("%s: a change answered %d", name, got.status)
		}
		if got := sick.get(page); got.status != http.StatusServiceUnavailable {
			t.Errorf("%s: the page answered %d", name, got.status)
		}
		if got := well.get(other); got.status != http.StatusOK {
			t.Errorf("%s: another municipality answered %d", name, got.status)
		}
		_ = os.Remove(path)
		if err := os.WriteFile(path, sound, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := sick.get(page); got.status != http.StatusOK {
		t.Errorf("put back: %d", got.status)
	}
}
