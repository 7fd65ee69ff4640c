package report

import (
	"encoding/json"
	"strings"

	"gsl/app/kit/calendar"
	"gsl/app/people"
	"gsl/tenants"
)

// FileOf gives the file that a report is of, for the guard of restricted files;
// "" when there is none. A paper's address is the report's with ".pdf" after it.
func FileOf(tx *tenants.Tx, id string) (string, error) {
	return people.OfFile(tx.QueryRow(`SELECT file_id FROM report WHERE id = ?`, strings.TrimSuffix(id, ".pdf")))
}

// DueOf lists the drafts of workers that are wanted until a day, those that are
// late already too.
func DueOf(tx *tenants.Tx, workers []string, until calendar.Date) ([]Report, error) {
	ids, err := json.Marshal(workers)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT `+reportColumns+` FROM json_each(?1) AS w
		CROSS JOIN report r ON r.created_by = w.value AND r.state = 'draft' AND r.due_on IS NOT NULL AND r.due_on <= ?2 ORDER BY r.due_on, r.id LIMIT 500`, string(ids), until)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanReport)
}

// DueOfUnit is the same of everybody of a unit.
func DueOfUnit(tx *tenants.Tx, unit string, until calendar.Date) ([]Report, error) {
	rows, err := tx.Query(`SELECT `+reportColumns+` FROM report r WHERE r.state = 'draft' AND r.due_on IS NOT NULL AND r.due_on <= ?2 AND r.unit = ?1
		ORDER BY r.due_on, r.id LIMIT 500`, unit, until)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanReport)
}

// BackWith lists the reports that came back to workers: drafts that a head returned,
// and what was approved and not issued yet.
func BackWith(tx *tenants.Tx, workers []string) ([]Report, error) {
	ids, err := json.Marshal(workers)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT `+reportColumns+` FROM json_each(?1) AS w CROSS JOIN report r ON r.created_by = w.value AND r.state = 'draft' AND r.comment <> ''
		UNION ALL SELECT `+reportColumns+` FROM json_each(?1) AS w CROSS JOIN report r ON r.author_id = w.value AND r.state = 'approved' LIMIT 500`, string(ids))
	if err != nil {
		return nil, err
	}
	return collect(rows, scanReport)
}

// BackWithUnit is the same of everybody of a unit.
func BackWithUnit(tx *tenants.Tx, unit string) ([]Report, error) {
	rows, err := tx.Query(`SELECT `+reportColumns+` FROM report r WHERE r.state = 'draft' AND r.comment <> '' AND r.unit = ?1
		UNION ALL SELECT `+reportColumns+` FROM report r WHERE r.state = 'approved' AND r.unit = ?1 LIMIT 500`, unit)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanReport)
}

// OfPlan lists the reports that were made for the items of a plan, the newest first.
func OfPlan(tx *tenants.Tx, fileID, planID string) ([]Report, error) {
	rows, err := tx.Query(`SELECT `+reportColumns+` FROM report r WHERE r.file_id = ? AND r.plan_id = ? AND r.plan_id <> '' ORDER BY r.id DESC`, fileID, planID)
	if err != nil {
		return nil, err
	}
	return collect(rows, scanReport)
}
