package access

import (
	"encoding/json"

	"gsl/tenants"
)

func namesOf(tx *tenants.Tx, ids []string, names map[string]string) error {
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	rows, err := tx.Query(`SELECT id, given_names, surnames FROM user WHERE id IN (SELECT value FROM json_each(?))`, string(list))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var u User
		if err := rows.Scan(&u.ID, &u.GivenNames, &u.Surnames); err != nil {
			return err
		}
		names[u.ID] = u.Name()
	}
	return rows.Err()
}

func insidersOf(tx *tenants.Tx, ids []string, known map[string]Insider) error {
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	rows, err := tx.Query(`SELECT id, run, given_names, surnames FROM user WHERE id IN (SELECT value FROM json_each(?))`, string(list))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var u User
		if err := rows.Scan(&u.ID, &u.RUN, &u.GivenNames, &u.Surnames); err != nil {
			return err
		}
		known[u.ID] = Insider{Name: u.Name(), RUN: u.RUN}
	}
	return rows.Err()
}
