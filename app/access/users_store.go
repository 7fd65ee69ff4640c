package access

import (
	"encoding/json"

	"gsl/tenants"
)

// pageSize is how many people stand on a page of the roster.
const pageSize = 50

// siftPeople gives a page of people and one more, when there is one. Conditions
// that are not asked for are ” or 0.
//
// ?1 municipality, ?2 unit, ?3 role, ?4 state, ?5 today, ?6 idle since, ?7 words
// as JSON, ?8 RUN, ?9 e-mail, ?10 id of the last person of the page before, ?11 limit
func siftPeople(tx *tenants.Tx, q sifting) ([]Person, error) {
	words, err := json.Marshal(q.words)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT u.id, u.run, u.given_names, u.surnames, u.email, u.created_at, u.password = '', coalesce(u.disabled_at, ''),
			u.signed_in_at, u.seen_at, coalesce(i.expires_at, ''), coalesce(g.version, ''), coalesce(g.accepted_at, '')
		FROM user u
		LEFT JOIN invitation i ON i.user_id = u.id
		LEFT JOIN agreement g ON g.user_id = u.id AND g.accepted_at = (SELECT max(accepted_at) FROM agreement WHERE user_id = u.id)
		WHERE (u.folded, u.id) > (coalesce((SELECT folded FROM user WHERE id = ?10), ''), ?10)
		  AND (?8 = 0 OR u.run = ?8) AND (?9 = '' OR u.email = ?9 COLLATE NOCASE)
		  AND (?7 = 'null' OR NOT EXISTS (SELECT 1 FROM json_each(?7) w WHERE instr(' ' || u.folded, ' ' || w.value) = 0))
		  AND (?1 = '' OR u.id IN (SELECT user_id FROM membership WHERE municipality_id = ?1))
		  AND (?4 = 'former' AND ?1 = '' AND ?3 = '' AND ?2 = '' OR EXISTS (SELECT 1 FROM membership m WHERE m.user_id = u.id
		       AND (?1 = '' OR m.municipality_id = ?1) AND (?2 = '' OR m.unit = ?2) AND (?3 = '' OR m.role = ?3)
		       AND (?4 = 'former' OR m.to_on IS NULL OR m.to_on >= ?5)
		       AND (?4 <> 'disabled' OR m.disabled_at IS NOT NULL OR u.disabled_at IS NOT NULL)
		       AND (?4 <> 'unused' OR m.disabled_at IS NULL)))
		  AND (?4 <> 'invited' OR u.password = '')
		  AND (?4 <> 'unused' OR u.password <> '' AND u.disabled_at IS NULL AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.user_id = u.id
		       AND (?1 = '' OR m.municipality_id = ?1) AND (?2 = '' OR m.unit = ?2) AND (m.seen_at >= ?6 OR m.created_at >= ?6)))
		  AND (?4 <> 'former' OR NOT EXISTS (SELECT 1 FROM membership m WHERE m.user_id = u.id
		       AND (?1 = '' OR m.municipality_id = ?1) AND (?2 = '' OR m.unit = ?2) AND (m.to_on IS NULL OR m.to_on >= ?5)))
		GROUP BY u.folded, u.id ORDER BY u.folded, u.id LIMIT ?11`,
		q.municipality, q.Unit, q.Role, q.State, q.today, stamp(q.idle), string(words), q.run, q.email, q.After, pageSize+1)
	if err != nil {
		return nil, err
	}
	return scanPeople(rows)
}

func scanPeople(rows *tenants.Rows) ([]Person, error) {
	defer func() { _ = rows.Close() }()
	var list []Person
	for rows.Next() {
		var p Person
		var created, disabled, signedIn, seen, till, agreed string
		err := rows.Scan(&p.ID, &p.RUN, &p.GivenNames, &p.Surnames, &p.Email, &created, &p.Pending, &disabled,
			&signedIn, &seen, &till, &p.Agreement, &agreed)
		if err != nil {
			return nil, err
		}
		into := p.times()
		for at, text := range [...]string{created, disabled, signedIn, seen, till, agreed} {
			if *into[at], err = readInstant(text); err != nil {
				return nil, err
			}
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// fillRoles gives the people of a page their memberships within the reach: one
// query for all of them.
func fillRoles(tx *tenants.Tx, r reach, people []Person) error {
	ids := make([]string, len(people))
	at := make(map[string]*Person, len(people))
	for i := range people {
		ids[i] = people[i].ID
		at[ids[i]] = &people[i]
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	rows, err := tx.Query(selectMembership+` WHERE m.user_id IN (SELECT value FROM json_each(?)) ORDER BY t.name, m.role, m.unit, m.from_on, m.id`, string(list))
	if err != nil {
		return err
	}
	roles, err := scanMemberships(rows)
	for _, m := range roles {
		if p := at[m.UserID]; r.sees(m) {
			p.Memberships = append(p.Memberships, m)
		}
	}
	return err
}

// tallyPeople counts who has a role within reach today or later.
func tallyPeople(tx *tenants.Tx, q sifting) (t Tally, err error) {
	err = tx.QueryRow(`SELECT count(*), coalesce(sum(pending), 0), coalesce(sum(NOT pending AND NOT gone AND on_ AND seen < ?4), 0), coalesce(sum(gone OR off), 0)
		FROM (SELECT u.password = '' AS pending, u.disabled_at IS NOT NULL AS gone, max(m.disabled_at IS NOT NULL) AS off,
		             max(m.disabled_at IS NULL) AS on_, max(max(m.seen_at, m.created_at)) AS seen
		      FROM membership m JOIN user u ON u.id = m.user_id
		      WHERE (?1 = '' OR m.municipality_id = ?1) AND (?2 = '' OR m.unit = ?2) AND (m.to_on IS NULL OR m.to_on >= ?3)
		      GROUP BY m.user_id)`, q.municipality, q.Unit, q.today, stamp(q.idle)).
		Scan(&t.Current, &t.Waiting, &t.Unused, &t.Disabled)
	return t, err
}

// onePerson is a Person without memberships.
func onePerson(tx *tenants.Tx, id string) (Person, error) {
	rows, err := tx.Query(`SELECT u.id, u.run, u.given_names, u.surnames, u.email, u.created_at, u.password = '', coalesce(u.disabled_at, ''),
			u.signed_in_at, u.seen_at, coalesce(i.expires_at, ''), coalesce(g.version, ''), coalesce(g.accepted_at, '')
		FROM user u
		LEFT JOIN invitation i ON i.user_id = u.id
		LEFT JOIN agreement g ON g.user_id = u.id AND g.accepted_at = (SELECT max(accepted_at) FROM agreement WHERE user_id = u.id)
		WHERE u.id = ? LIMIT 1`, id)
	if err != nil {
		return Person{}, err
	}
	list, err := scanPeople(rows)
	if err == nil && len(list) == 0 {
		err = unknown()
	}
	if err != nil {
		return Person{}, err
	}
	return list[0], nil
}

// unitNamesOf gives how a municipality calls its units.
func unitNamesOf(tx *tenants.Tx, municipality string) (map[string]string, error) {
	rows, err := tx.Query(`SELECT code, name FROM unit WHERE municipality_id = ?`, municipality)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	names := map[string]string{}
	for rows.Next() {
		var code, name string
		if err := rows.Scan(&code, &name); err != nil {
			return nil, err
		}
		names[code] = name
	}
	return names, rows.Err()
}

// Place is a municipality in a list of choices.
type Place struct{ ID, Code, Name string }

// listPlaces gives the municipalities that are not archived, by name.
func listPlaces(tx *tenants.Tx) ([]Place, error) {
	rows, err := tx.Query(`SELECT id, code, name FROM municipality WHERE status <> 'archived' ORDER BY name`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Place
	for rows.Next() {
		var p Place
		if err := rows.Scan(&p.ID, &p.Code, &p.Name); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// sessionsWithin counts the live sessions of a user in roles within reach.
func sessionsWithin(tx *tenants.Tx, r reach, user string) (n int, err error) {
	err = tx.QueryRow(`SELECT count(*) FROM session s JOIN membership m ON m.id = s.membership_id
		WHERE s.user_id = ?1 AND (?2 = '' OR m.municipality_id = ?2) AND (?3 = '' OR m.unit = ?3) AND s.seen_at > ?4 AND s.started_at > ?5`,
		user, r.municipality, r.unit, stamp(tx.Now.Add(-IdleLimit)), stamp(tx.Now.Add(-AbsoluteLimit))).Scan(&n)
	return n, err
}
