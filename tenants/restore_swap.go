package tenants

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// holdWait is how long an exchange waits for the requests that are in the file.
const holdWait = 30 * time.Second

// hold refuses new work on the file, waits for what runs, and closes it. The
// file stays closed, and its name is free to be given away, until let is called.
func (d *DB) hold(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, holdWait)
	defer cancel()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.shut {
		return &FileError{File: d.name, Kind: ErrClosed}
	}
	if d.held != nil {
		return d.held
	}
	d.held = &FileError{File: d.name, Kind: ErrRestoring}
	d.retire()
	for d.live {
		if err := d.waitFor(ctx); err != nil {
			d.held = nil
			return err
		}
	}
	return nil
}

// waitFor waits for the next change. The caller holds d.mu, which is free meanwhile.
func (d *DB) waitFor(ctx context.Context) error {
	changed := d.changed
	d.mu.Unlock()
	defer d.mu.Lock()
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return &FileError{File: d.name, Kind: ErrBusy, Cause: fmt.Errorf("somebody works in it: %w", ctx.Err())}
	}
}

// let ends a hold: the next request opens what has the name now.
func (d *DB) let() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.held = nil
}

// holdAll holds several files, or none of them; let ends it.
func holdAll(ctx context.Context, files []*DB) (let func(), err error) {
	for i, d := range files {
		if err := d.hold(ctx); err != nil {
			for _, held := range files[:i] {
				held.let()
			}
			return nil, err
		}
	}
	return func() {
		for _, d := range files {
			d.let()
		}
	}, nil
}

// Swap is what an exchange did.
type Swap struct {
	Kept   string   // folder with the files that were swapped out, relative to the data directory
	Files  []string // that were exchanged, relative to the data directory
	Epoch  int64    // under which the municipality is replicated from now on
	Access bool     // the trail of views was exchanged too, because the live one was bad
}

// SwapCopy puts a restored copy in the place of the live file of its
// municipality, by rename, while all others work: those who are in the file end
// what they do, who comes meanwhile is told to wait, and the next request opens
// the restored one. The file that was there is kept. The trail of views goes on
// from where it is, so that nobody's look at a person is forgotten by turning a
// municipality back; only when it is damaged or lost is it exchanged too.
//
// A new epoch begins first: what an old process still sends goes into a history
// that nobody reads any more.
func (f *Files) SwapCopy(ctx context.Context, id string) (Swap, error) {
	c, err := f.ReadCopy(id)
	if err != nil {
		return Swap{}, err
	}
	m, err := f.Municipality(ctx, c.MunicipalityID)
	if err != nil {
		return Swap{}, err
	}
	m.exchange.Lock()
	defer m.exchange.Unlock()
	if c, err = f.ReadCopy(id); err != nil { // somebody was quicker
		return Swap{}, err
	}
	done := Swap{Kept: f.keptName(m.Code), Access: m.access.Verify(ctx, false) != nil}
	if err := f.exchangeFiles(ctx, m, c, &done); err != nil {
		return Swap{}, fmt.Errorf("restore %s: %w", m.Code, err)
	}
	for _, tell := range f.OnSwap {
		tell(m)
	}
	return done, f.DiscardCopy(id)
}

// exchangeFiles holds both files of the municipality: a page that shows a person
// needs both, so it is refused as a whole.
func (f *Files) exchangeFiles(ctx context.Context, m *Municipality, c Copy, done *Swap) error {
	f.closeCopy(c.ID)
	let, err := holdAll(ctx, []*DB{m.main, m.access})
	if err != nil {
		return err
	}
	defer func() {
		let()
		f.keeper.wake() // nobody may open it today, and it is to be replicated
	}()
	f.flushOld(ctx, m)
	if done.Epoch, err = f.newEpoch(ctx, m.ID); err != nil {
		return err
	}
	moves := []move{{Fresh: copyName(c, ""), Live: m.main.name, Kept: filepath.Join(done.Kept, filepath.Base(m.main.name))}}
	if done.Access {
		moves = append(moves, move{Fresh: copyName(c, ".access"), Live: m.access.name, Kept: filepath.Join(done.Kept, filepath.Base(m.access.name))})
	}
	for _, move := range moves {
		done.Files = append(done.Files, move.Live)
	}
	// From here on it is done to the end, if need be by the next start.
	if err := writeNote(filepath.Join(f.opt.Dir, copiesDir, c.ID), swapNote, moves); err != nil {
		return err
	}
	if err := f.step(nil, "swap noted"); err != nil {
		return err
	}
	return f.moveAll(moves)
}

