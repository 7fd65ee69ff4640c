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

// From the cart to the green item: the checkout decides the visit, its day takes
// the item along, a closed door leaves it, and the visit that took place confirms
// it. An item that is withdrawn takes its visit with it.
func TestAVisitConfirmsItsItem(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.CaseManager, "05802")
	file := h.one("05802", `SELECT c.file_id FROM case_file c JOIN file f ON f.id = c.file_id WHERE c.status = 'assigned' AND f.address <> ''
		AND NOT EXISTS (SELECT 1 FROM cart WHERE file_id = c.file_id AND status = 'draft') ORDER BY c.id LIMIT 1`)
	agree := func() (plan, item, visit string) {
		t.Helper()
		v.get("/files/" + file + "/catalogue")
		if got := v.post("/files/"+file+"/cart/items", url.Values{"item": {"B001"}, "reason": {"Ver el techo"}, "address": {"Los Aromos 12"}}); got.status >= 400 {
			t.Fatalf("into the cart: %d %s", got.status, got.body)
		}
		key := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(v.get("/files/" + file + "/checkout").body)
		got := v.post("/files/"+file+"/checkout", url.Values{"key": {key[1]}, "agreed": {"signed"}})
		plan = strings.TrimPrefix(got.header.Get("Location"), "/plans/")
		item = h.one("05802", `SELECT id FROM plan_item WHERE plan_id = '`+plan+`'`)
		return plan, item, h.one("05802", `SELECT id FROM visit WHERE item_id = '`+item+`' AND status = 'scheduled'`)
	}
	plan, item, visit := agree()
	status := func(want string) {
		t.Helper()
		if got := h.one("05802", `SELECT status FROM plan_item WHERE id = '`+item+`'`); got != want {
			t.Errorf("the item is %s, want %s", got, want)
		}
	}
	status("pending")
	if page := v.get("/plans/" + plan).body; !strings.Contains(page, `href="/visits/`+visit+`"`) {
		t.Error("the plan does not lead to its visit")
	}
	today := calendar.On(h.app.clock())
	worker := regexp.MustCompile(`<option value="([^"]+)" selected>`).FindStringSubmatch(v.get("/visits/" + visit + "/edit").body)[1]
	when := url.Values{"version": {"1"}, "day": {today.Chilean()}, "clock": {"9.30"}, "worker": {worker}, "address": {"Los Aromos 12"}, "purpose": {"Ver el techo"}}
	if got := v.post("/visits/"+visit+"/edit", when); got.status != http.StatusSeeOther {
		t.Fatalf("its day: %d %s", got.status, got.body)
	}
	status("in-progress")
	record := url.Values{"result": {"nobody-home"}, "on": {today.Chilean()}, "window": {"w"}, "seen": {"0"}}
	if got := v.post("/visits/"+visit+"/record", record); got.status != http.StatusSeeOther {
		t.Fatalf("in vain: %d %s", got.status, got.body)
	}
	status("in-progress")
	form := v.get("/files/" + file + "/visits/new?again=" + visit).body
	again := url.Values{"key": {"k"}, "item": {item}, "again": {visit}, "day": {today.Chilean()}, "worker": {worker}, "address": {"Los Aromos 12"}, "purpose": {"Ver el techo"}}
	if got := v.post("/files/"+file+"/visits", again); got.status != http.StatusSeeOther || !strings.Contains(form, "Ver el techo") {
		t.Fatalf("again: %d %s", got.status, got.body)
	}
	next := h.one("05802", `SELECT id FROM visit WHERE item_id = '`+item+`' AND status = 'scheduled'`)
	record.Set("result", "done")
	record.Set("others", "Ana Soto")
	record.Set("note", "Gotera")
	if got := v.post("/visits/"+next+"/record", record); got.status != http.StatusSeeOther {
		t.Fatalf("done: %d %s", got.status, got.body)
	}
	status("confirmed")
	if got := h.one("05802", `SELECT status FROM plan WHERE id = '`+plan+`'`); got != "closed" {
		t.Errorf("the plan is %s", got)
	}
	plan, item, visit = agree()
	if got := v.post("/plans/"+plan+"/items", url.Values{"status[" + item + "]": {"withdrawn"}, "reason[" + item + "]": {"Se mudó"}}); got.status != http.StatusSeeOther {
		t.Fatalf("withdrawn: %d %s", got.status, got.body)
	}
	if got := h.one("05802", `SELECT status || ' ' || reason FROM visit WHERE id = '`+visit+`'`); got != "cancelled Se mudó" {
		t.Errorf("its visit is %s", got)
	}
}

// A case that is closed leaves no visit behind that somebody would still go to:
// who closes it is told, says so, and the agenda lets it go.
func TestAClosedCaseLeavesNoVisit(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.CaseManager, "05802")
	file := v.lookUp("6.360.985-4")
	if got := v.post("/files/"+file+"/case/open", url.Values{"reason": {"Pide orientación."}}); got.status != http.StatusSeeOther {
		t.Fatalf("opening answered %d:\n%s", got.status, got.body)
	}
	day := calendar.AddWorkingDays(calendar.On(h.app.clock()), 3)
	visit := url.Values{"key": {"k"}, "day": {day.Chilean()}, "clock": {"10:30"}, "address": {"Los Boldos 3"}, "purpose": {"Conocer la casa"},
		"worker": {h.one("05802", `SELECT worker_id FROM case_file WHERE file_id = '`+file+`'`)}}
	if got := v.post("/files/"+file+"/visits", visit); got.status != http.StatusSeeOther {
		t.Fatalf("the visit answered %d:\n%s", got.status, got.body)
	}
	week := "/agenda?day=" + day.Chilean()
	says(t, v.get(week), http.StatusOK, "Conocer la casa")
	says(t, v.get("/files/"+file+"/case/close"), http.StatusOK, "Hay trabajo que no ha terminado", "Visita "+day.Chilean())
	form := url.Values{"case": {h.one("05802", `SELECT id FROM case_file WHERE file_id = '`+file+`'`)}, "reason": {"died"}, "summary": {"Falleció; la familia fue orientada."}}
	says(t, v.post("/files/"+file+"/case/close", form), http.StatusUnprocessableEntity, "Confirme que lo pendiente se retira")
	form.Set("anyway", "1")
	if got := v.post("/files/"+file+"/case/close", form); got.status != http.StatusSeeOther {
		t.Fatalf("closing answered %d:\n%s", got.status, got.body)
	}
	if got := h.one("05802", `SELECT status || ': ' || reason FROM visit WHERE file_id = '`+file+`'`); got != "cancelled: Cierre del caso: Fallecimiento" {
		t.Errorf("the visit is %s", got)
	}
	if got := v.get(week); strings.Contains(got.body, "Conocer la casa") {
		t.Error("somebody would still go there")
	}
}
