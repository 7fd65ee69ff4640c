package tenants

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// aside gives a handle for a file that lies beside the live ones: restored, to
// be looked over. It is never replicated, and left in the schema it has.
func (f *Files) aside(name, schema, owner string) *DB {
	opt := f.opt
	opt.Replicated = false
	d := f.newDB(nil, name, schema, owner)
	d.opt, d.asIs = &opt, true
	return d
}

// looked opens a file aside, runs work and closes it; nothing of it is left open
// and no WAL beside it.
func (f *Files) looked(d *DB, work func(*DB) error) error {
	err := work(d)
	d.close()
	for _, suffix := range []string{"-wal", "-shm"} {
		left := filepath.Join(d.opt.Dir, d.name) + suffix
		if exists(left) {
			err = errors.Join(err, fmt.Errorf("%s is still there: the file is not whole", filepath.Base(left)))
		}
	}
	return err
}

// probes ask a file for the row that was written last, of its own kind: what a
// copy has to have too, byte for byte. An entry of a trail holds the hash of all
// entries before it.
var probes = map[string]struct{ last, at string }{
	"municipal": {
		`SELECT coalesce(max(seq), 0) FROM audit`,
		`SELECT lower(hex(hash)) || ' ' || at FROM audit WHERE seq = ?`},
	"access": {
		`SELECT coalesce(max(seq), 0) FROM access_view`,
		`SELECT lower(hex(hash)) || ' ' || at FROM access_view WHERE seq = ?`},
	"national": {
		`SELECT coalesce(max(seq), 0) FROM audit`,
		`SELECT lower(hex(hash)) || ' ' || at FROM audit WHERE seq = ?`},
	"registry": {
		`SELECT count(*) FROM (SELECT 1 FROM household LIMIT 1)`,
		`SELECT tramo || ' ' || data_date || ' ' || head_run FROM household WHERE ? = 1 ORDER BY folio LIMIT 1`},
}

// Probe is a row that a copy must have as the live file has it.
type Probe struct {
	Seq int64  // 0: the file has none yet
	Row string // its hash and time
}

// probe reads the row that was written last.
func (d *DB) probe(ctx context.Context) (p Probe, err error) {
	err = d.View(ctx, func(tx *Tx) error {
		if err := tx.QueryRow(probes[d.schema].last).Scan(&p.Seq); err != nil || p.Seq == 0 {
			return err
		}
		return tx.QueryRow(probes[d.schema].at, p.Seq).Scan(&p.Row)
	})
	return p, err
}

// errBehind: a copy does not reach as far as the file did when it was asked.
var errBehind = errors.New("the last row of the file is not in it")

// compare holds a copy against the probe of its file.
func (d *DB) compare(ctx context.Context, p Probe) error {
	if p.Seq == 0 {
		return nil
	}
	var row string
	err := d.View(ctx, func(tx *Tx) error { return tx.QueryRow(probes[d.schema].at, p.Seq).Scan(&row) })
	switch {
	case NotFound(err):
		return fmt.Errorf("row %d: %w", p.Seq, errBehind)
	case err != nil:
		return err
	case row != p.Row:
		return fmt.Errorf("row %d is another one than in the file", p.Seq)
	}
	return nil
}

// lastChange is when the row that was written last was written; zero when there is none.
func (d *DB) lastChange(ctx context.Context) (time.Time, error) {
	if d.schema != "municipal" && d.schema != "national" {
		return time.Time{}, nil
	}
	var at string
	err := d.View(ctx, func(tx *Tx) error { return tx.QueryRow(`SELECT at FROM audit ORDER BY seq DESC LIMIT 1`).Scan(&at) })
	if NotFound(err) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return time.Parse(time.RFC3339, at)
}

func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
