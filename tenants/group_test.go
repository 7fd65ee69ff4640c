package tenants

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// together runs the works as one group: the first holds the turn until all the
// others wait for it, in their order. It gives their errors.
func together(m *Municipality, works ...func(*Tx) error) []error {
	first := make(chan struct{})
	errs := make([]error, len(works))
	var all sync.WaitGroup
	all.Go(func() { errs[0] = m.Update(background, gathering(m, first, works)) })
	<-first
	for i, work := range works[1:] {
		all.Go(func() { errs[i+1] = m.Update(background, work) })
		lineUp(m, i+1, len(works)-1)
	}
	all.Wait()
	return errs
}

func puts(key string) func(*Tx) error {
	return func(tx *Tx) error { return put(tx, key, "1") }
}

// lineUp waits until so many are in the queue; the last one starts the group.
func lineUp(m *Municipality, n, last int) {
	if n < last {
		waitUntil(func() bool { return m.main.waiting() == n })
	}
}

// gathering is the first work, which lets the others line up before it runs.
func gathering(m *Municipality, first chan struct{}, works []func(*Tx) error) func(*Tx) error {
	var once sync.Once // a work may run twice
	return func(tx *Tx) error {
		once.Do(func() {
			tx.writer.patience = time.Hour // the turn is ours
			close(first)
			waitUntil(func() bool { return m.main.waiting() == len(works)-1 })
		})
		return works[0](tx)
	}
}

var errOwn = errors.New("the work's own error")

func TestGroupSharesOneCommit(t *testing.T) {
	m := newRig(t, Options{}).town("05802")
	var before []int
	look := func(key string) func(*Tx) error {
		return func(tx *Tx) error {
			before = append(before, len(tx.writer.group))
			return put(tx, key, "1")
		}
	}
	for i, err := range together(m, look("ta"), look("tb"), look("tc")) {
		if err != nil {
			t.Errorf("member %d: %v", i, err)
		}
	}
	if fmt.Sprint(before) != "[0 1 2]" {
		t.Errorf("members found %v before them in the transaction", before)
	}
	wantSettings(t, m, "ta=1 tb=1 tc=1")
}

func TestMembersAreUndoneByThemselves(t *testing.T) {
	fails := func(tx *Tx) error { return errors.Join(put(tx, "tx", "1"), errOwn) }
	for name, works := range map[string][]func(*Tx) error{
		"first":  {fails, puts("ta"), puts("tb")},
		"middle": {puts("ta"), fails, puts("tb")},
		"last":   {puts("ta"), puts("tb"), fails},
	} {
		t.Run(name, func(t *testing.T) {
			m := newRig(t, Options{}).town("05802")
			failed := 0
			for _, err := range together(m, works...) {
				if err != nil {
					wantError(t, err, errOwn)
					failed++
				}
			}
			if failed != 1 {
				t.Errorf("%d failed", failed)
			}
			wantSettings(t, m, "ta=1 tb=1")
		})
	}
}

// A member whose statement makes SQLite roll the whole transaction back takes
// nobody with it, even when it does not look at its errors.
func TestRollbackOfAllHitsOnlyTheGuilty(t *testing.T) {
	for _, swallow := range []bool{false, true} {
		t.Run(fmt.Sprint("swallow ", swallow), func(t *testing.T) {
			m := newRig(t, Options{}).town("05802")
			runs := 0
			counted := func(tx *Tx) error { runs++; return put(tx, "ta", "1") }
			guilty := func(tx *Tx) error {
				if err := put(tx, "tb", "1"); err != nil {
					return err
				}
				_, err := tx.Exec(`INSERT OR ROLLBACK INTO setting (key, value) VALUES ('tb', '2')`)
				if err == nil {
					return errors.New("the second tb was accepted")
				}
				if swallow {
					_ = put(tx, "tc", "1") // outside any transaction it would commit by itself
					return nil
				}
				return err
			}
			errs := together(m, counted, guilty, puts("td"))
			if errs[0] != nil || errs[2] != nil {
				t.Errorf("the others failed: %v", errs)
			}
			if !Duplicate(errs[1]) {
				t.Errorf("the guilty one got %v", errs[1])
			}
			if runs != 2 {
				t.Errorf("the first ran %d times, want 2: once in the group, once alone", runs)
			}
			wantSettings(t, m, "ta=1 td=1")
		})
	}
}

