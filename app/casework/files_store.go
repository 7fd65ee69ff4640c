package casework

import (
	"encoding/json"
	"slices"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/people"
	"gsl/tenants"
)

// Files lists the files whose open case is the actor's, or of somebody whom the
// actor replaces today: what waits on those waits for the actor.
func (s *Service) Files(tx *tenants.Tx, who actor.Actor) ([]string, error) {
	workers, err := s.mine(tx, who)
	if err != nil {
		return nil, err
	}
	ids, err := json.Marshal(workers)
	if err != nil {
		return nil, err
	}
	return people.MovedIDs(tx.Query(`SELECT c.file_id FROM json_each(?) AS w CROSS JOIN case_file c ON c.worker_id = w.value AND c.status = 'assigned'`, string(ids)))
}

// Kept is whose an open case is.
type Kept struct{ FileID, WorkerID, WorkerName string }

// KeptBy lists the files whose open case is one of the workers', or, with a unit,
// that unit's whoever works on it.
func KeptBy(tx *tenants.Tx, workers []string, unit string) ([]Kept, error) {
	ids, err := json.Marshal(workers)
	if err != nil {
		return nil, err
	}
	var rows *tenants.Rows
	if unit != "" {
		rows, err = tx.Query(`SELECT c.file_id, c.worker_id, c.worker_name FROM case_file c WHERE c.unit = ? AND c.status <> 'closed'`, unit) //nolint:sqlclosecheck // collect closes them
	} else {
		rows, err = tx.Query(`SELECT c.file_id, c.worker_id, c.worker_name FROM json_each(?) AS w CROSS JOIN case_file c ON c.worker_id = w.value AND c.status = 'assigned'`, string(ids)) //nolint:sqlclosecheck // collect closes them
	}
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (k Kept, err error) { return k, row.Scan(&k.FileID, &k.WorkerID, &k.WorkerName) })
}

// Promised is what a meeting of a case agreed for a day.
type Promised struct {
	Agreement
	ID           string // unique among agreements
	NoteID       string
	Unit         string // of the case
	Confidential bool
	UserID       string // who wrote the note
	Kept
}

// PromisedBetween lists what meetings of open cases agreed for the days from one
// to another: of the workers' cases, or of a unit's. Of what is confidential only
// what the actor may read.
func (s *Service) PromisedBetween(tx *tenants.Tx, who actor.Actor, workers []string, unit string, from, to calendar.Date) ([]Promised, error) {
	ids, err := json.Marshal(workers)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT a.note_id || '-' || a.seq, a.what, a.responsible, a.due, n.id, n.confidential, n.user_id, c.unit, c.file_id, c.worker_id, c.worker_name
		FROM case_note_agreement AS a CROSS JOIN case_note AS n ON n.id = a.note_id CROSS JOIN case_file AS c ON c.id = n.case_id AND c.status <> 'closed'
		WHERE a.due BETWEEN ?1 AND ?2 AND (c.unit = ?3 OR ?3 = '' AND c.worker_id IN (SELECT value FROM json_each(?4)))
		ORDER BY a.due, 1`, from, to, unit, string(ids))
	if err != nil {
		return nil, err
	}
	list, err := collect(rows, func(row scanner) (p Promised, err error) {
		return p, row.Scan(&p.ID, &p.What, &p.Responsible, &p.Due, &p.NoteID, &p.Confidential, &p.UserID, &p.Unit, &p.FileID, &p.WorkerID, &p.WorkerName)
	})
	if err != nil {
		return nil, err
	}
	return s.readable(tx, who, list)
}

// readable leaves out what the actor may not read in the log either.
func (s *Service) readable(tx *tenants.Tx, who actor.Actor, list []Promised) ([]Promised, error) {
	var trouble error
	list = slices.DeleteFunc(list, func(p Promised) bool {
		if !p.Confidential || p.UserID == who.UserID || trouble != nil {
			return false
		}
		works, err := s.works(tx, who, &Case{Unit: p.Unit, WorkerID: p.WorkerID})
		trouble = err
		return !works
	})
	return list, trouble
}
