package tenants

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Identity says which municipality a file belongs to.
type Identity struct {
	ID       string   // UUID, also the file's name; made by Provision when blank
	Code     string   // CUT code of the municipality, five digits
	Name     string   // "Limache"
	Kind     string   // municipality, regional_delegation, provincial_delegation
	Model    int      // management model: 1 every desk, 2 one front desk; when it was read, Municipality.Model is how it is now
	Communes []string // CUT codes of its territory, by code
	Status   Status   // when it was read; Municipality.Status is how it is now
	Legal    bool     // legal acts wait for their replica, when it was read; Municipality.Legal is how it is now
}

// Status is where a municipality stands.
type Status string

// The states of a municipality. One that is not active can be read, not changed.
const (
	Provisioning Status = "provisioning" // its files are being made
	Active       Status = "active"
	Suspended    Status = "suspended"
	Archived     Status = "archived"
)

// Has reports whether the commune is part of the municipality's territory.
func (who *Identity) Has(commune string) bool {
	for _, own := range who.Communes {
		if own == commune {
			return true
		}
	}
	return false
}

// Municipality is the handle of one municipality: its main file and its access
// file. It is cheap: the files are opened when they are used.
type Municipality struct {
	Identity
	status atomic.Pointer[Status]
	model  atomic.Int32
	legal  atomic.Bool
	main   *DB
	access *DB
	copied *Copy // the restored copy that this handle looks into; nil: the live files

	exchange sync.Mutex // one exchange of its files at a time
}

// View runs a read transaction on the main file.
func (m *Municipality) View(ctx context.Context, work func(*Tx) error) error {
	return m.main.View(ctx, work)
}

// Update runs a write transaction on the main file; it is durable when Update
// returns nil. See DB.Update for what work may and may not do.
func (m *Municipality) Update(ctx context.Context, work func(*Tx) error) error {
	return m.main.Update(ctx, work)
}

// Bulk loads much into the main file, step by step. See DB.Bulk.
func (m *Municipality) Bulk(ctx context.Context, step func(*Tx) (more bool, err error)) error {
	return m.main.Bulk(ctx, step)
}

// Access is the file that keeps who looked at what.
func (m *Municipality) Access() *DB { return m.access }

// Status is how the municipality stands now.
func (m *Municipality) Status() Status { return *m.status.Load() }

// Model is the management model now: 1 every desk takes people, 2 one front desk does.
func (m *Municipality) Model() int { return int(m.model.Load()) }

// writable is asked before each Update of either file.
func (m *Municipality) writable() error {
	if status := m.Status(); status != Active {
		return &FileError{File: m.main.name, Kind: ErrSuspended, Cause: fmt.Errorf("status %s", status)}
	}
	return nil
}

