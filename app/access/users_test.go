package access_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// Who may give what, in the words of the domain.
func TestGrants(t *testing.T) {
	r := staffed(t)
	r.addUser(omar, "Omar", "Pino")
	r.join("omar", access.NewMembership{RUN: omar, Municipality: "05802", Role: access.RSHDesk})
	r.addUser(nuria, "Nuria", "Núñez")
	r.join("rshhead", access.NewMembership{RUN: nuria, Municipality: "05802", Role: access.UnitHead, Unit: access.RSHUnit})
	type grant struct{ role, unit string }
	all := []grant{{access.FrontDesk, ""}, {access.FrontDesk, access.SocialUnit}, {access.FrontDesk, access.RSHUnit}, {access.RSHDesk, access.RSHUnit},
		{access.SubsidiesDesk, access.SubsidiesUnit}, {access.CaseManager, access.SocialUnit}, {access.CaseManager, access.RSHUnit},
		{access.CaseManager, access.FamiliesUnit}, {access.UnitHead, access.SocialUnit}, {access.Director, ""}, {access.Counterpart, ""},
		{access.TechnicalAssistant, ""}, {access.NationalAdmin, ""}}
	for _, c := range []struct {
		who     string
		granted string
	}{
		{"olga", "front_desk front_desk:social front_desk:rsh rsh_desk:rsh subsidies_desk:subsidies case_manager:social case_manager:rsh case_manager:families unit_head:social director"},
		{"hugo", "front_desk:social case_manager:social"},
		{"rshhead", "front_desk:rsh rsh_desk:rsh"},
		{"rosa", "front_desk front_desk:social front_desk:rsh rsh_desk:rsh subsidies_desk:subsidies case_manager:social case_manager:rsh case_manager:families unit_head:social director counterpart technical_assistant national_admin"},
		{"camila", ""}, {"pedro.limache", ""}, {"omar", ""},
	} {
		var got []string
		for i, g := range all {
			n := access.Invitation{RUN: 23000000 + uint32(i), GivenNames: "Ana", Surnames: "Uno", Municipality: "05802", Role: g.role, Unit: g.unit}
			if g.role == access.NationalAdmin {
				n.Municipality = ""
			}
			_, err := r.service.Invite(context.Background(), r.as(c.who), n)
			switch {
			case err == nil:
				got = append(got, strings.TrimSuffix(g.role+":"+g.unit, ":"))
			case !fault.Is(err, fault.Forbidden):
				t.Errorf("%s gives %v: %v", c.who, g, err)
			}
		}
		if strings.Join(got, " ") != c.granted {
			t.Errorf("%s gives %s", c.who, strings.Join(got, " "))
		}
	}
	if _, err := r.service.Invite(context.Background(), r.as("olga"), access.Invitation{RUN: omar, GivenNames: "O", Surnames: "P", Municipality: "06304", Role: access.FrontDesk}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a role in another municipality: %v", err)
	}
}

