package national

import (
	"gsl/app/kit/actor"
	"gsl/tenants"
)

func insertExport(tx *tenants.Tx, e *Export, who actor.Actor) error {
	_, err := tx.Exec(`INSERT INTO municipality_export (id, municipality_id, locked_to, created_at, created_by, created_by_name) VALUES (?,?,?,?,?,?)`,
		e.ID, e.municipality, e.LockedTo, stamp(tx.Now), who.UserID, who.Name)
	return err
}

func endExport(tx *tenants.Tx, e *Export) error {
	_, err := tx.Exec(`UPDATE municipality_export SET state = ?, bytes = ?, sha256 = ?, ended_at = ? WHERE id = ?`, e.State, e.Bytes, e.SHA256, stamp(tx.Now), e.ID)
	return err
}

// failExports ends those that were being made when the program stopped.
func failExports(tx *tenants.Tx) (list []string, err error) {
	rows, err := tx.Query(`UPDATE municipality_export SET state = 'failed', ended_at = ? WHERE state = 'making' RETURNING id`, stamp(tx.Now))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		list = append(list, id)
	}
	return list, rows.Err()
}

const selectExport = `SELECT e.id, e.municipality_id, e.state, e.locked_to, e.bytes, e.sha256, e.created_at, e.created_by_name, m.code
	FROM municipality_export e JOIN municipality m ON m.id = e.municipality_id`

func scanExport(row interface{ Scan(...any) error }) (e Export, code string, err error) {
	var at string
	err = row.Scan(&e.ID, &e.municipality, &e.State, &e.LockedTo, &e.Bytes, &e.SHA256, &at, &e.ByName, &code)
	e.CreatedAt = moment(at)
	return e, code, err
}

func findExport(tx *tenants.Tx, id string) (Export, string, error) {
	return scanExport(tx.QueryRow(selectExport+` WHERE e.id = ?`, id))
}

// exportsOf lists a municipality's exports, the newest first.
func exportsOf(tx *tenants.Tx, id string) ([]Export, error) {
	rows, err := tx.Query(selectExport+` WHERE e.municipality_id = ? ORDER BY e.id DESC LIMIT 20`, id)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Export
	for rows.Next() {
		e, _, err := scanExport(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

func findRecipient(tx *tenants.Tx, id string) (r Recipient, err error) {
	var at string
	err = tx.QueryRow(`SELECT recipient, set_at, set_by_name FROM municipality_recipient WHERE municipality_id = ?`, id).Scan(&r.Key, &at, &r.ByName)
	if tenants.NotFound(err) {
		return Recipient{}, nil
	}
	r.SetAt = moment(at)
	return r, err
}

func setRecipient(tx *tenants.Tx, id, key string, who actor.Actor) error {
	if key == "" {
		_, err := tx.Exec(`DELETE FROM municipality_recipient WHERE municipality_id = ?`, id)
		return err
	}
	_, err := tx.Exec(`INSERT INTO municipality_recipient (municipality_id, recipient, set_at, set_by, set_by_name) VALUES (?,?,?,?,?)
		ON CONFLICT (municipality_id) DO UPDATE SET recipient = excluded.recipient, set_at = excluded.set_at, set_by = excluded.set_by, set_by_name = excluded.set_by_name`,
		id, key, stamp(tx.Now), who.UserID, who.Name)
	return err
}

func setStanding(tx *tenants.Tx, id, by, reason string) error {
	_, err := tx.Exec(`INSERT INTO municipality_standing (municipality_id, since, by_name, reason) VALUES (?,?,?,?)
		ON CONFLICT (municipality_id) DO UPDATE SET since = excluded.since, by_name = excluded.by_name, reason = excluded.reason`, id, stamp(tx.Now), by, reason)
	return err
}

func findStanding(tx *tenants.Tx, id string) (s Standing, err error) {
	var at string
	err = tx.QueryRow(`SELECT since, by_name, reason FROM municipality_standing WHERE municipality_id = ?`, id).Scan(&at, &s.ByName, &s.Reason)
	if tenants.NotFound(err) {
		return Standing{}, nil
	}
	s.Since = moment(at)
	return s, err
}
