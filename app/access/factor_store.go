package access

import (
	"time"

	"gsl/tenants"
)

// findFactor gives the user's second factor, its secret still sealed.
func findFactor(tx *tenants.Tx, user string) (f factor, err error) {
	var since string
	err = tx.QueryRow(`SELECT user_id, secret, last_step, since FROM factor WHERE user_id = ?`, user).
		Scan(&f.userID, &f.secret, &f.lastStep, &since)
	if err != nil {
		return factor{}, err
	}
	f.since, err = time.Parse(instant, since)
	return f, err
}

func hasFactor(tx *tenants.Tx, user string) (has bool, err error) {
	err = tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM factor WHERE user_id = ?)`, user).Scan(&has)
	return has, err
}

// putFactor keeps the factor; one that was there before is replaced.
func putFactor(tx *tenants.Tx, f factor, sealed []byte) error {
	_, err := tx.Exec(`INSERT INTO factor (user_id, secret, last_step, since) VALUES (?,?,?,?)
		ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, last_step = excluded.last_step, since = excluded.since`,
		f.userID, sealed, f.lastStep, stamp(f.since))
	return err
}

func deleteFactor(tx *tenants.Tx, user string) error {
	_, err := tx.Exec(`DELETE FROM factor WHERE user_id = ?`, user)
	return err
}

// useStep marks the step as used and reports whether it still could be: of two
// who come with the same code, the second finds the first one's mark.
func useStep(tx *tenants.Tx, user string, step int64) (bool, error) {
	done, err := tx.Exec(`UPDATE factor SET last_step = ? WHERE user_id = ? AND last_step < ?`, step, user, step)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

// recoveryHash gives one hash of the user's recovery codes, "" when there is none:
// all of a set have the same salt and cost.
func recoveryHash(tx *tenants.Tx, user string) (hash string, err error) {
	err = tx.QueryRow(`SELECT coalesce(min(hash), '') FROM recovery_code WHERE user_id = ?`, user).Scan(&hash)
	return hash, err
}

func insertRecovery(tx *tenants.Tx, user, hash string) error {
	_, err := tx.Exec(`INSERT INTO recovery_code (user_id, hash) VALUES (?,?)`, user, hash)
	return err
}

func deleteRecovery(tx *tenants.Tx, user string) error {
	_, err := tx.Exec(`DELETE FROM recovery_code WHERE user_id = ?`, user)
	return err
}

// useRecovery crosses the code out and reports whether it still stood.
func useRecovery(tx *tenants.Tx, user, hash string) (bool, error) {
	done, err := tx.Exec(`UPDATE recovery_code SET used_at = ? WHERE user_id = ? AND hash = ? AND used_at IS NULL`, stamp(tx.Now), user, hash)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

func countRecovery(tx *tenants.Tx, user string) (left int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM recovery_code WHERE user_id = ? AND used_at IS NULL`, user).Scan(&left)
	return left, err
}

// confirmSession notes that the session's person has just proved who they are.
func confirmSession(tx *tenants.Tx, hash idHash, user string) error {
	_, err := tx.Exec(`UPDATE session SET confirmed_at = ? WHERE hash = ? AND user_id = ?`, stamp(tx.Now), hash[:], user)
	return err
}

// deleteOtherSessions ends every session of the user but one.
func deleteOtherSessions(tx *tenants.Tx, user string, but idHash) error {
	_, err := tx.Exec(`DELETE FROM session WHERE user_id = ? AND hash <> ?`, user, but[:])
	return err
}
