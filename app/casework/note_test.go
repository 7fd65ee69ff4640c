package casework_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/casework"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/kit/web/webtest"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

// worked opens the case of a file, Camila's.
func (u *unit) worked(n int) string {
	u.t.Helper()
	file := u.file(n)
	u.assign(u.head, file, u.camila, "")
	return file
}

var call = casework.NoteForm{Key: "key-1", Kind: "call", On: "20-11-2026", Text: "Llamó la hija: viene el martes."}

func (u *unit) note(who actor.Actor, file string, form casework.NoteForm) casework.Note {
	u.t.Helper()
	n, err := u.service.AddNote(background, who, file, form)
	if err != nil {
		u.t.Fatal(err)
	}
	return n
}

func (u *unit) log(who actor.Actor, file string) casework.Log {
	u.t.Helper()
	log, err := u.service.Log(background, who, file, "", "")
	if err != nil {
		u.t.Fatal(err)
	}
	return log
}

func TestAMeetingHasParticipantsAndAgreements(t *testing.T) {
	u := newUnit(t)
	file := u.worked(1)
	form := casework.NoteForm{Key: "m", Kind: "meeting", On: "19-11-2026", Text: "Se revisó la asistencia a clases.",
		Participants: "Ana Soto, Escuela Básica\n\n Luis Pérez ,CESFAM, box 3\n",
		Agreements:   []casework.Agreed{{What: "Informar inasistencias cada lunes", Responsible: "Ana Soto", Due: "30-11-2026"}, {}, {What: "Pedir hora"}}}
	u.note(u.camila, file, form)
	u.note(u.camila, file, form) // pressed twice
	another := form              // gone back to, and sent with one person more
	another.Participants += "Rosa Díaz, JUNJI\n"
	if _, err := u.service.AddNote(background, u.camila, file, another); !fault.Is(err, fault.Conflict) {
		t.Errorf("other people under the same form: %v", err)
	}
	log := u.log(u.luis, file)
	if len(log.Notes) != 1 {
		t.Fatalf("%d notes", len(log.Notes))
	}
	n := log.Notes[0]
	if len(n.Participants) != 2 || n.Participants[1] != (casework.Participant{Name: "Luis Pérez", Place: "CESFAM, box 3"}) {
		t.Errorf("participants: %+v", n.Participants)
	}
	if len(n.Agreements) != 2 || n.Agreements[0].Due.Chilean() != "30-11-2026" || !n.Agreements[1].Due.IsZero() {
		t.Errorf("agreements: %+v", n.Agreements)
	}
	if got := u.text(`SELECT count(*) FROM audit WHERE action = 'note.add' AND file_id = ? AND detail NOT LIKE '%asistencia%'`, file); got != "1" {
		t.Errorf("%s entries in the trail", got)
	}
}

