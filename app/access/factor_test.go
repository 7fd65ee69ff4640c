package access_test

import (
	"context"
	"encoding/base32"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/people"
)

var (
	secretShown = regexp.MustCompile(`id="factor-secret">([A-Z2-7 ]+)<`)
	setupField  = regexp.MustCompile(`name="setup" value="([^"]+)"`)
	ticketField = regexp.MustCompile(`name="ticket" value="([^"]+)"`)
	paperCode   = regexp.MustCompile(`<code>([0-9 ]+)</code>`)
)

// phone is the app with which a person was enrolled, and the paper in the drawer.
type phone struct {
	rig    *rig
	secret string
	paper  []string
}

// code is what the app shows so many steps of 30 seconds from now.
func (p *phone) code(steps int) string {
	p.rig.t.Helper()
	code, err := totp.GenerateCode(p.secret, p.rig.clock.Now().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		p.rig.t.Fatal(err)
	}
	return code
}

func found(t testing.TB, what *regexp.Regexp, body string) string {
	t.Helper()
	m := what.FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("no %s in:\n%s", what, body)
	}
	return m[1]
}

// enrol takes the person of the browser through the enrolment.
func (b *browser) enrol() *phone {
	b.rig.t.Helper()
	page := b.Get("/account/factor/new")
	p := &phone{rig: b.rig, secret: strings.ReplaceAll(found(b.rig.t, secretShown, page.Body), " ", "")}
	done := b.PostForm("/account/factor", url.Values{"setup": {found(b.rig.t, setupField, page.Body)}, "code": {p.code(0)}})
	if done.Status != http.StatusOK {
		b.rig.t.Fatalf("enrolment answered %d: %s", done.Status, done.Body)
	}
	for _, m := range paperCode.FindAllStringSubmatch(done.Body, -1) {
		p.paper = append(p.paper, m[1])
	}
	return p
}

// second signs the person in up to the second step and gives its ticket.
func (b *browser) second(run uint32) string {
	b.rig.t.Helper()
	answer := b.PostForm("/login", login(people.RUNOf(run).Format(), secret))
	if answer.Status != http.StatusUnprocessableEntity || cookie(answer) != nil {
		b.rig.t.Fatalf("the first step answered %d, cookie %v", answer.Status, cookie(answer))
	}
	if strings.Contains(answer.Body, secret) {
		b.rig.t.Error("the page of the second step carries the password")
	}
	return found(b.rig.t, ticketField, answer.Body)
}

func (b *browser) withCode(ticket, code string) int {
	return b.PostForm("/login", url.Values{"ticket": {ticket}, "code": {code}}).Status
}

// enrolled gives a rig in which Camila has a phone, enrolled a minute ago.
func enrolled(t *testing.T) (*rig, *phone) {
	t.Helper()
	r := newRig(t)
	p := r.open().signIn(camila).enrol()
	r.clock.Advance(minute)
	return r, p
}

// Who must have a second factor gets nowhere without one, by no route at all.
func TestEnrolmentCannotBeSkipped(t *testing.T) {
	r := newRig(t)
	r.join("pedro.counterpart", access.NewMembership{RUN: pedro, Municipality: "05802", Role: access.Counterpart})
	for name, run := range map[string]uint32{"national administrator": rosa, "counterpart": pedro} {
		b := r.open()
		b.PostForm("/login", login(people.RUNOf(run).Format(), secret))
		if run == pedro {
			b.PostForm("/switch", url.Values{"membership": {r.membership["pedro.counterpart"]}})
		}
		b.PostForm("/agreement", url.Values{"accept": {"1"}}) // as a clever person would try
		for _, path := range []string{"/", "/files/01JDZZZZZZZZZZZZZZZZZZZZZZ", "/cart", "/pulse"} {
			if got := b.Get(path); got.Status != http.StatusSeeOther || got.Header.Get("Location") != "/account/factor" {
				t.Errorf("%s: GET %s: %d %q", name, path, got.Status, got.Header.Get("Location"))
			}
			if got := b.GetHX(path); got.Status != http.StatusOK || got.Header.Get("HX-Redirect") != "/account/factor" {
				t.Errorf("%s: GET %s by htmx: %d", name, path, got.Status)
			}
		}
		if got := b.PostForm("/note", url.Values{"note": {"x"}}); got.Header.Get("Location") != "/account/factor" {
			t.Errorf("%s: a change answered %d", name, got.Status)
		}
		b.Get("/account/factor").Contains(t, "Active la verificación en dos pasos", "Ahora no: cerrar sesión")
		p := b.enrol()
		if len(p.paper) != 10 {
			t.Errorf("%s: %d recovery codes", name, len(p.paper))
		}
		b.wantIn(name + " after the enrolment")
	}
}

