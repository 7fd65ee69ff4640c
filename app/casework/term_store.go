package casework

import (
	"time"

	"gsl/tenants"
)

// Term is a time in which somebody was responsible for a file.
type Term struct {
	WorkerID, WorkerName string
	Unit                 string
	From, To             time.Time // To is zero while it lasts
}

// Terms lists who was responsible for a file and when, the newest first.
func Terms(tx *tenants.Tx, fileID string) ([]Term, error) {
	rows, err := tx.Query(`SELECT h.worker, h.became, h.unit, h.at,
			coalesce((SELECT n.at FROM case_history n WHERE n.case_id = h.case_id AND n.seq = h.seq + 1), c.closed_at)
		FROM case_file c JOIN case_history h ON h.case_id = c.id WHERE c.file_id = ? AND h.worker <> '' ORDER BY h.at DESC`, fileID)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (t Term, err error) {
		return t, row.Scan(&t.WorkerID, &t.WorkerName, &t.Unit, scanTime{&t.From}, scanTime{&t.To})
	})
}
