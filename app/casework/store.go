package casework

import (
	"encoding/json"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/people"
	"gsl/tenants"
)

// stamp has milliseconds, as the trail of changes has: the trail moves cases.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

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

const caseColumns = `c.id, c.file_id, c.unit, c.status, c.worker_id, c.worker_name, c.origin, c.opened_at, c.assigned_at, c.moved_at`

type scanner interface{ Scan(dest ...any) error }

func (c *Case) fields() []any {
	return []any{&c.ID, &c.FileID, &c.Unit, &c.Status, &c.WorkerID, &c.WorkerName, &c.Origin,
		scanTime{&c.OpenedAt}, scanTime{&c.AssignedAt}, scanTime{&c.MovedAt}}
}

// openCase gives the open case of a file; ok is false for none.
func openCase(tx *tenants.Tx, fileID string) (c Case, ok bool, err error) {
	err = tx.QueryRow(`SELECT `+caseColumns+` FROM case_file c WHERE c.file_id = ? AND c.status <> 'closed'`, fileID).Scan(c.fields()...)
	if tenants.NotFound(err) {
		return Case{}, false, nil
	}
	return c, err == nil, err
}

// workerOf gives of the open case of a file how it stands and who works on it,
// which every page of the file says; ok is false for none.
func workerOf(tx *tenants.Tx, fileID string) (c Case, ok bool, err error) {
	err = tx.QueryRow(`SELECT status, worker_id, worker_name FROM case_file WHERE file_id = ? AND status <> 'closed'`, fileID).
		Scan(&c.Status, &c.WorkerID, &c.WorkerName)
	if tenants.NotFound(err) {
		return Case{}, false, nil
	}
	return c, err == nil, err
}

func insertCase(tx *tenants.Tx, who actor.Actor, c *Case, previous string) error {
	_, err := tx.Exec(`INSERT INTO case_file (id, file_id, unit, status, worker_id, worker_name, origin, opened_at, opened_by, opened_by_name, assigned_at, moved_at, previous)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		c.ID, c.FileID, c.Unit, c.Status, c.WorkerID, c.WorkerName, c.Origin, stamp(c.OpenedAt), who.UserID, who.Name, orNull(c.AssignedAt), stamp(c.MovedAt), previous)
	return err
}

func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return stamp(t)
}

func updateCase(tx *tenants.Tx, c *Case) error {
	_, err := tx.Exec(`UPDATE case_file SET unit = ?, status = ?, worker_id = ?, worker_name = ?, origin = ?, assigned_at = ? WHERE id = ?`,
		c.Unit, c.Status, c.WorkerID, c.WorkerName, c.Origin, orNull(c.AssignedAt), c.ID)
	return err
}

func addEntry(tx *tenants.Tx, who actor.Actor, c *Case, was, reason string) error {
	_, err := tx.Exec(`INSERT INTO case_history (case_id, seq, at, user_id, name, role, unit, was, became, worker, reason)
		SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM case_history WHERE case_id = ?1`,
		c.ID, stamp(tx.Now), who.UserID, who.Name, who.Role, c.Unit, was, c.WorkerName, c.WorkerID, reason)
	return err
}

// entries lists the changes of a file's cases, newest first.
func entries(tx *tenants.Tx, fileID string, limit int) ([]Entry, error) {
	rows, err := tx.Query(`SELECT h.at, h.name, h.role, h.what, h.was, h.became, h.reason FROM case_file c JOIN case_history h ON h.case_id = c.id
		WHERE c.file_id = ? ORDER BY c.id DESC, h.seq DESC LIMIT ?`, fileID, limit)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (e Entry, err error) {
		return e, row.Scan(scanTime{&e.At}, &e.By, &e.Role, &e.What, &e.Was, &e.Became, &e.Reason)
	})
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

// Listed is a case as a list shows it.
type Listed struct {
	Case             // without its origin, and since when it is the worker's
	File people.File // id, number and name only
}

func scanListed(row scanner) (l Listed, err error) {
	f := &l.File
	err = row.Scan(&l.ID, &l.FileID, &l.Unit, &l.Status, &l.WorkerID, &l.WorkerName, scanTime{&l.OpenedAt}, scanTime{&l.MovedAt}, &f.RUN, &f.ProvisionalID, &f.GivenNames, &f.Surnames)
	f.ID = l.FileID
	return l, err
}

const listedColumns = `c.id, c.file_id, c.unit, c.status, c.worker_id, c.worker_name, c.opened_at, c.moved_at, f.run, coalesce(f.provisional_id, ''), f.given_names, f.surnames`

// openOfUnit gives the open cases of a unit among the ids.
func openOfUnit(tx *tenants.Tx, unit string, ids []string) ([]Case, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT `+caseColumns+` FROM json_each(?1) AS w JOIN case_file c ON c.id = w.value
		WHERE c.unit = ?2 AND c.status <> 'closed'`, string(list), unit)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (c Case, err error) { return c, row.Scan(c.fields()...) })
}

// caseload gives every open case of a worker of the unit, "" for those that wait.
func caseload(tx *tenants.Tx, unit, worker string) ([]Case, error) {
	rows, err := tx.Query(`SELECT `+caseColumns+` FROM case_file c WHERE c.unit = ? AND c.worker_id = ? AND c.status <> 'closed'`, unit, worker)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (c Case, err error) { return c, row.Scan(c.fields()...) })
}
