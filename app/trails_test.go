package app

import (
	"context"

	"gsl/tenants"
)

// request gives a request that waits for an answer, about the file with an open plan.
func (h *house) request(code string) (id string) {
	h.t.Helper()
	err := h.municipality(code).Update(context.Background(), func(tx *tenants.Tx) error {
		err := tx.QueryRow(`SELECT id FROM data_request WHERE key = 'routes'`).Scan(&id)
		if !tenants.NotFound(err) {
			return err
		}
		id = tx.NewID()
		_, err = tx.Exec(`INSERT INTO data_request (id, year, number, file_id, person_name, person_number, kind, asked, channel, proof, received_on, due_on,
				state, key, created_at, created_by, created_by_name)
			SELECT ?1, 2020, 1, file_id, 'Ana', '1-9', 'access', 'Todo.', 'in_person', 'id_card', '2026-11-02', '2026-12-02', 'open', 'routes', '2026-11-02T12:00:00.000Z', 'u', 'Ana'
			FROM plan WHERE status = 'open' ORDER BY id LIMIT 1`, id)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}
