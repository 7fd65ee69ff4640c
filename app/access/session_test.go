package access_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/calendar"
)

// 30 minutes without a request end a session, in memory and in the file; each
// request gives 30 more (7.3.1).
func TestIdleLimit(t *testing.T) {
	r := newRig(t)
	b := r.open().signIn(camila)
	for range 5 {
		r.clock.Advance(access.IdleLimit - time.Second)
		b.wantIn("a second before the limit")
	}
	if r.service.Cached() != 1 {
		t.Errorf("%d sessions in memory", r.service.Cached())
	}
	r.clock.Advance(access.IdleLimit)
	b.wantOut("at the limit, from memory")
	r.clock.Advance(-time.Hour) // a clock that is set back revives nothing in memory
	if r.service.Cached() != 0 {
		t.Error("the dead session is still in memory")
	}
}

// What a page asks by itself keeps nobody signed in, from memory or from the file.
func TestAQuietRouteKeepsNoSessionAlive(t *testing.T) {
	r := newRig(t)
	b := r.open().signIn(camila)
	for range 29 {
		r.clock.Advance(minute)
		if got := b.GetHX("/pulse"); got.Status != http.StatusNoContent || got.Header.Get("X-Session-Left") == "" {
			t.Fatalf("within the limit: %d", got.Status)
		}
	}
	r.clock.Advance(minute)
	if got := b.GetHX("/pulse"); got.Status != http.StatusUnauthorized {
		t.Errorf("30 minutes of looking on: %d", got.Status)
	}
	b.wantOut("at the limit")
	c := r.session(camila)
	for range 3 {
		r.clock.Advance(10 * minute)
		r.get(r.start(), c, "/pulse") // each start reads the file anew
	}
	if got := r.get(r.start(), c, "/").Status; got != http.StatusSeeOther {
		t.Errorf("after a restart: %d", got)
	}
}

func TestIdleLimitAfterARestart(t *testing.T) {
	r := newRig(t)
	c := r.session(camila)
	r.clock.Advance(20 * minute)
	r.get(r.service, c, "/")
	if err := r.service.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(20 * minute)
	if got := r.get(r.start(), c, "/").Status; got != http.StatusOK {
		t.Errorf("40 minutes after sign-in, 20 after the last request: %d", got)
	}
	r.clock.Advance(access.IdleLimit)
	if got := r.get(r.start(), c, "/").Status; got != http.StatusSeeOther {
		t.Errorf("past the limit: %d", got)
	}
}

// 12 hours after sign-in it is over, however busy, and a switch of role does not
// start it anew (7.3.2).
func TestAbsoluteLimit(t *testing.T) {
	r := newRig(t)
	b := r.open().signIn(pedro)
	for range 35 {
		r.clock.Advance(20 * minute)
		b.wantIn("within twelve hours")
	}
	if answer := b.PostForm("/switch", url.Values{"membership": {r.membership["pedro.lolol"]}}); answer.Status != http.StatusSeeOther {
		t.Fatalf("switch: %d", answer.Status)
	}
	r.clock.Advance(20*minute - time.Second)
	b.wantIn("a second before twelve hours")
	r.clock.Advance(time.Second)
	b.wantOut("at twelve hours")
}

// A sign-in under a clock that ran ahead does not last longer when it is set right.
func TestAClockSetBackLengthensNothing(t *testing.T) {
	r := newRig(t)
	r.clock.Advance(48 * time.Hour)
	b := r.open().signIn(camila)
	r.clock.Advance(-time.Minute)
	b.wantIn("a minute back is how clocks are")
	r.clock.Advance(-47 * time.Hour)
	b.wantOut("two days back, from memory")
	b.wantOut("two days back, from the file")
}

func TestExpiryIsTold(t *testing.T) {
	r := newRig(t)
	b := r.open().signIn(camila)
	if left := b.Get("/").Header.Get("X-Session-Left"); left != "1800" {
		t.Errorf("seconds left: %q", left)
	}
	for range 35 {
		r.clock.Advance(20 * minute)
		b.wantIn("busy")
	}
	if left := b.Get("/").Header.Get("X-Session-Left"); left != "1200" {
		t.Errorf("seconds left 20 minutes before the absolute limit: %q", left)
	}
}