// In the demo the accounts whose password is published do without; whoever was
// invited there does not.
func TestPublishedAccountsAreExemptInTheDemoOnly(t *testing.T) {
	for _, c := range []struct {
		demo      bool
		published uint32
		want      string
	}{{true, rosa, "/agreement"}, {true, camila, "/account/factor"}, {false, rosa, "/account/factor"}} {
		r := newRig(t, func(config *access.Config) {
			config.Demo, config.Published = c.demo, func(run uint32) bool { return run == c.published }
		})
		b := r.open()
		b.PostForm("/login", login(people.RUNOf(rosa).Format(), secret))
		if got := b.Get("/").Header.Get("Location"); got != c.want {
			t.Errorf("%+v: / leads to %q", c, got)
		}
	}
}

func TestSecondStep(t *testing.T) {
	r, p := enrolled(t)
	b := r.open()
	ticket := b.second(camila)
	b.wantOut("after the password alone")
	if got := b.withCode(ticket, "000000"); got != http.StatusUnprocessableEntity {
		t.Errorf("a wrong code: %d", got)
	}
	again := b.PostForm("/login", url.Values{"ticket": {ticket}, "code": {""}})
	again.Contains(t, `href="#f-code"`, `name="ticket"`)
	if got := b.withCode(ticket, p.code(0)); got != http.StatusSeeOther {
		t.Errorf("the right code: %d", got)
	}
	b.wantIn("after the code")

	r.clock.Advance(minute)
	form := login("12.345.678-5", secret)
	form.Set("code", p.code(0)[:3]+" "+p.code(0)[3:]) // as people type it
	all := r.open()
	if got := all.PostForm("/login", form); got.Status != http.StatusSeeOther {
		t.Errorf("RUN, password and code at once: %d", got.Status)
	}
	all.wantIn("with all three at once")
}

// A stranger cannot tell who has a second factor: same page, same words, same work.
func TestStrangersDoNotLearnOfTheFactor(t *testing.T) {
	r, _ := enrolled(t)
	r.open().Get("/login").Lacks(t, `name="code"`)
	var first string
	for name, try := range map[string]url.Values{
		"with a factor":           login("12.345.678-5", "no es esta frase"),
		"without":                 login("11.111.111-1", "no es esta frase"),
		"unknown":                 login("22.222.222-2", "no es esta frase"),
		"with a factor, code":     {"run": {"12.345.678-5"}, "password": {"no es esta frase"}, "code": {"123456"}},
		"unknown, code":           {"run": {"22.222.222-2"}, "password": {"no es esta frase"}, "code": {"123456"}},
		"with a factor, recovery": {"run": {"12.345.678-5"}, "password": {"no es esta frase"}, "code": {"1234 5678 9012"}},
	} {
		before := r.service.HashRuns()
		answer := r.open().PostForm("/login", try)
		if runs := r.service.HashRuns() - before; runs != 1 || answer.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d, %d password hashes", name, answer.Status, runs)
		}
		answer.Lacks(t, `name="code"`, `name="ticket"`)
		body := nonces.ReplaceAllString(strings.ReplaceAll(answer.Body, `value="`+try.Get("run")+`"`, ""), "")
		if first == "" {
			first = body
		}
		if body != first {
			t.Errorf("%s: the page differs from the others", name)
		}
	}
}

