package people

import "gsl/tenants"

// FilesOf gives the ids under which a person's data may have been kept: the file
// and those that were merged into it.
func FilesOf(tx *tenants.Tx, id string) ([]string, error) {
	aliases, err := MovedIDs(tx.Query(`SELECT id FROM file WHERE merged_into = ? ORDER BY id`, id))
	return append([]string{id}, aliases...), err
}
