package audit

import (
	"encoding/json"
	"math"
	"time"

	"gsl/app/kit/actor"
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

const viewColumns = `v.seq, strftime('%Y-%m-%dT%H:%M:%fZ', v.at / 1000.0, 'unixepoch'), v.user_id, v.role, v.unit, v.what, v.why, ''`

// A person has few files: each is read by its index, then they are put in order.
const viewsOf = ` FROM json_each(?1) AS f CROSS JOIN access_view AS v ON v.file_id = f.value
	WHERE v.seq < ?2 AND (?3 = '' OR v.user_id = ?3) AND v.at >= ?4 AND v.at < ?5`

// args are the values of viewsOf.
func (w *Which) args() ([]any, error) {
	files, err := json.Marshal(w.Files)
	from, to := int64(0), int64(math.MaxInt64)
	if !w.From.IsZero() {
		from = w.From.UnixMilli()
	}
	if !w.To.IsZero() {
		to = w.To.UnixMilli()
	}
	return []any{string(files), start(w.Before), w.UserID, from, to}, err
}

func readViewsOf(tx *tenants.Tx, w *Which) ([]Entry, error) {
	args, err := w.args()
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT `+viewColumns+viewsOf+` ORDER BY v.seq DESC LIMIT ?6`, append(args, w.Limit)...)
	if err != nil {
		return nil, err
	}
	return scanEntries(rows)
}

func readViewers(tx *tenants.Tx, w *Which) ([]Viewer, error) {
	args, err := w.args()
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT v.user_id, v.role, count(*), max(v.seq)`+viewsOf+` GROUP BY v.user_id ORDER BY 3 DESC, 1`, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Viewer
	for rows.Next() {
		var v Viewer
		var last int64
		if err := rows.Scan(&v.UserID, &v.Role, &v.Times, &last); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
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

// lookedSince asks the newest rows of the file only: a page has left its row
// moments ago.
func lookedSince(tx *tenants.Tx, who actor.Actor, file string, since time.Time) (seen bool, err error) {
	err = tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM (SELECT user_id, at FROM access_view WHERE file_id = ? ORDER BY seq DESC LIMIT 64)
		WHERE user_id = ? AND at >= ?)`, file, who.UserID, since.UnixMilli()).Scan(&seen)
	return seen, err
}