// A code works once, also for whoever reads it over a shoulder.
func TestACodeWorksOnce(t *testing.T) {
	r, p := enrolled(t)
	code := p.code(0)
	a, b := r.open(), r.open()
	if got := a.withCode(a.second(camila), code); got != http.StatusSeeOther {
		t.Fatalf("the first time: %d", got)
	}
	ticket := b.second(camila)
	if got := b.withCode(ticket, code); got != http.StatusUnprocessableEntity {
		t.Errorf("the second time: %d", got)
	}
	r.clock.Advance(30 * time.Second) // still within the drift of its step
	if got := b.withCode(ticket, code); got != http.StatusUnprocessableEntity {
		t.Errorf("half a minute later: %d", got)
	}
	if got := b.withCode(ticket, p.code(0)); got != http.StatusSeeOther {
		t.Errorf("the next code: %d", got)
	}
}

// Two who come with the same code at the same moment, in two processes: one gets in.
func TestTwoAtOnceWithOneCode(t *testing.T) {
	for _, kind := range []string{"app", "paper"} {
		r, p := enrolled(t)
		other := r.start()
		code := p.code(0)
		if kind == "paper" {
			code = p.paper[3]
		}
		var in atomic.Int64
		var group sync.WaitGroup
		for i := range 8 {
			service := []*access.Service{r.service, other}[i%2]
			group.Go(func() {
				opened, err := service.Login(context.Background(), access.Attempt{RUN: "12.345.678-5", Password: secret, Code: code,
					Address: fmt.Sprintf("10.0.%d.1", i)})
				switch {
				case err == nil && opened.Ticket == "":
					in.Add(1)
				case !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooMany):
					t.Errorf("%s: %v", kind, err)
				}
			})
		}
		group.Wait()
		if in.Load() != 1 {
			t.Errorf("%s: %d got in with one code", kind, in.Load())
		}
	}
}

// Clocks differ: one step before and one after are good, two are not.
func TestDriftOfClocks(t *testing.T) {
	for step, want := range map[int]int{-2: 422, -1: 303, 0: 303, 1: 303, 2: 422} {
		r, p := enrolled(t)
		b := r.open()
		if got := b.withCode(b.second(camila), p.code(step)); got != want {
			t.Errorf("%d steps away: %d, want %d", step, got, want)
		}
	}
	r, p := enrolled(t)
	b := r.open()
	b.withCode(b.second(camila), p.code(1))
	if got := b.withCode(b.second(camila), p.code(0)); got != http.StatusUnprocessableEntity {
		t.Errorf("an earlier code after a later one: %d", got)
	}
}

func TestARecoveryCodeWorksOnce(t *testing.T) {
	r, p := enrolled(t)
	b := r.open()
	if got := b.withCode(b.second(camila), p.paper[0]); got != http.StatusSeeOther {
		t.Fatalf("the first time: %d", got)
	}
	b.Get("/account").Contains(t, "Le quedan 9 códigos")
	again := r.open()
	if got := again.withCode(again.second(camila), p.paper[0]); got != http.StatusUnprocessableEntity {
		t.Errorf("the second time: %d", got)
	}
	if got := again.withCode(again.second(camila), strings.ReplaceAll(p.paper[1], " ", "-")); got != http.StatusSeeOther {
		t.Errorf("another one: %d", got)
	}
	for _, text := range r.texts(`SELECT hash FROM recovery_code`) {
		for _, code := range p.paper {
			if strings.Contains(text, strings.ReplaceAll(code, " ", "")) {
				t.Error("a recovery code stands in the file")
			}
		}
	}
}

// Codes are guessed no faster than passwords, though the password is known.
func TestGuessingCodesIsSlowed(t *testing.T) {
	r, p := enrolled(t)
	b := r.open()
	ticket := b.second(camila)
	var statuses []int
	for range 6 {
		statuses = append(statuses, b.withCode(ticket, "111111"))
	}
	if got := fmt.Sprint(statuses); got != "[422 422 422 422 422 429]" {
		t.Errorf("guesses answered %s", got)
	}
	if got := b.withCode(ticket, p.code(0)); got != http.StatusTooManyRequests {
		t.Errorf("the right code within the wait: %d", got)
	}
	form := login("12.345.678-5", secret)
	if got := b.PostForm("/login", form).Status; got != http.StatusTooManyRequests {
		t.Errorf("the right password within the wait: %d", got)
	}
	r.clock.Advance(minute)
	if got := b.withCode(ticket, p.code(0)); got != http.StatusSeeOther {
		t.Errorf("after the wait: %d", got)
	}
	if got := r.texts(`SELECT count(*) || '' FROM audit WHERE action = 'factor.failed'`)[0]; got != "5" {
		t.Errorf("%s wrong codes in the audit", got)
	}
}

