package attention

import (
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/people"
	"gsl/tenants"
)

// stamp has milliseconds, as the trail of changes has: the two are compared.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// closeStale ends what earlier days left open: an attention in which something
// was recorded is finished, at the level that its changes show; the others are
// discarded. The changes of an attention are those that its desk made to its
// file since it opened; opening the file and keeping what a registry said are
// not changes of anybody's. One statement, because a morning finds hundreds.
func closeStale(tx *tenants.Tx, today calendar.Date) error {
	now := stamp(tx.Now)
	_, err := tx.Exec(`WITH stale AS (
			SELECT o.id, o.topic IS NOT NULL OR o.note <> '' AS noted,
				(SELECT max(CASE WHEN a.action LIKE 'cart.%' OR a.action LIKE 'plan.%' THEN 2 ELSE 1 END) FROM audit a
				 WHERE a.file_id = o.file_id AND a.file_id <> '' AND CASE a.unit WHEN '' THEN a.role ELSE a.unit END = o.desk AND a.at >= o.opened_at
				   AND a.action NOT IN ('people.file_opened', 'screening.kept')) AS level
			FROM attention o WHERE o.state = 'open' AND o.day < ?)
		UPDATE attention SET finished_at = ?,
			state = CASE WHEN stale.noted OR stale.level > 0 THEN 'finished' ELSE 'discarded' END,
			outcome = CASE WHEN stale.level = 2 THEN 'casework' WHEN stale.noted OR stale.level = 1 THEN 'oriented' ELSE '' END
		FROM stale WHERE attention.id = stale.id`, today, now)
	return err
}

// reuse goes on with the desk's open attention of the file; it reports whether
// there was one.
func reuse(tx *tenants.Tx, who actor.Actor, file string) (bool, error) {
	result, err := tx.Exec(`UPDATE attention SET last_by = ?, last_at = ? WHERE file_id = ? AND desk = ? AND state = 'open'`,
		who.UserID, stamp(tx.Now), file, desk(who))
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

func insert(tx *tenants.Tx, who actor.Actor, file string) error {
	now := stamp(tx.Now)
	_, err := tx.Exec(`INSERT INTO attention (id, file_id, desk, desk_name, day, opened_at, opened_by, opened_by_name, last_by, last_at)
		VALUES (?,?,?,?,?,?,?,?,?,?)`,
		tx.NewID(), file, desk(who), who.UnitName, calendar.On(tx.Now), now, who.UserID, who.Name, who.UserID, now)
	return err
}

// openID gives the desk's open attention of the file, "" for none.
func openID(tx *tenants.Tx, desk, file string) (string, error) {
	var id string
	err := tx.QueryRow(`SELECT id FROM attention WHERE file_id = ? AND desk = ? AND state = 'open'`, file, desk).Scan(&id)
	if tenants.NotFound(err) {
		return "", nil
	}
	return id, err
}

const attentionColumns = `a.id, a.file_id, a.desk, a.desk_name, a.day, a.channel, coalesce(t.name, ''), a.state, a.outcome, a.opened_at, a.opened_by_name`

type scanner interface{ Scan(dest ...any) error }

func scanAttention(row scanner) (Attention, error) {
	var a Attention
	var opened string
	err := row.Scan(&a.ID, &a.FileID, &a.Desk, &a.DeskName, &a.Day, &a.Channel, &a.Topic, &a.State, &a.Outcome, &opened, &a.OpenedBy)
	if err != nil {
		return Attention{}, err
	}
	a.OpenedAt, err = time.Parse(time.RFC3339, opened)
	return a, err
}

// lastFinished gives the file's last finished attention; ok is false for none.
func lastFinished(tx *tenants.Tx, file string) (a Attention, ok bool, err error) {
	a, err = scanAttention(tx.QueryRow(`SELECT `+attentionColumns+` FROM attention a LEFT JOIN topic t ON t.code = a.topic
		WHERE a.file_id = ? AND a.state = 'finished' ORDER BY a.id DESC LIMIT 1`, file))
	if tenants.NotFound(err) {
		return Attention{}, false, nil
	}
	return a, err == nil, err
}

// listOf gives the file's attentions that count, newest first, older than the
// id before ("" for the newest).
func listOf(tx *tenants.Tx, file, before string, limit int) ([]Attention, error) {
	rows, err := tx.Query(`SELECT `+attentionColumns+` FROM attention a LEFT JOIN topic t ON t.code = a.topic
		WHERE a.file_id = ? AND a.state <> 'discarded' AND (? = '' OR a.id < ?) ORDER BY a.id DESC LIMIT ?`, file, before, before, limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Attention
	for rows.Next() {
		a, err := scanAttention(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// attendedOn gives the files that the worker attended on the day, last first.
func attendedOn(tx *tenants.Tx, user string, day calendar.Date, limit int) ([]Attended, error) {
	rows, err := tx.Query(`SELECT f.id, f.run, coalesce(f.provisional_id, ''), f.given_names, f.surnames, max(a.last_at) AS last
		FROM attention a JOIN file f ON f.id = a.file_id
		WHERE a.day = ? AND (a.opened_by = ? OR a.last_by = ?) GROUP BY f.id ORDER BY last DESC, f.id LIMIT ?`, day, user, user, limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Attended
	for rows.Next() {
		var f people.File
		var last string
		if err := rows.Scan(&f.ID, &f.RUN, &f.ProvisionalID, &f.GivenNames, &f.Surnames, &last); err != nil {
			return nil, err
		}
		at, err := time.Parse(time.RFC3339, last)
		if err != nil {
			return nil, err
		}
		list = append(list, Attended{File: f, Last: at})
	}
	return list, rows.Err()
}

func insertTopic(tx *tenants.Tx, t Topic) error {
	_, err := tx.Exec(`INSERT INTO topic (code, name) VALUES (?,?) ON CONFLICT (code) DO NOTHING`, t.Code, t.Name)
	return err
}