// Somebody of two municipalities: each sees and ends only its own membership.
func TestTwoMunicipalities(t *testing.T) {
	r := staffed(t)
	ctx, user := context.Background(), r.userID(pedro)
	limache, lolol := r.as("olga"), r.as("irma")
	for _, c := range []struct {
		who   actor.Actor
		own   string
		else_ string
	}{{limache, "pedro.limache", "pedro.lolol"}, {lolol, "pedro.lolol", "pedro.limache"}} {
		d, err := r.service.Dossier(ctx, c.who, user)
		if err != nil || len(d.Memberships) != 1 || d.Memberships[0].ID != r.membership[c.own] || d.Resettable {
			t.Fatalf("%s: %+v %v", c.own, d, err)
		}
		if err := r.service.EndMembership(ctx, c.who, r.membership[c.else_], calendar.Date{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("ending the other's: %v", err)
		}
		if err := r.service.Disable(ctx, c.who, user); !fault.Is(err, fault.Forbidden) {
			t.Errorf("disabling the account: %v", err)
		}
	}
	b := r.open().signIn(pedro) // begins in one of the two
	if err := r.service.SwitchRoles(ctx, limache, user, true); err != nil {
		t.Fatal(err)
	}
	if got := r.texts(`SELECT id FROM membership WHERE disabled_at IS NOT NULL`); len(got) != 1 || got[0] != r.membership["pedro.limache"] {
		t.Errorf("disabled %v", got)
	}
	b.PostForm("/login", login("11.111.111-1", secret))
	if got := b.Get("/"); !strings.Contains(got.Body, "Lolol") {
		t.Errorf("works in %d %s", got.Status, got.Body)
	}
	if err := r.service.SwitchRoles(ctx, limache, user, false); err != nil {
		t.Fatal(err)
	}
}

// What is ended or switched off dies at the very next request.
func TestEndsAtOnce(t *testing.T) {
	for name, act := range map[string]func(r *rig) error{
		"disabled account": func(r *rig) error { return r.service.Disable(context.Background(), access.Console(), r.userID(camila)) },
		"disabled role": func(r *rig) error {
			return r.service.SwitchRole(context.Background(), r.as("hugo"), r.membership["camila"], true)
		},
		"disabled roles": func(r *rig) error {
			return r.service.SwitchRoles(context.Background(), r.as("olga"), r.userID(camila), true)
		},
		"ended role": func(r *rig) error {
			return r.service.EndMembership(context.Background(), r.as("olga"), r.membership["camila"], calendar.Date{})
		},
	} {
		r := staffed(t)
		b := r.open().signIn(camila)
		b.wantIn(name)
		began := time.Now()
		if err := act(r); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		b.wantOut(name)
		if took := time.Since(began); took > time.Second {
			t.Errorf("%s took %v", name, took)
		}
		if got := b.PostForm("/login", login("12.345.678-5", secret)); got.Status == http.StatusSeeOther {
			t.Errorf("%s: signed in again", name)
		}
	}
}

// Nobody is left outside: not oneself, not the last who administers.
func TestNobodyLocksThemselvesOut(t *testing.T) {
	r := staffed(t)
	ctx, today := context.Background(), calendar.On(r.clock.Now())
	conflict := func(what string, err error) {
		t.Helper()
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v", what, err)
		}
	}
	conflict("own role", r.service.EndMembership(ctx, r.as("olga"), r.membership["olga"], calendar.Date{}))
	conflict("own role, off", r.service.SwitchRole(ctx, r.as("olga"), r.membership["olga"], true))
	conflict("own account", r.service.Disable(ctx, r.as("rosa"), r.userID(rosa)))
	conflict("last counterpart", r.service.EndMembership(ctx, access.Console(), r.membership["olga"], calendar.Date{}))
	conflict("last counterpart, later", r.service.EndMembership(ctx, access.Console(), r.membership["olga"], today.AddDays(30)))
	conflict("last counterpart, off", r.service.SwitchRole(ctx, access.Console(), r.membership["olga"], true))
	conflict("last counterpart's account", r.service.Disable(ctx, access.Console(), r.userID(olga)))
	conflict("last national", r.service.Disable(ctx, access.Console(), r.userID(rosa)))
	conflict("last national's role", r.service.EndMembership(ctx, access.Console(), r.membership["rosa"], calendar.Date{}))
	_, err := r.service.Reset(ctx, r.as("rosa"), r.userID(rosa))
	conflict("own password", err)

	// Somebody who was only invited does not count: not as who remains, and not as who goes.
	if _, err := r.service.Invite(ctx, access.Console(), access.Invitation{RUN: nuria, GivenNames: "N", Surnames: "N", Municipality: "05802", Role: access.Counterpart}); err != nil {
		t.Fatal(err)
	}
	conflict("beside an open invitation", r.service.Disable(ctx, access.Console(), r.userID(olga)))
	id := r.texts(`SELECT id FROM membership WHERE user_id = ?`, r.userID(nuria))[0]
	if err := r.service.EndMembership(ctx, access.Console(), id, calendar.Date{}); err != nil {
		t.Errorf("taking an invitation back: %v", err)
	}
	r.join("pedro.counterpart", access.NewMembership{RUN: pedro, Municipality: "05802", Role: access.Counterpart})
	if err := r.service.Disable(ctx, access.Console(), r.userID(olga)); err != nil {
		t.Errorf("with another one: %v", err)
	}
	conflict("now the other is the last", r.service.Disable(ctx, access.Console(), r.userID(pedro)))
}

