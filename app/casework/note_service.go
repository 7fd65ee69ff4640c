package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/templates/layout"
	"gsl/tenants"
)

// notesOnPage is how many notes a page of the log has.
const notesOnPage = 30

// Log is a page of the log of a person's cases.
type Log struct {
	Frame   *layout.FileFrame
	FileID  string
	Kind    NoteKind // "" for all
	Notes   []Note
	Hidden  int    // confidential notes that the actor may not read
	Before  string // place where the page began, "" for the first
	Older   string // place where the next page begins, "" for none
	Open    bool   // there is an open case: one can write
	Draft   *NoteForm
	DraftAt time.Time
	Key     string // of the next note
	Today   calendar.Date
}

// reader is who reads notes: all of them, or those that are confidential to
// others not.
type reader struct {
	all    bool
	userID string
}

func (r reader) reads(n *Note) bool { return !n.Confidential || r.all || n.UserID == r.userID }

// reader gives what the actor may read of a file's log: the confidential notes
// are for who works on the case, or replaces them today, and for the unit's head.
func (s *Service) reader(tx *tenants.Tx, who actor.Actor, fileID string) (reader, error) {
	r := reader{userID: who.UserID}
	c, ok, err := newestCase(tx, fileID)
	if err != nil || !ok {
		return r, err
	}
	r.all, err = s.works(tx, who, &c)
	return r, err
}

// works reports whether the case is the actor's: as who is responsible, as who
// replaces them today, or as head of the unit.
func (s *Service) works(tx *tenants.Tx, who actor.Actor, c *Case) (bool, error) {
	if who.Can(access.AssignCase) && who.UnitID == c.Unit {
		return true, nil
	}
	workers, err := s.mine(tx, who)
	return c.WorkerID != "" && slices.Contains(workers, c.WorkerID), err
}

// Log gives a page of the log of a file, of one kind of note or of all, and
// leaves the trail of the view. fault.NotFound: no such kind.
func (s *Service) Log(ctx context.Context, who actor.Actor, fileID string, kind NoteKind, before string) (Log, error) {
	log := Log{FileID: fileID, Kind: kind}
	if err := may(who, access.ReadCasework); err != nil {
		return log, err
	}
	if kind != "" && !slices.Contains(NoteKinds, kind) {
		return log, fault.New(fault.NotFound, "fault.not_found")
	}
	_, frame, err := s.people.Visit(ctx, who, fileID, people.NotesSection, "notes")
	if err != nil {
		return log, err
	}
	log.Frame = frame
	return log, who.Municipality.View(ctx, func(tx *tenants.Tx) error { return s.fillLog(tx, who, &log, before) })
}

func (s *Service) fillLog(tx *tenants.Tx, who actor.Actor, log *Log, before string) error {
	log.Today, log.Key = calendar.On(tx.Now), tx.NewID()
	r, err := s.reader(tx, who, log.FileID)
	if err != nil {
		return err
	}
	day, id, given := strings.Cut(before, "~")
	if !given {
		day, id = "9999", ""
	} else {
		log.Before = before
	}
	if log.Notes, err = notesOf(tx, log.FileID, log.Kind, r, day, id, notesOnPage+1); err != nil {
		return err
	}
	if len(log.Notes) > notesOnPage {
		log.Notes = log.Notes[:notesOnPage]
		log.Older = log.Notes[notesOnPage-1].place()
	}
	if log.Hidden, err = countHidden(tx, log.FileID, r); err != nil {
		return err
	}
	if _, log.Open, err = openCase(tx, log.FileID); err != nil || !log.Open || !who.Can(access.ManagePlan) {
		return err
	}
	draft, at, kept, err := draftOf(tx, log.FileID, who.UserID)
	if kept {
		log.Draft, log.DraftAt, log.Key = &draft, at, draft.Key
	}
	return err
}

// place is where the note stands in the log, as addresses have it.
func (n *Note) place() string { return n.On.String() + "~" + n.ID }

// Readable gives the notes of a file that the actor may read, oldest first.
func (s *Service) Readable(tx *tenants.Tx, who actor.Actor, fileID string) ([]Note, error) {
	r, err := s.reader(tx, who, fileID)
	if err != nil {
		return nil, err
	}
	list, err := allNotes(tx, fileID)
	return slices.DeleteFunc(list, func(n Note) bool { return !r.reads(&n) }), err
}

// NotesOf gives every note of a file, oldest first, the confidential ones too:
// what becomes of those is the caller's to decide.
func NotesOf(tx *tenants.Tx, fileID string) ([]Note, error) { return allNotes(tx, fileID) }

// Hides reports that a change in the trail is about a note that the actor may
// not read.
func (s *Service) Hides(tx *tenants.Tx, who actor.Actor, change *audit.Entry) (bool, error) {
	n, err := noteByID(tx, change.Object)
	if err != nil {
		return true, nil //nolint:nilerr // what is not known is not shown
	}
	return s.hidden(tx, who, &n)
}

func (s *Service) hidden(tx *tenants.Tx, who actor.Actor, n *Note) (bool, error) {
	if !n.Confidential || n.UserID == who.UserID {
		return false, nil
	}
	r, err := s.reader(tx, who, n.FileID)
	return !r.reads(n), err
}