// flushOld sends what the old history still lacks, if that goes quickly: it is
// kept here in any case.
func (f *Files) flushOld(ctx context.Context, m *Municipality) {
	if f.keeper == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, flushFor)
	defer cancel()
	f.keeper.engine.Flush(ctx, m.main.path(), m.access.path())
}

// keptName is the folder for what is swapped out, named by whose it is and when.
func (f *Files) keptName(code string) string {
	return filepath.Join(keptDir, code+"-"+f.opt.Clock().UTC().Format("20060102T150405.000000000Z"))
}

// move gives a file the name of another, which is kept under a third.
type move struct{ Fresh, Live, Kept string }

func (f *Files) moveAll(moves []move) error {
	for _, m := range moves {
		if err := f.moveOne(m); err != nil {
			return err
		}
	}
	return nil
}

// moveOne can be cut short anywhere and run again: while the fresh file has its
// own name, the move is not made. The WAL goes first: SQLite would play it into
// the file that has the name next.
func (f *Files) moveOne(m move) error {
	fresh, live, kept := filepath.Join(f.opt.Dir, m.Fresh), filepath.Join(f.opt.Dir, m.Live), filepath.Join(f.opt.Dir, m.Kept)
	if !exists(fresh) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(kept), 0o700); err != nil {
		return err
	}
	for _, gone := range []string{live + "-shm", sealOf(live)} {
		if err := os.Remove(gone); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	for _, pair := range [][2]string{{live + "-wal", kept + "-wal"}, {trackOf(live), trackOf(kept)}, {live, kept}} {
		if !exists(pair[0]) || exists(pair[1]) {
			continue
		}
		if err := os.Rename(pair[0], pair[1]); err != nil {
			return err
		}
		if err := errors.Join(syncPath(filepath.Dir(live)), syncPath(filepath.Dir(kept)), f.step(nil, "swap kept "+filepath.Base(pair[0]))); err != nil {
			return err
		}
	}
	if err := errors.Join(os.Rename(fresh, live), syncPath(filepath.Dir(live)), syncPath(filepath.Dir(fresh))); err != nil {
		return err
	}
	return f.step(nil, "swapped "+m.Live)
}

// trackOf is where Litestream keeps what it knows of a file: it goes with it.
func trackOf(path string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"-litestream")
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// tidyCopies ends the exchanges that were cut short, before any file is opened,
// and removes copies that never got whole.
func (f *Files) tidyCopies() error {
	entries, err := os.ReadDir(filepath.Join(f.opt.Dir, copiesDir))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, entry := range entries {
		dir := filepath.Join(f.opt.Dir, copiesDir, entry.Name())
		if exists(filepath.Join(dir, swapNote)) {
			if err := f.resumeSwap(dir); err != nil {
				return err
			}
		}
		if !exists(filepath.Join(dir, copyNote)) {
			if err := os.RemoveAll(dir); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *Files) resumeSwap(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, swapNote)) //nolint:gosec // named by us
	if err != nil {
		return err
	}
	var moves []move
	if err := json.Unmarshal(text, &moves); err != nil {
		return err
	}
	f.opt.Log.Warn("an exchange of files was cut short; it is made to the end", "copy", filepath.Base(dir))
	if err := f.moveAll(moves); err != nil {
		return err
	}
	return os.RemoveAll(dir)
}
