package tenants

import (
	"errors"
	"os"
	"path/filepath"
)

// Survey is what can be said of a municipality's files without opening them:
// how much they hold, which schema they are of, and what was wrong when one was
// last opened or looked at.
type Survey struct {
	Bytes   int64 // of both files with what is not yet moved into them
	Schema  int64 // version of the main file, 0 when it cannot be told
	Old     bool  // a file waits for its migration
	Trouble error // a FileError of the first file that is not well; nil: none known
}

// Schema is the version of a municipality's main file that this program writes.
func Schema() int64 { return latest("municipal") }

// Survey looks at the files of a municipality. It opens none, so it is for those
// who look at thousands: damage inside a closed file shows when it is opened,
// verified or restored, not here.
func (f *Files) Survey(who Identity) Survey {
	m, err := f.handle(who)
	if err != nil {
		return Survey{Trouble: err}
	}
	var s Survey
	if m.Status() == Provisioning {
		return s
	}
	for _, d := range []*DB{m.main, m.access} {
		version, err := d.look()
		if err != nil && s.Trouble == nil {
			s.Trouble = err
		}
		if d == m.main {
			s.Schema = version
		}
		s.Old = s.Old || err == nil && version < latest(d.schema)
		s.Bytes += d.size()
	}
	return s
}

// size is what the file takes on the disk, with its WAL.
func (d *DB) size() (bytes int64) {
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(filepath.Join(d.opt.Dir, d.name+suffix)); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}

// look says of which schema the file is, and what is known to be wrong with it.
// An open file was checked when it was opened, and is not touched.
func (d *DB) look() (version int64, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.live {
		if d.current != nil && d.current.dead.Load() != nil {
			return 0, d.current.dead.Load()
		}
		return latest(d.schema), d.trouble
	}
	version, err = headerVersion(filepath.Join(d.opt.Dir, d.name))
	switch {
	case errors.Is(err, os.ErrNotExist):
		return 0, &FileError{File: d.name, Kind: ErrMissing}
	case err != nil:
		return 0, &FileError{File: d.name, Kind: ErrDamaged, Cause: err}
	case version > latest(d.schema):
		return version, newer(d.name, version, latest(d.schema))
	case d.trouble != nil:
		return version, d.trouble
	case d.checked: // and not changed since
		return latest(d.schema), nil // the header lags behind the WAL that was left beside it
	}
	return version, nil
}
