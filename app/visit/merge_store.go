package visit

import (
	"encoding/json"

	"gsl/app/document"
	"gsl/app/people"
	"gsl/tenants"
)

// DocumentsOwner is what photos and papers of a visit hang on.
const DocumentsOwner = "visit"

// Mover takes visits along when a file is merged, and their photos back with them.
func Mover() people.Mover {
	return people.Mover{Kind: "visit", Take: takeVisits, Give: giveVisits, Count: countVisits}
}

func takeVisits(tx *tenants.Tx, from, into people.File) ([]string, error) {
	return people.MovedIDs(tx.Query(`UPDATE visit SET file_id = ?2 WHERE file_id = ?1 RETURNING id`, from.ID, into.ID))
}

func giveVisits(tx *tenants.Tx, ids string, into, from people.File) error {
	given, err := people.MovedIDs(tx.Query(`UPDATE visit SET file_id = ?3 WHERE file_id = ?2 AND id IN (SELECT value FROM json_each(?1)) RETURNING id`, ids, into.ID, from.ID))
	if err != nil || len(given) == 0 {
		return err
	}
	owners, err := json.Marshal(given)
	if err != nil {
		return err
	}
	return document.GiveOwned(tx, DocumentsOwner, string(owners), into.ID, from.ID)
}

func countVisits(tx *tenants.Tx, f people.File) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM visit WHERE file_id = ?`, f.ID).Scan(&n)
	return n, err
}
