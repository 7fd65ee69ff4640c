package document

import "gsl/tenants"

// Held gives every document of a file, whatever it was handed in for, in the order
// of their arrival.
func Held(tx *tenants.Tx, fileID string) ([]Document, error) {
	rows, err := tx.Query(`SELECT `+documentColumns+` FROM document d JOIN content c ON c.id = d.content_id WHERE d.file_id = ? ORDER BY d.id`, fileID)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Document
	for rows.Next() {
		d, err := scanDocument(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, rows.Err()
}
