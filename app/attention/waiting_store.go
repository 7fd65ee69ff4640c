package attention

import (
	"math"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"
)

// isWaiting reports whether desks keep waiting lists: a setting of the municipality.
func isWaiting(tx *tenants.Tx) (on bool, err error) {
	err = tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM setting WHERE key = 'attention.waiting_list' AND value = 'on')`).Scan(&on)
	return on, err
}

// forgetNames blanks what earlier days called out: a name without a file is kept
// for nothing else.
func forgetNames(tx *tenants.Tx, today calendar.Date) error {
	_, err := tx.Exec(`UPDATE ticket SET name = '' WHERE day < ? AND name <> ''`, today)
	return err
}

const ticketColumns = `k.id, k.desk, k.day, k.number, coalesce(k.file_id, ''), k.name, k.priority, k.state, k.added_at, coalesce(k.called_at, ''), k.called_by,
	k.called_by_name, f.run, coalesce(f.provisional_id, ''), coalesce(f.given_names, ''), coalesce(f.surnames, '')`

func scanTicket(row scanner) (Ticket, error) {
	var t Ticket
	var f people.File
	var added, called string
	err := row.Scan(&t.ID, &t.Desk, &t.Day, &t.Number, &t.FileID, &t.Name, &t.Priority, &t.State, &added, &called, &t.CalledBy,
		&t.CalledName, &f.RUN, &f.ProvisionalID, &f.GivenNames, &f.Surnames)
	if err != nil {
		return t, err
	}
	if t.FileID != "" {
		t.Name, t.Document = f.Name(), f.Number()
	}
	if t.AddedAt, err = time.Parse(time.RFC3339, added); err != nil || called == "" {
		return t, err
	}
	t.CalledAt, err = time.Parse(time.RFC3339, called)
	return t, err
}

// ticketByID gives a ticket; fault.NotFound when this municipality has none.
func ticketByID(tx *tenants.Tx, id string) (Ticket, error) {
	t, err := scanTicket(tx.QueryRow(`SELECT `+ticketColumns+` FROM ticket k LEFT JOIN file f ON f.id = k.file_id WHERE k.id = ?`, id))
	if tenants.NotFound(err) {
		return t, fault.New(fault.NotFound, "fault.not_found")
	}
	return t, err
}

// ticketsOf gives a desk's tickets that somebody still has to do with, in the
// order of the call.
func ticketsOf(tx *tenants.Tx, desk string, day calendar.Date) ([]Ticket, error) {
	rows, err := tx.Query(`SELECT `+ticketColumns+` FROM ticket k LEFT JOIN file f ON f.id = k.file_id
		WHERE k.desk = ? AND k.day = ? AND k.state IN ('waiting', 'called', 'absent') ORDER BY k.priority <> '' DESC, k.id LIMIT 200`, desk, day)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []Ticket
	for rows.Next() {
		t, err := scanTicket(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, rows.Err()
}

// served gives how many were attended on the day and how many minutes those who
// were called had waited on average, -1 while nobody was.
func served(tx *tenants.Tx, desk string, day calendar.Date) (attended, average int, err error) {
	var minutes float64
	err = tx.QueryRow(`SELECT count(*) FILTER (WHERE state = 'attended'),
			coalesce(avg((julianday(called_at) - julianday(added_at)) * 1440), -1)
		FROM ticket WHERE desk = ? AND day = ? AND state IN ('called', 'attended')`, desk, day).Scan(&attended, &minutes)
	return attended, int(math.Round(minutes)), err
}

// waitingTicket gives the id of the ticket with which the file waits or is
// called at the desk, "" for none.
func waitingTicket(tx *tenants.Tx, desk, file string, day calendar.Date) (id string, err error) {
	err = tx.QueryRow(`SELECT id FROM ticket WHERE desk = ? AND day = ? AND file_id = ? AND state IN ('waiting', 'called')`, desk, day, file).Scan(&id)
	if tenants.NotFound(err) {
		return "", nil
	}
	return id, err
}

// justAdded gives the ticket with the name that the worker added since then at the
// desk, "" for none.
func justAdded(tx *tenants.Tx, who actor.Actor, a Arrival, since time.Time) (id string, err error) {
	err = tx.QueryRow(`SELECT id FROM ticket WHERE desk = ? AND day = ? AND file_id IS NULL AND name = ? AND added_by_name = ? AND state = 'waiting' AND added_at >= ?
		ORDER BY id DESC LIMIT 1`, a.Desk, calendar.On(tx.Now), a.Name, who.Name, stamp(since)).Scan(&id)
	if tenants.NotFound(err) {
		return "", nil
	}
	return id, err
}

func insertTicket(tx *tenants.Tx, who actor.Actor, a Arrival) (id string, err error) {
	id = tx.NewID()
	_, err = tx.Exec(`INSERT INTO ticket (id, desk, day, number, file_id, name, priority, added_at, added_by_name)
		SELECT ?1, ?2, ?3, coalesce(max(number), 0) + 1, nullif(?4, ''), ?5, ?6, ?7, ?8 FROM ticket WHERE desk = ?2 AND day = ?3`,
		id, a.Desk, calendar.On(tx.Now), a.FileID, a.Name, a.Priority, stamp(tx.Now), who.Name)
	return id, err
}

// calledBy gives the id of the ticket that the worker has called, "" for none.
func calledBy(tx *tenants.Tx, desk, user string, day calendar.Date) (id string, err error) {
	err = tx.QueryRow(`SELECT id FROM ticket WHERE desk = ? AND day = ? AND called_by = ? AND state = 'called'`, desk, day, user).Scan(&id)
	if tenants.NotFound(err) {
		return "", nil
	}
	return id, err
}

// callNext calls who is next and gives the id, "" when nobody waits. Writers take
// turns, so two desks that call at once call two people.
func callNext(tx *tenants.Tx, who actor.Actor, desk string, day calendar.Date) (id string, err error) {
	err = tx.QueryRow(`UPDATE ticket SET state = 'called', called_at = ?, called_by = ?, called_by_name = ?
		WHERE id = (SELECT id FROM ticket WHERE desk = ? AND day = ? AND state = 'waiting' ORDER BY priority <> '' DESC, id LIMIT 1) RETURNING id`,
		stamp(tx.Now), who.UserID, who.Name, desk, day).Scan(&id)
	if tenants.NotFound(err) {
		return "", nil
	}
	return id, err
}

// moveTicket keeps a ticket's state. Who goes back to the list is nobody's call.
func moveTicket(tx *tenants.Tx, t *Ticket) error {
	ended := ""
	if t.State == Attending || t.State == Absent || t.State == Left {
		ended = stamp(tx.Now)
	}
	_, err := tx.Exec(`UPDATE ticket SET state = ?1, ended_at = nullif(?2, ''),
			called_by = CASE ?1 WHEN 'waiting' THEN '' ELSE called_by END, called_by_name = CASE ?1 WHEN 'waiting' THEN '' ELSE called_by_name END
		WHERE id = ?3`, t.State, ended, t.ID)
	return err
}

func prioritise(tx *tenants.Tx, id string, p Priority) (bool, error) {
	return changed(tx.Exec(`UPDATE ticket SET priority = ?1 WHERE id = ?2 AND priority <> ?1`, p, id))
}
