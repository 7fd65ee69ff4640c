package diagnosis

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// A diagnosis as somebody without JavaScript makes it, and the next one beside it.
func TestADiagnosisThroughItsPages(t *testing.T) {
	u := newUnit(t)
	c := u.browser(u.camila)
	base := "/files/" + u.file + "/diagnosis"
	c.Get(base).Contains(t, "Todavía no hay un diagnóstico", "Comenzar diagnóstico")
	status(t, c.PostForm(base+"/start", url.Values{}), http.StatusSeeOther)
	page := c.Get(base)
	page.Contains(t, "3 personas en 1 dormitorio", "Riesgo sin evaluar", "Cómo se calcula")

	form := hidden(page)
	for _, of := range []string{"family", "housing", "whole"} {
		form.Set("level["+of+"]", "")
		form.Set("situation["+of+"]", "")
		form.Set("note["+of+"]", "")
	}
	form.Set("level[housing]", "critical")
	form.Set("situation[housing]", `<b>Se llueve</b>`)
	form.Set("then", "complete")
	again := c.PostForm(base, form)
	status(t, again, http.StatusUnprocessableEntity)
	again.Contains(t, "Explique en su apreciación por qué es crítico.", "&lt;b&gt;Se llueve&lt;/b&gt;", `href="#f-note[housing]"`)

	kept := c.PostHX(base+"/draft", withField(form, "note[housing]", "entra agua por el techo"))
	status(t, kept, http.StatusOK)
	kept.Contains(t, "Guardado ", `id="diagnosis-risk"`, "Riesgo medio", "1 dimensión cualquiera en nivel crítico", "Vivienda: Crítico")
	form.Set("note[housing]", "entra agua por el techo")
	status(t, c.PostForm(base, form), http.StatusSeeOther)
	c.Get(base).Contains(t, "Riesgo medio", "entra agua por el techo", "Falta evaluar 6 dimensiones", "Nuevo diagnóstico")

	u.clock.Advance(40 * 24 * time.Hour)
	status(t, c.PostForm(base+"/start", url.Values{}), http.StatusSeeOther)
	page = c.Get(base)
	page.Contains(t, "Mantener lo anterior", "entra agua por el techo")
	form = hidden(page)
	form.Set("situation[housing]", "techo nuevo")
	form.Set("level[housing]", "adequate")
	form.Set("note[housing]", "lo cambió la municipalidad")
	form.Set("then", "complete")
	status(t, c.PostForm(base, form), http.StatusSeeOther)
	c.Get(base).Contains(t, "mejora", "Antes (", "Cómo ha cambiado", "Riesgo bajo")
	first := u.text(`SELECT id FROM diagnosis ORDER BY id LIMIT 1`)
	old := c.Get("/diagnoses/" + first)
	status(t, old, http.StatusOK)
	old.Contains(t, "entra agua por el techo")
	old.Lacks(t, "techo nuevo")
}

func withField(form url.Values, name, value string) url.Values {
	out := url.Values{}
	for key, values := range form {
		out[key] = values
	}
	out.Set(name, value)
	out.Del("then")
	return out
}

// Who types the same at two screens is shown both versions, and nothing is lost.
func TestTwoScreensSeeBothVersions(t *testing.T) {
	u := newUnit(t)
	u.start()
	camila, luis := u.browser(u.camila), u.browser(u.luis)
	base := "/files/" + u.file + "/diagnosis"
	mine, theirs := hidden(camila.Get(base)), hidden(luis.Get(base))
	for form, text := range map[*url.Values]string{&mine: "lo de Camila", &theirs: "lo de Luis"} {
		form.Set("situation[care]", text)
		form.Set("level[care]", "at_risk")
		form.Set("note[care]", "")
	}
	status(t, camila.PostHX(base+"/draft", mine), http.StatusOK)
	told := luis.PostHX(base+"/draft", theirs)
	status(t, told, http.StatusConflict)
	told.Contains(t, "Otra persona escribió")
	both := luis.PostForm(base, theirs)
	status(t, both, http.StatusConflict)
	both.Contains(t, "lo de Camila", "lo de Luis", "Escrito por Camila Rojas")
	resent := hidden(both)
	resent.Set("situation[care]", "lo de ambos")
	resent.Set("level[care]", "at_risk")
	resent.Set("note[care]", "")
	status(t, luis.PostForm(base, resent), http.StatusSeeOther)
	if got := u.section(u.camila).Draft.Part(Care).Situation; got != "lo de ambos" {
		t.Errorf("%q", got)
	}
}

