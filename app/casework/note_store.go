package casework

import (
	"encoding/json"
	"time"

	"gsl/tenants"
)

const noteColumns = `n.id, n.file_id, n.case_id, n.kind, n.on_day, n.body, n.confidential, n.amends, n.written_at, n.user_id, n.name, n.role, n.unit`

func scanNote(row scanner) (n Note, err error) {
	err = row.Scan(&n.ID, &n.FileID, &n.CaseID, &n.Kind, &n.On, &n.Text, &n.Confidential, &n.Amends, scanTime{&n.WrittenAt}, &n.UserID, &n.By, &n.Role, &n.Unit)
	return n, err
}

// newestCase gives the open case of a file, else the one that ended last.
func newestCase(tx *tenants.Tx, fileID string) (c Case, ok bool, err error) {
	err = tx.QueryRow(`SELECT `+caseColumns+` FROM case_file c WHERE c.file_id = ? ORDER BY c.status = 'closed', c.id DESC LIMIT 1`, fileID).Scan(c.fields()...)
	if tenants.NotFound(err) {
		return Case{}, false, nil
	}
	return c, err == nil, err
}

func insertNote(tx *tenants.Tx, n *Note, key string) error {
	_, err := tx.Exec(`INSERT INTO case_note (id, file_id, case_id, kind, on_day, body, confidential, amends, key, written_at, user_id, name, role, unit)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)`, n.ID, n.FileID, n.CaseID, n.Kind, n.On, n.Text, n.Confidential, n.Amends, key,
		stamp(n.WrittenAt), n.UserID, n.By, n.Role, n.Unit)
	if err != nil {
		return err
	}
	for i, p := range n.Participants {
		if _, err := tx.Exec(`INSERT INTO case_note_participant (note_id, seq, name, place) VALUES (?,?,?,?)`, n.ID, i+1, p.Name, p.Place); err != nil {
			return err
		}
	}
	for i, a := range n.Agreements {
		if _, err := tx.Exec(`INSERT INTO case_note_agreement (note_id, seq, what, responsible, due) VALUES (?,?,?,?,?)`,
			n.ID, i+1, a.What, a.Responsible, a.Due); err != nil {
			return err
		}
	}
	return nil
}

// noteByID gives a note; fault.NotFound comes from the caller's tenants.NotFound.
func noteByID(tx *tenants.Tx, id string) (Note, error) {
	return scanNote(tx.QueryRow(`SELECT `+noteColumns+` FROM case_note n WHERE n.id = ?`, id))
}

// noteByKey gives the note that a form has made already; ok is false for none.
func noteByKey(tx *tenants.Tx, key string) (n Note, ok bool, err error) {
	n, err = scanNote(tx.QueryRow(`SELECT `+noteColumns+` FROM case_note n WHERE n.key = ?`, key))
	if tenants.NotFound(err) {
		return Note{}, false, nil
	}
	if err != nil {
		return n, false, err
	}
	list := []Note{n}
	err = fillNotes(tx, list)
	return list[0], err == nil, err
}

// notesOf lists notes of a file, the latest day first, before the place (day,
// id); all: the confidential ones of others too.
func notesOf(tx *tenants.Tx, fileID string, kind NoteKind, reader reader, day, id string, limit int) ([]Note, error) {
	rows, err := tx.Query(`SELECT `+noteColumns+` FROM case_note n WHERE n.file_id = ?1 AND n.amends = '' AND (n.on_day, n.id) < (?2, ?3)
			AND (?4 = '' OR n.kind = ?4) AND (n.confidential = 0 OR ?5 OR n.user_id = ?6)
		ORDER BY n.on_day DESC, n.id DESC LIMIT ?7`, fileID, day, id, kind, reader.all, reader.userID, limit)
	if err != nil {
		return nil, err
	}
	list, err := collect(rows, scanNote)
	if err != nil {
		return nil, err
	}
	return list, fillNotes(tx, list)
}

// countHidden counts the notes that the reader may not read.
func countHidden(tx *tenants.Tx, fileID string, reader reader) (n int, err error) {
	if reader.all {
		return 0, nil
	}
	err = tx.QueryRow(`SELECT count(*) FROM case_note WHERE file_id = ? AND confidential = 1 AND amends = '' AND user_id <> ?`, fileID, reader.userID).Scan(&n)
	return n, err
}

