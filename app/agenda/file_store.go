package agenda

import (
	"gsl/app/people"
	"gsl/tenants"
)

// FileOf gives the file that a follow-up is about, for the guard of restricted
// files; "" for one of nobody in particular.
func FileOf(tx *tenants.Tx, id string) (string, error) {
	return people.OfFile(tx.QueryRow(`SELECT coalesce(file_id, '') FROM followup WHERE id = ?`, id))
}
