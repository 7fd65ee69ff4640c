package document

import (
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// Entry is one thing that was done with a document since it was handed in.
type Entry struct {
	At          time.Time
	Name        string
	What        string // changed, removed, restored
	Was, Became string // kind and last day, of a change: "income 2026-12-31"
	Reason      string
}

// What an Entry says was done.
const (
	changed  = "changed"
	removed  = "removed"
	restored = "restored"
)

// note writes what was done; the document's version grows.
func note(tx *tenants.Tx, who actor.Actor, d *Document, e *Entry) error {
	d.Version++
	if _, err := tx.Exec(`UPDATE document SET version = ? WHERE id = ?`, d.Version, d.ID); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO document_history (document_id, seq, at, user_id, name, role, what, was, became, reason)
		VALUES (?,?,?,?,?,?,?,?,?,?)`, d.ID, d.Version, stamp(tx.Now), who.UserID, who.Name, who.Role, e.What, e.Was, e.Became, e.Reason)
	return err
}

// lastEntries gives, for each document of a file, what was last done with it.
func lastEntries(tx *tenants.Tx, fileID string) (map[string]Entry, error) {
	rows, err := tx.Query(`SELECT d.id, h.at, h.name, h.what, h.was, h.became, h.reason FROM document d
		CROSS JOIN document_history h ON h.document_id = d.id AND h.seq = d.version WHERE d.file_id = ?`, fileID)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	all := map[string]Entry{}
	for rows.Next() {
		var e Entry
		var id, at string
		if err := rows.Scan(&id, &at, &e.Name, &e.What, &e.Was, &e.Became, &e.Reason); err != nil {
			return nil, err
		}
		if e.At, err = time.Parse(time.RFC3339, at); err != nil {
			return nil, err
		}
		all[id] = e
	}
	return all, rows.Err()
}

func writeChange(tx *tenants.Tx, d *Document) error {
	_, err := tx.Exec(`UPDATE document SET kind = ?, expires_on = ? WHERE id = ?`, string(d.Kind), dateOrNull(d.ExpiresOn), d.ID)
	return err
}

func writeRemoval(tx *tenants.Tx, id string, gone bool) error {
	var at any
	if gone {
		at = stamp(tx.Now)
	}
	_, err := tx.Exec(`UPDATE document SET removed_at = ? WHERE id = ?`, at, id)
	return err
}

// A newer paper of these kinds takes the place of one that expires: nobody is
// reminded of that one.
const replacing = `('identity', 'residence', 'income')`

const dueWhere = ` WHERE d.removed_at IS NULL AND d.expires_on BETWEEN ?1 AND ?2
	AND NOT (d.kind IN ` + replacing + ` AND EXISTS (SELECT 1 FROM document n WHERE n.file_id = d.file_id AND n.kind = d.kind
		AND n.removed_at IS NULL AND n.expires_on > d.expires_on))`

// dueOfFiles lists papers of the files, a JSON list, that expire within days of
// each other, the first first.
func dueOfFiles(tx *tenants.Tx, files string, from, to calendar.Date, limit int) ([]Document, error) {
	return collect(tx.Query(`SELECT `+documentColumns+` FROM json_each(?3) f CROSS JOIN document d ON d.file_id = f.value
		CROSS JOIN content c ON c.id = d.content_id`+dueWhere+` ORDER BY d.expires_on, d.id LIMIT ?4`, from, to, files, limit))
}

// dueOfSender lists those that somebody handed in.
func dueOfSender(tx *tenants.Tx, userID string, from, to calendar.Date, limit int) ([]Document, error) {
	return collect(tx.Query(`SELECT `+documentColumns+fromDocument+dueWhere+` AND d.uploaded_by = ?3 ORDER BY d.expires_on, d.id LIMIT ?4`, from, to, userID, limit))
}
