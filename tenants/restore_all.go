package tenants

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"
)

// AllRequest says how a whole data directory is restored.
type AllRequest struct {
	Source Source    // "": the replica
	At     time.Time // as everything was then; zero: as late as there is
	// Tell is called for each file as it is done, from several goroutines in turn; nil: nobody.
	Tell func(file string, err error)
}

// AllReport is what came of it.
type AllReport struct {
	Files  int      // restored
	Failed []string // files that could not be; the others are there
	Kept   string   // folder of what was in their place, "" when nothing was
}

// restorers is how many municipalities are restored side by side.
const restorers = 4

// RestoreAll makes a data directory anew from the replicas of its files: the
// national file first, which says what else there was, then the registry and
// every municipality. No process may work in the directory. Nothing in it is
// touched until what takes its place is restored and checked; what was there is
// kept. A file that cannot be restored stops no other: it is named, and the
// municipality answers that it is to be restored.
//
// Every file begins a new epoch, so that a process that still runs elsewhere on
// the old history cannot write into the new one.
func RestoreAll(ctx context.Context, opt Options, r AllRequest) (report AllReport, err error) {
	opt.setDefaults()
	if r.Source == "" {
		r.Source = FromReplica
	}
	if err := os.MkdirAll(filepath.Join(opt.Dir, "municipalities"), 0o700); err != nil {
		return report, err
	}
	lock, err := lockDir(opt.Dir)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	w, err := newWhole(opt, r)
	if err != nil {
		return report, err
	}
	if err := w.restore(ctx); err != nil {
		return report, errors.Join(err, os.RemoveAll(w.dir))
	}
	err = w.take()
	return w.report, err
}

// whole is the restore of a whole directory under way.
type whole struct {
	*Files
	request AllRequest
	dir     string // where the restored files lie until all are there
	staged  *DB    // national.db among them

	mu     sync.Mutex
	report AllReport
	moves  []move
}

func newWhole(opt Options, r AllRequest) (*whole, error) {
	f := &Files{opt: opt, handles: map[string]*Municipality{}, alone: true}
	f.reserve = newReserve(opt.Dir, 0, opt.Log)
	w := &whole{Files: f, request: r, dir: filepath.Join(opt.Dir, copiesDir, uuid.NewString())}
	w.national, w.registry = f.newDB(nil, "national.db", "national", ""), f.newDB(nil, "registry.db", "registry", "")
	return w, errors.Join(f.tidyCopies(), os.MkdirAll(w.dir, 0o700))
}

// restore brings everything into the folder.
func (w *whole) restore(ctx context.Context) error {
	live := w.national
	if err := w.bringOne(ctx, live); err != nil {
		return fmt.Errorf("without the national file nothing says what else there was: %w", err)
	}
	w.staged = w.aside(w.stagedName(live), "national", "")
	w.staged.asIs = false
	defer w.staged.close()
	// Who was signed in then, or disabled since, signs in again.
	err := w.staged.Update(ctx, func(tx *Tx) error {
		_, err := tx.Exec(`DELETE FROM session`)
		return err
	})
	if err != nil {
		return err
	}
	w.alone, w.national = false, w.staged // from here on it says which histories there are
	if err := w.begin(ctx, live); err != nil {
		return err
	}
	w.bringShared(ctx)
	list, err := w.Municipalities(ctx)
	if err != nil {
		return err
	}
	w.bringMany(ctx, list)
	return ctx.Err()
}

// bringShared restores the registry. Without it desks work with what they hold.
func (w *whole) bringShared(ctx context.Context) {
	err := w.bringOne(ctx, w.registry)
	if err == nil {
		err = w.begin(ctx, w.registry)
	}
	w.tell(w.registry, err)
}

func (w *whole) bringMany(ctx context.Context, list []Identity) {
	work := make(chan Identity)
	var all sync.WaitGroup
	for range restorers {
		all.Go(func() {
			for who := range work {
				w.bringMunicipality(ctx, who)
			}
		})
	}
	for _, who := range list {
		if who.Status != Provisioning {
			work <- who
		}
	}
	close(work)
	all.Wait()
}

func (w *whole) bringMunicipality(ctx context.Context, who Identity) {
	m, err := w.handle(who)
	if err != nil {
		return // the directory is not closed while we work in it
	}
	err = w.bringOne(ctx, m.main)
	if err == nil {
		err = w.begin(ctx, m.main)
	}
	w.tell(m.main, err)
	w.tell(m.access, w.bringOne(ctx, m.access))
}

// begin starts the next history of a restored file.
func (w *whole) begin(ctx context.Context, d *DB) error {
	if w.opt.Replica == nil {
		return nil
	}
	newest, err := w.newestEpoch(ctx, d)
	if err != nil {
		return err
	}
	return w.staged.Update(ctx, func(tx *Tx) error {
		_, err := nextEpoch(tx, epochID(d), newest+1)
		return err
	})
}

// bringOne restores one file into the folder and looks it over.
func (w *whole) bringOne(ctx context.Context, live *DB) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	aside := w.aside(w.stagedName(live), live.schema, live.owner)
	request := RestoreRequest{Source: w.request.Source, At: w.request.At}
	if live.schema == "access" {
		request.At = time.Time{} // nobody's look at a person is forgotten by turning back
	}
	if err := w.bring(ctx, live, aside, &request, &Copy{}); err != nil {
		return err
	}
	if err := w.looked(aside, func(d *DB) error { return d.Verify(ctx, false) }); err != nil {
		return errors.Join(err, os.Remove(aside.path()))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.moves = append(w.moves, move{Fresh: aside.name, Live: live.name})
	w.report.Files++
	return nil
}

func (w *whole) stagedName(live *DB) string {
	return filepath.Join(copiesDir, filepath.Base(w.dir), filepath.Base(live.name))
}

func (w *whole) tell(d *DB, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.report.Failed = append(w.report.Failed, d.name)
	}
	if w.request.Tell != nil {
		w.request.Tell(d.name, err)
	}
}

// take gives the restored files their names; cut short, the next start does it.
func (w *whole) take() error {
	kept := w.keptName("all")
	for i := range w.moves {
		m := &w.moves[i]
		m.Kept = filepath.Join(kept, m.Live)
		if exists(filepath.Join(w.opt.Dir, m.Live)) {
			w.report.Kept = kept
		}
	}
	if err := writeNote(w.dir, swapNote, w.moves); err != nil {
		return err
	}
	if err := w.moveAll(w.moves); err != nil {
		return err
	}
	return os.RemoveAll(w.dir)
}

// ExportCopy writes a copy's files somewhere else: the main file, and the trail of
// views where trail is not nil.
func (f *Files) ExportCopy(ctx context.Context, id string, main, trail io.Writer) error {
	c, err := f.ReadCopy(id)
	if err != nil {
		return err
	}
	if err := writeOut(ctx, filepath.Join(f.opt.Dir, copyName(c, "")), main); err != nil || trail == nil {
		return err
	}
	if c.NoTrail {
		return errors.New("the trail of views could not be restored")
	}
	return writeOut(ctx, filepath.Join(f.opt.Dir, copyName(c, ".access")), trail)
}

// writeOut writes a closed file out.
func writeOut(ctx context.Context, from string, out io.Writer) error {
	in, err := os.Open(from) //nolint:gosec // named by us, and closed
	if err != nil {
		return err
	}
	_, err = io.Copy(out, untilDone{ctx, in})
	return errors.Join(err, in.Close())
}
