package app

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/calendar"
)

var (
	filePath     = regexp.MustCompile(`^/files/([0-9A-Z]{26})/`)
	referralPath = regexp.MustCompile(`^/referrals/([0-9A-Z]{26})$`)
)

// leads asserts a redirect and gives what stands in its address.
func leads(t testing.TB, got reply, pattern *regexp.Regexp) string {
	t.Helper()
	found := pattern.FindStringSubmatch(got.header.Get("Location"))
	if got.status != http.StatusSeeOther || found == nil {
		t.Fatalf("answered %d to %q, want %s:\n%s", got.status, got.header.Get("Location"), pattern, got.body)
	}
	return found[1]
}

// says asserts a page of the status with the texts.
func says(t testing.TB, got reply, status int, texts ...string) {
	t.Helper()
	if got.status != status {
		t.Fatalf("answered %d, want %d:\n%s", got.status, status, got.body)
	}
	for _, text := range texts {
		if !strings.Contains(got.body, text) {
			t.Errorf("%q is not said:\n%s", text, got.body)
		}
	}
}

// lookUp opens the file of a RUN at the visitor's desk.
func (v *visitor) lookUp(run string) string {
	v.t.Helper()
	v.get("/")
	return leads(v.t, v.post("/lookup", url.Values{"run": {run}}), filePath)
}

// step takes a referral on and asserts that it was done.
func (v *visitor) step(referral, verb string, pairs ...string) {
	v.t.Helper()
	if got := v.try(referral, verb, pairs...); got.status != http.StatusSeeOther {
		v.t.Fatalf("%s answered %d:\n%s", verb, got.status, got.body)
	}
}

func (v *visitor) try(referral, verb string, pairs ...string) reply {
	v.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return v.post("/referrals/"+referral+"/"+verb, form)
}

// fillCart puts items that ask for nothing into the cart, and reviews it.
func (v *visitor) fillCart(file string, codes ...string) (key string) {
	v.t.Helper()
	for _, code := range codes {
		form := url.Values{"item": {code}, "override_reason": {"acreditado en la entrevista"}}
		if got := v.post("/files/"+file+"/cart/items", form); got.status != http.StatusSeeOther {
			v.t.Fatalf("%s: %d\n%s", code, got.status, got.body)
		}
	}
	page := v.get("/files/" + file + "/checkout")
	says(v.t, page, http.StatusOK)
	return keyField.FindStringSubmatch(page.body)[1]
}

var keyField = regexp.MustCompile(`name="key" value="([^"]+)"`)

func (v *visitor) agree(file, key string) string {
	v.t.Helper()
	return leads(v.t, v.post("/files/"+file+"/checkout", url.Values{"key": {key}, "agreed": {"signed"}}), planPath)
}

// Somebody who is not in the registry comes to the general desk: the request
// goes to the RSH desk, which asks for documents, waits and answers; the general
// desk sees it.
func TestTheFrontDeskRefersSomebodyUnknownToTheRegistry(t *testing.T) {
	h := newHouse(t)
	front, rsh := h.as(access.FrontDesk, "05802"), h.as(access.RSHDesk, "05802")
	file := front.lookUp("1.234.567-4")
	screening := front.get("/files/" + file + "/screening")
	says(t, screening, http.StatusOK, "No está en el Registro Social de Hogares", `action="/files/`+file+`/referrals"`, "Derivar al mesón RSH")
	sent := url.Values{"item": {"A501"}, "source": {"screening"}}
	referral := leads(t, front.post("/files/"+file+"/referrals", sent), referralPath)
	if again := leads(t, front.post("/files/"+file+"/referrals", sent), referralPath); again != referral {
		t.Errorf("the second press made another: %s", again)
	}
	folio := h.one("05802", `SELECT printf('D-%d-%04d', year, number) FROM referral WHERE id = '`+referral+`'`)
	says(t, front.get("/files/"+file+"/referrals"), http.StatusOK, folio, "Enviada")
	says(t, rsh.get("/inbox"), http.StatusOK, folio)

	rsh.step(referral, "receive")
	rsh.step(referral, "wait", "waiting_for", "documents")
	says(t, front.get("/referrals/"+referral), http.StatusOK, "Espera documentos")
	rsh.step(referral, "start")
	rsh.step(referral, "answer", "outcome", "granted", "note", "Ingresado con folio 4711 del registro", "external_number", "4711", "external_status", "ingresado")
	says(t, front.get("/referrals/"+referral), http.StatusOK, "Concedida", "Ingresado con folio 4711 del registro")
	says(t, rsh.try(referral, "answer", "outcome", "not-granted", "reason", "otra vez"), http.StatusConflict, "ya fue respondida")
	front.step(referral, "close")
	says(t, rsh.try(referral, "return", "reason", "tarde"), http.StatusConflict, "cerrada")
}

