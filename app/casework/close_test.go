package casework_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/casework"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/kit/web/webtest"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

const summary = "Se regularizó el agua y la persona quedó en lista de vivienda."

func (u *unit) close(who actor.Actor, file string, change ...func(*casework.CloseForm)) error {
	u.t.Helper()
	form := casework.CloseForm{Case: u.text(`SELECT coalesce((SELECT id FROM case_file WHERE file_id = ? AND status <> 'closed'), '')`, file), Reason: "moved_away", Summary: summary}
	for _, c := range change {
		c(&form)
	}
	return u.service.Close(background, who, file, form)
}

func TestClosingAndOpeningAgain(t *testing.T) {
	u := newUnit(t)
	file := u.worked(1)
	id := u.text(`SELECT id FROM case_file`)
	same := func(f *casework.CloseForm) { f.Case = id }
	for range 2 { // pressed twice
		if err := u.close(u.camila, file, same); err != nil {
			t.Fatal(err)
		}
	}
	if err := u.close(u.camila, file, same, func(f *casework.CloseForm) { f.Reason = "died" }); !fault.Is(err, fault.Conflict) {
		t.Errorf("closed with another reason: %v", err)
	}
	if got := u.header(file); got != "" {
		t.Errorf("the header still says %q", got)
	}
	if list := u.list(u.camila, casework.Ask{}); len(list.Rows) != 0 {
		t.Error("a closed case stands on the list")
	}
	err := u.limache.Update(background, func(tx *tenants.Tx) error {
		_, err := tx.Exec(`UPDATE case_file SET summary = 'otra cosa'`)
		return err
	})
	if err == nil {
		t.Error("the summary of a closed case was changed")
	}
	for range 2 {
		if err := u.service.Open(background, u.luis, file, casework.OpenForm{Reason: "Volvió a la comuna"}); err != nil {
			t.Fatal(err)
		}
	}
	if got := u.header(file); got != "Responsable: Luis Moraga" {
		t.Errorf("opened again: %q", got)
	}
	if got := u.text(`SELECT count(*) || previous FROM case_file WHERE status = 'assigned'`); got != "1"+id {
		t.Errorf("the new case goes on from %q", got)
	}
	shown, err := u.service.Case(background, u.camila, file)
	if err != nil || len(shown.Past) != 1 || shown.Past[0].Summary != summary || shown.Past[0].Reason != casework.MovedAway {
		t.Errorf("the page: %+v %v", shown.Past, err)
	}
	if front, err := u.service.Case(background, u.worker("f", "F", access.FrontDesk, ""), file); err != nil || front.Past[0].Summary != "" || front.Opens || front.Closes {
		t.Errorf("a desk: %+v %v", front, err)
	}
	if n := u.text(`SELECT count(*) FROM audit WHERE action = 'case.close' AND detail NOT LIKE '%agua%'`); n != "1" {
		t.Errorf("%s entries in the trail", n)
	}
}

func TestWhoClosesAndWithWhat(t *testing.T) {
	u := newUnit(t)
	file := u.worked(1)
	if err := u.close(u.luis, file); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a colleague: %v", err)
	}
	if err := u.close(u.rshHead, file); !fault.Is(err, fault.Forbidden) {
		t.Errorf("another unit's head: %v", err)
	}
	for what, change := range map[string]func(*casework.CloseForm){
		"reason": func(f *casework.CloseForm) { f.Reason = "boredom" }, "summary": func(f *casework.CloseForm) { f.Summary = "Listo." },
		"summary ": func(f *casework.CloseForm) { f.Summary = strings.Repeat("ñ", 4001) },
	} {
		if err := u.close(u.camila, file, change); len(fieldsOf(err)) != 1 || fieldsOf(err)[0] != strings.TrimSpace(what) {
			t.Errorf("%s: %v", what, err)
		}
	}
	u.absences["camila"] = casework.Away{ReplacementID: "luis"}
	if err := u.close(u.luis, file); err != nil {
		t.Errorf("the replacement: %v", err)
	}
	second := u.worked(2)
	if err := u.close(u.head, second); err != nil {
		t.Errorf("the head: %v", err)
	}
	stranger := u.head
	stranger.Municipality = tenantstest.Municipality(t, u.files, "06304")
	if err := u.service.Close(background, stranger, second, casework.CloseForm{Case: "x", Reason: "died", Summary: summary}); !fault.Is(err, fault.NotFound) {
		t.Errorf("from elsewhere: %v", err)
	}
	if err := u.service.Open(background, u.camila, second, casework.OpenForm{Worker: "luis", Reason: "x"}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a case manager says who works: %v", err)
	}
	if err := u.service.Open(background, u.head, second, casework.OpenForm{Worker: "luis", Reason: "Conoce a la familia"}); err != nil {
		t.Errorf("the head says who works: %v", err)
	}
	if got := u.header(second); got != "Responsable: Luis Moraga" {
		t.Errorf("got %q", got)
	}
	if err := u.service.Open(background, u.head, u.file(3), casework.OpenForm{}); len(fieldsOf(err)) != 1 {
		t.Errorf("without a reason: %v", err)
	}
}

// An open plan is no objective met; for any other reason one says that it ends too.
func TestClosingWithAnOpenPlan(t *testing.T) {
	u := newUnit(t)
	file := u.worked(1)
	undone := []casework.Undone{{Href: "/plans/p", Name: "Plan 2026-0001", Pending: 2}}
	u.service.Undone = func(*tenants.Tx, string) ([]casework.Undone, error) { return undone, nil }
	said := ""
	u.service.Abandon = func(_ *tenants.Tx, _ actor.Actor, _, reason string) error { said = reason; return nil }
	c := webtest.New(t, u.camila, casework.NewHandlers(u.service).Mount)
	page := c.Get("/files/" + file + "/case/close")
	page.Contains(t, "Plan 2026-0001", "2 ítems pendientes", "Retirar lo pendiente")
	sent := url.Values{"case": {u.text(`SELECT id FROM case_file`)}, "reason": {"objectives_met"}, "summary": {summary}, "anyway": {"1"}}
	got := c.PostForm("/files/"+file+"/case/close", sent)
	if got.Status != http.StatusUnprocessableEntity {
		t.Errorf("objectives met: %d", got.Status)
	}
	got.Contains(t, summary, "No se puede cerrar por objetivos cumplidos")
	sent.Set("reason", "moved_away")
	sent.Del("anyway")
	c.PostForm("/files/"+file+"/case/close", sent).Contains(t, "Confirme que lo pendiente se retira")
	if said != "" {
		t.Fatalf("withdrawn without being told: %q", said)
	}
	sent.Set("anyway", "1")
	if got := c.PostForm("/files/"+file+"/case/close", sent); got.Status != http.StatusSeeOther || said != "Cierre del caso: Cambio de domicilio a otra comuna" {
		t.Errorf("got %d, said %q", got.Status, said)
	}
	after := c.Get("/files/" + file + "/case")
	after.Contains(t, "Abrir nuevamente", summary, "El caso quedó cerrado")
	if got := c.Get("/files/" + file + "/case/close"); got.Status != http.StatusSeeOther {
		t.Errorf("the form of a closed case: %d", got.Status)
	}
	if got := c.PostForm("/files/"+file+"/case/open", url.Values{"reason": {""}}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("opened without a reason: %d", got.Status)
	}
	if got := c.PostForm("/files/"+file+"/case/open", url.Values{"reason": {"Volvió"}}); got.Status != http.StatusSeeOther {
		t.Errorf("opened: %d", got.Status)
	}
}