// What is sent by who means harm is refused by name.
func TestBadFormsAreRefused(t *testing.T) {
	u := newUnit(t)
	d := u.start()
	c := u.browser(u.camila)
	base := "/files/" + u.file + "/diagnosis"
	good := url.Values{"draft": {d.ID}, "situation[care]": {"a"}, "level[care]": {"at_risk"}, "note[care]": {"b"}}
	for name, value := range map[string]string{"level[care]": "terrible", "level[whole]": "adequate", "situation[nothing]": "x", "carry": "whole", "then": "delete",
		"note[care]": strings.Repeat("á", maxText+1), "draft": ""} {
		form := withField(good, name, value)
		form.Set("situation[whole]", "")
		if name == "then" {
			form.Set("then", value)
		}
		if got := c.PostForm(base, form); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s=%.20s answered %d", name, value, got.Status)
		}
	}
	if got := u.section(u.camila).Draft.Part(Care); got.Note != "" {
		t.Errorf("%+v", got)
	}
	if got := u.browser(u.desk).Get(base); got.Status != http.StatusForbidden {
		t.Errorf("a desk reads the diagnosis: %d", got.Status)
	}
	if got := u.browser(u.desk).Get("/diagnoses/" + d.ID); got.Status != http.StatusNotFound {
		t.Errorf("a desk learns that there is a diagnosis: %d", got.Status)
	}
}

func TestTheEcomapThroughItsPage(t *testing.T) {
	u := newUnit(t)
	c := u.browser(u.camila)
	base := "/files/" + u.file + "/ecomap"
	page := c.Get(base)
	page.Contains(t, "Todavía no hay nadie en el ecomapa")
	form := hidden(page)
	form.Set("kind", "family")
	form.Set("tie", "conflicting")
	form.Set("name", "")
	status(t, c.PostForm(base, form), http.StatusUnprocessableEntity)
	form.Set("name", `Hermano "Beto" <mayor>`)
	for range 2 { // pressed twice
		status(t, c.PostForm(base, form), http.StatusSeeOther)
	}
	if n := u.text(`SELECT count(*) FROM ecomap_tie`); n != "1" {
		t.Fatalf("%s ties", n)
	}
	page = c.Get(base)
	page.Contains(t, `<svg class="ecomap ecomap-large"`, `class="tie tie-conflicting"`, "Vínculos: 1 conflictivo.", "&lt;mayor&gt;", "La misma red, en una tabla")
	id := u.text(`SELECT id FROM ecomap_tie`)
	edit := c.Get(base + "?edit=" + id)
	edit.Contains(t, `action="`+base+"/"+id+`"`, "Cancelar")
	change := url.Values{"version": {"1"}, "kind": {"family"}, "name": {"Beto"}, "tie": {"weak"}, "note": {""}}
	status(t, c.PostForm(base+"/"+id, change), http.StatusSeeOther)
	status(t, c.PostForm(base+"/"+id, change), http.StatusSeeOther) // the same again: no effect
	change.Set("name", "Alberto")
	late := c.PostForm(base+"/"+id, change)
	status(t, late, http.StatusConflict)
	late.Contains(t, "Alberto", "Otra persona cambió")
	status(t, c.PostForm(base+"/"+id+"/remove", url.Values{}), http.StatusSeeOther)
	c.Get(base+"?removed="+id).Contains(t, "Reponer")
	status(t, c.PostForm(base+"/"+id+"/restore", url.Values{}), http.StatusSeeOther)
	if got := u.actions(); got != "people.file_opened ecomap.add ecomap.change ecomap.remove ecomap.restore" {
		t.Errorf("the trail says %s", got)
	}
	if err := u.service.RemoveTie(t.Context(), u.camila, "01ARZ3NDEKTSV4RRFFQ69G5FAV", id, false); !fault.Is(err, fault.NotFound) {
		t.Errorf("a tie of another file: %v", err)
	}
}

func TestAnEcomapHasItsLimit(t *testing.T) {
	u := newUnit(t)
	for i := range mostTies + 1 {
		err := u.service.AddTie(t.Context(), u.camila, u.file, string(rune('a'+i)), Tie{Kind: SchoolKind, Name: "Escuela", Strength: Strong})
		if full := i == mostTies; fault.Is(err, fault.Invalid) != full {
			t.Fatalf("tie %d: %v", i, err)
		}
	}
}

