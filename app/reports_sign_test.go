package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/report"
)

// readyReports makes drafts of the municipality that lack nothing.
func (h *house) readyReports(code string, n int) (ids []string) {
	h.t.Helper()
	who := actor.Actor{UserID: "u", Name: "Nadie", Role: access.CaseManager, UnitID: access.SocialUnit, UnitName: "Asistencia Social",
		Municipality: h.municipality(code), Permissions: access.PermissionsOf(access.CaseManager, access.SocialUnit)}
	file := h.one(code, `SELECT file_id FROM plan WHERE status = 'open' ORDER BY id LIMIT 1`)
	ctx, page := context.Background(), report.Page{Name: "test", Seen: 1}
	for range n {
		r, err := h.app.Report.Draft(ctx, who, file, report.New{Code: "C001", Purpose: "Ayuda social municipal", Addressee: "DIDECO"})
		if err != nil {
			h.t.Fatal(err)
		}
		_, err = h.app.Report.Save(ctx, who, r.ID, []report.Sent{
			{Part: report.OpinionPart, Page: page, Edit: func(c *report.Content) { c.Opinion.Text = "Requiere apoyo." }},
			{Part: report.RequestsPart, Page: page, Edit: func(c *report.Content) { c.Requests.List = []report.Request{{ID: "1", Text: "Canasta."}} }},
		})
		if err != nil {
			h.t.Fatal(err)
		}
		ids = append(ids, r.ID)
	}
	return ids
}

var signature = url.Values{"profession": {"Trabajadora social"}, "head_name": {"Hernán Salinas"}, "head_position": {"Jefatura"}, "then": {"keep"}}

// The program is killed while several people sign: what was acknowledged is
// signed, and the numbers have no gap.
func TestKilledWhileSigningLeavesNoGapInTheFolios(t *testing.T) {
	h := newHouse(t)
	ids := h.readyReports("05802", 40)
	if err := h.app.Close(); err != nil {
		t.Fatal(err)
	}
	base, kill := program(t, h.config.Data)
	h.url = base
	var acknowledged sync.Map
	var count atomic.Int64
	var wait sync.WaitGroup
	const workers = 4
	var visitors [workers]*visitor
	for n := range workers {
		visitors[n] = h.as(access.CaseManager, "05802")
		visitors[n].t = quiet{t} // when the program dies, requests fail
	}
	for n, v := range visitors {
		wait.Go(func() {
			defer func() { _ = recover() }() // quiet.Fatalf: the program is gone
			for i := n; i < len(ids); i += workers {
				if got := v.post("/reports/"+ids[i]+"/sign", signature); got.status != http.StatusSeeOther {
					t.Errorf("signing answered %d", got.status)
					return
				}
				acknowledged.Store(ids[i], true)
				if count.Add(1) == 12 {
					go kill()
				}
			}
		})
	}
	wait.Wait()
	kill()
	h.open()
	acknowledged.Range(func(id, _ any) bool {
		if state := h.one("05802", fmt.Sprintf(`SELECT state FROM report WHERE id = '%s'`, id)); state != "signed" {
			t.Errorf("an acknowledged signature is lost: %s", state)
		}
		return true
	})
	if gaps := h.one("05802", `SELECT max(number) - count(*) FROM report WHERE year = (SELECT max(year) FROM report) AND number > 0`); gaps != "0" {
		t.Errorf("%s numbers are missing", gaps)
	}
	if texts := h.one("05802", `SELECT count(*) - (SELECT count(*) FROM report WHERE number > 0) FROM report_text`); texts != "0" {
		t.Errorf("%s texts more than reports", texts)
	}
	if count.Load() < 12 {
		t.Errorf("only %d were signed before the end", count.Load())
	}
}

