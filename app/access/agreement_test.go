package access_test

import (
	"net/http"
	"net/url"
	"testing"

	"gsl/app/access"
)

// Before the agreement is accepted every route of work leads to it.
func TestAgreementComesFirst(t *testing.T) {
	r := newRig(t)
	b := r.open()
	b.PostForm("/login", login("12.345.678-5", secret))
	for _, path := range []string{"/", "/files/01JDZZZZZZZZZZZZZZZZZZZZZZ", "/cart"} {
		if got := b.Get(path); got.Status != http.StatusSeeOther || got.Header.Get("Location") != "/agreement" {
			t.Errorf("GET %s: %d %q", path, got.Status, got.Header.Get("Location"))
		}
	}
	if got := b.PostForm("/note", url.Values{"note": {"x"}}); got.Status == http.StatusOK {
		t.Error("a change went through without the agreement")
	}
	b.Get("/agreement").Contains(t, "Compromiso de confidencialidad", "Guardaré secreto", access.AgreementVersion)

	refused := b.PostForm("/agreement", url.Values{})
	if refused.Status != http.StatusUnprocessableEntity {
		t.Errorf("without the mark: %d", refused.Status)
	}
	refused.Contains(t, "debe marcar que acepta", `href="#f-accept"`)
	if got := b.Get("/"); got.Status == http.StatusOK {
		t.Error("work opened without acceptance")
	}
	if got := b.PostForm("/agreement", url.Values{"accept": {"1"}}); got.Header.Get("Location") != "/" {
		t.Errorf("acceptance: %d", got.Status)
	}
	b.wantIn("after acceptance")
	b.Get("/agreement").Contains(t, "Aceptado el 21-11-2026 12:00")
}

// Which version, by whom, when: it is kept once, and asked again for a new text.
func TestAgreementIsKeptByVersion(t *testing.T) {
	r := newRig(t)
	b := r.open().signIn(camila)
	b.PostForm("/agreement", url.Values{"accept": {"1"}})
	if got := r.texts(`SELECT version || ' ' || accepted_at FROM agreement`); len(got) != 1 || got[0] != access.AgreementVersion+" 2026-11-21T15:00:00.000Z" {
		t.Errorf("kept: %q", got)
	}
	r.open().signIn(camila).wantIn("the second time nobody asks")
	r.exec(`UPDATE agreement SET version = 'older'`)
	again := r.open()
	again.PostForm("/login", login("12.345.678-5", secret))
	if got := again.Get("/").Header.Get("Location"); got != "/agreement" {
		t.Errorf("with an older version accepted, / leads to %q", got)
	}
}
