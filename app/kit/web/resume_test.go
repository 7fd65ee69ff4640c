package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
	"gsl/templates/layout"
	"gsl/templates/ui"
)

// desk is a town of one desk: a form, and a sign-in that believes every password but "wrong".
type desk struct {
	*webtest.Client
	gate  *webtest.Gate
	saved []url.Values
	now   time.Time
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{gate: &webtest.Gate{}, now: time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)}
	d.signIn("u1", "0123456789abcdef")
	d.Client = webtest.WithConfig(t, web.Config{Clock: func() time.Time { return d.now }}, d.gate, d.mount)
	return d
}

func (d *desk) signIn(user, key string) web.Session {
	session := web.Session{Actor: actor.Actor{UserID: user, Name: user, Permissions: camila.Permissions}, TokenKey: []byte(key), Language: "es-CL"}
	d.gate.In = &session
	return session
}

func (d *desk) mount(r *web.Router) {
	page := func(c *web.Ctx) error {
		return c.Page(http.StatusUnauthorized, layout.Page{Title: "Entrar"}, ui.ResumeField())
	}
	r.SignIn(page)
	r.GET("/login", 0, func(c *web.Ctx) error {
		if err := c.CarryNext(); err != nil {
			return err
		}
		return page(c)
	})
	r.POST("/login", 0, func(c *web.Ctx) error {
		if c.Typed("password") == "wrong" {
			if c.Renewing() {
				return fault.New(fault.Invalid, "fault.session_ended")
			}
			if err := c.CarryOn(); err != nil {
				return err
			}
			return page(c)
		}
		if done, err := c.Resume(d.signIn(c.Typed("run"), "a new session key")); done || err != nil {
			return err
		}
		return c.Redirect("/")
	})
	r.POST("/files/:file/diagnosis", 3, func(c *web.Ctx) error {
		form, err := c.Form()
		d.saved = append(d.saved, form)
		if err != nil {
			return err
		}
		return c.Partial(http.StatusOK, templ.Raw("ok"))
	})
}

var resumeField = regexp.MustCompile(`name="_resume" value="([^"]+)"`)

func resumeOf(t *testing.T, r *webtest.Response) string {
	t.Helper()
	found := resumeField.FindStringSubmatch(r.Body)
	if found == nil {
		t.Fatalf("no _resume in %d:\n%s", r.Status, r.Body)
	}
	return found[1]
}

// longText is what somebody types while a person cries at the desk.
var longText = strings.Repeat("La señora cuenta que \"no llega a fin de mes\" <b> & 'vive' con su nieto {{.X}} ñandú 😀\n", 40)

// interrupt sends a form after the session ended.
func (d *desk) interrupt(form url.Values) *webtest.Response {
	sent := url.Values{"_token": {d.Token()}}
	for name, values := range form {
		sent[name] = values
	}
	d.gate.In = nil
	return d.PostForm("/files/01J8/diagnosis", sent)
}

