package plan

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gsl/app/kit/actor"
	"gsl/app/kit/pdf"
	"gsl/app/kit/pdf/pdftest"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
	"gsl/app/referral"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

func (h *house) client(t *testing.T, who actor.Actor) *webtest.Client {
	t.Helper()
	return webtest.New(t, who, func(r *web.Router) { NewHandlers(h.service, pdf.NewPress()).Mount(r) })
}

func (h *house) path(rest string) string { return "/files/" + h.file.ID + rest }

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

// The whole job without JavaScript: forms, pages, redirects.
func TestTheJobWithPlainForms(t *testing.T) {
	h := newHouse(t)
	c := h.client(t, h.manager)
	see(t, c.Get(h.path("/cart")), 200).Contains(t, "El carro está vacío", `id="cart"`, `href="`+h.path("/catalogue")+`"`)
	location(t, c.PostForm(h.path("/cart/items"), form("item", "E101", "quantity", "2", "back", "screening")), h.path("/screening"))
	location(t, c.PostForm(h.path("/cart/items"), form("item", "D101", "causante", matiasRUN, "vinculo", "nieto/a", "back", "catalogue")), h.path("/catalogue"))
	location(t, c.PostForm(h.path("/cart/items"), form("item", "A106")), h.path("/cart"))
	page := see(t, c.Get(h.path("/cart")), 200)
	page.Contains(t, "Actualización del módulo ocupación e ingresos está en el carro.", "Canasta de alimentos", "$\u00a070.000", "Para Matías Soto González", "→ Subsidios Sociales · derivación")
	if n := strings.Count(page.Body, `<li id="line-`); n != 3 {
		t.Errorf("%d lines", n)
	}
	line := regexp.MustCompile(`id="line-([0-9A-Z]+)"`).FindAllStringSubmatch(page.Body, -1)[0][1]
	see(t, c.Get(h.path("/cart/items/"+line)), 200).Contains(t, `name="quantity"`, `value="2"`, `name="supplier"`)
	location(t, c.PostForm(h.path("/cart/items/"+line), form("quantity", "1", "note", "para el viernes", "back", "cart")), h.path("/cart"))
	location(t, c.PostForm(h.path("/cart/items/"+line+"/remove"), form("back", "cart")), h.path("/cart"))
	see(t, c.Get(h.path("/cart")), 200).Contains(t, "Canasta de alimentos se quitó del carro.", "Devolver al carro", "/restore")
	location(t, c.PostForm(h.path("/cart/items/"+line+"/restore"), form()), h.path("/cart"))

	review := see(t, c.Get(h.path("/checkout")), 200)
	review.Contains(t, "Solicitud al Mesón RSH", "Derivación", "Beneficio municipal en especie", "certificado de nacimiento", `name="agreed"`, "“para el viernes”")
	key := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(review.Body)[1]
	see(t, c.PostForm(h.path("/checkout"), form("key", key)), 422).Contains(t, "Elija cómo se acordó.", "error-summary", "Canasta de alimentos")
	made := c.PostForm(h.path("/checkout"), form("key", key, "agreed", "signed"))
	see(t, made, http.StatusSeeOther)
	plan := made.Header.Get("Location")
	location(t, c.PostForm(h.path("/checkout"), form("key", key, "agreed", "signed")), plan)

	shown := see(t, c.Get(plan), 200)
	shown.Contains(t, `data-plan="open"`, "2026-0001", "acordado con firma", `id="plan-summary"`, `data-summary="pending"`, "3 pendientes", "0 confirmados", `data-item="pending"`)
	items := regexp.MustCompile(`name="status\[([0-9A-Z]+)\]"`).FindAllStringSubmatch(shown.Body, -1)
	if len(items) != 3 || strings.Count(shown.Body, "delivered_on[") < 1 {
		t.Fatalf("%d boxes", len(items))
	}
	status := func(pairs ...string) url.Values {
		f := form("version", regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(see(t, c.Get(plan), 200).Body)[1])
		for i := 0; i < len(pairs); i += 2 {
			f.Set(pairs[i], pairs[i+1])
		}
		return f
	}
	a, d, e := items[0][1], items[1][1], items[2][1]
	bad := see(t, c.PostForm(plan+"/items", status("status["+a+"]", "withdrawn", "status["+e+"]", "in-progress", "reason["+e+"]", "lo que escribí")), 422)
	bad.Contains(t, "Escriba el motivo: queda en el historial.", "error-summary", "lo que escribí", `value="in-progress" selected`)
	location(t, c.PostForm(plan+"/items", status("status["+e+"]", "in-progress", "status["+d+"]", "withdrawn", "reason["+d+"]", "se mudó")), plan)
	after := see(t, c.Get(plan), 200)
	after.Contains(t, "Se guardó: 2 ítems cambiaron.", "2 pendientes", "1 no logrado", "se mudó", "Pendiente → Retirado", `data-item="withdrawn"`)
	h.move(h.rsh, h.load(strings.TrimPrefix(plan, "/plans/")), a, referral.Move{Verb: referral.Answer, Outcome: referral.Granted, Note: "actualizado en el registro"})
	see(t, c.Get(plan), 200).Contains(t, `data-item="confirmed"`, "actualizado en el registro", "Respondida el 21-11-2026 por Luis Vidal Mora")
	location(t, c.PostForm(plan+"/items", status("status["+e+"]", "confirmed", "delivered_on["+e+"]", "20-11-2026", "quantity["+e+"]", "1", "amount["+e+"]", "35.000")), plan)
	see(t, c.Get(plan), 200).Contains(t, `data-plan="closed"`, "Cerrado el 21-11-2026", "Entregado el 20-11-2026: 1 unidad · $\u00a035.000", "Nuevo plan", "circle-closed")
	if n := len(h.granted(mariaRUN)); n != 1 {
		t.Errorf("%d deliveries", n)
	}
	see(t, c.Get(h.path("/plan")), 200).Contains(t, `data-plan="closed"`, "2026-0001")
}

