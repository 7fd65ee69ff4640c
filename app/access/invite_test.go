package access_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants/tenantstest"
)

// More people: who administers Limache and its unit, and who is yet to come.
const (
	olga  = 9876543  // counterpart of Limache
	hugo  = 8765432  // head of Asistencia Social of Limache
	irma  = 7777777  // counterpart of Lolol
	nuria = 22222222 // nobody yet
	omar  = 6666666
)

const fresh = "siete gatos duermen al sol"

// staffed adds who administers to the rig.
func staffed(t testing.TB, change ...func(*access.Config)) *rig {
	r := newRig(t, change...)
	r.addUser(olga, "Olga", "Contreras")
	r.addUser(hugo, "Hugo", "Jara")
	r.addUser(irma, "Irma", "Lobos")
	r.join("olga", access.NewMembership{RUN: olga, Municipality: "05802", Role: access.Counterpart})
	r.join("hugo", access.NewMembership{RUN: hugo, Municipality: "05802", Role: access.UnitHead, Unit: access.SocialUnit})
	r.join("irma", access.NewMembership{RUN: irma, Municipality: "06304", Role: access.Counterpart})
	return r
}

// as gives the actor that a membership makes of its holder.
func (r *rig) as(name string) actor.Actor {
	r.t.Helper()
	id := r.membership[name]
	row := r.texts(`SELECT user_id || '|' || role || '|' || unit || '|' || coalesce((SELECT code FROM municipality t WHERE t.id = municipality_id), '') FROM membership WHERE id = ?`, id)
	part := strings.Split(row[0], "|")
	who := actor.Actor{UserID: part[0], MembershipID: id, Role: part[1], UnitID: part[2], Permissions: access.PermissionsOf(part[1], part[2])}
	if part[3] != "" {
		who.Municipality = tenantstest.Municipality(r.t, r.files, part[3])
	}
	return who
}

func (r *rig) userID(run uint32) string {
	r.t.Helper()
	ids := r.texts(`SELECT id FROM user WHERE run = ?`, run)
	if len(ids) != 1 {
		r.t.Fatalf("%d users with the RUN", len(ids))
	}
	return ids[0]
}

// invite invites Nuria to Asistencia Social and gives the path of the link.
func (r *rig) invite(who actor.Actor, run uint32) string {
	r.t.Helper()
	link, err := r.service.Invite(context.Background(), who, access.Invitation{RUN: run, GivenNames: "Nuria", Surnames: "Ñáñez Álvarez",
		Municipality: "05802", Role: access.CaseManager, Unit: access.SocialUnit})
	if err != nil {
		r.t.Fatal(err)
	}
	return pathOf(r.t, link)
}

func pathOf(t testing.TB, link string) string {
	t.Helper()
	path, ok := strings.CutPrefix(link, "http://127.0.0.1:8080")
	if !ok || !strings.HasPrefix(path, "/invite/") {
		t.Fatalf("no link of ours: %d letters", len(link))
	}
	return path
}

func chosen(password string) url.Values {
	return url.Values{"password": {password}, "repeat": {password}}
}

// A person is invited, makes the password once, and signs in with it.
func TestInvitation(t *testing.T) {
	r := staffed(t)
	path := r.invite(r.as("olga"), nuria)
	b := r.open()
	page := b.Get(path)
	if page.Status != http.StatusOK || !strings.Contains(page.Body, "Nuria") || !strings.Contains(page.Body, "Limache") || strings.Contains(page.Body, "22.222.222") {
		t.Fatalf("the link answered %d\n%s", page.Status, page.Body)
	}
	if again := b.Get(path).Status; again != http.StatusOK {
		t.Fatalf("reading it used it up: %d", again)
	}
	if got := b.PostForm("/login", login("22.222.222-2", "")); got.Status == http.StatusSeeOther {
		t.Fatal("signed in without a password")
	}
	for _, weak := range []url.Values{chosen("corta"), chosen("contraseña123"), chosen("mi clave 22222222"), {"password": {fresh}, "repeat": {"otra cosa del todo"}}, {},
		chosen(fresh + "\x00"), chosen("\xff\xfe" + fresh), chosen(strings.Repeat("x", 5000)), {"password": {fresh, fresh}, "repeat": {fresh}}, {"password": {fresh}, "repeat": {fresh}, "role": {"director"}}} {
		if got := b.PostForm(path, weak); got.Status != http.StatusUnprocessableEntity || cookie(got) != nil {
			t.Errorf("%v answered %d", weak, got.Status)
		}
	}
	got := b.PostForm(path, chosen(fresh))
	if got.Status != http.StatusSeeOther || got.Header.Get("Location") != "/login" {
		t.Fatalf("accepting answered %d %s", got.Status, got.Body)
	}
	for _, dead := range []int{b.Get(path).Status, b.PostForm(path, chosen(fresh+" dos")).Status} {
		if dead != http.StatusNotFound {
			t.Errorf("the used link answered %d", dead)
		}
	}
	if got := r.open().PostForm("/login", login(people.RUNOf(nuria).Format(), fresh)); got.Status != http.StatusSeeOther {
		t.Errorf("signing in answered %d", got.Status)
	}
	if err := audit.VerifyChanges(context.Background(), r.files.National()); err != nil {
		t.Error(err)
	}
}

