package tenants

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"gsl/tenants/internal/replica"
)

// ReplicaConfig says where the replicas go: litestream.yml, read.
type ReplicaConfig = replica.Config

// ReadReplicaConfig reads litestream.yml; an error names the line.
func ReadReplicaConfig(path string) (*ReplicaConfig, error) { return replica.Read(path, nil) }

// ReadReplicaConfigWith is ReadReplicaConfig for a program with settings of its
// own: what they do not say is taken from the environment.
func ReadReplicaConfigWith(path string, settings func(name string) string) (*ReplicaConfig, error) {
	return replica.Read(path, func(name string) string {
		if value := settings(name); value != "" {
			return value
		}
		return replica.Environment(name)
	})
}

// DefaultReplicaConfig is what counts without a litestream.yml: replicas in the
// data directory. Say to the operator that on the same disk they are no backup.
func DefaultReplicaConfig(dir string) *ReplicaConfig { return replica.Default(dir) }

// ReplicaStatus is how one file stands with its replica.
type ReplicaStatus struct {
	File           string // relative to the data directory
	MunicipalityID string // "" for the shared files
	Epoch          int64
	Target         string        // where the replica is, without secrets; "": there is none
	SameDisk       bool          // the replica lies on the disk of the file: it is no backup
	TXID           string        // up to which transaction the file is there; "": not at all yet
	SyncedAt       time.Time     // when everything in it was there the last time
	Lag            time.Duration // since when something is missing; 0: nothing is
	Err            string        // why, when the last attempt failed
	DrillAt        time.Time     // when it was restored the last time to see whether it can be
	DrillErr       string        // what was wrong with that; "": nothing
}

// keeper has the files of a data directory replicated.
type keeper struct {
	f      *Files
	engine *replica.Engine
	target string
	same   bool // the replicas lie on the disk of the files
	poke   chan struct{}

	settling sync.WaitGroup
	began    time.Time

	mu     sync.Mutex
	epochs map[string]int64 // by file; what is not here is in its first; nil until national.db is open
	behind map[string]bool  // closed files that are yet to be replicated; nil until it was looked
}

// prefixOf is where the replica of a file lies below the target; "" for a file
// that has none, such as a restored copy.
func prefixOf(name string, epoch int64) string {
	at := "/e" + formatEpoch(epoch)
	switch id, municipal := strings.CutPrefix(name, "municipalities/"); {
	case name == "national.db" || name == "registry.db":
		return strings.TrimSuffix(name, ".db") + at
	case !municipal:
		return ""
	case strings.HasSuffix(id, ".access.db"):
		return "municipalities/" + strings.TrimSuffix(id, ".access.db") + at + "/access"
	default:
		return "municipalities/" + strings.TrimSuffix(id, ".db") + at + "/main"
	}
}

// prepareReplicas starts Litestream, without a file.
func (f *Files) prepareReplicas() error {
	if f.opt.Replica == nil {
		return nil
	}
	engine, err := replica.Start(f.opt.Replica, f.opt.Log)
	if err != nil {
		return fmt.Errorf("replication: %w", err)
	}
	f.opt.Replicated = true
	f.keeper = &keeper{
		f: f, engine: engine, target: f.opt.Replica.Target(), same: f.opt.Replica.SameDisk(f.opt.Dir), poke: make(chan struct{}, 1), began: time.Now(),
	}
	engine.Left = f.keeper.left
	return nil
}

// begin replicates national.db, in which the epochs of all files stand, its own
// among them: so it is open already.
func (k *keeper) begin(ctx context.Context) error {
	if k == nil {
		return nil
	}
	known := map[string]int64{}
	if err := k.f.national.View(ctx, func(tx *Tx) error { return epochs(tx, known) }); err != nil {
		return err
	}
	k.mu.Lock()
	k.epochs = known
	k.mu.Unlock()
	f, err := k.f.national.acquire(ctx)
	if err != nil {
		return err
	}
	defer k.f.national.release(f)
	track, err := k.use(ctx, f.name)
	f.track.Store(track)
	track.Ready()
	return err
}

// How long the end of the program waits for what is not replicated yet. It is
// tried again at the next start.
const (
	flushFor = 4 * time.Second
	lastFor  = 2 * time.Second
)

// flush lets go of every file but national.db, which are closed.
func (k *keeper) flush() {
	if k == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), flushFor)
	defer cancel()
	national := filepath.Join(k.f.opt.Dir, k.f.national.name)
	k.engine.Flush(ctx, slices.DeleteFunc(k.engine.Paths(), func(path string) bool { return path == national })...)
}

// close ends it; every file is closed.
func (k *keeper) close() error {
	if k == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), lastFor)
	defer cancel()
	k.engine.Flush(ctx, k.engine.Paths()...)
	return k.engine.Close()
}

// busy reports whether Litestream has a file open.
func (k *keeper) busy(name string) bool {
	return k != nil && k.engine.Busy(filepath.Join(k.f.opt.Dir, name))
}

