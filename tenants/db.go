package tenants

import (
	"context"
	"errors"
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

	writable func() error // asked before each Update; nil: always

	mu      sync.Mutex
	current *file
	opening chan struct{} // closed when the opening under way ends
	live    int           // openings that are not closed yet
	gone    sync.Cond     // on mu: live went down
	shut    bool          // the data directory is closed
	used    atomic.Int64  // when it was last used, Unix nanoseconds of the machine
}

func newDB(opt *Options, shelf *shelf, name, schema, owner string) *DB {
	d := &DB{name: name, schema: schema, owner: owner, opt: opt, shelf: shelf}
	d.gone.L = &d.mu
	return d
}

// View runs work in one read transaction. Many run side by side; each sees the
// file as it was when its first query began. When ctx ends, so does the
// running query.
func (d *DB) View(ctx context.Context, work func(*Tx) error) error {
	f, err := d.acquire(ctx)
	if err != nil {
		return err
	}
	defer d.release(f)
	return f.view(ctx, work)
}

// Update runs work in a write transaction that is durable when Update returns
// nil. Updates that come together share one commit, each behind a savepoint of
// its own, so work may run twice (when the group has to be taken apart): it
// changes nothing but the transaction. A ctx that ends stops work before its
// next statement, never within one.
func (d *DB) Update(ctx context.Context, work func(*Tx) error) error {
	err := d.update(ctx, work, false)
	if errors.Is(err, errAlone) {
		err = d.update(ctx, work, true)
	}
	return err
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
	f, err := d.acquire(ctx)
	if err != nil {
		return err
	}
	defer d.release(f)
	return f.writer.update(ctx, work, alone)
}

// acquire gives the opening of the file, opening it when it is closed. Those
// who come while it is being opened wait for that one attempt.
func (d *DB) acquire(ctx context.Context) (*file, error) {
	d.mu.Lock()
	for {
		if d.shut {
			d.mu.Unlock()
			return nil, &FileError{File: d.name, Kind: ErrClosed}
		}
		if f := d.current; f != nil && f.dead.Load() == nil {
			f.refs++
			d.mu.Unlock()
			return f, nil
		}
		if d.opening == nil {
			return d.openAndUnlock(ctx)
		}
		wait := d.opening
		d.mu.Unlock()
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		d.mu.Lock()
	}
}

// openAndUnlock opens the file in place of a dead opening or of none.
func (d *DB) openAndUnlock(ctx context.Context) (*file, error) {
	done := make(chan struct{})
	d.opening = done
	d.retire()
	d.mu.Unlock()

	// An opening that others wait for must not end with the first one's request.
	f, err := d.openFile(context.WithoutCancel(ctx))

	d.mu.Lock()
	d.opening = nil
	close(done)
	d.gone.Broadcast()
	if err != nil {
		d.mu.Unlock()
		return nil, err
	}
	f.refs++
	d.current = f
	d.live++
	d.mu.Unlock()
	d.shelf.opened(d)
	return f, nil
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
	case f.dead.Load() != nil || d.shut:
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
		d.live--
		d.gone.Broadcast()
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
	if d.current != nil && d.current.refs == 0 && d.used.Load() <= before.UnixNano() {
		d.current.closeReaders()
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
	for d.live > 0 || d.opening != nil {
		d.gone.Wait()
	}
}
