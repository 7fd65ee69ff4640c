package referral

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/pdf"
	"gsl/app/kit/pdf/pdftest"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
)

func (h *agreed) client(t *testing.T, who actor.Actor) *webtest.Client {
	t.Helper()
	return webtest.New(t, who, func(r *web.Router) { NewProtocolHandlers(h.service, pdf.NewPress()).Mount(r) })
}

func fields(pairs ...string) url.Values {
	f := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		f.Add(pairs[i], pairs[i+1])
	}
	return f
}

// written is the form of a text that can be signed.
func written(revision string, more ...string) url.Values {
	f := fields("revision", revision, "do", "save", "title", "Intermediación laboral", "all_desks", "1", "item", "D202", "spots", "10", "spots_period", "month",
		"join[0]", "and", "scope[0]", "person", "condition[0]", "age_min", "value[0]", "18 años", "documents", "Cédula de identidad\nCurrículum", "process", "El mesón envía la ficha.",
		"answer", "Fecha y resultado.", "citizen_days", "3", "answer_days", "7", "valid_from", "01-11-2026", "valid_to", "31-10-2027", "evaluation", "", "eligibility", "")
	for i := 0; i < len(more); i += 2 {
		f.Set(more[i], more[i+1])
	}
	return f
}

func leadsTo(t *testing.T, r *webtest.Response) string {
	t.Helper()
	if r.Status != http.StatusSeeOther {
		t.Fatalf("status %d:\n%s", r.Status, r.Body)
	}
	return r.Header.Get("Location")
}

func answers(t *testing.T, r *webtest.Response, status int) *webtest.Response {
	t.Helper()
	if r.Status != status {
		t.Fatalf("status %d, want %d:\n%s", r.Status, status, r.Body)
	}
	return r
}

var revisionField = regexp.MustCompile(`name="revision" value="(\d+)"`)

func revisionOf(t *testing.T, r *webtest.Response) string {
	t.Helper()
	found := revisionField.FindStringSubmatch(r.Body)
	if found == nil {
		t.Fatal(r.Body)
	}
	return found[1]
}

