package screening

import (
	"gsl/app/people"
	"gsl/tenants"
)

// Mover takes along what the registries said of a file's person. A provisional
// file has nothing of the kind, since they are asked by RUN.
func Mover() people.Mover {
	return people.Mover{Kind: "snapshot", Take: takeSnapshots, Give: giveSnapshots, Count: countSnapshots}
}

func takeSnapshots(tx *tenants.Tx, from, into people.File) ([]string, error) {
	return people.MovedIDs(tx.Query(`UPDATE OR IGNORE snapshot SET file_id = ?2 WHERE file_id = ?1 RETURNING CAST(seq AS TEXT)`, from.ID, into.ID))
}

func giveSnapshots(tx *tenants.Tx, ids string, into, from people.File) error {
	_, err := tx.Exec(`UPDATE snapshot SET file_id = ?3 WHERE file_id = ?2 AND CAST(seq AS TEXT) IN (SELECT value FROM json_each(?1))`, ids, into.ID, from.ID)
	return err
}

func countSnapshots(tx *tenants.Tx, f people.File) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM snapshot WHERE file_id = ?`, f.ID).Scan(&n)
	return n, err
}