// The ticket of the first step dies with time, password and account.
func TestTicketsDie(t *testing.T) {
	for name, end := range map[string]func(*rig){
		"five minutes":     func(r *rig) { r.clock.Advance(6 * minute) },
		"another password": func(r *rig) { r.reset(camila, "siete perros cantan") },
		"disabled":         func(r *rig) { _ = r.service.DisableUser(context.Background(), access.Console(), camila) },
	} {
		r, p := enrolled(t)
		b := r.open()
		ticket := b.second(camila)
		end(r)
		answer := b.PostForm("/login", url.Values{"ticket": {ticket}, "code": {p.code(0)}})
		if answer.Status != http.StatusUnprocessableEntity || cookie(answer) != nil {
			t.Errorf("%s: %d", name, answer.Status)
		}
		answer.Contains(t, `name="password"`)
	}
	r, p := enrolled(t)
	for _, forged := range []string{"x", "AAAA", strings.Repeat("A", 120), strings.Repeat("A", 5000)} {
		if got := r.open().withCode(forged, p.code(0)); got != http.StatusUnprocessableEntity {
			t.Errorf("forged ticket: %d", got)
		}
	}
}

func (r *rig) reset(run uint32, password string) {
	r.t.Helper()
	if err := r.service.ResetPassword(context.Background(), access.Console(), run, password); err != nil {
		r.t.Fatal(err)
	}
}

// Whatever changes the factor ends the other sessions; the one that did it goes on.
func TestOtherSessionsEndWithTheFactor(t *testing.T) {
	r := newRig(t)
	b, elsewhere := r.open().signIn(camila), r.open().signIn(camila)
	p := b.enrol()
	elsewhere.wantOut("after an enrolment elsewhere")
	b.wantIn("the one that enrolled")

	r.clock.Advance(minute)
	elsewhere.withCode(elsewhere.second(camila), p.code(0))
	elsewhere.wantIn("with the new factor")
	next := b.enrol() // another phone
	elsewhere.wantOut("after the phone changed")
	r.clock.Advance(minute)
	ticket := elsewhere.second(camila)
	if got := elsewhere.withCode(ticket, p.code(0)); got != http.StatusUnprocessableEntity {
		t.Errorf("the former phone: %d", got)
	}
	if got := elsewhere.withCode(ticket, p.paper[5]); got != http.StatusUnprocessableEntity {
		t.Errorf("the former paper: %d", got)
	}
	if got := elsewhere.withCode(ticket, next.code(0)); got != http.StatusSeeOther {
		t.Errorf("the new phone: %d", got)
	}
	if got := b.PostForm("/account/factor/remove", url.Values{}); got.Header.Get("Location") != "/account" {
		t.Errorf("removal: %d %s", got.Status, got.Body)
	}
	elsewhere.wantOut("after the factor went")
	r.open().signIn(camila).wantIn("with the password alone again")
}

// The session that asks goes on, the others of the person end.
func TestClosingTheOtherSessions(t *testing.T) {
	r := newRig(t)
	b, elsewhere, somebody := r.open().signIn(camila), r.open().signIn(camila), r.open().signIn(pedro)
	b.Get("/account").Contains(t, "2 sesiones abiertas", "esta sesión", "Cerrar las demás sesiones")
	b.PostForm("/logout-others", nil)
	elsewhere.wantOut("the other one")
	b.wantIn("the one that asked")
	somebody.wantIn("somebody else's")
}