// The whole life of an agreement with plain forms: written, signed, approved,
// printed, renewed, ended.
func TestAProtocolWithPlainForms(t *testing.T) {
	h := newAgreed(t)
	head, director, desk := h.client(t, h.head), h.client(t, h.director), h.client(t, h.desk)
	answers(t, head.Get("/protocols"), 200).Contains(t, "Todavía no hay protocolos", "Nuevo protocolo")
	answers(t, desk.Get("/protocols"), 200).Lacks(t, "Nuevo protocolo")
	answers(t, head.Get("/protocols/new"), 200).Contains(t, "Asistencia Social", "Oficina Municipal de Intermediación Laboral (OMIL) · unidad municipal por carta")
	answers(t, head.PostForm("/protocols", fields("unit", "social", "counterpart", "nobody")), 422).Contains(t, "Elija la contraparte", "error-summary")

	edit := leadsTo(t, head.PostForm("/protocols", fields("unit", "social", "counterpart", h.omil(), "all_desks", "1")))
	page := strings.TrimSuffix(edit, "/edit")
	form := answers(t, head.Get(edit), 200)
	form.Contains(t, "Criterios de elegibilidad", "Proceso de contrarreferencia", `value="D202"`, "Sin criterios", `name="do" value="add"`)
	form.Lacks(t, `value="D203"`)

	more := answers(t, head.PostForm(page, written("1", "do", "add")), 200) // nothing is kept, nothing is lost
	more.Contains(t, `name="condition[1]"`, `value="18 años"`, `autofocus`, "Intermediación laboral", "Cambios sin guardar")
	answers(t, head.PostForm(page, written("1", "do", "remove-0")), 200).Lacks(t, `name="condition[0]"`)
	bad := answers(t, head.PostForm(page, written("1", "valid_to", "31-02-2027", "value[0]", "mucho")), 422)
	bad.Contains(t, "Escriba una fecha que exista", "31-02-2027", "Curr\u00edculum", "error-summary")
	answers(t, head.PostForm(page, written("1", "value[0]", "mucho")), 422).Contains(t, "Escriba un número entero", `value="mucho"`, `href="#f-value[0]"`)
	answers(t, head.PostForm(page, written("1", "item", "E101")), 422).Contains(t, "Ese ítem no es de la contraparte")

	if got := leadsTo(t, head.PostForm(page, written("1"))); got != edit {
		t.Fatal(got)
	}
	saved := answers(t, head.Get(edit), 200)
	saved.Contains(t, "El borrador quedó guardado", `value="18"`, "01-11-2026")
	answers(t, head.PostForm(page, written(revisionOf(t, saved), "do", "send", "process", "")), 422).Contains(t, "Escriba cómo se deriva")
	rev := revisionOf(t, answers(t, head.Get(edit), 200))
	if got := leadsTo(t, head.PostForm(page, written(rev, "do", "send"))); got != page {
		t.Fatal(got)
	}
	if got := leadsTo(t, head.Get(edit)); got != page { // no draft any more
		t.Fatal(got)
	}
	answers(t, desk.Get(page), 404)
	signing := answers(t, head.Get(page), 200)
	signing.Contains(t, "Falta la firma de Asistencia Social y Oficina Municipal", "Registrar la firma en papel", "en firma")
	rev = revisionOf(t, signing)
	leadsTo(t, head.PostForm(page+"/sign", fields("revision", rev, "side", "municipality")))
	answers(t, head.PostForm(page+"/sign", fields("revision", rev, "side", "counterpart", "name", "Pía Soto", "position", "", "signed_on", "20-11-2026")), 422).
		Contains(t, "Escriba el cargo de quien firmó", `value="Pía Soto"`)
	answers(t, director.PostForm(page+"/approve", fields("revision", rev)), 409).Contains(t, "Faltan firmas")
	leadsTo(t, head.PostForm(page+"/sign", fields("revision", rev, "side", "counterpart", "name", "Pía Soto", "position", "Encargada", "signed_on", "20-11-2026")))
	answers(t, director.Get(page), 200).Contains(t, "Aprobar: entra en vigencia", "Pía Soto · Encargada", "en papel, registró Ana Muñoz Lara")
	answers(t, director.PostForm(page+"/reject", fields("reason", "")), 422).Contains(t, "Escriba el motivo")
	leadsTo(t, director.PostForm(page+"/approve", fields("revision", rev)))
	leadsTo(t, director.PostForm(page+"/approve", fields("revision", rev))) // twice is once

	answers(t, desk.Get(page), 200).Contains(t, "vigente", "18 años", "7 días hábiles", "Quedan 10 de 10 este mes")
	answers(t, desk.Get("/protocols"), 200).Contains(t, "Oficina Municipal de Intermediación Laboral (OMIL)", "P-2026-0001 · versión 1", "Quedan 10 de 10 este mes")
	paper := answers(t, desk.Get(page+".pdf"), 200)
	text := strings.Join(strings.Fields(pdftest.Text(t, []byte(paper.Body))), " ")
	for _, want := range []string{"Protocolo de atención", "P-2026-0001", "Criterios de elegibilidad", "Ana Muñoz Lara", "Pía Soto", "firmado el 20-11-2026", "Aprobado por Jorge Silva Ríos"} {
		if !strings.Contains(text, want) {
			t.Errorf("the paper lacks %q:\n%s", want, text)
		}
	}
	if again := desk.Get(page + ".pdf"); !bytes.Equal([]byte(again.Body), []byte(paper.Body)) {
		t.Error("the same agreement prints other bytes")
	}
	if got := paper.Header.Get("Content-Disposition"); !strings.Contains(got, "protocolo-P-2026-0001-v1.pdf") {
		t.Error(got)
	}

	next := strings.TrimSuffix(leadsTo(t, head.PostForm(page+"/version", fields())), "/edit")
	if again := strings.TrimSuffix(leadsTo(t, head.PostForm(page+"/version", fields())), "/edit"); again != next || next == page {
		t.Errorf("%s, then %s", next, again)
	}
	answers(t, head.Get(next), 200).Contains(t, "rige otra", "versión 1")
	answers(t, desk.Get(next), 404)
	leadsTo(t, head.PostForm(next+"/end", fields("reason", "No hace falta")))
	answers(t, head.PostForm(page+"/end", fields("reason", "")), 422).Contains(t, "Escriba el motivo")
	leadsTo(t, head.PostForm(page+"/end", fields("reason", "La oficina cerró")))
	answers(t, head.PostForm(page+"/end", fields("reason", "otra vez")), 409).Contains(t, "ya terminó")
	answers(t, desk.Get(page), 200).Contains(t, "La oficina cerró", "terminado")
}