// note gives a note that the actor may read; fault.NotFound for any other.
func (s *Service) note(tx *tenants.Tx, who actor.Actor, id string) (Note, error) {
	n, err := noteByID(tx, id)
	if tenants.NotFound(err) {
		return n, fault.New(fault.NotFound, "fault.not_found")
	}
	if err != nil {
		return n, err
	}
	hidden, err := s.hidden(tx, who, &n)
	if err == nil && hidden {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return n, err
}

// Note gives a note that the actor may read.
func (s *Service) Note(ctx context.Context, who actor.Actor, id string) (n Note, err error) {
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		n, err = s.note(tx, who, id)
		return err
	})
	return n, err
}

// NoteExists answers fault.NotFound for an id of no note that the actor may read.
func (s *Service) NoteExists(ctx context.Context, who actor.Actor, id string) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		_, err := s.note(tx, who, id)
		return err
	})
}

// AddNote writes a note into the log of the file's open case; the same form sent
// twice is one note. fault.Conflict: there is no open case.
func (s *Service) AddNote(ctx context.Context, who actor.Actor, fileID string, form NoteForm) (Note, error) {
	if err := may(who, access.ManagePlan); err != nil {
		return Note{}, err
	}
	var made Note
	err := who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if _, err = people.Open(tx, fileID); err != nil {
			return err
		}
		if made, err = form.read(calendar.On(tx.Now)); err != nil {
			return err
		}
		made.FileID = fileID
		c, open, err := openCase(tx, fileID)
		if err != nil {
			return err
		}
		if !open {
			return fault.New(fault.Conflict, "note.error.no_case")
		}
		made.CaseID = c.ID
		return write(tx, who, &made, form.Key, "note.add")
	})
	return made, err
}

// Amend adds to a note what was wrong or missing: the note itself stays as it
// was, and so does who may read it.
func (s *Service) Amend(ctx context.Context, who actor.Actor, id, key, text string) (Note, error) {
	if err := may(who, access.ManagePlan); err != nil {
		return Note{}, err
	}
	var made Note
	text = strings.TrimSpace(text)
	err := who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		of, err := s.note(tx, who, id)
		if err != nil {
			return err
		}
		if of.Amends != "" { // what was added is corrected at the note itself
			if of, err = s.note(tx, who, of.Amends); err != nil {
				return err
			}
		}
		if wrong := longText("text", text, "note.error.text"); len(wrong) > 0 {
			return fault.InvalidFields(wrong...)
		}
		made = Note{FileID: of.FileID, CaseID: of.CaseID, Kind: of.Kind, On: calendar.On(tx.Now), Text: text, Confidential: of.Confidential, Amends: of.ID}
		return write(tx, who, &made, key, "note.amend")
	})
	return made, err
}

// write keeps a note under the key of its form. The trail says that there is one,
// never what it says.
func write(tx *tenants.Tx, who actor.Actor, n *Note, key, action string) error {
	if !isID(key) {
		return fault.InvalidField("key", "note.error.key")
	}
	known, twice, err := noteByKey(tx, key)
	switch {
	case err != nil:
		return err
	case twice && (known.UserID != who.UserID || known.FileID != n.FileID):
		return fault.New(fault.NotFound, "fault.not_found")
	case twice && !known.says(n): // typed on in another tab: neither is lost
		return fault.New(fault.Conflict, "note.error.twice")
	case twice:
		*n = known
		return nil
	}
	n.ID, n.WrittenAt, n.UserID, n.By, n.Role, n.Unit = tx.NewID(), tx.Now, who.UserID, who.Name, who.Role, who.UnitID
	if err := insertNote(tx, n, key); err != nil {
		return err
	}
	if err := dropDraft(tx, key, who.UserID); err != nil {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: action, Object: n.ID, File: n.FileID, Detail: map[string]string{"kind": string(n.Kind)}})
}

// KeepNote keeps what is being typed, for who types it; it is no note yet. What
// was written down meanwhile stays as it is. kept is false for what is too long.
// fault.Conflict: the same form was written down with another text.
// fault.NotFound: the form is another's, or of another file.
func (s *Service) KeepNote(ctx context.Context, who actor.Actor, fileID string, form NoteForm) (at time.Time, kept bool, err error) {
	if err := may(who, access.ManagePlan); err != nil {
		return at, false, err
	}
	if !isID(form.Key) {
		return at, false, fault.InvalidField("key", "note.error.key")
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		at, kept = tx.Now, form.fits()
		if _, err := people.Open(tx, fileID); err != nil || !kept {
			return err
		}
		return keepForm(tx, who, fileID, &form)
	})
	return at, kept && err == nil, err
}

func keepForm(tx *tenants.Tx, who actor.Actor, fileID string, form *NoteForm) error {
	known, written, err := noteByKey(tx, form.Key)
	switch {
	case err != nil:
		return err
	case written && (known.UserID != who.UserID || known.FileID != fileID):
		return fault.New(fault.NotFound, "fault.not_found")
	case written && known.Text != strings.TrimSpace(form.Text):
		return fault.New(fault.Conflict, "note.error.twice")
	case written: // what was still under way when it was sent
		return nil
	case form.Empty():
		return dropDraft(tx, form.Key, who.UserID)
	}
	if kept, err := keepDraft(tx, fileID, who.UserID, form); err != nil || kept {
		return err
	}
	return fault.New(fault.NotFound, "fault.not_found")
}

// DropDraft throws away what the actor was typing.
func (s *Service) DropDraft(ctx context.Context, who actor.Actor, fileID, key string) error {
	if err := may(who, access.ManagePlan); err != nil {
		return err
	}
	return who.Municipality.Update(ctx, func(tx *tenants.Tx) error {
		if _, err := people.Open(tx, fileID); err != nil {
			return err
		}
		return dropDraft(tx, key, who.UserID)
	})
}
