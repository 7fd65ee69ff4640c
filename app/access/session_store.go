package access

import (
	"time"

	"gsl/tenants"
)

// row is a session as the file keeps it.
type row struct {
	userID       string
	membershipID string
	startedAt    time.Time
	seenAt       time.Time
	confirmedAt  time.Time // when the person last proved who they are, the sign-in included
	address      string    // of the browser at sign-in
}

func findSession(tx *tenants.Tx, hash idHash) (row, error) {
	var r row
	var started, seen, confirmed string
	err := tx.QueryRow(`SELECT user_id, membership_id, started_at, seen_at, confirmed_at, address FROM session WHERE hash = ?`, hash[:]).
		Scan(&r.userID, &r.membershipID, &started, &seen, &confirmed, &r.address)
	if err != nil {
		return row{}, err
	}
	if r.startedAt, err = time.Parse(instant, started); err != nil {
		return row{}, err
	}
	if r.seenAt, err = time.Parse(instant, seen); err != nil || confirmed == "" {
		return r, err
	}
	r.confirmedAt, err = time.Parse(instant, confirmed)
	return r, err
}

func insertSession(tx *tenants.Tx, hash idHash, r row) error {
	_, err := tx.Exec(`INSERT INTO session (hash, user_id, membership_id, started_at, seen_at, confirmed_at, address) VALUES (?,?,?,?,?,?,?)`,
		hash[:], r.userID, r.membershipID, stamp(r.startedAt), stamp(r.seenAt), stamp(r.confirmedAt), r.address)
	return err
}

func deleteSession(tx *tenants.Tx, hash idHash) error {
	_, err := tx.Exec(`DELETE FROM session WHERE hash = ?`, hash[:])
	return err
}

func deleteSessionsOf(tx *tenants.Tx, user string) error {
	_, err := tx.Exec(`DELETE FROM session WHERE user_id = ?`, user)
	return err
}

// touchSession notes a later use; a session that was ended meanwhile stays ended.
func touchSession(tx *tenants.Tx, hash idHash, seen time.Time) error {
	_, err := tx.Exec(`UPDATE session SET seen_at = ? WHERE hash = ? AND seen_at < ?`, stamp(seen), hash[:], stamp(seen))
	return err
}

// deleteOldSessions removes the rows past the absolute limit. Those past the
// idle limit only stay until then: a person who signs in again goes on in the
// role in which the session ended.
func deleteOldSessions(tx *tenants.Tx, now time.Time) error {
	_, err := tx.Exec(`DELETE FROM session WHERE started_at <= ?`, stamp(now.Add(-AbsoluteLimit)))
	return err
}

// openSessions gives the live sessions of a user, the latest first.
func openSessions(tx *tenants.Tx, user string, current idHash) ([]OpenSession, error) {
	rows, err := tx.Query(`SELECT hash = ?, membership_id, started_at, seen_at, address FROM session
		WHERE user_id = ? AND seen_at > ? AND started_at > ? ORDER BY started_at DESC, hash`,
		current[:], user, stamp(tx.Now.Add(-IdleLimit)), stamp(tx.Now.Add(-AbsoluteLimit)))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []OpenSession
	for rows.Next() {
		var o OpenSession
		var started, seen string
		if err := rows.Scan(&o.Current, &o.MembershipID, &started, &seen, &o.Address); err != nil {
			return nil, err
		}
		if o.StartedAt, err = time.Parse(instant, started); err != nil {
			return nil, err
		}
		if o.SeenAt, err = time.Parse(instant, seen); err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, rows.Err()
}

// ensureSecret gives the installation's own key of that name; the candidate
// becomes it when there is none yet.
func ensureSecret(tx *tenants.Tx, name string, candidate []byte) (value []byte, err error) {
	_, err = tx.Exec(`INSERT INTO secret (name, value, created_at) VALUES (?,?,?) ON CONFLICT DO NOTHING`,
		name, candidate, stamp(tx.Now))
	if err != nil {
		return nil, err
	}
	err = tx.QueryRow(`SELECT value FROM secret WHERE name = ?`, name).Scan(&value)
	return value, err
}
