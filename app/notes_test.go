package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/calendar"
)

// noteDown writes a note into the log of a file and gives its id.
func (h *house) noteDown(v *visitor, file, key string, more ...string) string {
	h.t.Helper()
	form := url.Values{"key": {key}, "kind": {"call"}, "on": {calendar.On(h.app.clock()).Chilean()}, "text": {"Llamó la vecina."}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	got := v.post("/files/"+file+"/notes", form)
	_, id, found := strings.Cut(got.header.Get("Location"), "#note-")
	if got.status != http.StatusSeeOther || !found {
		h.t.Fatalf("the note answered %d:\n%s", got.status, got.body)
	}
	return id
}

// note gives the id of a note, which is written once.
func (h *house) note(code string) string {
	h.t.Helper()
	file := h.one(code, `SELECT file_id FROM case_file WHERE status = 'assigned' ORDER BY id LIMIT 1`)
	if h.one(code, `SELECT count(*) FROM case_note WHERE key = 'routes'`) == "0" {
		return h.noteDown(h.as(access.CaseManager, code), file, "routes")
	}
	return h.one(code, `SELECT id FROM case_note WHERE key = 'routes'`)
}

// workingList gives the id of a list that is shared with the unit.
func (h *house) workingList(code string) string {
	h.t.Helper()
	own := ` FROM case_list WHERE removed_at IS NULL AND shared = 1 AND unit = 'social' AND owner_id = '` + h.userOf(access.CaseManager, code) + `'`
	if h.one(code, `SELECT count(*)`+own) == "0" {
		got := h.as(access.CaseManager, code).post("/cases/lists", url.Values{"name": {"Lista"}, "shared": {"1"}, "condition": {"still=1"}})
		if got.status != http.StatusSeeOther {
			h.t.Fatalf("the list answered %d:\n%s", got.status, got.body)
		}
	}
	return h.one(code, `SELECT id`+own+` LIMIT 1`)
}

// A note stands in the person's story for who may read casework; a confidential
// one only for the case's worker and the head, and nobody learns from the list
// of changes what the others may not read.
func TestNotesAreInTheStory(t *testing.T) {
	h := newHouse(t)
	const limache = "05802"
	manager, head := h.as(access.CaseManager, limache), h.as(access.UnitHead, limache)
	file := h.one(limache, `SELECT file_id FROM case_file WHERE worker_name LIKE 'Camila%' AND status = 'assigned' ORDER BY id LIMIT 1`)
	h.noteDown(head, file, "story-1", "text", "La escuela confirma la matrícula.")
	secret := h.noteDown(head, file, "story-2", "text", "Hay violencia en el hogar.", "confidential", "1")
	page := "/files/" + file + "/history"
	for what, c := range map[string]struct {
		role          string
		reads, secret bool
	}{
		"the worker": {access.CaseManager, true, true}, "the head": {access.UnitHead, true, true},
		"the director": {access.Director, true, false}, "the front desk": {access.FrontDesk, false, false},
	} {
		v := h.as(c.role, limache)
		body := v.get(page).body + v.get(page+"?kind=change").body
		if strings.Contains(body, "confirma la matrícula") != c.reads || strings.Contains(body, "Hay violencia") != c.secret {
			t.Errorf("%s does not read what is theirs", what)
		}
		if !c.reads && strings.Contains(body, "Bitácora") {
			t.Errorf("%s is told of the log", what)
		}
		if got := v.get("/files/" + file + "/notes"); (got.status == http.StatusOK) != c.reads || strings.Contains(got.body, "Hay violencia") != c.secret {
			t.Errorf("%s: the log answered %d", what, got.status)
		}
	}
	if got := h.as(access.Director, limache).post("/notes/"+secret+"/add", url.Values{"key": {"x"}, "text": {"y"}}); got.status != http.StatusNotFound {
		t.Errorf("the director adds: %d", got.status)
	}
	if on := kindsOn(manager.get(page + "?kind=note").body); on["note"] < 2 || len(on) != 1 {
		t.Errorf("the notes alone: %v", on)
	}
}

// A case that is closed takes its open plans along: what is pending is withdrawn,
// what was referred is cancelled, and the circle turns blue.
func TestClosingACaseEndsItsPlans(t *testing.T) {
	h := newHouse(t)
	const limache = "05802"
	manager := h.as(access.CaseManager, limache)
	file := h.one(limache, `SELECT c.file_id FROM case_file c JOIN plan p ON p.file_id = c.file_id AND p.status = 'open' JOIN plan_item i ON i.plan_id = p.id AND i.status = 'pending'
		WHERE c.worker_name LIKE 'Camila%' AND c.status = 'assigned' AND NOT EXISTS (SELECT 1 FROM referral r WHERE r.file_id = c.file_id AND r.origin <> 'social') ORDER BY c.id LIMIT 1`)
	form := url.Values{"case": {h.one(limache, `SELECT id FROM case_file WHERE status = 'assigned' AND file_id = '`+file+`'`)}, "reason": {"moved_away"},
		"summary": {"Se trasladó a Quillota con su familia."}, "anyway": {"1"}}
	if got := manager.post("/files/"+file+"/case/close", form); got.status != http.StatusSeeOther {
		t.Fatalf("answered %d:\n%s", got.status, got.body)
	}
	for query, want := range map[string]string{
		`SELECT count(*) FROM plan WHERE status = 'open' AND file_id = '` + file + `'`:                                                                 "0",
		`SELECT count(*) FROM plan_item i JOIN plan p ON p.id = i.plan_id WHERE i.status IN ('pending', 'in-progress') AND p.file_id = '` + file + `'`: "0",
		`SELECT count(*) FROM case_file WHERE status <> 'closed' AND file_id = '` + file + `'`:                                                         "0",
	} {
		if got := h.one(limache, query); got != want {
			t.Errorf("%s: %s", query, got)
		}
	}
	story := manager.get("/files/" + file + "/history?kind=case")
	says(t, story, http.StatusOK, "Caso cerrado", "Cambio de domicilio a otra comuna")
	says(t, manager.get("/files/"+file+"/notes"), http.StatusOK, "no tiene un caso abierto")
}
