package casework_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/casework"
	"gsl/tenants"
)

// TestABoardGoesOnFromWhatItCounted compares the board of a service that has
// looked all along with that of one that counts for the first time, through a
// history at random: cases are opened, handed on, closed, moved and merged into
// other files, workers get another name, days pass, the file is restored.
func TestABoardGoesOnFromWhatItCounted(t *testing.T) {
	u := newUnit(t)
	chance := rand.New(rand.NewPCG(5, 30)) //nolint:gosec // a history, no secret
	n := 0
	for range 40 {
		n++
		u.openCase(n, chance.IntN(400))
	}
	changes := []func(){
		func() { n++; u.openCase(n, chance.IntN(400)) },
		func() {
			u.somewhere(chance, n, `worker_id = 'luis', worker_name = 'Luis Moraga', status = 'assigned', assigned_at = opened_at`)
		},
		func() {
			u.somewhere(chance, n, `worker_id = 'luis', worker_name = 'Luis  Moraga', status = 'assigned', assigned_at = opened_at`)
		},
		func() {
			u.somewhere(chance, n, `worker_id = '', worker_name = '', status = 'unassigned', assigned_at = NULL`)
		},
		func() { u.somewhere(chance, n, `unit = 'rsh'`) },
		func() { u.somewhere(chance, n, `status = 'closed', closed_at = '2026-11-21T12:00:00.000Z'`) },
		func() {
			u.somewhere(chance, n, fmt.Sprintf(`moved_at = '%s'`, u.clock.Now().UTC().Format("2006-01-02T15:04:05.000Z")))
		},
		func() { u.somewhere(chance, n, `file_id = (SELECT id FROM file ORDER BY random() LIMIT 1)`) },
		func() { u.clock.Advance(time.Duration(chance.IntN(60)) * time.Hour) },
		func() { u.run(`UPDATE case_change SET mark = random() WHERE seq = (SELECT max(seq) FROM case_change)`) },
	}
	for step := range 400 {
		changes[chance.IntN(len(changes))]()
		if chance.IntN(3) == 0 {
			u.sameAsAnew(step)
		}
	}
	for range 600 { // further than the log goes back
		u.somewhere(chance, n, fmt.Sprintf(`worker_id = 'w%d', worker_name = 'Otra', status = 'assigned', assigned_at = opened_at`, chance.IntN(3)))
	}
	u.sameAsAnew(-1)
}

func (u *unit) run(query string, args ...any) {
	u.t.Helper()
	u.with(func(tx *tenants.Tx) error { _, err := tx.Exec(query, args...); return err })
}

// openCase opens a case as old as so many days, that last moved halfway.
func (u *unit) openCase(n, days int) {
	u.t.Helper()
	at := func(days int) string {
		return u.clock.Now().UTC().AddDate(0, 0, -days).Format("2006-01-02T15:04:05.000Z")
	}
	u.run(`INSERT INTO file (id, run, created_at, created_by) VALUES (printf('F%025d', ?1), 21000000 + ?1, '2026-01-01T00:00:00Z', 'x')`, n)
	u.run(`INSERT INTO case_file (id, file_id, unit, status, worker_id, worker_name, opened_at, opened_by, opened_by_name, assigned_at, moved_at)
		VALUES (printf('C%025d', ?1), printf('F%025d', ?1), ?2, 'assigned', 'camila', 'Camila Rojas', ?3, 'x', 'x', ?3, ?4)`, n, access.SocialUnit, at(days), at(days/2))
}

// somewhere changes one of n open cases.
func (u *unit) somewhere(chance *rand.Rand, n int, set string) {
	u.t.Helper()
	u.run(`UPDATE OR IGNORE case_file SET `+set+` WHERE id = printf('C%025d', ?) AND status <> 'closed'`, 1+chance.IntN(n))
}

func (u *unit) sameAsAnew(step int) {
	u.t.Helper()
	got := u.list(u.head, casework.Ask{Board: true})
	fresh := casework.NewService(u.people)
	want, err := fresh.Cases(background, u.head, casework.Ask{Board: true})
	if err != nil {
		u.t.Fatal(err)
	}
	if got.Total != want.Total || !reflect.DeepEqual(got.Loads, want.Loads) {
		u.t.Fatalf("step %d: the board says %d %v; counted anew it is %d %v", step, got.Total, got.Loads, want.Total, want.Loads)
	}
}
