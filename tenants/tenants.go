// Package tenants keeps the files: national.db, registry.db and, for each
// municipality, one main file and one access file. It is the only package that
// opens a database. Work happens in View and Update of a DB, which hand out a
// Tx; a municipality is reached only through the handle of the session.
//
// A file is opened by the first who needs it and closed when nobody does. What
// is wrong with one file (damaged, missing, newer) is an error of that file
// alone, and of no other; it is asked again at the next request, so a repair
// needs no restart.
package tenants

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"gsl/tenants/internal/sqlite"
)

// SQLiteVersion is that of the SQLite that is built in.
const SQLiteVersion = sqlite.Version

// Options says where the files are and how they are kept.
type Options struct {
	Dir   string           // the data directory; made when it does not exist
	Clock func() time.Time // nil: time.Now
	Log   *slog.Logger     // nil: discarded

	// Seed fills the main file of a new municipality, in its first
	// transaction: each capability puts in what its people start with. It may
	// run again when provisioning was cut short.
	Seed []func(*Tx, Identity) error

	Owner Owner         // who may write a municipality here; nil: this process, always
	Open  int           // municipalities open at most; 0: 200
	Idle  time.Duration // a municipality's files close after so long without use; 0: 15 minutes

	// AutoCheckpoint is the length of the WAL, in pages, at which a commit
	// moves it into the file; 0: 1000.
	AutoCheckpoint int
	// Replicated leaves the WAL to Litestream: it is kept at close, never moved
	// into the file by a commit and never cut short, because Litestream takes a
	// WAL that somebody else restarted for a foreign one and begins anew. Replica
	// sets it.
	Replicated bool

	// Replica says where every file is replicated to, by Litestream; nil: nowhere.
	Replica *ReplicaConfig

	// SecondLine is the folder of the daily copies, best on another disk; "": copies
	// in the data directory.
	SecondLine string

	// Unsynced leaves it to the caller to force what was written to the disk,
	// once, when everything is closed: only for a data directory that is thrown
	// away when making it is cut short.
	Unsynced bool

	// Reserve is how many bytes are set aside so that reading goes on when the
	// disk is full; 0: none. At most an eighth of what is free.
	Reserve int64
}

// Owner says whether this process may write a municipality's file. It is asked
// before the file is opened; several machines may share the municipalities.
type Owner interface {
	Owns(ctx context.Context, municipalityID string) error
}

