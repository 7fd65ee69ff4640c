package tenants

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"gsl/tenants/internal/sqlite"
)

const (
	queueMax = 1024                 // more waiting than this is an outage: say so at once
	groupMax = 128                  // Updates that share one commit
	groupFor = 5 * time.Millisecond // the longest that the first of a group waits for the others
)

// writer is the one connection that changes a file, and the queue for it. Who
// has the turn runs its work in its own goroutine, behind a savepoint, then
// hands the open transaction on to the next in the queue; the last one, or the
// one who finds the group large or old enough, commits for all. A commit
// forces the disk, so sharing it is what makes many small writes fast: the
// queue fills while a commit is under way.
type writer struct {
	file     *file
	conn     *sqlite.Conn
	patience time.Duration // groupFor, but in tests

	mu    sync.Mutex
	held  bool
	queue []*member

	// What follows belongs to whoever has the turn.
	group []*member // done behind their savepoints, waiting for the commit
	since time.Time // when the group's transaction began
	kept  map[any]any
}

// member is one Update. It is told twice: when it has the turn, and what
// became of the commit.
type member struct {
	told  chan error
	after []func() // to run when the commit is made
	legal bool     // to be replicated before anybody is told
}

var members = sync.Pool{New: func() any { return &member{told: make(chan error, 1)} }}

func newWriter(f *file, conn *sqlite.Conn) *writer {
	return &writer{file: f, conn: conn, patience: groupFor, kept: map[any]any{}}
}

// update runs work and returns when it is durable, or undone. legal: it is to be
// replicated before anybody is told. errAlone: the group was taken apart through
// no fault of work, which is to be run again.
func (w *writer) update(ctx context.Context, work func(*Tx) error, alone bool) (legal bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	m := members.Get().(*member)
	defer members.Put(m)
	if err := w.take(ctx, m); err != nil {
		return false, err
	}
	if alone {
		w.flush()
	}
	if joined, err := w.attempt(ctx, work, m, alone); !joined {
		return false, err
	}
	err = <-m.told
	after, legal := m.after, m.legal
	m.after, m.legal = nil, false // the member is used again
	if err == nil {
		for _, f := range after {
			f()
		}
	}
	return legal, err
}

// take waits for the turn.
func (w *writer) take(ctx context.Context, m *member) error {
	w.mu.Lock()
	if !w.held {
		w.held = true
		w.mu.Unlock()
		return nil
	}
	if len(w.queue) >= queueMax {
		w.mu.Unlock()
		w.file.count.busy.Add(1)
		return &FileError{File: w.file.name, Kind: ErrBusy}
	}
	w.queue = append(w.queue, m)
	w.mu.Unlock()
	select {
	case turn := <-m.told:
		return turn
	case <-ctx.Done():
		if !w.withdraw(m) { // the turn came at the same moment: pass it on
			if turn := <-m.told; turn != nil {
				return turn
			}
			w.leave(false)
		}
		return ctx.Err()
	}
}

// withdraw takes a member out of the queue; false when it has left it already.
func (w *writer) withdraw(m *member) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.Index(w.queue, m)
	if i < 0 {
		return false
	}
	w.queue = slices.Delete(w.queue, i, i+1)
	return true
}

// next gives the turn to the first in the queue; false when nobody waits. With
// an open group the turn is kept in that case, else it becomes free.
func (w *writer) next(open bool) bool {
	w.mu.Lock()
	if len(w.queue) == 0 {
		w.held = open
		w.mu.Unlock()
		return false
	}
	m := w.queue[0]
	w.queue = slices.Delete(w.queue, 0, 1)
	w.mu.Unlock()
	m.told <- nil
	return true
}

// leave ends a turn: an open group goes on to the next in the queue, or is committed.
func (w *writer) leave(alone bool) {
	if len(w.group) > 0 && !alone && len(w.group) < groupMax && time.Since(w.since) < w.patience && w.next(true) {
		return
	}
	w.flush()
	w.next(false)
}

