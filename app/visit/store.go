package visit

import (
	"encoding/json"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// stamp has milliseconds, as the trail of changes has.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return stamp(t)
}

// scanTime reads an instant; NULL is the zero time.
type scanTime struct{ to *time.Time }

// Scan reads the text.
func (s scanTime) Scan(value any) error {
	text, ok := value.(string)
	if !ok || text == "" {
		*s.to = time.Time{}
		return nil
	}
	t, err := time.Parse(time.RFC3339, text)
	*s.to = t.UTC()
	return err
}

// scanJSON reads what a column holds as JSON.
type scanJSON struct{ to any }

// Scan reads the text.
func (s scanJSON) Scan(value any) error {
	text, _ := value.(string)
	return json.Unmarshal([]byte(text), s.to)
}

func asJSON(value any) (string, error) {
	text, err := json.Marshal(value)
	return string(text), err
}

const visitColumns = `v.id, v.file_id, v.plan_id, v.item_id, v.previous_id, v.status, v.version, v.worker_id, v.worker_name, v.unit, v.day, v.clock,
	v.address, v.purpose, v.companion, v.visited_on, v.visited_clock, v.present, v.findings, v.note, v.reason,
	v.created_at, v.created_by_name, v.ended_at, v.ended_by_name`

type scanner interface{ Scan(dest ...any) error }

func scanVisit(row scanner) (v Visit, err error) {
	err = row.Scan(&v.ID, &v.FileID, &v.PlanID, &v.ItemID, &v.PreviousID, &v.Status, &v.Version, &v.WorkerID, &v.WorkerName, &v.Unit, &v.Day, &v.Clock,
		&v.Address, &v.Purpose, &v.Companion, &v.On, &v.At, scanJSON{&v.Present}, scanJSON{&v.Findings}, &v.Note, &v.Reason,
		scanTime{&v.CreatedAt}, &v.CreatedByName, scanTime{&v.EndedAt}, &v.EndedByName)
	return v, err
}

