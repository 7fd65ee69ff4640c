package benefit

import (
	"gsl/app/people"
	"gsl/tenants"
)

// Mover takes benefits along when a file is merged: they are kept by holder, the
// provisional ID before and the RUN after.
func Mover() people.Mover {
	return people.Mover{Kind: "benefit_grant", Take: takeGrants, Give: giveGrants, Count: countGrants}
}

func takeGrants(tx *tenants.Tx, from, into people.File) ([]string, error) {
	return people.MovedIDs(tx.Query(`UPDATE OR IGNORE benefit_grant SET holder = ?2 WHERE holder = ?1 RETURNING id`, from.Holder(), into.Holder()))
}

func giveGrants(tx *tenants.Tx, ids string, into, from people.File) error {
	_, err := tx.Exec(`UPDATE benefit_grant SET holder = ?3 WHERE holder = ?2 AND id IN (SELECT value FROM json_each(?1))`, ids, into.Holder(), from.Holder())
	return err
}

func countGrants(tx *tenants.Tx, f people.File) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM benefit_grant WHERE holder = ?`, f.Holder()).Scan(&n)
	return n, err
}
