package trail

import (
	"gsl/app/people"
	"gsl/tenants"
)

// Mover takes a person's requests along when their file is merged.
func Mover() people.Mover {
	return people.Mover{Kind: "data_request", Take: takeRequests, Give: giveRequests, Count: countRequests}
}

func takeRequests(tx *tenants.Tx, from, into people.File) ([]string, error) {
	return people.MovedIDs(tx.Query(`UPDATE data_request SET file_id = ?2 WHERE file_id = ?1 RETURNING id`, from.ID, into.ID))
}

func giveRequests(tx *tenants.Tx, ids string, into, from people.File) error {
	_, err := tx.Exec(`UPDATE data_request SET file_id = ?3 WHERE file_id = ?2 AND id IN (SELECT value FROM json_each(?1))`, ids, into.ID, from.ID)
	return err
}

func countRequests(tx *tenants.Tx, f people.File) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM data_request WHERE file_id = ?`, f.ID).Scan(&n)
	return n, err
}
