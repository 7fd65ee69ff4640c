package attention_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/attention"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/kit/pdf/pdftest"
	"gsl/app/kit/web/webtest"
	"gsl/app/people"
	"gsl/tenants"
)

var background = context.Background()

// furnished is a house with topics and the national catalogue.
func furnished(t *testing.T) *house {
	t.Helper()
	h := build(t)
	h.update(attention.Seed)
	if err := catalogue.SeedNational(background, h.files.National()); err != nil {
		t.Fatal(err)
	}
	for _, m := range []*tenants.Municipality{h.limache, h.lolol} {
		if err := m.Update(background, func(tx *tenants.Tx) error { return catalogue.Seed(tx, m.Identity) }); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

func (h *house) front() actor.Actor {
	who := h.worker(h.limache, access.FrontDesk, "")
	who.UnitName = ""
	return who
}

func (h *house) rsh() actor.Actor { return h.worker(h.limache, access.RSHDesk, access.RSHUnit) }

// attention opens one of the person at the actor's desk and gives its id.
func (h *house) open(who actor.Actor, body uint32) (people.File, string) {
	h.t.Helper()
	f := h.lookup(who, body)
	return f, h.openOf(who, f.ID)
}

func (h *house) openOf(who actor.Actor, file string) (id string) {
	h.t.Helper()
	err := who.Municipality.View(background, func(tx *tenants.Tx) (err error) {
		id, err = h.attention.Why(tx, who, file)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

func as(c attention.Closing) attention.Edit {
	return func(attention.Closing) attention.Closing { return c }
}

func form(pairs ...string) url.Values {
	f := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		f.Add(pairs[i], pairs[i+1])
	}
	return f
}

func see(t *testing.T, r *webtest.Response, status int) *webtest.Response {
	t.Helper()
	if r.Status != status {
		t.Fatalf("status %d, want %d:\n%s", r.Status, status, r.Body)
	}
	return r
}

func location(t *testing.T, r *webtest.Response, want string) {
	t.Helper()
	see(t, r, http.StatusSeeOther)
	if got := r.Header.Get("Location"); got != want {
		t.Fatalf("leads to %s, want %s", got, want)
	}
}

// Information only, without JavaScript: the workbench, the RUN, one item
// explained, finished in two presses, and the paper in the hand.
func TestInformationOnlyFromStartToFinish(t *testing.T) {
	h := furnished(t)
	c := h.client(h.front())
	look := c.PostForm("/lookup", form("run", "12.345.678-5"))
	see(t, look, http.StatusSeeOther)
	file := regexp.MustCompile(`/files/([0-9A-Z]+)/`).FindStringSubmatch(look.Header.Get("Location"))[1]
	id := h.openOf(h.front(), file)
	page := "/attentions/" + id

	location(t, c.PostForm("/files/"+file+"/explained", form("item", "E101", "on", "yes", "back", "/files/"+file+"/catalogue")), "/files/"+file+"/catalogue")
	h.clock.Advance(12 * time.Minute)
	see(t, c.Get("/files/"+file+"/history"), 200).Contains(t, "Atención abierta", `data-minutes="12"`, "1 explicado", `href="`+page+`/finish"`, "Finalizar")
	finish := see(t, c.Get(page+"/finish"), 200)
	finish.Contains(t, "Canasta de alimentos", `value="oriented" checked`, `value="T03" selected`, `value="in_person" selected`, "Finalizar atención", "no hubo derivaciones")
	location(t, c.PostForm(page+"/finish", form("outcome", "oriented", "topic", "T03", "channel", "in_person", "note", "pidió canasta", "told", "Volver el lunes", "next_date", "30-11-2026")), page)

	shown := see(t, c.Get(page), 200)
	shown.Contains(t, "Atención finalizada", "N° A-2026-00001", "Canasta de alimentos", "Volver el lunes", "30-11-2026", "duró 12 min", "pidió canasta", "data-print", page+".pdf", page+"/reopen")
	paper := see(t, c.Get(page+".pdf"), 200)
	if got := paper.Header.Get("Content-Disposition"); !strings.Contains(got, "comprobante-A-2026-00001.pdf") {
		t.Errorf("the file is called %s", got)
	}
	text := pdftest.Text(t, []byte(paper.Body))
	for _, want := range []string{"Comprobante de atención", "A-2026-00001", "12.345.678-5", "Canasta de alimentos", "Volver el lunes", "30-11-2026", "Mesón general"} {
		if !strings.Contains(text, want) {
			t.Errorf("the paper lacks %q:\n%s", want, text)
		}
	}
	for _, never := range []string{"pidió canasta", "Alimentación"} { // the note, the topic
		if strings.Contains(text, never) {
			t.Errorf("the paper says %q", never)
		}
	}
	if again := c.Get(page + ".pdf"); !bytes.Equal([]byte(again.Body), []byte(paper.Body)) {
		t.Error("the same attention printed twice differs")
	}
	h.expect("front_desk 2026-11-21 finished oriented")
}

func TestTheLevelFollowsWhatWasDone(t *testing.T) {
	for name, want := range map[string]struct {
		deeds   []string
		outcome attention.Outcome
	}{
		"nothing":            {nil, attention.Oriented},
		"who the person is":  {[]string{"people.identified"}, attention.Oriented},
		"a referral":         {[]string{"referral.create"}, attention.Referred},
		"an answer":          {[]string{"referral.answer"}, attention.Oriented},
		"the cart":           {[]string{"cart.add"}, attention.Casework},
		"a plan that refers": {[]string{"plan.create", "referral.create"}, attention.Casework},
	} {
		t.Run(name, func(t *testing.T) {
			h := furnished(t)
			f, id := h.open(h.manager(), 1)
			h.changed(h.rsh(), f.ID, "plan.create", nil) // another desk's
			h.clock.Advance(time.Second)
			for _, action := range want.deeds {
				h.changed(h.manager(), f.ID, action, nil)
			}
			a, err := h.attention.Finish(background, h.manager(), id, as(attention.Closing{}))
			if err != nil || a.Outcome != want.outcome {
				t.Errorf("%q (%v), want %q", a.Outcome, err, want.outcome)
			}
			h.changed(h.manager(), f.ID, "cart.add", nil) // afterwards: not of this attention
			if a, err = h.attention.Finish(background, h.manager(), id, as(attention.Closing{})); err != nil || a.Outcome != want.outcome {
				t.Errorf("finished twice: %q (%v)", a.Outcome, err)
			}
		})
	}
}

func TestTheTopicFollowsWhatItIsAbout(t *testing.T) {
	for name, tc := range map[string]struct {
		who   string
		items []string
		want  string
	}{
		"a basket":         {access.FrontDesk, []string{"E101"}, "T03"},
		"a change of RSH":  {access.FrontDesk, []string{"A106"}, "T01"},
		"a subsidy":        {access.FrontDesk, []string{"D101"}, "T02"},
		"the desk's own":   {access.RSHDesk, nil, "T01"},
		"the item first":   {access.RSHDesk, []string{"E101"}, "T03"},
		"nothing, no desk": {access.FrontDesk, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := furnished(t)
			who := h.front()
			if tc.who == access.RSHDesk {
				who = h.rsh()
			}
			f, id := h.open(who, 1)
			for _, item := range tc.items {
				if err := h.attention.Explain(background, who, f.ID, item, true); err != nil {
					t.Fatal(err)
				}
			}
			v, err := h.attention.Look(background, who, id, "attention")
			if err != nil || v.Attention.TopicCode != tc.want {
				t.Errorf("preset %q (%v), want %q", v.Attention.TopicCode, err, tc.want)
			}
		})
	}
}

func TestWhatCannotBeKept(t *testing.T) {
	h := furnished(t)
	c := h.client(h.front())
	_, id := h.open(h.front(), 1)
	page := "/attentions/" + id + "/finish"
	long := strings.Repeat("ñ", 1001)
	for name, tc := range map[string]struct{ field, value, says string }{
		"outcome":        {"outcome", "solved", "tres niveles"},
		"channel":        {"channel", "fax", "canales"},
		"topic":          {"topic", "T99", "tema de la lista"},
		"note":           {"note", long, "1.000 caracteres"},
		"told":           {"told", long, "1.000 caracteres"},
		"past":           {"next_date", "20-11-2026", "ya pasó"},
		"far":            {"next_date", "01-01-2099", "a un año"},
		"no date":        {"next_date", "31-02-2027", "fecha que exista"},
		"nobody's RUN":   {"rep_run", "12.345.678-0", "RUN no es válido"},
		"who":            {"rep_relationship", "boss", "relación"},
		"with what":      {"rep_authorisation", "cash", "autorización"},
		"control":        {"note", "a\x00b", "caracteres que no se pueden"},
		"then":           {"then", "burn", "opciones"},
		"unknown field":  {"outcome2", "x", "no corresponde"},
		"not even UTF-8": {"told", "\xff", "caracteres que no se pueden"},
	} {
		got := c.PostForm(page, form(tc.field, tc.value, "note", "se conserva"))
		if tc.field == "note" {
			got = c.PostForm(page, form(tc.field, tc.value))
		}
		if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, tc.says) {
			t.Errorf("%s: %d\n%s", name, got.Status, got.Body)
		}
		if tc.field != "note" && !strings.Contains(got.Body, "se conserva") {
			t.Errorf("%s: what was typed is lost", name)
		}
	}
	h.expect("front_desk 2026-11-21 open")
}

func TestSomebodyCameForThePerson(t *testing.T) {
	h := furnished(t)
	c := h.client(h.front())
	f, id := h.open(h.front(), 1)
	page := "/attentions/" + id
	see(t, c.PostForm(page+"/finish", form("rep_run", "9876543-3", "then", "keep")), 422).Contains(t, "nombre de quien vino", "relación con la persona", "autorización", "open")
	location(t, c.PostForm(page+"/finish", form("rep_name", " Luz  Pérez ", "rep_run", "9876543-3", "rep_relationship", "child", "rep_authorisation", "simple", "channel", "phone", "then", "keep")), "/files/"+f.ID+"/screening")
	h.expect("front_desk 2026-11-21 open")
	location(t, c.PostForm(page+"/finish", form("outcome", "oriented")), page) // what is not sent stays
	see(t, c.Get(page), 200).Contains(t, "Luz Pérez · 9.876.543-3 · Hijo o hija", "Poder simple", "Por teléfono")
}

// Two tabs: the first ends it, the second with the same words sees it ended, with
// others is told, and loses nothing of what it typed.
func TestTwoTabsFinish(t *testing.T) {
	h := furnished(t)
	c := h.client(h.front())
	_, id := h.open(h.front(), 1)
	page := "/attentions/" + id
	sent := form("outcome", "oriented", "topic", "T03", "channel", "in_person", "note", "una", "told", "", "next_date", "")
	location(t, c.PostForm(page+"/finish", sent), page)
	location(t, c.PostForm(page+"/finish", sent), page)
	other := see(t, c.PostForm(page+"/finish", form("outcome", "referred", "note", "otra cosa")), http.StatusConflict)
	other.Contains(t, "ya se finalizó con otros datos", "otra cosa", `href="`+page+`"`)
	see(t, c.PostHX(page+"/finish", form("note", "otra más")), http.StatusConflict).Contains(t, "ya se finalizó", "otra más")
	location(t, c.Get(page+"/finish"), page)
	h.expect("front_desk 2026-11-21 finished oriented")

	var wait sync.WaitGroup
	_, id = h.open(h.front(), 2)
	for range 8 {
		wait.Go(func() {
			if _, err := h.attention.Finish(background, h.front(), id, as(attention.Closing{Channel: attention.Phone})); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	a, err := h.attention.Finish(background, h.front(), id, as(attention.Closing{Channel: attention.Phone}))
	if err != nil || a.Folio() != "A-2026-00002" {
		t.Errorf("%s (%v)", a.Folio(), err)
	}
}

func TestReopenedOnItsDayOnly(t *testing.T) {
	h := furnished(t)
	f, id := h.open(h.front(), 1)
	c := h.client(h.front())
	location(t, c.PostForm("/attentions/"+id+"/finish", form("note", "mal")), "/attentions/"+id)
	location(t, c.PostForm("/attentions/"+id+"/reopen", form()), "/files/"+f.ID+"/screening")
	location(t, c.PostForm("/attentions/"+id+"/reopen", form()), "/files/"+f.ID+"/screening") // pressed twice
	h.expect("front_desk 2026-11-21 open")
	a, err := h.attention.Finish(background, h.front(), id, func(was attention.Closing) attention.Closing { return was })
	if err != nil || a.Folio() != "A-2026-00001" || a.Note != "mal" || a.Reopened != 1 {
		t.Errorf("%+v (%v)", a, err)
	}
	h.lookup(h.front(), 1) // the desk has another one open now
	if _, err := h.attention.Reopen(background, h.front(), id); !fault.Is(err, fault.Conflict) {
		t.Errorf("two open at one desk: %v", err)
	}
	h.clock.Advance(24 * time.Hour)
	if _, err := h.attention.Reopen(background, h.front(), id); !fault.Is(err, fault.Conflict) {
		t.Errorf("the day after: %v", err)
	}
	see(t, c.PostForm("/attentions/"+id+"/reopen", form()), http.StatusConflict).Contains(t, "solo se reabre el mismo día")
}

func TestAnotherDesksAttentionIsReadNotChanged(t *testing.T) {
	h := furnished(t)
	_, id := h.open(h.front(), 1)
	other := h.client(h.rsh())
	see(t, other.Get("/attentions/"+id), 200).Lacks(t, "/finish\"", "/reopen")
	see(t, other.Get("/attentions/"+id+"/finish"), http.StatusForbidden)
	for _, verb := range []string{"finish", "draft", "reopen"} {
		see(t, other.PostForm("/attentions/"+id+"/"+verb, form("note", "ajena")), http.StatusForbidden)
	}
	for _, who := range []actor.Actor{h.worker(h.limache, access.Director, ""), h.worker(h.limache, access.Counterpart, "")} {
		see(t, h.client(who).Get("/attentions/"+id), 200)
		see(t, h.client(who).PostForm("/attentions/"+id+"/finish", form()), http.StatusForbidden)
	}
	far := h.client(h.worker(h.lolol, access.FrontDesk, ""))
	for _, path := range []string{"", ".pdf", "/finish"} {
		see(t, far.Get("/attentions/"+id+path), http.StatusNotFound)
	}
	for _, verb := range []string{"finish", "draft", "reopen"} {
		see(t, far.PostForm("/attentions/"+id+"/"+verb, form()), http.StatusNotFound)
	}
	see(t, h.client(h.front()).Get("/attentions/01J0000000000000000000NONE"), http.StatusNotFound)
	h.expect("front_desk 2026-11-21 open")
}

// What is typed is kept as it is typed, and a discarded attention counts for nothing.
func TestTypedTextsAreKept(t *testing.T) {
	h := furnished(t)
	c := h.client(h.front())
	f, id := h.open(h.front(), 1)
	page := "/attentions/" + id
	see(t, c.PostHX(page+"/draft", form("note", "viene por", "told", "traer", "next_date", "3", "outcome", "oriented")), 200).Contains(t, "Guardado 12:00")
	see(t, c.PostHX(page+"/draft", form("note", strings.Repeat("a", 2000))), 422).Contains(t, "Aún no se guarda")
	see(t, c.GetHX(page+"/finish"), 200).Contains(t, "<dialog", "viene por", "traer")
	see(t, c.PostForm(page+"/finish", form("then", "discard")), http.StatusConflict).Contains(t, "no se puede descartar")
	h.clock.Advance(24 * time.Hour)
	h.lookup(h.front(), 2)
	h.expect("front_desk 2026-11-21 finished oriented; front_desk 2026-11-22 open")
	see(t, c.Get(page), 200).Contains(t, "Se cerró sola", "Sin número todavía", "viene por")

	_, empty := h.open(h.front(), 3)
	see(t, c.Get("/attentions/"+empty+"/finish"), 200).Contains(t, `value="discard"`)
	location(t, c.PostForm("/attentions/"+empty+"/finish", form("then", "discard")), "/")
	see(t, c.Get("/attentions/"+empty), http.StatusNotFound)
	see(t, c.Get("/files/"+f.ID+"/history"), 200)
}

// Two tabs at one desk: the later one is shown what the other wrote, and only
// then writes over it. One alone is never asked, however often it saves itself.
func TestTwoTabsDoNotWriteOverEachOther(t *testing.T) {
	h := furnished(t)
	c := h.client(h.front())
	_, id := h.open(h.front(), 1)
	page := "/attentions/" + id
	showing := regexp.MustCompile(`name="(page|seen)" value="([^"]+)"`)
	tab := func(body string, more ...string) url.Values {
		values := form(more...)
		for _, field := range showing.FindAllStringSubmatch(body, -1) {
			values.Set(field[1], field[2])
		}
		return values
	}
	one, two := c.GetHX(page+"/finish").Body, c.GetHX(page+"/finish").Body
	see(t, c.PostHX(page+"/draft", tab(one, "note", "viene")), 200)
	see(t, c.PostHX(page+"/draft", tab(one, "note", "viene por su subsidio")), 200)
	see(t, c.PostHX(page+"/draft", tab(two, "note", "otra nota")), http.StatusConflict).Contains(t, "otra ventana escribió")
	again := c.PostHX(page+"/finish", tab(two, "note", "otra nota"))
	see(t, again, http.StatusConflict).Contains(t, "viene por su subsidio", "otra nota", "Otra ventana u otra persona")
	h.expect("front_desk 2026-11-21 open")
	location(t, c.PostForm(page+"/finish", tab(again.Body, "note", "otra nota")), page)
	see(t, c.Get(page), 200).Contains(t, "otra nota")

	see(t, c.PostHX(page+"/finish", tab(one, "note", "viene")), http.StatusConflict).Contains(t, "ya se finalizó")

	f, next := h.open(h.front(), 2) // what the form presets, nobody else wrote
	see(t, c.PostHX("/files/"+f.ID+"/explained", form("item", "E101", "on", "yes")), 200)
	preset := c.GetHX("/attentions/" + next + "/finish")
	topic := regexp.MustCompile(`value="(T\d+)" selected`).FindStringSubmatch(preset.Body)
	if topic == nil {
		t.Fatal("no topic is preset")
	}
	location(t, c.PostForm("/attentions/"+next+"/finish", tab(preset.Body, "topic", topic[1], "note", "", "told", "")), "/attentions/"+next)
}

func TestExplainingIsAttending(t *testing.T) {
	h := furnished(t)
	c := h.client(h.front())
	f, id := h.open(h.front(), 1)
	path := "/files/" + f.ID + "/explained"
	for range 2 { // pressed twice
		see(t, c.PostHX(path, form("item", "E101", "on", "yes")), 200).Contains(t, `hx-target="#attention-bar"`, "1 explicado", "Quedó anotado")
	}
	codes, err := h.attention.Explained(background, h.front(), f.ID)
	if err != nil || len(codes) != 1 || !codes["E101"] {
		t.Errorf("%v (%v)", codes, err)
	}
	if codes, _ := h.attention.Explained(background, h.rsh(), f.ID); len(codes) != 0 {
		t.Errorf("another desk: %v", codes)
	}
	see(t, c.PostHX(path, form("item", "E101", "on", "no")), 200).Lacks(t, "1 explicado")
	for _, bad := range []url.Values{form("item", "Z999", "on", "yes"), form("item", "E101"), form("on", "yes"), form("item", "E101", "on", "maybe")} {
		if got := c.PostForm(path, bad); got.Status != 422 && got.Status != 404 {
			t.Errorf("%v: %d", bad, got.Status)
		}
	}
	h.clock.Advance(24 * time.Hour)
	h.lookup(h.front(), 9)
	h.expect("front_desk 2026-11-21 discarded; front_desk 2026-11-22 open") // taken back: nothing was recorded
	see(t, c.Get("/attentions/"+id), http.StatusNotFound)

	location(t, c.PostForm(path, form("item", "D101", "on", "yes")), "/files/"+f.ID+"/screening") // from the workbench: it opens one
	if h.openOf(h.front(), f.ID) == "" {
		t.Error("explaining opened no attention")
	}
	see(t, h.client(h.worker(h.limache, access.Director, "")).PostForm(path, form("item", "D101", "on", "yes")), http.StatusForbidden)
	see(t, h.client(h.worker(h.lolol, access.FrontDesk, "")).PostForm(path, form("item", "D101", "on", "yes")), http.StatusNotFound)
}

func TestAnAttentionCanBeOpenedFromTheFile(t *testing.T) {
	h := furnished(t)
	c := h.client(h.front())
	f, id := h.open(h.front(), 1)
	location(t, c.PostForm("/attentions/"+id+"/finish", form()), "/attentions/"+id)
	see(t, c.Get("/attentions/"+id), 200).Contains(t, "Abrir atención", "/files/"+f.ID+"/attentions")
	h.clock.Advance(time.Minute)
	for range 2 {
		location(t, c.PostForm("/files/"+f.ID+"/attentions", form("back", "/files/"+f.ID+"/plan")), "/files/"+f.ID+"/plan")
	}
	location(t, c.PostForm("/files/"+f.ID+"/attentions", form("back", "https://evil.example")), "/files/"+f.ID+"/screening")
	h.expect("front_desk 2026-11-21 finished oriented; front_desk 2026-11-21 open")
}

// From the pop-up, where only the file is known, the attention ends too.
func TestFinishingFromThePopUp(t *testing.T) {
	h := furnished(t)
	c := h.client(h.front())
	f, id := h.open(h.front(), 1)
	see(t, c.GetHX("/files/"+f.ID+"/finish"), 200).Contains(t, `<dialog id="finish"`, "/attentions/"+id+"/finish")
	location(t, c.PostForm("/attentions/"+id+"/finish", form()), "/attentions/"+id)
	location(t, c.Get("/files/"+f.ID+"/finish"), "/files/"+f.ID+"/screening")
	see(t, h.client(h.worker(h.lolol, access.FrontDesk, "")).Get("/files/"+f.ID+"/finish"), http.StatusNotFound)
	see(t, h.client(h.worker(h.limache, access.Director, "")).Get("/files/"+f.ID+"/finish"), http.StatusForbidden)
}

// The paper says whom to turn to, also where the catalogue does not.
func TestThePaperSaysWhomToTurnTo(t *testing.T) {
	h := furnished(t)
	h.attention.Contact = func(_ *tenants.Tx, provider string) (string, error) {
		return "Mesón de " + provider + " · +56 33 229 7200", nil
	}
	f, id := h.open(h.front(), 1)
	if err := h.attention.Explain(background, h.front(), f.ID, "E101", true); err != nil {
		t.Fatal(err)
	}
	h.attention.Contact = func(*tenants.Tx, string) (string, error) { return "otro", nil } // as it was that day
	see(t, h.client(h.front()).Get("/attentions/"+id), 200).Contains(t, "Mesón de Asistencia Social · +56 33 229 7200")
}