// A foreign key that is checked at the commit fails the one who broke it.
func TestDeferredKeyFailsOnlyTheGuilty(t *testing.T) {
	m := newRig(t, Options{}).town("05802")
	err := m.Update(background, func(tx *Tx) error {
		_, err := tx.Exec(`CREATE TABLE t_child (id INTEGER PRIMARY KEY, parent TEXT REFERENCES setting (key) DEFERRABLE INITIALLY DEFERRED) STRICT`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	errs := together(m, puts("ta"), func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO t_child (parent) VALUES ('nobody')`)
		return err
	}, puts("tb"))
	if errs[0] != nil || errs[2] != nil || errs[1] == nil {
		t.Errorf("errors %v, want the second only", errs)
	}
	wantSettings(t, m, "ta=1 tb=1")
}

func TestPanicAndGoexitHitOnlyTheirOwn(t *testing.T) {
	for name, leave := range map[string]func(){
		"panic":  func() { panic("a bug") },
		"goexit": runtime.Goexit, // what a test's Fatal does
	} {
		for place := range 3 {
			t.Run(fmt.Sprint(name, " at ", place), func(t *testing.T) {
				m := newRig(t, Options{}).town("05802")
				works := []func(*Tx) error{puts("ta"), puts("tb"), puts("tc")}
				works[place] = func(tx *Tx) error {
					if err := put(tx, "tx", "1"); err != nil {
						return err
					}
					leave()
					return nil
				}
				var recovered any
				errs := togetherRecovering(m, &recovered, works...)
				if (name == "panic") != (recovered == "a bug") {
					t.Errorf("recovered %v", recovered)
				}
				for i, err := range errs {
					if err != nil {
						t.Errorf("member %d: %v", i, err)
					}
				}
				want := strings.TrimSpace(strings.Replace("ta=1 tb=1 tc=1 ", "t"+string(rune('a'+place))+"=1 ", "", 1))
				wantSettings(t, m, want)
				if err := set(m, "tz", "1"); err != nil {
					t.Errorf("the writer is stuck: %v", err)
				}
			})
		}
	}
}

// togetherRecovering is together for works that leave by other ways.
func togetherRecovering(m *Municipality, recovered *any, works ...func(*Tx) error) []error {
	first := make(chan struct{})
	errs := make([]error, len(works))
	var all sync.WaitGroup
	run := func(i int, work func(*Tx) error) {
		all.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					*recovered = r
				}
			}()
			errs[i] = m.Update(background, work)
		})
	}
	run(0, gathering(m, first, works))
	<-first
	for i, work := range works[1:] {
		run(i+1, work)
		lineUp(m, i+1, len(works)-1)
	}
	all.Wait()
	return errs
}

// Who is not waited for any more leaves the queue; the work never runs.
func TestWaitingEndsWithItsContext(t *testing.T) {
	m := newRig(t, Options{}).town("05802")
	ctx, cancel := context.WithCancel(background)
	done := make(chan error)
	err := m.Update(background, func(tx *Tx) error {
		go func() { done <- m.Update(ctx, puts("tb")) }()
		waitUntil(func() bool { return m.main.waiting() == 1 })
		cancel()
		wantError(t, <-done, context.Canceled)
		return put(tx, "ta", "1")
	})
	if err != nil {
		t.Error(err)
	}
	wantSettings(t, m, "ta=1")
}

// A context that ends while work runs undoes that work and nobody else's.
func TestContextEndsBetweenStatements(t *testing.T) {
	m := newRig(t, Options{}).town("05802")
	ctx, cancel := context.WithCancel(background)
	var lost error
	errs := together(m, puts("ta"), func(tx *Tx) error {
		tx.ctx = ctx // as if this member's request had it
		if err := put(tx, "tx", "1"); err != nil {
			return err
		}
		cancel()
		lost = put(tx, "ty", "1")
		return lost
	}, puts("tb"))
	wantError(t, errs[1], context.Canceled)
	if errs[0] != nil || errs[2] != nil {
		t.Errorf("errors %v", errs)
	}
	wantSettings(t, m, "ta=1 tb=1")
}

func TestFullQueueIsRefusedAtOnce(t *testing.T) {
	m := newRig(t, Options{}).town("05802")
	var all sync.WaitGroup
	err := m.Update(background, func(tx *Tx) error {
		for i := range queueMax {
			all.Go(func() {
				if err := m.Update(background, func(*Tx) error { return nil }); err != nil {
					t.Error(i, err)
				}
			})
		}
		waitUntil(func() bool { return m.main.waiting() == queueMax })
		refused := make(chan error)
		go func() { refused <- m.Update(background, puts("tx")) }()
		wantError(t, <-refused, ErrBusy)
		return put(tx, "ta", "1")
	})
	if err != nil {
		t.Error(err)
	}
	all.Wait()
	wantSettings(t, m, "ta=1")
}

func TestUpdateInsideUpdateIsRefused(t *testing.T) {
	r := newRig(t, Options{})
	m, other := r.town("05802"), r.town("06304")
	err := m.Update(background, func(tx *Tx) error {
		wantError(t, m.Update(background, puts("tx")), ErrNested)
		wantError(t, deep(50, func() error { return other.Update(background, puts("tx")) }), ErrNested)
		wantError(t, m.View(background, func(*Tx) error { return set(m, "tx", "1") }), ErrNested)
		return put(tx, "ta", "1")
	})
	if err != nil {
		t.Error(err)
	}
	wantSettings(t, m, "ta=1")
	wantSettings(t, other, "")
}

func deep(n int, f func() error) error {
	if n == 0 {
		return f()
	}
	return deep(n-1, f)
}

func TestKeptValuesFollowTheFile(t *testing.T) {
	r := newRig(t, Options{})
	m := r.town("05802")
	keep := func(value int, fail error) func(*Tx) error {
		return func(tx *Tx) error { tx.Keep("head", value); return fail }
	}
	var found any
	look := func(tx *Tx) error { found = tx.Kept("head"); return nil }
	check := func(name string, want any, works ...func(*Tx) error) {
		t.Helper()
		found = "not run"
		together(m, append(works, look)...)
		if found != want {
			t.Errorf("%s: kept %v, want %v", name, found, want)
		}
	}
	check("nothing yet", nil, puts("ta"))
	check("kept", 1, keep(1, nil))
	check("undone as first", 1, keep(2, errOwn), puts("tb"))
	check("undone in a group", 3, keep(3, nil), keep(4, errOwn))
	breaks := func(tx *Tx) error {
		_, err := tx.Exec(`INSERT OR ROLLBACK INTO setting (key, value) VALUES ('ta', '2')`)
		return err
	}
	check("group taken apart", nil, keep(5, nil), breaks)
	check("run again alone", 5, puts("td"))
	err := m.View(background, func(tx *Tx) error { tx.Keep("head", 9); return look(tx) })
	if err != nil || found != nil {
		t.Errorf("a View keeps %v (%v)", found, err)
	}
	r.shut(m.main)
	check("closed in between", nil, puts("tc"))
}

func TestBulkLetsOthersIn(t *testing.T) {
	m := newRig(t, Options{}).town("05802")
	var other error
	step := 0
	var all sync.WaitGroup
	err := m.Bulk(background, func(tx *Tx) (bool, error) {
		step++
		for i := range 100 {
			if err := put(tx, fmt.Sprintf("t%d-%02d", step, i), "1"); err != nil {
				return false, err
			}
		}
		if step == 2 {
			all.Go(func() { other = set(m, "another", "1") })
			waitUntil(func() bool { return m.main.waiting() == 1 })
		}
		if step == 3 {
			var n int
			if err := tx.QueryRow(`SELECT count(*) FROM setting WHERE key = 'another'`).Scan(&n); err != nil || n != 1 {
				t.Errorf("the other writer had to wait for the end: %d %v", n, err)
			}
		}
		return step < 3, nil
	})
	all.Wait()
	if err := errors.Join(err, other); err != nil {
		t.Fatal(err)
	}
	err = m.View(background, func(tx *Tx) error {
		var rows, statistics int
		err := tx.QueryRow(`SELECT count(*), (SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'setting') FROM setting WHERE key LIKE 't_-%'`).Scan(&rows, &statistics)
		if rows != 300 || statistics == 0 {
			t.Errorf("%d rows, %d statistics", rows, statistics)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// Who waits outside a file hears of what is durable, and of nothing else.
func TestAfterRunsWhenDurable(t *testing.T) {
	db := newRig(t, Options{}).town("05802")
	var heard []string
	undone := errors.New("undone")
	for _, attempt := range []struct {
		what string
		err  error
	}{{"kept", nil}, {"undone", undone}, {"kept too", nil}} {
		err := db.Update(context.Background(), func(tx *Tx) error {
			tx.After(func() { heard = append(heard, attempt.what) })
			return attempt.err
		})
		if !errors.Is(err, attempt.err) {
			t.Fatal(err)
		}
	}
	if got := strings.Join(heard, ", "); got != "kept, kept too" {
		t.Errorf("heard %q", got)
	}
}