// attempt runs work with the turn, and gives the turn up however work ends: by
// returning, by a panic, or by Goexit (a test's Fatal). joined: work is done
// and its member will be told what became of the commit.
func (w *writer) attempt(ctx context.Context, work func(*Tx) error, m *member, alone bool) (joined bool, err error) {
	lead := len(w.group) == 0
	tx := &Tx{Now: w.file.clock().UTC(), ctx: ctx, conn: w.conn, file: w.file, writer: w}
	defer func() {
		tx.end()
		if !joined {
			w.undo(lead)
		}
		w.leave(alone)
	}()
	err = w.file.guard(func() error {
		if err := w.begin(lead); err != nil {
			return err
		}
		if err := w.run(tx, work); err != nil {
			return err
		}
		return w.end(lead)
	})
	if err != nil {
		return false, err
	}
	for key, value := range tx.pending {
		w.kept[key] = value
	}
	m.after, m.legal = tx.after, tx.legal
	w.group = append(w.group, m)
	return true, nil
}

// begin opens the group's transaction, or a savepoint in it. The first of a
// group needs none: until the second comes, to undo it is to undo all.
func (w *writer) begin(lead bool) error {
	if !lead {
		return w.file.explain(w.conn.Exec("SAVEPOINT member"))
	}
	if err := w.file.present(); err != nil {
		return err
	}
	w.since = time.Now()
	return w.file.explain(w.conn.Exec("BEGIN IMMEDIATE"))
}

func (w *writer) run(tx *Tx, work func(*Tx) error) error {
	defer tx.end()
	if err := invoke(work, tx); err != nil {
		return err
	}
	if tx.broken != nil {
		return tx.broken
	}
	return tx.unseen
}

func (w *writer) end(lead bool) error {
	if lead {
		return nil
	}
	return w.file.explain(w.conn.Exec("RELEASE member"))
}

// undo takes back what a member did. When only the whole can be taken back (on
// some errors SQLite itself has done so) the others of the group run again,
// each alone.
func (w *writer) undo(lead bool) {
	err := w.file.guard(func() error {
		if lead {
			return w.rollback()
		}
		if err := w.conn.Exec("ROLLBACK TO member"); err != nil {
			return err
		}
		return w.conn.Exec("RELEASE member")
	})
	if err == nil && w.file.dead.Load() == nil {
		return
	}
	_ = w.file.guard(w.rollback)
	w.tell(errAlone)
}

// rollback ends the transaction, if there still is one. A connection that
// cannot even do that is given up with its opening of the file.
func (w *writer) rollback() error {
	if !w.conn.InTransaction() {
		return nil
	}
	if err := w.conn.Exec("ROLLBACK"); err != nil {
		return w.file.condemn(ErrIO, err)
	}
	return nil
}

// flush commits the group and tells its members.
func (w *writer) flush() {
	if len(w.group) == 0 {
		return
	}
	err := w.file.guard(func() error { return w.file.explain(w.conn.Exec("COMMIT")) })
	w.file.count.commits.Add(1)
	if err != nil {
		_ = w.file.guard(w.rollback)
		// A foreign key that is checked at the commit: one of them is guilty, alone it shows which.
		if len(w.group) > 1 && hasCode(err, sqlite.Constraint) {
			err = errAlone
		}
	} else {
		w.file.track.Load().Changed()
	}
	w.tell(err)
}

// tell gives the members of the group their verdict. After a failure nothing
// that was kept can be trusted.
func (w *writer) tell(verdict error) {
	if verdict != nil {
		clear(w.kept)
	}
	if dead := w.file.dead.Load(); verdict != nil && dead != nil && !errors.Is(verdict, errAlone) {
		verdict = dead
	}
	for i, m := range w.group {
		m.told <- verdict
		w.group[i] = nil
	}
	w.group = w.group[:0]
}
