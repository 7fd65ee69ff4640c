package tenants

import (
	"context"
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// DB is one file: a cheap handle that opens it at the first View or Update and
// may close it when nobody has used it for a while.
type DB struct {
	name   string // relative to the data directory
	schema string // national, registry, municipal, access
	owner  string // id of the municipality it belongs to, "" for none
	opt    *Options
	shelf  *shelf

	reserve  *reserve
	keeper   *keeper // nil: nothing is replicated
	counters counters

	writable func() error // asked before each Update; nil: always
	legal    func() bool  // whether legal acts wait for their replica; nil: they do not
	rehearse bool         // a copy that is looked at: what an Update does is undone
	asIs     bool         // a copy that is checked: its schema stays as it is

	mu      sync.Mutex
	current *file         // the opening that new work gets; nil: none
	live    bool          // an opening is being made, in use, or being closed
	changed chan struct{} // closed and replaced when an opening is made or closed
	shut    bool          // the data directory is closed
	held    *FileError    // why there is no work on it for now; nil: there is
	checked bool          // it was opened, and is of this version's schema
	trouble error         // why it could not be opened the last time, or why it was given up
	ill     os.FileInfo   // of the file that was given up: until another has its place, the trouble stays
	used    atomic.Int64  // when it was last used, Unix nanoseconds of the machine
	rested  int64         // of used, when it was let rest
}

// closeWait is how long a request waits for an opening to be made or given up.
const closeWait = 5 * time.Second

func (f *Files) newDB(shelf *shelf, name, schema, owner string) *DB {
	return &DB{name: name, schema: schema, owner: owner, opt: &f.opt, shelf: shelf, reserve: f.reserve, keeper: f.keeper, changed: make(chan struct{})}
}

// View runs work in one read transaction. Many run side by side; each sees the
// file as it was when its first query began. When ctx ends, so does the
// running query.
func (d *DB) View(ctx context.Context, work func(*Tx) error) error {
	f, err := d.acquire(ctx)
	err = d.relieve(err, true, func() error {
		f, err = d.acquire(ctx)
		return err
	})
	if err != nil {
		return err
	}
	defer d.release(f)
	d.counters.views.Add(1)
	return f.view(ctx, work)
}

// Update runs work in a write transaction that is durable when Update returns
// nil. Updates that come together share one commit, each behind a savepoint of
// its own, so work may run twice (when the group has to be taken apart): it
// changes nothing but the transaction. A ctx that ends stops work before its
// next statement, never within one.
func (d *DB) Update(ctx context.Context, work func(*Tx) error) error {
	if d.rehearse {
		return d.tryOut(ctx, work)
	}
	err := d.update(ctx, work, false)
	if errors.Is(err, errAlone) {
		err = d.update(ctx, work, true)
	}
	return d.relieve(err, d.mayUseReserve(ctx), func() error { return d.update(ctx, work, true) })
}

// Bulk runs step in one write transaction after the other, each with a commit
// of its own, until step says that there is no more. Other writers get their
// turn in between: steps of about 5,000 rows keep them from waiting more than
// some ten milliseconds. Unlike the work of an Update, a step runs once, so it
// may read from a stream. At the end the file's statistics are refreshed.
func (d *DB) Bulk(ctx context.Context, step func(*Tx) (more bool, err error)) error {
	for more := true; more; {
		err := d.update(ctx, func(tx *Tx) (err error) {
			more, err = step(tx)
			return err
		}, true)
		if err != nil {
			return err
		}
	}
	return d.Analyze(ctx)
}

// Analyze lets SQLite look at the tables again, so that it plans queries for
// what is in them now. It looks at a sample: milliseconds, whatever the size.
func (d *DB) Analyze(ctx context.Context) error {
	return d.update(ctx, func(tx *Tx) error {
		if _, err := tx.Exec("PRAGMA analysis_limit=1000"); err != nil {
			return err
		}
		_, err := tx.Exec("ANALYZE")
		return err
	}, true)
}

func (d *DB) update(ctx context.Context, work func(*Tx) error, alone bool) error {
	if insideUpdate() {
		return ErrNested
	}
	if d.writable != nil {
		if err := d.writable(); err != nil {
			return err
		}
	}
	if d.reserve.full() && !d.mayUseReserve(ctx) {
		return &FileError{File: d.name, Kind: ErrFull, Cause: errors.New("what is left is for reading")}
	}
	f, err := d.acquire(ctx)
	if err != nil {
		return err
	}
	defer d.release(f)
	d.counters.updates.Add(1)
	legal, err := f.writer.update(ctx, work, alone)
	if err == nil && legal && d.legal != nil && d.legal() {
		return f.awaitReplica(ctx)
	}
	return err
}

// acquire gives the opening of the file, opening it when it is closed. There is
// one opening at a time: SQLite removes the WAL by name when it closes the last
// connection of a file, and must not remove that of the next. Those who come
// while it is being opened or given up wait for that.
func (d *DB) acquire(ctx context.Context) (*file, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for {
		if d.shut {
			return nil, &FileError{File: d.name, Kind: ErrClosed}
		}
		if d.held != nil {
			return nil, d.held
		}
		if f := d.current; f != nil && f.dead.Load() == nil {
			f.refs++
			return f, nil
		}
		d.retire()
		if !d.live {
			return d.open(ctx)
		}
		if err := d.wait(ctx); err != nil {
			return nil, err
		}
	}
}

// wait waits until the opening under way is made or closed. The caller holds
// d.mu, which is free meanwhile.
func (d *DB) wait(ctx context.Context) error {
	changed := d.changed
	d.mu.Unlock()
	defer d.mu.Lock()
	timer := time.NewTimer(closeWait)
	defer timer.Stop()
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		d.counters.busy.Add(1)
		return &FileError{File: d.name, Kind: ErrBusy, Cause: errors.New("it is being opened or closed")}
	}
}

