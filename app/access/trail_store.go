package access

import (
	"encoding/json"
	"math"
	"slices"
	"time"

	"gsl/app/kit/calendar"
	"gsl/tenants"
)

const selectTrail = `SELECT seq, at, user_id, role, action, object, detail FROM audit`

// kindOf is the first word of an action, as the index has it.
const kindOf = `substr(action, 1, instr(action || '.', '.') - 1)`

// readTrail reads a page of the whole trail and one entry more. Each question has
// the statement that its index serves.
func readTrail(tx *tenants.Tx, look Look) ([]Entry, error) {
	from, before, err := span(tx, look)
	if err != nil {
		return nil, err
	}
	var rows *tenants.Rows
	switch {
	case look.About != "":
		rows, err = tx.Query(selectTrail+` WHERE object IN (SELECT ?1 UNION ALL SELECT id FROM membership WHERE user_id = ?1)
			AND seq >= ?2 AND seq < ?3 AND (?4 = '' OR `+kindOf+` = ?4) ORDER BY seq DESC LIMIT ?5`, look.About, from, before, look.Kind, trailPage+1)
	case look.By != "":
		rows, err = tx.Query(selectTrail+` WHERE user_id = ?1
			AND seq >= ?2 AND seq < ?3 AND (?4 = '' OR `+kindOf+` = ?4) ORDER BY seq DESC LIMIT ?5`, look.By, from, before, look.Kind, trailPage+1)
	case look.Kind != "":
		rows, err = tx.Query(selectTrail+` WHERE `+kindOf+` = ?1 AND seq >= ?2 AND seq < ?3 ORDER BY seq DESC LIMIT ?4`, look.Kind, from, before, trailPage+1)
	default:
		rows, err = tx.Query(selectTrail+` WHERE seq >= ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3`, from, before, trailPage+1)
	}
	if err != nil {
		return nil, err
	}
	return scanTrail(rows)
}

// readHistory reads what was done to one person as far as a reach goes: to the
// account, to the roles within reach, and by who administers it there.
func readHistory(tx *tenants.Tx, r reach, user string, before int64) ([]Entry, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	rows, err := tx.Query(`WITH own AS (SELECT id FROM membership WHERE user_id = ?1 AND municipality_id = ?2 AND (?3 = '' OR unit = ?3))
		SELECT seq, at, user_id, role, action, object, detail FROM audit
		WHERE object IN (SELECT ?1 UNION ALL SELECT id FROM own) AND seq < ?4
		  AND (object <> ?1 OR action IN ('user.add', 'user.disable', 'user.enable', 'agreement.accept', 'invitation.accept')
		       OR detail <> '' AND (json_extract(detail, '$.membership') IN own OR json_extract(detail, '$.to') IN own
		                            OR json_extract(detail, '$.membership') IS NULL AND json_extract(detail, '$.municipality') = ?2))
		ORDER BY seq DESC LIMIT ?5`, user, r.municipality, r.unit, before, trailPage+1)
	if err != nil {
		return nil, err
	}
	return scanTrail(rows)
}

func scanTrail(rows *tenants.Rows) ([]Entry, error) {
	defer func() { _ = rows.Close() }()
	var list []Entry
	for rows.Next() {
		var e Entry
		var at, detail string
		err := rows.Scan(&e.Seq, &at, &e.By, &e.ByRole, &e.Action, &e.Object, &detail)
		if err != nil {
			return nil, err
		}
		if e.At, err = time.Parse(time.RFC3339, at); err != nil {
			return nil, err
		}
		if detail != "" && json.Unmarshal([]byte(detail), &e.Detail) != nil {
			e.Detail = nil // an entry must be readable whatever stands in it
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// span gives the numbers between which the entries of the days stand.
func span(tx *tenants.Tx, look Look) (from, before int64, err error) {
	before = math.MaxInt64
	if !look.To.IsZero() {
		if before, err = firstOn(tx, look.To.AddDays(1)); err != nil {
			return 0, 0, err
		}
	}
	if !look.From.IsZero() {
		if from, err = firstOn(tx, look.From); err != nil {
			return 0, 0, err
		}
	}
	if look.Before > 0 {
		before = min(before, look.Before)
	}
	return from, before, nil
}

// firstOn gives the number of the first entry of a day, by halving: the trail is
// in the order of time and has no index on it.
func firstOn(tx *tenants.Tx, day calendar.Date) (int64, error) {
	begin := stamp(time.Date(day.Year(), time.Month(day.Month()), day.Day(), 0, 0, 0, 0, calendar.Santiago))
	var low, high int64
	if err := tx.QueryRow(`SELECT coalesce(min(seq), 1), coalesce(max(seq), 0) + 1 FROM audit`).Scan(&low, &high); err != nil {
		return 0, err
	}
	for low < high {
		middle := low + (high-low)/2
		var at string
		if err := tx.QueryRow(`SELECT at FROM audit WHERE seq >= ? ORDER BY seq LIMIT 1`, middle).Scan(&at); err != nil {
			return 0, err
		}
		if at < begin {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, nil
}

// trailKinds lists the kinds of entries there are, one seek of the index for each.
func trailKinds(tx *tenants.Tx) ([]string, error) {
	rows, err := tx.Query(`WITH RECURSIVE kind(name) AS (
			SELECT min(` + kindOf + `) FROM audit
			UNION ALL SELECT (SELECT min(` + kindOf + `) FROM audit WHERE ` + kindOf + ` > kind.name) FROM kind WHERE kind.name IS NOT NULL)
		SELECT name FROM kind WHERE name IS NOT NULL`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []string
	for rows.Next() {
		var kind string
		if err := rows.Scan(&kind); err != nil {
			return nil, err
		}
		list = append(list, kind)
	}
	return list, rows.Err()
}

// nameTrail puts names to the ids of a page of the trail: one query for each kind
// of thing.
func nameTrail(tx *tenants.Tx, entries []Entry) error {
	var ids []string
	for i := range entries {
		ids = append(ids, entries[i].ids()...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	k := known{users: map[string]string{}, roles: map[string]Membership{}}
	rows, err := tx.Query(selectMembership+` WHERE m.id IN (SELECT value FROM json_each(?))`, string(list))
	if err != nil {
		return err
	}
	roles, err := scanMemberships(rows)
	if err != nil {
		return err
	}
	for _, m := range roles {
		k.roles[m.ID] = m
		ids = append(ids, m.UserID)
	}
	if err := namesOf(tx, ids, k.users); err != nil {
		return err
	}
	if k.places, err = placeNames(tx, string(list)); err != nil {
		return err
	}
	for i := range entries {
		entries[i].fill(k)
	}
	return nil
}

func placeNames(tx *tenants.Tx, ids string) (map[string]string, error) {
	rows, err := tx.Query(`SELECT id, name FROM municipality WHERE id IN (SELECT value FROM json_each(?))`, ids)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	names := map[string]string{}
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		names[id] = name
	}
	return names, rows.Err()
}
