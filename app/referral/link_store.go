package referral

import (
	"time"

	"gsl/app/kit/actor"
	"gsl/tenants"
)

const linkColumns = `id, referral_id, email, made_at, made_by_name, expires_at, used_at, revoked_at, revoked_by_name`

func scanLink(row scanner) (l Link, err error) {
	err = row.Scan(&l.ID, &l.ReferralID, &l.Email, scanTime{&l.MadeAt}, &l.MadeByName, scanTime{&l.ExpiresAt}, scanTime{&l.UsedAt},
		scanTime{&l.RevokedAt}, &l.RevokedByName)
	return l, err
}

// linkByToken gives the link of a token by its hash; the zero Link for none.
func linkByToken(tx *tenants.Tx, token string) (Link, error) {
	l, err := scanLink(tx.QueryRow(`SELECT `+linkColumns+` FROM referral_link WHERE token_hash = ?`, hashOf(token)))
	if tenants.NotFound(err) {
		return Link{}, nil
	}
	return l, err
}

func linkByID(tx *tenants.Tx, id string) (Link, error) {
	l, err := scanLink(tx.QueryRow(`SELECT `+linkColumns+` FROM referral_link WHERE id = ?`, id))
	if tenants.NotFound(err) {
		return Link{}, nil
	}
	return l, err
}

// lastLink gives the newest link of a referral; the zero Link for none.
func lastLink(tx *tenants.Tx, referral string) (Link, error) {
	l, err := scanLink(tx.QueryRow(`SELECT `+linkColumns+` FROM referral_link WHERE referral_id = ? ORDER BY id DESC LIMIT 1`, referral))
	if tenants.NotFound(err) {
		return Link{}, nil
	}
	return l, err
}

// linksSince counts the links of a referral that were made since then.
func linksSince(tx *tenants.Tx, referral string, since time.Time) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM referral_link WHERE referral_id = ? AND made_at > ?`, referral, stamp(since)).Scan(&n)
	return n, err
}

func insertLink(tx *tenants.Tx, who actor.Actor, l *Link, hash []byte) error {
	_, err := tx.Exec(`INSERT INTO referral_link (id, referral_id, token_hash, email, made_at, made_by, made_by_name, expires_at) VALUES (?,?,?,?,?,?,?,?)`,
		l.ID, l.ReferralID, hash, l.Email, stamp(l.MadeAt), who.UserID, who.Name, stamp(l.ExpiresAt))
	return err
}

// useLink takes the link for good; false when somebody was faster.
func useLink(tx *tenants.Tx, id string) (bool, error) {
	result, err := tx.Exec(`UPDATE referral_link SET used_at = ? WHERE id = ? AND used_at IS NULL AND revoked_at IS NULL`, stamp(tx.Now), id)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// endLinks revokes whatever can still be used of a referral, and says whether
// there was something.
func endLinks(tx *tenants.Tx, referral, by string) (bool, error) {
	result, err := tx.Exec(`UPDATE referral_link SET revoked_at = ?, revoked_by_name = ? WHERE referral_id = ? AND used_at IS NULL AND revoked_at IS NULL`,
		stamp(tx.Now), by, referral)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}
