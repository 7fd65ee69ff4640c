package diagnosis

import (
	"gsl/app/people"
	"gsl/tenants"
)

// FileOf gives the file that a diagnosis is of, for the guard of restricted
// files; "" when there is none.
func FileOf(tx *tenants.Tx, id string) (string, error) {
	return people.OfFile(tx.QueryRow(`SELECT file_id FROM diagnosis WHERE id = ?`, id))
}
