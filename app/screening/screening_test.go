package screening_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/benefit"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/app/screening"
	"gsl/tenants"
)

func TestTheScreeningSaysWhatTheRegistriesKnow(t *testing.T) {
	h := build(t)
	h.registry.put(mockHousehold())
	h.grant(maria, "E101", "Canasta de alimentos", benefit.InKind, "2026-08-14", 1, 35_000)
	h.grant(camila, "F201", "Aporte para medicamentos", benefit.Cash, "2026-05-02", 1, 45_000)
	f := h.lookup(h.manager(), maria)
	sc := h.compile(h.manager(), f.ID)

	if sc.Standing != screening.Fresh || sc.Down || !sc.SeenAt.Equal(h.clock.Now()) {
		t.Errorf("standing %v, down %v, seen %v", sc.Standing, sc.Down, sc.SeenAt)
	}
	if sc.File.Name() != "María Eugenia González Pérez" || sc.File.Phone != "+56981234567" || sc.File.Folio != "058020000007" {
		t.Errorf("the file was not filled: %+v", sc.File)
	}
	var order []string
	for i := range sc.Household.Members {
		order = append(order, sc.Household.Members[i].GivenNames)
	}
	if got := strings.Join(order, ", "); got != "María Eugenia, Luis, Camila, Matías" {
		t.Errorf("members in the order %s: want the head, then by age", got)
	}
	var received []string
	for _, r := range sc.Received {
		received = append(received, r.On.String()+" "+r.Code)
	}
	if got := strings.Join(received, ", "); got != "2026-10-31 RIS-SUF, 2026-08-14 E101, 2026-08-01 RIS-SAP, 2026-05-02 F201, 2020-01-05 RIS-BCN" {
		t.Errorf("benefits: %s", got)
	}
	if sc.Frame.Tramo != "40\u00a0%" || len(sc.Frame.Alerts) == 0 {
		t.Errorf("the header lacks what the household says: %+v", sc.Frame)
	}
}

func TestASnapshotIsKeptOnlyWhenTheRegistrySaysSomethingNew(t *testing.T) {
	h := build(t)
	h.registry.put(mockHousehold())
	f := h.lookup(h.manager(), maria)
	for range 3 {
		h.compile(h.manager(), f.ID)
	}
	if n := h.number(`SELECT count(*) FROM snapshot`); n != 1 {
		t.Fatalf("%d snapshots of one answer", n)
	}

	changes := h.number(`SELECT count(*) FROM audit`)
	h.clock.Advance(24 * time.Hour)
	h.compile(h.manager(), f.ID)
	if n := h.number(`SELECT count(*) FROM snapshot WHERE substr(seen_at, 1, 10) = '2026-11-22' AND substr(taken_at, 1, 10) = '2026-11-21'`); n != 1 {
		t.Errorf("the next day does not confirm the snapshot")
	}
	if n := h.number(`SELECT count(*) FROM audit`); n != changes {
		t.Errorf("confirming is no change, yet the trail has %d entries more", n-changes)
	}

	moved := mockHousehold()
	moved.Folio, moved.Members = "058020000099", moved.Members[2:3]
	h.registry.put(moved)
	if sc := h.compile(h.manager(), f.ID); len(sc.Household.Members) != 1 || sc.File.Folio != "058020000099" {
		t.Errorf("the new household is not shown: %+v", sc.File)
	}
	if n := h.number(`SELECT count(*) FROM snapshot`); n != 2 {
		t.Errorf("%d snapshots after moving: the household of before must stay", n)
	}
	if n := h.number(`SELECT count(*) FROM audit WHERE action = 'screening.kept' AND detail LIKE '%058020000099%'`); n != 1 {
		t.Errorf("the move is not in the trail")
	}
}

func TestTheRegistrysOrderIsNoChange(t *testing.T) {
	h := build(t)
	h.registry.put(mockHousehold())
	f := h.lookup(h.manager(), maria)
	h.compile(h.manager(), f.ID)
	turned := mockHousehold()
	turned.Members[0], turned.Members[3] = turned.Members[3], turned.Members[0]
	turned.Benefits[0], turned.Benefits[2] = turned.Benefits[2], turned.Benefits[0]
	h.registry.put(turned)
	h.compile(h.manager(), f.ID)
	if n := h.number(`SELECT count(*) FROM snapshot`); n != 1 {
		t.Errorf("%d snapshots", n)
	}
}

