package trail_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/app/trail"
	"gsl/tenants"
)

func asking(key string) trail.Asking {
	return trail.Asking{Kind: trail.Access, Asked: "Una copia de todo.", Channel: "in_person", Proof: "id_card", Received: day("2026-11-20"), Key: key}
}

func (o *office) receive(a trail.Asking) trail.Request {
	o.t.Helper()
	r, err := o.service.Receive(background, o.desk, o.file.ID, a)
	if err != nil {
		o.t.Fatal(err)
	}
	return r
}

func (o *office) count(query string, args ...any) (n int) {
	o.t.Helper()
	err := o.limache.View(background, func(tx *tenants.Tx) error { return tx.QueryRow(query, args...).Scan(&n) })
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

// A desk takes a request in; it is answered by who may, once, and stays as it was answered.
func TestARequestFromTheDeskToItsAnswer(t *testing.T) {
	o := newOffice(t)
	r := o.receive(asking("k1"))
	if r.Folio() != "S-2026-0001" || r.Due != day("2026-12-20") || r.Left(day("2026-11-20")) != 30 || r.Late(day("2026-12-20")) || !r.Late(day("2026-12-21")) {
		t.Fatalf("%+v", r)
	}
	if again := o.receive(asking("k1")); again.ID != r.ID || o.count(`SELECT count(*) FROM data_request`) != 1 {
		t.Error("the same form made another request")
	}
	if next := o.receive(asking("k2")); next.Folio() != "S-2026-0002" {
		t.Error(next.Folio())
	}
	answer := trail.Answer{Outcome: trail.Granted, Text: "Se entrega la ficha completa.", Delivery: "in_person"}
	if err := o.service.Respond(background, o.camila, r.ID, answer); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a case manager answered: %v", err)
	}
	for range 2 {
		if err := o.service.Respond(background, o.counterpart, r.ID, answer); err != nil {
			t.Fatal(err)
		}
	}
	other := trail.Answer{Outcome: trail.Refused, Text: "No.", Delivery: "letter"}
	if err := o.service.Respond(background, o.head, r.ID, other); !fault.Is(err, fault.Conflict) {
		t.Errorf("answered otherwise: %v", err)
	}
	v, err := o.service.Request(background, o.head, r.ID)
	if err != nil || v.Answer != answer || v.AnsweredBy != "Ximena Lagos" || len(v.Entries) != 2 {
		t.Errorf("%+v %v", v, err)
	}
	if n := o.count(`SELECT count(*) FROM audit WHERE action = 'request.answer'`); n != 1 {
		t.Errorf("%d entries of the answer", n)
	}
	err = o.limache.Update(background, func(tx *tenants.Tx) error {
		_, err := tx.Exec(`UPDATE data_request SET answer = 'otra' WHERE id = ?`, r.ID)
		return err
	})
	if err == nil {
		t.Error("an answer was changed")
	}
	if err := audit.Verify(background, o.limache); err != nil {
		t.Error(err)
	}
}

func TestWhatARequestMustSay(t *testing.T) {
	o := newOffice(t)
	for field, spoil := range map[string]func(*trail.Asking){
		"kind":        func(a *trail.Asking) { a.Kind = "all" },
		"asked":       func(a *trail.Asking) { a.Asked = " \n" },
		"channel":     func(a *trail.Asking) { a.Channel = "" },
		"proof":       func(a *trail.Asking) { a.Proof = "none" },
		"agent":       func(a *trail.Asking) { a.Proof = "power" },
		"answer_to":   func(a *trail.Asking) { a.Channel = "email" },
		"received_on": func(a *trail.Asking) { a.Received = day("2026-11-21") },
	} {
		a := asking(field)
		spoil(&a)
		_, err := o.service.Receive(background, o.desk, o.file.ID, a)
		var e *fault.Error
		if !errors.As(err, &e) || e.Kind != fault.Invalid || len(e.Fields) != 1 || e.Fields[0].Name != field {
			t.Errorf("%s: %v %+v", field, err, e)
		}
	}
	long := asking("long")
	long.Asked = strings.Repeat("ñ", 4001)
	if _, err := o.service.Receive(background, o.desk, o.file.ID, long); !fault.Is(err, fault.Invalid) {
		t.Errorf("too long: %v", err)
	}
	if o.count(`SELECT count(*) FROM data_request`) != 0 {
		t.Error("something was kept")
	}
}