// A role that demands a factor keeps it, whatever role is in use.
func TestADemandedFactorStays(t *testing.T) {
	r := newRig(t)
	r.join("camila.counterpart", access.NewMembership{RUN: camila, Municipality: "06304", Role: access.Counterpart})
	b := r.open().signIn(camila)
	b.enrol()
	b.Get("/account/factor").Contains(t, "Su rol exige")
	if got := b.PostForm("/account/factor/remove", url.Values{}); got.Status != http.StatusForbidden {
		t.Errorf("removal: %d", got.Status)
	}
}

// An enrolment belongs to the session that began it, to its half hour, and to the
// device it replaces; the same form twice is one enrolment.
func TestAnEnrolmentIsOfOneSession(t *testing.T) {
	r := newRig(t)
	b, elsewhere := r.open().signIn(camila), r.open().signIn(camila)
	page := b.Get("/account/factor/new")
	p := &phone{rig: r, secret: strings.ReplaceAll(found(t, secretShown, page.Body), " ", "")}
	form := url.Values{"setup": {found(t, setupField, page.Body)}, "code": {p.code(0)}}
	if got := elsewhere.PostForm("/account/factor", form); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("from another session: %d", got.Status)
	}
	wrong := b.PostForm("/account/factor", url.Values{"setup": form["setup"], "code": {"000000"}})
	wrong.Contains(t, "El código no corresponde a esta clave", found(t, secretShown, page.Body))
	late := b.Get("/account/factor/new")
	first, second := b.PostForm("/account/factor", form), b.PostForm("/account/factor", form)
	if first.Status != http.StatusOK || fmt.Sprint(paperCode.FindAllString(first.Body, -1)) != fmt.Sprint(paperCode.FindAllString(second.Body, -1)) {
		t.Errorf("the form twice: %d and %d, with other codes", first.Status, second.Status)
	}
	q := &phone{rig: r, secret: strings.ReplaceAll(found(t, secretShown, late.Body), " ", "")}
	stale := url.Values{"setup": {found(t, setupField, late.Body)}, "code": {q.code(0)}}
	if got := b.PostForm("/account/factor", stale); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("begun before there was a device: %d", got.Status)
	}
	slow := b.Get("/account/factor/new")
	r.clock.Advance(29 * minute)
	b.wantIn("still at it")
	r.clock.Advance(2 * minute)
	s := &phone{rig: r, secret: strings.ReplaceAll(found(t, secretShown, slow.Body), " ", "")}
	if got := b.PostForm("/account/factor", url.Values{"setup": {found(t, setupField, slow.Body)}, "code": {s.code(0)}}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("after half an hour: %d", got.Status)
	}
}

// A session left open is not enough to enrol a device of one's own.
func TestOldSessionsProveWhoTheyAre(t *testing.T) {
	r := newRig(t)
	b := r.open().signIn(camila)
	r.clock.Advance(10 * minute)
	page := b.Get("/account/factor/new")
	page.Contains(t, "escriba su contraseña")
	page.Lacks(t, "factor-secret")
	if got := b.PostForm("/account/factor/prove", url.Values{"current": {"no es esta frase"}}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong password: %d", got.Status)
	}
	if got := b.PostForm("/account/factor/prove", url.Values{"current": {secret}}); got.Header.Get("Location") != "/account/factor/new" {
		t.Errorf("the password: %d", got.Status)
	}
	p := b.enrol()
	r.clock.Advance(10 * minute)
	page = b.Get("/account/factor/new")
	page.Contains(t, "escriba un código del actual")
	page.Lacks(t, "factor-secret")
	if got := b.PostForm("/account/factor/prove", url.Values{"current": {secret}}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("the password instead of a code: %d", got.Status)
	}
	b.PostForm("/account/factor/prove", url.Values{"code": {p.code(0)}})
	b.Get("/account/factor/new").Contains(t, "factor-secret")
}

