package report_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"gsl/app/kit/actor"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
	"gsl/app/report"
)

func (d *desk) client(who actor.Actor) *webtest.Client {
	d.t.Helper()
	return webtest.New(d.t, who, func(r *web.Router) { report.NewHandlers(d.service).Mount(r) })
}

func see(t *testing.T, r *webtest.Response, status int) *webtest.Response {
	t.Helper()
	if r.Status != status {
		t.Fatalf("status %d, want %d:\n%s", r.Status, status, r.Body)
	}
	return r
}

// fields is what a browser without script sends of the editor's form.
func fields(page string) url.Values {
	form := url.Values{}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		attr := map[string]string{}
		for _, a := range n.Attr {
			attr[a.Key] = a.Val
		}
		_, checked := attr["checked"]
		switch name := attr["name"]; {
		case name == "" || n.Data == "button" || name == "_token" || name == "reason":
		case n.Data == "textarea":
			if n.FirstChild != nil {
				form.Add(name, n.FirstChild.Data)
			} else {
				form.Add(name, "")
			}
		case n.Data == "select":
			form.Add(name, chosen(n))
		case n.Data == "input" && (attr["type"] != "checkbox" || checked):
			form.Add(name, attr["value"])
		}
		for child := n.FirstChild; child != nil; child = child.NextSibling {
			walk(child)
		}
	}
	_, page, _ = strings.Cut(page, `<form id="report-form"`)
	page, _, _ = strings.Cut(page, "</form>")
	root, err := html.Parse(strings.NewReader("<form" + page))
	if err != nil {
		panic(err)
	}
	walk(root)
	return form
}

func chosen(sel *html.Node) string {
	for o := sel.FirstChild; o != nil; o = o.NextSibling {
		value, selected := "", false
		for _, a := range o.Attr {
			if a.Key == "value" {
				value = a.Val
			}
			selected = selected || a.Key == "selected"
		}
		if selected {
			return value
		}
	}
	return ""
}

// The whole job without JavaScript: begin, write, add and take out rows, save.
func TestTheJobWithPlainForms(t *testing.T) {
	d := newDesk(t)
	file, c := d.file(1), d.client(d.camila)
	see(t, c.Get("/files/"+file+"/report"), 200).Contains(t, "Esta ficha no tiene informes sociales", "Ayuda social municipal", "Comenzar informe")
	see(t, c.PostForm("/files/"+file+"/reports", url.Values{"key": {"k"}}), 422).Contains(t, "Elija el propósito del informe", "error-summary")
	made := see(t, c.PostForm("/files/"+file+"/reports", url.Values{"key": {"k"}, "purpose": {"C001"}, "addressee": {"DIDECO"}, "due": {"30-11-2026"}}), 303)
	edit := made.Header.Get("Location")
	if again := c.PostForm("/files/"+file+"/reports", url.Values{"key": {"k"}, "purpose": {"C001"}}); again.Header.Get("Location") != edit {
		t.Errorf("the same form began another: %s", again.Header.Get("Location"))
	}
	other := see(t, c.PostForm("/files/"+file+"/reports", url.Values{"key": {"k"}, "purpose": {"C002"}, "addressee": {"CESFAM"}}), 409)
	other.Contains(t, "ya comenzó otro informe", `value="CESFAM"`, `<option value="C002" selected`)
	other.Lacks(t, `name="key" value="k"`)
	page := see(t, c.Get(edit), 200)
	page.Contains(t, "Grupo familiar", "Opinión profesional", "Incluir en el informe", "Se espera para el 30-11-2026", `value="DIDECO"`, "falta")

	form := fields(page.Body)
	form.Set("opinion_text", "Necesita apoyo.\r\nCon urgencia.")
	form.Set("then", "add.household")
	see(t, c.PostForm(edit, form), 303)
	page = see(t, c.Get(edit), 200)
	page.Contains(t, "Necesita apoyo.\nCon urgencia.", `name="member" value="2"`)

	form = fields(page.Body)
	form.Set("member_name[2]", "Marta Soto")
	form.Set("member_born[2]", "3-5-80")
	form.Set("socioeconomic", "1")
	form.Set("then", "add.socioeconomic")
	see(t, c.PostForm(edit, form), 303)
	form = fields(see(t, c.Get(edit), 200).Body)
	form.Set("income_who[1]", "Marta")
	form.Set("income_amount[1]", "300000")
	form.Set("member_born[2]", "3/5/1980")
	form.Set("request_text[1]", "Canasta de alimentos por tres meses")
	see(t, c.PostForm(edit, form), 303)
	page = see(t, c.Get(edit), 200)
	page.Contains(t, `value="300.000"`, `value="03-05-1980"`, "entre 2 integrantes", "$\u00a0150.000", "Canasta de alimentos por tres meses")

	form = fields(page.Body)
	form.Set("then", "drop.household.2")
	see(t, c.PostForm(edit, form), 303)
	page = see(t, c.Get(edit), 200)
	page.Contains(t, "Se quitó: Marta Soto", "Devolver")
	form = fields(page.Body)
	form.Set("then", "back.household.2")
	see(t, c.PostForm(edit, form), 303)
	see(t, c.Get(edit), 200).Lacks(t, "Se quitó: Marta Soto")
	if rows := d.load(strings.Split(edit, "/")[2]).Content.Household.Members; len(rows) != 2 || rows[1].Name != "Marta Soto" {
		t.Errorf("rows %+v", rows)
	}
}

