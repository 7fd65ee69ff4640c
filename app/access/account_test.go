package access_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gsl/app/access"
)

func TestPreferences(t *testing.T) {
	r := newRig(t)
	b := r.open().signIn(camila)
	b.Get("/account").Contains(t, `lang="es-CL"`, "Mi cuenta", "RUN 12.345.678-5")
	answer := b.PostForm("/preferences", url.Values{"language": {"en"}, "back": {"/account"}})
	if answer.Header.Get("Location") != "/account" {
		t.Errorf("leads to %q", answer.Header.Get("Location"))
	}
	b.Get("/account").Contains(t, `<html lang="en"`, "My account")
	b.PostForm("/preferences", url.Values{"shortcuts": {"off"}})
	b.Get("/account").Contains(t, `<html lang="en"`, `data-shortcuts="off"`)
	for _, bad := range []url.Values{{"language": {"fr"}}, {"shortcuts": {"maybe"}}, {"role": {"director"}}} {
		if got := b.PostForm("/preferences", bad).Status; got != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", bad, got)
		}
	}
	for _, back := range []string{"https://evil.example", "//evil.example", `/\evil.example`, "javascript:alert(1)"} {
		if got := b.PostForm("/preferences", url.Values{"language": {"en"}, "back": {back}}).Header.Get("Location"); got != "/" {
			t.Errorf("back=%s leads to %q", back, got)
		}
	}
}

// Another password ends every other session, and this one goes on under a new id.
func TestChangePassword(t *testing.T) {
	r := newRig(t)
	b, other := r.open().signIn(camila), r.open().signIn(camila)
	fresh := "una frase nueva y larga"
	for name, c := range map[string]struct{ current, password, repeat, says string }{
		"wrong current": {"no es esta frase", fresh, fresh, "No es su contraseña actual"},
		"short":         {secret, "corta", "corta", "al menos 12 caracteres"},
		"common":        {secret, "municipalidad2026", "municipalidad2026", "fácil de adivinar"},
		"own RUN":       {secret, "12345678 12345678", "12345678 12345678", "fácil de adivinar"},
		"other repeat":  {secret, fresh, fresh + "x", "No es igual"},
		"nothing":       {"", "", "", "error-summary"},
	} {
		answer := b.PostForm("/password", url.Values{"current": {c.current}, "password": {c.password}, "repeat": {c.repeat}})
		if answer.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, answer.Status)
		}
		answer.Contains(t, c.says)
		if c.current != "" {
			answer.Lacks(t, c.current, c.password)
		}
	}
	other.wantIn("before the change")
	answer := b.PostForm("/password", url.Values{"current": {secret}, "password": {fresh}, "repeat": {fresh}})
	if answer.Header.Get("Location") != "/account" || cookie(answer) == nil {
		t.Fatalf("change: %d", answer.Status)
	}
	b.wantIn("after the change")
	other.wantOut("another browser")
	if got := r.open().PostForm("/login", login("12.345.678-5", secret)).Status; got != http.StatusUnprocessableEntity {
		t.Errorf("the old password: %d", got)
	}
	if got := r.open().PostForm("/login", login("12.345.678-5", fresh)).Status; got != http.StatusSeeOther {
		t.Errorf("the new password: %d", got)
	}
}

// Whoever finds an open screen cannot try passwords without end.
func TestChangePasswordIsSlowed(t *testing.T) {
	r := newRig(t)
	b := r.open().signIn(camila)
	fresh := "una frase nueva y larga"
	last := 0
	for range 7 {
		last = b.PostForm("/password", url.Values{"current": {"no es esta frase"}, "password": {fresh}, "repeat": {fresh}}).Status
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the seventh try: %d", last)
	}
}

// The sign-in form over a page: the page goes on with a new token, and what is
// wrong stands in the form.
func TestSignInOverAPage(t *testing.T) {
	r := newRig(t)
	b := r.open().signIn(camila)
	token := b.Token()
	r.clock.Advance(access.IdleLimit)
	if got := b.PostHX("/note", url.Values{"note": {"x"}, "_token": {token}}); got.Status != http.StatusUnauthorized || got.Header.Get("X-Session") != "ended" {
		t.Fatalf("a fragment without a session: %d", got.Status)
	}
	form := url.Values{"run": {"12.345.678-5"}, "password": {"no es esta frase"}, "_renew": {"1"}, "_token": {token}}
	wrong := b.PostHX("/login", form)
	if wrong.Status != http.StatusUnprocessableEntity {
		t.Errorf("wrong password: %d", wrong.Status)
	}
	wrong.Contains(t, "El RUN o la contraseña no son correctos", "session-error")
	wrong.Lacks(t, "<html")
	form.Set("password", secret)
	renewed := b.PostHX("/login", form)
	fresh := renewed.Header.Get("X-Token")
	if renewed.Status != http.StatusOK || fresh == "" || fresh == token {
		t.Fatalf("renewed: %d, token %q", renewed.Status, fresh)
	}
	if got := b.PostHX("/note", url.Values{"note": {"x"}, "_token": {fresh}}); got.Status != http.StatusOK {
		t.Errorf("the page goes on: %d", got.Status)
	}
}

// Somebody else who signs in over the page leaves it.
func TestSomebodyElseSignsInOverAPage(t *testing.T) {
	r := newRig(t)
	b := r.open().signIn(camila)
	token := b.Token()
	r.clock.Advance(access.IdleLimit)
	got := b.PostHX("/login", url.Values{"run": {"11.111.111-1"}, "password": {secret}, "_renew": {"1"}, "_token": {token}})
	if got.Header.Get("X-Token") != "" || got.Header.Get("Hx-Redirect") != "/" {
		t.Errorf("status %d, token %q, redirect %q", got.Status, got.Header.Get("X-Token"), got.Header.Get("Hx-Redirect"))
	}
}

// Routes of this room change nothing by GET and want the token where there is one.
func TestRoutes(t *testing.T) {
	r := newRig(t)
	b := r.open().signIn(camila)
	for _, route := range b.Server.Routes() {
		if route.Method != http.MethodPost || route.Permission == access.Public {
			continue
		}
		got := b.PostForm(strings.ReplaceAll(route.Path, ":file", "x"), url.Values{"_token": {""}})
		hidden := strings.Contains(route.Path, "/:user") || strings.Contains(route.Path, "/:membership") // there is none for this role
		if got.Status != http.StatusForbidden && (!hidden || got.Status != http.StatusNotFound) {
			t.Errorf("POST %s without a token: %d", route.Path, got.Status)
		}
	}
	b.wantIn("after all that")
}
