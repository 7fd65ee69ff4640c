package access

import (
	"time"

	"gsl/app/kit/actor"
	"gsl/tenants"
)

// ownText gives the latest text of a municipality; number 0 when there is none.
func ownText(tx *tenants.Tx, municipality string) (own OwnText, err error) {
	var at string
	err = tx.QueryRow(`SELECT number, body, made_by_name, made_at FROM agreement_text
		WHERE municipality_id = ? ORDER BY number DESC LIMIT 1`, municipality).Scan(&own.Number, &own.Body, &own.By, &at)
	if tenants.NotFound(err) {
		return OwnText{}, nil
	}
	if err != nil {
		return OwnText{}, err
	}
	own.At, err = time.Parse(instant, at)
	return own, err
}

func insertOwnText(tx *tenants.Tx, who actor.Actor, municipality string, number int, body string) error {
	_, err := tx.Exec(`INSERT INTO agreement_text (municipality_id, number, body, made_by, made_by_name, made_at) VALUES (?,?,?,?,?,?)`,
		municipality, number, body, who.UserID, who.Name, stamp(tx.Now))
	return err
}

// countAccepted counts who works in the municipality on the day, and who of them
// accepted the version.
func countAccepted(tx *tenants.Tx, municipality, version, day string) (accepted, people int, err error) {
	err = tx.QueryRow(`SELECT count(a.user_id), count(*) FROM user u
		LEFT JOIN agreement a ON a.user_id = u.id AND a.version = ?1
		WHERE u.disabled_at IS NULL AND EXISTS (SELECT 1 FROM membership m WHERE m.user_id = u.id AND m.municipality_id = ?2
			AND m.from_on <= ?3 AND (m.to_on IS NULL OR m.to_on >= ?3))`, version, municipality, day).Scan(&accepted, &people)
	return accepted, people, err
}