func TestLogout(t *testing.T) {
	r := newRig(t)
	b, other := r.open(), r.open().signIn(camila)
	before := cookie(b.PostForm("/login", login("12.345.678-5", secret)))
	b.wantIn("before")
	answer := b.PostForm("/logout", nil)
	if answer.Status != http.StatusSeeOther || answer.Header.Get("Location") != "/login" {
		t.Errorf("logout: %d %q", answer.Status, answer.Header.Get("Location"))
	}
	if got := answer.Header.Get("Clear-Site-Data"); got != `"cache", "storage"` {
		t.Errorf("Clear-Site-Data: %q", got)
	}
	if c := cookie(answer); c == nil || c.MaxAge >= 0 {
		t.Errorf("the cookie is not taken away: %v", c)
	}
	if got := r.get(r.service, before, "/").Status; got == http.StatusOK {
		t.Error("the old cookie still opens")
	}
	other.wantIn("the other browser")
	if again := b.PostForm("/logout", nil); again.Status != http.StatusSeeOther {
		t.Errorf("logout of nobody: %d", again.Status)
	}
}

func TestLogoutEverywhere(t *testing.T) {
	r := newRig(t)
	one, two, other := r.open().signIn(camila), r.open().signIn(camila), r.open().signIn(pedro)
	two.wantIn("before")
	one.PostForm("/logout-everywhere", nil)
	one.wantOut("this browser")
	two.wantOut("the other browser")
	other.wantIn("another person")
}

// What the administration takes away is gone at the next request (7.4.2, 8.3.2).
func TestTakenAwayInMidSession(t *testing.T) {
	ctx := context.Background()
	for name, take := range map[string]func(r *rig) error{
		"disabled": func(r *rig) error { return r.service.DisableUser(ctx, access.Console(), camila) },
		"password": func(r *rig) error {
			return r.service.ResetPassword(ctx, access.Console(), camila, "otra frase bien larga")
		},
		"membership": func(r *rig) error {
			return r.service.EndMembership(ctx, access.Console(), r.membership["camila"], calendar.Date{})
		},
	} {
		r := newRig(t)
		b, other := r.open().signIn(camila), r.open().signIn(pedro)
		b.wantIn(name)
		if err := take(r); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		b.wantOut(name)
		other.wantIn(name + ", another person")
		if answer := b.PostForm("/login", login("12.345.678-5", secret)); answer.Status == http.StatusSeeOther {
			t.Errorf("%s: the old way still signs in", name)
		}
	}
}

// A person whose last role ended is told so after the right password, and only then.
func TestNoRoleLeft(t *testing.T) {
	r := newRig(t)
	if err := r.service.EndMembership(context.Background(), access.Console(), r.membership["camila"], calendar.Date{}); err != nil {
		t.Fatal(err)
	}
	answer := r.open().PostForm("/login", login("12.345.678-5", secret))
	if answer.Status != http.StatusForbidden || cookie(answer) != nil {
		t.Errorf("status %d", answer.Status)
	}
	answer.Contains(t, "no tiene un rol vigente")
	r.open().PostForm("/login", login("12.345.678-5", "no es esta frase")).Lacks(t, "rol vigente")
}

// A role that was given in the middle of a session can be used at once, and one
// that was changed counts at the next request.
func TestChangedRoleCountsAtOnce(t *testing.T) {
	r := newRig(t)
	b := r.open().signIn(camila)
	b.wantIn("as case manager")
	if got := b.Get("/cart").Status; got != http.StatusOK {
		t.Fatalf("the cart of a case manager: %d", got)
	}
	r.join("camila.desk", access.NewMembership{RUN: camila, Municipality: "05802", Role: access.RSHDesk})
	if answer := b.PostForm("/switch", url.Values{"membership": {r.membership["camila.desk"]}}); answer.Status != http.StatusSeeOther {
		t.Fatalf("switch to the new role: %d", answer.Status)
	}
	if got := b.Get("/cart").Status; got != http.StatusForbidden {
		t.Errorf("the cart of a desk: %d", got)
	}
	b.Get("/").Contains(t, "rsh_desk|Registro Social de Hogares|Limache")
}

// A membership holds on its days: it begins and ends at midnight in Santiago,
// in the middle of a session too.
func TestMembershipEndsWithItsDay(t *testing.T) {
	r := newRig(t)
	today := calendar.On(r.clock.Now())
	if err := r.service.EndMembership(context.Background(), access.Console(), r.membership["camila"], today); err != nil {
		t.Fatal(err)
	}
	b := r.open().signIn(camila)
	midnight := time.Date(2026, 11, 22, 0, 0, 0, 0, calendar.Santiago)
	for r.clock.Now().Add(25 * minute).Before(midnight) {
		r.clock.Advance(25 * minute)
		b.wantIn("on its last day")
	}
	r.clock.Set(midnight.Add(-time.Second))
	b.wantIn("a second before midnight")
	r.clock.Set(midnight)
	b.wantOut("the day after")
}

