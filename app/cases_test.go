package app

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/calendar"
)

// What the administration sets counts for what begins from then on, in every room.
func TestWhatTheAdministrationSetsCounts(t *testing.T) {
	h := newHouse(t)
	const limache = "05802"
	admin, front, manager := h.as(access.Counterpart, limache), h.as(access.FrontDesk, limache), h.as(access.CaseManager, limache)
	file := front.lookUp("6.360.985-4")
	mark := regexp.MustCompile(`name="mark" value="([^"]+)"`)
	set := func(pairs ...string) {
		t.Helper()
		found := mark.FindStringSubmatch(admin.get("/settings").body)
		form := url.Values{"mark": {found[1]}, "worker_threshold": {"150.000"}, "head_threshold": {"1.000.000"}, "promise_days": {"10"}, "rsh_promise_days": {"5"}, "link_days": {"15"}}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		if got := admin.post("/settings", form); got.status != http.StatusSeeOther {
			t.Fatalf("settings answered %d:\n%s", got.status, got.body)
		}
	}
	refer := func(code string) string {
		t.Helper()
		return leads(t, front.post("/files/"+file+"/referrals", url.Values{"item": {code}, "request": {"orientación"}, "reason": {"lo pide"}, "key": {code}}), referralPath)
	}
	set("promise_days", "7")
	civil := refer("D303") // no protocol says otherwise
	today := calendar.On(h.app.clock())
	if due := h.one(limache, `SELECT due FROM referral WHERE id = '`+civil+`'`); due != calendar.AddWorkingDays(today, 7).String() {
		t.Errorf("promised for %s", due)
	}
	off := func(unit string) reply {
		return admin.post("/settings/units", url.Values{"unit": {unit}, "version": {h.one(limache, `SELECT version FROM unit WHERE code = '`+unit+`'`)}, "name": {unit}, "channel": {"letter"}})
	}
	says(t, off("registro-civil"), http.StatusConflict, "en curso")
	if got := off("asuntos-indigenas"); got.status != http.StatusSeeOther {
		t.Fatalf("the unit answered %d:\n%s", got.status, got.body)
	}
	if got := front.post("/files/"+file+"/referrals", url.Values{"item": {"D209"}, "request": {"x"}, "reason": {"y"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a referral to a unit that takes none answered %d", got.status)
	}
	if got := admin.post("/settings/units/module", url.Values{"unit": {"care"}, "on": {"1"}}); got.status != http.StatusSeeOther {
		t.Fatalf("the module answered %d:\n%s", got.status, got.body)
	}
	if kind := h.one(limache, `SELECT kind FROM unit WHERE code = 'care'`); kind != "integrated" {
		t.Errorf("the module is %s", kind)
	}
	before := h.municipality(limache).Model()
	if got := admin.post("/settings/model", url.Values{"model": {"2"}}); got.status != http.StatusSeeOther || before != 1 || h.municipality(limache).Model() != 2 {
		t.Errorf("the model answered %d, %d", got.status, h.municipality(limache).Model())
	}
	if got := manager.get("/"); got.status != http.StatusOK {
		t.Errorf("the workbench answered %d", got.status)
	}
}

// While the case manager is away the head has the cases, and everybody reads it
// in the person's header.
func TestTheReplacementHasTheCases(t *testing.T) {
	h := newHouse(t)
	const limache = "05802"
	head, front := h.as(access.UnitHead, limache), h.as(access.FrontDesk, limache)
	seat := func(name string) string {
		t.Helper()
		found := regexp.MustCompile(`<option value="([^"]+)"[^>]*>` + name).FindStringSubmatch(head.get("/absences").body)
		if found == nil {
			t.Fatalf("%s is not on the list", name)
		}
		return found[1]
	}
	today := calendar.On(h.app.clock())
	away := url.Values{"person": {seat("Camila Rojas")}, "replacement": {seat("Hernán Salinas")}, "from": {today.Chilean()}, "to": {today.AddDays(10).Chilean()}, "reason": {"leave"}}
	if got := head.post("/absences", away); got.status != http.StatusSeeOther {
		t.Fatalf("answered %d:\n%s", got.status, got.body)
	}
	says(t, head.get("/cases?mine=1"), http.StatusOK, "Reemplaza a Camila Rojas Soto")
	file := h.one(limache, `SELECT file_id FROM case_file WHERE worker_name LIKE 'Camila%' AND status = 'assigned' LIMIT 1`)
	says(t, front.get("/files/"+file+"/screening"), http.StatusOK, "Responsable: Camila Rojas Soto (ausente, reemplaza Hernán Salinas Pizarro)", "/files/"+file+"/case")
	id := h.one(limache, `SELECT id FROM absence WHERE name LIKE 'Camila%' ORDER BY id DESC LIMIT 1`)
	if got := head.post("/absences/end", url.Values{"absence": {id}}); got.status != http.StatusSeeOther {
		t.Fatalf("answered %d:\n%s", got.status, got.body)
	}
	if page := front.get("/files/" + file + "/screening").body; !strings.Contains(page, "Responsable: Camila Rojas Soto<") {
		t.Error("the header still says that she is away")
	}
}

// A list that holds somebody whose file is shut says so, and nothing of plans or
// attentions: "no plan" would be untrue, and whether there is one is not told.
func TestAListSaysOnlyThatAFileIsRestricted(t *testing.T) {
	h := newHouse(t)
	const limache = "05802"
	h.unprotect(limache)
	file := h.one(limache, `SELECT file_id FROM plan WHERE status = 'open' AND file_id IN (SELECT file_id FROM case_file WHERE status = 'assigned' AND unit = 'social') ORDER BY id LIMIT 1`)
	id := h.one(limache, `SELECT id FROM case_file WHERE status = 'assigned' AND file_id = '`+file+`'`)
	manager := h.as(access.CaseManager, limache)
	made := manager.post("/cases/lists", url.Values{"case": {id}, "name": {"Revisar"}, "shared": {"1"}})
	if made.status != http.StatusSeeOther {
		t.Fatalf("the list answered %d:\n%s", made.status, made.body)
	}
	h.shut(file)
	h.exec(limache, `UPDATE case_file SET unit = 'social' WHERE id = ?`, id)
	page := manager.get(made.header.Get("Location"))
	says(t, page, http.StatusOK, "Ficha restringida", "Restringido")
	_, row, _ := strings.Cut(page.body, `id="case-`+id)
	row, _, _ = strings.Cut(row, "</tr>")
	for _, no := range []string{"Sin plan", "Sin atenciones", "circle", "pendiente"} {
		if row == "" || strings.Contains(row, no) {
			t.Errorf("of a restricted file the row says %q:\n%s", no, row)
		}
	}
}
