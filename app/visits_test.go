package app

import (
	"context"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/visit"
	"gsl/tenants"
)

// visit gives a home visit that waits, for the file of the oldest open plan.
func (h *house) visit(code string) string {
	h.t.Helper()
	m, id := h.municipality(code), ""
	file := h.one(code, `SELECT file_id FROM plan WHERE status = 'open' ORDER BY id LIMIT 1`)
	err := m.View(context.Background(), func(tx *tenants.Tx) error {
		err := tx.QueryRow(`SELECT id FROM visit WHERE file_id = ? AND status = 'scheduled' AND item_id = '' ORDER BY id LIMIT 1`, file).Scan(&id)
		if tenants.NotFound(err) {
			return nil
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	if id != "" {
		return id
	}
	who := actor.Actor{UserID: "u-visits", Name: "Camila Rojas", Role: access.CaseManager, Permissions: access.PermissionsOf(access.CaseManager, access.SocialUnit), Municipality: m}
	v, err := h.app.Visit.Schedule(context.Background(), who, file, visit.New{Key: "routes", Form: visit.Form{Worker: who.UserID,
		Day: calendar.On(h.app.clock()).AddDays(2), Clock: "10:30", Address: "Los Aromos 12", Purpose: "Conocer la vivienda"}})
	if err != nil {
		h.t.Fatal(err)
	}
	return v.ID
}

// followUp gives an open follow-up of the case manager, for somebody with a plan.
func (h *house) followUp(code string) (id string) {
	h.t.Helper()
	worker := h.userOf(access.CaseManager, code)
	err := h.municipality(code).Update(context.Background(), func(tx *tenants.Tx) error {
		err := tx.QueryRow(`SELECT id FROM followup WHERE key = 'routes'`).Scan(&id)
		if !tenants.NotFound(err) {
			return err
		}
		id = tx.NewID()
		_, err = tx.Exec(`INSERT INTO followup (id, file_id, key, status, worker_id, worker_name, unit, day, text, created_at)
			VALUES (?, (SELECT min(file_id) FROM plan), 'routes', 'open', ?, 'Nadie', 'social', '2026-12-01', 'Llamar', '2026-11-22T12:00:00.000Z')`, id, worker)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}