func TestSuspendedMunicipality(t *testing.T) {
	r := newRig(t)
	b := r.open().signIn(pedro)
	r.suspend("06304")
	answer := b.PostForm("/switch", url.Values{"membership": {r.membership["pedro.lolol"]}})
	if answer.Status != http.StatusForbidden {
		t.Errorf("switch into a suspended municipality: %d", answer.Status)
	}
	answer.Contains(t, "suspendida para Lolol")
	b.wantIn("in the other municipality")
	b.Get("/switch").Contains(t, "suspendida")

	b.PostForm("/switch", url.Values{"membership": {r.membership["pedro.limache"]}})
	r.suspend("05802")
	answer = b.Get("/")
	if answer.Status != http.StatusForbidden {
		t.Errorf("work when the municipality is suspended in the middle: %d", answer.Status)
	}
	answer.Contains(t, "suspendida para Limache", "Pedro Araya Díaz")
	if got := b.Get("/switch").Status; got != http.StatusOK {
		t.Errorf("the way out: %d", got)
	}
	b = r.open()
	answer = b.PostForm("/login", login("12.345.678-5", secret))
	if answer.Status != http.StatusForbidden {
		t.Errorf("sign-in of a suspended municipality: %d", answer.Status)
	}
	answer.Contains(t, "suspendida para Limache")
}

// Several roles: the first time the person chooses, then the last one is taken
// up; each switch makes a new id and forgets the old (7.2.4).
func TestSwitch(t *testing.T) {
	r := newRig(t)
	b := r.open()
	answer := b.PostForm("/login", login("11.111.111-1", secret))
	if answer.Header.Get("Location") != "/switch" {
		t.Fatalf("sign-in leads to %q", answer.Header.Get("Location"))
	}
	first := cookie(answer)
	b.Get("/switch").Contains(t, "Limache", "Lolol", r.membership["pedro.lolol"])
	answer = b.PostForm("/switch", url.Values{"membership": {r.membership["pedro.lolol"]}})
	second := cookie(answer)
	if second == nil || second.Value == first.Value {
		t.Fatal("the id did not change")
	}
	if got := r.get(r.service, first, "/").Status; got == http.StatusOK {
		t.Error("the id before the switch still opens")
	}
	b.PostForm("/agreement", url.Values{"accept": {"1"}})
	b.Get("/").Contains(t, "subsidies_desk|Subsidios Sociales|Lolol")

	again := r.open()
	if got := again.PostForm("/login", login("11.111.111-1", secret)).Header.Get("Location"); got != "/" {
		t.Errorf("the second sign-in leads to %q", got)
	}
	again.Get("/").Contains(t, "Lolol")
}

func TestSwitchIsForOnesOwn(t *testing.T) {
	r := newRig(t)
	b := r.open().signIn(camila)
	for _, m := range []string{r.membership["pedro.lolol"], r.membership["rosa"], "01JDZZZZZZZZZZZZZZZZZZZZZZ", "x"} {
		if got := b.PostForm("/switch", url.Values{"membership": {m}}).Status; got != http.StatusNotFound {
			t.Errorf("membership %q: %d", m, got)
		}
	}
	b.Get("/").Contains(t, "Camila Rojas Soto|case_manager|Asistencia Social|Limache")
}

// A person who signs in again in the same browser goes on in the role in which
// the session ended, whatever another browser did meanwhile.
func TestReturnToTheRoleOfTheEndedSession(t *testing.T) {
	r := newRig(t)
	desk, other := r.open().signIn(pedro), r.open().signIn(pedro)
	desk.PostForm("/switch", url.Values{"membership": {r.membership["pedro.limache"]}})
	other.PostForm("/switch", url.Values{"membership": {r.membership["pedro.lolol"]}})
	r.clock.Advance(access.IdleLimit)
	if err := r.service.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
	desk.signIn(pedro)
	desk.Get("/").Contains(t, "Limache")
}

// Last use is written at most once a minute, by the sweep; old rows go.
func TestSweep(t *testing.T) {
	r := newRig(t)
	b := r.open().signIn(camila)
	seen := r.texts(`SELECT seen_at FROM session`)[0]
	r.clock.Advance(10 * minute)
	b.wantIn("ten minutes later")
	if got := r.texts(`SELECT seen_at FROM session`)[0]; got != seen {
		t.Error("a request wrote to the file")
	}
	if err := r.service.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := r.texts(`SELECT seen_at FROM session`)[0]; got != "2026-11-21T15:10:00.000Z" {
		t.Errorf("last use is %s", got)
	}
	r.clock.Advance(access.AbsoluteLimit)
	if err := r.service.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
	if left := r.texts(`SELECT user_id FROM session`); len(left) != 0 {
		t.Errorf("%d old rows are left", len(left))
	}
}