// From signature to approval to issue through the pages, as the roles do it, and
// what anybody sees of it who holds the paper.
func TestAReportFromSignatureToPaper(t *testing.T) {
	h := newHouse(t)
	id := h.readyReports("05802", 1)[0]
	item := h.one("05802", `SELECT r.item_id FROM report r JOIN plan_item i ON i.id = r.item_id WHERE r.state = 'draft' AND i.status = 'pending' ORDER BY r.id LIMIT 1`)
	h.exec("05802", `UPDATE report SET item_id = ?, plan_id = (SELECT plan_id FROM plan_item WHERE id = ?) WHERE id = ?`, item, item, id)
	worker, head, nobody := h.as(access.CaseManager, "05802"), h.as(access.UnitHead, "05802"), h.visitor()
	if got := worker.get("/reports/" + id + "/sign"); got.status != http.StatusOK || !strings.Contains(got.body, "Quién aprueba") {
		t.Fatalf("the page answered %d:\n%s", got.status, got.body)
	}
	if got := worker.post("/reports/"+id+"/sign", url.Values{"profession": {""}}); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "Escriba su profesión") {
		t.Errorf("without a profession: %d", got.status)
	}
	for range 2 {
		if got := worker.post("/reports/"+id+"/sign", signature); got.status != http.StatusSeeOther {
			t.Fatalf("signing answered %d:\n%s", got.status, got.body)
		}
	}
	if got := worker.post("/reports/"+id+"/approve", url.Values{}); got.status != http.StatusForbidden {
		t.Errorf("the author approves: %d", got.status)
	}
	if got := worker.post("/reports/"+id+"/issue", url.Values{}); got.status != http.StatusConflict {
		t.Errorf("issued before it was approved: %d", got.status)
	}
	if got := head.get("/reports/waiting"); !strings.Contains(got.body, "/reports/"+id) {
		t.Error("it does not wait for the head")
	}
	if got := head.post("/reports/"+id+"/return", url.Values{"comment": {""}}); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "Escriba qué hay que corregir") {
		t.Errorf("returned without a word: %d", got.status)
	}
	if got := head.post("/reports/"+id+"/approve", url.Values{"then": {"issue"}, "head_name": {"Hernán Salinas"}, "head_position": {"Jefatura"}}); got.status != http.StatusSeeOther {
		t.Fatalf("approving answered %d:\n%s", got.status, got.body)
	}
	if status := h.one("05802", `SELECT status FROM plan_item WHERE id = '`+item+`'`); status != "confirmed" {
		t.Errorf("the plan's item is %s", status)
	}
	code := h.one("05802", `SELECT code FROM report WHERE id = '`+id+`'`)
	got := nobody.get("/v/" + code)
	if got.status != http.StatusOK || !strings.Contains(got.body, `data-standing="valid"`) {
		t.Errorf("the code answered %d:\n%s", got.status, got.body)
	}
	person := h.one("05802", `SELECT f.given_names FROM report r JOIN file f ON f.id = r.file_id WHERE r.id = '`+id+`'`)
	for _, secret := range []string{person, "Camila", "Hernán", "Requiere apoyo"} {
		if secret != "" && strings.Contains(got.body, secret) {
			t.Errorf("the public page says %q", secret)
		}
	}
	if got := worker.post("/reports/"+id+"/annul", url.Values{"reason": {"Se duplicó"}}); got.status != http.StatusForbidden && got.status != http.StatusSeeOther {
		t.Errorf("annulling answered %d", got.status)
	}
	if got := nobody.get("/v?code=" + strings.ToLower(strings.ReplaceAll(code, "-", ""))); got.header.Get("Location") != "/v/"+code {
		t.Errorf("the form leads to %q", got.header.Get("Location"))
	}
	if got := nobody.get("/v/" + code); !strings.Contains(got.body, `data-standing="annulled"`) {
		t.Error("the code does not say that it is annulled")
	}
}

// Whoever tries one code after the other is slowed.
func TestCodesAreNotTriedOneByOne(t *testing.T) {
	h := newHouse(t)
	v, slowed := h.visitor(), 0
	for i := range 80 {
		if got := v.get(fmt.Sprintf("/v/05802-0000-0000-%04d", i)); got.status == http.StatusTooManyRequests {
			slowed++
		} else if got.status != http.StatusNotFound {
			t.Fatalf("answered %d", got.status)
		}
	}
	if slowed < 30 {
		t.Errorf("%d of 80 were slowed", slowed)
	}
}

// What a head returned waits for its author in plain sight: on the workbench, in
// the week, among the reports of the file and over the draft, with what is to be
// corrected; and so does what was approved and not issued.
func TestAReportThatCameBackIsTold(t *testing.T) {
	h := newHouse(t)
	id := h.readyReports("05802", 1)[0]
	worker, head := h.as(access.CaseManager, "05802"), h.as(access.UnitHead, "05802")
	sign := func() {
		t.Helper()
		if got := worker.post("/reports/"+id+"/sign", signature); got.status != http.StatusSeeOther {
			t.Fatalf("signing answered %d:\n%s", got.status, got.body)
		}
	}
	sign()
	h.exec("05802", `UPDATE report SET created_by = author_id, due_on = '2020-01-02' WHERE id = ?`, id)
	file := h.one("05802", `SELECT file_id FROM report WHERE id = '`+id+`'`)
	says := func(path, want string, there bool) {
		t.Helper()
		if got := worker.get(path); got.status != http.StatusOK || strings.Contains(got.body, want) != there {
			t.Errorf("%s (%d) says %q: %t, want %t", path, got.status, want, !there, there)
		}
	}
	for _, path := range []string{"/", "/agenda"} {
		says(path, "Devuelto para corregir", false)
	}
	if got := head.post("/reports/"+id+"/return", url.Values{"comment": {"Falta la deuda de agua."}}); got.status != http.StatusSeeOther {
		t.Fatalf("returning answered %d:\n%s", got.status, got.body)
	}
	for _, path := range []string{"/", "/agenda"} {
		says(path, "Devuelto para corregir", true)
	}
	for _, path := range []string{"/files/" + file + "/report", "/reports/" + id + "/edit"} {
		says(path, "Falta la deuda de agua.", true)
	}
	if n := strings.Count(worker.get("/agenda").body, "/reports/"+id+"/edit"); n != 1 {
		t.Errorf("one that is late too stands %d times in the week", n)
	}
	// Documents hang on the draft, and stay to be seen once it is signed.
	papers := "/files/" + file + "/documents?of=report"
	says("/reports/"+id+"/edit", papers, true)
	shelf := regexp.MustCompile(`/files/[0-9A-Z]+/documents\?of=report[^"]+`).FindString(worker.get("/reports/" + id + "/edit").body)
	says(shelf, `type="file"`, true)
	sign()
	says("/reports/"+id, papers, true)
	says(shelf, `type="file"`, false)
	says("/agenda", "Devuelto para corregir", false)
	if got := head.post("/reports/"+id+"/approve", url.Values{"head_name": {"Hernán Salinas"}, "head_position": {"Jefatura"}}); got.status != http.StatusSeeOther {
		t.Fatalf("approving answered %d:\n%s", got.status, got.body)
	}
	says("/", "Aprobado, falta emitirlo", true)
	if got := worker.post("/reports/"+id+"/issue", url.Values{}); got.status != http.StatusSeeOther {
		t.Fatalf("issuing answered %d:\n%s", got.status, got.body)
	}
	says("/", "Aprobado, falta emitirlo", false)
}