// In the file stands no token: who reads the file opens nothing.
func TestOnlyTheHashOfALinkIsKept(t *testing.T) {
	r := staffed(t)
	token := strings.TrimPrefix(r.invite(r.as("olga"), nuria), "/invite/")
	all := strings.Join(r.texts(`SELECT group_concat(hex(hash)) FROM invitation_link`), "") +
		strings.Join(r.texts(`SELECT action || object || detail FROM audit`), "")
	if strings.Contains(all, token) {
		t.Error("the token is in the file")
	}
	if n := len(r.texts(`SELECT hex(hash) FROM invitation_link WHERE length(hash) = 32`)); n != 1 {
		t.Errorf("%d hashes", n)
	}
}

func TestLinksThatOpenNothing(t *testing.T) {
	r := staffed(t)
	first := r.invite(r.as("olga"), nuria)
	second := r.invite(r.as("olga"), nuria)
	b := r.open()
	for what, path := range map[string]string{"replaced": first, "made up": "/invite/" + strings.Repeat("A", 43),
		"too short": second[:len(second)-1], "too long": second + "A", "no base64": "/invite/" + strings.Repeat("~", 43)} {
		if got := b.Get(path).Status; got != http.StatusNotFound {
			t.Errorf("%s: GET answered %d", what, got)
		}
		if got := b.PostForm(path, chosen(fresh)).Status; got != http.StatusNotFound {
			t.Errorf("%s: POST answered %d", what, got)
		}
	}
	r.clock.Advance(8 * 24 * time.Hour)
	if got := b.PostForm(second, chosen(fresh)).Status; got != http.StatusNotFound {
		t.Errorf("a week later it answered %d", got)
	}
	if n := len(r.texts(`SELECT id FROM user WHERE run = ? AND password = ''`, nuria)); n != 1 {
		t.Error("somebody made a password")
	}
}

