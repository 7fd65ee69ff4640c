package tenants

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
)

// Progress is how far MigrateAll has come.
type Progress struct {
	Done, Total int
	File        string // the one just done, relative to the data directory
	Err         error  // what is wrong with it; the others go on
}

// migrators is how many files are migrated side by side.
const migrators = 4

// MigrateAll brings the files of all municipalities to this version's schema,
// some side by side, while people work: a file that is asked for earlier
// migrates at its first request. It looks at the headers first, so it costs
// next to nothing when all are up to date; call it before Litestream has the
// files open. A bad file stops no other: the errors of all come back joined.
func (f *Files) MigrateAll(ctx context.Context, progress func(Progress)) error {
	old, err := f.outdated(ctx)
	if err != nil {
		return err
	}
	var (
		mu    sync.Mutex
		state = Progress{Total: len(old)}
		all   []error
		work  = make(chan *DB)
		done  sync.WaitGroup
	)
	for range migrators {
		done.Go(func() {
			for d := range work {
				err := f.touch(ctx, d)
				mu.Lock()
				state.Done, state.File, state.Err = state.Done+1, d.name, err
				all = append(all, err)
				if progress != nil {
					progress(state)
				}
				mu.Unlock()
			}
		})
	}
	for _, d := range old {
		work <- d
	}
	close(work)
	done.Wait()
	return errors.Join(all...)
}

// touch opens a file, which migrates it.
func (f *Files) touch(ctx context.Context, d *DB) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	opened, err := d.acquire(ctx)
	if err != nil {
		return err
	}
	d.release(opened)
	return nil
}

// outdated lists the files whose header does not show this version's schema:
// the older ones, and those in which something else is wrong.
func (f *Files) outdated(ctx context.Context) ([]*DB, error) {
	list, err := f.Municipalities(ctx)
	if err != nil {
		return nil, err
	}
	var old []*DB
	for _, who := range list {
		if who.Status == Provisioning {
			continue
		}
		m, err := f.handle(who)
		if err != nil {
			return nil, err
		}
		for _, d := range []*DB{m.main, m.access} {
			if d.looksOutdated() {
				old = append(old, d)
			}
		}
	}
	return old, nil
}

// looksOutdated reads the header of a file that is closed; an open one was
// checked when it was opened.
func (d *DB) looksOutdated() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.live || d.keeper.busy(d.name) { // it is not to be touched; what its opening said is known
		return !d.checked
	}
	version, err := headerVersion(filepath.Join(d.opt.Dir, d.name))
	return err != nil || version != latest(d.schema)
}

// Verify looks the file over: every page, index and reference, and whose file
// it is. Quick leaves out the comparison of tables with their indices. It
// reads beside those who work. The error names all that is wrong.
func (d *DB) Verify(ctx context.Context, quick bool) error {
	var found []error
	err := d.View(ctx, func(tx *Tx) error {
		check := `PRAGMA integrity_check(20)`
		if quick {
			check = `PRAGMA quick_check(20)`
		}
		if err := tx.complaints(check, &found); err != nil {
			return err
		}
		return tx.complaints(`SELECT 'a row of ' || "table" || ' refers to a row of ' || "parent" || ' that does not exist'
			FROM pragma_foreign_key_check LIMIT 20`, &found)
	})
	if err != nil {
		return err // opening it already checks whose it is
	}
	if len(found) > 0 {
		return &FileError{File: d.name, Kind: ErrDamaged, Cause: errors.Join(found...)}
	}
	return nil
}

func (tx *Tx) complaints(check string, found *[]error) error {
	rows, err := tx.Query(check)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		if text != "ok" {
			*found = append(*found, errors.New(text))
		}
	}
	return rows.Err()
}

// Verify looks over both files of the municipality.
func (m *Municipality) Verify(ctx context.Context, quick bool) error {
	return errors.Join(m.main.Verify(ctx, quick), m.access.Verify(ctx, quick))
}

// Verify looks over every file; report is called for each as it is done. A bad
// file stops no other: the errors of all come back joined.
func (f *Files) Verify(ctx context.Context, quick bool, report func(file string, err error)) error {
	files := []*DB{f.national, f.registry}
	list, err := f.Municipalities(ctx)
	if err != nil {
		return err
	}
	var all []error
	for _, who := range list {
		if who.Status == Provisioning {
			all = append(all, fmt.Errorf("municipality %s is not provisioned to the end: provision it again", who.Code))
			continue
		}
		m, err := f.handle(who)
		if err != nil {
			return err
		}
		files = append(files, m.main, m.access)
	}
	for _, d := range files {
		err := d.Verify(ctx, quick)
		all = append(all, err)
		if report != nil {
			report(d.name, err)
		}
	}
	return errors.Join(all...)
}
