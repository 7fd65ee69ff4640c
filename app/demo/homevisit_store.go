package demo

import "gsl/tenants"

// caseFiles gives files of a worker's cases that were opened before a day and have an
// address, and it.
func caseFiles(tx *tenants.Tx, worker string, before string, limit int) (files, addresses []string, err error) {
	rows, err := tx.Query(`SELECT f.id, f.address FROM case_file c JOIN file f ON f.id = c.file_id
		WHERE c.worker_id = ? AND c.status = 'assigned' AND f.address <> '' AND c.opened_at < ? ORDER BY c.id LIMIT ?`, worker, before, limit)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var file, address string
		if err := rows.Scan(&file, &address); err != nil {
			return nil, nil, err
		}
		files, addresses = append(files, file), append(addresses, address)
	}
	return files, addresses, rows.Err()
}
