package benefit

import (
	"context"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

func date(t *testing.T, s string) calendar.Date {
	t.Helper()
	d, err := calendar.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (o *office) worker() actor.Actor {
	return actor.Actor{UserID: "u", Name: "Camila", Role: access.CaseManager, UnitID: access.SocialUnit,
		Permissions: access.PermissionsOf(access.CaseManager, access.SocialUnit), Municipality: o.m}
}

func (o *office) deliver(g Grant) error {
	return o.m.Update(context.Background(), func(tx *tenants.Tx) error { return NewService().Deliver(tx, o.worker(), g) })
}

func TestADeliveryEntersOnce(t *testing.T) {
	o := newOffice(t)
	g := Grant{Holder: "1-9", ItemCode: "E101", Name: "Canasta de alimentos", Category: "E", Subcategory: "Alimentación", Kind: InKind,
		On: date(t, "2026-11-20"), Quantity: 2, Unit: "unidad", Amount: 70_000, Provider: "Asistencia Social", Decree: "12/2026", Note: "en casa", Origin: "item-1"}
	for range 3 {
		if err := o.deliver(g); err != nil {
			t.Fatal(err)
		}
	}
	list := o.received("1-9")
	if len(list) != 1 {
		t.Fatalf("%d grants", len(list))
	}
	g.ID, g.Source = list[0].ID, FromPlan
	if list[0] != g || g.ID == "" {
		t.Errorf("kept as %+v\nwant    %+v", list[0], g)
	}
	if n := o.count(`SELECT count(*) FROM audit WHERE action = 'benefit.deliver'`); n != 1 {
		t.Errorf("%d audit entries", n)
	}
}

func TestReceivedIsNewestFirstAndOnlyTheHolders(t *testing.T) {
	o := newOffice(t)
	for origin, c := range map[string][2]string{"a": {"1-9", "2026-01-05"}, "b": {"2-7", "2026-03-05"}, "c": {"1-9", "2026-02-05"}, "d": {"3-5", "2026-04-05"}} {
		if err := o.deliver(Grant{Holder: c[0], Name: "x", Kind: Cash, On: date(t, c[1]), Quantity: 1, Origin: origin}); err != nil {
			t.Fatal(err)
		}
	}
	var got string
	err := o.m.View(context.Background(), func(tx *tenants.Tx) error {
		list, err := Received(tx, []string{"1-9", "2-7", "9-4"})
		for _, g := range list {
			got += g.Origin
		}
		return err
	})
	if err != nil || got != "bca" {
		t.Errorf("got %q %v, want bca", got, err)
	}
	if list := o.received("9-4"); len(list) != 0 {
		t.Errorf("a stranger received %v", list)
	}
}

func TestADeliveryThatCannotBe(t *testing.T) {
	o := newOffice(t)
	good := Grant{Holder: "1-9", Name: "x", Kind: InKind, On: date(t, "2026-11-21"), Quantity: 1, Origin: "o"}
	for name, c := range map[string]struct {
		change func(*Grant)
		kind   fault.Kind
	}{
		"tomorrow":        {func(g *Grant) { g.On = date(t, "2026-11-22") }, fault.Invalid},
		"no date":         {func(g *Grant) { g.On = calendar.Date{} }, fault.Invalid},
		"nothing":         {func(g *Grant) { g.Quantity = 0 }, fault.Invalid},
		"negative amount": {func(g *Grant) { g.Amount = -1 }, fault.Invalid},
		"nobody":          {func(g *Grant) { g.Holder = "" }, fault.Internal},
		"no origin":       {func(g *Grant) { g.Origin = "" }, fault.Internal},
		"no kind":         {func(g *Grant) { g.Kind = "loan" }, fault.Internal},
	} {
		g := good
		c.change(&g)
		if err := o.deliver(g); err == nil || fault.KindOf(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := o.count(`SELECT count(*) FROM benefit_grant`); n != 0 {
		t.Errorf("%d grants", n)
	}
}
