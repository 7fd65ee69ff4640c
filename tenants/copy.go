package tenants

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Copy is the two files of a municipality as they once were, restored beside
// the live ones: they can be counted and looked at, and then take the place of
// the live ones or be thrown away.
type Copy struct {
	ID             string    `json:"id"`
	MunicipalityID string    `json:"municipality"`
	Source         Source    `json:"source"`
	Wanted         time.Time `json:"wanted"` // as it was then; zero: as late as there is
	Until          time.Time `json:"until"`  // of the last change that is in it
	Epoch          int64     `json:"epoch,omitempty"`
	TXID           string    `json:"txid,omitempty"`
	NoTrail        bool      `json:"no_trail,omitempty"` // the trail of views could not be brought
	Bytes          int64     `json:"bytes"`              // of both files
}

// copiesDir is where the copies lie, each in a folder with its id as its name;
// keptDir is where files go that a copy took the place of.
const (
	copiesDir = "restores"
	keptDir   = "kept"
	copyNote  = "copy.json"
	swapNote  = "swap.json"
)

// errRehearsed undoes what an Update of a copy did; it never leaves the package.
var errRehearsed = errors.New("tenants: only rehearsed")

// tryOut runs work as Update does and undoes it: a page that notes something
// while it is read works on a copy as on the live file, and the copy stays as
// it was restored.
func (d *DB) tryOut(ctx context.Context, work func(*Tx) error) error {
	err := d.update(ctx, func(tx *Tx) error {
		if err := work(tx); err != nil {
			return err
		}
		return errRehearsed
	}, true)
	if errors.Is(err, errRehearsed) {
		return nil
	}
	return err
}

// CopyOf is the id of the copy that this handle looks into; "" for the live files.
func (m *Municipality) CopyOf() string {
	if m.copied == nil {
		return ""
	}
	return m.copied.ID
}

// CopyUntil is the time of the last change that is in the copy.
func (m *Municipality) CopyUntil() time.Time {
	if m.copied == nil {
		return time.Time{}
	}
	return m.copied.Until
}

// LiveID is the id of the municipality, also for the handle of a copy, whose ID
// is another one: what is remembered of the live file is not true of a copy.
func (m *Municipality) LiveID() string { return m.main.owner }

// OpenCopy gives a handle that reads the copy's main file, and leaves the trail
// of views in the live access file. Nothing that is done through it stays.
func (f *Files) OpenCopy(ctx context.Context, id string) (*Municipality, error) {
	c, err := f.ReadCopy(id)
	if err != nil {
		return nil, err
	}
	live, err := f.Municipality(ctx, c.MunicipalityID)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if m := f.copies[id]; m != nil {
		return m, nil
	}
	m := &Municipality{Identity: live.Identity, copied: &c, main: f.copyDB(c), access: live.access}
	m.ID = live.ID + "~" + id
	status, model := live.Status(), live.Model()
	m.status.Store(&status)
	m.model.Store(int32(model)) //nolint:gosec // 1 or 2
	if f.copies == nil {
		f.copies = map[string]*Municipality{}
	}
	f.copies[id] = m
	return m, nil
}

// copyDB is the main file of a copy. Litestream has nothing to do with it.
func (f *Files) copyDB(c Copy) *DB {
	d := f.newDB(f.shelf, copyName(c, ""), "municipal", c.MunicipalityID)
	opt := f.opt
	opt.Replicated = false
	d.opt, d.rehearse = &opt, true
	return d
}

// copyName is the name of a file of a copy; suffix "" is the main one, ".access" the other.
func copyName(c Copy, suffix string) string {
	return filepath.Join(copiesDir, c.ID, c.MunicipalityID+suffix+".db")
}

// openCopies lists the copies that are being looked at.
func (f *Files) openCopies() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Collect(maps.Keys(f.copies))
}

// closeCopy closes the copy's file and forgets the handle.
func (f *Files) closeCopy(id string) {
	f.mu.Lock()
	m := f.copies[id]
	delete(f.copies, id)
	f.mu.Unlock()
	if m != nil {
		m.main.close()
	}
}

// copyPath is the folder of a copy. The id names it, so it must be one.
func (f *Files) copyPath(id string) (string, error) {
	if _, err := uuid.Parse(id); err != nil {
		return "", fmt.Errorf("tenants: no such copy: %w", os.ErrNotExist)
	}
	return filepath.Join(f.opt.Dir, copiesDir, id), nil
}

// ReadCopy gives what is known of a copy; os.ErrNotExist when there is none.
func (f *Files) ReadCopy(id string) (Copy, error) {
	dir, err := f.copyPath(id)
	if err != nil {
		return Copy{}, err
	}
	return readCopy(dir)
}

func readCopy(dir string) (c Copy, err error) {
	text, err := os.ReadFile(filepath.Join(dir, copyNote)) //nolint:gosec // named by us
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal(text, &c)
}

// DiscardCopy throws a copy away; nothing when there is none.
func (f *Files) DiscardCopy(id string) error {
	dir, err := f.copyPath(id)
	if err != nil {
		return err
	}
	f.closeCopy(id)
	return os.RemoveAll(dir)
}

// writeNote writes a small file so that it is there whole or not at all.
func writeNote(dir, name string, note any) error {
	text, err := json.Marshal(note)
	if err != nil {
		return err
	}
	fresh := filepath.Join(dir, name+".new")
	if err := os.WriteFile(fresh, text, 0o600); err != nil {
		return err
	}
	if err := syncPath(fresh); err != nil {
		return err
	}
	if err := os.Rename(fresh, filepath.Join(dir, name)); err != nil {
		return err
	}
	return syncPath(dir)
}
