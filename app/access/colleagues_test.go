package access_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants/tenantstest"
)

func TestColleagues(t *testing.T) {
	r := newRig(t)
	ctx := context.Background()
	limache := tenantstest.Municipality(t, r.files, "05802")
	who := actor.Actor{UserID: "x", Role: access.CaseManager, UnitID: access.SocialUnit, Municipality: limache,
		Permissions: access.PermissionsOf(access.CaseManager, access.SocialUnit)}
	const luis, marta = 13000001, 13000002
	r.addUser(luis, "Luis", "Moraga Silva")
	r.addUser(marta, "Marta", "Álvarez Pino")
	today := calendar.On(tenantstest.Today)
	r.join("luis", access.NewMembership{RUN: luis, Municipality: "05802", Role: access.CaseManager, Unit: access.SocialUnit, To: today})
	r.join("luis.head", access.NewMembership{RUN: luis, Municipality: "05802", Role: access.UnitHead, Unit: access.RSHUnit})
	r.join("marta", access.NewMembership{RUN: marta, Municipality: "05802", Role: access.CaseManager, Unit: access.SocialUnit, From: today.AddDays(1)})
	said := func(unit string) string {
		list, err := r.service.Colleagues(ctx, who, unit)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, c := range list {
			names = append(names, fmt.Sprintf("%s %s@%s", strings.Fields(c.Name)[0], c.Role, c.UnitID))
		}
		return strings.Join(names, ", ")
	}
	const everybody = "Pedro front_desk@, Luis case_manager@social, Luis unit_head@rsh, Camila case_manager@social"
	for unit, want := range map[string]string{
		"": everybody, access.SocialUnit: "Luis case_manager@social, Camila case_manager@social", access.RSHUnit: "Luis unit_head@rsh", "nobody": "", "' OR 1=1 --": "",
	} {
		if got := said(unit); got != want {
			t.Errorf("%q: %s", unit, got)
		}
	}
	r.clock.Advance(24 * time.Hour) // Luis's time in Asistencia Social is over, Marta's begins
	if got := said(access.SocialUnit); got != "Marta case_manager@social, Camila case_manager@social" {
		t.Errorf("tomorrow: %s", got)
	}
	if err := r.service.DisableUser(ctx, access.Console(), camila); err != nil {
		t.Fatal(err)
	}
	if got := said(access.SocialUnit); got != "Marta case_manager@social" {
		t.Errorf("without Camila: %s", got)
	}
	for what, nobody := range map[string]actor.Actor{"nobody": {}, "the national admin": access.Console()} {
		if _, err := r.service.Colleagues(ctx, nobody, ""); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// A unit's new name is on everybody's screen at once, also of who is signed in.
func TestNameUnit(t *testing.T) {
	r := newRig(t)
	ctx := context.Background()
	browser := r.open().signIn(camila)
	admin := actor.Actor{UserID: "x", Role: access.Counterpart, Municipality: tenantstest.Municipality(t, r.files, "05802"),
		Permissions: access.PermissionsOf(access.Counterpart, "")}
	before := browser.Get("/").Body
	if err := r.service.NameUnit(ctx, admin, access.SocialUnit, "Departamento Social"); err != nil {
		t.Fatal(err)
	}
	list, err := r.service.Colleagues(ctx, admin, access.SocialUnit)
	if err != nil || len(list) != 1 || list[0].UnitName != "Departamento Social" {
		t.Errorf("%+v %v", list, err)
	}
	if after := browser.Get("/").Body; strings.Contains(before, "Departamento Social") || !strings.Contains(after, "Departamento Social") {
		t.Errorf("before %q, after %q", before, after)
	}
	other := admin
	other.Municipality = tenantstest.Municipality(t, r.files, "06304")
	if list, err := r.service.Colleagues(ctx, other, access.SubsidiesUnit); err != nil || len(list) != 1 || list[0].UnitName != "Subsidios Sociales" {
		t.Errorf("elsewhere: %+v %v", list, err)
	}
	for what, err := range map[string]error{
		"an unknown unit": r.service.NameUnit(ctx, admin, "omil", "x"), "a blank name": r.service.NameUnit(ctx, admin, access.SocialUnit, " "),
		"a long name": r.service.NameUnit(ctx, admin, access.SocialUnit, strings.Repeat("x", 101)),
	} {
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	head := admin
	head.Permissions = access.PermissionsOf(access.UnitHead, access.SocialUnit)
	if err := r.service.NameUnit(ctx, head, access.SocialUnit, "x"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a head: %v", err)
	}
}
