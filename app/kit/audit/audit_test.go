package audit_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	_ "modernc.org/sqlite" // the tests reach around the program, as an intruder would

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

type rig struct {
	t     *testing.T
	dir   string
	files *tenants.Files
	who   actor.Actor
}

func newRig(t *testing.T) *rig {
	r := &rig{t: t, dir: t.TempDir()}
	r.open()
	return r
}

// open opens the data directory, anew when it was open.
func (r *rig) open() {
	r.t.Helper()
	if r.files != nil {
		if err := r.files.Close(); err != nil {
			r.t.Fatal(err)
		}
	}
	r.files = tenantstest.Open(r.t, tenants.Options{Dir: r.dir})
	r.who = operator(tenantstest.Municipality(r.t, r.files, "05802"))
}

func (r *rig) record(change audit.Change) error {
	return r.who.Municipality.Update(context.Background(), func(tx *tenants.Tx) error {
		return audit.Record(tx, r.who, change)
	})
}

func (r *rig) looked(file string) error {
	return audit.Looked(context.Background(), r.who, audit.View{File: file, What: "screening"})
}

// leaveTrail writes n changes and n views.
func (r *rig) leaveTrail(n int) {
	r.t.Helper()
	for i := range n {
		file := fmt.Sprintf("file-%d", i%3)
		change := audit.Change{Action: "cart.add", Object: fmt.Sprint(i), File: file, Detail: map[string]string{"to": "pending"}}
		if err := errors.Join(r.record(change), r.looked(file)); err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r *rig) verify() error {
	return audit.Verify(context.Background(), r.who.Municipality)
}

// tamper changes the closed file by hand, past the triggers.
func (r *rig) tamper(suffix string, statements ...string) {
	r.t.Helper()
	id := r.who.Municipality.ID
	if err := r.files.Close(); err != nil {
		r.t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(r.dir, "municipalities", id+suffix))
	if err != nil {
		r.t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			r.t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := db.Close(); err != nil {
		r.t.Fatal(err)
	}
	r.files = nil
	r.open()
}

func (r *rig) count(db interface {
	View(context.Context, func(*tenants.Tx) error) error
}, query string) (n int) {
	r.t.Helper()
	if err := db.View(context.Background(), func(tx *tenants.Tx) error { return tx.QueryRow(query).Scan(&n) }); err != nil {
		r.t.Fatal(err)
	}
	return n
}

func TestTrailsAreWhole(t *testing.T) {
	r := newRig(t)
	if err := r.verify(); err != nil {
		t.Errorf("empty trails: %v", err)
	}
	r.leaveTrail(10)
	if err := r.verify(); err != nil {
		t.Errorf("as written: %v", err)
	}
	r.open() // the heads are read from the files again
	r.leaveTrail(10)
	if err := r.verify(); err != nil {
		t.Errorf("across a restart: %v", err)
	}
}

// An intruder with the file in hand changes one thing; the row is named.
func TestOneFlippedByteIsNamed(t *testing.T) {
	drop := `DROP TRIGGER audit_no_update`
	dropViews := `DROP TRIGGER access_view_no_update`
	for _, attack := range []struct {
		name, file string
		statements []string
		trail      string
		seq        int64
	}{
		{"text of a change", ".db", []string{drop, `UPDATE audit SET detail = replace(detail, 'pending', 'pendinf') WHERE seq = 7`}, "changes", 7},
		{"who did it", ".db", []string{drop, `UPDATE audit SET user_id = 'x' WHERE seq = 1`}, "changes", 1},
		{"hash", ".db", []string{drop, `UPDATE audit SET hash = zeroblob(32) WHERE seq = 10`}, "changes", 10},
		{"text moved to the next field", ".db", []string{drop, `UPDATE audit SET action = 'cart.', object = 'add' || object WHERE seq = 4`}, "changes", 4},
		{"row taken out", ".db", []string{`DROP TRIGGER audit_no_delete`, `DELETE FROM audit WHERE seq = 3`}, "changes", 4},
		{"first rows taken out", ".db", []string{`DROP TRIGGER audit_no_delete`, `DELETE FROM audit WHERE seq < 3`}, "changes", 3},
		{"time of a view", ".access.db", []string{dropViews, `UPDATE access_view SET at = at + 1 WHERE seq = 2`}, "views", 2},
		{"file of a view", ".access.db", []string{dropViews, `UPDATE access_view SET file_id = 'file-9' WHERE seq = 9`}, "views", 9},
	} {
		t.Run(attack.name, func(t *testing.T) {
			r := newRig(t)
			r.leaveTrail(10)
			r.tamper(attack.file, attack.statements...)
			var broken *audit.BrokenError
			if err := r.verify(); !errors.As(err, &broken) {
				t.Fatalf("nothing noticed: %v", err)
			}
			if broken.Trail != attack.trail || broken.Seq != attack.seq {
				t.Errorf("named %s %d, want %s %d", broken.Trail, broken.Seq, attack.trail, attack.seq)
			}
		})
	}
}

func TestTrailsAreAppendOnly(t *testing.T) {
	r := newRig(t)
	r.leaveTrail(1)
	m := r.who.Municipality
	for _, attempt := range []struct {
		db  *tenants.DB
		sql string
	}{
		{nil, `UPDATE audit SET role = 'director'`}, {nil, `DELETE FROM audit`},
		{m.Access(), `UPDATE access_view SET why = 'x'`}, {m.Access(), `DELETE FROM access_view`},
	} {
		update := m.Update
		if attempt.db != nil {
			update = attempt.db.Update
		}
		err := update(context.Background(), func(tx *tenants.Tx) error {
			_, err := tx.Exec(attempt.sql)
			return err
		})
		if err == nil {
			t.Errorf("%s was accepted", attempt.sql)
		}
	}
}

// The trail of one municipality is no trail of another.
func TestRowsFitNowhereElse(t *testing.T) {
	r := newRig(t)
	r.leaveTrail(2)
	other := tenantstest.Municipality(t, r.files, "06304")
	var rows [][]any
	err := r.who.Municipality.View(context.Background(), func(tx *tenants.Tx) error {
		found, err := tx.Query(`SELECT seq, at, user_id, role, unit, action, object, file_id, detail, request, hash FROM audit ORDER BY seq`)
		if err != nil {
			return err
		}
		for found.Next() {
			row, into := make([]any, 11), make([]any, 11)
			for i := range row {
				into[i] = &row[i]
			}
			if err := found.Scan(into...); err != nil {
				return err
			}
			rows = append(rows, row)
		}
		return found.Err()
	})
	if err != nil || len(rows) != 2 {
		t.Fatal(len(rows), err)
	}
	err = other.Update(context.Background(), func(tx *tenants.Tx) error {
		for _, row := range rows {
			if _, err := tx.Exec(`INSERT INTO audit VALUES (?,?,?,?,?,?,?,?,?,?,?)`, row...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var broken *audit.BrokenError
	if err := audit.Verify(context.Background(), other); !errors.As(err, &broken) || broken.Seq != 1 {
		t.Errorf("copied rows passed: %v", err)
	}
}

// Fifty people at once, one in five of whose changes is undone: the trail has
// the rows of the others, one chain.
func TestChainHoldsUnderConcurrency(t *testing.T) {
	r := newRig(t)
	undone := errors.New("undone")
	const people, each = 50, 20
	var all sync.WaitGroup
	for person := range people {
		all.Go(func() {
			for i := range each {
				err := r.who.Municipality.Update(context.Background(), func(tx *tenants.Tx) error {
					if err := audit.Record(tx, r.who, audit.Change{Action: "cart.add", Object: fmt.Sprint(person)}); err != nil {
						return err
					}
					if i%5 == 0 {
						return undone
					}
					return nil
				})
				if err != nil && !errors.Is(err, undone) {
					t.Error(err)
				}
				if err := r.looked("file"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if err := r.verify(); err != nil {
		t.Error(err)
	}
	if n := r.count(r.who.Municipality, `SELECT count(*) FROM audit`); n != people*each*4/5 {
		t.Errorf("%d changes, want %d", n, people*each*4/5)
	}
	if n := r.count(r.who.Municipality.Access(), `SELECT count(*) FROM access_view`); n != people*each {
		t.Errorf("%d views, want %d", n, people*each)
	}
}

// Several entries in one change, and a view that nobody waits for any more.
func TestEntriesFollowTheirTransaction(t *testing.T) {
	r := newRig(t)
	err := r.who.Municipality.Update(context.Background(), func(tx *tenants.Tx) error {
		return errors.Join(
			audit.Record(tx, r.who, audit.Change{Action: "plan.create", Object: "p", File: "f"}),
			audit.Record(tx, r.who, audit.Change{Action: "cart.discard", Object: "c", File: "f"}))
	})
	if err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if err := audit.Looked(gone, r.who, audit.View{File: "f", What: "plan"}); err == nil {
		t.Error("a view that was not written was reported as written")
	}
	if err := r.verify(); err != nil {
		t.Error(err)
	}
	views, err := audit.Views(context.Background(), r.who, "f", 0, 10)
	if err != nil || len(views) != 0 {
		t.Errorf("views %v %v", views, err)
	}
	if err := r.looked("f"); err != nil {
		t.Fatal(err)
	}
	views, err = audit.Views(context.Background(), r.who, "f", 0, 10)
	if err != nil || len(views) != 1 || !views[0].At.Equal(tenantstest.Today) || views[0].Action != "screening" {
		t.Errorf("views %v %v", views, err)
	}
}

// Roster and sign-ins leave their trail in national.db, where nobody works for
// a municipality.
func TestNationalTrail(t *testing.T) {
	r := newRig(t)
	national := actor.Actor{UserID: "01J000000000000000000ADMIN", Role: "national_admin"}
	for range 3 {
		err := r.files.National().Update(context.Background(), func(tx *tenants.Tx) error {
			return audit.Record(tx, national, audit.Change{Action: "user.disable", Object: "u"})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := audit.VerifyChanges(context.Background(), r.files.National()); err != nil {
		t.Error(err)
	}
}
