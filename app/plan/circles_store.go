package plan

import "gsl/tenants"

// Standing is how the plans of a file stand.
type Standing struct {
	Circle  string // "open" while any plan is, else "closed"
	Pending int    // items of open plans that are not finished
}

// Standing says of each file that has plans how they stand, for lists.
func (s *Service) Standing(tx *tenants.Tx, fileIDs []string) (map[string]Standing, error) {
	list, err := jsonList(fileIDs)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT p.file_id, p.status = 'open', CASE WHEN p.status = 'open' THEN
			(SELECT count(*) FROM plan_item AS i WHERE i.plan_id = p.id AND (i.status = 'pending' OR i.status = 'in-progress')) ELSE 0 END
		FROM json_each(?) AS w CROSS JOIN plan AS p ON p.file_id = w.value`, list)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	standing := make(map[string]Standing, len(fileIDs))
	for rows.Next() {
		var file string
		var open, pending int
		if err := rows.Scan(&file, &open, &pending); err != nil {
			return nil, err
		}
		s := standing[file]
		if s.Pending += pending; s.Circle != "open" {
			s.Circle = circle(open, 1)
		}
		standing[file] = s
	}
	return standing, rows.Err()
}
