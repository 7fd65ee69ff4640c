package access_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

func TestAddUserNamesEachBadField(t *testing.T) {
	r := newRig(t)
	_, err := r.service.AddUser(context.Background(), access.Console(), access.NewUser{GivenNames: " ", Password: "corta"})
	var trouble *fault.Error
	if !errors.As(err, &trouble) || trouble.Kind != fault.Invalid {
		t.Fatalf("got %v", err)
	}
	var names []string
	for _, f := range trouble.Fields {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); got != "run given_names surnames password" {
		t.Errorf("named %q", got)
	}
}

// The demo's password is published: only the demo takes it, and hashes it once.
func TestDemoPassword(t *testing.T) {
	ctx := context.Background()
	n := access.NewUser{RUN: 22222222, GivenNames: "Marta", Surnames: "Salinas", Password: access.DemoPassword}
	if _, err := newRig(t).service.AddUser(ctx, access.Console(), n); !fault.Is(err, fault.Invalid) {
		t.Errorf("outside the demo: %v", err)
	}
	r := newRig(t, func(c *access.Config) { c.Demo = true })
	before := r.service.HashRuns()
	for range 5 {
		if _, err := r.service.AddUser(ctx, access.Console(), n); err != nil {
			t.Fatal(err)
		}
		n.RUN++
	}
	if made := r.service.HashRuns() - before; made != 1 {
		t.Errorf("%d hashes for five accounts", made)
	}
	if got := r.texts(`SELECT CAST(run AS TEXT) FROM user WHERE password = (SELECT password FROM user WHERE run = ?)`, 22222222); len(got) != 5 {
		t.Errorf("%d accounts share it", len(got))
	}
}

// What goes wrong is told without the person's data: errors are logged.
func TestRosterErrorsHoldNoPersonalData(t *testing.T) {
	r := newRig(t)
	ctx := context.Background()
	_, twice := r.service.AddUser(ctx, access.Console(), access.NewUser{RUN: camila, GivenNames: "Camila", Surnames: "Rojas Soto", Password: secret})
	if !fault.Is(twice, fault.Conflict) {
		t.Errorf("the same RUN twice: %v", twice)
	}
	unknown := r.service.DisableUser(ctx, access.Console(), 22222222)
	if !fault.Is(unknown, fault.NotFound) {
		t.Errorf("an unknown RUN: %v", unknown)
	}
	weak := r.service.ResetPassword(ctx, access.Console(), camila, "mi-12345678-clave")
	if !fault.Is(weak, fault.Invalid) {
		t.Errorf("a weak password: %v", weak)
	}
	for _, err := range []error{twice, unknown, weak} {
		for _, datum := range []string{"Camila", "Rojas", "12345678", "22222222", secret} {
			if strings.Contains(err.Error(), datum) {
				t.Errorf("the error says %q: %v", datum, err)
			}
		}
	}
}

func TestOnlyTheNationalAdministrationChangesTheRoster(t *testing.T) {
	r := newRig(t)
	ctx := context.Background()
	for _, role := range []string{access.FrontDesk, access.CaseManager, access.UnitHead, access.Counterpart, access.Director, access.TechnicalAssistant, ""} {
		who := actor.Actor{UserID: "x", Role: role, Permissions: access.PermissionsOf(role, access.SocialUnit)}
		_, add := r.service.AddUser(ctx, who, access.NewUser{RUN: 22222222, GivenNames: "A", Surnames: "B", Password: secret})
		_, list := r.service.ListUsers(ctx, who)
		_, join := r.service.AddMembership(ctx, who, access.NewMembership{RUN: camila, Role: access.NationalAdmin})
		for verb, err := range map[string]error{
			"add": add, "list": list, "join": join,
			"disable": r.service.DisableUser(ctx, who, camila),
			"reset":   r.service.ResetPassword(ctx, who, camila, "otra frase bien larga"),
			"end":     r.service.EndMembership(ctx, who, r.membership["camila"], calendar.Date{}),
		} {
			if !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s by %q: %v", verb, role, err)
			}
		}
	}
}