// The same with htmx: fragments for every part of the page that tells of it.
func TestFragments(t *testing.T) {
	h := newHouse(t)
	c := h.client(t, h.manager)
	got := see(t, c.PostHX(h.path("/cart/items"), form("item", "E101", "back", "catalogue")), 200)
	got.Contains(t, `hx-target="#cart"`, `hx-target="#rail-cart"`, `hx-target="#status"`, `hx-target="#add-E101"`, `<li id="line-`, "está en el carro")
	got.Lacks(t, "<html", `id="cart-title" tabindex="-1" autofocus`, `hx-target="#cart-removed"`)
	see(t, c.PostHX(h.path("/cart/items"), form("item", "E101")), 200).Contains(t, "ya estaba en el carro")
	h.facts.Tramo = 90
	see(t, c.PostHX(h.path("/cart/items"), form("item", "E201", "note", "mi texto")), 422).Contains(t, `hx-target="#add-E201"`, "override_reason", "mi texto", "Escriba por qué")
	h.facts.Tramo = 40
	line := h.cart().Lines[0].ID
	see(t, c.GetHX(h.path("/cart/items/"+line)), 200).Contains(t, `hx-target="#line-`+line+`"`, `name="quantity"`)
	see(t, c.PostHX(h.path("/cart/items/"+line), form("quantity", "0")), 422).Contains(t, `hx-target="#line-`+line+`"`, "is-invalid")
	see(t, c.PostHX(h.path("/cart/items/"+line), form("quantity", "2")), 200).Contains(t, `hx-target="#cart"`, "$\u00a070.000")
	removed := see(t, c.DeleteHX(h.path("/cart/items/"+line)), 200)
	removed.Contains(t, "Deshacer", "/restore", "El carro está vacío", "data-focus")
	c.Headers.Set("HX-Current-URL", "http://127.0.0.1:8080"+h.path("/cart"))
	see(t, c.PostHX(h.path("/cart/items/"+line+"/restore"), form()), 200).Contains(t, `hx-target="#cart-removed"`, "cart-wide", "volvió al carro")
	r, err := h.service.Review(t.Context(), h.manager, h.file.ID)
	if err != nil {
		t.Fatal(err)
	}
	see(t, c.PostHX(h.path("/checkout"), form("key", r.Key)), 422).Contains(t, `hx-target="#checkout"`, "Elija cómo se acordó.")
	made := see(t, c.PostHX(h.path("/checkout"), form("key", r.Key, "agreed", "phone")), 200)
	plan := made.Header.Get("HX-Redirect")
	p := h.load(strings.TrimPrefix(plan, "/plans/"))
	item := p.Items[0].ID
	see(t, c.PostHX(plan+"/items", form("version", "1", "status["+item+"]", "withdrawn")), 422).Contains(t, `hx-target="#plan-`+p.ID+`"`, "Escriba el motivo")
	saved := see(t, c.PostHX(plan+"/items", form("version", "1", "status["+item+"]", "in-progress")), 200)
	saved.Contains(t, `id="plan-summary"`, `hx-target="#rail-plan"`, "Se guardó: 1 ítem cambió.", `data-item="in-progress"`)
	saved.Lacks(t, "<html")
	other := h.client(t, h.other)
	clash := see(t, other.PostHX(plan+"/items", form("version", "1", "status["+item+"]", "not-achieved", "reason["+item+"]", "mi motivo")), 409)
	clash.Contains(t, "Dos personas guardaron", "Camila Rojas Soto", "En gestión", "No logrado", "mi motivo", `name="version" value="2"`, "Conservar lo guardado")
	closed := see(t, other.PostHX(plan+"/items", form("version", "2", "status["+item+"]", "not-achieved", "reason["+item+"]", "mi motivo")), 200)
	closed.Contains(t, `data-plan="closed"`, "quedó cerrado", "circle-closed", "data-focus")
	whole := see(t, h.client(t, h.manager).PostForm(plan+"/items", form("version", "2", "status["+item+"]", "confirmed")), 409)
	whole.Contains(t, "<html", "El plan se cerró mientras usted trabajaba", "Pedro Díaz Vera")
}

