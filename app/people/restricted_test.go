package people_test

import (
	"context"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"
)

const why = "Su expareja trabaja en la municipalidad."

// protected is a town in which Mariana González is protected by the head of
// Asistencia Social.
func protected(t *testing.T) (m *tenants.Municipality, s *people.Service, file string, pass func(time.Duration)) {
	t.Helper()
	m, s, clock := town(t)
	f, err := s.Lookup(context.Background(), worker(m, access.CaseManager), people.RUNOf(10_000_002))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Restrict(context.Background(), worker(m, access.UnitHead), f.ID, people.Violence, why); err != nil {
		t.Fatal(err)
	}
	return m, s, f.ID, func(d time.Duration) { clock.Advance(d) }
}

func isShut(t *testing.T, s *people.Service, who actor.Actor, file string) (shut bool) {
	t.Helper()
	err := who.Municipality.View(context.Background(), func(tx *tenants.Tx) (err error) {
		shut, err = s.Shut(tx, who, file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return shut
}

func TestAGlassRunsOut(t *testing.T) {
	m, s, file, pass := protected(t)
	ctx, who, other := context.Background(), worker(m, access.CaseManager), worker(m, access.FrontDesk)
	if isShut(t, s, worker(m, access.UnitHead), file) || !isShut(t, s, who, file) {
		t.Fatal("the head needs a glass, or the others need none")
	}
	if _, err := s.OpenGlass(ctx, who, file, "poco"); !fault.Is(err, fault.Invalid) {
		t.Errorf("one word opened it: %v", err)
	}
	first, err := s.OpenGlass(ctx, who, file, "La persona está en el mesón.")
	again, twice := s.OpenGlass(ctx, who, file, "La persona está en el mesón.")
	if err != nil || twice != nil || again.ID != "" || count(t, m, `SELECT count(*) FROM file_opening`) != 1 {
		t.Fatalf("pressed twice: %v, %v, %+v", err, twice, again)
	}
	if isShut(t, s, who, file) || !isShut(t, s, other, file) {
		t.Error("it is shut for who opened it, or open for another")
	}
	pass(people.GlassLife - time.Second)
	if isShut(t, s, who, file) {
		t.Error("it ran out before its time")
	}
	if pass(time.Second); !isShut(t, s, who, file) {
		t.Errorf("it did not run out at %v", first.Until)
	}
	if n := count(t, m, `SELECT count(*) FROM audit WHERE action = 'restriction.open' AND file_id = ?`, file); n != 1 {
		t.Errorf("%d entries", n)
	}
}

// A name that is tried letter by letter tells nobody who is protected.
func TestASearchDoesNotTellWhoIsProtected(t *testing.T) {
	m, s, file, pass := protected(t)
	who := worker(m, access.FrontDesk)
	for query, masked := range map[string]bool{"Mariana": false, "Gonz": false, "Mariana Gonz": false, "Marianna Gonzalez": false, "González 1991": false,
		"Mariana González": true, "gonzalez mariana": true, people.RUNOf(10_000_002).Format(): true} {
		pass(time.Minute)
		r, err := s.Search(context.Background(), who, query)
		if err != nil {
			t.Fatal(query, err)
		}
		found := false
		for _, f := range r.Found {
			if f.File.ID == file {
				found = true
				if !f.File.Veiled || f.File.Name() != "" || f.File.Number() != "" || f.File.Age(r.Today) >= 0 {
					t.Errorf("%q: %+v", query, f.File)
				}
			}
		}
		if found != masked {
			t.Errorf("%q: found %v", query, found)
		}
	}
	if r, err := s.Search(context.Background(), worker(m, access.UnitHead), "Mariana"); err != nil || len(r.Found) != 1 || r.Found[0].File.Veiled {
		t.Errorf("the head: %+v, %v", r.Found, err)
	}
}

// A lookup of a file that is shut leaves its trace, and nothing else.
func TestALookupOfAShutFileLeavesItsTraceOnly(t *testing.T) {
	m, s, file, _ := protected(t)
	s.OnLookup = append(s.OnLookup, func(*tenants.Tx, actor.Actor, people.File) error { t.Error("an attention would open"); return nil })
	s.AfterLookup = append(s.AfterLookup, func(context.Context, actor.Actor, people.File) { t.Error("the registry would be asked") })
	who := worker(m, access.FrontDesk)
	for name, look := range map[string]func() (people.File, error){
		"lookup": func() (people.File, error) { return s.Lookup(context.Background(), who, people.RUNOf(10_000_002)) },
		"find":   func() (people.File, error) { return s.Find(context.Background(), who, people.RUNOf(10_000_002)) },
		"found":  func() (people.File, error) { return s.LookupFound(context.Background(), who, file) },
	} {
		if f, err := look(); err != nil || f != (people.File{ID: file, Veiled: true}) {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
	n := 0
	err := m.Access().View(context.Background(), func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM access_view WHERE file_id = ? AND user_id = ? AND what = 'lookup'`, file, who.UserID).Scan(&n)
	})
	if err != nil || n != 3 {
		t.Errorf("%d traces, %v", n, err)
	}
}

// Whoever is like a person who comes without RUN is shown without a name.
func TestTwinsWhoAreProtectedHaveNoName(t *testing.T) {
	m, s, file, _ := protected(t)
	_, twins, err := s.LookupWithoutRUN(context.Background(), worker(m, access.FrontDesk), people.Newcomer{Reason: "lost", Key: "k",
		Identity: people.Identity{GivenNames: "Mariana", Surnames: "Gonzalez Nancupil", BirthDate: date(1991, 5, 6)}})
	if !fault.Is(err, fault.Conflict) || len(twins.Found) != 1 || twins.Found[0].File != (people.File{ID: file, Veiled: true}) {
		t.Errorf("%+v, %v", twins.Found, err)
	}
}

func TestWhoRestrictsAndWhoGivesBack(t *testing.T) {
	m, s, file, _ := protected(t)
	ctx, head, stranger := context.Background(), worker(m, access.UnitHead), worker(m, access.UnitHead)
	stranger.UserID, stranger.UnitID, stranger.UnitName = "user-other-head", access.SubsidiesUnit, "Subsidios Sociales"
	stranger.Permissions = access.PermissionsOf(access.UnitHead, access.SubsidiesUnit)
	if err := s.Restrict(ctx, worker(m, access.CaseManager), file, people.Violence, why); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a case manager: %v", err)
	}
	if err := s.Restrict(ctx, head, file, people.Violence, why); err != nil {
		t.Errorf("pressed twice: %v", err)
	}
	if err := s.Restrict(ctx, stranger, file, people.OtherDanger, why); !fault.Is(err, fault.Conflict) {
		t.Errorf("marked over: %v", err)
	}
	p, err := s.Restriction(ctx, head, file)
	if err != nil || p.Now.Kind != people.Violence || !p.Keeps {
		t.Fatalf("%+v, %v", p, err)
	}
	o, err := s.OpenGlass(ctx, stranger, file, "Pide el estado de su subsidio.")
	if err != nil || isShut(t, s, stranger, file) {
		t.Fatal(err)
	}
	if err := s.Unrestrict(ctx, stranger, file, p.Now.ID, "Ya no parece necesario."); !fault.Is(err, fault.Forbidden) {
		t.Errorf("who only opened it gave it back: %v", err)
	}
	if _, err := s.ReviewOpening(ctx, stranger, o.ID, people.Right, ""); !fault.Is(err, fault.Forbidden) {
		t.Errorf("who opened it judged it: %v", err)
	}
	if _, err := s.ReviewOpening(ctx, head, o.ID, people.Wrong, ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("a verdict without a word: %v", err)
	}
	if w, err := s.Watch(ctx, head); err != nil || len(w.Openings) != 1 || len(w.Files) != 1 {
		t.Errorf("the head: %+v, %v", w, err)
	}
	if w, err := s.Watch(ctx, stranger); err != nil || len(w.Openings)+len(w.Files) != 0 {
		t.Errorf("another head: %+v, %v", w, err)
	}
	if _, err := s.ReviewOpening(ctx, head, o.ID, people.Right, "Bien"); err != nil {
		t.Error(err)
	}
	if err := s.Unrestrict(ctx, head, file, p.Now.ID, "La medida cautelar terminó."); err != nil || isShut(t, s, worker(m, access.FrontDesk), file) {
		t.Errorf("given back: %v", err)
	}
}

// What protects a person goes along when the file is merged, and comes back.
func TestAMergeTakesTheRestrictionAlong(t *testing.T) {
	m, s, _ := town(t)
	s.Movers = people.RestrictionMovers()
	ctx, head, desk := context.Background(), worker(m, access.UnitHead), worker(m, access.FrontDesk)
	from, _, err := s.LookupWithoutRUN(ctx, desk, people.Newcomer{Reason: "lost", Key: "k", Identity: people.Identity{GivenNames: "Rosa", Surnames: "Quilodrán Ñancucheo"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Restrict(ctx, head, from.ID, people.Violence, why); err != nil {
		t.Fatal(err)
	}
	proposed, err := s.ProposeMerge(ctx, head, from.ID, people.Proposal{RUN: people.RUNOf(10_000_004), Proof: "id_card"})
	if err != nil {
		t.Fatal(err)
	}
	done, err := s.ConfirmMerge(ctx, head, from.ID, proposed.ID, proposed.Version)
	if err != nil || !isShut(t, s, desk, done.IntoID) {
		t.Fatalf("joined, it is open to everybody: %v", err)
	}
	if _, err := s.UndoMerge(ctx, head, done.IntoID, done.ID, done.Version, "No era la misma persona."); err != nil || isShut(t, s, desk, done.IntoID) || !isShut(t, s, desk, from.ID) {
		t.Errorf("parted again: %v", err)
	}
}
