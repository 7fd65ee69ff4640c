package tenants

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestPragmasOfBothConnections(t *testing.T) {
	r := newRig(t, Options{})
	m := r.town("05802")
	for _, side := range []struct {
		name string
		run  func(context.Context, func(*Tx) error) error
		want map[string]string
	}{
		{"writer", m.Update, map[string]string{"query_only": "0", "wal_autocheckpoint": "1000", "journal_size_limit": "4194304"}},
		{"reader", m.View, map[string]string{"query_only": "1"}},
	} {
		for pragma, want := range map[string]string{"busy_timeout": "5000", "journal_mode": "wal", "synchronous": "2", "foreign_keys": "1",
			"mmap_size": "1073741824", "cache_size": "-8192", "temp_store": "2"} {
			side.want[pragma] = want
		}
		err := side.run(background, func(tx *Tx) error {
			for pragma, want := range side.want {
				var got string
				if err := tx.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
					t.Errorf("%s: %s is %q (%v), want %q", side.name, pragma, got, err, want)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestViewSeesOneMoment(t *testing.T) {
	m := newRig(t, Options{}).town("05802")
	err := m.View(background, func(tx *Tx) error {
		var before, after int
		if err := tx.QueryRow(`SELECT count(*) FROM setting`).Scan(&before); err != nil {
			return err
		}
		if err := set(m, "t", "1"); err != nil { // an Update inside a View goes through
			return err
		}
		if err := tx.QueryRow(`SELECT count(*) FROM setting`).Scan(&after); err != nil {
			return err
		}
		if before != after {
			t.Errorf("%d rows, then %d", before, after)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	wantSettings(t, m, "t=1")
}

func TestViewCannotChange(t *testing.T) {
	m := newRig(t, Options{}).town("05802")
	wantError(t, m.View(background, func(tx *Tx) error { return put(tx, "t", "1") }), errReadOnly)
	wantSettings(t, m, "")
}

func TestTxEndsWithItsFunction(t *testing.T) {
	m := newRig(t, Options{}).town("05802")
	var kept *Tx
	var rows *Rows
	err := m.View(background, func(tx *Tx) (err error) {
		kept = tx
		rows, err = tx.Query(`SELECT 1 UNION ALL SELECT 2`) // left open
		rows.Next()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if rows.Next() {
		t.Error("the rows go on after the transaction")
	}
	wantError(t, rows.Scan(new(int)), errOver)
	wantError(t, kept.QueryRow(`SELECT 1`).Scan(new(int)), errOver)
	_, err = kept.Exec(`DELETE FROM setting`)
	wantError(t, err, errOver)
}

// The same text inside its own loop is a statement of its own.
func TestQueryInsideItsOwnLoop(t *testing.T) {
	m := newRig(t, Options{}).town("05802")
	const count = `SELECT value FROM json_each(?) ORDER BY value`
	err := m.View(background, func(tx *Tx) error {
		outer, err := tx.Query(count, "[1,2,3]")
		if err != nil {
			return err
		}
		var seen string
		for outer.Next() {
			var a, b int
			if err := outer.Scan(&a); err != nil {
				return err
			}
			if err := tx.QueryRow(count, "[7]").Scan(&b); err != nil {
				return err
			}
			seen += fmt.Sprint(a, b, " ")
		}
		if seen != "1 7 2 7 3 7 " {
			t.Errorf("walked %q", seen)
		}
		return outer.Err()
	})
	if err != nil {
		t.Error(err)
	}
}

// An error that ends a loop early fails the transaction when nobody asks for it.
func TestForgottenErrFailsTheTransaction(t *testing.T) {
	m := newRig(t, Options{}).town("05802")
	loop := func(tx *Tx, ask bool) error {
		rows, err := tx.Query(`SELECT json_extract(value, '$.x') FROM (SELECT '{"x":1}' AS value UNION ALL SELECT 'no json')`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
		}
		if ask && rows.Err() == nil {
			t.Error("no error")
		}
		return nil
	}
	if err := m.View(background, func(tx *Tx) error { return loop(tx, false) }); err == nil {
		t.Error("a View that read half its rows succeeded")
	}
	if err := m.Update(background, func(tx *Tx) error { return loop(tx, false) }); err == nil {
		t.Error("an Update that read half its rows succeeded")
	}
	if err := m.View(background, func(tx *Tx) error { return loop(tx, true) }); err != nil {
		t.Errorf("the caller has dealt with it: %v", err)
	}
}

// A query that nobody waits for stops, also in the middle.
func TestViewStopsWithItsContext(t *testing.T) {
	m := newRig(t, Options{}).town("05802")
	ctx, cancel := context.WithCancel(background)
	err := m.View(ctx, func(tx *Tx) error {
		rows, err := tx.Query(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		rows.Next()
		go cancel()
		for rows.Next() {
		}
		return rows.Err()
	})
	wantError(t, err, context.Canceled)
	wantError(t, m.View(ctx, func(tx *Tx) error { return tx.QueryRow(`SELECT 1`).Scan(new(int)) }), context.Canceled)
	wantSettings(t, m, "") // the reader is of use to the next
}

func TestScanRefusesWhatDoesNotFit(t *testing.T) {
	m := newRig(t, Options{}).town("05802")
	err := m.View(background, func(tx *Tx) error {
		if err := tx.QueryRow(`SELECT NULL`).Scan(new(string)); err == nil {
			t.Error("NULL became a string")
		}
		if err := tx.QueryRow(`SELECT 1 WHERE 0`).Scan(new(int)); !NotFound(err) {
			t.Errorf("no row: %v", err)
		}
		if err := tx.QueryRow(`SELECT 1, 2`).Scan(new(int)); err == nil {
			t.Error("two columns into one")
		}
		if err := tx.QueryRow(`SELECT "no_such_column"`).Scan(new(string)); err == nil {
			t.Error("a misspelt column became a text")
		}
		if err := tx.QueryRow(`SELECT ?, ?`, 1).Scan(new(int), new(int)); err == nil {
			t.Error("one value for two parameters")
		}
		var at time.Time
		if err := tx.QueryRow(`SELECT ?`, tx.Now).Scan(&at); err != nil || !at.Equal(tx.Now) {
			t.Errorf("instant %v (%v)", at, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestNewIDsGrow(t *testing.T) {
	m := newRig(t, Options{}).town("05802")
	err := m.View(background, func(tx *Tx) error {
		last := ""
		for range 1000 {
			id := tx.NewID()
			if len(id) != 26 || id <= last {
				return errors.New(id + " after " + last)
			}
			last = id
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