// published lets people in without a second factor, whose own tests are elsewhere.
func published(c *access.Config) {
	c.Demo, c.Published = true, func(uint32) bool { return true }
}

// The pages: another municipality's people do not exist, and a head that gives
// what it may not is refused.
func TestUserPages(t *testing.T) {
	r := staffed(t, published)
	head, lolol := r.open().signIn(hugo), r.open().signIn(irma)
	camilas := "/users/" + r.userID(camila)
	for _, path := range []string{camilas, camilas + "/history", "/users/" + r.userID(rosa), "/users/nobody"} {
		if got := lolol.Get(path).Status; got != http.StatusNotFound {
			t.Errorf("Lolol: GET %s answered %d", path, got)
		}
	}
	for _, act := range []string{camilas + "/reset", camilas + "/disable", camilas + "/enable", camilas + "/roles", camilas + "/email",
		"/memberships/" + r.membership["camila"] + "/end", "/memberships/" + r.membership["camila"] + "/disable"} {
		if got := lolol.PostForm(act, url.Values{"role": {"front_desk"}}).Status; got != http.StatusNotFound {
			t.Errorf("Lolol: POST %s answered %d", act, got)
		}
	}
	if got := head.Get(camilas); got.Status != http.StatusOK || !strings.Contains(got.Body, "12.345.678-5") {
		t.Errorf("the head sees %d", got.Status)
	}
	for role, want := range map[string]int{"director": 403, "counterpart": 403, "national_admin": 403, "case_manager:families": 403, "unit_head:social": 403, "rsh_desk": 403, "front_desk:social": 303, "king": 422} {
		if got := head.PostForm(camilas+"/roles", url.Values{"role": {role}}).Status; got != want {
			t.Errorf("the head gives %s: %d", role, got)
		}
	}
	if got := head.Get("/users/" + r.userID(pedro)).Status; got != http.StatusNotFound {
		t.Errorf("the head sees the front desk: %d", got)
	}
	page := lolol.Get("/users")
	if strings.Contains(page.Body, "Camila") || !strings.Contains(page.Body, "Araya") || !strings.Contains(page.Body, "Lobos") {
		t.Errorf("Lolol's list:\n%s", page.Body)
	}
}

func TestRosterList(t *testing.T) {
	r := staffed(t, published)
	r.invite(r.as("olga"), nuria)
	b := r.open().signIn(olga)
	for _, c := range []struct{ q, state, has, lacks string }{
		{"nanez", "", "Ñáñez", "Rojas"}, {"ALVAREZ  nu", "", "Ñáñez", "Rojas"}, {"12.345.678-5", "", "Rojas", "Ñáñez"}, {"vera", "", "No hay nadie", "Vera"},
		{"", "invited", "Ñáñez", "Rojas"}, {"", "unused", "No hay nadie", "Ñáñez"}, {"", "disabled", "No hay nadie", "Rojas"}, {"", "former", "No hay nadie", "Rojas"}, {"%", "", "", "Vera"},
	} {
		got := b.Get("/users?state=" + c.state)
		if c.q != "" {
			got = b.PostForm("/users/search", url.Values{"q": {c.q}, "state": {c.state}})
		}
		table := got.Body[strings.Index(got.Body, "roster-found"):]
		if got.Status != http.StatusOK || !strings.Contains(table, c.has) || strings.Contains(table, c.lacks+",") {
			t.Errorf("%+v answered %d\n%s", c, got.Status, table)
		}
	}
	if got := b.PostForm("/users/search", url.Values{"q": {""}, "role": {"case_manager"}}); got.Header.Get("Location") != "/users?role=case_manager" {
		t.Errorf("without words: %d %s", got.Status, got.Header.Get("Location"))
	}
	r.clock.Advance(61 * 24 * time.Hour)
	late := r.open().signIn(olga)
	if got := late.Get("/users?state=unused"); !strings.Contains(got.Body, "Rojas") || strings.Contains(got.Body, "Contreras, Olga") {
		t.Error("two months later nobody is named who does nothing")
	}
}

