package batch_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"gsl/tenants"
	"gsl/tenants/batch"
	"gsl/tenants/tenantstest"
)

type pair struct {
	key   string
	value int64
}

type pairs []pair

func (p pairs) Len() int { return len(p) }

func (p pairs) Value(row, column int) any {
	if column == 0 {
		return p[row].key
	}
	if p[row].value < 0 {
		return nil
	}
	return p[row].value
}

const (
	declare = `CREATE VIRTUAL TABLE IF NOT EXISTS temp.pair USING batch(key, value)`
	put     = `INSERT INTO setting (key, value) SELECT key, 'n' || coalesce(value, '-') FROM temp.pair WHERE batch = ?`
)

func store(m *tenants.Municipality, rows batch.Rows) error {
	loan := batch.Lend(rows)
	defer loan.Return()
	return m.Update(context.Background(), func(tx *tenants.Tx) error {
		if _, err := tx.Exec(declare); err != nil {
			return err
		}
		_, err := tx.Exec(put, loan.ID)
		return err
	})
}

func read(t *testing.T, m *tenants.Municipality) string {
	t.Helper()
	var all string
	err := m.View(context.Background(), func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT coalesce(group_concat(key || '=' || value, ' '), '') FROM (SELECT * FROM setting WHERE key LIKE 'b%' ORDER BY key)`).Scan(&all)
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestRowsAreInsertedByOneStatement(t *testing.T) {
	m := tenantstest.Municipality(t, tenantstest.New(t), "05802")
	if err := store(m, pairs{{"b1", 1}, {"b2", -1}, {"bñ", 3}}); err != nil {
		t.Fatal(err)
	}
	if err := store(m, pairs{}); err != nil {
		t.Fatal(err)
	}
	if got := read(t, m); got != "b1=n1 b2=n- bñ=n3" {
		t.Errorf("got %q", got)
	}
}

func TestAFailedStatementLeavesNothing(t *testing.T) {
	m := tenantstest.Municipality(t, tenantstest.New(t), "05802")
	if err := store(m, pairs{{"b1", 1}, {"b1", 2}}); err == nil {
		t.Error("the same key twice was accepted")
	}
	if got := read(t, m); got != "" {
		t.Errorf("left %q", got)
	}
	if err := store(m, pairs{{"b1", 1}}); err != nil {
		t.Errorf("after a failure: %v", err)
	}
}

func TestOnlyWhatIsLentIsRead(t *testing.T) {
	m := tenantstest.Municipality(t, tenantstest.New(t), "05802")
	loan := batch.Lend(pairs{{"b1", 1}})
	loan.Return()
	for name, query := range map[string]string{
		"returned":    put,
		"not a batch": `INSERT INTO setting (key, value) SELECT key, '' FROM temp.pair WHERE batch = 'x' || ?`,
		"none named":  `INSERT INTO setting (key, value) SELECT key, '' FROM temp.pair WHERE key = ?`,
	} {
		err := m.Update(context.Background(), func(tx *tenants.Tx) error {
			if _, err := tx.Exec(declare); err != nil {
				return err
			}
			_, err := tx.Exec(query, loan.ID)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "batch") {
			t.Errorf("%s: %v", name, err)
		}
	}
	err := m.Update(context.Background(), func(tx *tenants.Tx) error {
		_, err := tx.Exec(`CREATE VIRTUAL TABLE temp.bad USING batch("a b")`)
		return err
	})
	if err == nil {
		t.Error("a column that is not a name was accepted")
	}
}

func TestBatchesOfSeveralWritersDoNotMix(t *testing.T) {
	files := tenantstest.New(t)
	codes := []string{"05802", "06304", "13201"}
	var wait sync.WaitGroup
	for _, code := range codes {
		m := tenantstest.Municipality(t, files, code)
		wait.Go(func() {
			for i := range 20 {
				if err := store(m, pairs{{"b" + code + string(rune('a'+i)), int64(i)}}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	for _, code := range codes {
		got := read(t, tenantstest.Municipality(t, files, code))
		if n := strings.Count(got, "b"+code); n != 20 || strings.Count(got, "=") != 20 {
			t.Errorf("%s holds %q", code, got)
		}
	}
}
