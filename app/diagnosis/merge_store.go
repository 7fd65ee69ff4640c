package diagnosis

import (
	"gsl/app/people"
	"gsl/tenants"
)

// Movers take diagnoses, ecomap, goals and commitments along when a file is
// merged. Where both files have a draft, the one stays behind until the other is
// finished: then it comes along too.
func Movers() []people.Mover {
	return []people.Mover{
		{Kind: "diagnosis", Take: takeDiagnoses, Give: giveDiagnoses, Count: countDiagnoses},
		{Kind: "ecomap_tie", Take: takeTies, Give: giveTies, Count: countTies},
		{Kind: "goal", Take: takeGoals, Give: giveGoals, Count: countGoals},
		{Kind: "commitment", Take: takeCommitments, Give: giveCommitments, Count: countCommitments},
	}
}

func takeDiagnoses(tx *tenants.Tx, from, into people.File) ([]string, error) {
	return people.MovedIDs(tx.Query(`UPDATE OR IGNORE diagnosis SET file_id = ?2 WHERE file_id = ?1 RETURNING id`, from.ID, into.ID))
}

// giveDiagnoses gives finished ones back before drafts: a draft that the file got
// meanwhile stays, and so does the one that was taken.
func giveDiagnoses(tx *tenants.Tx, ids string, into, from people.File) error {
	_, err := tx.Exec(`UPDATE OR IGNORE diagnosis SET file_id = ?3 WHERE file_id = ?2 AND id IN (SELECT value FROM json_each(?1))`, ids, into.ID, from.ID)
	return err
}

func countDiagnoses(tx *tenants.Tx, f people.File) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM diagnosis WHERE file_id = ?`, f.ID).Scan(&n)
	return n, err
}

func takeTies(tx *tenants.Tx, from, into people.File) ([]string, error) {
	return people.MovedIDs(tx.Query(`UPDATE ecomap_tie SET file_id = ?2 WHERE file_id = ?1 RETURNING id`, from.ID, into.ID))
}

func giveTies(tx *tenants.Tx, ids string, into, from people.File) error {
	_, err := tx.Exec(`UPDATE ecomap_tie SET file_id = ?3 WHERE file_id = ?2 AND id IN (SELECT value FROM json_each(?1))`, ids, into.ID, from.ID)
	return err
}

func countTies(tx *tenants.Tx, f people.File) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM ecomap_tie WHERE file_id = ?`, f.ID).Scan(&n)
	return n, err
}

func takeGoals(tx *tenants.Tx, from, into people.File) ([]string, error) {
	return people.MovedIDs(tx.Query(`UPDATE goal SET file_id = ?2 WHERE file_id = ?1 RETURNING id`, from.ID, into.ID))
}

func giveGoals(tx *tenants.Tx, ids string, into, from people.File) error {
	_, err := tx.Exec(`UPDATE goal SET file_id = ?3 WHERE file_id = ?2 AND id IN (SELECT value FROM json_each(?1))`, ids, into.ID, from.ID)
	return err
}

func countGoals(tx *tenants.Tx, f people.File) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM goal WHERE file_id = ?`, f.ID).Scan(&n)
	return n, err
}

func takeCommitments(tx *tenants.Tx, from, into people.File) ([]string, error) {
	return people.MovedIDs(tx.Query(`UPDATE commitment SET file_id = ?2 WHERE file_id = ?1 RETURNING id`, from.ID, into.ID))
}

func giveCommitments(tx *tenants.Tx, ids string, into, from people.File) error {
	_, err := tx.Exec(`UPDATE commitment SET file_id = ?3 WHERE file_id = ?2 AND id IN (SELECT value FROM json_each(?1))`, ids, into.ID, from.ID)
	return err
}

func countCommitments(tx *tenants.Tx, f people.File) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM commitment WHERE file_id = ?`, f.ID).Scan(&n)
	return n, err
}
