package access

import (
	"slices"
	"strings"

	"gsl/app/kit/calendar"
	"gsl/app/kit/sheet"
	"gsl/tenants"
)

func colleaguesOf(tx *tenants.Tx, municipality, unit string, day calendar.Date) ([]Colleague, error) {
	rows, err := tx.Query(`SELECT u.id, u.given_names, u.surnames, m.role, m.unit, coalesce(n.name, '')
		FROM membership m JOIN user u ON u.id = m.user_id AND u.disabled_at IS NULL
		LEFT JOIN unit n ON n.municipality_id = m.municipality_id AND n.code = m.unit
		WHERE m.municipality_id = ?1 AND m.disabled_at IS NULL AND m.from_on <= ?3 AND (m.to_on IS NULL OR m.to_on >= ?3) AND (?2 = '' OR m.unit = ?2)
		GROUP BY u.id, m.role, m.unit ORDER BY u.id, m.role`, municipality, unit, day)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Colleague
	order := map[string]string{} // user → as names are compared: Álvarez stands before Araya
	for rows.Next() {
		var c Colleague
		var u User
		var own string
		if err := rows.Scan(&c.UserID, &u.GivenNames, &u.Surnames, &c.Role, &c.UnitID, &own); err != nil {
			return nil, err
		}
		c.Name, c.UnitName = u.Name(), unitName(c.UnitID, own)
		order[c.UserID] = sheet.Fold(u.Surnames + " " + u.GivenNames)
		list = append(list, c)
	}
	slices.SortStableFunc(list, func(a, b Colleague) int { return strings.Compare(order[a.UserID], order[b.UserID]) })
	return list, rows.Err()
}
