package people_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

// worker is somebody of the role at the desk of Asistencia Social.
func worker(m *tenants.Municipality, role string) actor.Actor {
	return actor.Actor{UserID: "user-" + role, MembershipID: "m-" + role, Name: "Camila Rojas Soto", Role: role,
		UnitID: access.SocialUnit, UnitName: "Asistencia Social", Municipality: m, RequestID: "request",
		Permissions: access.PermissionsOf(role, access.SocialUnit)}
}

func mustRUN(t testing.TB, text string) people.RUN {
	t.Helper()
	run, err := people.ParseRUN(text)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func count(t *testing.T, m *tenants.Municipality, query string, args ...any) (n int) {
	t.Helper()
	err := m.View(context.Background(), func(tx *tenants.Tx) error { return tx.QueryRow(query, args...).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestFiftyLookupsAtOnceOpenOneFile(t *testing.T) {
	m := tenantstest.Municipality(t, tenantstest.New(t), "05802")
	s := people.NewService(nil)
	opened := 0
	s.OnLookup = append(s.OnLookup, func(*tenants.Tx, actor.Actor, people.File) error { opened++; return nil })
	ids := make([]string, 50)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			who := worker(m, access.CaseManager)
			who.UserID += string(rune('a' + i/10))
			f, err := s.Lookup(context.Background(), who, mustRUN(t, "13.669.275-5"))
			if err != nil {
				t.Error(err)
			}
			ids[i] = f.ID
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] || id == "" {
			t.Fatalf("two files of one RUN: %q and %q", id, ids[0])
		}
	}
	if n := count(t, m, `SELECT count(*) FROM file`); n != 1 {
		t.Errorf("%d files of one person", n)
	}
	if n := count(t, m, `SELECT count(*) FROM audit WHERE action = 'people.file_opened'`); n != 1 {
		t.Errorf("the file was opened %d times in the trail", n)
	}
	if opened < 50 {
		t.Errorf("the hook ran %d times", opened)
	}
}

func TestALookupIsInTheTrailOfViews(t *testing.T) {
	m := tenantstest.Municipality(t, tenantstest.New(t), "05802")
	s := people.NewService(nil)
	s.Why = func(*tenants.Tx, actor.Actor, string) (string, error) { return "the attention", nil }
	f, err := s.Lookup(context.Background(), worker(m, access.FrontDesk), mustRUN(t, "1-9"))
	if err != nil {
		t.Fatal(err)
	}
	var file, what, why string
	err = m.Access().View(context.Background(), func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT file_id, what, why FROM access_view`).Scan(&file, &what, &why)
	})
	if err != nil || file != f.ID || what != "lookup" || why != "the attention" {
		t.Errorf("trail: %q %q %q (%v)", file, what, why, err)
	}
}

func TestAHookThatFailsLeavesNothing(t *testing.T) {
	m := tenantstest.Municipality(t, tenantstest.New(t), "05802")
	s := people.NewService(nil)
	s.OnLookup = append(s.OnLookup, func(*tenants.Tx, actor.Actor, people.File) error {
		return fault.New(fault.Unavailable, "fault.busy")
	})
	_, err := s.Lookup(context.Background(), worker(m, access.FrontDesk), mustRUN(t, "1-9"))
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v", err)
	}
	if n := count(t, m, `SELECT count(*) FROM file`); n != 0 {
		t.Errorf("%d files were opened", n)
	}
}

func TestWhoMayLookUp(t *testing.T) {
	m := tenantstest.Municipality(t, tenantstest.New(t), "05802")
	s := people.NewService(nil)
	for role, may := range map[string]bool{
		access.NationalAdmin: false, access.TechnicalAssistant: false,
		access.FrontDesk: true, access.RSHDesk: true, access.SubsidiesDesk: true, access.CaseManager: true,
		access.UnitHead: true, access.Counterpart: true, access.Director: true, "": false,
	} {
		_, err := s.Lookup(context.Background(), worker(m, role), mustRUN(t, "1-9"))
		if may != (err == nil) || !may && !fault.Is(err, fault.Forbidden) {
			t.Errorf("%q: may look up is %v, got %v", role, may, err)
		}
	}
	national := worker(nil, access.CaseManager)
	if _, err := s.Lookup(context.Background(), national, mustRUN(t, "1-9")); !fault.Is(err, fault.Forbidden) {
		t.Errorf("without a municipality: %v", err)
	}
}

// A script walks through RUNs with a stolen session: after thirty it stops
// getting answers, the operators are told once, and nothing they read names anybody.
func TestAWalkOverRUNsStops(t *testing.T) {
	files, clock := tenantstest.NewWithClock(t)
	m := tenantstest.Municipality(t, files, "05802")
	var log bytes.Buffer
	s := people.NewService(slog.New(slog.NewTextHandler(&log, nil)))
	who := worker(m, access.FrontDesk)
	answered := 0
	for i := range 100 {
		_, err := s.Lookup(context.Background(), who, people.RUNOf(uint32(10_000_000+i)))
		switch {
		case err == nil:
			answered++
		case !fault.Is(err, fault.TooMany):
			t.Fatal(err)
		}
	}
	if answered != 30 {
		t.Errorf("%d answers in a minute, want 30", answered)
	}
	if n := strings.Count(log.String(), "lookup cap reached"); n != 1 {
		t.Errorf("%d alerts, want 1:\n%s", n, log.String())
	}
	if strings.Contains(log.String(), "1000003") {
		t.Errorf("a RUN in the log: %s", log.String())
	}
	if n := count(t, m, `SELECT count(*) FROM file`); n != 30 {
		t.Errorf("%d files were opened", n)
	}
	if n := count(t, m, `SELECT count(*) FROM audit WHERE action = 'people.lookup_capped'`); n != 1 {
		t.Errorf("%d entries of the cap in the trail", n)
	}
	if _, err := s.Lookup(context.Background(), worker(m, access.CaseManager), mustRUN(t, "1-9")); err != nil {
		t.Errorf("a colleague has to pay for it: %v", err)
	}
	clock.Advance(time.Minute)
	if _, err := s.Lookup(context.Background(), who, mustRUN(t, "1-9")); err != nil {
		t.Errorf("a minute later: %v", err)
	}
}

func TestTheDayHasACapOfItsOwnAndTheMunicipalitySetsIt(t *testing.T) {
	files, clock := tenantstest.NewWithClock(t)
	m := tenantstest.Municipality(t, files, "05802")
	s := people.NewService(nil)
	who := worker(m, access.FrontDesk)
	err := m.Update(context.Background(), func(tx *tenants.Tx) error {
		_, err := tx.Exec(`INSERT INTO setting (key, value) VALUES ('people.lookups_per_day', '3'), ('people.lookups_per_minute', 'many')`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	lookup := func() error {
		clock.Advance(time.Minute)
		_, err := s.Lookup(context.Background(), who, mustRUN(t, "1-9"))
		return err
	}
	for range 3 {
		if err := lookup(); err != nil {
			t.Fatal(err)
		}
	}
	if err := lookup(); !fault.Is(err, fault.TooMany) {
		t.Errorf("the fourth of the day: %v", err)
	}
	clock.Advance(24 * time.Hour)
	if err := lookup(); err != nil {
		t.Errorf("the next day: %v", err)
	}
}

func TestAFileOfAnotherMunicipalityIsUnknown(t *testing.T) {
	files := tenantstest.New(t)
	limache, lolol := tenantstest.Municipality(t, files, "05802"), tenantstest.Municipality(t, files, "06304")
	s := people.NewService(nil)
	f, err := s.Lookup(context.Background(), worker(limache, access.CaseManager), mustRUN(t, "1-9"))
	if err != nil {
		t.Fatal(err)
	}
	other := worker(lolol, access.CaseManager)
	if _, err := s.File(context.Background(), other, f.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("File: %v", err)
	}
	if _, _, err := s.Visit(context.Background(), other, f.ID, people.ScreeningSection, "screening"); !fault.Is(err, fault.NotFound) {
		t.Errorf("Visit: %v", err)
	}
	if _, err := s.Identify(context.Background(), other, f.ID, people.Identity{GivenNames: "A", Surnames: "B"}, 1); !fault.Is(err, fault.NotFound) {
		t.Errorf("Identify: %v", err)
	}
	same, err := s.Lookup(context.Background(), other, mustRUN(t, "1-9"))
	if err != nil || same.ID == f.ID {
		t.Errorf("the same RUN has a file of its own in each municipality: %v %v", same.ID, err)
	}
}

func TestIdentity(t *testing.T) {
	m := tenantstest.Municipality(t, tenantstest.New(t), "05802")
	s := people.NewService(nil)
	ctx, who := context.Background(), worker(m, access.FrontDesk)
	f, err := s.Lookup(ctx, who, mustRUN(t, "1-9"))
	if err != nil {
		t.Fatal(err)
	}
	born, _ := calendar.NewDate(1951, 2, 3)
	written := people.Identity{GivenNames: "  Rosa  Ester ", Surnames: "Ñancupil O'Higgins", BirthDate: born, Phone: "9 8123 4567", Address: "Av. Palmira 210"}

	t.Run("is kept tidy, once", func(t *testing.T) {
		f, err = s.Identify(ctx, who, f.ID, written, f.Version)
		if err != nil || f.Name() != "Rosa Ester Ñancupil O'Higgins" || f.Initials() != "RÑ" || f.Phone != "+56981234567" || f.Source != people.FromDesk {
			t.Fatalf("%+v (%v)", f, err)
		}
		if again, err := s.Identify(ctx, who, f.ID, written, 1); err != nil || again.Version != f.Version {
			t.Errorf("pressed twice: version %d, %v", again.Version, err)
		}
		if n := count(t, m, `SELECT count(*) FROM audit WHERE action = 'people.identified'`); n != 1 {
			t.Errorf("%d entries in the trail", n)
		}
	})
	t.Run("of another while writing is a conflict", func(t *testing.T) {
		late := written
		late.GivenNames = "Rosa"
		kept, err := s.Identify(ctx, who, f.ID, late, f.Version-1)
		if !fault.Is(err, fault.Conflict) || kept.GivenNames != "Rosa Ester" {
			t.Errorf("%q, %v", kept.GivenNames, err)
		}
	})
	t.Run("names every field that is wrong", func(t *testing.T) {
		future, _ := calendar.NewDate(2027, 1, 1)
		_, err := s.Identify(ctx, who, f.ID, people.Identity{GivenNames: "123", BirthDate: future, Phone: "llamar", Address: strings.Repeat("a", 201)}, f.Version)
		for _, field := range []string{"given_names", "surnames", "birth_date", "phone", "address"} {
			if !names(err, field) {
				t.Errorf("%s is not named in %v", field, err)
			}
		}
	})
	t.Run("needs the permission", func(t *testing.T) {
		if _, err := s.Identify(ctx, worker(m, access.Director), f.ID, written, f.Version); !fault.Is(err, fault.Forbidden) {
			t.Error(err)
		}
	})
	t.Run("of the registry stands above the desk's", func(t *testing.T) {
		err := m.Update(ctx, func(tx *tenants.Tx) error {
			return people.Fill(tx, f.ID, people.Registered{GivenNames: "Rosa", Surnames: "Ñancupil", BirthDate: born, Sex: "F", Folio: "058020000001"})
		})
		if err != nil {
			t.Fatal(err)
		}
		f, err = s.File(ctx, who, f.ID)
		if err != nil || f.Name() != "Rosa Ñancupil" || f.Phone != "+56981234567" || f.Address != "Av. Palmira 210" || f.Source != people.FromRegistry {
			t.Errorf("%+v (%v)", f, err)
		}
		if _, err := s.Identify(ctx, who, f.ID, written, f.Version); !fault.Is(err, fault.Conflict) {
			t.Errorf("written over the registry: %v", err)
		}
	})
}

func names(err error, field string) bool {
	e, ok := err.(*fault.Error)
	if !ok {
		return false
	}
	for _, f := range e.Fields {
		if f.Name == field {
			return true
		}
	}
	return false
}

func TestFillChangesOnlyWhatIsNew(t *testing.T) {
	m := tenantstest.Municipality(t, tenantstest.New(t), "05802")
	s := people.NewService(nil)
	ctx, who := context.Background(), worker(m, access.FrontDesk)
	f, err := s.Lookup(ctx, who, mustRUN(t, "1-9"))
	if err != nil {
		t.Fatal(err)
	}
	r := people.Registered{GivenNames: "Rosa", Surnames: "Soto", Phone: "+56997698760"}
	for range 2 {
		err := m.Update(ctx, func(tx *tenants.Tx) error {
			if err := people.Fill(tx, f.ID, r); err != nil {
				return err
			}
			return people.FillKnown(tx, map[people.RUN]people.Registered{f.RUN: r, mustRUN(t, "9-4"): r})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	filled, err := s.File(ctx, who, f.ID)
	if err != nil || filled.Version != f.Version+1 || filled.Name() != "Rosa Soto" {
		t.Errorf("%+v (%v)", filled, err)
	}
	if n := count(t, m, `SELECT count(*) FROM file`); n != 1 {
		t.Errorf("filling opened a file: %d", n)
	}
}

func TestPhonesAreReadable(t *testing.T) {
	for phone, want := range map[string]string{
		"+56981234567": "+56 9 8123 4567", "+56332298765": "+56 3 3229 8765", "": "", "+549112345678": "+549112345678", "anexo 12": "anexo 12",
	} {
		if got := people.FormatPhone(phone); got != want {
			t.Errorf("%q: %q, want %q", phone, got, want)
		}
	}
}
