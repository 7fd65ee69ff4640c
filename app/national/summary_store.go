package national

import (
	"strings"
	"time"

	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// insertSummary gives a new municipality its row before anybody looked at it.
func insertSummary(tx *tenants.Tx, id string, p *Place) error {
	_, err := tx.Exec(`INSERT INTO municipality_summary (municipality_id, folded, search, region, schema, checked_at) VALUES (?,?,?,?,?,?)
		ON CONFLICT DO NOTHING`,
		id, foldName(p.Name), p.search(), p.RegionCode, tenants.Schema(), stamp(tx.Now))
	return err
}

func writeSummary(tx *tenants.Tx, s *summary) error {
	_, err := tx.Exec(`INSERT INTO municipality_summary (municipality_id, folded, search, region, users, last_at, bytes, schema, lag, drill_at, health, trouble, checked_at)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT (municipality_id) DO UPDATE SET folded = excluded.folded, search = excluded.search, region = excluded.region, users = excluded.users,
			last_at = max(last_at, excluded.last_at), bytes = excluded.bytes, schema = excluded.schema, lag = excluded.lag, drill_at = excluded.drill_at,
			health = excluded.health, trouble = excluded.trouble, checked_at = excluded.checked_at`,
		s.id, foldName(s.place.Name), s.place.search(), s.place.RegionCode, s.users, s.lastAt, s.bytes, s.schema, s.lag, s.drillAt, int(s.health()), s.troubles(), stamp(tx.Now))
	return err
}

// activities counts who may work in each municipality on the day, and when
// somebody last did.
func activities(tx *tenants.Tx, day calendar.Date) (map[string]activity, error) {
	rows, err := tx.Query(`SELECT m.municipality_id, count(DISTINCT CASE WHEN u.disabled_at IS NULL AND m.disabled_at IS NULL
			AND m.from_on <= ?1 AND (m.to_on IS NULL OR m.to_on >= ?1) THEN m.user_id END), max(m.seen_at)
		FROM membership m JOIN user u ON u.id = m.user_id WHERE m.municipality_id IS NOT NULL GROUP BY m.municipality_id`, day.String())
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	by := map[string]activity{}
	for rows.Next() {
		var id string
		var a activity
		if err := rows.Scan(&id, &a.users, &a.last); err != nil {
			return nil, err
		}
		by[id] = a
	}
	return by, rows.Err()
}

// summaries gives what is written down of every municipality.
func summaries(tx *tenants.Tx) (map[string]summaryRow, error) {
	rows, err := tx.Query(`SELECT municipality_id, search, users, last_at, bytes, schema, lag, drill_at, trouble FROM municipality_summary WHERE health <> 1`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	by := map[string]summaryRow{}
	for rows.Next() {
		var id string
		var r summaryRow
		if err := rows.Scan(&id, &r.search, &r.users, &r.lastAt, &r.bytes, &r.schema, &r.lag, &r.drillAt, &r.trouble); err != nil {
			return nil, err
		}
		by[id] = r
	}
	return by, rows.Err()
}

const (
	selectRow = `SELECT m.id, m.code, m.name, m.kind, m.model, m.status, m.created_at, coalesce(s.region, ''), coalesce(s.users, 0), coalesce(s.last_at, ''),
		coalesce(s.bytes, 0), coalesce(s.schema, 0), coalesce(s.lag, -1), coalesce(s.drill_at, ''), coalesce(s.health, 1), coalesce(s.trouble, ''), coalesce(s.checked_at, ''),
		CASE ?1 WHEN 'users' THEN printf('%020d', s.users) WHEN 'last' THEN s.last_at WHEN 'bytes' THEN printf('%020d', s.bytes)
			WHEN 'schema' THEN printf('%020d', s.schema) WHEN 'lag' THEN printf('%020d', s.lag + 1) WHEN 'drill' THEN s.drill_at
			WHEN 'health' THEN CAST(s.health AS TEXT) ELSE coalesce(s.folded, m.name) END AS key
		FROM municipality m LEFT JOIN municipality_summary s ON s.municipality_id = m.id`
	whereRow = ` WHERE (?2 = '' OR s.region = ?2) AND (?3 = '' OR m.status = ?3) AND coalesce(s.health, 1) BETWEEN ?4 AND ?5
		AND instr(coalesce(s.search, m.code), ?6) > 0 AND instr(coalesce(s.search, m.code), ?7) > 0
		AND instr(coalesce(s.search, m.code), ?8) > 0 AND instr(coalesce(s.search, m.code), ?9) > 0`
	upRow   = ` AND (?10 = 0 OR (coalesce(key, ''), m.code) > (?11, ?12)) ORDER BY coalesce(key, ''), m.code LIMIT ?13`
	downRow = ` AND (?10 = 0 OR (coalesce(key, ''), m.code) < (?11, ?12)) ORDER BY coalesce(key, '') DESC, m.code DESC LIMIT ?13`
)

// listRows gives at most limit rows of the filter, sorted as it says.
func listRows(tx *tenants.Tx, f *Filter, limit int) ([]Row, error) {
	words, health := f.words(), healths[f.Health]
	key, code, paged := f.after()
	args := []any{f.Sort, f.Region, f.Status, int(health[0]), int(health[1]), words[0], words[1], words[2], words[3], paged, key, code, limit}
	rows, err := queryRows(tx, f.Down, args)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	list := make([]Row, 0, min(limit, 512))
	for rows.Next() {
		r, err := scanRow(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

func queryRows(tx *tenants.Tx, down bool, args []any) (*tenants.Rows, error) {
	if down {
		return tx.Query(selectRow+whereRow+downRow, args...)
	}
	return tx.Query(selectRow+whereRow+upRow, args...)
}

func oneRow(tx *tenants.Tx, id string) (Row, error) {
	return scanRow(tx.QueryRow(selectRow+` WHERE m.id = ?2`, "", id))
}

func scanRow(row interface{ Scan(...any) error }) (r Row, err error) {
	var created, last, drill, troubles, checked string
	var lag int64
	var key *string
	var health int
	err = row.Scan(&r.ID, &r.Code, &r.Name, &r.Kind, &r.Model, &r.Status, &created, &r.Region, &r.Users, &last,
		&r.Bytes, &r.Schema, &lag, &drill, &health, &troubles, &checked, &key)
	if err != nil {
		return r, err
	}
	r.CreatedAt, _ = time.Parse(time.RFC3339, created) // as tenants writes it
	r.LastAt, r.DrillAt, r.CheckedAt = moment(last), moment(drill), moment(checked)
	r.Lag, r.Health, r.Troubles = time.Duration(lag)*time.Second, Health(health), strings.Fields(troubles)
	if key != nil {
		r.key = *key
	}
	return r, nil
}

func countAll(tx *tenants.Tx) (c Counts, err error) {
	err = tx.QueryRow(`SELECT count(*), coalesce(sum(m.status = 'active'), 0), coalesce(sum(m.status = 'suspended'), 0), coalesce(sum(m.status = 'archived'), 0),
			coalesce(sum(m.status = 'provisioning'), 0), coalesce(sum(s.health = 2), 0), coalesce(sum(s.health = 3), 0)
		FROM municipality m LEFT JOIN municipality_summary s ON s.municipality_id = m.id`).
		Scan(&c.Total, &c.Active, &c.Suspended, &c.Archived, &c.HalfMade, &c.Look, &c.Bad)
	return c, err
}
