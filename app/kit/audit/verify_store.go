package audit

import "gsl/tenants"

// allChanges reads the fields in the order in which they are linked: the
// number first, the hash last. So does allViews.
func allChanges(tx *tenants.Tx) (*tenants.Rows, error) {
	return tx.Query(`SELECT seq, at, user_id, role, unit, action, object, file_id, detail, request, hash FROM audit ORDER BY seq`)
}

func allViews(tx *tenants.Tx) (*tenants.Rows, error) {
	return tx.Query(`SELECT seq, CAST(at AS TEXT), user_id, role, unit, file_id, what, why, request, hash FROM access_view ORDER BY seq`)
}
