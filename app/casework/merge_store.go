package casework

import (
	"gsl/app/people"
	"gsl/tenants"
)

// Mover takes cases along when a file is merged. Where both files have an open
// case, the one stays with its worker until it is closed.
func Mover() people.Mover {
	return people.Mover{Kind: "case_file", Take: takeCases, Give: giveCases, Count: countCases}
}

func takeCases(tx *tenants.Tx, from, into people.File) ([]string, error) {
	return people.MovedIDs(tx.Query(`UPDATE OR IGNORE case_file SET file_id = ?2 WHERE file_id = ?1 RETURNING id`, from.ID, into.ID))
}

func giveCases(tx *tenants.Tx, ids string, into, from people.File) error {
	_, err := tx.Exec(`UPDATE case_file SET file_id = ?3 WHERE file_id = ?2 AND id IN (SELECT value FROM json_each(?1))`, ids, into.ID, from.ID)
	return err
}

func countCases(tx *tenants.Tx, f people.File) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM case_file WHERE file_id = ?`, f.ID).Scan(&n)
	return n, err
}

// NoteMovers take the log along, and what is being typed in it.
func NoteMovers() []people.Mover {
	return []people.Mover{
		{Kind: "case_note", Take: takeNotes, Give: giveNotes, Count: countNotes},
		{Kind: "case_note_draft", Take: takeDrafts, Give: giveDrafts, Count: func(*tenants.Tx, people.File) (int, error) { return 0, nil }},
	}
}

func takeNotes(tx *tenants.Tx, from, into people.File) ([]string, error) {
	return people.MovedIDs(tx.Query(`UPDATE case_note SET file_id = ?2 WHERE file_id = ?1 RETURNING id`, from.ID, into.ID))
}

func giveNotes(tx *tenants.Tx, ids string, into, from people.File) error {
	_, err := tx.Exec(`UPDATE case_note SET file_id = ?3 WHERE file_id = ?2 AND id IN (SELECT value FROM json_each(?1))`, ids, into.ID, from.ID)
	return err
}

func countNotes(tx *tenants.Tx, f people.File) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM case_note WHERE file_id = ? AND amends = ''`, f.ID).Scan(&n)
	return n, err
}

func takeDrafts(tx *tenants.Tx, from, into people.File) ([]string, error) {
	return people.MovedIDs(tx.Query(`UPDATE case_note_draft SET file_id = ?2 WHERE file_id = ?1 RETURNING key`, from.ID, into.ID))
}

func giveDrafts(tx *tenants.Tx, ids string, into, from people.File) error {
	_, err := tx.Exec(`UPDATE case_note_draft SET file_id = ?3 WHERE file_id = ?2 AND key IN (SELECT value FROM json_each(?1))`, ids, into.ID, from.ID)
	return err
}