func TestAfterALookupThePageWritesNothing(t *testing.T) {
	h := build(t)
	h.people.AfterLookup = append(h.people.AfterLookup, h.screening.Refresh)
	h.registry.put(mockHousehold())
	f := h.lookup(h.manager(), maria)
	if f, err := h.people.File(context.Background(), h.manager(), f.ID); err != nil || f.GivenNames != "María Eugenia" {
		t.Fatalf("the lookup did not fill the file: %+v (%v)", f, err)
	}
	h.exec(`CREATE TRIGGER no_more BEFORE INSERT ON snapshot BEGIN SELECT RAISE(ABORT, 'written by a page'); END`)
	h.exec(`CREATE TRIGGER no_touch BEFORE UPDATE ON file BEGIN SELECT RAISE(ABORT, 'written by a page'); END`)
	if sc := h.compile(h.manager(), f.ID); sc.Standing != screening.Fresh {
		t.Errorf("standing %v", sc.Standing)
	}
}

func TestWhoHasAFileIsFilledWithTheHousehold(t *testing.T) {
	h := build(t)
	husband := h.lookup(h.manager(), luis) // nobody registered yet
	h.registry.put(mockHousehold())
	f := h.lookup(h.manager(), maria)
	h.compile(h.manager(), f.ID)
	got, err := h.people.File(context.Background(), h.manager(), husband.ID)
	if err != nil || got.Name() != "Luis Soto Araya" {
		t.Errorf("%+v (%v)", got, err)
	}
	if n := h.number(`SELECT count(*) FROM file`); n != 2 {
		t.Errorf("the screening opened files: %d", n)
	}
}

func TestARegistryThatIsDownBlocksNothing(t *testing.T) {
	for name, down := range map[string]error{"unavailable": errDown, "broken": errors.New("disk I/O error")} {
		t.Run(name, func(t *testing.T) {
			h := build(t)
			h.registry.put(mockHousehold())
			seen := h.lookup(h.manager(), maria)
			h.compile(h.manager(), seen.ID)
			unknown := h.lookup(h.manager(), runOf("9-4"))
			h.compile(h.manager(), unknown.ID)
			h.registry.fail(down)
			h.clock.Advance(3 * 24 * time.Hour)
			never := h.lookup(h.manager(), camila)

			sc := h.compile(h.manager(), seen.ID)
			if sc.Standing != screening.Kept || !sc.Down || len(sc.Household.Members) != 4 || sc.SeenAt.Format(time.DateOnly) != "2026-11-21" {
				t.Errorf("seen before: %v %v %v", sc.Standing, sc.Down, sc.SeenAt)
			}
			if len(sc.Received) != 3 {
				t.Errorf("%d benefits of the last snapshot", len(sc.Received))
			}
			sc = h.compile(h.manager(), unknown.ID)
			if sc.Standing != screening.NotRegistered || !sc.Down {
				t.Errorf("not registered before: %v %v", sc.Standing, sc.Down)
			}
			sc = h.compile(h.manager(), never.ID)
			if sc.Standing != screening.Silent || !sc.Down || sc.Facts(nil).Registered != catalogue.Unknown {
				t.Errorf("never seen: %v %v", sc.Standing, sc.Down)
			}
			if n := h.number(`SELECT count(*) FROM snapshot`); n != 2 {
				t.Errorf("%d snapshots: silence is no answer", n)
			}
		})
	}
}

func TestADamagedSnapshotIsSaidAndNotShown(t *testing.T) {
	h := build(t)
	h.registry.put(mockHousehold())
	f := h.lookup(h.manager(), maria)
	h.compile(h.manager(), f.ID)
	h.registry.fail(errDown)
	for _, body := range []string{"", "{", `{"v":1}`, `{"v":9,"members":[{}]}`, `{"v":1,"members":[{"run":"1-1"}]}`, `{"v":1,"data_date":"31-02-2026","members":[{"run":"1-9"}]}`} {
		h.exec(`UPDATE snapshot SET body = ?`, body)
		sc := h.compile(h.manager(), f.ID)
		if sc.Standing != screening.Silent || !sc.Damaged || len(sc.Household.Members) != 0 {
			t.Errorf("%s: standing %v, damaged %v", body, sc.Standing, sc.Damaged)
		}
	}
}