// open makes the opening. The caller holds d.mu, which is free meanwhile.
func (d *DB) open(ctx context.Context) (*file, error) {
	d.live = true
	d.mu.Unlock()
	// An opening that others wait for must not end with the first one's request.
	f, err := d.openFile(context.WithoutCancel(ctx))
	d.mu.Lock()
	d.tellChanged()
	d.checked = err == nil
	if err != nil {
		d.trouble, d.live = err, false
		return nil, err
	}
	if d.ill == nil || !os.SameFile(d.ill, f.info) {
		d.trouble, d.ill = nil, nil
	}
	f.refs++
	d.current = f
	d.mu.Unlock()
	d.shelf.opened(d)
	d.mu.Lock()
	return f, nil
}

// tellChanged wakes those who wait. The caller holds d.mu.
func (d *DB) tellChanged() {
	close(d.changed)
	d.changed = make(chan struct{})
}

func (d *DB) release(f *file) {
	d.used.Store(time.Now().UnixNano())
	d.mu.Lock()
	defer d.mu.Unlock()
	f.refs--
	switch {
	case f.refs > 0:
	case f != d.current:
		d.closeSoon(f)
	case f.dead.Load() != nil || d.shut || d.held != nil:
		d.retire()
	}
}

// retire takes the opening out of use: closed at once when nothing runs on it,
// else by the last release. The caller holds d.mu.
func (d *DB) retire() {
	f := d.current
	if f == nil {
		return
	}
	d.current = nil
	if dead := f.dead.Load(); dead != nil {
		d.trouble, d.ill = dead, f.info
	}
	if f.refs == 0 {
		d.closeSoon(f)
	}
}

// closeSoon closes in the background, so that no request waits for a checkpoint.
func (d *DB) closeSoon(f *file) {
	go func() {
		if err := f.close(); err != nil {
			d.opt.Log.Error("close file", "file", f.name, "error", err)
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		d.live = false
		d.tellChanged()
	}()
}

// closeIdle closes the file when nothing runs on it and it was last used at or
// before the time; it reports whether it did.
func (d *DB) closeIdle(before time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.current == nil || d.current.refs > 0 || d.used.Load() > before.UnixNano() {
		return false
	}
	d.retire()
	return true
}

// rest closes the read connections of a file that nobody has used since the
// time: they are half of what an open file costs, and quick to open again.
func (d *DB) rest(before time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	used := d.used.Load()
	if d.current == nil || d.current.refs > 0 || used > before.UnixNano() || d.rested == used {
		return
	}
	d.rested = used
	f := d.current
	f.closeReaders()
	if err := f.guard(f.writer.conn.Shrink); err != nil { // nobody else has it: nothing runs
		d.opt.Log.Warn("shrink file", "file", f.name, "error", err)
	}
}

// isOpen reports whether the file is open, and busy whether work runs on it.
func (d *DB) isOpen() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.current != nil
}

func (d *DB) busy() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.current != nil && d.current.refs > 0
}

// close refuses new work, waits for what runs, and closes the file.
func (d *DB) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut = true
	if d.current != nil && d.current.refs == 0 {
		d.retire()
	}
	for d.live {
		changed := d.changed
		d.mu.Unlock()
		<-changed
		d.mu.Lock()
	}
}
