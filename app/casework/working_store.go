package casework

import (
	"encoding/json"

	"gsl/app/kit/actor"
	"gsl/tenants"
)

// workingLists gives the lists that somebody may open: the own ones and those
// that are shared with the unit, by name.
func workingLists(tx *tenants.Tx, unit, userID string) ([]WorkingList, error) {
	rows, err := tx.Query(`SELECT id, owner_id, owner_name, name, shared, condition FROM case_list
		WHERE unit = ? AND removed_at IS NULL AND (shared = 1 OR owner_id = ?) ORDER BY name, id`, unit, userID)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (w WorkingList, err error) {
		return w, row.Scan(&w.ID, &w.OwnerID, &w.OwnerName, &w.Name, &w.Shared, &w.Condition)
	})
}

func insertList(tx *tenants.Tx, w *WorkingList, unit string) error {
	_, err := tx.Exec(`INSERT INTO case_list (id, unit, owner_id, owner_name, name, shared, condition, made_at) VALUES (?,?,?,?,?,?,?,?)`,
		w.ID, unit, w.OwnerID, w.OwnerName, w.Name, w.Shared, w.Condition, stamp(tx.Now))
	return err
}

func endList(tx *tenants.Tx, id string) error {
	_, err := tx.Exec(`UPDATE case_list SET removed_at = ? WHERE id = ?`, stamp(tx.Now), id)
	return err
}

// insertItems puts cases into a list and says how many were not in it.
func insertItems(tx *tenants.Tx, who actor.Actor, list string, cases []string) (int64, error) {
	ids, err := json.Marshal(cases)
	if err != nil {
		return 0, err
	}
	result, err := tx.Exec(`INSERT OR IGNORE INTO case_list_item (list_id, case_id, added_at, added_by) SELECT ?1, value, ?2, ?3 FROM json_each(?4)`,
		list, stamp(tx.Now), who.UserID, string(ids))
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func deleteItems(tx *tenants.Tx, list string, cases []string) error {
	ids, err := json.Marshal(cases)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`DELETE FROM case_list_item WHERE list_id = ?1 AND case_id IN (SELECT value FROM json_each(?2))`, list, string(ids))
	return err
}

func countItems(tx *tenants.Tx, list string) (n int, err error) {
	return n, tx.QueryRow(`SELECT count(*) FROM case_list_item WHERE list_id = ?`, list).Scan(&n)
}
