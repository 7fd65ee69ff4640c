package casework_test

import (
	"testing"

	"gsl/app/access"
	"gsl/app/casework"
	"gsl/tenants"
)

// BenchmarkBoard shows the board of a unit with 20,000 open cases of 25 workers:
// as it was counted, after a case that changed, and counted anew.
func BenchmarkBoard(b *testing.B) {
	u := newBenchUnit(b, 20_000, 25)
	for _, before := range []struct{ name, change string }{
		{"nothing", `SELECT 1`},
		{"change", `UPDATE case_file SET worker_id = 'w' || (abs(random()) % 25) WHERE id = printf('C%025d', 1 + abs(random()) % 20000)`},
		{"anew", `UPDATE case_change SET mark = random()`},
	} {
		b.Run(before.name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				u.with(func(tx *tenants.Tx) error { _, err := tx.Exec(before.change); return err })
				b.StartTimer()
				if _, err := u.service.Cases(background, u.head, casework.Ask{Board: true}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func newBenchUnit(b *testing.B, cases, workers int) *unit {
	b.Helper()
	u := newUnit(b)
	u.with(func(tx *tenants.Tx) error {
		if _, err := tx.Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
			INSERT INTO file (id, run, created_at, created_by) SELECT printf('F%025d', i), 21000000 + i, '2026-01-01T00:00:00Z', 'x' FROM n`, cases); err != nil {
			return err
		}
		_, err := tx.Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
			INSERT INTO case_file (id, file_id, unit, status, worker_id, worker_name, opened_at, opened_by, opened_by_name, assigned_at, moved_at)
			SELECT printf('C%025d', i), printf('F%025d', i), ?2, 'assigned', 'w' || (i % ?3), 'Persona ' || (i % ?3), at, 'x', 'x', at, moved
			FROM (SELECT i, strftime('%Y-%m-%dT%H:%M:%fZ', '2026-11-21', '-' || (i * 37 % 700) || ' days') AS at,
				strftime('%Y-%m-%dT%H:%M:%fZ', '2026-11-21', '-' || (i * 13 % min(90, 1 + i * 37 % 700)) || ' days') AS moved FROM n)`, cases, access.SocialUnit, workers)
		return err
	})
	return u
}
