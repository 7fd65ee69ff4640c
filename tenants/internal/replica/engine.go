package replica

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/benbjohnson/litestream"
)

// How many files are worked on side by side. Reading what is new costs the
// processor; sending it costs waiting, and a store that answers slowly must not
// hold up those that come after.
const (
	readers = 4
	senders = 32
	tidiers = 4
)

// How long a file that is not used any more is tried before it is let go of: it
// is tried again later, with the others.
const patience = time.Minute

// letGoFor is the longest that it takes Litestream to let go of a file: who wants
// to open it waits so long.
const letGoFor = 2 * time.Second

// initFor is how long a client may take to find out where its bucket is.
const initFor = 20 * time.Second

// ErrStopped is what who waits is told when the program ends.
var ErrStopped = errors.New("replica: stopped")

// Engine has every file that is in use copied.
type Engine struct {
	cfg   *Config
	log   *slog.Logger
	store *litestream.Store
	ctx   context.Context //nolint:containedctx // of the engine's life, not of a call
	stop  context.CancelFunc

	reading chan struct{}
	sending chan struct{}
	tidying chan struct{}

	// Left is told of every file that was let go of, before anybody can open it.
	Left func(Place, State)

	mu     sync.Mutex
	tracks map[string]*Track // by path
	ending bool
	out    outage
}

// Place is a file and where its copy lies.
type Place struct {
	Path   string // of the file
	Prefix string // of the copy, below the target
	Notes  string // folder in which Litestream keeps what it knows of the file
}

// State is how a file stands with its copy.
type State struct {
	TXID     string    // up to which transaction it is there; "": not at all yet
	SyncedAt time.Time // when everything was there the last time
	Since    time.Time // since when something is missing; zero: nothing is
	Err      error     // of the last attempt; nil: it went well
}

// Start begins with no file.
func Start(cfg *Config, log *slog.Logger) (*Engine, error) {
	hook()
	details := slog.New(quiet(log.Handler(), true))
	log = slog.New(quiet(log.Handler(), false))
	e := &Engine{
		cfg: cfg, log: log, tracks: map[string]*Track{},
		reading: make(chan struct{}, readers), sending: make(chan struct{}, senders), tidying: make(chan struct{}, tidiers),
		Left: func(Place, State) {},
	}
	e.ctx, e.stop = context.WithCancel(context.Background())
	e.store = litestream.NewStore(nil, cfg.levels())
	e.store.Logger = details
	e.store.SnapshotInterval, e.store.SnapshotRetention = cfg.SnapshotInterval(), cfg.SnapshotRetention()
	e.store.L0Retention = value(cfg.text.L0Retention, l0Retention)
	e.store.L0RetentionCheckInterval = value(cfg.text.L0RetentionCheckInterval, l0RetentionCheck)
	e.store.VerifyCompaction = value(cfg.text.VerifyCompaction, true)
	e.store.ShutdownSyncTimeout = 0 // we try, and try again; closing a file tries once
	return e, e.store.Open(e.ctx)
}

// levels are Litestream's, from the single changes up.
func (c *Config) levels() litestream.CompactionLevels {
	intervals := levelIntervals
	if len(c.text.Levels) > 0 {
		intervals = nil
		for _, at := range c.text.Levels {
			intervals = append(intervals, at.Interval)
		}
	}
	levels := litestream.CompactionLevels{{Level: 0}}
	for i, interval := range intervals {
		levels = append(levels, &litestream.CompactionLevel{Level: i + 1, Interval: interval})
	}
	return levels
}