// Fifty presses at once make one password.
func TestALinkWorksOnceAtTheSameTime(t *testing.T) {
	r := staffed(t)
	token := strings.TrimPrefix(r.invite(r.as("olga"), nuria), "/invite/")
	var all sync.WaitGroup
	var mu sync.Mutex
	accepted := 0
	for range 20 {
		all.Go(func() {
			if r.service.Accept(context.Background(), token, access.Accepted{Password: fresh, Repeat: fresh, Address: "10.0.0.1"}) == nil {
				mu.Lock()
				accepted++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if accepted != 1 {
		t.Errorf("accepted %d times", accepted)
	}
}

// Asking twice for the same is one account and one membership.
func TestInvitingTwiceIsOnce(t *testing.T) {
	r := staffed(t)
	r.invite(access.Console(), nuria)
	r.invite(access.Console(), nuria)
	if n := len(r.texts(`SELECT id FROM membership WHERE user_id = ?`, r.userID(nuria))); n != 1 {
		t.Errorf("%d memberships", n)
	}
	if n := len(r.texts(`SELECT id FROM invitation`)); n != 1 {
		t.Errorf("%d invitations", n)
	}
}

// Whoever has a password keeps it: an invitation adds a role and gives no link.
func TestInvitingSomebodyKnown(t *testing.T) {
	r := staffed(t)
	made, err := r.service.InviteUser(context.Background(), r.as("irma"), access.Invitation{RUN: camila, GivenNames: "Otra", Surnames: "Persona",
		Email: "ladrona@example.cl", Role: access.FrontDesk})
	if err != nil || made.Link != "" || !made.Known || made.Mailed != "" {
		t.Fatalf("%+v %v", made, err)
	}
	if got := r.texts(`SELECT given_names || email FROM user WHERE run = ?`, camila)[0]; got != "Camila" {
		t.Errorf("the account is now %q", got)
	}
	b := r.open().signIn(camila)
	if got := b.Get("/switch"); !strings.Contains(got.Body, "Lolol") {
		t.Error("the new role is not offered")
	}
}

// Who was invited by one municipality cannot be taken over by another: no link to
// an account that may work elsewhere.
func TestAnotherMunicipalityGetsNoLink(t *testing.T) {
	r := staffed(t)
	path := r.invite(r.as("olga"), nuria)
	ctx := context.Background()
	ask := access.Invitation{RUN: nuria, GivenNames: "Nuria", Surnames: "Ñ", Email: "x@example.cl", Role: access.FrontDesk}
	if made, err := r.service.InviteUser(ctx, r.as("irma"), ask); !fault.Is(err, fault.Conflict) || made.Link != "" {
		t.Fatalf("%+v %v", made, err)
	}
	if got := r.open().Get(path).Status; got != http.StatusOK {
		t.Errorf("the link of the first municipality answers %d", got)
	}
	r.join("nuria.lolol", access.NewMembership{RUN: nuria, Municipality: "06304", Role: access.Counterpart})
	if got := r.open().Get(path).Status; got != http.StatusNotFound {
		t.Errorf("a link in Limache opens an account of Lolol: %d", got)
	}
	for _, who := range []string{"irma", "olga"} {
		if _, err := r.service.Reset(ctx, r.as(who), r.userID(nuria)); !fault.Is(err, fault.Forbidden) {
			t.Errorf("reset by %s: %v", who, err)
		}
	}
	if _, err := r.service.Reset(ctx, access.Console(), r.userID(nuria)); err != nil {
		t.Errorf("reset by the national administration: %v", err)
	}
}

// Who holds a link made for the own unit cannot use it for what the counterpart
// gave the person since.
func TestALinkOpensNoMoreThanItsMakerMayGive(t *testing.T) {
	r := staffed(t)
	ctx := context.Background()
	link, err := r.service.Invite(ctx, r.as("hugo"), access.Invitation{RUN: nuria, GivenNames: "Nuria", Surnames: "Ñ", Role: access.CaseManager, Unit: access.SocialUnit})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.service.Grant(ctx, r.as("olga"), r.userID(nuria), access.NewMembership{Municipality: "05802", Role: access.Director}); err != nil {
		t.Fatal(err)
	}
	if got := r.open().Get(pathOf(t, link)).Status; got != http.StatusNotFound {
		t.Errorf("the head's link to a director answers %d", got)
	}
	own := r.invite(r.as("olga"), omar)
	if _, err := r.service.Grant(ctx, r.as("hugo"), r.userID(omar), access.NewMembership{Municipality: "05802", Role: access.FrontDesk, Unit: access.SocialUnit}); err != nil {
		t.Fatal(err)
	}
	if got := r.open().Get(own).Status; got != http.StatusOK {
		t.Errorf("the counterpart's link answers %d", got)
	}
}

// Ending twice is ending once, and what has ended does not come back by it.
func TestEndingIsOnce(t *testing.T) {
	r := staffed(t)
	ctx, today := context.Background(), calendar.On(r.clock.Now())
	if err := r.service.EndMembership(ctx, r.as("olga"), r.membership["camila"], today.AddDays(-30)); !fault.Is(err, fault.Invalid) {
		t.Errorf("a last day in the past: %v", err)
	}
	for _, last := range []calendar.Date{{}, {}, today.AddDays(300)} {
		if err := r.service.EndMembership(ctx, r.as("olga"), r.membership["camila"], last); err != nil {
			t.Error(err)
		}
	}
	if got := r.texts(`SELECT to_on FROM membership WHERE id = ?`, r.membership["camila"])[0]; got != today.AddDays(-1).String() {
		t.Errorf("ends on %s", got)
	}
	if n := len(r.texts(`SELECT action FROM audit WHERE action = 'membership.end'`)); n != 1 {
		t.Errorf("%d entries", n)
	}
}

// Another password is made with a new link; the old one and its sessions are dead
// at once.
func TestReset(t *testing.T) {
	r := staffed(t)
	b := r.open().signIn(camila)
	made, err := r.service.Reset(context.Background(), r.as("olga"), r.userID(camila))
	if err != nil || made.Link == "" {
		t.Fatal(made, err)
	}
	b.wantOut("after the reset")
	if got := b.PostForm("/login", login("12.345.678-5", secret)); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("the old password answered %d", got.Status)
	}
	b.PostForm(pathOf(t, made.Link), chosen(fresh))
	if got := b.PostForm("/login", login("12.345.678-5", fresh)); got.Status != http.StatusSeeOther {
		t.Errorf("the new password answered %d", got.Status)
	}
}
