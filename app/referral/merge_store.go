package referral

import (
	"gsl/app/people"
	"gsl/tenants"
)

// Mover takes referrals along when a file is merged. A referral of a plan goes
// back with its plan, also one that was made since.
func Mover() people.Mover {
	return people.Mover{Kind: "referral", Take: takeReferrals, Give: giveReferrals, Count: countReferrals}
}

func takeReferrals(tx *tenants.Tx, from, into people.File) ([]string, error) {
	return people.MovedIDs(tx.Query(`UPDATE OR IGNORE referral SET file_id = ?2 WHERE file_id = ?1 RETURNING id`, from.ID, into.ID))
}

func giveReferrals(tx *tenants.Tx, ids string, into, from people.File) error {
	_, err := tx.Exec(`UPDATE referral SET file_id = ?3 WHERE file_id = ?2 AND (id IN (SELECT value FROM json_each(?1))
		OR plan_id IN (SELECT p.id FROM plan AS p WHERE p.file_id = ?3))`, ids, into.ID, from.ID)
	return err
}

func countReferrals(tx *tenants.Tx, f people.File) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM referral WHERE file_id = ?`, f.ID).Scan(&n)
	return n, err
}
