package casework

import (
	"encoding/json"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/people"
	"gsl/tenants"
)

// Keepers says which of the files the actor answers for: as the worker of the
// open case or as who replaces that worker today, or as head of the case's unit.
// It is people's hook: whoever answers for a restricted file needs no glass.
func (s *Service) Keepers(tx *tenants.Tx, who actor.Actor, fileIDs []string) (map[string]bool, error) {
	workers, err := s.mine(tx, who)
	if err != nil {
		return nil, err
	}
	headed := ""
	if who.Can(access.AssignCase) {
		headed = who.UnitID
	}
	kept, err := keptBy(tx, fileIDs, workers, headed)
	keeps := make(map[string]bool, len(kept))
	for _, id := range kept {
		keeps[id] = true
	}
	return keeps, err
}

// keptBy gives those of the files with an open case of one of the workers, or of
// a unit (” for none).
func keptBy(tx *tenants.Tx, fileIDs, workers []string, unit string) ([]string, error) {
	files, err := json.Marshal(fileIDs)
	if err != nil {
		return nil, err
	}
	names, err := json.Marshal(workers)
	if err != nil {
		return nil, err
	}
	return people.MovedIDs(tx.Query(`SELECT c.file_id FROM json_each(?1) AS f CROSS JOIN case_file AS c ON c.file_id = f.value AND c.status <> 'closed'
		WHERE c.status = 'assigned' AND c.worker_id IN (SELECT value FROM json_each(?2)) OR ?3 <> '' AND c.unit = ?3`, string(files), string(names), unit))
}

// FileOfNote gives the file that a note is of; "" when there is none with the id.
func FileOfNote(tx *tenants.Tx, id string) (string, error) {
	return people.OfFile(tx.QueryRow(`SELECT file_id FROM case_note WHERE id = ?`, id))
}
