package tenants

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"gsl/tenants/internal/replica"
)

// A replica that runs is not a replica that restores. A drill restores a file
// from its replica into a scratch file, looks every page of it over, and
// compares the row that was written last with that of the live file.

// drillPatience is how long a drill waits for the replica to have the last row.
const drillPatience = 30 * time.Second

// Drill is what a drill found.
type Drill struct {
	File           string // relative to the data directory
	MunicipalityID string // "" for the shared files
	At             time.Time
	Err            error // what is wrong; nil: it can be restored
	Took           time.Duration
	Bytes          int64
}

// drill restores one file and judges it, and the pieces of its replica that were
// made since a time.
func (f *Files) drill(ctx context.Context, d *DB, since time.Time) Drill {
	begin := time.Now()
	out := Drill{File: d.name, MunicipalityID: d.owner, At: f.opt.Clock().UTC()}
	dir, err := f.scratch()
	if err != nil {
		out.Err = err
		return out
	}
	defer func() { _ = os.RemoveAll(dir) }()
	out.Bytes, out.Err = f.rehearse(ctx, d, dir)
	if out.Err == nil {
		out.Err = f.checkPieces(ctx, d, since)
	}
	out.Took = time.Since(begin)
	return out
}

// scratch makes a folder that does not outlive a restart.
func (f *Files) scratch() (string, error) {
	root := filepath.Join(f.opt.Dir, copiesDir)
	if err := os.MkdirAll(root, 0o700); err != nil {
		return "", err
	}
	return os.MkdirTemp(root, "drill-")
}

// rehearse fetches the file until it has the row that was the last when it began.
// A live file that cannot be read has no such row; what is restored of it must
// be whole all the same.
func (f *Files) rehearse(ctx context.Context, d *DB, dir string) (int64, error) {
	last, err := d.probe(ctx)
	if err == nil {
		err = f.sent(ctx, d)
	}
	if err != nil {
		f.opt.Log.WarnContext(ctx, "a drill cannot compare with the live file, or its replica is behind", "file", d.name, "error", err)
	}
	name, err := filepath.Rel(f.opt.Dir, filepath.Join(dir, "drill.db"))
	if err != nil {
		return 0, err
	}
	end := time.Now().Add(f.patience)
	for wait := 250 * time.Millisecond; ; wait *= 2 {
		aside := f.aside(name, d.schema, d.owner)
		if _, err := f.fetch(ctx, d, aside.path(), time.Time{}, Point{}); err != nil {
			return 0, err
		}
		size := sizeOf(aside.path())
		err := f.looked(aside, func(a *DB) error {
			return errors.Join(a.Verify(ctx, false), a.compare(ctx, last))
		})
		if !errors.Is(err, errBehind) || time.Now().Add(wait).After(end) {
			return size, err
		}
		if err := errors.Join(os.Remove(aside.path()), pause(ctx, wait)); err != nil {
			return 0, err
		}
	}
}

// sent waits until the replica has what the file held just now. Without a replica
// here there is nothing to wait for.
func (f *Files) sent(ctx context.Context, d *DB) error {
	opened, err := d.acquire(ctx)
	if err != nil {
		return err
	}
	defer d.release(opened)
	track := opened.track.Load()
	if track == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, f.patience)
	defer cancel()
	return track.Wait(ctx)
}

// pause waits, unless the context ends first.
func pause(ctx context.Context, long time.Duration) error {
	wait := time.NewTimer(long)
	defer wait.Stop()
	select {
	case <-wait.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Rounds is how a job that goes over all files does so.
type Rounds struct {
	Since   time.Time     // what was done after this is not done again: a job goes on after a restart
	Pause   time.Duration // between two files: people work meanwhile
	Workers int           // files side by side; 0: one
	Whole   bool          // a drill reads every piece of the replicas, not only those since the last good one
	// Tell is told what came of each file, by one at a time; nil: nobody.
	Tell func(file string, err error)
}

// DrillAll drills every file and writes down what came of it. A file that cannot
// be restored is a result, which stops no other; the error is about the round.
func (f *Files) DrillAll(ctx context.Context, r Rounds) error {
	return f.round(ctx, r, func(s Safekeeping) time.Time { return s.DrillAt }, func(d *DB, known Safekeeping) (error, error) {
		since := known.DrillGoodAt.Add(-time.Hour) // what was on its way then, too
		if r.Whole {
			since = time.Time{}
		}
		result := f.drill(ctx, d, since)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return result.Err, f.keepDrill(ctx, result)
	})
}

// CopyAll makes the second line's copy of every file for a day.
func (f *Files) CopyAll(ctx context.Context, day string, r Rounds) error {
	return f.round(ctx, r, func(s Safekeeping) time.Time { return s.CopyAt }, func(d *DB, _ Safekeeping) (error, error) {
		bytes, err := f.keepCopy(ctx, d, day)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return err, f.keepCopied(ctx, d, bytes, err)
	})
}

// round goes over all files. do gives what came of one, and what stops the round.
func (f *Files) round(ctx context.Context, r Rounds, when func(Safekeeping) time.Time, do func(*DB, Safekeeping) (result, stop error)) error {
	files, err := f.everyFile(ctx)
	if err != nil {
		return err
	}
	known, err := f.Safekeeping(ctx)
	if err != nil {
		return err
	}
	files = slices.DeleteFunc(files, func(d *DB) bool {
		at := when(known[d.name])
		return !r.Since.IsZero() && !at.IsZero() && !at.Before(r.Since)
	})
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	work := make(chan *DB)
	var all sync.WaitGroup
	var telling sync.Mutex
	for range max(r.Workers, 1) {
		all.Go(func() {
			for d := range work {
				if err := r.one(ctx, d, &telling, func() (error, error) { return do(d, known[d.name]) }); err != nil {
					stop(err)
				}
			}
		})
	}
	for _, d := range files {
		work <- d
	}
	close(work)
	all.Wait()
	return context.Cause(ctx)
}

// one does one file of a round.
func (r *Rounds) one(ctx context.Context, d *DB, telling *sync.Mutex, do func() (result, stop error)) error {
	if ctx.Err() != nil {
		return nil // stopped already
	}
	result, err := do()
	if err != nil {
		return fmt.Errorf("%s: %w", d.name, err)
	}
	if r.Tell != nil {
		telling.Lock()
		r.Tell(d.name, result)
		telling.Unlock()
	}
	return pause(ctx, r.Pause)
}

// everyFile lists the files of all and those of every municipality that is made.
func (f *Files) everyFile(ctx context.Context) ([]*DB, error) {
	files := []*DB{f.national, f.registry}
	list, err := f.Municipalities(ctx)
	if err != nil {
		return nil, err
	}
	for _, who := range list {
		if who.Status == Provisioning {
			continue
		}
		m, err := f.handle(who)
		if err != nil {
			return nil, err
		}
		files = append(files, m.main, m.access)
	}
	return files, nil
}

// Replicated reports whether the files are replicated at all.
func (f *Files) Replicated() bool { return f.opt.Replica != nil }

// SecondLine is the folder of the daily copies, and whether it lies on the disk
// of the data directory: then a lost disk takes both.
func (f *Files) SecondLine() (folder string, sameDisk bool) {
	return f.secondLineRoot(), replica.SameDisk(f.opt.Dir, f.secondLineRoot())
}

// FileNames lists the files that there are for these municipalities, and those of all.
func (f *Files) FileNames(list []Identity) []string {
	names := []string{f.national.name, f.registry.name}
	for i := range list {
		if list[i].Status != Provisioning {
			names = append(names, filesOf(list[i].ID)...)
		}
	}
	return names
}