// With htmx the form comes back as a fragment, and keeps itself while one writes.
func TestADraftKeepsItself(t *testing.T) {
	h := newAgreed(t)
	head := h.client(t, h.head)
	page := strings.TrimSuffix(leadsTo(t, head.PostForm("/protocols", fields("unit", "social", "counterpart", h.omil()))), "/edit")
	got := answers(t, head.PostHX(page, written("1", "do", "auto")), 200)
	got.Contains(t, `id="protocol-saved"`, "Guardado 12:00", `name="revision" value="2"`)
	got.Lacks(t, "<html", "<form")
	answers(t, head.PostHX(page, written("2", "do", "auto", "valid_to", "31-02-2027")), 200).Contains(t, "No se guardó", `name="revision" value="2"`)
	added := answers(t, head.PostHX(page, written("2", "do", "add")), 200)
	added.Contains(t, `id="protocol-edit"`, "data-focus")
	added.Lacks(t, "<html")
	if sent := head.PostHX(page, written("2", "do", "send")); sent.Status != 200 || sent.Header.Get("Hx-Redirect") != page {
		t.Errorf("%d to %q", sent.Status, sent.Header.Get("Hx-Redirect"))
	}
}

// Somebody else was faster: both texts are shown, and saving again keeps the own one.
func TestTwoWritersAtOneForm(t *testing.T) {
	h := newAgreed(t)
	head, admin := h.client(t, h.head), h.client(t, h.admin)
	page := strings.TrimSuffix(leadsTo(t, head.PostForm("/protocols", fields("unit", "social", "counterpart", h.omil()))), "/edit")
	leadsTo(t, head.PostForm(page, written("1")))
	clash := answers(t, admin.PostForm(page, written("1", "process", "Otro camino")), 409)
	clash.Contains(t, "Otra persona cambió este borrador", "Ana Muñoz Lara guardó este borrador", "El mesón envía la ficha.", "Otro camino")
	leadsTo(t, admin.PostForm(page, written(revisionOf(t, clash), "process", "Otro camino")))
	answers(t, head.Get(page), 200).Contains(t, "Otro camino")
}

// Nobody writes, signs or approves what is not theirs.
func TestWhoMayDoWhatWithProtocols(t *testing.T) {
	h := newAgreed(t)
	draft, err := h.service.BeginProtocol(h.ctx, h.head, ProtocolParties{Unit: access.SocialUnit, Counterpart: h.omil()})
	h.must(err)
	path := protocolPath(draft.ID)
	for _, c := range []struct {
		who    actor.Actor
		path   string
		form   url.Values
		status int
	}{
		{h.desk, path, written("1"), 403}, {h.manager, path + "/send", fields("revision", "1"), 403}, {h.director, path + "/sign", fields(), 403},
		{h.head, path + "/approve", fields(), 403}, {h.admin, path + "/sign", fields(), 403}, {h.rsh, path, written("1"), 404},
		{h.rsh, path + "/end", fields("reason", "x"), 404}, {h.rsh, path + "/version", fields(), 404}, {h.assistant, path + "/send", fields(), 403},
	} {
		if got := h.client(t, c.who).PostForm(c.path, c.form); got.Status != c.status {
			t.Errorf("%s of %q: %s answered %d, want %d", c.who.Role, c.who.UnitID, c.path, got.Status, c.status)
		}
	}
	answers(t, h.client(t, h.assistant).Get("/protocols"), 403)
	answers(t, h.client(t, h.director).Get(path), 200)
}
