package access

import (
	"gsl/app/kit/calendar"
	"gsl/tenants"
)

func colleaguesOf(tx *tenants.Tx, municipality, unit string, day calendar.Date) ([]Colleague, error) {
	rows, err := tx.Query(`SELECT u.id, u.given_names, u.surnames, m.role, m.unit, coalesce(n.name, '')
		FROM membership m JOIN user u ON u.id = m.user_id AND u.disabled_at IS NULL
		LEFT JOIN unit n ON n.municipality_id = m.municipality_id AND n.code = m.unit
		WHERE m.municipality_id = ?1 AND m.from_on <= ?3 AND (m.to_on IS NULL OR m.to_on >= ?3) AND (?2 = '' OR m.unit = ?2)
		GROUP BY u.id, m.role, m.unit ORDER BY u.surnames, u.given_names, u.id, m.role`, municipality, unit, day)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Colleague
	for rows.Next() {
		var c Colleague
		var u User
		var own string
		if err := rows.Scan(&c.UserID, &u.GivenNames, &u.Surnames, &c.Role, &c.UnitID, &own); err != nil {
			return nil, err
		}
		c.Name, c.UnitName = u.Name(), unitName(c.UnitID, own)
		list = append(list, c)
	}
	return list, rows.Err()
}
