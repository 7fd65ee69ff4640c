package report

import (
	"gsl/app/people"
	"gsl/tenants"
)

// Mover takes reports along when a file is merged. A report of a plan goes back
// with its plan, also one that was begun since.
func Mover() people.Mover {
	return people.Mover{Kind: "report", Take: takeReports, Give: giveReports, Count: countReports}
}

func takeReports(tx *tenants.Tx, from, into people.File) ([]string, error) {
	return people.MovedIDs(tx.Query(`UPDATE OR IGNORE report SET file_id = ?2 WHERE file_id = ?1 RETURNING id`, from.ID, into.ID))
}

func giveReports(tx *tenants.Tx, ids string, into, from people.File) error {
	_, err := tx.Exec(`UPDATE report SET file_id = ?3 WHERE file_id = ?2 AND (id IN (SELECT value FROM json_each(?1))
		OR plan_id IN (SELECT p.id FROM plan AS p WHERE p.file_id = ?3))`, ids, into.ID, from.ID)
	return err
}

func countReports(tx *tenants.Tx, f people.File) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM report WHERE file_id = ?`, f.ID).Scan(&n)
	return n, err
}