// register hands a file to Litestream. Nothing is read or sent yet.
func (e *Engine) register(ctx context.Context, at Place) (*litestream.DB, error) {
	client, err := e.cfg.Client(at.Prefix)
	if err != nil {
		return nil, err
	}
	if err := clearOld(at.Notes); err != nil {
		return nil, err
	}
	client.SetLogger(e.store.Logger)
	db := litestream.NewDB(at.Path)
	db.SetMetaPath(at.Notes)
	db.MonitorInterval = 0 // it is told: see Track
	db.CheckpointInterval = value(e.cfg.database.CheckpointInterval, checkpointInterval)
	db.MinCheckpointPageN = value(e.cfg.database.MinCheckpointPageN, checkpointPages)
	db.TruncatePageN = value(e.cfg.database.TruncatePageN, db.TruncatePageN)
	db.BusyTimeout = value(e.cfg.database.BusyTimeout, db.BusyTimeout)
	db.Replica = litestream.NewReplicaWithClient(db, &mute{ReplicaClient: client})
	db.Replica.MonitorEnabled = false
	ctx, cancel := context.WithTimeout(ctx, initFor)
	defer cancel()
	if err := client.Init(ctx); err != nil { // RegisterDB does not
		return nil, err
	}
	if err := e.store.RegisterDB(db); err != nil {
		return nil, err
	}
	return db, nil
}

// clearOld removes the notes of earlier epochs and places.
func clearOld(notes string) error {
	dir := filepath.Dir(notes)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, entry := range entries {
		if entry.Name() != filepath.Base(notes) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, entry.Name())))
		}
	}
	return err
}

// Use says that the file is about to be opened: from now on Litestream does not
// let go of it. A process that closes any descriptor of a file loses all its
// locks on it, so nobody opens a file that Litestream is closing. Ready says that
// it is open and may be read; Leave or Abandon ends the use, in any case.
func (e *Engine) Use(ctx context.Context, at Place) (*Track, error) {
	for {
		t, again, err := e.track(at) //nolint:contextcheck // a file is followed for longer than whoever opened it waits
		if err != nil || again == nil {
			return t, err
		}
		select {
		case <-again:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// track gives the one track of a file; again is set when it is being let go of.
func (e *Engine) track(at Place) (t *Track, again <-chan struct{}, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ending {
		return nil, nil, ErrStopped
	}
	if t = e.tracks[at.Path]; t != nil {
		if !t.reuse() {
			return nil, t.gone, nil
		}
		return t, nil, nil
	}
	t = newTrack(e, at)
	e.tracks[at.Path] = t
	go t.run()
	return t, nil, nil
}

func (e *Engine) forget(t *Track) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.tracks[t.place.Path] == t {
		delete(e.tracks, t.place.Path)
	}
	close(t.gone)
}

// Busy reports whether Litestream has the file open.
func (e *Engine) Busy(path string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.tracks[path] != nil
}

// States gives how the files in use stand, by path.
func (e *Engine) States() map[string]State {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := make(map[string]State, len(e.tracks))
	for path, t := range e.tracks {
		all[path] = t.State()
	}
	return all
}

// LetGo makes Litestream let go of a file that nobody uses, whatever is missing
// of it: its place is about to be taken by another.
func (e *Engine) LetGo(ctx context.Context, path string) error {
	e.mu.Lock()
	t := e.tracks[path]
	e.mu.Unlock()
	if t == nil {
		return nil
	}
	t.drop()
	select {
	case <-t.gone:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("replica: %s is still in use: %w", filepath.Base(path), ctx.Err())
	}
}

// Flush lets go of these files, which nobody uses any more, once they are
// copied, or when the context ends.
func (e *Engine) Flush(ctx context.Context, paths ...string) {
	var waiting []*Track
	e.mu.Lock()
	for _, path := range paths {
		if t := e.tracks[path]; t != nil {
			waiting = append(waiting, t)
		}
	}
	e.mu.Unlock()
	for _, t := range waiting {
		t.hurry()
	}
	for _, t := range waiting {
		select {
		case <-t.gone:
		case <-ctx.Done():
			t.drop()
			<-t.gone
		}
	}
}

// Paths lists the files that the engine holds.
func (e *Engine) Paths() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	list := make([]string, 0, len(e.tracks))
	for path := range e.tracks {
		list = append(list, path)
	}
	return list
}

// Close ends it. What is still held is let go of as it is; call Flush before.
func (e *Engine) Close() error {
	e.mu.Lock()
	e.ending = true
	e.mu.Unlock()
	over, cancel := context.WithCancel(context.Background())
	cancel()
	e.Flush(over, e.Paths()...)
	e.stop()
	return e.store.Close(over)
}
