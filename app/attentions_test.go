package app

import (
	"context"

	"gsl/tenants"
)

// desk is where who signed in last attends; who has none gets the case managers'.
func (h *house) desk() string {
	for _, part := range everyRole {
		if part.role != h.role {
			continue
		}
		if part.unit != "" {
			return part.unit
		}
		return part.role
	}
	return "social"
}

// attention gives an attention of the file with an open plan at that desk, made
// when there is none: what a role may do, it may do with its own desk's.
func (h *house) attention(code string) string {
	h.t.Helper()
	return h.row(code, `SELECT id FROM attention WHERE desk = ?1 AND state <> 'discarded' ORDER BY id DESC LIMIT 1`,
		`INSERT INTO attention (id, file_id, desk, desk_name, day, opened_at, opened_by, opened_by_name, last_by, last_at)
			SELECT ?2, file_id, ?1, 'Unidad', ?3, ?4, 'u', 'Nadie', 'u', ?4 FROM plan WHERE status = 'open' ORDER BY id LIMIT 1`)
}

// keepWaiting lets the municipality's desks keep waiting lists.
func (h *house) keepWaiting(code string) {
	h.t.Helper()
	err := h.municipality(code).Update(context.Background(), func(tx *tenants.Tx) error {
		_, err := tx.Exec(`INSERT INTO setting (key, value) VALUES ('attention.waiting_list', 'on') ON CONFLICT (key) DO UPDATE SET value = 'on' WHERE value <> 'on'`)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// ticket gives a ticket of that desk that was called by nobody.
func (h *house) ticket(code string) string {
	h.t.Helper()
	return h.row(code, `SELECT id FROM ticket WHERE desk = ?1 AND state = 'waiting' ORDER BY id LIMIT 1`,
		`INSERT INTO ticket (id, desk, day, number, name, added_at, added_by_name)
			SELECT ?2, ?1, ?3, coalesce(max(number), 0) + 1, 'Señora del abrigo', ?4, 'Nadie' FROM ticket WHERE desk = ?1 AND day = ?3`)
}

// row gives the id that find gives for the desk, after insert when there is none.
func (h *house) row(code, find, insert string) (id string) {
	h.t.Helper()
	desk := h.desk()
	err := h.municipality(code).Update(context.Background(), func(tx *tenants.Tx) error {
		err := tx.QueryRow(find, desk).Scan(&id)
		if !tenants.NotFound(err) {
			return err
		}
		id = tx.NewID()
		_, err = tx.Exec(insert, desk, id, tx.Now.Format("2006-01-02"), tx.Now.Format("2006-01-02T15:04:05.000Z"))
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}