// The trail reads as who did what to whom, and a municipality sees its part of it.
func TestTrailPages(t *testing.T) {
	r := staffed(t, published)
	r.open().signIn(camila)
	r.invite(r.as("olga"), nuria)
	if err := r.service.SwitchRole(context.Background(), r.as("irma"), r.membership["pedro.lolol"], true); err != nil {
		t.Fatal(err)
	}
	admin := r.open().signIn(rosa)
	page := admin.Get("/admin/audit")
	for _, want := range []string{"Dio un rol", "Olga Contreras", "Nuria Ñáñez Álvarez", "Gestor/a de casos · Asistencia Social · Limache", "Inhabilitó un rol", "Ingresó", "Consola del servidor"} {
		page.Contains(t, want)
	}
	if got := admin.Get("/admin/audit?kind=membership"); strings.Contains(got.Body, "<td>Ingresó") || !strings.Contains(got.Body, "Dio un rol") {
		t.Error("the kind is not kept to")
	}
	if got := admin.Get("/admin/audit?about=" + r.userID(nuria)); strings.Contains(got.Body, "Irma Lobos") || !strings.Contains(got.Body, "Hizo un enlace") {
		t.Error("the person is not kept to")
	}
	if got := admin.Get("/admin/audit?by=" + r.userID(irma)); !strings.Contains(got.Body, "Inhabilitó un rol") || strings.Contains(got.Body, "Hizo un enlace") {
		t.Error("who did it is not kept to")
	}
	today := calendar.On(r.clock.Now())
	if got := admin.Get("/admin/audit?from=" + today.AddDays(1).Chilean()); !strings.Contains(got.Body, "No hay nada registrado") {
		t.Error("days to come have entries")
	}
	if got := admin.Get("/admin/audit?from=" + today.Chilean() + "&to=" + today.Chilean()); !strings.Contains(got.Body, "Dio un rol") {
		t.Error("today has no entries")
	}
	if got := admin.Get("/admin/audit?from=31-02-2026").Status; got != http.StatusUnprocessableEntity {
		t.Errorf("a day that is none: %d", got)
	}
	for who, want := range map[uint32]string{olga: "Limache", irma: "Lolol"} {
		got := r.open().signIn(who).Get("/users/" + r.userID(pedro) + "/history")
		if got.Status != http.StatusOK || strings.Contains(got.Body, "Inhabilitó un rol") != (who == irma) || strings.Contains(got.Body, "Subsidios") != (who == irma) {
			t.Errorf("%s's history of Pedro answered %d\n%s", want, got.Status, got.Body)
		}
	}
	if got := r.open().signIn(olga).Get("/admin/audit").Status; got != http.StatusForbidden {
		t.Errorf("a counterpart reads the national trail: %d", got)
	}
}

// What only the national administration may give, it gives with a code: to
// invite, to give a role, to make a link to a password. A code works once.
func TestTheNationalAdministrationShowsItsCode(t *testing.T) {
	r := staffed(t)
	b := r.open().signIn(rosa)
	p := b.enrol()
	if got := b.Get("/agreement"); got.Status == http.StatusOK {
		b.PostForm("/agreement", url.Values{"accept": {"1"}})
	}
	camilas := "/users/" + r.userID(camila)
	forms := map[string]url.Values{
		"/users":           {"run": {"22.222.222-2"}, "given_names": {"Nuria"}, "surnames": {"Ñáñez"}, "municipality": {"06304"}, "role": {"counterpart"}},
		camilas + "/roles": {"municipality": {"05802"}, "role": {"counterpart"}},
		camilas + "/reset": {},
	}
	for path, form := range forms {
		r.clock.Advance(access.ConfirmedFor + minute)
		got := b.PostForm(path, form)
		if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, `name="code"`) {
			t.Errorf("POST %s without a code answered %d", path, got.Status)
		}
	}
	if n := len(r.texts(`SELECT id FROM membership WHERE role = 'counterpart'`)); n != 2 {
		t.Fatalf("%d counterparts", n)
	}
	form := forms["/users"]
	code := p.code(0)
	form.Set("code", code)
	if got := b.PostForm("/users", form); got.Status != http.StatusOK || !strings.Contains(got.Body, "/invite/") {
		t.Errorf("with a code: %d\n%s", got.Status, got.Body)
	}
	r.clock.Advance(access.ConfirmedFor)
	if got := b.PostForm(camilas+"/reset", url.Values{"code": {code}}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("with the same code: %d", got.Status)
	}
}
