package attention

import (
	"gsl/app/people"
	"gsl/tenants"
)

// Movers take attentions and tickets along when a file is merged. Where both
// files have an open attention at one desk, the one stays until it ends.
func Movers() []people.Mover {
	return []people.Mover{
		{Kind: "attention", Take: takeAttentions, Give: giveAttentions, Count: countAttentions},
		{Kind: "ticket", Take: takeTickets, Give: giveTickets, Count: countTickets},
	}
}

func takeAttentions(tx *tenants.Tx, from, into people.File) ([]string, error) {
	return people.MovedIDs(tx.Query(`UPDATE OR IGNORE attention SET file_id = ?2 WHERE file_id = ?1 RETURNING id`, from.ID, into.ID))
}

func giveAttentions(tx *tenants.Tx, ids string, into, from people.File) error {
	_, err := tx.Exec(`UPDATE attention SET file_id = ?3 WHERE file_id = ?2 AND id IN (SELECT value FROM json_each(?1))`, ids, into.ID, from.ID)
	return err
}

func countAttentions(tx *tenants.Tx, f people.File) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM attention WHERE file_id = ? AND state <> 'discarded'`, f.ID).Scan(&n)
	return n, err
}

func takeTickets(tx *tenants.Tx, from, into people.File) ([]string, error) {
	return people.MovedIDs(tx.Query(`UPDATE OR IGNORE ticket SET file_id = ?2 WHERE file_id = ?1 RETURNING id`, from.ID, into.ID))
}

func giveTickets(tx *tenants.Tx, ids string, into, from people.File) error {
	_, err := tx.Exec(`UPDATE ticket SET file_id = ?3 WHERE file_id = ?2 AND id IN (SELECT value FROM json_each(?1))`, ids, into.ID, from.ID)
	return err
}

func countTickets(tx *tenants.Tx, f people.File) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM ticket WHERE file_id = ?`, f.ID).Scan(&n)
	return n, err
}
