package catalogue

import (
	"context"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

// house is a data directory with the national catalogue and seeded municipalities.
type house struct {
	files   *tenants.Files
	clock   *tenantstest.Clock
	service *Service
}

func newHouse(t testing.TB) *house {
	t.Helper()
	files, clock := tenantstest.NewWithClock(t)
	if err := SeedNational(context.Background(), files.National()); err != nil {
		t.Fatal(err)
	}
	return &house{files, clock, NewService(files.National(), clock.Now)}
}

// worker is a case manager of a seeded municipality.
func (h *house) worker(t testing.TB, code string) actor.Actor {
	t.Helper()
	m := tenantstest.Municipality(t, h.files, code)
	update(t, m, func(tx *tenants.Tx) error { return Seed(tx, m.Identity) })
	return actor.Actor{UserID: "u1", MembershipID: "m1", Name: "Camila Rojas", Role: access.CaseManager,
		UnitID: access.SocialUnit, Municipality: m, Permissions: access.PermissionsOf(access.CaseManager, access.SocialUnit)}
}

func update(t testing.TB, db interface {
	Update(context.Context, func(*tenants.Tx) error) error
}, work func(*tenants.Tx) error) {
	t.Helper()
	if err := db.Update(context.Background(), work); err != nil {
		t.Fatal(err)
	}
}

func exec(t testing.TB, m *tenants.Municipality, work func(*tenants.Tx) (tenants.Result, error)) {
	t.Helper()
	update(t, m, func(tx *tenants.Tx) error { _, err := work(tx); return err })
}

// What comes out of the files is what the seed says, item by item.
func TestFilesHoldTheSeed(t *testing.T) {
	h := newHouse(t)
	got, err := h.service.Catalogue(context.Background(), h.worker(t, "05802"))
	if err != nil {
		t.Fatal(err)
	}
	want := seeded(t)
	if len(got.Items) != len(want.Items) || len(got.Items) < 120 {
		t.Fatalf("%d items, want %d", len(got.Items), len(want.Items))
	}
	f := household()
	for i, it := range want.Items {
		have := got.Items[i]
		if have.Code != it.Code || have.Subcategory != it.Subcategory || have.Scope != it.Scope ||
			have.Reference != it.Reference || have.ReferenceKnown != it.ReferenceKnown ||
			have.IntervalDays != it.IntervalDays || have.search != it.search ||
			written(have.Criteria) != written(it.Criteria) || len(have.Fields) != len(it.Fields) {
			t.Errorf("%s came back as %+v, want %+v", it.Code, have, it)
		}
		for k := range it.Fields {
			if a, b := have.Fields[k], it.Fields[k]; a.Name != b.Name || a.Label != b.Label || a.Type != b.Type || a.Required != b.Required || len(a.Choices) != len(b.Choices) {
				t.Errorf("%s: field %+v, want %+v", it.Code, a, b)
			}
		}
		if !same(have.Judge(f), it.Judge(f)) {
			t.Errorf("%s is judged differently", it.Code)
		}
	}
}

func TestDrawersStandInTheirOrder(t *testing.T) {
	h := newHouse(t)
	c, err := h.service.Catalogue(context.Background(), h.worker(t, "05802"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"A": 4, "B": 0, "C": 0, "D": 3, "E": 8, "F": 8}
	for _, category := range c.Categories {
		if len(category.Subcategories) != want[category.Code] {
			t.Errorf("%s has %d subcategories, want %d", category.Code, len(category.Subcategories), want[category.Code])
		}
	}
	if names := c.Categories[3].Subcategories; names[1].Name != "Unidades municipales no integradas" {
		t.Errorf("drawers of D: %v", names)
	}
	if names := c.Categories[4].Subcategories; names[0].Code != "alimentacion" || names[7].Code != "emergencia_y_otros" {
		t.Errorf("drawers of E: %v", names)
	}
}

func TestSeedingTwiceChangesNothing(t *testing.T) {
	h := newHouse(t)
	who := h.worker(t, "05802")
	// The municipality took an item out and renamed another; the national one got a new amount.
	exec(t, who.Municipality, func(tx *tenants.Tx) (tenants.Result, error) {
		return tx.Exec(`DELETE FROM catalogue_item WHERE code = 'E101'`)
	})
	update(t, h.files.National(), func(tx *tenants.Tx) error {
		_, err := tx.Exec(`UPDATE catalogue_item SET reference_clp = 23000 WHERE code = 'D101'`)
		return err
	})
	if err := SeedNational(context.Background(), h.files.National()); err != nil {
		t.Fatal(err)
	}
	who = h.worker(t, "05802") // seeds again
	c, err := h.service.Catalogue(context.Background(), who)
	if err != nil {
		t.Fatal(err)
	}
	if c.Item("E101") != nil {
		t.Error("an item that the municipality took out came back")
	}
	if it := c.Item("D101"); it.Reference != 23000 || len(it.Criteria) != 2 || len(it.Fields) != 5 {
		t.Errorf("the national item was written again: %+v", it)
	}
}

func TestVersionsByDay(t *testing.T) {
	h := newHouse(t)
	who := h.worker(t, "05802")
	ctx := context.Background()
	exec(t, who.Municipality, func(tx *tenants.Tx) (tenants.Result, error) {
		return tx.Exec(`UPDATE catalogue_item SET valid_to = '2026-11-30' WHERE code = 'E101'`)
	})
	exec(t, who.Municipality, func(tx *tenants.Tx) (tenants.Result, error) {
		return tx.Exec(`INSERT INTO catalogue_item (code, valid_from, category, subcategory, name, reference_clp)
			VALUES ('E101', '2026-12-01', 'E', 'alimentacion', 'Canasta', 40000)`)
	})
	for on, want := range map[string]int64{"2026-01-01": 35000, "2026-11-30": 35000, "2026-12-01": 40000} {
		c, err := h.service.On(ctx, who, day(on))
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Item("E101").Reference; got != want {
			t.Errorf("on %s the basket is %d, want %d", on, got, want)
		}
	}
	if it, _ := h.service.Item(ctx, who, "E101"); it.Reference != 35000 {
		t.Errorf("today's basket is %d", it.Reference)
	}
	h.clock.Advance(12 * 24 * time.Hour)
	if it, _ := h.service.Item(ctx, who, "E101"); it.Reference != 40000 || it.Criteria != nil {
		t.Errorf("in December the basket is %+v, want the new version", it)
	}
}

func TestOverrideCountsAtOnceAndOnlyAtHome(t *testing.T) {
	h := newHouse(t)
	worker, neighbour := h.worker(t, "05802"), h.worker(t, "06304")
	keeper := worker
	keeper.Permissions = access.PermissionsOf(access.Counterpart, "")
	ctx := context.Background()
	shut := Override{Code: "D202", Contact: "OMIL, 2° piso", Spots: 12, SpotsPeriod: "month"}

	if err := h.service.SetOverride(ctx, worker, shut); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a case manager changed the catalogue: %v", err)
	}
	before, _ := h.service.Item(ctx, worker, "D202")
	if err := h.service.SetOverride(ctx, keeper, shut); err != nil {
		t.Fatal(err)
	}
	after, _ := h.service.Item(ctx, worker, "D202")
	if before.Unavailable || !after.Unavailable || after.Contact != shut.Contact || after.Spots != 12 {
		t.Errorf("before %+v, after %+v", before, after)
	}
	if there, _ := h.service.Item(ctx, neighbour, "D202"); there.Unavailable || there.Contact != "" {
		t.Errorf("the neighbour sees it too: %+v", there)
	}
	var trail int
	err := worker.Municipality.View(ctx, func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM audit WHERE action = 'catalogue.override' AND object = 'D202'`).Scan(&trail)
	})
	if err != nil || trail != 1 {
		t.Errorf("%d entries in the trail (%v), want 1", trail, err)
	}
	for _, code := range []string{"E101", "D999"} { // its own item, and none
		if err := h.service.SetOverride(ctx, keeper, Override{Code: code, SpotsPeriod: "month"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v, want not found", code, err)
		}
	}
}

func TestCompiledOnce(t *testing.T) {
	h := newHouse(t)
	who := h.worker(t, "05802")
	ctx := context.Background()
	first, _ := h.service.Catalogue(ctx, who)
	second, _ := h.service.Catalogue(ctx, who)
	if first != second {
		t.Error("the catalogue was read twice in a day")
	}
	h.service.Forget(who.Municipality.ID)
	if third, _ := h.service.Catalogue(ctx, who); third == first {
		t.Error("a forgotten catalogue came back")
	}
	// Read before a change, finished after it: must not be kept.
	h.service.Forget("")
	h.service.keep(who.Municipality.ID, first, h.service.changes-1)
	if again, _ := h.service.Catalogue(ctx, who); again == first {
		t.Error("what was read before the change is served after it")
	}
}

func TestCatalogueIsForThoseWhoReadFiles(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	assistant := h.worker(t, "05802")
	assistant.Permissions = access.PermissionsOf(access.TechnicalAssistant, "")
	for name, who := range map[string]actor.Actor{"nobody": {}, "technical assistant": assistant} {
		if _, err := h.service.Items(ctx, who); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v, want forbidden", name, err)
		}
		if _, err := h.service.On(ctx, who, today); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s on a day: %v, want forbidden", name, err)
		}
	}
	if _, err := h.service.Item(ctx, h.worker(t, "05802"), "Z999"); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown item: %v, want not found", err)
	}
}

// A row that staff or a repair wrote wrongly names itself.
func TestBadRowIsNamed(t *testing.T) {
	h := newHouse(t)
	who := h.worker(t, "05802")
	exec(t, who.Municipality, func(tx *tenants.Tx) (tenants.Result, error) {
		return tx.Exec(`UPDATE catalogue_criterion SET attribute = 'wealth' WHERE code = 'E303'`)
	})
	_, err := h.service.Items(context.Background(), who)
	if err == nil || err.Error() != `catalogue item E303, criterion 1: unknown attribute "wealth"` {
		t.Errorf("got %v", err)
	}
}
