package tenants

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/superfly/ltx"
)

// Point is a named place in the history of a file.
type Point struct {
	Epoch int64
	TXID  string
}

// fetchTries is how often a restore from a replica is tried. While Litestream
// packs small pieces into larger ones, a reader may find a piece gone that it
// was about to read; a moment later all is there.
const fetchTries = 6

// fetch restores the file of live from its replica to a path, as it was at a
// time (zero: as late as there is) or at a point. A time is looked for in the
// newest history that reaches back to it: each restore began a new one.
func (f *Files) fetch(ctx context.Context, live *DB, to string, at time.Time, point Point) (Point, error) {
	if f.opt.Replica == nil {
		return Point{}, &FileError{File: live.name, Kind: ErrNoBackup, Cause: errors.New("no replica is configured")}
	}
	newest, err := f.newestEpoch(ctx, live)
	if err != nil {
		return Point{}, err
	}
	if point.Epoch > 0 {
		return point, f.fetchEpoch(ctx, live, to, point.Epoch, at, point.TXID)
	}
	for epoch := newest; epoch > 0; epoch-- {
		err := f.fetchEpoch(ctx, live, to, epoch, at, "")
		if !errors.Is(err, litestream.ErrTxNotAvailable) {
			return Point{Epoch: epoch}, err
		}
	}
	return Point{}, &FileError{File: live.name, Kind: ErrNoBackup, Cause: errors.New("the replica does not reach back so far, or holds nothing")}
}

// newestEpoch is the newest history of a file: the one that is written to now,
// or a later one, when what we know of it is itself restored.
func (f *Files) newestEpoch(ctx context.Context, live *DB) (int64, error) {
	known := int64(1)
	if !f.alone {
		var err error
		if known, err = f.epoch(ctx, epochID(live)); err != nil {
			return 0, err
		}
	}
	found, err := f.opt.Replica.Newest(ctx, int(known), func(epoch int) string { return prefixOf(live.name, int64(epoch)) })
	if err != nil {
		return 0, &FileError{File: live.name, Kind: ErrNoBackup, Cause: fmt.Errorf("the replica does not answer: %w", err)}
	}
	return max(int64(found), known), nil
}

// epochID is what a file's history is counted under: a municipality, national or registry.
func epochID(d *DB) string {
	if d.owner != "" {
		return d.owner
	}
	return strings.TrimSuffix(d.name, ".db")
}

func (f *Files) fetchEpoch(ctx context.Context, live *DB, to string, epoch int64, at time.Time, txid string) error {
	client, err := f.opt.Replica.Client(prefixOf(live.name, epoch))
	if err != nil {
		return err
	}
	client.SetLogger(f.opt.Log)
	if err := client.Init(ctx); err != nil {
		return &FileError{File: live.name, Kind: ErrNoBackup, Cause: fmt.Errorf("the replica does not answer: %w", err)}
	}
	options := litestream.NewRestoreOptions()
	options.OutputPath, options.Timestamp = to, at
	if txid != "" {
		if options.TXID, err = ltx.ParseTXID(txid); err != nil {
			return err
		}
		options.Timestamp = time.Time{}
	}
	if err := f.fetchPatiently(ctx, client, options); err != nil {
		return err
	}
	return errors.Join(os.Chmod(to, 0o600), syncPath(to))
}

// fetchPatiently tries again what passes.
func (f *Files) fetchPatiently(ctx context.Context, client litestream.ReplicaClient, options litestream.RestoreOptions) error {
	for try := 1; ; try++ {
		err := litestream.NewReplicaWithClient(nil, client).Restore(ctx, options)
		if err == nil || try == fetchTries || !passes(err) {
			return err
		}
		f.opt.Log.InfoContext(ctx, "the replica moved while it was read; once more", "try", try, "error", err)
		if err := os.Remove(options.OutputPath); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		wait := time.NewTimer(time.Duration(try) * 100 * time.Millisecond)
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return ctx.Err()
		}
	}
}

// passes reports whether an error of a restore goes away by itself.
func passes(err error) bool {
	return strings.Contains(err.Error(), "non-contiguous ltx files") || errors.Is(err, os.ErrNotExist)
}
