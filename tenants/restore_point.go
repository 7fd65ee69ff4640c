package tenants

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Before a newer version changes the tables of a file, the place where it stands
// gets a name: before-00018, say, before the eighteenth migration. With a replica
// it is a transaction in it, and everything before is sent first; without one, or
// while it does not answer, it is a packed copy in the second line. The way back
// is a restore to it, by the version that wrote it.

// pointFor is how long a migration waits for the replica to have everything.
const pointFor = 10 * time.Second

// pointName names the place before a migration.
func pointName(version int64) string { return fmt.Sprintf("before-%05d", version) }

// markPoint gives the place where the file stands a name. A file is not left
// without its new tables because the old place has none: what fails is logged.
func (d *DB) markPoint(ctx context.Context, f *file) {
	if d.rehearse || d.opt.Unsynced {
		return // a copy that is looked at, or a demo under way
	}
	name, in := pointName(latest(d.schema)), "replica"
	err := d.markReplica(ctx, f, name)
	if err != nil {
		in = "copy"
		if other := d.markCopy(ctx, f, name); other == nil {
			err = nil
		} else {
			err = errors.Join(err, other)
		}
	}
	if err != nil {
		d.opt.Log.WarnContext(ctx, "no restore point before a migration", "file", d.name, "point", name, "error", err)
		return
	}
	d.opt.Log.InfoContext(ctx, "restore point", "file", d.name, "point", name, "in", in)
}

// markReplica sends everything and writes down up to where.
func (d *DB) markReplica(ctx context.Context, f *file, name string) error {
	track := f.track.Load()
	if track == nil || d.owner == "" {
		return errors.New("it has no replica here")
	}
	track.Ready()
	ctx, cancel := context.WithTimeout(ctx, pointFor)
	defer cancel()
	if err := track.Wait(ctx); err != nil {
		return err
	}
	files := d.keeper.f
	epoch, err := files.epoch(ctx, d.owner)
	if err != nil {
		return err
	}
	return files.national.Update(ctx, func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO restore_point (file, name, epoch, txid, at) VALUES (?1,?2,?3,?4,?5)
			ON CONFLICT (file, name) DO UPDATE SET epoch = ?3, txid = ?4, at = ?5`,
			d.name, name, epoch, track.State().TXID, formatTime(files.opt.Clock()))
		return err
	})
}

// pointPath is where the copy of a named place lies.
func (d *DB) pointPath(name string) string {
	f := Files{opt: *d.opt}
	return filepath.Join(f.secondLineOf(d), name+secondLineSuffix)
}

// markCopy packs the file as it is into the second line.
func (d *DB) markCopy(ctx context.Context, f *file, name string) error {
	final := d.pointPath(name)
	if err := os.MkdirAll(filepath.Dir(final), 0o700); err != nil {
		return err
	}
	plain := final + ".plain"
	for _, left := range []string{plain, final + ".making"} {
		if err := os.Remove(left); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	defer func() { _ = os.Remove(plain) }()
	if err := errors.Join(f.vacuumInto(ctx, plain), ctx.Err()); err != nil {
		return err
	}
	if err := compress(ctx, plain, final+".making"); err != nil {
		return err
	}
	return errors.Join(os.Rename(final+".making", final), syncPath(filepath.Dir(final)))
}

// bringPoint writes the file as it was at a named place.
func (f *Files) bringPoint(ctx context.Context, live, aside *DB, name string, c *Copy) error {
	if strings.ContainsAny(name, `/\`) {
		return &FileError{File: live.name, Kind: ErrNoBackup, Cause: errors.New("no such restore point")}
	}
	var p Point
	err := f.national.View(ctx, func(tx *Tx) error {
		return tx.QueryRow(`SELECT epoch, txid FROM restore_point WHERE file = ? AND name = ?`, live.name, name).Scan(&p.Epoch, &p.TXID)
	})
	switch {
	case err == nil:
		c.Epoch, c.TXID = p.Epoch, p.TXID
		_, err = f.fetch(ctx, live, aside.path(), time.Time{}, p)
		return err
	case !NotFound(err):
		return err
	case !exists(live.pointPath(name)):
		return &FileError{File: live.name, Kind: ErrNoBackup, Cause: fmt.Errorf("no restore point %s", name)}
	}
	return unpack(ctx, live.pointPath(name), aside.path())
}
