package casework

import (
	"time"

	"gsl/app/kit/actor"
	"gsl/tenants"
)

// What a line of a case's history is, besides a change of who is responsible.
const (
	eventClosed   = "closed"
	eventReopened = "reopened"
)

// Past is a case that was closed.
type Past struct {
	ID         string
	WorkerName string
	OpenedAt   time.Time
	ClosedAt   time.Time
	ClosedBy   string
	Reason     Ending
	Summary    string
}

// closedCases lists the closed cases of a file, the latest first.
func closedCases(tx *tenants.Tx, fileID string) ([]Past, error) {
	rows, err := tx.Query(`SELECT id, worker_name, opened_at, closed_at, closed_by_name, close_reason, summary FROM case_file
		WHERE file_id = ? AND status = 'closed' ORDER BY closed_at DESC, id DESC`, fileID)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (p Past, err error) {
		return p, row.Scan(&p.ID, &p.WorkerName, scanTime{&p.OpenedAt}, scanTime{&p.ClosedAt}, &p.ClosedBy, &p.Reason, &p.Summary)
	})
}

// endCase closes a case; what it says then stays.
func endCase(tx *tenants.Tx, who actor.Actor, c *Case, reason Ending, summary string) error {
	_, err := tx.Exec(`UPDATE case_file SET status = 'closed', closed_at = ?, closed_by = ?, closed_by_name = ?, close_reason = ?, summary = ? WHERE id = ?`,
		stamp(tx.Now), who.UserID, who.Name, reason, summary, c.ID)
	return err
}

// addEvent adds to the history of a case that it was closed or opened again.
func addEvent(tx *tenants.Tx, who actor.Actor, c *Case, what, reason string) error {
	_, err := tx.Exec(`INSERT INTO case_history (case_id, seq, at, user_id, name, role, unit, was, became, worker, reason, what)
		SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 FROM case_history WHERE case_id = ?1`,
		c.ID, stamp(tx.Now), who.UserID, who.Name, who.Role, c.Unit, c.WorkerName, c.WorkerName, c.WorkerID, reason, what)
	return err
}

// lastClosed is the id of the case of a file that was closed last, "" for none.
func lastClosed(tx *tenants.Tx, fileID string) (id string, err error) {
	err = tx.QueryRow(`SELECT coalesce((SELECT id FROM case_file WHERE file_id = ? AND status = 'closed' ORDER BY closed_at DESC, id DESC LIMIT 1), '')`, fileID).Scan(&id)
	return id, err
}
