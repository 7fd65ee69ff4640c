package referral

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
)

// browser is somebody of the house at the screen.
func (h *house) browser(t *testing.T, name string) *webtest.Client {
	t.Helper()
	handlers := NewHandlers(h.service)
	return webtest.New(t, h.staff[name], func(r *web.Router) {
		r.Object(web.Object{Param: "file", See: access.ReadFile, Exists: h.people.Exists})
		r.Object(web.Object{Param: "referral", See: access.ReadFile, Exists: h.service.Exists})
		handlers.Mount(r)
	})
}

// count asks the municipality's file for a number.
func (h *house) count(query string) (n int) {
	h.t.Helper()
	h.read(query, &n)
	return n
}

func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func TestADeskRefersAndAnotherAnswers(t *testing.T) {
	h := newHouse(t)
	desk, rsh := h.browser(t, front), h.browser(t, rshDesk)
	page := desk.Get("/files/" + h.file.ID + "/referrals/new?item=A501")
	page.Contains(t, "Derivar: Ingreso al Registro Social de Hogares", "Llega a su bandeja", "cédula de identidad", "Hasta el 27-11-2026")
	key := regexp.MustCompile(`name="key" value="([A-Z0-9]+)"`).FindStringSubmatch(page.Body)[1]
	fill := form("item", "A501", "key", key, "note", "Vive con su hermana")
	made := desk.PostForm("/files/"+h.file.ID+"/referrals", fill)
	again := desk.PostForm("/files/"+h.file.ID+"/referrals", fill)
	at := made.Header.Get("Location")
	if made.Status != http.StatusSeeOther || at != again.Header.Get("Location") || h.count(`SELECT count(*) FROM referral`) != 1 {
		t.Fatalf("%d %s, then %d %s", made.Status, at, again.Status, again.Header.Get("Location"))
	}
	desk.Get(at).Contains(t, "D-2026-0001", "Vive con su hermana", "Responder hasta el 27-11-2026 · quedan 5 días hábiles", "El siguiente paso es de Registro Social de Hogares", "María Eugenia González Pérez")

	inbox := rsh.Get("/inbox")
	inbox.Contains(t, "Nuevas: por recibir", "María Eugenia González Pérez", "Mesón general", `data-referral="sent"`)
	inbox.Lacks(t, ">12.345.678-5<", "Vive con su hermana")
	open := rsh.GetHX(at + "?at=inbox&box=new")
	open.Contains(t, "12.345.678-5", "Vive con su hermana", "Recibir", "Responder", `name="open"`)
	open.Lacks(t, "<html", "Cancelar la derivación")
	rsh.GetHX(at+"?at=inbox&box=new&closed=1").Lacks(t, "Vive con su hermana")

	got := rsh.PostForm(at+"/receive", form("at", "page", "version", "1"))
	if got.Status != http.StatusSeeOther || got.Header.Get("Location") != at {
		t.Errorf("receive: %d", got.Status)
	}
	wrong := rsh.PostHX(at+"/answer", form("at", "inbox", "box", "in-progress", "version", "2", "outcome", "not-granted", "note", "Lo que escribí"))
	if wrong.Status != http.StatusUnprocessableEntity {
		t.Errorf("an answer without why: %d", wrong.Status)
	}
	wrong.Contains(t, "Escriba el motivo", "Lo que escribí", `value="not-granted" checked`)
	done := rsh.PostHX(at+"/answer", form("at", "inbox", "box", "in-progress", "version", "2", "outcome", "granted", "note", "Ingresada", "external_number", "RSH-77", "external_on", "22-11-2026"))
	done.Contains(t, "Concedida", "RSH-77", "inbox-boxes", "Derivación respondida", `data-referral="answered"`)

	late := rsh.PostHX(at+"/answer", form("at", "inbox", "version", "2", "outcome", "not-granted", "reason", "Otra idea mía"))
	if late.Status != http.StatusConflict {
		t.Errorf("answered twice: %d", late.Status)
	}
	late.Contains(t, "ya fue respondida", "Otra idea mía", "Concedida")
	plain := rsh.PostForm(at+"/answer", form("version", "2", "outcome", "not-granted", "reason", "Otra idea mía"))
	if plain.Status != http.StatusConflict {
		t.Errorf("answered twice without JavaScript: %d", plain.Status)
	}
	plain.Contains(t, "<html", "ya fue respondida", "Otra idea mía")

	desk.Get("/inbox").Contains(t, "Con respuesta: por tomar conocimiento", "Concedida")
	desk.PostForm(at+"/close", form("version", "3"))
	desk.Get("/files/"+h.file.ID+"/referrals").Contains(t, "Terminadas", "Concedida", "D-2026-0001")
	if rsh.Get("/referrals/nothing").Status != http.StatusNotFound || h.browser(t, subsidies).Get(at).Status != http.StatusNotFound || rsh.Get(at+".pdf").Status != http.StatusNotFound {
		t.Error("what nobody may see is not found")
	}
}