// Municipality gives the handle of a municipality, NotFound for an unknown id.
// It opens no file: one that is damaged says so when it is used.
func (f *Files) Municipality(ctx context.Context, id string) (*Municipality, error) {
	f.mu.Lock()
	m := f.handles[id]
	f.mu.Unlock()
	if m != nil {
		return m, nil
	}
	var who Identity
	err := f.national.View(ctx, func(tx *Tx) (err error) {
		who, err = identity(tx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return f.handle(who)
}

// handle gives the one handle of a municipality: everybody shares its files.
func (f *Files) handle(who Identity) (*Municipality, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.handles == nil {
		return nil, &FileError{File: "municipalities/" + who.ID + ".db", Kind: ErrClosed}
	}
	if m := f.handles[who.ID]; m != nil {
		return m, nil
	}
	m := &Municipality{Identity: who}
	m.status.Store(&who.Status)
	m.model.Store(int32(who.Model)) //nolint:gosec // 1 or 2, says the table
	m.main = f.newDB(f.shelf, "municipalities/"+who.ID+".db", "municipal", who.ID)
	m.access = f.newDB(f.shelf, "municipalities/"+who.ID+".access.db", "access", who.ID)
	m.legal.Store(who.Legal)
	m.main.legal = m.Legal
	m.main.writable, m.access.writable = m.writable, m.writable
	f.handles[who.ID] = m
	return m, nil
}

// Municipalities lists every municipality by code, whatever its status.
func (f *Files) Municipalities(ctx context.Context) ([]Identity, error) {
	var list []Identity
	err := f.national.View(ctx, func(tx *Tx) (err error) {
		list, err = identities(tx)
		return err
	})
	return list, err
}

// SetStatus suspends a municipality, archives it, or puts it back to work; it
// counts at once, also for sessions that hold the handle.
func (f *Files) SetStatus(ctx context.Context, id string, status Status) error {
	return f.SetStatusWith(ctx, id, status, nil)
}

// SetStatusWith is SetStatus that leaves a trail: record, which may be nil, runs
// in the same transaction on national.db.
func (f *Files) SetStatusWith(ctx context.Context, id string, status Status, record func(*Tx) error) error {
	f.provides.Lock() // what the handle says is what was written last
	defer f.provides.Unlock()
	if status != Active && status != Suspended && status != Archived {
		return fmt.Errorf("tenants: no such status: %q", status)
	}
	m, err := f.Municipality(ctx, id)
	if err != nil {
		return err
	}
	if m.Status() == Provisioning {
		return fmt.Errorf("tenants: municipality %s is not provisioned yet", m.Code)
	}
	err = f.national.Update(ctx, func(tx *Tx) error {
		if _, err := tx.Exec(`UPDATE municipality SET status = ? WHERE id = ?`, status, id); err != nil || record == nil {
			return err
		}
		return record(tx)
	})
	if err == nil {
		m.status.Store(&status)
	}
	return err
}

// SetModel changes how a municipality takes people: 1 every desk, 2 one front
// desk. It counts at once, also for sessions that hold the handle. record, which
// may be nil, leaves the trail in the same transaction on national.db.
func (f *Files) SetModel(ctx context.Context, id string, model int, record func(*Tx) error) error {
	if model != 1 && model != 2 {
		return fmt.Errorf("tenants: no such management model: %d", model)
	}
	f.provides.Lock() // what the handle says is what was written last
	defer f.provides.Unlock()
	m, err := f.Municipality(ctx, id)
	if err != nil {
		return err
	}
	err = f.national.Update(ctx, func(tx *Tx) error {
		if _, err := tx.Exec(`UPDATE municipality SET model = ? WHERE id = ?`, model, id); err != nil || record == nil {
			return err
		}
		return record(tx)
	})
	if err == nil {
		m.model.Store(int32(model)) //nolint:gosec // 1 or 2
	}
	return err
}

func identity(tx *Tx, id string) (Identity, error) {
	who := Identity{ID: id}
	err := tx.QueryRow(`SELECT code, name, kind, model, status, legal FROM municipality WHERE id = ?`, id).
		Scan(&who.Code, &who.Name, &who.Kind, &who.Model, &who.Status, &who.Legal)
	if err != nil {
		return who, err
	}
	rows, err := tx.Query(`SELECT commune_code FROM municipality_commune WHERE municipality_id = ? ORDER BY 1`, id)
	if err != nil {
		return who, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var commune string
		if err := rows.Scan(&commune); err != nil {
			return who, err
		}
		who.Communes = append(who.Communes, commune)
	}
	return who, rows.Err()
}

func identities(tx *Tx) ([]Identity, error) {
	rows, err := tx.Query(`SELECT m.id, m.code, m.name, m.kind, m.model, m.status, m.legal, c.commune_code
		FROM municipality m LEFT JOIN municipality_commune c ON c.municipality_id = m.id
		ORDER BY m.code, c.commune_code`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Identity
	for rows.Next() {
		var who Identity
		var commune *string
		if err := rows.Scan(&who.ID, &who.Code, &who.Name, &who.Kind, &who.Model, &who.Status, &who.Legal, &commune); err != nil {
			return nil, err
		}
		if last := len(list) - 1; last < 0 || list[last].ID != who.ID {
			list = append(list, who)
		}
		if commune != nil {
			last := &list[len(list)-1]
			last.Communes = append(last.Communes, *commune)
		}
	}
	return list, rows.Err()
}

func (f *Files) now() string { return f.opt.Clock().UTC().Format(time.RFC3339) }