// A save while typing answers in a few bytes and tells who else is there.
func TestAutosave(t *testing.T) {
	d := newDesk(t)
	r := d.draft(d.file(1), report.New{Purpose: "Salud"})
	c, other := d.client(d.camila), d.client(d.luis)
	see(t, other.Get("/reports/"+r.ID+"/edit"), 200)
	got := see(t, c.PostHX("/reports/"+r.ID+"/parts/opinion", url.Values{"page": {"p"}, "turn": {"1"}, "seen[opinion]": {"1"}, "opinion_text": {"Vive sola."}}), 200)
	got.Contains(t, "Guardado ", "Luis Moraga también tiene abierto este informe", `hx-target="#outline-opinion"`, "listo")
	got.Lacks(t, "<html", "Vive sola.")
	if len(got.Body) > 1500 {
		t.Errorf("%d bytes", len(got.Body))
	}
	clash := see(t, other.PostHX("/reports/"+r.ID+"/parts/opinion", url.Values{"page": {"q"}, "turn": {"1"}, "seen[opinion]": {"1"}, "opinion_text": {"Vive con su hija."}}), http.StatusConflict)
	clash.Contains(t, "Camila Rojas escribió esto", "Vive sola.", "Unir ambos", `name="against[opinion]" value="2"`)
	// Whoever comes back, on another computer too, finds both.
	see(t, other.Get("/reports/"+r.ID+"/edit"), 200).Contains(t, "Vive sola.", "Vive con su hija.", "Dejar lo mío")
	done := see(t, other.PostHX("/reports/"+r.ID+"/parts/opinion", url.Values{"page": {"q"}, "turn": {"2"}, "seen[opinion]": {"0"}, "against[opinion]": {"2"}, "then": {"both.opinion"}, "opinion_text": {"Vive con su hija."}}), 200)
	done.Contains(t, `id="part-opinion"`, "Vive sola.\n\nVive con su hija.")
	done.Lacks(t, "Unir ambos")
	see(t, c.PostHX("/reports/"+r.ID+"/parts/nothing", url.Values{"page": {"p"}}), 404)
	see(t, c.PostHX("/reports/"+r.ID+"/parts/opinion", url.Values{"page": {"p"}}), 422)
}

// A row that a button adds takes along what was typed, and the writing goes on in it.
func TestTableButtons(t *testing.T) {
	d := newDesk(t)
	r := d.draft(d.file(1), report.New{Purpose: "Salud"})
	c := d.client(d.camila)
	got := see(t, c.PostHX("/reports/"+r.ID+"/parts/requests", url.Values{"page": {"p"}, "turn": {"1"}, "seen[requests]": {"1"}, "request": {"1"}, "request_text[1]": {"Una cama"}, "then": {"add.requests"}}), 200)
	got.Contains(t, "Una cama", `name="request_text[2]"`, "data-focus", `id="part-requests"`)
	see(t, c.PostHX("/reports/"+r.ID+"/parts/requests", url.Values{"page": {"p"}, "turn": {"2"}, "seen[requests]": {"1"}, "request": {"1", "1"}}), 422)
	see(t, c.PostHX("/reports/"+r.ID+"/parts/requests", url.Values{"page": {"p"}, "turn": {"2"}, "seen[requests]": {"1"}, "then": {"add.household"}}), 422)
	// A row that the form has no more is set aside, never lost.
	see(t, c.PostHX("/reports/"+r.ID+"/parts/requests", url.Values{"page": {"p"}, "turn": {"3"}, "seen[requests]": {"1"}, "request": {"2"}, "request_text[2]": {"Un refrigerador"}}), 200)
	if q := d.load(r.ID).Content.Requests; len(q.List) != 1 || len(q.Removed) != 1 || q.Removed[0].Text != "Una cama" {
		t.Errorf("requests %+v", q)
	}
}

// A hostile text is text.
func TestHostileText(t *testing.T) {
	d := newDesk(t)
	r := d.draft(d.file(1), report.New{Purpose: "Salud"})
	c := d.client(d.camila)
	see(t, c.PostHX("/reports/"+r.ID+"/parts/opinion", url.Values{"page": {"p"}, "turn": {"1"}, "seen[opinion]": {"1"}, "opinion_text": {"</textarea><script>alert(1)</script>\u202e"}}), 200)
	page := see(t, c.Get("/reports/"+r.ID+"/edit"), 200)
	page.Lacks(t, "<script>alert", "\u202e")
	page.Contains(t, "&lt;script&gt;")
}
