package tenants

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Source is where a restore takes the files from.
type Source string

// The sources.
const (
	FromReplica Source = "replica" // Litestream's: to the second
	FromCopy    Source = "copy"    // the second line: one a day
)

// RestoreRequest says what to restore.
type RestoreRequest struct {
	MunicipalityID string
	Source         Source    // "": the replica
	At             time.Time // as it was then; zero: as late as there is
	Point          string    // a named restore point of the main file, instead of a time

	// Progress is told what is done now, in a word of Steps, and how far; nil: nobody.
	Progress func(step string, share float64)
}

// Steps are the words that Progress is told, in order.
var Steps = []string{StepFetch, StepCheck, StepTrail}

// What a restore does, one after the other.
const (
	StepFetch = "fetch" // the main file is brought
	StepCheck = "check" // every page, index and reference is looked at
	StepTrail = "trail" // the same of the trail of views
)

func (r *RestoreRequest) tell(step string, share float64) {
	if r.Progress != nil {
		r.Progress(step, share)
	}
}

// RestoreCopy brings the files of a municipality as they were into a folder of
// their own, checks them, and gives the copy: whole, or none. The live files and
// everybody who works in them notice nothing. id is a new UUID.
//
// The trail of views is always brought as late as there is. When it cannot be,
// the copy is without: it is needed only where the live trail is lost too.
func (f *Files) RestoreCopy(ctx context.Context, id string, r RestoreRequest) (c Copy, err error) {
	dir, err := f.copyPath(id)
	if err != nil {
		return c, err
	}
	m, err := f.Municipality(ctx, r.MunicipalityID)
	if err != nil {
		return c, err
	}
	if r.Source == "" {
		r.Source = FromReplica
	}
	c = Copy{ID: id, MunicipalityID: m.ID, Source: r.Source, Wanted: r.At}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return c, err
	}
	if err := f.fillCopy(ctx, m, &c, &r); err != nil {
		return c, errors.Join(fmt.Errorf("restore %s: %w", m.Code, err), os.RemoveAll(dir))
	}
	return c, writeNote(dir, copyNote, c)
}

func (f *Files) fillCopy(ctx context.Context, m *Municipality, c *Copy, r *RestoreRequest) error {
	r.tell(StepFetch, 0)
	main := f.aside(copyName(*c, ""), "municipal", m.ID)
	if err := f.bring(ctx, m.main, main, r, c); err != nil {
		return err
	}
	r.tell(StepCheck, 0)
	err := f.looked(main, func(d *DB) (err error) {
		if err = d.Verify(ctx, false); err != nil {
			return err
		}
		c.Until, err = d.lastChange(ctx)
		return err
	})
	if err != nil {
		return err
	}
	r.tell(StepTrail, 0)
	latest := RestoreRequest{Source: r.Source}
	access, none := f.aside(copyName(*c, ".access"), "access", m.ID), Copy{}
	if err := f.bring(ctx, m.access, access, &latest, &none); err == nil {
		err = f.looked(access, func(d *DB) error { return d.Verify(ctx, false) })
		c.NoTrail = err != nil
	} else {
		c.NoTrail = true
	}
	if c.NoTrail && ctx.Err() == nil {
		f.opt.Log.WarnContext(ctx, "a municipality was restored without its trail of views", "municipality", m.Code)
		_ = os.Remove(access.path())
	}
	c.Bytes = sizeOf(main.path()) + sizeOf(access.path())
	return ctx.Err()
}

// path is where the file lies.
func (d *DB) path() string { return filepath.Join(d.opt.Dir, d.name) }

// bring writes the file of live, as the request wants it, to where aside lies.
func (f *Files) bring(ctx context.Context, live, aside *DB, r *RestoreRequest, c *Copy) error {
	if r.Point != "" {
		return f.bringPoint(ctx, live, aside, r.Point, c)
	}
	if r.Source == FromCopy {
		day := ""
		if !r.At.IsZero() {
			day = f.dayOf(r.At)
		}
		_, err := f.unpackCopy(ctx, live, day, aside.path())
		return err
	}
	got, err := f.fetch(ctx, live, aside.path(), r.At, Point{})
	c.Epoch, c.TXID = got.Epoch, got.TXID
	return err
}

// dayOf is the day of a time by which the second line calls its copies.
func (f *Files) dayOf(at time.Time) string { return at.In(santiago()).Format(dayLayout) }
