package attention

import (
	"database/sql"
	"encoding/json"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"
)

// stamp has milliseconds, as the trail of changes has: the two are compared.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// closeStale ends what earlier days left open: an attention in which something
// was recorded is finished, at the level that its changes show; the others are
// discarded. The changes of an attention are those that its desk made to its
// file since it opened; opening the file and keeping what a registry said are
// not changes of anybody's, and what the attention itself holds is looked at as
// it is now: explained and taken back is nothing. One statement, because a
// morning finds hundreds.
func closeStale(tx *tenants.Tx, today calendar.Date) error {
	now := stamp(tx.Now)
	_, err := tx.Exec(`WITH stale AS (
			SELECT o.id, o.topic IS NOT NULL OR o.note <> '' OR o.told <> '' OR o.next_on IS NOT NULL OR o.rep_name <> '' OR o.number IS NOT NULL
				OR EXISTS (SELECT 1 FROM attention_item i WHERE i.attention_id = o.id) AS noted,
				(SELECT max(CASE WHEN a.action LIKE 'cart.%' OR a.action LIKE 'plan.%' THEN 3 WHEN a.action = 'referral.create' THEN 2 ELSE 1 END) FROM audit a
				 WHERE a.file_id = o.file_id AND a.file_id <> '' AND CASE a.unit WHEN '' THEN a.role ELSE a.unit END = o.desk AND a.at >= o.opened_at
				   AND a.action NOT IN ('people.file_opened', 'screening.kept') AND a.action NOT LIKE 'attention.%') AS level
			FROM attention o WHERE o.state = 'open' AND o.day < ?)
		UPDATE attention SET finished_at = ?,
			state = CASE WHEN stale.noted OR stale.level > 0 THEN 'finished' ELSE 'discarded' END,
			outcome = CASE WHEN stale.level = 3 THEN 'casework' WHEN stale.level = 2 THEN 'referred'
				WHEN stale.noted OR stale.level = 1 THEN 'oriented' ELSE '' END
		FROM stale WHERE attention.id = stale.id`, today, now)
	return err
}

