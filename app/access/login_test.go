package access_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/web/webtest"
)

var nonces = regexp.MustCompile(`nonce(="|-)[A-Za-z0-9_-]+|name="_resume" value="[^"]*"`)

// Every wrong combination looks the same and takes the same work (6.3.8).
func TestWrongSignInsAreAlike(t *testing.T) {
	r := newRig(t)
	if err := r.service.DisableUser(context.Background(), access.Console(), pedro); err != nil {
		t.Fatal(err)
	}
	var first string
	for name, try := range map[string]url.Values{
		"wrong password": login("12.345.678-5", "otra frase cualquiera"),
		"unknown RUN":    login("22.222.222-2", "otra frase cualquiera"),
		"invalid RUN":    login("12.345.678-9", "otra frase cualquiera"),
		"not a RUN":      login("camila", "otra frase cualquiera"),
		"long RUN":       login(strings.Repeat("1", 300), "otra frase cualquiera"),
		"disabled":       login("11.111.111-1", secret),
	} {
		before := r.service.HashRuns()
		answer := r.open().PostForm("/login", try)
		if answer.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", name, answer.Status)
		}
		answer.Contains(t, "El RUN o la contraseña no son correctos")
		answer.Lacks(t, secret, "otra frase cualquiera")
		if runs := r.service.HashRuns() - before; runs != 1 {
			t.Errorf("%s: %d password hashes, want 1", name, runs)
		}
		if cookie(answer) != nil {
			t.Errorf("%s: a session cookie was set", name)
		}
		body := nonces.ReplaceAllString(strings.ReplaceAll(answer.Body, `value="`+try.Get("run")+`"`, ""), "")
		if first == "" {
			first = body
		}
		if body != first {
			t.Errorf("%s: the page differs from the others", name)
		}
	}
}

func TestSignInKeepsTheRUNThatWasTyped(t *testing.T) {
	r := newRig(t)
	answer := r.open().PostForm("/login", login(" 12345678-5 ", "no es esta frase"))
	answer.Contains(t, `value=" 12345678-5 "`)
	answer = r.open().PostForm("/login", url.Values{"run": {"12.345.678-5"}})
	if answer.Status != http.StatusUnprocessableEntity {
		t.Errorf("without a password: %d", answer.Status)
	}
	answer.Contains(t, `href="#f-password"`, `value="12.345.678-5"`)
	answer = r.open().PostForm("/login", url.Values{"run": {"12.345.678-5"}, "password": {secret}, "admin": {"1"}})
	if answer.Status != http.StatusUnprocessableEntity {
		t.Errorf("with an unknown field: %d", answer.Status)
	}
}

func TestSignInTakesTheRUNAsPeopleTypeIt(t *testing.T) {
	r := newRig(t)
	for _, run := range []string{"12.345.678-5", "12345678-5", "123456785", " 12 345 678-5", "012345678-5"} {
		if answer := r.open().PostForm("/login", login(run, secret)); answer.Status != http.StatusSeeOther {
			t.Errorf("RUN %q: %d", run, answer.Status)
		}
	}
}

// Guessing one account is slowed; a colleague behind the same address is not,
// and the waits tell nothing about which accounts exist (6.1.1, 6.3.1).
func TestGuessingIsSlowed(t *testing.T) {
	r := newRig(t)
	for _, run := range []string{"12.345.678-5", "22.222.222-2"} {
		b := r.open()
		var statuses []int
		for range 8 {
			answer := b.PostForm("/login", login(run, "no es esta frase"))
			statuses = append(statuses, answer.Status)
			if answer.Status == http.StatusTooManyRequests && answer.Header.Get("Retry-After") == "" {
				t.Error("429 without Retry-After")
			}
		}
		if got := fmt.Sprint(statuses); got != "[422 422 422 422 422 429 429 429]" {
			t.Errorf("%s: %s", run, got)
		}
	}
	hashed := r.service.HashRuns()
	if answer := r.open().PostForm("/login", login("12.345.678-5", secret)); answer.Status != http.StatusTooManyRequests {
		t.Errorf("the right password within the wait: %d", answer.Status)
	}
	if r.service.HashRuns() != hashed {
		t.Error("a slowed try was hashed")
	}
	r.open().signIn(pedro).wantIn("a colleague behind the same address")
	r.clock.Advance(minute)
	r.open().signIn(camila).wantIn("after the wait")
}

// A full hash queue says when to come back and keeps what was typed (11.4.2).
func TestFullQueueTurnsAway(t *testing.T) {
	r := newRig(t)
	release := r.service.FillHashQueue()
	answer := r.open().PostForm("/login", login("12.345.678-5", secret))
	if answer.Status != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" {
		t.Errorf("status %d, Retry-After %q", answer.Status, answer.Header.Get("Retry-After"))
	}
	answer.Contains(t, `value="12.345.678-5"`, "Muchas personas")
	release()
	r.clock.Advance(minute)
	r.open().signIn(camila).wantIn("when the queue has room")
}

// A flood of made-up RUNs from many addresses leaves bounded traces.
func TestFloodIsBounded(t *testing.T) {
	r := newRig(t)
	ctx := context.Background()
	for range 2000 {
		_, err := r.service.Login(ctx, access.Attempt{RUN: "22.222.222-2", Password: "x", Address: "203.0.113.5"})
		if err == nil {
			t.Fatal("a wrong password opened a session")
		}
	}
	addresses, accounts := r.service.Remembered()
	if addresses > 10_000 || accounts > 10_000 || r.service.HashRuns() > 320 {
		t.Errorf("%d addresses, %d accounts, %d hashes", addresses, accounts, r.service.HashRuns())
	}
	r.open().signIn(camila).wantIn("during the flood")
}