func TestWhatWasTypedSurvivesTheSession(t *testing.T) {
	d := newDesk(t)
	typed := url.Values{"note": {longText}, "level": {"critical"}, "reason[01J8Z]": {"cesantía"}, "member": {"a", "b"}}
	ended := d.interrupt(typed)
	if ended.Status != http.StatusUnauthorized || strings.Contains(ended.Body, "fin de mes") {
		t.Fatalf("%d, or the text lies open in the sign-in page", ended.Status)
	}
	wrong := d.PostForm("/login", url.Values{"run": {"u1"}, "password": {"wrong"}, "_resume": {resumeOf(t, ended)}})
	shown := d.PostForm("/login", url.Values{"run": {"u1"}, "password": {"x"}, "_resume": {resumeOf(t, wrong)}})
	shown.Contains(t, "Retomar lo que escribía", "cesantía", `action="/files/01J8/diagnosis"`)
	if got := d.Do(formOn(t, shown)); got.Status != http.StatusOK {
		t.Fatalf("taken up again: %d", got.Status)
	}
	got := d.saved[0]
	for name, want := range typed {
		if !slices.Equal(got[name], want) {
			t.Errorf("%s came back as %q", name, got[name])
		}
	}
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// formOn is what the browser sends when the button of the page is pressed.
func formOn(t *testing.T, page *webtest.Response) *http.Request {
	t.Helper()
	_, main, _ := strings.Cut(page.Body, "<main")
	main, _, _ = strings.Cut(main, "</main>")
	form := url.Values{}
	for _, field := range hidden.FindAllStringSubmatch(main, -1) {
		form.Add(html.UnescapeString(field[1]), html.UnescapeString(field[2]))
	}
	r, err := http.NewRequest(http.MethodPost, "http://gsl.test/files/01J8/diagnosis", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.RequestURI = "/files/01J8/diagnosis"
	return r
}

func TestSomebodyElseDoesNotReadIt(t *testing.T) {
	d := newDesk(t)
	sealed := resumeOf(t, d.interrupt(url.Values{"note": {"secreto"}}))
	got := d.PostForm("/login", url.Values{"run": {"u2"}, "_resume": {sealed}})
	got.Lacks(t, "secreto")
	if got.Status != http.StatusSeeOther || got.Header.Get("Location") != "/" {
		t.Errorf("%d to %s", got.Status, got.Header.Get("Location"))
	}
}

func TestSealedTextOpensForTwelveHoursAndOnlyWhole(t *testing.T) {
	d := newDesk(t)
	sealed := resumeOf(t, d.interrupt(url.Values{"note": {"secreto"}}))
	other := "A" // another first letter than the one that chance gave
	if sealed[0] == 'A' {
		other = "B"
	}
	for name, value := range map[string]string{"cut": sealed[:len(sealed)-3], "changed": other + sealed[1:], "empty": "", "junk": "!!!", "short": "AAAA"} {
		if got := d.PostForm("/login", url.Values{"run": {"u1"}, "_resume": {value}}); got.Status != http.StatusSeeOther {
			t.Errorf("%s: %d", name, got.Status)
		}
	}
	d.now = d.now.Add(13 * time.Hour)
	got := d.PostForm("/login", url.Values{"run": {"u1"}, "_resume": {sealed}})
	got.Lacks(t, "secreto")
}

func TestPasswordsAreNotCarried(t *testing.T) {
	d := newDesk(t)
	sealed := resumeOf(t, d.interrupt(url.Values{"new_password": {"no-se-lleva"}, "note": {"sí se lleva"}}))
	shown := d.PostForm("/login", url.Values{"run": {"u1"}, "_resume": {sealed}})
	shown.Contains(t, "sí se lleva")
	shown.Lacks(t, "no-se-lleva")
}

func TestSignInLeadsBackToTheAddress(t *testing.T) {
	for next, want := range map[string]string{
		"/files/01J8/plan": "/files/01J8/plan", "//evil.example": "/", "https://evil.example": "/", `/\evil.example`: "/", "": "/", "javascript:alert(1)": "/",
	} {
		d := newDesk(t)
		d.gate.In = nil
		form := url.Values{"run": {"u1"}}
		if found := resumeField.FindStringSubmatch(d.Get("/login?next=" + url.QueryEscape(next)).Body); found != nil {
			form.Set("_resume", found[1])
		}
		if got := d.PostForm("/login", form); got.Header.Get("Location") != want {
			t.Errorf("next=%q leads to %q, want %q", next, got.Header.Get("Location"), want)
		}
	}
}

func TestSigningInOverThePageGivesItANewToken(t *testing.T) {
	d := newDesk(t)
	old := d.Token()
	d.gate.In = nil
	failed := d.PostHX("/login", url.Values{"run": {"u1"}, "password": {"wrong"}, "_renew": {"1"}, "_token": {old}, "_lang": {"es-CL"}})
	failed.Contains(t, `hx-target="#session-error"`, "la sesión se cierra")
	got := d.PostHX("/login", url.Values{"run": {"u1"}, "_renew": {"1"}, "_token": {old}})
	token := got.Header.Get("X-Token")
	if got.Status != http.StatusOK || token == "" {
		t.Fatalf("%d, token %q", got.Status, token)
	}
	if again := d.PostHX("/files/01J8/diagnosis", url.Values{"note": {"x"}, "_token": {token}}); again.Status != http.StatusOK {
		t.Errorf("with the new token: %d", again.Status)
	}
	d.gate.In = nil
	other := d.PostHX("/login", url.Values{"run": {"u2"}, "_renew": {"1"}, "_token": {old}})
	if other.Header.Get("X-Token") != "" || other.Header.Get("HX-Redirect") != "/" {
		t.Error("somebody else went on in the page")
	}
}

// Signing in again in another window makes this page's token old; its text stays good.
func TestATokenOfTheSameUsersOlderSession(t *testing.T) {
	d := newDesk(t)
	old := d.Token()
	d.signIn("u1", "another key of u1")
	form := url.Values{"note": {longText}, "_token": {old}}
	hx := d.PostHX("/files/01J8/diagnosis", form)
	if hx.Status != http.StatusForbidden || hx.Header.Get("X-Token") == "" || len(d.saved) != 0 {
		t.Fatalf("htmx: %d, saved %d", hx.Status, len(d.saved))
	}
	plain := d.PostForm("/files/01J8/diagnosis", form)
	plain.Contains(t, "Retomar y enviar")
	if got := d.Do(formOn(t, plain)); got.Status != http.StatusOK || d.saved[0].Get("note") != longText {
		t.Errorf("sent again: %d", got.Status)
	}
	d.signIn("u2", "a key of somebody")
	d.PostForm("/files/01J8/diagnosis", form).Lacks(t, "fin de mes")
}

func TestASentenceCrossesARedirectOnce(t *testing.T) {
	c := webtest.New(t, camila, mount)
	c.PostForm("/hello", url.Values{"note": {"x"}})
	c.Get("/hello").Contains(t, "Su sesión sigue abierta.")
	c.Get("/hello").Lacks(t, "Su sesión sigue abierta.")
	r, err := http.NewRequest(http.MethodGet, "http://gsl.test/hello", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "gsl-flash", Value: "eyJrIjoid2ViLnNlc3Npb24ua2VwdCJ9"})
	c.Do(r).Lacks(t, "Su sesión sigue abierta.")
}

func TestTheFlashCookieIsGuarded(t *testing.T) {
	gate := &webtest.Gate{In: &web.Session{Actor: camila, TokenKey: []byte("0123456789abcdef")}}
	c := webtest.WithConfig(t, web.Config{PublicURL: "https://gsl.example.cl"}, gate, mount)
	got := c.PostForm("/hello", url.Values{"note": {"x"}}).Header.Get("Set-Cookie")
	for _, want := range []string{"__Host-gsl-flash=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %s", got, want)
		}
	}
}
