package tenants

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"gsl/tenants/internal/sqlite"
)

// openFile opens the file, brings it to this version's schema and makes sure
// that it is whose it should be. It never makes a file: one that is missing
// was lost, and an empty one in its place would hide that.
func (d *DB) openFile(ctx context.Context) (*file, error) {
	f := &file{
		name: d.name, owner: d.owner, path: filepath.Join(d.opt.Dir, d.name), clock: d.opt.Clock, opt: d.opt, count: &d.counters,
		readers: readers{places: make(chan struct{}, readersMax)},
	}
	if !d.keeper.busy(d.name) { // Litestream has it open: then it never was closed
		if err := unseal(f.path); err != nil {
			return nil, &FileError{File: d.name, Kind: ErrDamaged, Cause: err}
		}
	}
	track, err := d.keeper.use(ctx, d.name)
	if err != nil {
		return nil, err
	}
	f.track.Store(track)
	if err := f.guard(func() error { return d.openInto(ctx, f) }); err != nil {
		f.abandon()
		track.Abandon(errors.Is(err, ErrDamaged) || errors.Is(err, ErrMissing))
		return nil, err
	}
	track.Ready()
	d.counters.openings.Add(1)
	return f, nil
}

func (d *DB) openInto(ctx context.Context, f *file) (err error) {
	if err := d.askOwner(ctx); err != nil {
		return err
	}
	f.info, err = os.Stat(f.path)
	if errors.Is(err, os.ErrNotExist) {
		return &FileError{File: f.name, Kind: ErrMissing}
	}
	if err != nil {
		return &FileError{File: f.name, Kind: ErrIO, Cause: err}
	}
	if f.info.Size() == 0 { // for SQLite a fresh database, for us a lost one
		return &FileError{File: f.name, Kind: ErrDamaged, Cause: errors.New("it is empty")}
	}
	conn, err := f.connectWriter()
	if err != nil {
		return f.explain(err)
	}
	f.writer = newWriter(f, conn)
	if err := d.checkOwnerRow(f, conn); err != nil {
		return err
	}
	return d.checkVersion(ctx, f, conn)
}

// askOwner asks whether this process may write the municipality's file.
func (d *DB) askOwner(ctx context.Context) error {
	if d.owner == "" || d.opt.Owner == nil {
		return nil
	}
	if err := d.opt.Owner.Owns(ctx, d.owner); err != nil {
		return &FileError{File: d.name, Kind: ErrNotOwner, Cause: err}
	}
	return nil
}

// checkOwnerRow reads whose file it is, before any migration: a file cut to
// nothing must not be filled with fresh tables.
func (d *DB) checkOwnerRow(f *file, conn *sqlite.Conn) error {
	if d.owner == "" {
		return nil
	}
	var id string
	if err := conn.One("SELECT id FROM municipality", &id); err != nil {
		return f.condemn(ErrDamaged, fmt.Errorf("owner row: %w", err))
	}
	if id != d.owner {
		return f.condemn(ErrDamaged, fmt.Errorf("it belongs to municipality %s", id))
	}
	return nil
}

// checkVersion migrates an older file and refuses a newer one.
func (d *DB) checkVersion(ctx context.Context, f *file, conn *sqlite.Conn) error {
	var have int64
	if err := conn.One("PRAGMA user_version", &have); err != nil {
		return f.explain(err)
	}
	switch want := latest(d.schema); {
	case have > want:
		return newer(f.name, have, want)
	case have < want && !d.asIs:
		return d.migrate(ctx, f)
	}
	return nil
}

func newer(name string, have, want int64) error {
	return &FileError{File: name, Kind: ErrNewer,
		Cause: fmt.Errorf("schema %d, and this version knows %d", have, want)}
}

func (d *DB) migrate(ctx context.Context, f *file) error {
	d.markPoint(ctx, f)
	if err := migrate(ctx, f.path, d.schema); err != nil {
		if kindOf(err) != nil {
			return f.explain(err)
		}
		return &FileError{File: f.name, Kind: ErrUnavailable, Cause: err}
	}
	return nil
}
