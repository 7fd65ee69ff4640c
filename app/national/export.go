package national

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"filippo.io/age"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Lock says to whom an export is encrypted: to the key that the municipality
// registered, to one that it gave on another way, or with a passphrase. Who does
// not have the key, or the passphrase, does not read it, the national
// administration included.
type Lock struct {
	Recipient          string // age1…; "": the one that is registered
	Passphrase, Repeat string // "": by key
}

// minPassphrase is how long a passphrase must be, in characters: who has the file
// may try as often as the machine allows.
const minPassphrase = 16

// scryptWork is the cost of one try of a passphrase: 2^16 takes 64 MB and a tenth
// of a second, and several exports at once do not take the server's memory.
const scryptWork = 16

// byPassphrase is what an export says it is locked to when it is no key.
const byPassphrase = "passphrase"

// key gives the recipient of a lock, and what the list of exports says of it.
func (l Lock) key(registered string) (age.Recipient, string, error) {
	if l.Passphrase != "" || l.Repeat != "" {
		switch {
		case utf8.RuneCountInString(l.Passphrase) < minPassphrase:
			return nil, "", fault.InvalidFields(fault.Field{Name: "passphrase", Key: "national.error.passphrase", Args: map[string]any{"Count": minPassphrase}})
		case l.Passphrase != l.Repeat:
			return nil, "", fault.InvalidField("repeat", "national.error.repeat")
		}
		r, err := age.NewScryptRecipient(l.Passphrase)
		if err != nil {
			return nil, "", err
		}
		r.SetWorkFactor(scryptWork)
		return r, byPassphrase, nil
	}
	text := strings.TrimSpace(l.Recipient)
	if text == "" {
		text = registered
	}
	if text == "" {
		return nil, "", fault.InvalidField("recipient", "national.error.no_recipient")
	}
	r, err := ParseRecipient(text)
	return r, text, err
}

// ParseRecipient reads the public half of an age key, age1…; anything else is
// fault.Invalid, about the field recipient. The private half, pasted by mistake,
// is refused too.
func ParseRecipient(text string) (age.Recipient, error) {
	r, err := age.ParseX25519Recipient(text)
	if err != nil {
		return nil, fault.InvalidField("recipient", "national.error.recipient") // the cause would quote what was typed
	}
	return r, nil
}

// Export is an encrypted copy of a municipality's files.
type Export struct {
	ID        string
	State     string // making, ready, failed, deleted
	LockedTo  string // the recipient, or "passphrase"
	Bytes     int64
	SHA256    string
	CreatedAt time.Time
	ByName    string

	municipality string
}

// Name is the file's name: it says of which municipality it is and of when.
func (e *Export) Name(code string) string {
	return "gsl-" + code + "-" + e.CreatedAt.UTC().Format("2006-01-02-150405") + ".tar.gz.age"
}

// exporting are the exports under way.
type exporting struct {
	all sync.WaitGroup
	one sync.Mutex // one at a time: each reads and writes a whole file
}

// patience is how long a page waits for an export: small ones are ready with it.
const patience = 1500 * time.Millisecond

// Export makes an encrypted copy of a municipality's files and gives its row; a
// large one goes on being made when Export returns. code is the second factor.
func (s *Service) Export(ctx context.Context, who actor.Actor, id string, lock Lock, code string) (Export, error) {
	now, err := s.row(ctx, id)
	if err != nil {
		return Export{}, err
	}
	if now.Status == tenants.Provisioning {
		return Export{}, fault.New(fault.Conflict, "national.error.half_made")
	}
	registered, err := s.recipient(ctx, id)
	if err != nil {
		return Export{}, err
	}
	key, label, err := lock.key(registered.Key)
	if err != nil {
		return Export{}, err
	}
	if err := s.confirm(ctx, who, code); err != nil {
		return Export{}, err
	}
	e := Export{State: "making", LockedTo: label, ByName: who.Name, municipality: id}
	err = s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		e.ID, e.CreatedAt = tx.NewID(), tx.Now
		if err := insertExport(tx, &e, who); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "municipality.export", Object: id, Detail: map[string]string{"code": now.Code, "export": e.ID, "locked_to": label}})
	})
	if err != nil {
		return e, err
	}
	return s.await(ctx, e, now, key)
}