// deedsOf gives what the attention's desk changed in its file since it opened,
// up to when it was finished.
func deedsOf(tx *tenants.Tx, a *Attention) ([]Deed, error) {
	until := "9"
	if !a.FinishedAt.IsZero() {
		until = stamp(a.FinishedAt)
	}
	rows, err := tx.Query(`SELECT action, object, coalesce(detail ->> 'item', ''), coalesce(detail ->> 'folio', '')
		FROM (SELECT seq, action, object, CASE detail WHEN '' THEN '{}' ELSE detail END AS detail FROM audit
			WHERE file_id = ? AND file_id <> '' AND at BETWEEN ? AND ? AND CASE unit WHEN '' THEN role ELSE unit END = ?
			AND (action LIKE 'cart.%' OR action LIKE 'plan.%' OR action LIKE 'referral.%'))
		ORDER BY seq LIMIT 500`, a.FileID, stamp(a.OpenedAt), until, a.Desk)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Deed
	for rows.Next() {
		var d Deed
		if err := rows.Scan(&d.Action, &d.Object, &d.Item, &d.Folio); err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, rows.Err()
}

// reuse goes on with the desk's open attention of the file and gives its id, ""
// when there is none.
func reuse(tx *tenants.Tx, who actor.Actor, file string) (id string, err error) {
	err = tx.QueryRow(`UPDATE attention SET last_by = ?, last_at = ? WHERE file_id = ? AND desk = ? AND state = 'open' RETURNING id`,
		who.UserID, stamp(tx.Now), file, desk(who)).Scan(&id)
	if tenants.NotFound(err) {
		return "", nil
	}
	return id, err
}

// hasRecord reports whether anything was recorded in an attention: what closeStale
// asks of all at once.
func hasRecord(tx *tenants.Tx, a *Attention) (recorded bool, err error) {
	err = tx.QueryRow(`SELECT o.topic IS NOT NULL OR o.note <> '' OR o.told <> '' OR o.next_on IS NOT NULL OR o.rep_name <> '' OR o.number IS NOT NULL
			OR EXISTS (SELECT 1 FROM attention_item i WHERE i.attention_id = o.id)
			OR EXISTS (SELECT 1 FROM audit a WHERE a.file_id = o.file_id AND a.file_id <> '' AND CASE a.unit WHEN '' THEN a.role ELSE a.unit END = o.desk
				AND a.at >= o.opened_at AND a.action NOT IN ('people.file_opened', 'screening.kept') AND a.action NOT LIKE 'attention.%')
		FROM attention o WHERE o.id = ?`, a.ID).Scan(&recorded)
	return recorded, err
}

// insert opens an attention of the file at the actor's desk and gives its id.
func insert(tx *tenants.Tx, who actor.Actor, file string) (string, error) {
	id, now := tx.NewID(), stamp(tx.Now)
	_, err := tx.Exec(`INSERT INTO attention (id, file_id, desk, desk_name, day, opened_at, opened_by, opened_by_name, last_by, last_at)
		VALUES (?,?,?,?,?,?,?,?,?,?)`,
		id, file, desk(who), who.UnitName, calendar.On(tx.Now), now, who.UserID, who.Name, who.UserID, now)
	return id, err
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

const attentionColumns = `a.id, a.file_id, a.desk, a.desk_name, a.day, a.channel, coalesce(t.name, ''), coalesce(a.topic, ''), a.state, a.outcome,
	a.note, a.told, a.next_on, a.rep_name, a.rep_run, a.rep_relationship, a.rep_authorisation, coalesce(a.year, 0), coalesce(a.number, 0),
	a.opened_at, a.opened_by_name, coalesce(a.finished_at, ''), a.finished_by_name, a.reopened, a.page`

type scanner interface{ Scan(dest ...any) error }

func scanAttention(row scanner, more ...any) (Attention, error) {
	var a Attention
	var opened, finished string
	r := &a.Representative
	err := row.Scan(append([]any{&a.ID, &a.FileID, &a.Desk, &a.DeskName, &a.Day, &a.Channel, &a.Topic, &a.TopicCode, &a.State, &a.Outcome,
		&a.Note, &a.Told, &a.NextOn, &r.Name, &r.RUN, &r.Relationship, &r.Authorisation, &a.Year, &a.Number,
		&opened, &a.OpenedBy, &finished, &a.FinishedBy, &a.Reopened, &a.page}, more...)...)
	if err != nil {
		return Attention{}, err
	}
	if a.OpenedAt, err = time.Parse(time.RFC3339, opened); err != nil || finished == "" {
		return a, err
	}
	a.FinishedAt, err = time.Parse(time.RFC3339, finished)
	return a, err
}

// byID gives the attention; fault.NotFound when this municipality has none. What
// was discarded is not there any more.
func byID(tx *tenants.Tx, id string) (Attention, error) {
	a, err := scanAttention(tx.QueryRow(`SELECT `+attentionColumns+` FROM attention a LEFT JOIN topic t ON t.code = a.topic
		WHERE a.id = ? AND a.state <> 'discarded'`, id))
	if tenants.NotFound(err) {
		return Attention{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return a, err
}

// write keeps what is written in an attention, its state and its number.
func write(tx *tenants.Tx, a *Attention) error {
	_, err := tx.Exec(`UPDATE attention SET channel = ?, topic = nullif(?, ''), state = ?, outcome = ?, note = ?, told = ?, next_on = ?,
			rep_name = ?, rep_run = ?, rep_relationship = ?, rep_authorisation = ?, year = nullif(?, 0), number = nullif(?, 0),
			finished_at = nullif(?, ''), finished_by_name = ?, reopened = ?, page = ? WHERE id = ?`,
		a.Channel, a.TopicCode, a.State, a.Outcome, a.Note, a.Told, a.NextOn,
		a.Representative.Name, a.Representative.RUN, a.Representative.Relationship, a.Representative.Authorisation, a.Year, a.Number,
		stampOrNone(a.FinishedAt), a.FinishedBy, a.Reopened, a.page, a.ID)
	return err
}

func stampOrNone(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return stamp(t)
}

// nextNumber is the next of the year; they have no gaps because the number is
// given in the transaction that keeps it.
func nextNumber(tx *tenants.Tx, year int) (number int, err error) {
	err = tx.QueryRow(`SELECT coalesce(max(number), 0) + 1 FROM attention WHERE year = ? AND number IS NOT NULL`, year).Scan(&number)
	return number, err
}

// explain keeps an item as explained; it reports whether it was not yet.
func explain(tx *tenants.Tx, who actor.Actor, id string, it *Explained) (bool, error) {
	requirements, err := json.Marshal(it.Requirements)
	if err != nil {
		return false, err
	}
	result, err := tx.Exec(`INSERT INTO attention_item (attention_id, code, name, provider, contact, requirements, at, by_name) VALUES (?,?,?,?,?,?,?,?)
		ON CONFLICT DO NOTHING`, id, it.Code, it.Name, it.Provider, it.Contact, string(requirements), stamp(tx.Now), who.Name)
	return changed(result, err)
}

// takeBack forgets that an item was explained; it reports whether it was.
func takeBack(tx *tenants.Tx, id, code string) (bool, error) {
	return changed(tx.Exec(`DELETE FROM attention_item WHERE attention_id = ? AND code = ?`, id, code))
}

func changed(result sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// explainedIn lists what was explained, in the order in which it was.
func explainedIn(tx *tenants.Tx, id string) ([]Explained, error) {
	rows, err := tx.Query(`SELECT code, name, provider, contact, requirements FROM attention_item WHERE attention_id = ? ORDER BY at, code`, id)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Explained
	for rows.Next() {
		var it Explained
		var requirements string
		if err := rows.Scan(&it.Code, &it.Name, &it.Provider, &it.Contact, &requirements); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(requirements), &it.Requirements); err != nil {
			return nil, err
		}
		list = append(list, it)
	}
	return list, rows.Err()
}

// bar is what the frame of a file's page shows of the desk's open attention.
type bar struct {
	id        string // "" for none
	openedAt  time.Time
	explained int
	waiting   bool // the municipality keeps waiting lists
}

// barOf gives the bar of the desk's open attention.
func barOf(tx *tenants.Tx, desk, file string) (bar, error) {
	_, b, err := headerOf(tx, desk, file)
	return b, err
}

// headerOf gives what the header of a file says: its last finished attention
// (day, desk and topic; nil for none) and the bar of the desk's open one. It is
// one question, because every page of a file asks it.
func headerOf(tx *tenants.Tx, desk, file string) (*Attention, bar, error) {
	var b bar
	var opened, last string
	var a Attention
	err := tx.QueryRow(`SELECT coalesce(o.id, ''), coalesce(o.opened_at, ''),
			(SELECT count(*) FROM attention_item i WHERE i.attention_id = o.id),
			EXISTS (SELECT 1 FROM setting WHERE key = 'attention.waiting_list' AND value = 'on'),
			coalesce(l.id, ''), coalesce(l.desk, ''), coalesce(l.desk_name, ''), l.day, coalesce(t.name, '')
		FROM (SELECT 1) LEFT JOIN attention o ON o.file_id = ?1 AND o.desk = ?2 AND o.state = 'open'
		LEFT JOIN attention l ON l.id = (SELECT f.id FROM attention f WHERE f.file_id = ?1 AND f.state = 'finished' ORDER BY f.id DESC LIMIT 1)
		LEFT JOIN topic t ON t.code = l.topic`, file, desk).
		Scan(&b.id, &opened, &b.explained, &b.waiting, &last, &a.Desk, &a.DeskName, &a.Day, &a.Topic)
	if err == nil && b.id != "" {
		b.openedAt, err = time.Parse(time.RFC3339, opened)
	}
	if last == "" {
		return nil, b, err
	}
	return &a, b, err
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

// attendedOn gives the files that the worker attended on the day, each with its
// last attention of the worker's: the open ones first, then the last first.
func attendedOn(tx *tenants.Tx, user string, day calendar.Date, limit int) ([]Attended, error) {
	rows, err := tx.Query(`SELECT `+attentionColumns+`, f.run, coalesce(f.provisional_id, ''), f.given_names, f.surnames, max(a.last_at)
		FROM attention a JOIN file f ON f.id = a.file_id LEFT JOIN topic t ON t.code = a.topic
		WHERE a.day = ? AND a.state <> 'discarded' AND (a.opened_by = ? OR a.last_by = ?)
		GROUP BY f.id ORDER BY a.state = 'open' DESC, a.last_at DESC, f.id LIMIT ?`, day, user, user, limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Attended
	for rows.Next() {
		var item Attended
		var last string
		f := &item.File
		if item.Attention, err = scanAttention(rows, &f.RUN, &f.ProvisionalID, &f.GivenNames, &f.Surnames, &last); err != nil {
			return nil, err
		}
		if item.Last, err = time.Parse(time.RFC3339, last); err != nil {
			return nil, err
		}
		f.ID = item.Attention.FileID
		list = append(list, item)
	}
	return list, rows.Err()
}

// nameAnswered fills in the names of whom the answers are about.
func nameAnswered(tx *tenants.Tx, list []Answered) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]string, 0, len(list))
	for i := range list {
		ids = append(ids, list[i].FileID)
	}
	wanted, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	rows, err := tx.Query(`SELECT f.id, f.given_names, f.surnames FROM json_each(?) AS wanted CROSS JOIN file AS f ON f.id = wanted.value`, string(wanted))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var f people.File
		if err := rows.Scan(&f.ID, &f.GivenNames, &f.Surnames); err != nil {
			return err
		}
		for i := range list {
			if list[i].FileID == f.ID {
				list[i].File = f
			}
		}
	}
	return rows.Err()
}

// FileOf gives the file that a attention is of; "" when there is none with the id.
func FileOf(tx *tenants.Tx, id string) (string, error) {
	return people.OfFile(tx.QueryRow(`SELECT file_id FROM attention WHERE id = ?`, id))
}
