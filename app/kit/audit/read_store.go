package audit

import (
	"math"
	"time"

	"gsl/tenants"
)

func readChanges(tx *tenants.Tx, file string, before int64, limit int) ([]Entry, error) {
	rows, err := tx.Query(`SELECT seq, at, user_id, role, unit, action, object, detail FROM audit
		WHERE file_id = ? AND file_id <> '' AND seq < ? ORDER BY seq DESC LIMIT ?`, file, start(before), limit)
	if err != nil {
		return nil, err
	}
	return scanEntries(rows)
}

func readViews(tx *tenants.Tx, file string, before int64, limit int) ([]Entry, error) {
	rows, err := tx.Query(`SELECT seq, strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch'), user_id, role, unit, what, why, '' FROM access_view
		WHERE file_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`, file, start(before), limit)
	if err != nil {
		return nil, err
	}
	return scanEntries(rows)
}

func start(before int64) int64 {
	if before <= 0 {
		return math.MaxInt64
	}
	return before
}

func scanEntries(rows *tenants.Rows) ([]Entry, error) {
	defer func() { _ = rows.Close() }()
	var list []Entry
	for rows.Next() {
		var e Entry
		var at, detail string
		err := rows.Scan(&e.Seq, &at, &e.UserID, &e.Role, &e.Unit, &e.Action, &e.Object, &detail)
		if err != nil {
			return nil, err
		}
		if e.At, err = time.Parse(time.RFC3339, at); err != nil {
			return nil, err
		}
		e.Detail = readDetail(detail)
		list = append(list, e)
	}
	return list, rows.Err()
}