func TestApprovalPages(t *testing.T) {
	h := newHouse(t)
	p := h.plan("E301")
	item := p.Items[0].ID
	worker := h.client(t, h.manager)
	waiting := see(t, worker.Get("/plans/"+p.ID), 200)
	waiting.Contains(t, "Espera aprobación de Jefatura")
	waiting.Lacks(t, "/approve")
	see(t, worker.PostForm("/plans/"+p.ID+"/items", form("version", "1", "status["+item+"]", "confirmed")), 422).Contains(t, "Necesita aprobación de Jefatura")
	see(t, worker.Get("/approvals"), 403)
	see(t, worker.PostForm("/plans/"+p.ID+"/items/"+item+"/approve", form()), 403)
	head := h.client(t, h.head)
	see(t, head.Get("/approvals"), 200).Contains(t, "Materiales de construcción", "María Eugenia González Pérez", "$\u00a0250.000", "2026-0001", "/approve")
	see(t, head.PostForm("/plans/"+p.ID+"/items/"+item+"/reject", form("reason", " ")), 422).Contains(t, "Escriba por qué se rechaza")
	see(t, head.PostHX("/plans/"+p.ID+"/items/"+item+"/reject", form("reason", "sin presupuesto", "back", "plan")), 200).Contains(t, "Aprobación rechazada", "sin presupuesto", "Ana Muñoz Lara")
	location(t, head.PostForm("/plans/"+p.ID+"/items/"+item+"/approve", form("back", "approvals")), "/approvals")
	see(t, head.Get("/approvals"), 200).Contains(t, "No hay beneficios por aprobar", "Aprobó Materiales de construcción")
	see(t, head.PostForm("/plans/"+p.ID+"/items/"+item+"/approve", form("back", "https://example.org")), 422)
	location(t, worker.PostForm("/plans/"+p.ID+"/items", form("version", "1", "status["+item+"]", "confirmed")), "/plans/"+p.ID)
	// Who only approves reads the plan and saves nothing.
	see(t, h.client(t, h.director).Get("/plans/"+p.ID), 200).Lacks(t, `name="version"`)
}