func collect[T any](rows *tenants.Rows, err error, scan func(scanner) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
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

// ByID gives a visit; fault.NotFound when this municipality has none.
func ByID(tx *tenants.Tx, id string) (Visit, error) {
	v, err := scanVisit(tx.QueryRow(`SELECT `+visitColumns+` FROM visit v WHERE v.id = ?`, id))
	if tenants.NotFound(err) {
		return Visit{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return v, err
}

// byKey gives the visit that a form made already; ok is false for none.
func byKey(tx *tenants.Tx, key string) (v Visit, ok bool, err error) {
	v, err = scanVisit(tx.QueryRow(`SELECT `+visitColumns+` FROM visit v WHERE v.key = ?`, key))
	if tenants.NotFound(err) {
		return Visit{}, false, nil
	}
	return v, err == nil, err
}

// waitingFor gives the visit that a plan item waits for; ok is false for none.
func waitingFor(tx *tenants.Tx, itemID string) (v Visit, ok bool, err error) {
	v, err = scanVisit(tx.QueryRow(`SELECT `+visitColumns+` FROM visit v WHERE v.item_id = ? AND v.status = 'scheduled' AND v.item_id <> ''`, itemID))
	if tenants.NotFound(err) {
		return Visit{}, false, nil
	}
	return v, err == nil, err
}

// OfFile gives the visits of a file, the newest first. Whoever shows them leaves
// the view in the trail.
func OfFile(tx *tenants.Tx, fileID string) ([]Visit, error) {
	rows, err := tx.Query(`SELECT `+visitColumns+` FROM visit v WHERE v.file_id = ? ORDER BY v.id DESC`, fileID)
	return collect(rows, err, scanVisit)
}

// OfPlan gives the visits that were agreed in a plan, the newest first.
func OfPlan(tx *tenants.Tx, planID string) ([]Visit, error) {
	rows, err := tx.Query(`SELECT `+visitColumns+` FROM plan_item i CROSS JOIN visit v ON v.item_id = i.id AND v.item_id <> ''
		WHERE i.plan_id = ? ORDER BY v.id DESC`, planID)
	return collect(rows, err, scanVisit)
}

// WaitingOfFile counts the visits of the file ?1 that are to be made.
const WaitingOfFile = `(SELECT count(*) FROM visit WHERE file_id = ?1 AND status = 'scheduled')`

func insertVisit(tx *tenants.Tx, who actor.Actor, v *Visit, key string) error {
	_, err := tx.Exec(`INSERT INTO visit (id, file_id, plan_id, item_id, previous_id, key, status, version, worker_id, worker_name, unit, day, clock,
			address, purpose, companion, created_at, created_by, created_by_name)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		v.ID, v.FileID, v.PlanID, v.ItemID, v.PreviousID, key, v.Status, v.Version, v.WorkerID, v.WorkerName, v.Unit, v.Day, v.Clock,
		v.Address, v.Purpose, v.Companion, stamp(v.CreatedAt), who.UserID, v.CreatedByName)
	return err
}

func updateAppointment(tx *tenants.Tx, v *Visit) error {
	_, err := tx.Exec(`UPDATE visit SET version = ?, worker_id = ?, worker_name = ?, unit = ?, day = ?, clock = ?, address = ?, purpose = ?, companion = ? WHERE id = ?`,
		v.Version, v.WorkerID, v.WorkerName, v.Unit, v.Day, v.Clock, v.Address, v.Purpose, v.Companion, v.ID)
	return err
}

// endVisit writes how a visit ended, and forgets what was being typed of it.
func endVisit(tx *tenants.Tx, v *Visit) error {
	present, err := asJSON(v.Present)
	if err != nil {
		return err
	}
	findings, err := asJSON(v.Findings)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE visit SET version = ?, status = ?, visited_on = ?, visited_clock = ?, present = ?, findings = ?, note = ?, reason = ?,
			ended_at = ?, ended_by_name = ? WHERE id = ?`,
		v.Version, v.Status, v.On, v.At, present, findings, v.Note, v.Reason, orNull(v.EndedAt), v.EndedByName, v.ID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`DELETE FROM visit_draft WHERE visit_id = ?`, v.ID)
	return err
}

func touch(tx *tenants.Tx, v *Visit) error {
	_, err := tx.Exec(`UPDATE visit SET version = ? WHERE id = ?`, v.Version, v.ID)
	return err
}

func remember(tx *tenants.Tx, who actor.Actor, v *Visit, was Status, note string) error {
	_, err := tx.Exec(`INSERT INTO visit_history (visit_id, seq, at, user_id, name, role, was, became, worker, day, clock, note)
		SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 FROM visit_history WHERE visit_id = ?1`,
		v.ID, stamp(tx.Now), who.UserID, who.Name, who.Role, was, v.Status, v.WorkerName, v.Day, v.Clock, note)
	return err
}

// entriesOf gives the history of a visit, the newest first.
func entriesOf(tx *tenants.Tx, visitID string) ([]Entry, error) {
	rows, err := tx.Query(`SELECT at, name, role, was, became, worker, day, clock, note FROM visit_history WHERE visit_id = ? ORDER BY seq DESC`, visitID)
	return collect(rows, err, func(row scanner) (e Entry, err error) {
		return e, row.Scan(scanTime{&e.At}, &e.By, &e.Role, &e.Was, &e.Became, &e.Worker, &e.Day, &e.Clock, &e.Note)
	})
}

// most is how many visits a day or a week of one worker or unit shows: more than
// anybody can do.
const most = 500

// onDays gives the visits of workers with a day in a span.
func onDays(tx *tenants.Tx, workers []string, from, to calendar.Date) ([]Visit, error) {
	ids, err := asJSON(workers)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT `+visitColumns+` FROM json_each(?1) AS w CROSS JOIN visit v ON v.worker_id = w.value AND v.day >= ?2 AND v.day <= ?3
		ORDER BY v.day, v.clock, v.id LIMIT ?4`, ids, from, to, most)
	return collect(rows, err, scanVisit)
}

// onDaysOfUnit gives those of a unit.
func onDaysOfUnit(tx *tenants.Tx, unit string, from, to calendar.Date) ([]Visit, error) {
	rows, err := tx.Query(`SELECT `+visitColumns+` FROM visit v WHERE v.unit = ? AND v.day >= ? AND v.day <= ? ORDER BY v.day, v.clock, v.id LIMIT ?`,
		unit, from, to, most)
	return collect(rows, err, scanVisit)
}

// waitingBefore gives what waits of workers and is not of a later day: visits
// whose day is over, and those that have none yet.
func waitingBefore(tx *tenants.Tx, workers []string, day calendar.Date) ([]Visit, error) {
	ids, err := asJSON(workers)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT `+visitColumns+` FROM json_each(?1) AS w CROSS JOIN visit v ON v.worker_id = w.value AND v.status = 'scheduled' AND (v.day IS NULL OR v.day < ?2)
		ORDER BY v.day, v.id LIMIT ?3`, ids, day, most)
	return collect(rows, err, scanVisit)
}

// waitingBeforeOfUnit gives those of a unit.
func waitingBeforeOfUnit(tx *tenants.Tx, unit string, day calendar.Date) ([]Visit, error) {
	rows, err := tx.Query(`SELECT `+visitColumns+` FROM visit v WHERE v.unit = ? AND v.status = 'scheduled' AND (v.day IS NULL OR v.day < ?)
		ORDER BY v.day, v.id LIMIT ?`, unit, day, most)
	return collect(rows, err, scanVisit)
}

// Span is a list of visits: of days, and of whom.
type Span struct {
	From, To calendar.Date
	Workers  []string // user ids
	Unit     string   // code: everybody of the unit instead
}

// Between gives the visits with a day in a span, by day and hour.
func Between(tx *tenants.Tx, s Span) ([]Visit, error) {
	if s.Unit != "" {
		return onDaysOfUnit(tx, s.Unit, s.From, s.To)
	}
	return onDays(tx, s.Workers, s.From, s.To)
}

// Waiting gives the visits that nobody recorded and whose day was before the
// span's first, or that have no day yet.
func Waiting(tx *tenants.Tx, s Span) ([]Visit, error) {
	if s.Unit != "" {
		return waitingBeforeOfUnit(tx, s.Unit, s.From)
	}
	return waitingBefore(tx, s.Workers, s.From)
}
