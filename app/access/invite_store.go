package access

import (
	"time"

	"gsl/tenants"
)

func insertInvitation(tx *tenants.Tx, id, user, by string, expires time.Time) error {
	_, err := tx.Exec(`INSERT INTO invitation (id, user_id, made_by, made_at, expires_at) VALUES (?,?,?,?,?)`,
		id, user, by, stamp(tx.Now), stamp(expires))
	return err
}

// insertLink adds one more link by which an invitation can be accepted.
func insertLink(tx *tenants.Tx, invitation string, hash []byte) error {
	_, err := tx.Exec(`INSERT INTO invitation_link (hash, invitation_id) VALUES (?,?)`, hash, invitation)
	return err
}

// deleteInvitation ends a user's invitation with all its links.
func deleteInvitation(tx *tenants.Tx, user string) error {
	_, err := tx.Exec(`DELETE FROM invitation_link WHERE invitation_id IN (SELECT id FROM invitation WHERE user_id = ?)`, user)
	if err == nil {
		_, err = tx.Exec(`DELETE FROM invitation WHERE user_id = ?`, user)
	}
	return err
}

const selectInvitation = `SELECT id, user_id, made_by, made_at, expires_at FROM invitation`

// invitationByLink, invitationByID and invitationOf give the zero invitation,
// which is not live, when there is none.
func invitationByLink(tx *tenants.Tx, hash []byte) (invitation, error) {
	return scanInvitation(tx.QueryRow(selectInvitation+` WHERE id = (SELECT invitation_id FROM invitation_link WHERE hash = ?)`, hash))
}

func invitationByID(tx *tenants.Tx, id string) (invitation, error) {
	return scanInvitation(tx.QueryRow(selectInvitation+` WHERE id = ?`, id))
}

func invitationOf(tx *tenants.Tx, user string) (invitation, error) {
	return scanInvitation(tx.QueryRow(selectInvitation+` WHERE user_id = ?`, user))
}

func scanInvitation(row *tenants.Row) (i invitation, err error) {
	var made, expires string
	err = row.Scan(&i.id, &i.userID, &i.madeBy, &made, &expires)
	if tenants.NotFound(err) {
		return invitation{}, nil
	}
	if err != nil {
		return invitation{}, err
	}
	if i.madeAt, err = readInstant(made); err == nil {
		i.expiresAt, err = readInstant(expires)
	}
	return i, err
}