// What does not follow is a 409 that says why, and what is the other party's to
// do is refused; who has no part in it does not know of it.
func TestTheWrongOrderAndTheWrongDesk(t *testing.T) {
	h := newHouse(t)
	front, rsh := h.as(access.FrontDesk, "05802"), h.as(access.RSHDesk, "05802")
	subsidies, elsewhere := h.as(access.SubsidiesDesk, "05802"), h.as(access.RSHDesk, "06304")
	file := front.lookUp("1.234.567-4")
	referral := leads(t, front.post("/files/"+file+"/referrals", url.Values{"item": {"A501"}, "source": {"screening"}}), referralPath)

	says(t, front.try(referral, "close"), http.StatusConflict, "todavía no tiene respuesta")
	says(t, front.try(referral, "reopen", "reason", "x"), http.StatusConflict, "no hay respuesta que reabrir")
	says(t, front.try(referral, "resend"), http.StatusConflict, "fue devuelta")
	for _, verb := range []string{"receive", "start", "wait", "answer", "return"} {
		says(t, front.try(referral, verb, "outcome", "granted", "reason", "x", "waiting_for", "documents"), http.StatusForbidden)
		says(t, subsidies.try(referral, verb, "outcome", "granted", "reason", "x", "waiting_for", "documents"), http.StatusNotFound)
		says(t, elsewhere.try(referral, verb, "outcome", "granted", "reason", "x", "waiting_for", "documents"), http.StatusNotFound)
	}
	says(t, rsh.try(referral, "cancel", "reason", "x"), http.StatusForbidden)
	says(t, subsidies.get("/referrals/"+referral), http.StatusNotFound)
	says(t, elsewhere.get("/referrals/"+referral), http.StatusNotFound)
	says(t, rsh.try(referral, "answer", "outcome", "not-granted"), http.StatusUnprocessableEntity)
	says(t, rsh.try(referral, "answer", "outcome", "perhaps"), http.StatusUnprocessableEntity)

	rsh.step(referral, "receive")
	says(t, rsh.try(referral, "receive", "version", "1"), http.StatusSeeOther) // the second press of the same person
	front.step(referral, "cancel", "reason", "la persona ya no lo necesita")
	says(t, rsh.try(referral, "answer", "outcome", "granted"), http.StatusConflict, "fue cancelada")
	if state := h.one("05802", `SELECT state FROM referral WHERE id = '`+referral+`'`); state != "cancelled" {
		t.Errorf("it is %s", state)
	}
}