// The password's cost is raised at the next sign-in, and the password still fits.
func TestOldHashIsMadeAnew(t *testing.T) {
	r := newRig(t)
	before := r.texts(`SELECT password FROM user WHERE run = ?`, camila)[0]
	dear := r.dear()
	r.openOn(dear).signIn(camila)
	after := r.texts(`SELECT password FROM user WHERE run = ?`, camila)[0]
	if !strings.HasPrefix(before, "$argon2id$v=19$m=64,") || !strings.HasPrefix(after, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash went from %.30s to %.30s", before, after)
	}
	runs := dear.HashRuns()
	r.openOn(dear).signIn(camila)
	if dear.HashRuns() != runs+1 {
		t.Error("the fresh hash was made anew again")
	}
}

// dear is a service with the real cost.
func (r *rig) dear() *access.Service {
	s, err := access.New(context.Background(), r.files, r.config)
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

// A session id that a stranger put into the browser is not the one that counts
// after sign-in, nor is the one before it (7.2.4).
func TestSessionFixation(t *testing.T) {
	r := newRig(t)
	planted := r.session(pedro)
	victim := r.open()
	request := httptest.NewRequest(http.MethodPost, "/login", strings.NewReader(login("12.345.678-5", secret).Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.AddCookie(planted)
	got := cookie(victim.Do(request))
	if got == nil || got.Value == planted.Value {
		t.Fatal("sign-in kept the planted id")
	}
	if answer := r.get(r.service, planted, "/"); answer.Status == http.StatusOK {
		t.Errorf("the planted id opens %q", answer.Body)
	}
}

// After sign-in the person is where they wanted to go, and nowhere else.
func TestSignInReturnsToThePage(t *testing.T) {
	r := newRig(t)
	r.open().signIn(camila)
	b := r.open()
	to := b.Get("/files/01JDZZZZZZZZZZZZZZZZZZZZZZ?tab=x").Header.Get("Location")
	form := login("12.345.678-5", secret)
	form.Set("_resume", resumeField(t, b.Get(to)))
	wrong := b.PostForm("/login", url.Values{"run": {"12.345.678-5"}, "password": {"no es esta frase"}, "_resume": form["_resume"]})
	form.Set("_resume", resumeField(t, wrong)) // it travels through a wrong password
	if got := b.PostForm("/login", form).Header.Get("Location"); got != "/files/01JDZZZZZZZZZZZZZZZZZZZZZZ" {
		t.Errorf("sign-in leads to %q", got)
	}
}

func TestSignInLeadsNowhereElse(t *testing.T) {
	r := newRig(t)
	r.open().signIn(camila)
	for _, next := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)", "http:evil"} {
		b := r.open()
		page := b.Get("/login?next=" + url.QueryEscape(next))
		page.Lacks(t, "evil", "javascript:")
		form := login("12.345.678-5", secret)
		if found := resumePattern.FindStringSubmatch(page.Body); found != nil {
			form.Set("_resume", found[1])
		}
		if got := b.PostForm("/login", form).Header.Get("Location"); got != "/" {
			t.Errorf("next=%s leads to %q", next, got)
		}
	}
	b := r.open()
	form := login("12.345.678-5", secret)
	form.Set("_resume", "L2V2aWw") // made by hand
	if got := b.PostForm("/login", form).Header.Get("Location"); got != "/" {
		t.Errorf("a forged field leads to %q", got)
	}
}

var resumePattern = regexp.MustCompile(`name="_resume" value="([^"]+)"`)

func resumeField(t *testing.T, answer *webtest.Response) string {
	t.Helper()
	found := resumePattern.FindStringSubmatch(answer.Body)
	if found == nil {
		t.Fatalf("no resume field in the answer (%d)", answer.Status)
	}
	return found[1]
}

// A form whose session ended comes back after the same person signed in, through
// a wrong password too; somebody else does not get to read it.
func TestTypedTextSurvivesTheSession(t *testing.T) {
	r := newRig(t)
	for who, run := range map[string]string{"same": "12.345.678-5", "other": "11.111.111-1"} {
		b := r.open().signIn(camila)
		token := b.Token()
		r.clock.Advance(access.IdleLimit)
		ended := b.PostForm("/note", url.Values{"note": {"La señora llora; vive sola."}, "_token": {token}})
		if ended.Status != http.StatusUnauthorized {
			t.Fatalf("a form without a session: %d", ended.Status)
		}
		ended.Contains(t, "Su sesión terminó", `action="/login"`)
		wrong := b.PostForm("/login", url.Values{"run": {run}, "password": {"no es esta frase"}, "_resume": {resumeField(t, ended)}})
		back := b.PostForm("/login", url.Values{"run": {run}, "password": {secret}, "_resume": {resumeField(t, wrong)}})
		if who == "same" {
			back.Contains(t, "La señora llora; vive sola.", `action="/note"`)
		} else {
			back.Lacks(t, "La señora llora")
		}
	}
}

func TestSignedInPersonSkipsTheDoor(t *testing.T) {
	r := newRig(t)
	b := r.open().signIn(camila)
	if answer := b.Get("/login"); answer.Header.Get("Location") != "/" {
		t.Errorf("GET /login of somebody signed in: %d", answer.Status)
	}
}

// Which accounts there are is shown by the demo and by nothing else.
func TestOnlyTheDemoListsAccounts(t *testing.T) {
	plain := newRig(t).open().Get("/login")
	plain.Lacks(t, "Camila", `value="12.345.678-5"`, access.DemoPassword)
	demo := newRig(t, func(c *access.Config) { c.Demo = true }).open().Get("/login")
	demo.Contains(t, "Datos ficticios", "Camila Rojas Soto", `value="12.345.678-5"`, access.DemoPassword, "Limache", "Nivel nacional")
}
