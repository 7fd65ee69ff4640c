package people

import "gsl/tenants"

// A file that was merged is found under the names and numbers that it had; what
// is given is the one that survives.

// named gives people by an expression of FTS5 over names, at most limit: those
// who have been known for the longest time.
func named(tx *tenants.Tx, match string, limit int) ([]File, error) {
	return collectFiles(tx.Query(`SELECT `+fileColumns+` FROM (
			SELECT DISTINCT coalesce(o.merged_into, o.id) AS id
			FROM (SELECT rowid AS n FROM file_name WHERE file_name MATCH ?1 LIMIT ?2) AS hit
			CROSS JOIN file_entry AS e ON e.n = hit.n CROSS JOIN file AS o ON o.id = e.file_id
		) AS h CROSS JOIN file AS f ON f.id = h.id`, match, limit))
}

func byProvisional(tx *tenants.Tx, id string) ([]File, error) {
	return collectFiles(tx.Query(`SELECT `+fileColumns+` FROM (SELECT coalesce(merged_into, id) AS id FROM file WHERE provisional_id = ?) AS h
		CROSS JOIN file AS f ON f.id = h.id`, id))
}

func withDocument(tx *tenants.Tx, key string, limit int) ([]File, error) {
	return collectFiles(tx.Query(`SELECT `+fileColumns+` FROM (
			SELECT DISTINCT coalesce(o.merged_into, o.id) AS id FROM identity_document AS d CROSS JOIN file AS o ON o.id = d.file_id WHERE d.key = ?
		) AS h CROSS JOIN file AS f ON f.id = h.id LIMIT ?`, key, limit))
}

func withPhone(tx *tenants.Tx, phone string, limit int) ([]File, error) {
	return collectFiles(tx.Query(`SELECT `+fileColumns+` FROM (
			SELECT DISTINCT coalesce(merged_into, id) AS id FROM file WHERE phone = ? AND phone <> '' LIMIT ?
		) AS h CROSS JOIN file AS f ON f.id = h.id`, phone, limit))
}

// bornOn gives the people who were born on one of two days.
func bornOn(tx *tenants.Tx, day, other any) ([]File, error) {
	return collectFiles(tx.Query(`SELECT `+fileColumns+` FROM (
			SELECT DISTINCT coalesce(merged_into, id) AS id FROM file WHERE birth_date IN (?, ?) AND birth_date IS NOT NULL
		) AS h CROSS JOIN file AS f ON f.id = h.id`, day, other))
}

func collectFiles(rows *tenants.Rows, err error) ([]File, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []File
	for rows.Next() {
		f, err := scanFile(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, rows.Err()
}

// readWords gives every word that stands in a name, sorted, and the number of
// the newest name.
func readWords(tx *tenants.Tx) (list []string, newest int64, err error) {
	if newest, err = newestName(tx); err != nil {
		return nil, 0, err
	}
	rows, err := tx.Query(`SELECT term FROM file_word ORDER BY term`)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var word string
		if err := rows.Scan(&word); err != nil {
			return nil, 0, err
		}
		list = append(list, word)
	}
	return list, newest, rows.Err()
}

func newestName(tx *tenants.Tx) (n int64, err error) {
	err = tx.QueryRow(`SELECT coalesce(max(n), 0) FROM file_entry`).Scan(&n)
	return n, err
}

// namesSince gives the names that were written after the one with the number.
func namesSince(tx *tenants.Tx, n int64) ([]string, error) {
	rows, err := tx.Query(`SELECT f.given_names || ' ' || f.surnames || ' ' || coalesce(substr(f.birth_date, 1, 4), '')
		FROM file_entry AS e CROSS JOIN file AS f ON f.id = e.file_id WHERE e.n > ?`, n)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		list = append(list, name)
	}
	return list, rows.Err()
}