// One front desk for everybody: it refers to Asistencia Social, whose head says
// who takes the case; her plan asks the RSH desk, and the answer makes the item
// green and the plan blue.
func TestFromTheFrontDeskToAClosedPlan(t *testing.T) {
	h := newHouse(t)
	const lolol = "06304"
	front, head := h.as(access.FrontDesk, lolol), h.as(access.UnitHead, lolol)
	manager, rsh := h.as(access.CaseManager, lolol), h.as(access.RSHDesk, lolol)
	file := front.lookUp("1.234.567-4")
	asked := leads(t, front.post("/files/"+file+"/referrals", url.Values{"unit": {access.SocialUnit}, "request": {"evaluación social del hogar"}, "key": {"k1"}}), referralPath)
	says(t, head.get("/inbox"), http.StatusOK, h.one(lolol, `SELECT printf('D-%d-%04d', year, number) FROM referral WHERE id = '`+asked+`'`))
	colleague := regexp.MustCompile(`<option value="([^"]+)"[^>]*>Francisca Núñez Araya`).FindStringSubmatch(head.get("/referrals/" + asked).body)
	if colleague == nil {
		t.Fatal("the head cannot choose the case manager")
	}
	head.step(asked, "assign", "assigned", colleague[1])
	says(t, manager.get("/files/"+file+"/screening"), http.StatusOK, "Responsable: Francisca Núñez Araya")

	key := manager.fillCart(file, "A106")
	plan := manager.agree(file, key)
	if again := manager.agree(file, key); again != plan {
		t.Errorf("the second press made another plan: %s", again)
	}
	item := h.one(lolol, `SELECT id FROM plan_item WHERE plan_id = '`+plan+`'`)
	referral := h.one(lolol, `SELECT id FROM referral WHERE plan_item_id = '`+item+`'`)
	says(t, manager.get("/plans/"+plan), http.StatusOK, `data-plan="open"`, `data-item="pending"`, "/referrals/"+referral)

	// The item is the RSH desk's to answer, whatever a form says.
	version := h.one(lolol, `SELECT version FROM plan WHERE id = '`+plan+`'`)
	box := url.Values{"status[" + item + "]": {"confirmed"}, "version": {version}}
	says(t, manager.post("/plans/"+plan+"/items", box), http.StatusUnprocessableEntity, "Lo responde la unidad a la que se derivó")
	says(t, rsh.post("/plans/"+plan+"/items", box), http.StatusForbidden)

	rsh.step(referral, "receive")
	says(t, manager.get("/plans/"+plan), http.StatusOK, `data-item="in-progress"`, "Recibida")
	rsh.step(referral, "answer", "outcome", "granted", "note", "módulo actualizado")
	says(t, manager.get("/plans/"+plan), http.StatusOK, `data-item="confirmed"`, `data-plan="closed"`, "módulo actualizado", "Plan cerrado: todos los ítems terminaron")
	answered := h.one(lolol, `SELECT printf('D-%d-%04d', year, number) FROM referral WHERE id = '`+referral+`'`)
	says(t, manager.get("/"), http.StatusOK, "Respondidas hoy", answered) // answered today, on the workbench

	// A form of before, and what comes too late.
	says(t, manager.post("/plans/"+plan+"/items", url.Values{"status[" + item + "]": {"withdrawn"}, "reason[" + item + "]": {"x"}, "version": {version}}), http.StatusConflict)
	says(t, rsh.try(referral, "answer", "outcome", "granted"), http.StatusConflict, "ya fue respondida")
	says(t, manager.try(referral, "reopen", "reason", "faltaba algo"), http.StatusConflict, "plan nuevo")

	manager.step(asked, "answer", "outcome", "granted", "note", "Plan terminado")
	says(t, front.get("/referrals/"+asked), http.StatusOK, "Plan terminado")
	says(t, front.get("/files/"+file+"/plan"), http.StatusOK, `data-plan="closed"`)
}

// A plan whose only item goes by letter: the answer that came on paper is
// written down in the box, and the referral says the same.
func TestTheAnswerOnPaper(t *testing.T) {
	h := newHouse(t)
	manager := h.as(access.CaseManager, "05802")
	file := manager.lookUp("3.332.779-K")
	plan := manager.agree(file, manager.fillCart(file, "D301"))
	item := h.one("05802", `SELECT id FROM plan_item WHERE plan_id = '`+plan+`'`)
	form := url.Values{"status[" + item + "]": {"not-achieved"}, "outcome[" + item + "]": {"did-not-attend"}, "reason[" + item + "]": {"no fue a la cita"}}
	if got := manager.post("/plans/"+plan+"/items", form); got.status != http.StatusSeeOther {
		t.Fatalf("answered %d:\n%s", got.status, got.body)
	}
	says(t, manager.get("/plans/"+plan), http.StatusOK, `data-item="not-achieved"`, `data-plan="closed"`, "No asistió: no fue a la cita")
	if got := h.one("05802", `SELECT state || ' ' || outcome || ' ' || reason FROM referral WHERE plan_item_id = '`+item+`'`); got != "answered did-not-attend no fue a la cita" {
		t.Errorf("the referral: %s", got)
	}
}

// The agreement with the OMIL ends tonight. What was put into the cart today is
// stopped tomorrow until somebody writes why it goes all the same.
func TestTheAgreementEndsOvernight(t *testing.T) {
	h := newHouse(t)
	today := calendar.On(time.Now())
	h.agreement("05802", "omil", "0", today)
	manager := h.as(access.CaseManager, "05802")
	file := manager.lookUp("3.332.779-K")
	key := manager.fillCart(file, "D202")

	h.reopen(func() time.Time { return time.Now().Add(24 * time.Hour) })
	manager = h.as(access.CaseManager, "05802")
	form := url.Values{"key": {key}, "agreed": {"phone"}}
	page := manager.post("/files/"+file+"/checkout", form)
	says(t, page, http.StatusUnprocessableEntity, "venció el "+today.Chilean(), `name="override_reason[`)
	if n := h.one("05802", `SELECT count(*) FROM referral WHERE file_id = '`+file+`'`); n != "0" {
		t.Errorf("%s referrals were made", n)
	}
	line := regexp.MustCompile(`name="override_reason\[([0-9A-Z]{26})\]"`).FindStringSubmatch(page.body)[1]
	form.Set("override_reason["+line+"]", "la OMIL lo pidió por teléfono")
	plan := leads(t, manager.post("/files/"+file+"/checkout", form), planPath)
	if got := h.one("05802", `SELECT override_reason || protocol_id FROM referral WHERE plan_id = '`+plan+`'`); got != "la OMIL lo pidió por teléfono" {
		t.Errorf("the referral: %s", got)
	}
	if n := h.one("05802", `SELECT count(*) FROM audit WHERE action = 'referral.create' AND detail LIKE '%por teléfono%'`); n != "1" {
		t.Errorf("%s entries in the trail", n)
	}
}

