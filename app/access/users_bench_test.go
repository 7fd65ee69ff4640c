package access_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/people"
	"gsl/tenants"
)

// country fills the roster as all of Chile does: 345 municipalities, 6,000 people,
// some in several municipalities, and a trail of the given length.
func country(b testing.TB, r *rig, trail int) {
	b.Helper()
	given := []string{"Camila", "Pedro", "Álvaro", "Ñusta", "María José", "Iris", "Hernán", "Sofía", "Benjamín", "Rosa"}
	surnames := []string{"Araya", "Muñoz", "González", "Ríos", "Álvarez", "Soto", "Rojas", "Lobos", "Pino", "Huenchumilla", "Núñez", "Vera"}
	rng := rand.New(rand.NewPCG(1, 2))
	now := r.clock.Now().UTC()
	stamp := func(t time.Time) string { return t.Format("2006-01-02T15:04:05.000Z") }
	err := r.files.National().Update(context.Background(), func(tx *tenants.Tx) error {
		for m := range 345 {
			if _, err := tx.Exec(`INSERT INTO municipality (id, code, name, kind, created_at) VALUES (?,?,?,'municipality',?)`,
				fmt.Sprintf("00000000-0000-4000-8000-%012d", m), fmt.Sprintf("%05d", 90000+m), fmt.Sprintf("Comuna %03d", m), stamp(now)); err != nil {
				return err
			}
		}
		for u := range 6000 {
			id := tx.NewID()
			_, err := tx.Exec(`INSERT INTO user (id, run, given_names, surnames, password, created_at, seen_at) VALUES (?,?,?,?,?,?,?)`, id, 14000000+u,
				given[rng.IntN(len(given))], surnames[rng.IntN(len(surnames))]+" "+surnames[rng.IntN(len(surnames))], []string{"", "x"}[min(u%20, 1)],
				stamp(now.AddDate(0, -6, 0)), stamp(now.AddDate(0, 0, -rng.IntN(100))))
			if err != nil {
				return err
			}
			for range 1 + rng.IntN(10)/8 {
				if _, err := tx.Exec(`INSERT INTO membership (id, user_id, municipality_id, role, unit, from_on, created_at, seen_at) VALUES (?,?,?,?,?,?,?,?)`, tx.NewID(), id,
					fmt.Sprintf("00000000-0000-4000-8000-%012d", rng.IntN(345)), []string{"case_manager", "front_desk", "unit_head"}[rng.IntN(3)], "social", "2026-01-02",
					stamp(now.AddDate(0, -6, 0)), stamp(now.AddDate(0, 0, -rng.IntN(100)))); err != nil {
					return err
				}
			}
		}
		for i := range trail {
			if _, err := tx.Exec(`INSERT INTO audit (at, user_id, role, unit, action, object, detail, hash) VALUES (?,?,?,'',?,?,'',zeroblob(32))`,
				stamp(now.Add(time.Duration(i-trail)*time.Minute)), fmt.Sprint("u", i%6000), "case_manager", []string{"login.ok", "logout", "membership.add"}[min(i%100, 2)], fmt.Sprint("u", i%6000)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	r.service = r.start() // names as they are compared
	if err := r.files.National().Analyze(context.Background()); err != nil {
		b.Fatal(err)
	}
}

// What a page of the roster costs with all of Chile in it.
func BenchmarkRoster(b *testing.B) {
	r := staffed(b)
	country(b, r, 200_000)
	ctx := context.Background()
	ids := r.texts(`SELECT id FROM user ORDER BY folded, id LIMIT 1 OFFSET 3000`)
	for _, c := range []struct {
		name  string
		who   actor.Actor
		sieve access.Sieve
	}{
		{"national, first page", access.Console(), access.Sieve{}},
		{"national, page 60", access.Console(), access.Sieve{After: ids[0]}},
		{"national, name", access.Console(), access.Sieve{Words: "huench camila"}},
		{"national, RUN", access.Console(), access.Sieve{Words: people.RUNOf(14003000).Format()}},
		{"national, unused", access.Console(), access.Sieve{State: access.Unused}},
		{"national, former", access.Console(), access.Sieve{State: access.Former}},
		{"national, one municipality", access.Console(), access.Sieve{Municipality: "90100"}},
		{"municipality", r.as("olga"), access.Sieve{}},
		{"unit", r.as("hugo"), access.Sieve{}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := r.service.People(ctx, c.who, c.sieve); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	for name, look := range map[string]access.Look{"newest": {}, "a kind": {Kind: "membership"}, "about": {About: ids[0]}, "by": {By: "u17"}} {
		b.Run("trail, "+name, func(b *testing.B) {
			for b.Loop() {
				if _, err := r.service.Trail(ctx, access.Console(), look); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
