package visit

import "gsl/tenants"

// draftOf gives what is being typed of a visit; the zero Kept is nothing.
func draftOf(tx *tenants.Tx, visitID string) (k Kept, err error) {
	err = tx.QueryRow(`SELECT body, page, seq, user_id, name, at FROM visit_draft WHERE visit_id = ?`, visitID).
		Scan(scanJSON{&k.Written}, &k.Page, &k.Seq, &k.UserID, &k.Name, scanTime{&k.At})
	if tenants.NotFound(err) {
		return Kept{}, nil
	}
	return k, err
}

func keepDraft(tx *tenants.Tx, visitID, body string, k *Kept) error {
	_, err := tx.Exec(`INSERT INTO visit_draft (visit_id, body, page, seq, user_id, name, at) VALUES (?1,?2,?3,?4,?5,?6,?7)
		ON CONFLICT (visit_id) DO UPDATE SET body = ?2, page = ?3, seq = ?4, user_id = ?5, name = ?6, at = ?7`,
		visitID, body, k.Page, k.Seq, k.UserID, k.Name, stamp(k.At))
	return err
}