func TestWhatANoteNeeds(t *testing.T) {
	u := newUnit(t)
	file := u.worked(1)
	for what, change := range map[string]func(*casework.NoteForm){
		"kind":           func(f *casework.NoteForm) { f.Kind = "gossip" },
		"on":             func(f *casework.NoteForm) { f.On = "31-02-2026" },
		"on ":            func(f *casework.NoteForm) { f.On = "01-01-2035" },
		"on  ":           func(f *casework.NoteForm) { f.On = "01-01-2020" },
		"text":           func(f *casework.NoteForm) { f.Text = "" },
		"text ":          func(f *casework.NoteForm) { f.Text = strings.Repeat("ñ", 8001) },
		"participants":   func(f *casework.NoteForm) { f.Kind = "meeting" },
		"participants ":  func(f *casework.NoteForm) { f.Kind, f.Participants = "meeting", strings.Repeat("Ana\n", 31) },
		"participants  ": func(f *casework.NoteForm) { f.Kind, f.Participants = "meeting", strings.Repeat("a", 201) },
		"agreement[0]": func(f *casework.NoteForm) {
			f.Kind, f.Participants, f.Agreements = "meeting", "Ana", []casework.Agreed{{Due: "30-11-2026"}}
		},
		"due[0]": func(f *casework.NoteForm) {
			f.Kind, f.Participants, f.Agreements = "meeting", "Ana", []casework.Agreed{{What: "a", Due: "ayer"}}
		},
		"key": func(f *casework.NoteForm) { f.Key = "../x" },
	} {
		form := call
		change(&form)
		_, err := u.service.AddNote(background, u.camila, file, form)
		if got := fieldsOf(err); len(got) != 1 || got[0] != strings.TrimSpace(what) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := u.service.AddNote(background, u.camila, u.file(2), call); !fault.Is(err, fault.Conflict) {
		t.Errorf("without a case: %v", err)
	}
	if _, err := u.service.AddNote(background, u.worker("x", "X", access.Director, ""), file, call); !fault.Is(err, fault.Forbidden) {
		t.Errorf("somebody who only reads: %v", err)
	}
	if n := u.text(`SELECT count(*) FROM case_note`); n != "0" {
		t.Errorf("%s notes", n)
	}
}

func fieldsOf(err error) (names []string) {
	e, ok := err.(*fault.Error)
	if !ok {
		return nil
	}
	for _, f := range e.Fields {
		names = append(names, f.Name)
	}
	return names
}

// A note stays as it was written; what is added stands below it, for the same readers.
func TestANoteIsCorrectedByAddition(t *testing.T) {
	u := newUnit(t)
	file := u.worked(1)
	n := u.note(u.camila, file, call)
	for range 2 {
		if _, err := u.service.Amend(background, u.luis, n.ID, "key-2", "Era el hijo, no la hija."); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := u.service.Amend(background, u.luis, n.ID, "key-3", " "); len(fieldsOf(err)) != 1 {
		t.Errorf("an empty addition: %v", err)
	}
	got := u.log(u.camila, file).Notes
	if len(got) != 1 || len(got[0].Added) != 1 || got[0].Text != call.Text || got[0].Added[0].By != "Luis Moraga" {
		t.Errorf("the log: %+v", got)
	}
	for i, sql := range []string{`UPDATE case_note SET body = 'x'`, `DELETE FROM case_note`, `UPDATE case_note SET confidential = 1`, `DELETE FROM case_note_agreement`} {
		u.note(u.camila, file, casework.NoteForm{Key: "m" + string(rune('0'+i)), Kind: "meeting", On: call.On, Text: "x", Participants: "Ana", Agreements: []casework.Agreed{{What: "y"}}})
		err := u.limache.Update(background, func(tx *tenants.Tx) error { _, err := tx.Exec(sql); return err })
		if err == nil {
			t.Errorf("%s went through", sql)
		}
	}
}

// Confidential notes are for the case's worker, who replaces them, who wrote
// them and the unit's head; the others learn how many there are.
func TestConfidentialNotes(t *testing.T) {
	u := newUnit(t)
	file := u.worked(1)
	secret := call
	secret.Key, secret.Confidential, secret.Text = "key-s", true, "Relata violencia."
	n := u.note(u.head, file, secret)
	other := u.worker("other", "Otra Jefa", access.UnitHead, access.FamiliesUnit)
	for what, c := range map[string]struct {
		who   actor.Actor
		reads bool
	}{
		"the worker": {u.camila, true}, "the head": {u.head, true}, "a colleague": {u.luis, false}, "another unit's head": {other, false},
		"the director": {u.worker("d", "D", access.Director, ""), false},
	} {
		log := u.log(c.who, file)
		if (len(log.Notes) == 1) != c.reads || (log.Hidden == 1) == c.reads {
			t.Errorf("%s: %d notes, %d hidden", what, len(log.Notes), log.Hidden)
		}
		if err := u.service.NoteExists(background, c.who, n.ID); (err == nil) != c.reads {
			t.Errorf("%s: %v", what, err)
		}
		if !c.who.Can(access.ManagePlan) {
			continue
		}
		if _, err := u.service.Amend(background, c.who, n.ID, "k-"+c.who.UserID, "Más."); (err == nil) != c.reads {
			t.Errorf("%s adds: %v", what, err)
		}
	}
	u.absences["camila"] = casework.Away{ReplacementID: "luis", ReplacementName: "Luis Moraga"}
	if log := u.log(u.luis, file); len(log.Notes) != 1 {
		t.Error("the replacement does not read it")
	}
	delete(u.absences, "camila")
	u.assign(u.head, file, u.luis, "Cambio de sector")
	if len(u.log(u.luis, file).Notes) != 1 || len(u.log(u.camila, file).Notes) != 0 {
		t.Error("the notes do not go with the case")
	}
	page := webtest.New(t, u.camila, casework.NewHandlers(u.service).Mount).Get("/files/" + file + "/notes")
	page.Lacks(t, "violencia")
	page.Contains(t, "1 nota reservada que usted no puede leer")
}

// What cannot be kept is not said to be: another's draft, one of another file, and
// a form that was written down with other words meanwhile.
func TestADraftIsKeptOnlyWhereItIsOnesOwn(t *testing.T) {
	u := newUnit(t)
	file, other := u.worked(1), u.worked(2)
	mine, theirs := webtest.New(t, u.camila, casework.NewHandlers(u.service).Mount), webtest.New(t, u.luis, casework.NewHandlers(u.service).Mount)
	typed := func(text string) url.Values {
		return url.Values{"key": {"draft-1"}, "kind": {"call"}, "on": {"19-11-2026"}, "text": {text}}
	}
	if got := mine.PostHX("/files/"+file+"/notes/draft", typed("Lo mío")); got.Status != http.StatusOK {
		t.Fatalf("got %d", got.Status)
	}
	for what, got := range map[string]*webtest.Response{
		"another's":       theirs.PostHX("/files/"+file+"/notes/draft", typed("Lo de Luis")),
		"of another file": mine.PostHX("/files/"+other+"/notes/draft", typed("De otra ficha")),
		"in plain HTML":   theirs.PostForm("/files/"+file+"/notes/draft", typed("Lo de Luis")),
	} {
		if got.Status != http.StatusNotFound || strings.Contains(got.Body, "Guardado") {
			t.Errorf("%s: %d %s", what, got.Status, got.Body)
		}
	}
	mine.Get("/files/"+file+"/notes").Contains(t, "Lo mío")
	if got := mine.PostForm("/files/"+file+"/notes", typed("Lo mío")); got.Status != http.StatusSeeOther {
		t.Fatalf("got %d", got.Status)
	}
	late := mine.PostHX("/files/"+file+"/notes/draft", typed("Lo mío, y más"))
	if late.Status != http.StatusConflict || strings.Contains(late.Body, "Guardado") {
		t.Errorf("typed on after it was written down: %d %s", late.Status, late.Body)
	}
	if got := theirs.PostHX("/files/"+file+"/notes/draft", typed("Lo mío")); got.Status != http.StatusNotFound {
		t.Errorf("another's note: %d", got.Status)
	}
	if n := u.text(`SELECT count(*) || group_concat(body) FROM case_note`) + u.text(`SELECT count(*) FROM case_note_draft`); n != "1Lo mío0" {
		t.Error(n)
	}
}

// What is typed is there again on another computer, until it is written down.
func TestADraftSurvives(t *testing.T) {
	u := newUnit(t)
	file := u.worked(1)
	c := webtest.New(t, u.camila, casework.NewHandlers(u.service).Mount)
	typed := url.Values{"key": {"draft-1"}, "kind": {"meeting"}, "on": {"19-11-2026"}, "text": {"Se conv"}, "participants": {"Ana Soto"}, "agreement[0]": {"Pedir hora"}}
	got := c.PostHX("/files/"+file+"/notes/draft", typed)
	if got.Status != http.StatusOK {
		t.Fatalf("got %d", got.Status)
	}
	got.Contains(t, "Guardado ")
	c.Get("/files/"+file+"/notes").Contains(t, "Se conv", "Ana Soto", `value="Pedir hora"`, `value="draft-1"`, "Aquí está lo que estaba escribiendo")
	webtest.New(t, u.luis, casework.NewHandlers(u.service).Mount).Get("/files/"+file+"/notes").Lacks(t, "Se conv")
	if got := webtest.New(t, u.luis, casework.NewHandlers(u.service).Mount).PostForm("/files/"+file+"/notes/discard", url.Values{"key": {"draft-1"}}); got.Status != http.StatusSeeOther {
		t.Errorf("somebody else's: %d", got.Status)
	}
	typed.Set("text", "Se conversó.")
	if got := c.PostForm("/files/"+file+"/notes", typed); got.Status != http.StatusSeeOther {
		t.Fatalf("got %d: %s", got.Status, got.Body)
	}
	if got := c.PostHX("/files/"+file+"/notes/draft", typed); got.Status != http.StatusOK { // what was still under way
		t.Errorf("late: %d", got.Status)
	}
	if n := u.text(`SELECT count(*) FROM case_note_draft`); n != "0" {
		t.Errorf("%s drafts are left", n)
	}
	if got := c.PostHX("/files/"+file+"/notes", typed); got.Header.Get("HX-Redirect") != "/files/"+file+"/notes" {
		t.Errorf("htmx is led to %q: with a fragment the page would only scroll", got.Header.Get("HX-Redirect"))
	}
	typed.Set("text", "Otra cosa, en otra pestaña.")
	again := c.PostForm("/files/"+file+"/notes", typed)
	if again.Status != http.StatusConflict {
		t.Errorf("another text under the same key: %d", again.Status)
	}
	again.Contains(t, "Otra cosa, en otra pestaña.", "Se conversó.")
	again.Lacks(t, `value="draft-1"`)
}

func TestThePageOfTheLog(t *testing.T) {
	u := newUnit(t)
	file := u.worked(1)
	n := u.note(u.camila, file, casework.NoteForm{Key: "x", Kind: "call", On: "20-11-2026", Text: "<script>alert(1)</script>"})
	c := webtest.New(t, u.camila, casework.NewHandlers(u.service).Mount)
	page := c.Get("/files/" + file + "/notes")
	page.Contains(t, "&lt;script&gt;alert", "20-11-2026 · Llamada", `id="note-`+n.ID)
	page.Lacks(t, "<script>alert")
	for path, status := range map[string]int{"?kind=meeting": 200, "?kind=gossip": 404, "?before=x~y": 200, "?before=%27": 200} {
		if got := c.Get("/files/" + file + "/notes" + path); got.Status != status {
			t.Errorf("%s: %d", path, got.Status)
		}
	}
	form := url.Values{"key": {"k"}, "kind": {"meeting"}, "on": {"x"}, "text": {""}, "agreement[4]": {"Algo"}}
	wrong := c.PostForm("/files/"+file+"/notes", form)
	if wrong.Status != http.StatusUnprocessableEntity {
		t.Errorf("got %d", wrong.Status)
	}
	wrong.Contains(t, "Escriba la fecha como dd-mm-aaaa", "Escriba qué pasó", `value="Algo"`, `href="#f-participants"`)
	form.Set("then", "row")
	more := c.PostForm("/files/"+file+"/notes", form)
	more.Contains(t, `name="agreement[1]"`)
	if empty := c.PostForm("/notes/"+n.ID+"/add", url.Values{"key": {"a"}, "text": {""}}); empty.Status != http.StatusUnprocessableEntity {
		t.Errorf("an empty addition: %d", empty.Status)
	}
	director := webtest.New(t, u.worker("d", "D", access.Director, ""), casework.NewHandlers(u.service).Mount).Get("/files/" + file + "/notes")
	director.Lacks(t, "note-form", "Corregir o completar")
	if got := webtest.New(t, u.worker("f", "F", access.FrontDesk, ""), casework.NewHandlers(u.service).Mount).Get("/files/" + file + "/notes"); got.Status != http.StatusForbidden {
		t.Errorf("a desk: %d", got.Status)
	}
	stranger := u.camila
	stranger.Municipality = tenantstest.Municipality(t, u.files, "06304")
	if _, err := u.service.Log(background, stranger, file, "", ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("from elsewhere: %v", err)
	}
}

func TestTheLogIsPaged(t *testing.T) {
	u := newUnit(t)
	file := u.worked(1)
	for n := range 65 {
		form := call
		form.Key, form.On = "p"+strings.Repeat("x", n%30)+string(rune('a'+n/30)), u.clock.Now().AddDate(0, 0, -n%7).Format("02-01-2006")
		u.note(u.camila, file, form)
		u.clock.Advance(time.Minute)
	}
	seen, before := map[string]bool{}, ""
	for pages := 1; ; pages++ {
		log, err := u.service.Log(background, u.camila, file, "", before)
		if err != nil {
			t.Fatal(err)
		}
		for i := range log.Notes {
			if seen[log.Notes[i].ID] {
				t.Fatal("a note stands on two pages")
			}
			seen[log.Notes[i].ID] = true
		}
		if before = log.Older; before == "" {
			if pages != 3 {
				t.Errorf("%d pages", pages)
			}
			break
		}
	}
	if len(seen) != 65 {
		t.Errorf("%d notes", len(seen))
	}
}