// agreement puts a protocol of Asistencia Social with a unit in force, through
// the pages of its head and of the director.
func (h *house) agreement(code, counterpart, spots string, to calendar.Date) {
	h.t.Helper()
	head, director := h.as(access.UnitHead, code), h.as(access.Director, code)
	edit := regexp.MustCompile(`^/protocols/([0-9A-Z]{26})/edit$`)
	head.get("/protocols/new")
	id := leads(h.t, head.post("/protocols", url.Values{"unit": {access.SocialUnit}, "counterpart": {counterpart}, "all_desks": {"1"}}), edit)
	revision := func() string { return h.one(code, `SELECT revision FROM protocol WHERE id = '`+id+`'`) }
	do := func(v *visitor, step string, form url.Values) {
		h.t.Helper()
		form.Set("revision", revision())
		if got := v.post("/protocols/"+id+step, form); got.status != http.StatusSeeOther {
			h.t.Fatalf("protocol %s answered %d:\n%s", step, got.status, got.body)
		}
	}
	do(head, "", url.Values{"title": {"Intermediación laboral"}, "all_desks": {"1"}, "spots_period": {"month"}, "spots": {spots}, "process": {"Por carta."}, "answer": {"Por carta."},
		"citizen_days": {"3"}, "answer_days": {"7"}, "valid_from": {"01-01-2026"}, "valid_to": {to.Chilean()}, "evaluation": {"Cada semestre."}})
	do(head, "/send", url.Values{})
	do(head, "/sign", url.Values{"side": {"municipality"}})
	do(head, "/sign", url.Values{"side": {"counterpart"}, "name": {"Pía Soto Díaz"}, "position": {"Encargada"}, "signed_on": {calendar.On(time.Now()).Chilean()}})
	do(director, "/approve", url.Values{})
}

// reopen ends the program and starts it again with another clock.
func (h *house) reopen(clock func() time.Time) {
	h.t.Helper()
	if err := h.app.Close(); err != nil {
		h.t.Fatal(err)
	}
	a, err := Open(context.Background(), h.config, clock, slog.New(slog.NewJSONHandler(h.log, nil)))
	if err != nil {
		h.t.Fatal(err)
	}
	server := httptest.NewServer(a.Handler())
	h.app, h.url = a, server.URL
	h.t.Cleanup(func() {
		server.Close()
		if err := a.Close(); err != nil {
			h.t.Error(err)
		}
	})
}

// Dozens of carts want the last spot of the month at once: one becomes a plan.
func TestTheLastSpotOfTheMonth(t *testing.T) {
	h := newHouse(t)
	h.agreement("05802", "omil", "1", calendar.On(time.Now()).AddDays(90))
	manager := h.as(access.CaseManager, "05802")
	files := strings.Fields(h.one("05802", `SELECT group_concat(id, ' ') FROM (SELECT id FROM file WHERE id NOT IN (SELECT file_id FROM cart WHERE status = 'draft') ORDER BY id LIMIT 50)`))
	if len(files) < 20 {
		t.Fatalf("only %d files", len(files))
	}
	keys := make([]string, len(files))
	for i, file := range files {
		keys[i] = manager.fillCart(file, "D202")
	}
	before := h.one("05802", `SELECT count(*) FROM plan`)
	answers := make(chan int, len(files))
	for i, file := range files {
		v := manager.apart()
		go func() {
			answers <- v.post("/files/"+file+"/checkout", url.Values{"key": {keys[i]}, "agreed": {"phone"}}).status
		}()
	}
	got := map[int]int{}
	for range files {
		got[<-answers]++
	}
	if got[http.StatusSeeOther] != 1 || got[http.StatusUnprocessableEntity] != len(files)-1 {
		t.Errorf("answers: %v", got)
	}
	if n := h.one("05802", `SELECT count(*) - `+before+` FROM plan`); n != "1" {
		t.Errorf("%s plans", n)
	}
	if n := h.one("05802", `SELECT count(*) FROM referral WHERE spot_period <> '' AND unit = 'omil'`); n != "1" {
		t.Errorf("%s spots are taken", n)
	}
}
