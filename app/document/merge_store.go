package document

import "gsl/tenants"

// TakeFile, GiveFile and CountFile let documents go along when a file is merged:
// app.go makes people's Mover of them, which stands above this room.

// TakeFile moves the documents of one file to another and gives their ids.
func TakeFile(tx *tenants.Tx, from, into string) (ids []string, err error) {
	rows, err := tx.Query(`UPDATE OR IGNORE document SET file_id = ?2 WHERE file_id = ?1 RETURNING id`, from, into)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// GiveFile moves the documents with the ids, a JSON list, back.
func GiveFile(tx *tenants.Tx, ids, into, from string) error {
	_, err := tx.Exec(`UPDATE document SET file_id = ?3 WHERE file_id = ?2 AND id IN (SELECT value FROM json_each(?1))`, ids, into, from)
	return err
}

// GiveOwned moves the documents that hang on things of one kind, by a JSON list of
// their ids, from one file to another: a paper of what went back goes with it,
// also one that was handed in since.
func GiveOwned(tx *tenants.Tx, kind, owners, into, from string) error {
	_, err := tx.Exec(`UPDATE document SET file_id = ?4 WHERE file_id = ?3 AND owner_kind = ?1 AND owner_id IN (SELECT value FROM json_each(?2))`, kind, owners, into, from)
	return err
}

// CountFile says how many documents a file has.
func CountFile(tx *tenants.Tx, file string) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM document WHERE file_id = ?`, file).Scan(&n)
	return n, err
}