// An actor of another municipality finds nothing here, whatever the route.
func TestAnotherMunicipality(t *testing.T) {
	h := newHouse(t)
	line := h.add("item", "B001").Line.ID
	h.add("item", "E301")
	p := h.checkout()
	h.add("item", "C001")
	item := p.Items[0].ID
	stranger := h.head
	stranger.Municipality = tenantstest.Municipality(t, h.files, "06304")
	stranger.Permissions = h.head.Permissions | h.director.Permissions
	c := h.client(t, stranger)
	for _, path := range []string{h.path("/cart"), h.path("/cart/items/" + line), h.path("/checkout"), h.path("/plan"), "/plans/" + p.ID, "/plans/" + p.ID + ".pdf"} {
		see(t, c.Get(path), 404)
		see(t, c.GetHX(path), 404).Lacks(t, "María", "2026-0001")
	}
	for path, f := range map[string]url.Values{
		h.path("/cart/items"):                            form("item", "B001"),
		h.path("/cart/items/" + line):                    form("quantity", "1"),
		h.path("/cart/items/" + line + "/remove"):        form(),
		h.path("/cart/items/" + line + "/restore"):       form(),
		h.path("/checkout"):                              form("key", "k", "agreed", "signed"),
		"/plans/" + p.ID + "/items":                      form("version", "1", "status["+item+"]", "confirmed"),
		"/plans/" + p.ID + "/items/" + item + "/approve": form(),
		"/plans/" + p.ID + "/items/" + item + "/reject":  form("reason", "no"),
	} {
		see(t, c.PostForm(path, f), 404).Lacks(t, "María", "2026-0001")
	}
	see(t, c.DeleteHX(h.path("/cart/items/"+line)), 404)
	see(t, c.Get("/approvals"), 200).Contains(t, "No hay beneficios por aprobar")
	if now := h.load(p.ID); now.Items[0].Status != Pending || now.Version != 1 {
		t.Errorf("%+v", now)
	}
}

func TestForgedFields(t *testing.T) {
	h := newHouse(t)
	c := h.client(t, h.manager)
	for _, f := range []url.Values{
		form("item", "E101", "price", "1"), form("item", "E101", "back", "//evil.example"), form("item", "E101", "back", "/admin"),
		{"item": {"E101"}, "quantity": {"1", "2"}},
	} {
		see(t, c.PostForm(h.path("/cart/items"), f), 422)
	}
	p := h.plan("B001")
	id := p.Items[0].ID
	for name, f := range map[string]url.Values{
		"folio":      form("folio", "1"),
		"version":    form("version", "uno", "status["+id+"]", "confirmed"),
		"version 0":  form("version", "0", "status["+id+"]", "confirmed"),
		"reason":     form("version", "1", "reason["+id+"]", "sin estado"),
		"twice":      {"status[" + id + "]": {"confirmed", "withdrawn"}},
		"other item": form("version", "1", "status[x]", "confirmed"),
	} {
		if got := c.PostForm("/plans/"+p.ID+"/items", f); got.Status != 422 {
			t.Errorf("%s: %d", name, got.Status)
		}
	}
	see(t, c.PostForm(h.path("/checkout"), form("key", "k", "agreed", "signed", "status", "closed")), 422)
	if now := h.load(p.ID); now.Items[0].Status != Pending {
		t.Errorf("%+v", now.Items[0])
	}
}

// Every look leaves a row in the trail before the answer.
func TestViewsAreAudited(t *testing.T) {
	h := newHouse(t)
	h.add("item", "B001")
	c := h.client(t, h.manager)
	c.Get(h.path("/cart"))
	c.Get(h.path("/checkout"))
	p := h.checkout()
	before := h.views()
	c.Get("/plans/" + p.ID)
	c.Get("/plans/" + p.ID + ".pdf")
	c.Get(h.path("/plan"))
	after := h.views()
	if after["plan"] != before["plan"]+2 || after["plan.pdf"] != 1 || after["cart"] == 0 || after["checkout"] == 0 {
		t.Errorf("before %v, after %v", before, after)
	}
}

