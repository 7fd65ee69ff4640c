package trail

import (
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

const requestColumns = `r.id, coalesce(r.file_id, ''), r.year, r.number, r.person_name, r.person_number, r.kind, r.asked, r.channel, r.proof,
	r.agent, r.answer_to, r.received_on, r.key, r.due_on, r.state = 'answered', r.outcome, r.answer, r.delivery, coalesce(r.answered_on, ''),
	r.answered_by_name, r.created_at, r.created_by, r.created_by_name`

type scanner interface{ Scan(dest ...any) error }

func scanRequest(row scanner) (r Request, err error) {
	var created string
	err = row.Scan(&r.ID, &r.FileID, &r.Year, &r.Number, &r.PersonName, &r.PersonNumber, &r.Kind, &r.Asked, &r.Channel, &r.Proof,
		&r.Agent, &r.AnswerTo, &r.Received, &r.Key, &r.Due, &r.Answered, &r.Answer.Outcome, &r.Answer.Text, &r.Answer.Delivery, &r.AnsweredOn,
		&r.AnsweredBy, &created, &r.CreatedBy, &r.CreatedByName)
	if err != nil {
		return r, err
	}
	r.CreatedAt, err = time.Parse(time.RFC3339, created)
	return r, err
}

// requestByID gives the request; fault.NotFound when this municipality has none.
func requestByID(tx *tenants.Tx, id string) (Request, error) {
	r, err := scanRequest(tx.QueryRow(`SELECT `+requestColumns+` FROM data_request r WHERE r.id = ?`, id))
	if tenants.NotFound(err) {
		return r, fault.New(fault.NotFound, "fault.not_found")
	}
	return r, err
}

// requestByKey gives the request that a form already made; false for none.
func requestByKey(tx *tenants.Tx, key string) (Request, bool, error) {
	r, err := scanRequest(tx.QueryRow(`SELECT `+requestColumns+` FROM data_request r WHERE r.key = ?`, key))
	if tenants.NotFound(err) {
		return r, false, nil
	}
	return r, err == nil, err
}

// insertRequest numbers the request within the year it is registered in.
func insertRequest(tx *tenants.Tx, who actor.Actor, r *Request) error {
	r.ID, r.Year, r.CreatedAt = tx.NewID(), calendar.On(tx.Now).Year(), tx.Now
	if err := tx.QueryRow(`SELECT coalesce(max(number), 0) + 1 FROM data_request WHERE year = ?`, r.Year).Scan(&r.Number); err != nil {
		return err
	}
	var file any
	if r.FileID != "" {
		file = r.FileID
	}
	_, err := tx.Exec(`INSERT INTO data_request (id, year, number, file_id, person_name, person_number, kind, asked, channel, proof, agent, answer_to,
			received_on, due_on, state, key, created_at, created_by, created_by_name)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,'open',?,?,?,?)`,
		r.ID, r.Year, r.Number, file, r.PersonName, r.PersonNumber, r.Kind, r.Asked, r.Channel, r.Proof, r.Agent, r.AnswerTo,
		r.Received.String(), r.Due.String(), r.Key, stamp(tx.Now), who.UserID, who.Name)
	return err
}

// writeAnswer answers an open request and reports whether it was open.
func writeAnswer(tx *tenants.Tx, who actor.Actor, id string, a *Answer) (bool, error) {
	result, err := tx.Exec(`UPDATE data_request SET state = 'answered', outcome = ?, answer = ?, delivery = ?, answered_on = ?, answered_by = ?, answered_by_name = ?
		WHERE id = ? AND state = 'open'`,
		a.Outcome, a.Text, a.Delivery, calendar.On(tx.Now).String(), who.UserID, who.Name, id)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

func addEntry(tx *tenants.Tx, who actor.Actor, id, what, note string) error {
	_, err := tx.Exec(`INSERT INTO data_request_history (request_id, seq, at, user_id, name, role, what, note)
		SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7 FROM data_request_history WHERE request_id = ?1`,
		id, stamp(tx.Now), who.UserID, who.Name, who.Role, what, note)
	return err
}

// entriesOf lists what happened to a request, newest first.
func entriesOf(tx *tenants.Tx, id string) ([]Entry, error) {
	rows, err := tx.Query(`SELECT at, name, role, what, note FROM data_request_history WHERE request_id = ? ORDER BY seq DESC`, id)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (e Entry, err error) {
		var at string
		if err = row.Scan(&at, &e.Name, &e.Role, &e.What, &e.Note); err != nil {
			return e, err
		}
		e.At, err = time.Parse(time.RFC3339, at)
		return e, err
	})
}

// openRequests lists those that wait, the most urgent first.
func openRequests(tx *tenants.Tx, due calendar.Date, after string, limit int) ([]Request, error) {
	rows, err := tx.Query(`SELECT `+requestColumns+` FROM data_request r WHERE r.state = 'open' AND (r.due_on, r.id) > (?, ?)
		ORDER BY r.due_on, r.id LIMIT ?`, due.String(), after, limit)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanRequest)
}

// answeredRequests lists those that were answered, the newest first, older than the id.
func answeredRequests(tx *tenants.Tx, before string, limit int) ([]Request, error) {
	rows, err := tx.Query(`SELECT `+requestColumns+` FROM data_request r WHERE r.state = 'answered' AND (?1 = '' OR r.id < ?1) ORDER BY r.id DESC LIMIT ?2`, before, limit)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanRequest)
}

// RequestsOf lists what a file's person asked, newest first.
func RequestsOf(tx *tenants.Tx, fileID string) ([]Request, error) {
	rows, err := tx.Query(`SELECT `+requestColumns+` FROM data_request r WHERE r.file_id = ? ORDER BY r.id DESC`, fileID)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanRequest)
}

// Tally is how many requests wait and how many of them are late.
type Tally struct{ Open, Late, Answered int }

func tallyOf(tx *tenants.Tx, today calendar.Date) (n Tally, err error) {
	err = tx.QueryRow(`SELECT (SELECT count(*) FROM data_request WHERE state = 'open'), (SELECT count(*) FROM data_request WHERE state = 'open' AND due_on < ?),
		(SELECT count(*) FROM data_request WHERE state = 'answered')`, today.String()).Scan(&n.Open, &n.Late, &n.Answered)
	return n, err
}

func collect[T any](rows *tenants.Rows, scan func(scanner) (T, error)) ([]T, error) {
	defer func() { _ = rows.Close() }()
	var list []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, rows.Err()
}
