package plan

import (
	"encoding/json"

	"gsl/tenants"
)

// spotsTaken counts, for each code since its day, the agreed items that still
// hold a spot.
func spotsTaken(tx *tenants.Tx, since map[string]string) (map[string]int, error) {
	asked, err := json.Marshal(since)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT q.key, (SELECT count(*) FROM plan_item AS i
			WHERE i.code = q.key AND i.agreed_on >= q.value AND i.status NOT IN ('not-achieved', 'withdrawn'))
		FROM json_each(?) AS q`, string(asked))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	taken := make(map[string]int, len(since))
	for rows.Next() {
		var code string
		var n int
		if err := rows.Scan(&code, &n); err != nil {
			return nil, err
		}
		taken[code] = n
	}
	return taken, rows.Err()
}
