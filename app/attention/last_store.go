package attention

import (
	"context"
	"encoding/json"

	"gsl/tenants"
)

// LastOf gives the latest finished attention of each file: its day, desk and
// topic alone. Files without one are left out.
func LastOf(tx *tenants.Tx, fileIDs []string) (map[string]Attention, error) {
	ids, err := json.Marshal(fileIDs)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT a.file_id, a.desk, a.desk_name, a.day, coalesce(t.name, '') FROM json_each(?) AS w
		CROSS JOIN attention AS a ON a.id = (SELECT l.id FROM attention AS l WHERE l.file_id = w.value AND l.state = 'finished' ORDER BY l.id DESC LIMIT 1)
		LEFT JOIN topic AS t ON t.code = a.topic`, string(ids))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	last := make(map[string]Attention, len(fileIDs))
	for rows.Next() {
		var a Attention
		if err := rows.Scan(&a.FileID, &a.Desk, &a.DeskName, &a.Day, &a.Topic); err != nil {
			return nil, err
		}
		last[a.FileID] = a
	}
	return last, rows.Err()
}

// About says what an attention was about: its topic or, while nobody said it,
// the desk.
func About(ctx context.Context, a Attention) string { return about(ctx, a) }
