package tenants

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"gsl/tenants/internal/replica"
	"gsl/tenants/internal/sqlite"
)

const (
	readersMax = 4               // read connections per file
	readerWait = 5 * time.Second // a View inside a View must not wait for ever
)

// pragmas of every connection, in this order.
var pragmas = []string{
	"busy_timeout=5000", // first: the next ones already take locks
	"journal_mode=wal",  // readers and the writer do not wait for each other
	"synchronous=FULL",  // NORMAL loses acknowledged commits when the power fails
	"foreign_keys=1",
	"mmap_size=1073741824", // the largest single gain of a read: no copy of each page
	"cache_size=-8192",     // 8 MiB at most per connection
	"temp_store=2",         // sorting must not write personal data to /tmp
}

// file is one opening of a DB: the writer and the readers of that time. When
// the file turns out damaged or moved the opening is condemned, drained and
// closed, and the next request opens it anew.
type file struct {
	name  string // for messages
	owner string // id of the municipality, "" for the shared files
	path  string
	clock func() time.Time
	info  os.FileInfo // of the file that was opened
	opt   *Options
	count *counters // of the DB

	refs    int // guarded by DB.mu
	writer  *writer
	readers readers
	dead    atomic.Pointer[FileError]

	replaced atomic.Bool // another file has its name

	track atomic.Pointer[replica.Track] // to be told of commits; nil: it has no replica
}

// replicated reports whether the WAL is Litestream's.
func (f *file) replicated() bool { return f.opt.Replicated && prefixOf(f.name, 1) != "" }

// readers are the read connections of a file, at most readersMax.
type readers struct {
	places chan struct{}
	mu     sync.Mutex
	idle   []*sqlite.Conn // the last used is the warmest
}

func (f *file) connect(extra ...string) (*sqlite.Conn, error) {
	list := append(pragmas[:len(pragmas):len(pragmas)], extra...)
	return sqlite.Open(sqlite.Config{Path: f.path, PersistWAL: f.replicated(), Pragmas: list})
}

// connectWriter opens the connection that changes the file. While Litestream
// owns the file it alone moves the WAL into the file and cuts it short.
func (f *file) connectWriter() (*sqlite.Conn, error) {
	if f.replicated() {
		return f.connect("wal_autocheckpoint=0")
	}
	settings := []string{"wal_autocheckpoint=" + strconv.Itoa(f.opt.AutoCheckpoint),
		"journal_size_limit=4194304"} // a large import must not leave its WAL on the disk
	if f.opt.Unsynced {
		settings = append(settings, "synchronous=OFF")
	}
	return f.connect(settings...)
}

// view runs work in a read transaction on one of the read connections.
func (f *file) view(ctx context.Context, work func(*Tx) error) error {
	conn, err := f.takeReader(ctx)
	if err != nil {
		return err
	}
	defer f.giveReader(conn)
	return f.guard(func() error { return f.read(ctx, conn, work) })
}

func (f *file) read(ctx context.Context, conn *sqlite.Conn, work func(*Tx) error) (err error) {
	if err := conn.Exec("BEGIN"); err != nil {
		return f.explain(err)
	}
	tx := &Tx{Now: f.clock().UTC(), ctx: ctx, conn: conn, file: f}
	unwatch := interruptWith(ctx, conn)
	defer func() {
		tx.end()
		unwatch()
		// Nothing was changed, so COMMIT and ROLLBACK are the same.
		if e := conn.Exec("COMMIT"); e != nil && err == nil {
			err = f.explain(e)
		}
	}()
	if err := work(tx); err != nil {
		return err
	}
	return tx.unseen
}

