package app

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/demo"
)

var (
	passwordBox = regexp.MustCompile(`<input[^>]*type="password"[^>]*>`)
	boxName     = regexp.MustCompile(` name="([^"]+)"`)
	resumeField = regexp.MustCompile(`name="_resume" value="([^"]+)"`)
)

// What is typed into a password box of any page is nowhere shown again: not
// when the form is refused, and not when the session ended in the middle.
func TestPasswordsAreNeverShownAgain(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.CaseManager, "05802")
	const canary = "canario-que-nadie-ve-9"
	names := map[string]bool{}
	for _, path := range []string{"/login", "/account", "/", h.fill("05802", "/files/:file/cart")} {
		for _, box := range passwordBox.FindAllString(v.get(path).body, -1) {
			names[boxName.FindStringSubmatch(box)[1]] = true
		}
	}
	if len(names) < 3 {
		t.Fatalf("the pages have the password boxes %v: the test would prove nothing", names)
	}
	form := url.Values{"visible": {"esto sí se muestra"}}
	for name := range names {
		form.Set(name, canary)
	}
	hidden := func(what string, got reply) {
		if strings.Contains(got.body, canary) {
			t.Errorf("%s: a password is shown (%d)", what, got.status)
		}
	}
	v.get("/account")
	hidden("refused", v.post("/password", form))
	v.get("/account")
	token := v.token
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v.client.Jar = jar // the session is over
	ended := v.send(http.MethodPost, "/password", merged(form, "_token", token), nil)
	hidden("ended", ended)
	sealed := resumeField.FindStringSubmatch(ended.body)
	if ended.status != http.StatusUnauthorized || sealed == nil {
		t.Fatalf("the form was not carried along (%d)", ended.status)
	}
	again := v.post("/login", url.Values{"run": {account(t, access.CaseManager, "05802").Format()}, "password": {demo.Password}, "_resume": {sealed[1]}})
	hidden("taken up again", again)
	if !strings.Contains(again.body, "esto sí se muestra") {
		t.Errorf("the rest of the form is lost (%d)", again.status)
	}
}

func merged(form url.Values, name, value string) url.Values {
	all := url.Values{name: {value}}
	for n, values := range form {
		all[n] = values
	}
	return all
}

// A token is good for its own session only; an id that was given before the
// sign-in, or was signed out, is nobody's.
func TestTokensAndIdsAreOfOneSession(t *testing.T) {
	h := newHouse(t)
	one, other, again := h.as(access.CaseManager, "05802"), h.as(access.FrontDesk, "05802"), h.as(access.CaseManager, "05802")
	one.get("/account")
	other.get("/account")
	again.get("/account")
	for name, v := range map[string]*visitor{"another person": other, "another session of the same": again} {
		v.token = one.token
		if got := v.post("/preferences", url.Values{"language": {"en"}}); got.status != http.StatusForbidden {
			t.Errorf("the token of %s's session answered %d", name, got.status)
		}
	}
	before := cookieHeader(one)
	one.get("/switch")
	membership := regexp.MustCompile(`name="membership"[^>]*value="([^"]+)"`).FindStringSubmatch(one.get("/switch").body)
	if membership == nil {
		t.Fatal("no membership to switch to")
	}
	if got := one.post("/switch", url.Values{"membership": membership[1:]}); got.status != http.StatusSeeOther || cookieHeader(one) == before {
		t.Errorf("the switch answered %d and the id stayed %v", got.status, cookieHeader(one) == before)
	}
	after := cookieHeader(one)
	one.get("/account")
	if got := one.post("/logout", url.Values{}); got.header.Get("Clear-Site-Data") == "" {
		t.Errorf("logout clears nothing: %v", got.header)
	}
	for _, cookies := range []string{before, after} {
		got := h.visitor().send(http.MethodGet, "/", nil, http.Header{"Cookie": {strings.TrimSpace(strings.TrimPrefix(cookies, "Cookie: "))}})
		if got.status != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), "/login") {
			t.Errorf("an id that is over answered %d to %q", got.status, got.header.Get("Location"))
		}
	}
}

// No parameter leads to another site, and none writes a header of ours.
func TestNoParameterLeadsElsewhere(t *testing.T) {
	h := newHouse(t)
	for _, to := range []string{"//evil.example", "https://evil.example", `/\evil.example`, "/\tevil.example", "javascript:alert(1)",
		"/x\r\nSet-Cookie: a=b", "///evil.example", "evil.example", " //evil.example"} {
		v := h.visitor()
		page := v.get("/login?next=" + url.QueryEscape(to))
		form := url.Values{"run": {account(t, access.FrontDesk, "05802").Format()}, "password": {demo.Password}}
		if sealed := resumeField.FindStringSubmatch(page.body); sealed != nil {
			form.Set("_resume", sealed[1])
		}
		v.post("/login", form)
		v.get("/account")
		for _, got := range []reply{v.post("/login", form), v.post("/preferences", url.Values{"language": {"es-CL"}, "back": {to}})} {
			if place := got.header.Get("Location"); got.status == http.StatusSeeOther && place != "/" && place != "/agreement" || got.header.Get("Set-Cookie") == "a=b" {
				t.Errorf("%q leads to %q", to, place)
			}
		}
	}
	v := h.visitor()
	got := v.send(http.MethodGet, "/login", nil, http.Header{"X-Forwarded-Host": {"evil.example"}, "Forwarded": {"host=evil.example"}, "X-Original-Url": {"/admin"}})
	if got.status != http.StatusOK || strings.Contains(got.body, "evil.example") {
		t.Errorf("a made-up host: %d", got.status)
	}
}