// Dangerous acts ask again, unless the person has just proved who they are.
func TestConfirm(t *testing.T) {
	r, p := enrolled(t)
	b := r.open()
	code := p.code(0)
	b.withCode(b.second(camila), code)
	who := r.actorOf(b)
	ctx := context.Background()
	if err := r.service.Confirm(ctx, who, ""); err != nil || r.service.NeedsCode(ctx, who) {
		t.Errorf("right after the sign-in: %v", err)
	}
	r.clock.Advance(access.ConfirmedFor)
	if !r.service.NeedsCode(ctx, who) {
		t.Error("five minutes later no code is asked for")
	}
	for name, typed := range map[string]string{"nothing": "", "wrong": "123123", "of the sign-in": code, "letters": "abcdef", "long": strings.Repeat("9", 300)} {
		if err := r.service.Confirm(ctx, who, typed); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := r.service.Confirm(ctx, who, p.code(0)); err != nil || r.service.NeedsCode(ctx, who) {
		t.Errorf("a good code: %v", err)
	}
	elsewhere := r.open()
	r.clock.Advance(minute)
	elsewhere.withCode(elsewhere.second(camila), p.code(0))
	r.clock.Advance(access.ConfirmedFor - minute)
	if !r.service.NeedsCode(ctx, who) || r.service.NeedsCode(ctx, r.actorOf(elsewhere)) {
		t.Error("what one session proved counts in another")
	}
	stranger := who
	stranger.Session = ""
	if !r.service.NeedsCode(ctx, stranger) {
		t.Error("without a session nothing was proved")
	}
}

// Wrong codes of an open session are slowed too, in the form's own words.
func TestConfirmIsSlowed(t *testing.T) {
	r, p := enrolled(t)
	b := r.open()
	b.withCode(b.second(camila), p.code(0))
	who := r.actorOf(b)
	r.clock.Advance(access.ConfirmedFor)
	var err error
	for range 6 {
		err = r.service.Confirm(context.Background(), who, "123123")
	}
	if fields := fieldsOf(err); fields != "code:factor.code.too_many" {
		t.Errorf("after six wrong codes: %s", fields)
	}
	if err := r.service.Confirm(context.Background(), who, p.code(0)); err == nil {
		t.Error("the right code within the wait")
	}
	r.clock.Advance(minute)
	if err := r.service.Confirm(context.Background(), who, p.code(0)); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

// Who has no factor is asked for none; whose role demands one, is refused.
func TestConfirmWithoutAFactor(t *testing.T) {
	r := newRig(t)
	ctx := context.Background()
	who := r.actorOf(r.open().signIn(camila))
	if err := r.service.Confirm(ctx, who, ""); err != nil || r.service.NeedsCode(ctx, who) {
		t.Errorf("a case manager: %v", err)
	}
	b := r.open()
	b.PostForm("/login", login(people.RUNOf(rosa).Format(), secret))
	if err := r.service.Confirm(ctx, r.actorOf(b), ""); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a national administrator: %v", err)
	}
	if err := r.service.Confirm(ctx, access.Console(), ""); err != nil {
		t.Errorf("the console: %v", err)
	}
}

// actorOf is who acts in the browser's session.
func (r *rig) actorOf(b *browser) actor.Actor {
	r.t.Helper()
	if got := b.Get("/me").Status; got != http.StatusNoContent {
		r.t.Fatalf("/me answered %d", got)
	}
	return r.acts
}

func fieldsOf(err error) string {
	var list []string
	if e, ok := err.(*fault.Error); ok { //nolint:errorlint // made by the service itself
		for _, f := range e.Fields {
			list = append(list, f.Name+":"+f.Key)
		}
	}
	return strings.Join(list, " ")
}

// The file gives no secret away, and a row that is moved to somebody else opens nothing.
func TestSecretsAreSealed(t *testing.T) {
	r, p := enrolled(t)
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(p.secret)
	if err != nil {
		t.Fatal(err)
	}
	sealed := r.texts(`SELECT secret FROM factor`)[0]
	if strings.Contains(sealed, string(raw)) || strings.Contains(sealed, p.secret) {
		t.Error("the secret stands in the file as it is")
	}
	r.exec(`UPDATE factor SET user_id = (SELECT id FROM user WHERE run = ?)`, pedro)
	form := login("11.111.111-1", secret)
	form.Set("code", p.code(0))
	if got := r.open().PostForm("/login", form); got.Status == http.StatusSeeOther || cookie(got) != nil {
		t.Errorf("with a factor that belongs to another: %d", got.Status)
	}
}

// What cannot be found out of a factor lets nobody through.
func TestBrokenFactorFailsClosed(t *testing.T) {
	r, p := enrolled(t)
	r.exec(`ALTER TABLE factor RENAME TO elsewhere`)
	form := login("12.345.678-5", secret)
	form.Set("code", p.code(0))
	for _, try := range []url.Values{login("12.345.678-5", secret), form} {
		if got := r.openOn(r.start()).PostForm("/login", try); cookie(got) != nil {
			t.Errorf("a sign-in opened a session (%d)", got.Status)
		}
	}
}

// Every act leaves its entry, and none of them says a code or a secret.
func TestTheAuditOfFactors(t *testing.T) {
	r, p := enrolled(t)
	b := r.open()
	b.withCode(b.second(camila), p.paper[0])
	b.PostForm("/account/factor/recovery", url.Values{})
	b.PostForm("/account/factor/remove", url.Values{})
	got := strings.Join(r.texts(`SELECT action FROM audit WHERE action LIKE 'factor.%' ORDER BY seq`), " ")
	if got != "factor.enrol factor.recovery_codes factor.remove" {
		t.Errorf("audit: %s", got)
	}
	all := strings.Join(r.texts(`SELECT detail FROM audit`), "\n")
	if !strings.Contains(all, `"with":"recovery"`) {
		t.Error("the audit does not say with what somebody signed in")
	}
	for _, text := range append(p.paper, p.secret) {
		if strings.Contains(all, strings.ReplaceAll(text, " ", "")) {
			t.Error("a code or a secret stands in the audit")
		}
	}
}

// Who may take whose factor away: the national administration everybody's, a
// counterpart that of its own people and of nobody who works elsewhere too, heads nobody's.
func TestWhoResetsFactors(t *testing.T) {
	for _, c := range []struct {
		who  string
		whom uint32
		kind fault.Kind
		ok   bool
	}{
		{"olga", camila, 0, true}, {"rosa", camila, 0, true}, {"rosa", olga, 0, true},
		{"olga", pedro, fault.Forbidden, false}, // of Lolol too
		{"olga", olga, fault.Forbidden, false},  // the own one goes by a code
		{"hugo", camila, fault.Forbidden, false},
		{"irma", camila, fault.NotFound, false}, // another municipality's counterpart
		{"camila", hugo, fault.Forbidden, false},
	} {
		r := staffed(t, published)
		b := r.open().signIn(c.whom)
		b.enrol()
		err := r.service.ResetFactor(context.Background(), r.as(c.who), r.userID(c.whom), "")
		if c.ok != (err == nil) || err != nil && !fault.Is(err, c.kind) {
			t.Errorf("%s resets %d: %v", c.who, c.whom, err)
		}
		if left := r.texts(`SELECT count(*) || '' FROM factor`)[0]; (left == "0") != c.ok {
			t.Errorf("%s resets %d: %s factors left", c.who, c.whom, left)
		}
		if c.ok {
			b.wantOut("after the reset")
			r.open().signIn(c.whom).wantIn("with the password alone")
		}
	}
}

// The page of the reset: asked once more, told to make sure who asks.
func TestResetPage(t *testing.T) {
	r := staffed(t, published)
	r.open().signIn(camila).enrol()
	b := r.open().signIn(olga)
	page := "/users/" + r.userID(camila)
	b.Get(page).Contains(t, "Perdió el teléfono")
	b.Get(page+"/factor").Contains(t, "asegúrese de que quien lo pide es esa persona")
	if got := b.PostForm(page+"/factor", url.Values{}); got.Header.Get("Location") != page {
		t.Errorf("the reset answered %d: %s", got.Status, got.Body)
	}
	b.Get(page).Contains(t, "Sin verificación en dos pasos")
	if got := r.open().signIn(irma).Get(page + "/factor").Status; got != http.StatusNotFound {
		t.Errorf("another municipality: %d", got)
	}
}