// interruptWith stops conn's running statement when ctx ends. After the
// returned function has run it never will: the connection is another's by then.
func interruptWith(ctx context.Context, conn *sqlite.Conn) func() {
	if ctx.Done() == nil {
		return func() {}
	}
	var mu sync.Mutex
	over := false
	stop := context.AfterFunc(ctx, func() {
		mu.Lock()
		defer mu.Unlock()
		if !over {
			conn.Interrupt()
		}
	})
	return func() {
		if stop() {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		over = true
	}
}

func (f *file) takeReader(ctx context.Context) (*sqlite.Conn, error) {
	if dead := f.dead.Load(); dead != nil {
		return nil, dead
	}
	select {
	case f.readers.places <- struct{}{}:
	default:
		if err := f.waitForReader(ctx); err != nil {
			return nil, err
		}
	}
	f.readers.mu.Lock()
	if last := len(f.readers.idle) - 1; last >= 0 {
		conn := f.readers.idle[last]
		f.readers.idle = f.readers.idle[:last]
		f.readers.mu.Unlock()
		return conn, nil
	}
	f.readers.mu.Unlock()
	conn, err := f.connect("query_only=1") // not mode=ro, which cannot make the -shm file
	if err != nil {
		<-f.readers.places
		return nil, f.explain(err)
	}
	return conn, nil
}

func (f *file) waitForReader(ctx context.Context) error {
	timer := time.NewTimer(readerWait)
	defer timer.Stop()
	select {
	case f.readers.places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return &FileError{File: f.name, Kind: ErrBusy, Cause: errors.New("every reader is taken")}
	}
}

// giveReader puts a connection back; one that is still inside a transaction, or
// of a file that is dead, is thrown away.
func (f *file) giveReader(conn *sqlite.Conn) {
	if f.dead.Load() != nil || conn.InTransaction() {
		f.discard(conn)
	} else {
		f.readers.mu.Lock()
		f.readers.idle = append(f.readers.idle, conn)
		f.readers.mu.Unlock()
	}
	<-f.readers.places
}

// discard closes a connection that may fault again; then it is left behind.
func (f *file) discard(conn *sqlite.Conn) {
	_ = f.guard(conn.Close)
}

// guard runs work so that a file cut short under its mapping fails this file
// and not the process. Any other panic goes on.
func (f *file) guard(work func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		recovered := recover()
		if recovered == nil {
			return
		}
		fault, ok := memoryFault(recovered)
		if !ok {
			panic(recovered)
		}
		err = f.condemn(ErrDamaged, fault)
	}()
	return work()
}

// explain says in the package's words what SQLite said; damage condemns the opening.
func (f *file) explain(err error) error {
	if err == nil { // what nearly always comes, and errors.As would take memory for
		return nil
	}
	kind := kindOf(err)
	switch {
	case kind == nil:
		return err
	case errors.Is(kind, ErrDamaged):
		return f.condemn(ErrDamaged, err)
	}
	return &FileError{File: f.name, Kind: kind, Cause: err}
}

// condemn makes this opening refuse work from now on; the first reason stays.
func (f *file) condemn(kind, cause error) error {
	if f.dead.CompareAndSwap(nil, &FileError{File: f.name, Kind: kind, Cause: cause}) {
		f.count.condemned.Add(1)
	}
	return f.dead.Load()
}

// present condemns the opening when the file was taken away or replaced: SQLite
// would go on writing to a file that has no name any more.
func (f *file) present() error {
	if dead := f.dead.Load(); dead != nil {
		return dead
	}
	now, err := os.Stat(f.path)
	if err != nil {
		return f.condemn(ErrMissing, fmt.Errorf("while it was open: %w", err))
	}
	if !os.SameFile(now, f.info) {
		f.replaced.Store(true)
		return f.condemn(ErrMissing, errors.New("replaced while it was open"))
	}
	return nil
}

// close closes the readers, lets SQLite refresh what it knows of the tables,
// and closes the writer, whose close moves the WAL into the file.
func (f *file) close() error {
	if f.dead.Load() != nil {
		f.abandon()
		f.track.Load().Abandon(true)
		return f.setWALAside()
	}
	defer f.track.Load().Leave() // the connections first: the last to close a file moves its WAL
	f.closeReaders()
	err := f.guard(func() error {
		if err := f.writer.conn.Exec("PRAGMA optimize"); err != nil {
			_ = f.writer.conn.Close()
			return f.explain(err)
		}
		return f.writer.conn.Close()
	})
	if err == nil && f.track.Load() == nil { // else Litestream is the last to close it: see keeper.left
		seal(f.path)
	}
	return err
}

// abandon closes the connections of a file in which nothing more is to be written.
func (f *file) abandon() {
	f.closeReaders()
	if f.writer != nil {
		f.discard(f.writer.conn)
	}
}

func (f *file) closeReaders() {
	f.readers.mu.Lock()
	idle := f.readers.idle
	f.readers.idle = nil
	f.readers.mu.Unlock()
	for _, conn := range idle {
		f.discard(conn)
	}
}

// setWALAside takes the WAL of a file that was replaced out of the way of the
// file that has its name now: SQLite leaves it, and would play it into that one.
func (f *file) setWALAside() error {
	if !f.replaced.Load() {
		return nil
	}
	f.opt.Log.Warn("file replaced while it was open; its last changes are set aside", "file", f.name, "wal", f.name+"-wal.old")
	err := os.Rename(f.path+"-wal", f.path+"-wal.old")
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	if e := os.Remove(f.path + "-shm"); !errors.Is(e, os.ErrNotExist) {
		err = errors.Join(err, e)
	}
	return err
}
