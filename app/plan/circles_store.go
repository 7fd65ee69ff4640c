package plan

import "gsl/tenants"

// Circles gives the circle of each file that has plans, for lists: "open" while
// any is, else "closed".
func (s *Service) Circles(tx *tenants.Tx, fileIDs []string) (map[string]string, error) {
	list, err := jsonList(fileIDs)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT p.file_id, max(p.status = 'open') FROM json_each(?) AS w JOIN plan AS p ON p.file_id = w.value GROUP BY p.file_id`, list)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	circles := make(map[string]string, len(fileIDs))
	for rows.Next() {
		var file string
		var open int
		if err := rows.Scan(&file, &open); err != nil {
			return nil, err
		}
		circles[file] = circle(open, 1-open)
	}
	return circles, rows.Err()
}
