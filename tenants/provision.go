package tenants

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/uuid"
)

// Provision makes a municipality, or gives the one that has the code already.
//
// It can be cut short anywhere and run again. The row in national.db comes
// first, as provisioning; each file is built under a temporary name, forced to
// the disk and renamed, so that a file with its own name is whole; the row
// becomes active last. Provision makes no file for a municipality that is
// active: one that is missing then was lost, and has to be restored.
func (f *Files) Provision(ctx context.Context, who Identity) (*Municipality, error) {
	return f.ProvisionWith(ctx, who, nil)
}

// ProvisionWith is Provision for a municipality that begins otherwise than all
// do: first, which may be nil, runs in the first transaction of its main file,
// after Seed. It runs again when provisioning was cut short before that commit,
// and not at all for a municipality that is there already.
func (f *Files) ProvisionWith(ctx context.Context, who Identity, first func(*Tx) error) (*Municipality, error) {
	f.provides.Lock()
	defer f.provides.Unlock()
	who, err := f.enrol(ctx, who)
	if err != nil {
		return nil, err
	}
	m, err := f.handle(who)
	if err != nil || m.Status() != Provisioning {
		return m, err
	}
	for _, d := range []*DB{m.main, m.access} {
		if err := f.build(ctx, d, who, first); err != nil {
			return nil, fmt.Errorf("provision %s: %w", who.Code, err)
		}
	}
	if err := f.activate(ctx, m); err != nil {
		return nil, fmt.Errorf("provision %s: %w", who.Code, err)
	}
	return m, nil
}

// enrol finds the municipality of the code in national.db, or writes it there.
func (f *Files) enrol(ctx context.Context, who Identity) (Identity, error) {
	if who.ID == "" {
		who.ID = uuid.NewString()
	} else if _, err := uuid.Parse(who.ID); err != nil {
		return who, fmt.Errorf("tenants: the id becomes a file's name: %w", err)
	}
	err := f.national.Update(ctx, func(tx *Tx) error {
		var known string
		err := tx.QueryRow(`SELECT id FROM municipality WHERE code = ?`, who.Code).Scan(&known)
		if err == nil {
			who, err = identity(tx, known)
			return err
		}
		if !NotFound(err) {
			return err
		}
		if err := insertIdentity(tx, who, f.now()); err != nil {
			return err
		}
		who, err = identity(tx, who.ID)
		return err
	})
	return who, errors.Join(err, f.step(err, "enrolled"))
}

func insertIdentity(tx *Tx, who Identity, at string) error {
	_, err := tx.Exec(`INSERT INTO municipality (id, code, name, kind, model, status, created_at) VALUES (?,?,?,?,?,?,?)`,
		who.ID, who.Code, who.Name, who.Kind, who.Model, Provisioning, at)
	if err != nil {
		return err
	}
	for _, commune := range who.Communes {
		_, err := tx.Exec(`INSERT INTO municipality_commune (municipality_id, commune_code) VALUES (?,?)`, who.ID, commune)
		if err != nil {
			return err
		}
	}
	return nil
}

// build makes one file of a municipality, unless it stands there whole.
func (f *Files) build(ctx context.Context, d *DB, who Identity, first func(*Tx) error) error {
	return f.make(ctx, d, func(path string) error {
		if err := f.step(nil, d.schema+" migrated"); err != nil {
			return err
		}
		return errors.Join(f.firstTransaction(ctx, d, who, path, first), f.step(nil, d.schema+" seeded"))
	})
}

// make makes a file, unless it stands there already: under a temporary name,
// filled, forced to the disk, renamed. What has its own name is whole.
func (f *Files) make(ctx context.Context, d *DB, fill func(path string) error) error {
	path := filepath.Join(f.opt.Dir, d.name)
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	fresh := path + ".new"
	for _, suffix := range []string{"", "-wal", "-shm"} { // what an earlier attempt left
		if err := os.Remove(fresh + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	if err := create(ctx, fresh, d.schema); err != nil {
		return err
	}
	if err := fill(fresh); err != nil {
		return err
	}
	if _, err := os.Stat(fresh + "-wal"); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s-wal is still there: the file is not whole (%w)", filepath.Base(fresh), err)
	}
	if err := syncPath(fresh); err != nil {
		return err
	}
	if err := os.Rename(fresh, path); err != nil {
		return err
	}
	return errors.Join(f.step(nil, d.schema+" renamed"), syncPath(filepath.Dir(path)))
}

// firstTransaction writes the owner row and, into the main file, what the
// capabilities give a new municipality.
func (f *Files) firstTransaction(ctx context.Context, d *DB, who Identity, path string, first func(*Tx) error) error {
	opt := f.opt
	opt.Replicated = false // the WAL must be gone before the file gets its name
	fresh := &file{name: d.name, owner: d.owner, path: path, clock: opt.Clock, opt: &opt, count: &d.counters}
	conn, err := fresh.connect("synchronous=OFF") // it is forced to the disk as a whole
	if err != nil {
		return err
	}
	fresh.writer = newWriter(fresh, conn)
	if fresh.info, err = os.Stat(path); err != nil {
		return errors.Join(err, fresh.close())
	}
	_, err = fresh.writer.update(ctx, func(tx *Tx) error {
		if _, err := tx.Exec(`INSERT INTO municipality (only, id, code, name) VALUES (1,?,?,?)`, who.ID, who.Code, who.Name); err != nil {
			return err
		}
		if d.schema != "municipal" {
			return nil
		}
		for _, seed := range f.opt.Seed {
			if err := seed(tx, who); err != nil {
				return fmt.Errorf("seed: %w", err)
			}
		}
		if first == nil {
			return nil
		}
		return first(tx)
	}, true)
	return errors.Join(err, fresh.close())
}

func (f *Files) activate(ctx context.Context, m *Municipality) error {
	err := f.national.Update(ctx, func(tx *Tx) error {
		_, err := tx.Exec(`UPDATE municipality SET status = ? WHERE id = ?`, Active, m.ID)
		return err
	})
	if err := errors.Join(err, f.step(err, "activated")); err != nil {
		return err
	}
	active := Active
	m.status.Store(&active)
	f.keeper.wake() // its files are in the replica before anybody opens them
	return nil
}

// CrashAt lets a test stop provisioning after a step: hook hears of each, and
// what it answers is what comes of the provisioning.
func (f *Files) CrashAt(hook func(step string) error) { f.crash = hook }

// step stops here in a test that plays a crash.
func (f *Files) step(err error, name string) error {
	if f.crash == nil || err != nil {
		return nil
	}
	return f.crash(name)
}

// syncPath forces a file, or the names in a directory, to the disk. Nothing
// else in the process has the file open.
func syncPath(path string) error {
	file, err := os.Open(path) //nolint:gosec // named by us
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