func (h *house) views() map[string]int {
	h.t.Helper()
	seen := map[string]int{}
	err := h.limache.Access().View(h.t.Context(), func(tx *tenants.Tx) error {
		rows, err := tx.Query(`SELECT what, count(*) FROM access_view WHERE file_id = ? GROUP BY what`, h.file.ID)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var what string
			var n int
			if err := rows.Scan(&what, &n); err != nil {
				return err
			}
			seen[what] = n
		}
		return rows.Err()
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return seen
}

func TestPaper(t *testing.T) {
	h := newHouse(t)
	h.add("item", "E101", "quantity", "2", "note", "retira su hija Ñusta Peñaloza")
	h.add("item", "D101", "causante", matiasRUN, "vinculo", "nieto/a")
	h.add("item", "B001", "reason", "verificar la vivienda")
	p := h.checkout()
	if _, err := h.save(h.manager, p, 1, map[int]Wanted{1: {Status: "withdrawn", Reason: "ya fue visitada en octubre"}, 3: {Status: "confirmed"}}); err != nil {
		t.Fatal(err, fields(err))
	}
	got := see(t, h.client(t, h.manager).Get("/plans/"+p.ID+".pdf"), 200)
	if kind, name := got.Header.Get("Content-Type"), got.Header.Get("Content-Disposition"); kind != "application/pdf" || !strings.Contains(name, "plan-2026-0001.pdf") || strings.Contains(name, "Mar") {
		t.Errorf("%s %s", kind, name)
	}
	if cache := got.Header.Get("Cache-Control"); !strings.Contains(cache, "no-store") {
		t.Errorf("cache: %s", cache)
	}
	text := pdftest.Text(t, []byte(got.Body))
	for _, want := range []string{"Municipalidad de Limache", "Asistencia Social", "N° 2026-0001 · 21-11-2026", "María Eugenia González Pérez", "12.345.678-5",
		"Av. Palmira 210", "acordado con firma", "1 pendiente", "1 confirmado", "1 no logrado o retirado", "Canasta de alimentos", "Subsidio Único Familiar (SUF)",
		"Para Matías Soto González", "Retirado", "ya fue visitada en octubre", "Pendiente", "Confirmado", "Entregado el 21-11-2026", "$\u00a070.000",
		"“retira su hija Ñusta Peñaloza”", "Firma de la persona", "Camila Rojas Soto", "Página 1 de 1"} {
		if !strings.Contains(flat(text), want) {
			t.Errorf("the document lacks %q:\n%s", want, text)
		}
	}
	again := see(t, h.client(t, h.director).Get("/plans/"+p.ID+".pdf"), 200)
	if again.Body != got.Body {
		t.Error("the same plan gave other bytes to another reader")
	}
	if !bytes.Contains([]byte(got.Body), []byte("/Lang (es-CL)")) {
		t.Error("the document does not say its language")
	}
}

// flat puts lines that were broken together again.
func flat(text string) string { return strings.ReplaceAll(text, "\n", " ") }

// Forty items with long texts: every word is there, on pages that repeat their head.
func TestLongPaper(t *testing.T) {
	h := newHouse(t)
	long := strings.TrimSpace(strings.Repeat("texto largo de una nota ", 60))
	for i := range maxLines {
		h.add("item", "B001", "reason", strings.Repeat("motivo ", i+1), "note", long)
	}
	p := h.checkout()
	got := see(t, h.client(t, h.manager).Get("/plans/"+p.ID+".pdf"), 200)
	text, pages := pdftest.Text(t, []byte(got.Body)), pdftest.Pages([]byte(got.Body))
	if pages < 8 || strings.Count(text, "Página ") != pages {
		t.Errorf("%d pages, %d numbers", pages, strings.Count(text, "Página "))
	}
	if n := strings.Count(flat(text), "texto largo de una nota"); n != 40*60 {
		t.Errorf("%d of %d pieces of text", n, 40*60)
	}
}
