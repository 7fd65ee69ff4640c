package casework

import (
	"gsl/app/people"
	"gsl/tenants"
)

// Mover takes cases along when a file is merged. Where both files have an open
// case, the one stays with its worker until it is closed.
func Mover() people.Mover {
	return people.Mover{Kind: "case_file", Take: takeCases, Give: giveCases, Count: countCases}
}

func takeCases(tx *tenants.Tx, from, into people.File) ([]string, error) {
	return people.MovedIDs(tx.Query(`UPDATE OR IGNORE case_file SET file_id = ?2 WHERE file_id = ?1 RETURNING id`, from.ID, into.ID))
}

func giveCases(tx *tenants.Tx, ids string, into, from people.File) error {
	_, err := tx.Exec(`UPDATE case_file SET file_id = ?3 WHERE file_id = ?2 AND id IN (SELECT value FROM json_each(?1))`, ids, into.ID, from.ID)
	return err
}

func countCases(tx *tenants.Tx, f people.File) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM case_file WHERE file_id = ?`, f.ID).Scan(&n)
	return n, err
}