func TestMembershipRules(t *testing.T) {
	r := newRig(t)
	day := func(text string) calendar.Date {
		d, err := calendar.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		m     access.NewMembership
		field string // "" for a good one
	}{
		{access.NewMembership{Municipality: "05802", Role: access.RSHDesk}, ""},
		{access.NewMembership{Municipality: "05802", Role: access.UnitHead, Unit: access.CareUnit, UnitName: "Red de Cuidados"}, ""},
		{access.NewMembership{Municipality: "05802", Role: access.Director}, ""},
		{access.NewMembership{Municipality: "05802", Role: access.TechnicalAssistant}, ""},
		{access.NewMembership{Municipality: "05802", Role: "king"}, "role"},
		{access.NewMembership{Municipality: "05802", Role: access.CaseManager}, "unit"},
		{access.NewMembership{Municipality: "05802", Role: access.UnitHead}, "unit"},
		{access.NewMembership{Municipality: "05802", Role: access.RSHDesk, Unit: access.SocialUnit}, "unit"},
		{access.NewMembership{Municipality: "05802", Role: access.CaseManager, Unit: "kitchen"}, "unit"},
		{access.NewMembership{Municipality: "99999", Role: access.FrontDesk}, "municipality"},
		{access.NewMembership{Role: access.FrontDesk}, "municipality"},
		{access.NewMembership{Municipality: "05802", Role: access.NationalAdmin}, "municipality"},
		{access.NewMembership{Municipality: "05802", Role: access.FrontDesk, From: day("2026-12-01"), To: day("2026-11-30")}, "to"},
	} {
		c.m.RUN = camila
		_, err := r.service.AddMembership(context.Background(), access.Console(), c.m)
		var trouble *fault.Error
		switch {
		case c.field == "" && err != nil:
			t.Errorf("%+v: %v", c.m, err)
		case c.field != "" && (!errors.As(err, &trouble) || len(trouble.Fields) != 1 || trouble.Fields[0].Name != c.field):
			t.Errorf("%+v: %v, want the field %s", c.m, err, c.field)
		}
	}
}

func TestListUsers(t *testing.T) {
	r := newRig(t)
	r.join("camila.care", access.NewMembership{RUN: camila, Municipality: "05802", Role: access.CaseManager, Unit: access.CareUnit, UnitName: "Red de Cuidados"})
	list, err := r.service.ListUsers(context.Background(), access.Console())
	if err != nil || len(list) != 3 {
		t.Fatalf("%d users, %v", len(list), err)
	}
	got := list[1] // Araya, Rojas, Vera
	if got.Name() != "Camila Rojas Soto" || got.RUN != camila || len(got.Memberships) != 2 || !got.DisabledAt.IsZero() {
		t.Fatalf("entry %+v", got)
	}
	if m := got.Memberships[1]; m.UnitName != "Asistencia Social" || m.MunicipalityCode != "05802" || m.Municipality != "Limache" {
		t.Errorf("membership %+v", m)
	}
	if m := got.Memberships[0]; m.UnitName != "Red de Cuidados" {
		t.Errorf("the municipality's own name of the unit: %q", m.UnitName)
	}
}

// Every change of the roster and every sign-in leaves an entry; no password and
// no RUN does, and no entry can be changed (16.2, 16.4.2).
func TestTrail(t *testing.T) {
	r := newRig(t)
	ctx := context.Background()
	b := r.open()
	b.PostForm("/login", login("11.111.111-1", "no es esta frase"))
	b.PostForm("/login", login("22.222.222-2", "no es esta frase"))
	b.signIn(pedro)
	b.PostForm("/switch", map[string][]string{"membership": {r.membership["pedro.lolol"]}})
	b.PostForm("/logout", nil)
	b.signIn(pedro)
	b.PostForm("/logout-everywhere", nil)
	if err := r.service.ResetPassword(ctx, access.Console(), pedro, "otra frase bien larga"); err != nil {
		t.Fatal(err)
	}
	if err := r.service.DisableUser(ctx, access.Console(), pedro); err != nil {
		t.Fatal(err)
	}
	got := r.texts(`SELECT action FROM audit WHERE action NOT LIKE '%.add' ORDER BY seq`)
	want := "login.failed login.failed login.ok agreement.accept login.switch logout login.ok logout.everywhere user.reset_password user.disable"
	if strings.Join(got, " ") != want {
		t.Errorf("trail: %s", strings.Join(got, " "))
	}
	if n := len(r.texts(`SELECT action FROM audit WHERE action IN ('user.add', 'membership.add')`)); n != 7 {
		t.Errorf("%d entries of the roster's making, want 7", n)
	}
	all := strings.Join(r.texts(`SELECT at || user_id || role || action || object || detail || request FROM audit`), "\n")
	for _, datum := range []string{"11111111", "11.111.111", "22222222", "22.222.222", secret, "no es esta frase", "otra frase", "Pedro", "argon2"} {
		if strings.Contains(all, datum) {
			t.Errorf("the trail says %q", datum)
		}
	}
	if err := audit.VerifyChanges(ctx, r.files.National()); err != nil {
		t.Errorf("the chain of the national trail: %v", err)
	}
}