// fillNotes adds who took part, what was agreed and what was added later.
func fillNotes(tx *tenants.Tx, list []Note) error {
	if len(list) == 0 {
		return nil
	}
	at := make(map[string]*Note, len(list))
	ids := make([]string, len(list))
	for i := range list {
		at[list[i].ID], ids[i] = &list[i], list[i].ID
	}
	text, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	if err := fillAdded(tx, string(text), at); err != nil {
		return err
	}
	if err := fillParticipants(tx, string(text), at); err != nil {
		return err
	}
	return fillAgreements(tx, string(text), at)
}

func fillAdded(tx *tenants.Tx, ids string, at map[string]*Note) error {
	rows, err := tx.Query(`SELECT `+noteColumns+` FROM json_each(?) AS w CROSS JOIN case_note n ON n.amends = w.value AND n.amends <> '' ORDER BY n.written_at, n.id`, ids)
	if err != nil {
		return err
	}
	added, err := collect(rows, scanNote)
	for i := range added {
		of := at[added[i].Amends]
		of.Added = append(of.Added, added[i])
	}
	return err
}

func fillParticipants(tx *tenants.Tx, ids string, at map[string]*Note) error {
	rows, err := tx.Query(`SELECT p.note_id, p.name, p.place FROM json_each(?) AS w CROSS JOIN case_note_participant p ON p.note_id = w.value ORDER BY p.note_id, p.seq`, ids)
	if err != nil {
		return err
	}
	_, err = collect(rows, func(row scanner) (p Participant, err error) {
		var note string
		if err = row.Scan(&note, &p.Name, &p.Place); err == nil {
			at[note].Participants = append(at[note].Participants, p)
		}
		return p, err
	})
	return err
}

func fillAgreements(tx *tenants.Tx, ids string, at map[string]*Note) error {
	rows, err := tx.Query(`SELECT a.note_id, a.what, a.responsible, a.due FROM json_each(?) AS w CROSS JOIN case_note_agreement a ON a.note_id = w.value ORDER BY a.note_id, a.seq`, ids)
	if err != nil {
		return err
	}
	_, err = collect(rows, func(row scanner) (a Agreement, err error) {
		var note string
		if err = row.Scan(&note, &a.What, &a.Responsible, &a.Due); err == nil {
			at[note].Agreements = append(at[note].Agreements, a)
		}
		return a, err
	})
	return err
}

// keepDraft writes what somebody types over what was kept under the same key; kept
// is false when that is another's, or of another file.
func keepDraft(tx *tenants.Tx, fileID, userID string, f *NoteForm) (kept bool, err error) {
	form, err := json.Marshal(f)
	if err != nil {
		return false, err
	}
	done, err := tx.Exec(`INSERT INTO case_note_draft (key, file_id, user_id, form, saved_at) VALUES (?1,?2,?3,?4,?5)
		ON CONFLICT (key) DO UPDATE SET form = excluded.form, saved_at = excluded.saved_at
			WHERE file_id = excluded.file_id AND user_id = excluded.user_id`, f.Key, fileID, userID, string(form), stamp(tx.Now))
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n > 0, err
}

// draftOf gives what somebody was typing last about a file; ok is false for nothing.
func draftOf(tx *tenants.Tx, fileID, userID string) (f NoteForm, at time.Time, ok bool, err error) {
	var key, form string
	err = tx.QueryRow(`SELECT key, form, saved_at FROM case_note_draft WHERE file_id = ? AND user_id = ? ORDER BY saved_at DESC LIMIT 1`, fileID, userID).
		Scan(&key, &form, scanTime{&at})
	if tenants.NotFound(err) {
		return f, at, false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(form), &f)
	}
	f.Key = key
	return f, at, err == nil, err
}

func dropDraft(tx *tenants.Tx, key, userID string) error {
	_, err := tx.Exec(`DELETE FROM case_note_draft WHERE key = ? AND user_id = ?`, key, userID)
	return err
}

// allNotes gives every note of a file with what was added to it, oldest first.
func allNotes(tx *tenants.Tx, fileID string) ([]Note, error) {
	rows, err := tx.Query(`SELECT `+noteColumns+` FROM case_note n WHERE n.file_id = ? AND n.amends = '' ORDER BY n.on_day, n.id`, fileID)
	if err != nil {
		return nil, err
	}
	list, err := collect(rows, scanNote)
	if err != nil {
		return nil, err
	}
	return list, fillNotes(tx, list)
}
