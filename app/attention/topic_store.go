package attention

import (
	"strings"

	"gsl/tenants"
)

func insertTopic(tx *tenants.Tx, t Topic) error {
	_, err := tx.Exec(`INSERT INTO topic (code, name, suggests) VALUES (?,?,?) ON CONFLICT (code) DO NOTHING`,
		t.Code, t.Name, strings.Join(t.Suggests, " "))
	return err
}

// topicsOf lists the topics, "Otro" last; active: only those that can be chosen.
func topicsOf(tx *tenants.Tx, active bool) ([]Topic, error) {
	rows, err := tx.Query(`SELECT code, name, active, suggests, version FROM topic WHERE active >= ? ORDER BY code = 'T18', code`, active)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Topic
	for rows.Next() {
		var t Topic
		var suggests string
		if err := rows.Scan(&t.Code, &t.Name, &t.Active, &suggests, &t.Version); err != nil {
			return nil, err
		}
		t.Suggests = strings.Fields(suggests)
		list = append(list, t)
	}
	return list, rows.Err()
}

// renameTopic changes a topic that is still at its version; it reports whether
// it was.
func renameTopic(tx *tenants.Tx, t Topic) (bool, error) {
	return changed(tx.Exec(`UPDATE topic SET name = ?, active = ?, version = version + 1 WHERE code = ? AND version = ?`,
		t.Name, t.Active, t.Code, t.Version))
}