// await makes the export in the background and waits a moment for it.
func (s *Service) await(ctx context.Context, e Export, of Row, key age.Recipient) (Export, error) {
	done := make(chan Export, 1)
	background := context.WithoutCancel(ctx)
	s.exports.all.Go(func() {
		s.exports.one.Lock()
		defer s.exports.one.Unlock()
		done <- s.makeExport(background, e, of, key)
	})
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case e = <-done:
		if e.State == "failed" {
			return e, fault.New(fault.Unavailable, "national.error.export")
		}
	case <-timer.C:
	case <-ctx.Done():
	}
	return e, nil
}

// makeExport writes the file and says in its row what came of it.
func (s *Service) makeExport(ctx context.Context, e Export, of Row, key age.Recipient) Export {
	err := s.writeExport(ctx, &e, of, key)
	e.State = "ready"
	if err != nil {
		e.State = "failed"
		s.log.ErrorContext(ctx, "export failed", "municipality", of.Code, "export", e.ID, "error", err)
		err = os.Remove(s.exportPath(e.ID))
	}
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	err = errors.Join(err, s.files.National().Update(ctx, func(tx *tenants.Tx) error { return endExport(tx, &e) }))
	if err != nil {
		s.log.ErrorContext(ctx, "export not noted", "municipality", of.Code, "export", e.ID, "error", err)
	}
	return e
}

func (s *Service) exportPath(id string) string { return filepath.Join(s.config.Dir, id+".age") }

// sweepExports throws away what a stop left half written: plain copies first of all.
func (s *Service) sweepExports(ctx context.Context) {
	left, err := filepath.Glob(filepath.Join(s.config.Dir, "plain-*"))
	for _, dir := range left {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	var cut []string
	err = errors.Join(err, s.files.National().Update(ctx, func(tx *tenants.Tx) (err error) {
		cut, err = failExports(tx)
		return err
	}))
	for _, id := range cut {
		if e := os.Remove(s.exportPath(id)); !errors.Is(e, os.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	if err != nil {
		s.log.ErrorContext(ctx, "exports not swept", "error", err)
	}
}

// Fetch gives an export that is ready and opens its file; fault.NotFound for any
// other. That somebody fetched it is in the trail.
func (s *Service) Fetch(ctx context.Context, who actor.Actor, id string) (e Export, code string, file *os.File, err error) {
	if err := may(who); err != nil {
		return e, "", nil, err
	}
	err = s.files.National().Update(ctx, func(tx *tenants.Tx) (err error) {
		if e, code, err = findExport(tx, id); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "municipality.export_fetch", Object: e.municipality, Detail: map[string]string{"export": id}})
	})
	if err == nil && e.State != "ready" {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	if err != nil {
		return e, "", nil, notFound(err)
	}
	file, err = os.Open(s.exportPath(e.ID))
	if errors.Is(err, os.ErrNotExist) {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return e, code, file, err
}

// DeleteExport removes the file of an export; its row stays.
func (s *Service) DeleteExport(ctx context.Context, who actor.Actor, id string) (municipality string, err error) {
	if err := may(who); err != nil {
		return "", err
	}
	err = s.files.National().Update(ctx, func(tx *tenants.Tx) error {
		e, _, err := findExport(tx, id)
		if err != nil || e.State != "ready" {
			municipality = e.municipality
			return err
		}
		municipality, e.State = e.municipality, "deleted"
		if err := endExport(tx, &e); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "municipality.export_delete", Object: municipality, Detail: map[string]string{"export": id}})
	})
	if err != nil {
		return "", notFound(err)
	}
	if err := os.Remove(s.exportPath(id)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return municipality, err
	}
	return municipality, nil
}

// ExportExists answers fault.NotFound for an export that there is not.
func (s *Service) ExportExists(ctx context.Context, _ actor.Actor, id string) error {
	return notFound(s.files.National().View(ctx, func(tx *tenants.Tx) error {
		_, _, err := findExport(tx, id)
		return err
	}))
}
