package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/document"
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

// Papers that expire and what meetings of a case agreed stand in the week: of who
// has the case, and of the unit for its head. The calendar names nobody.
func TestPapersAndAgreementsStandInTheWeek(t *testing.T) {
	h := newHouse(t)
	const limache = "05802"
	h.unprotect(limache)
	manager, head := h.as(access.CaseManager, limache), h.as(access.UnitHead, limache)
	file := h.one(limache, `SELECT file_id FROM case_file WHERE status = 'assigned' AND worker_id = '`+h.userOf(access.CaseManager, limache)+`' ORDER BY id LIMIT 1`)
	day := calendar.AddWorkingDays(calendar.On(h.app.clock()), 1)
	mine := document.Owner{Kind: document.OfTheFile, ID: file}
	h.paper("u-other", file, mine, "escolaridad.pdf", day)
	h.paper("u-other", file, mine, "caducado.pdf", day.AddDays(-20))
	h.paper("u-other", file, mine, "olvidado.pdf", day.AddDays(-60))
	h.paper("u-other", file, mine, "lejano.pdf", day.AddDays(20))
	meeting := []string{"kind", "meeting", "participants", "Ana Soto, Escuela", "agreement[0]", "Informar inasistencias", "responsible[0]", "Ana Soto", "due[0]", day.Chilean(), "agreement[1]", "Sin fecha"}
	h.noteDown(manager, file, "week-1", meeting...)
	h.noteDown(head, file, "week-2", append(meeting, "agreement[0]", "Reservado de la jefatura", "confidential", "1")...)
	at := "day=" + day.Chilean()
	for what, page := range map[string]reply{"the worker's": manager.get("/agenda?" + at), "the unit's": head.get("/agenda?unit=1&" + at)} {
		says(t, page, http.StatusOK, "Certificado · escolaridad.pdf", "Certificado · caducado.pdf", "Ana Soto: Informar inasistencias", "Reservado de la jefatura", "Acuerdo de reunión")
		for _, no := range []string{"olvidado.pdf", "lejano.pdf", "Sin fecha</"} {
			if strings.Contains(page.body, no) {
				t.Errorf("%s week shows %s", what, no)
			}
		}
	}
	says(t, manager.get("/agenda?day="+day.AddDays(20).Chilean()), http.StatusOK, "lejano.pdf")
	ics := manager.get("/agenda.ics?" + at)
	says(t, ics, http.StatusOK, "SUMMARY:Documento que vence", "SUMMARY:Acuerdo de reunión")
	for _, secret := range []string{"escolaridad", "Ana Soto", "inasistencias", file} {
		if strings.Contains(ics.body, secret) {
			t.Errorf("the calendar says %q", secret)
		}
	}
	h.shut(file)
	shut := manager.get("/agenda?" + at)
	if strings.Contains(shut.body, "escolaridad") || strings.Contains(shut.body, "inasistencias") {
		t.Error("the week shows what hangs on a file that is shut")
	}
}