// To ask what is held must not make anything be held.
func TestARequestOfSomebodyUnknownOpensNoFile(t *testing.T) {
	o := newOffice(t)
	before := o.count(`SELECT count(*) FROM file`)
	r, err := o.service.ReceiveFrom(background, o.counterpart, trail.Stranger{RUN: "11.111.111-1", Name: "Pedro Nadie"}, asking("k"))
	if err != nil || r.FileID != "" || r.PersonNumber != "11.111.111-1" {
		t.Fatalf("%+v %v", r, err)
	}
	if o.count(`SELECT count(*) FROM file`) != before {
		t.Error("a file was opened")
	}
	if _, err := o.service.Hand(background, o.counterpart, nil, r.ID); !fault.Is(err, fault.Invalid) {
		t.Errorf("a file was handed over: %v", err)
	}
	err = o.service.Respond(background, o.counterpart, r.ID, trail.Answer{Outcome: trail.NoData, Text: "No hay datos suyos.", Delivery: "in_person"})
	if err != nil {
		t.Error(err)
	}
	known, err := o.service.ReceiveFrom(background, o.counterpart, trail.Stranger{RUN: "12.345.678-5", Name: "María"}, asking("k2"))
	if err != nil || known.FileID != o.file.ID || known.PersonName != "María Eugenia González Pérez" {
		t.Fatalf("%+v %v", known, err)
	}
	err = o.service.Respond(background, o.counterpart, known.ID, trail.Answer{Outcome: trail.NoData, Text: "No hay.", Delivery: "in_person"})
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("answered that nothing is held of who has a file: %v", err)
	}
	for _, bad := range []trail.Stranger{{RUN: "11.111.111-2", Name: "a"}, {RUN: "11.111.111-1"}, {}} {
		if _, err := o.service.ReceiveFrom(background, o.counterpart, bad, asking("k3")); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// A RUN that is typed into the register counts as one that is looked up: going
// through RUNs there says no more of who has a file than the box on top.
func TestTheRegisterCountsRUNs(t *testing.T) {
	o := newOffice(t)
	head := o.as(o.head)
	for i := range int(people.DefaultCap.PerMinute) + 1 {
		form := url.Values{"run": {people.RUNOf(uint32(9000000 + i)).Format()}, "kind": {"access"}, "asked": {"Todo"}, "key": {fmt.Sprint("c", i)}, "name": {"x"},
			"proof": {"id_card"}, "channel": {"in_person"}, "received_on": {"20-11-2026"}}
		want := http.StatusSeeOther
		if i == int(people.DefaultCap.PerMinute) {
			want = http.StatusTooManyRequests
		}
		if got := head.PostForm("/requests", form); got.Status != want {
			t.Fatalf("RUN %d: %d, not %d", i, got.Status, want)
		}
	}
	if _, err := o.people.Find(background, o.head, people.RUNOf(mariaRUN)); !fault.Is(err, fault.TooMany) {
		t.Errorf("the box on top counts apart: %v", err)
	}
	if n := o.count(`SELECT count(*) FROM audit WHERE action = 'people.lookup_capped'`); n != 1 {
		t.Errorf("%d alerts in the trail", n)
	}
}

// Twenty at once: numbers without gaps or repeats; of two who answer, one does.
func TestRequestsAtOnce(t *testing.T) {
	o := newOffice(t)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if _, err := o.service.Receive(background, o.desk, o.file.ID, asking(fmt.Sprint("k", i))); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := o.count(`SELECT count(DISTINCT number) * 100 + max(number) FROM data_request`); n != 2020 {
		t.Errorf("numbers: %d", n)
	}
	r := o.receive(asking("answer"))
	done := make([]error, 2)
	for i, who := range []actor.Actor{o.head, o.counterpart} {
		all.Go(func() {
			done[i] = o.service.Respond(background, who, r.ID, trail.Answer{Outcome: trail.Granted, Text: fmt.Sprint("respuesta ", i), Delivery: "in_person"})
		})
	}
	all.Wait()
	if (done[0] == nil) == (done[1] == nil) {
		t.Errorf("%v", done)
	}
}

// The register: late ones first and marked; what was typed comes back; desks see none of it.
func TestTheRegisterOnScreen(t *testing.T) {
	o := newOffice(t)
	late := asking("late")
	late.Received = day("2026-10-01")
	lateOne := o.receive(late)
	r := o.receive(asking("k1"))
	head := o.as(o.head)
	page := head.Get("/requests")
	page.Contains(t, "S-2026-0001", `data-request="late"`, "Atrasada 20 días", `data-request="open"`, "Quedan 30 días", "1 solicitud está atrasada")
	if strings.Index(page.Body, lateOne.ID) > strings.Index(page.Body, r.ID) {
		t.Error("the late one does not come first")
	}
	one := head.Get("/requests/" + r.ID)
	one.Contains(t, "Una copia de todo.", "Cédula de identidad", "Rosa Peña", "20-12-2026", "Descargar la ficha completa")
	back := head.PostForm("/requests/"+r.ID+"/answer", url.Values{"outcome": {"refused"}, "answer": {""}, "delivery": {"letter"}})
	if back.Status != http.StatusUnprocessableEntity {
		t.Error(back.Status)
	}
	back.Contains(t, "error-summary", "Escriba la respuesta", `value="refused" checked`)
	if got := head.PostForm("/requests/"+r.ID+"/notes", url.Values{"note": {"Se pidió el poder."}}); got.Status != http.StatusSeeOther {
		t.Error(got.Status, got.Body)
	}
	if got := head.PostForm("/requests/"+r.ID+"/answer", url.Values{"outcome": {"granted"}, "answer": {"Se entrega."}, "delivery": {"in_person"}}); got.Status != http.StatusSeeOther {
		t.Error(got.Status, got.Body)
	}
	head.Get("/requests/"+r.ID).Contains(t, "Se entrega.", "Se pidió el poder.", `data-request="answered"`)
	head.Get("/requests?state=answered").Contains(t, "S-2026-0002", "Acogida")
	conflict := o.as(o.counterpart).PostForm("/requests/"+r.ID+"/answer", url.Values{"outcome": {"refused"}, "answer": {"No."}, "delivery": {"letter"}})
	if conflict.Status != http.StatusConflict {
		t.Error(conflict.Status)
	}
	conflict.Contains(t, "Otra persona respondió", "Se entrega.")

	desk := o.as(o.desk)
	form := desk.Get("/files/" + o.file.ID + "/requests/new")
	form.Contains(t, "Ya hay una solicitud por responder: S-2026-0001")
	bad := desk.PostForm("/files/"+o.file.ID+"/requests", url.Values{"kind": {"access"}, "asked": {"Todo lo mío"}, "proof": {""}, "channel": {"in_person"}, "received_on": {"31-02-2026"}, "key": {"k9"}})
	if bad.Status != http.StatusUnprocessableEntity {
		t.Error(bad.Status)
	}
	bad.Contains(t, "Todo lo mío", `value="31-02-2026"`, `value="access" checked`)
	for _, path := range []string{"/requests", "/requests/" + r.ID} {
		if got := desk.Get(path); got.Status != http.StatusForbidden {
			t.Errorf("a desk got %s: %d", path, got.Status)
		}
	}
	if text := pdfText(t, desk.Get("/requests/"+r.ID+"/receipt.pdf").Body); !strings.Contains(text, "S-2026-0002") || !strings.Contains(text, "20-12-2026") {
		t.Errorf("the receipt says:\n%s", text)
	}
	if got := o.as(o.camila).Get("/requests/" + r.ID + "/receipt.pdf"); got.Status != http.StatusNotFound {
		t.Errorf("somebody else got the receipt: %d", got.Status)
	}
}

// Pages of the register have neither gaps nor repeats.
func TestPagesOfTheRegister(t *testing.T) {
	o := newOffice(t)
	for i := range 130 {
		a := asking(fmt.Sprint("k", i))
		a.Received = day("2026-11-20").AddDays(-(i % 7))
		o.receive(a)
	}
	seen, after := map[string]bool{}, ""
	for pages := 0; ; pages++ {
		g, err := o.service.Requests(background, o.counterpart, false, after)
		if err != nil || pages > 5 {
			t.Fatal(err, pages)
		}
		for i := range g.Requests {
			if seen[g.Requests[i].ID] {
				t.Fatal("twice")
			}
			seen[g.Requests[i].ID] = true
		}
		if after = g.Next; after == "" {
			break
		}
	}
	if len(seen) != 130 {
		t.Errorf("%d", len(seen))
	}
	if _, err := o.service.Requests(background, o.counterpart, false, "nonsense"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a place that is none: %v", err)
	}
}
