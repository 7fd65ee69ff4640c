package casework

import (
	"encoding/json"

	"gsl/app/kit/actor"
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
