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
	rows, err := tx.Query(`SELECT p.file_id, max(p.status = 'open'), sum(CASE WHEN p.status = 'open' THEN
			(SELECT count(*) FROM plan_item AS i WHERE i.plan_id = p.id AND i.status IN ('pending', 'in-progress')) ELSE 0 END)
		FROM json_each(?) AS w CROSS JOIN plan AS p ON p.file_id = w.value GROUP BY p.file_id`, list)
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
		standing[file] = Standing{circle(open, 1-open), pending}
	}
	return standing, rows.Err()
}
