package tenants

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"
)

// The second line is a copy of each file a day, made by SQLite itself (VACUUM
// INTO), checked, compressed, and kept for five weeks. It needs nothing of
// Litestream, so that a fault of the one is none of the other.
//
//	copies/municipalities/<uuid>/2026-11-22.db.zst
//	copies/municipalities/<uuid>.access/2026-11-22.db.zst
//	copies/national/2026-11-22.db.zst

// secondLineDays is how long a copy of the second line is kept.
const secondLineDays = 35

const (
	secondLineDir    = "copies"
	secondLineSuffix = ".db.zst"
	dayLayout        = time.DateOnly
)

// secondLineRoot is the folder of the second line: best on a disk of its own.
func (f *Files) secondLineRoot() string {
	if f.opt.SecondLine != "" {
		return f.opt.SecondLine
	}
	return filepath.Join(f.opt.Dir, secondLineDir)
}

func (f *Files) secondLineOf(d *DB) string {
	return filepath.Join(f.secondLineRoot(), strings.TrimSuffix(d.name, ".db"))
}

// keepCopy makes the copy of a file for a day, unless it is there, and throws
// away those that are too old. It reads beside those who work.
func (f *Files) keepCopy(ctx context.Context, d *DB, day string) (bytes int64, err error) {
	dir := f.secondLineOf(d)
	final := filepath.Join(dir, day+secondLineSuffix)
	if exists(final) {
		return sizeOf(final), nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, err
	}
	if err := removeBeginnings(dir); err != nil {
		return 0, err
	}
	plain := filepath.Join(dir, day+".making")
	defer func() { _ = os.Remove(plain) }()
	if err := d.vacuumInto(ctx, plain); err != nil {
		return 0, err
	}
	if err := f.checkMade(ctx, d, plain); err != nil {
		return 0, err
	}
	if err := compress(ctx, plain, final+".making"); err != nil {
		return 0, errors.Join(err, os.Remove(final+".making"))
	}
	if err := errors.Join(os.Rename(final+".making", final), syncPath(dir)); err != nil {
		return 0, err
	}
	return sizeOf(final), f.forgetOldCopies(d, day)
}

// removeBeginnings removes what a copy that was cut short left.
func removeBeginnings(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		if strings.Contains(entry.Name(), ".making") {
			err = errors.Join(err, os.Remove(filepath.Join(dir, entry.Name())))
		}
	}
	return err
}

// vacuumInto writes the file, as of one moment and packed, to a path.
func (d *DB) vacuumInto(ctx context.Context, path string) error {
	f, err := d.acquire(ctx)
	if err != nil {
		return err
	}
	defer d.release(f)
	return f.vacuumInto(ctx, path)
}

func (f *file) vacuumInto(ctx context.Context, path string) error {
	return f.guard(func() error {
		conn, err := f.connect("cache_size=-2048")
		if err != nil {
			return f.explain(err)
		}
		unwatch := interruptWith(ctx, conn)
		err = conn.Exec("VACUUM INTO ?", path)
		unwatch()
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return errors.Join(f.explain(err), conn.Close())
	})
}

// checkMade looks a fresh copy over, as the file it will be when it is needed.
func (f *Files) checkMade(ctx context.Context, d *DB, path string) error {
	made := f.aside("", d.schema, d.owner)
	opt := *made.opt
	opt.Dir, made.opt = filepath.Dir(path), &opt
	made.name = filepath.Base(path)
	return f.looked(made, func(made *DB) error { return made.Verify(ctx, false) })
}

// santiago is Chile's time: a day of the second line is a day of the desks.
var santiago = sync.OnceValue(func() *time.Location {
	place, err := time.LoadLocation("America/Santiago")
	if err != nil {
		return time.UTC
	}
	return place
})

// compress packs a file; the packed one carries a checksum of what is in it.
func compress(ctx context.Context, from, to string) (err error) {
	in, err := os.Open(from) //nolint:gosec // named by us, and closed
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // named by us
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	packer, err := zstd.NewWriter(out, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedDefault))
	if err != nil {
		return err
	}
	if _, err := io.Copy(packer, untilDone{ctx, in}); err != nil {
		return errors.Join(err, packer.Close())
	}
	return errors.Join(packer.Close(), out.Sync())
}

// unpack writes what is in a packed file; a flipped byte is an error.
func unpack(ctx context.Context, from, to string) (err error) {
	in, err := os.Open(from) //nolint:gosec // named by us
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	unpacker, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return err
	}
	defer unpacker.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // named by us
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := io.Copy(out, untilDone{ctx, unpacker}); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(from), err)
	}
	return out.Sync()
}

// untilDone reads until the context ends.
type untilDone struct {
	ctx context.Context
	in  io.Reader
}

// Read reads on.
func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.in.Read(p)
}

// forgetOldCopies removes the copies that are older than five weeks. Those of
// days to come, which a wrong clock made, stay.
func (f *Files) forgetOldCopies(d *DB, day string) error {
	today, err := time.Parse(dayLayout, day)
	if err != nil {
		return err
	}
	days, err := f.copyDays(d)
	oldest := today.AddDate(0, 0, -secondLineDays).Format(dayLayout)
	for _, have := range days {
		if have < oldest {
			err = errors.Join(err, os.Remove(filepath.Join(f.secondLineOf(d), have+secondLineSuffix)))
		}
	}
	return err
}

// copyDays lists the days of which the second line holds a copy, oldest first.
func (f *Files) copyDays(d *DB) ([]string, error) {
	entries, err := os.ReadDir(f.secondLineOf(d))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	days := make([]string, 0, len(entries))
	for _, entry := range entries {
		day, ours := strings.CutSuffix(entry.Name(), secondLineSuffix)
		if _, err := time.Parse(dayLayout, day); err == nil && ours {
			days = append(days, day)
		}
	}
	slices.Sort(days)
	return days, err
}

// CopyDays lists the days of which the second line holds a copy of the
// municipality's main file, oldest first.
func (f *Files) CopyDays(m *Municipality) ([]string, error) { return f.copyDays(m.main) }

// unpackCopy writes the newest copy of the second line that is not of a later
// day to a path; day "" is the newest of all.
func (f *Files) unpackCopy(ctx context.Context, d *DB, day, path string) (used string, err error) {
	days, err := f.copyDays(d)
	if err != nil {
		return "", err
	}
	for _, have := range slices.Backward(days) {
		if day == "" || have <= day {
			return have, unpack(ctx, filepath.Join(f.secondLineOf(d), have+secondLineSuffix), path)
		}
	}
	return "", &FileError{File: d.name, Kind: ErrNoBackup, Cause: errors.New("the second line holds no copy of that day or before")}
}