// place is where a file and its replica lie.
func (k *keeper) place(name string) replica.Place {
	k.mu.Lock()
	epoch := max(k.epochs[name], 1)
	k.mu.Unlock()
	path := filepath.Join(k.f.opt.Dir, name)
	where := fnv.New32a()
	_, _ = where.Write([]byte(k.target))
	return replica.Place{
		Path: path, Prefix: prefixOf(name, epoch),
		// Another epoch or another place is another history, with notes of its own.
		Notes: filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"-litestream", fmt.Sprintf("e%d-%08x", epoch, where.Sum32())),
	}
}

// use is called before a file is opened; nil without replication.
func (k *keeper) use(ctx context.Context, name string) (*replica.Track, error) {
	if k == nil || prefixOf(name, 1) == "" || !k.begun() {
		return nil, nil
	}
	track, err := k.engine.Use(ctx, k.place(name))
	if errors.Is(err, replica.ErrStopped) {
		return nil, &FileError{File: name, Kind: ErrClosed}
	}
	return track, err
}

// begun reports whether the epochs are known; national.db is opened before.
func (k *keeper) begun() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.epochs != nil
}

// left writes down how a file stands that Litestream has let go of. Nobody can
// open it before that is done.
func (k *keeper) left(at replica.Place, state replica.State) {
	if state.Since.IsZero() {
		seal(at.Path)
	}
	name, err := filepath.Rel(k.f.opt.Dir, at.Path)
	if err != nil || filepath.ToSlash(name) == k.f.national.name {
		return // it cannot be written into itself
	}
	row := replicaRow{file: filepath.ToSlash(name), target: k.target, state: state}
	if state.Since.IsZero() {
		row.stamp = stampOf(at.Path)
	}
	ctx := context.Background() // at the end of the program, too
	if err := k.f.national.Update(ctx, func(tx *Tx) error { return keepReplica(tx, row) }); err != nil {
		k.f.opt.Log.Error("how a file stands with its replica was not written down; it is looked at again", "file", row.file, "error", err)
	}
	if !state.Since.IsZero() {
		k.wake()
	}
}

// wake tells settle that there is a file to look at.
func (k *keeper) wake() {
	if k == nil {
		return
	}
	select {
	case k.poke <- struct{}{}:
	default:
	}
}

// stampOf tells whether a closed file was changed: sizes and times of file and WAL.
func stampOf(path string) string {
	var stamp strings.Builder
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			stamp.WriteString("-;")
			continue
		}
		stamp.WriteString(strconv.FormatInt(info.Size(), 10) + "," + strconv.FormatInt(info.ModTime().UnixNano(), 10) + ";")
	}
	return stamp.String()
}

// newEpoch begins a new history for the files of a municipality, which the
// caller holds: what was sent under the old one stays as it is, and what an old
// process still sends ends up there. Litestream has let go of the files when it
// returns. id may be national or registry.
func (f *Files) newEpoch(ctx context.Context, id string) (epoch int64, err error) {
	if f.keeper != nil {
		for _, name := range filesOf(id) {
			if err := f.keeper.engine.LetGo(ctx, filepath.Join(f.opt.Dir, name)); err != nil {
				return 0, err
			}
		}
	}
	err = f.national.Update(ctx, func(tx *Tx) error {
		epoch, err = nextEpoch(tx, id, 1)
		return err
	})
	if err == nil && f.keeper != nil {
		f.keeper.mu.Lock()
		for _, name := range filesOf(id) {
			f.keeper.epochs[name] = epoch
		}
		f.keeper.mu.Unlock()
		f.keeper.wake()
	}
	return epoch, err
}

// Replicas says how every file stands with its replica, by name: from memory and
// national.db, never by asking the place where the replicas are.
func (f *Files) Replicas(ctx context.Context) ([]ReplicaStatus, error) {
	var list []ReplicaStatus
	err := f.national.View(ctx, func(tx *Tx) (err error) {
		list, err = replicaStatuses(tx)
		return err
	})
	if err != nil || f.keeper == nil {
		return list, err
	}
	now, states := time.Now(), f.keeper.engine.States()
	for i := range list {
		s := &list[i]
		if s.Target != f.keeper.target { // of a file that was never here, or elsewhere before
			s.TXID, s.SyncedAt = "", time.Time{}
		}
		s.Target, s.SameDisk = f.keeper.target, f.keeper.same
		if state, ok := states[filepath.Join(f.opt.Dir, s.File)]; ok {
			s.take(state, now)
		} else if s.Lag == 0 && f.keeper.unsure(s.File) {
			s.Lag = max(now.Sub(f.keeper.began), time.Nanosecond)
		}
	}
	return list, nil
}

// take fills in how a file stands that is open now.
func (s *ReplicaStatus) take(state replica.State, now time.Time) {
	s.Lag, s.Err = 0, ""
	if state.TXID != "" {
		s.TXID, s.SyncedAt = state.TXID, state.SyncedAt
	}
	if !state.Since.IsZero() {
		s.Lag = max(now.Sub(state.Since), time.Nanosecond)
	}
	if state.Err != nil {
		s.Err = state.Err.Error()
	}
}
