package app

import (
	"net/http"
	"net/url"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/calendar"
)

// A case goes to a colleague with the visits and follow-ups that wait for the person.
func TestWhatWaitsGoesWithTheCase(t *testing.T) {
	h := newHouse(t)
	const limache = "05802"
	manager, head := h.as(access.CaseManager, limache), h.as(access.UnitHead, limache)
	me, other := h.userOf(access.CaseManager, limache), h.userOf(access.UnitHead, limache)
	mine := `worker_id = '` + me + `'`
	c := ` FROM case_file WHERE status = 'assigned' AND ` + mine + ` AND file_id NOT IN (SELECT file_id FROM visit WHERE status = 'scheduled') ORDER BY id LIMIT 1`
	id, file := h.one(limache, `SELECT id`+c), h.one(limache, `SELECT file_id`+c)
	if got := manager.post("/files/"+file+"/visits", url.Values{"key": {"handed"}, "day": {"30-12-2026"}, "worker": {me}, "address": {"Los Aromos 1"}, "purpose": {"Ver la vivienda"}}); got.status != http.StatusSeeOther {
		t.Fatalf("the visit answered %d:\n%s", got.status, got.body)
	}
	if got := manager.post("/files/"+file+"/followups", url.Values{"key": {"handed"}, "day": {"30-12-2026"}, "text": {"Llamar a la escuela"}}); got.status != http.StatusSeeOther {
		t.Fatalf("the follow-up answered %d:\n%s", got.status, got.body)
	}
	if got := head.post("/cases/assign", url.Values{"case": {id}, "worker": {other}, "reason": {"Sale con licencia"}}); got.status != http.StatusSeeOther {
		t.Fatalf("handing on answered %d:\n%s", got.status, got.body)
	}
	for what, query := range map[string]string{
		"the case":      `SELECT worker_id FROM case_file WHERE id = '` + id + `'`,
		"the visit":     `SELECT worker_id FROM visit WHERE purpose = 'Ver la vivienda'`,
		"the follow-up": `SELECT worker_id FROM followup WHERE text = 'Llamar a la escuela'`,
	} {
		if now := h.one(limache, query); now != other {
			t.Errorf("%s is still %q's, not %q's", what, now, other)
		}
	}
	if n := h.one(limache, `SELECT count(*) FROM visit_history AS h JOIN visit AS v ON v.id = h.visit_id WHERE v.purpose = 'Ver la vivienda' AND h.role = 'system'`); n != "1" {
		t.Errorf("%s lines in the visit's history say so", n)
	}
}

// What the family promised stands in the week of who has the case.
func TestPromisesStandInTheWeek(t *testing.T) {
	h := newHouse(t)
	const limache = "05802"
	manager := h.as(access.CaseManager, limache)
	file := h.one(limache, `SELECT file_id FROM case_file WHERE status = 'assigned' AND worker_id = '`+h.userOf(access.CaseManager, limache)+`' ORDER BY id LIMIT 1`)
	due := calendar.AddWorkingDays(calendar.On(h.app.clock()), 1)
	if got := manager.post("/files/"+file+"/commitments", url.Values{"key": {"k"}, "text": {"Inscribir a la niña en el consultorio"}, "by": {"La madre"}, "due": {due.Chilean()}}); got.status != http.StatusSeeOther {
		t.Fatalf("the commitment answered %d:\n%s", got.status, got.body)
	}
	says(t, manager.get("/agenda?week="+due.String()), http.StatusOK, "La madre: Inscribir a la niña en el consultorio")
}