// The one click of the screening makes one referral, however often it is
// pressed; the form asks why there should be a second.
func TestOneClickForWhoIsNotInTheRegistry(t *testing.T) {
	h := newHouse(t)
	desk := h.browser(t, front)
	path := "/files/" + h.file.ID + "/referrals"
	first := desk.PostForm(path, form("item", "A501", "source", "screening"))
	second := desk.PostForm(path, form("item", "A501", "source", "screening"))
	if first.Status != http.StatusSeeOther || first.Header.Get("Location") != second.Header.Get("Location") {
		t.Fatalf("%d, then %d", first.Status, second.Status)
	}
	desk.Get(first.Header.Get("Location")).Contains(t, "La persona no está en el RSH")
	desk.Get(path+"/new?item=A501").Contains(t, "Ya hay una derivación igual en curso: D-2026-0001", "override_reason")
	refused := desk.PostForm(path, form("item", "A501", "key", "k", "note", "Nota que no se pierde"))
	if refused.Status != http.StatusUnprocessableEntity {
		t.Errorf("a second without a reason: %d", refused.Status)
	}
	refused.Contains(t, "Nota que no se pierde", "Escriba por qué")
	if made := desk.PostForm(path, form("item", "A501", "key", "k", "override_reason", "Es otro hogar")); made.Status != http.StatusSeeOther {
		t.Errorf("with a reason: %d", made.Status)
	}
	h.facts.Registered = catalogue.Yes
	if got := desk.PostForm(path, form("item", "A501", "source", "screening")); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("of who is in the registry: %d", got.Status)
	}
	if got := desk.PostForm(path, form("item", "E101")); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("an item that nobody refers: %d", got.Status)
	}
	if got := desk.PostForm(path, form("item", "A501", "key", "x", "color", "rojo", "override_reason", "x")); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("a field that is none: %d", got.Status)
	}
	if got := desk.Get(path + "/new?item=E101"); got.Status != http.StatusSeeOther {
		t.Errorf("the form of an item that nobody refers: %d", got.Status)
	}
}

// A desk asks its own unit, and asks for casework without any item.
func TestChoosingWhatToReferFor(t *testing.T) {
	h := newHouse(t)
	path := "/files/" + h.file.ID + "/referrals"
	h.browser(t, rshDesk).Get(path+"/new").Contains(t, "Solicitudes a su propia unidad: Registro Social de Hogares", "Ingreso al Registro", "Vivienda (EGIS municipal)", "Gestión de caso social")
	h.browser(t, manager).Get(path+"/new").Contains(t, "Abrir el catálogo", "Solicitudes a su propia unidad: Asistencia Social")
	desk := h.browser(t, front)
	desk.Get(path+"/new?unit=social").Contains(t, "Situación y qué se pide")
	if got := desk.PostForm(path, form("unit", "social", "key", "k")); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("casework without saying why: %d", got.Status)
	}
	made := desk.PostForm(path, form("unit", "social", "key", "k", "request", "Quedó sin casa anoche"))
	if made.Status != http.StatusSeeOther {
		t.Fatalf("casework: %d", made.Status)
	}
	h.browser(t, socialHead).Get("/inbox").Contains(t, "Gestión de caso social", "Asignar")
	h.browser(t, manager).Get("/inbox").Contains(t, "Gestión de caso social", "/inbox/receive")
	for _, unit := range []string{"rsh", "vivienda", "none"} {
		if got := desk.PostForm(path, form("unit", unit, "key", "k2", "request", "x")); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("casework of %s: %d", unit, got.Status)
		}
	}
}

// What was returned is corrected with the item's own questions, and the story
// says what changed.
func TestAReturnedReferralIsCorrected(t *testing.T) {
	h := newHouse(t)
	asked := Asked{Code: "A101", Name: "Cambio de domicilio", Category: "A", Provider: entry.Provider, Note: "Urgente",
		Fields: []FieldValue{{Name: "change", LabelKey: "catalogue.field.change", Value: "Domicilio"}}}
	r := h.move(rshDesk, h.send(front, New{Asked: asked}), Move{Verb: Return, ReasonCode: MissingInformation})
	desk := h.browser(t, front)
	at := "/referrals/" + r.ID
	desk.Get(at).Contains(t, "Corregir y enviar otra vez", "Faltan datos en la solicitud", `value="Domicilio"`, "Urgente")
	it, err := h.service.catalogue.Item(t.Context(), h.staff[front], "A101")
	if err != nil {
		t.Fatal(err)
	}
	fill := form("version", "2", "at", "page", "note", "Urgente: llueve adentro", "change", "Domicilio")
	missing := desk.PostForm(at+"/resend", fill)
	if missing.Status != http.StatusUnprocessableEntity {
		t.Errorf("without what the item asks for: %d", missing.Status)
	}
	missing.Contains(t, "Urgente: llueve adentro")
	for i := range it.Fields {
		if f := &it.Fields[i]; f.Required {
			fill.Set(f.Name, "Los Aromos 12")
			if f.Type == catalogue.DateField {
				fill.Set(f.Name, "01-11-2026")
			}
		}
	}
	if got := desk.PostForm(at+"/resend", fill); got.Status != http.StatusSeeOther {
		t.Fatalf("corrected: %d %s", got.Status, got.Body)
	}
	after, last := h.now(r.ID), h.history(r.ID)[2]
	if after.State != Sent || after.Note != "Urgente: llueve adentro" || after.Reason != "" || last.Verb != Resend || !strings.Contains(last.Note, "Los Aromos 12") || strings.Contains(last.Note, "Domicilio") {
		t.Errorf("%+v\n%+v", after, last)
	}
}