func (opt *Options) setDefaults() {
	if opt.Clock == nil {
		opt.Clock = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Open == 0 {
		opt.Open = 200
	}
	if opt.Idle == 0 {
		opt.Idle = 15 * time.Minute
	}
	if opt.AutoCheckpoint == 0 {
		opt.AutoCheckpoint = 1000
	}
}

// Files is the data directory of one process.
type Files struct {
	opt      Options
	lock     *os.File
	national *DB
	registry *DB
	shelf    *shelf
	reserve  *reserve
	keeper   *keeper // nil: nothing is replicated

	mu       sync.Mutex
	handles  map[string]*Municipality
	copies   map[string]*Municipality // restored copies that are being looked at
	provides sync.Mutex               // one provisioning at a time

	// OnSwap is told when a restored file took the place of a municipality's: what
	// was remembered of it is not true any more. Filled before the first request.
	OnSwap []func(*Municipality)

	alone    bool          // national.db is itself being restored: what it knew is not known
	patience time.Duration // drillPatience, but in tests

	stop    context.CancelFunc
	stopped chan struct{}

	// crash lets a test stop provisioning after a step.
	crash func(step string) error
}

// Open takes the data directory for this process and opens national.db and
// registry.db, making and migrating them as needed. No municipality is opened.
func Open(ctx context.Context, opt Options) (*Files, error) {
	opt.setDefaults()
	if err := os.MkdirAll(filepath.Join(opt.Dir, "municipalities"), 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	lock, err := lockDir(opt.Dir)
	if err != nil {
		return nil, err
	}
	f := &Files{opt: opt, lock: lock, handles: map[string]*Municipality{}, stopped: make(chan struct{}), patience: drillPatience}
	f.shelf = &shelf{max: 2 * opt.Open, open: map[*DB]struct{}{}} // each has two files
	f.reserve = newReserve(opt.Dir, opt.Reserve, opt.Log)
	if err := f.prepareReplicas(); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	f.national = f.newDB(nil, "national.db", "national", "")
	f.registry = f.newDB(nil, "registry.db", "registry", "")
	if err := errors.Join(f.tidyCopies(), f.openShared(ctx)); err != nil {
		f.registry.close()
		f.national.close()
		return nil, errors.Join(err, f.keeper.close(), lock.Close()) //nolint:contextcheck // it has its own time to end in
	}
	janitor, stop := context.WithCancel(context.WithoutCancel(ctx))
	f.stop = stop
	go f.sweep(janitor)
	f.keeper.settleBehind(janitor)
	return f, nil
}

// openShared opens the two files of all, and makes them in a new directory.
// Without national.db nobody can sign in, so nothing starts; a registry that
// cannot be opened is as one that does not answer: the desks go on with what
// they hold, and say so.
func (f *Files) openShared(ctx context.Context) error {
	if err := f.openOne(ctx, f.national); err != nil {
		return err
	}
	if err := f.keeper.begin(ctx); err != nil {
		return err
	}
	err := f.openOne(ctx, f.registry)
	if errors.Is(err, ErrMissing) || errors.Is(err, ErrDamaged) {
		f.opt.Log.Error("the registry cannot be opened: restore it, or import it again", "file", f.registry.name, "error", err)
		return nil
	}
	return err
}

func (f *Files) openOne(ctx context.Context, d *DB) error {
	if err := f.makeShared(ctx, d); err != nil {
		return err
	}
	return f.touch(ctx, d)
}

// makeShared makes a shared file in a new directory. Beside municipalities one
// that is not there was lost: a fresh national.db would disown them all, and a
// fresh registry.db would say of everybody that no household knows them.
func (f *Files) makeShared(ctx context.Context, d *DB) error {
	if _, err := os.Stat(filepath.Join(f.opt.Dir, d.name)); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	files, err := filepath.Glob(filepath.Join(f.opt.Dir, "municipalities", "*.db"))
	if err != nil {
		return err
	}
	if len(files) > 0 {
		return &FileError{File: d.name, Kind: ErrMissing,
			Cause: fmt.Errorf("there are files of %d municipalities: restore it", len(files)/2)}
	}
	return f.make(ctx, d, func(string) error { return nil })
}

// RenewRegistry makes an empty registry.db when there is none: for an import,
// which fills it.
func (f *Files) RenewRegistry(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(f.opt.Dir, f.registry.name)); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return f.make(ctx, f.registry, func(string) error { return nil })
}

// National is national.db: tenants, roster, sessions, national catalogue.
func (f *Files) National() *DB { return f.national }

// Registry is registry.db: the embedded social and benefit registries.
func (f *Files) Registry() *DB { return f.registry }

// restAfter is how long a file is at rest before its read connections close.
const restAfter = time.Minute

// sweep closes idle files now and then.
func (f *Files) sweep(ctx context.Context) {
	defer close(f.stopped)
	ticker := time.NewTicker(min(f.opt.Idle, time.Minute))
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			f.shelf.sweep(now.Add(-f.opt.Idle), now.Add(-restAfter))
		}
	}
}

// Close refuses new work, waits for what runs, and closes every file: the
// municipalities first, then the shared ones, then the lock.
func (f *Files) Close() error {
	f.mu.Lock()
	if f.stop == nil {
		f.mu.Unlock()
		return nil
	}
	f.stop()
	f.stop = nil
	handles := f.handles
	f.handles = nil
	f.mu.Unlock()
	<-f.stopped
	f.keeper.stopped()

	var all sync.WaitGroup
	for _, id := range f.openCopies() {
		all.Go(func() { f.closeCopy(id) })
	}
	for _, m := range handles {
		all.Go(func() { m.main.close(); m.access.close() })
	}
	all.Wait()
	f.registry.close()
	// Litestream closes each file after the connections of the app: the other way
	// round its next start takes a full snapshot. national.db is the last, because
	// in it stands how the others ended.
	f.keeper.flush()
	f.national.close()
	return errors.Join(f.keeper.close(), f.lock.Close())
}