func TestGoalsAndCommitmentsThroughTheirPage(t *testing.T) {
	u := newUnit(t)
	c := u.browser(u.camila)
	base := "/files/" + u.file
	page := c.Get(base + "/goals")
	page.Contains(t, "Todavía no hay objetivos", "Canasta de alimentos")
	form := url.Values{"key": {"k1"}, "text": {"Que Matías vuelva a la escuela"}, "dimension": {"education"}, "due": {"15-12-2026"}, "tied": {"1"}, "item": {"item-1"}}
	for range 2 {
		status(t, c.PostForm(base+"/goals", form), http.StatusSeeOther)
	}
	goalID := u.text(`SELECT id FROM goal`)
	promise := url.Values{"key": {"k2"}, "text": {"Pedir la matrícula"}, "by": {"María"}, "goal": {goalID}, "due": {"01-12-2026"}}
	status(t, c.PostForm(base+"/commitments", promise), http.StatusSeeOther)
	c.Get(base+"/goals").Contains(t, "Que Matías vuelva a la escuela", "para el 15-12-2026", "Canasta de alimentos", "<b>María</b> Pedir la matrícula")

	for name, broken := range map[string]url.Values{
		"text":     {"key": {"x"}, "text": {""}},
		"due":      {"key": {"x"}, "text": {"a"}, "due": {"01-11-2026"}},
		"due far":  {"key": {"x"}, "text": {"a"}, "due": {"21-11-2036"}},
		"item":     {"key": {"x"}, "text": {"a"}, "tied": {"1"}, "item": {"another file's"}},
		"standing": {"key": {""}, "text": {"a"}},
	} {
		if got := c.PostForm(base+"/goals", broken); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: answered %d", name, got.Status)
		}
	}
	u.clock.Advance(30 * 24 * time.Hour)
	c.Get(base+"/goals").Contains(t, "Atrasado:")
	id := u.text(`SELECT id FROM commitment`)
	change := base + "/commitments/" + id
	status(t, c.PostForm(change, url.Values{"version": {"1"}, "standing": {"not_achieved"}}), http.StatusUnprocessableEntity)
	status(t, c.PostForm(change, url.Values{"version": {"1"}, "standing": {"not_achieved"}, "reason": {"no había cupo"}}), http.StatusSeeOther)
	late := c.PostForm(change, url.Values{"version": {"1"}, "standing": {"achieved"}})
	status(t, late, http.StatusConflict)
	late.Contains(t, "Camila Rojas cambió esto")
	status(t, c.PostForm(base+"/goals/"+goalID, url.Values{"version": {"1"}, "standing": {"achieved"}}), http.StatusSeeOther)
	c.Get(base+"/goals").Contains(t, "logrado", "no cumplido", "no había cupo", "Canasta de alimentos")
	if n := u.text(`SELECT count(*) FROM goal_history`); n != "4" {
		t.Errorf("%s lines of history", n)
	}
	if got := u.text(`SELECT group_concat(detail) FROM audit WHERE action LIKE 'commitment.%'`); strings.Contains(got, "cupo") {
		t.Errorf("every desk reads why: %s", got)
	}
}

// What falls due in a worker's week is of the open cases of the worker.
func TestWhatFallsDue(t *testing.T) {
	u := newUnit(t)
	u.finish(map[Dimension]Text{Income: {AtRisk, "a", ""}}) // makes Camila responsible
	for _, add := range []error{
		u.service.AddGoal(t.Context(), u.camila, u.file, "a", Goal{Aim: Aim{Text: "meta", Due: date(t, "2026-11-27")}}),
		u.service.AddCommitment(t.Context(), u.camila, u.file, "b", Commitment{Aim: Aim{Text: "promesa", Due: date(t, "2026-11-25")}, By: "Ana"}),
		u.service.AddCommitment(t.Context(), u.camila, u.file, "c", Commitment{Aim: Aim{Text: "lejos", Due: date(t, "2027-01-25")}, By: "Ana"}),
	} {
		if add != nil {
			t.Fatal(add)
		}
	}
	for worker, want := range map[string]string{"camila": "promesa meta", "luis": ""} {
		var texts []string
		err := u.limache.View(t.Context(), func(tx *tenants.Tx) error {
			list, err := DueBetween(tx, []string{worker}, date(t, "2026-11-22"), date(t, "2026-11-30"))
			for _, d := range list {
				texts = append(texts, d.Text)
			}
			return err
		})
		if got := strings.Join(texts, " "); err != nil || got != want {
			t.Errorf("%s: %q, want %q (%v)", worker, got, want, err)
		}
	}
}

// Whoever looks leaves a trace before the answer.
func TestLookingLeavesATrace(t *testing.T) {
	u := newUnit(t)
	u.finish(map[Dimension]Text{Income: {AtRisk, "a", ""}})
	c := u.browser(u.luis)
	for _, path := range []string{"/files/" + u.file + "/diagnosis", "/files/" + u.file + "/ecomap", "/files/" + u.file + "/goals", "/diagnoses/" + u.text(`SELECT id FROM diagnosis`)} {
		status(t, c.Get(path), http.StatusOK)
	}
	views, err := audit.Views(t.Context(), u.camila, u.file, 0, 4)
	var pages []string
	for i := range views {
		if views[i].UserID != "luis" {
			t.Errorf("%+v", views[i])
		}
		pages = append(pages, views[i].Action)
	}
	if got := strings.Join(pages, " "); err != nil || got != "diagnosis.one goals ecomap diagnosis" {
		t.Errorf("the trail of views says %q (%v)", got, err)
	}
}