func TestAFileThatCannotBeWrittenCanBeRead(t *testing.T) {
	h := build(t)
	h.registry.put(mockHousehold())
	f := h.lookup(h.manager(), maria)
	h.exec(`CREATE TRIGGER full BEFORE INSERT ON snapshot BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
	if sc := h.compile(h.manager(), f.ID); sc.Standing != screening.Fresh || len(sc.Household.Members) != 4 {
		t.Errorf("standing %v", sc.Standing)
	}
	h.exec(`DROP TRIGGER full`)
	h.compile(h.manager(), f.ID)
	if n := h.number(`SELECT count(*) FROM snapshot`); n != 1 {
		t.Errorf("%d snapshots once it can be written again", n)
	}
}

func TestOnceRegisteredAndNoLonger(t *testing.T) {
	h := build(t)
	h.registry.put(mockHousehold())
	f := h.lookup(h.manager(), maria)
	h.compile(h.manager(), f.ID)
	h.registry.forget(maria)
	sc := h.compile(h.manager(), f.ID)
	if sc.Standing != screening.NotRegistered || sc.Earlier != day("2026-11-03") {
		t.Errorf("standing %v, earlier %v", sc.Standing, sc.Earlier)
	}
	if sc.Frame.Tramo != "" {
		t.Errorf("the header still says tramo %s", sc.Frame.Tramo)
	}
	if got := sc.Facts([]string{"05802"}); got.Registered != catalogue.No || got.Tramo != 0 || got.Members[got.Person].Name != "María Eugenia González Pérez" {
		t.Errorf("facts: %+v", got)
	}
}

func TestBenefitsOfAPersonWithoutHousehold(t *testing.T) {
	h := build(t)
	pension := screening.Benefit{RUN: luis, Code: "RIS-PGU", Name: "Pensión Garantizada Universal", On: day("2026-10-01"), Amount: 224_004}
	h.registry.benefits = map[people.RUN][]screening.Benefit{luis: {pension}}
	f := h.lookup(h.manager(), luis)
	check := func(when string) {
		t.Helper()
		sc := h.compile(h.manager(), f.ID)
		if sc.Standing != screening.NotRegistered || len(sc.Received) != 1 || sc.Received[0].Code != "RIS-PGU" || sc.Known() {
			t.Errorf("%s: standing %v, received %v", when, sc.Standing, sc.Received)
		}
		if got := sc.Facts(nil); len(got.Members) != 1 || len(got.Received) != 1 {
			t.Errorf("%s: facts %+v", when, got)
		}
	}
	check("asked")
	h.registry.fail(errDown)
	check("kept")
}

func TestManyAtOnceKeepOneSnapshot(t *testing.T) {
	h := build(t)
	h.registry.put(mockHousehold())
	f := h.lookup(h.manager(), maria)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := h.screening.Compile(context.Background(), h.manager(), f.ID); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := h.number(`SELECT count(*) FROM snapshot`); n != 1 {
		t.Errorf("%d snapshots", n)
	}
}

func TestAnotherMunicipalitysFileIsUnknown(t *testing.T) {
	h := build(t)
	h.registry.put(mockHousehold())
	f := h.lookup(h.manager(), maria)
	h.compile(h.manager(), f.ID) // warm, so that nothing is found by memory either
	other := h.worker(h.lolol, access.CaseManager)
	for _, who := range []actor.Actor{other, h.worker(h.lolol, access.UnitHead)} {
		if _, err := h.screening.Compile(context.Background(), who, f.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("Compile: %v", err)
		}
		if _, err := h.screening.Facts(context.Background(), who, f.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("Facts: %v", err)
		}
	}
	for _, role := range []string{access.NationalAdmin, access.TechnicalAssistant, ""} {
		if _, err := h.screening.Compile(context.Background(), h.worker(h.limache, role), f.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%q: %v", role, err)
		}
	}
	mine := h.lookup(other, maria)
	if sc := h.compile(other, mine.ID); len(sc.Received) != 3 {
		t.Errorf("the other municipality sees %d benefits, want the national ones", len(sc.Received))
	}
}

func TestTheReadingIsInTheTrail(t *testing.T) {
	h := build(t)
	h.registry.put(mockHousehold())
	f := h.lookup(h.manager(), maria)
	h.compile(h.manager(), f.ID)
	attention := ""
	err := h.limache.View(context.Background(), func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT id FROM attention WHERE file_id = ?`, f.ID).Scan(&attention)
	})
	if err != nil {
		t.Fatal(err)
	}
	var views []string
	err = h.limache.Access().View(context.Background(), func(tx *tenants.Tx) error {
		rows, err := tx.Query(`SELECT what || ' ' || why || ' ' || file_id FROM access_view ORDER BY seq`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				return err
			}
			views = append(views, line)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"lookup " + attention + " " + f.ID, "screening " + attention + " " + f.ID}
	if strings.Join(views, "\n") != strings.Join(want, "\n") {
		t.Errorf("trail:\n%s\nwant:\n%s", strings.Join(views, "\n"), strings.Join(want, "\n"))
	}
}