// Several at once: each by itself, and what happened to each.
func TestManyAtOnce(t *testing.T) {
	h := newHouse(t)
	a, b, gone := h.send(front, New{}), h.send(front, New{}), h.reach(Cancelled)
	other := h.send(front, New{Asked: Asked{Code: "D101", Name: "SUF", Category: "D", Provider: "Subsidios Sociales"}})
	rsh, head := h.browser(t, rshDesk), h.browser(t, rshHead)
	got := rsh.PostHX("/inbox/receive", form("box", "new", "ids", a.ID, "ids", gone.ID, "ids", other.ID))
	got.Contains(t, "Se recibió 1 derivación", a.Folio(), gone.Folio(), "fue cancelada", "inbox-list")
	if h.now(a.ID).State != Received || h.now(a.ID).AssignedName == "" || h.now(other.ID).State != Sent {
		t.Error("one was to be received, the other unit's left alone")
	}
	if got := rsh.PostForm("/inbox/receive", form("box", "new")); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("none chosen: %d", got.Status)
	}
	assign := form("box", "new", "ids", a.ID, "ids", b.ID, "assigned", "u-"+rshOther)
	if got := rsh.PostForm("/inbox/assign", assign); got.Status != http.StatusForbidden {
		t.Errorf("a desk assigns: %d", got.Status)
	}
	head.PostForm("/inbox/assign", assign).Contains(t, "Se asignaron 2 derivaciones")
	if r := h.now(b.ID); r.State != Received || r.Assigned != "u-"+rshOther {
		t.Errorf("%+v", r)
	}
	assign.Set("assigned", "u-"+subsidies)
	if got := head.PostForm("/inbox/assign", assign); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("assigned to another unit's: %d", got.Status)
	}
	many := form("box", "new")
	for i := range maxBulk + 1 {
		many.Add("ids", strconv.Itoa(i))
	}
	if got := rsh.PostForm("/inbox/receive", many); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("too many: %d", got.Status)
	}
}

// An open inbox hears of new work; while somebody writes in a row, the list stays.
func TestThePulse(t *testing.T) {
	h := newHouse(t)
	rsh := h.browser(t, rshDesk)
	beat := regexp.MustCompile(`hx-get="(/inbox/pulse[^"]*)"`)
	address := func(body string) string { return strings.ReplaceAll(beat.FindStringSubmatch(body)[1], "&amp;", "&") }
	at := address(rsh.Get("/inbox").Body)
	if got := rsh.GetHX(at); got.Status != http.StatusNoContent {
		t.Fatalf("nothing new: %d", got.Status)
	}
	r := h.send(front, New{})
	news := rsh.GetHX(at)
	news.Contains(t, "inbox-boxes", "inbox-list", "María Eugenia")
	if got := rsh.GetHX(address(news.Body)); got.Status != http.StatusNoContent {
		t.Errorf("after the news: %d", got.Status)
	}
	writing := rsh.GetHX(at + "&open=" + r.ID)
	writing.Contains(t, "inbox-boxes", "Hay cambios en esta lista")
	writing.Lacks(t, `id="inbox-list"`)
	if got := h.browser(t, subsidies).GetHX("/inbox/pulse?box=new&beat=0"); got.Status != http.StatusNoContent {
		t.Errorf("another unit heard: %d", got.Status)
	}
	if got := rsh.Get("/inbox/pulse?beat=x"); got.Status != http.StatusNotFound {
		t.Errorf("nonsense: %d", got.Status)
	}
}

// BenchmarkPulse is what one question of an open tab costs through every
// middleware, when nothing is new. 6,000 tabs ask 200 times a second: to take
// at most a tenth of a core, one may cost 500 µs.
func BenchmarkPulse(b *testing.B) {
	h := newHouse(b)
	who := h.staff[rshDesk]
	gate := &webtest.Gate{In: &web.Session{Actor: who, TokenKey: []byte("0123456789abcdef"), Language: "es-CL", ExpiresAt: time.Now().Add(time.Hour)}}
	server := web.New(web.Config{Gate: gate, SignedIn: webtest.SignedIn, Lookup: webtest.ReadFile})
	NewHandlers(h.service).Mount(server.Router())
	request := httptest.NewRequest(http.MethodGet, "/inbox/pulse?box=new&beat=0", nil)
	request.Header.Set("Hx-Request", "true")
	b.ReportAllocs()
	for b.Loop() {
		answer := httptest.NewRecorder()
		if server.ServeHTTP(answer, request); answer.Code != http.StatusNoContent {
			b.Fatal(answer.Code)
		}
	}
}
