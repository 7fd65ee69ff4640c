package document_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/web/webtest"
	"gsl/tenants"
)

// shelf is the page of the file's documents.
func (r *room) shelf() string { return "/files/" + r.file + "/documents" }

func (r *room) desk() *webtest.Client { return webtest.New(r.t, r.worker("social"), r.mount) }

func mustSee(t *testing.T, what string, got *webtest.Response, status int, words ...string) {
	t.Helper()
	if got.Status != status {
		t.Fatalf("%s answered %d:\n%s", what, got.Status, got.Body)
	}
	for _, word := range words {
		if no, found := strings.CutPrefix(word, "!"); found == strings.Contains(got.Body, no) {
			t.Errorf("%s: %q in\n%s", what, word, got.Body)
		}
	}
	if list := webtest.Faults(got.Body); len(list) > 0 {
		t.Errorf("%s: %v", what, list)
	}
}

// A paper is handed in on the page of the file, stands there with everything that
// is known of it, and its page leaves the trail.
func TestPapersAreHandedInAndListed(t *testing.T) {
	r := newRoom(t)
	c := r.desk()
	mustSee(t, "an empty shelf", c.Get(r.shelf()), 200, "Aún no hay documentos", "Adjuntar")
	got := post(c, r.shelf(), map[string]string{"kind": "residence", "expires_on": "10-12-2026"}, map[string][]byte{"Certificado.pdf": paper(100)})
	if got.Status != http.StatusSeeOther || got.Header.Get("Location") != r.shelf() {
		t.Fatalf("answered %d to %q:\n%s", got.Status, got.Header.Get("Location"), got.Body)
	}
	mustSee(t, "the shelf", c.Get(r.shelf()), 200, "Certificado.pdf", "Domicilio", "vence el 10-12-2026", "Camila Rojas", "PDF · 1 KB")
	got = post(c, r.shelf(), map[string]string{"kind": "photo", "of": "test." + owner, "at": "panel"}, map[string][]byte{"a.jpg": photo, "b.png": scan})
	if got.Header.Get("Location") != "/visits/"+owner {
		t.Errorf("handed in for a visit, leads to %q:\n%s", got.Header.Get("Location"), got.Body)
	}
	mustSee(t, "with photos", c.Get(r.shelf()), 200, "a.jpg", "b.png", "Visita del 12-11-2026", "/likeness", "Todos", "Fotografía")
	mustSee(t, "one kind", c.Get(r.shelf()+"?kind=photo"), 200, "a.jpg", "!Certificado.pdf")
	mustSee(t, "of the visit", c.Get(r.shelf()+"?of=test."+owner), 200, "a.jpg", "!Certificado.pdf", "Todos los de la ficha")
	if got := c.Get(r.shelf() + "?of=test.01J0000000000000000000NONE"); got.Status != http.StatusNotFound {
		t.Errorf("of nothing: %d", got.Status)
	}
	if n := r.views("documents"); n < 4 {
		t.Errorf("%d rows in the trail of views", n)
	}
	mustSee(t, "who may not see the visit", webtest.New(t, r.worker("blind"), r.mount).Get(r.shelf()), 200, "Certificado.pdf", "!a.jpg", "!Visita")
	mustSee(t, "who hands nothing in", webtest.New(t, r.worker("reader"), r.mount).Get(r.shelf()), 200, "Certificado.pdf", "!Adjuntar documentos", "!Cambiar o retirar")
}

// What can be kept is kept; what cannot is named, with what was typed.
func TestAPaperThatIsRefusedStopsNoOther(t *testing.T) {
	r := newRoom(t)
	c := r.desk()
	got := post(c, r.shelf(), map[string]string{"kind": "income"}, map[string][]byte{"bueno.pdf": paper(100), "x.pdf": []byte("<html>")})
	mustSee(t, "two papers", got, 422, "x.pdf", "No es de un tipo", `value="income" selected`, "bueno.pdf", "Documento adjuntado.")
	for what, fields := range map[string]map[string]string{
		"no kind": {"kind": ""}, "another kind": {"kind": "zzz"}, "no date": {"kind": "income", "expires_on": "31-02-2027"}, "a slip": {"kind": "income", "expires_on": "31-12-0027"},
	} {
		got := post(c, r.shelf(), fields, map[string][]byte{"otro.pdf": paper(300)})
		mustSee(t, what, got, 422, "error-summary", fields["expires_on"], "!otro.pdf")
	}
	mustSee(t, "no file", post(c, r.shelf(), map[string]string{"kind": "income"}, nil), 422, "Elija el archivo")
	if n := r.count(`SELECT count(*) FROM document`); n != 1 {
		t.Errorf("%d documents", n)
	}
	for what, test := range map[string]struct {
		unit   string
		fields map[string]string
		status int
	}{
		"who hands nothing in": {"reader", map[string]string{"kind": "income"}, 403}, "who does not see the visit": {"blind", map[string]string{"kind": "income", "of": "test." + owner}, 404},
		"another file's owner": {"social", map[string]string{"kind": "income", "of": "file.01J00000000000000000OTHER"}, 404}, "an owner of no kind": {"social", map[string]string{"kind": "income", "of": "zzz.1"}, 404},
	} {
		if got := post(webtest.New(t, r.worker(test.unit), r.mount), r.shelf(), test.fields, map[string][]byte{"otro.pdf": paper(300)}); got.Status != test.status {
			t.Errorf("%s: %d", what, got.Status)
		}
	}
}

// With htmx the panel of a thing is renewed alone.
func TestAPanelIsRenewedAlone(t *testing.T) {
	r := newRoom(t)
	c := r.desk()
	got := post(c, r.shelf(), map[string]string{"kind": "photo", "of": "test." + owner, "at": "panel"}, map[string][]byte{"a.jpg": photo}, true)
	mustSee(t, "the panel", got, 200, `id="papers-`+owner, "a.jpg", "Adjuntar más")
	got = post(c, r.shelf(), map[string]string{"kind": "photo", "of": "test." + owner, "at": "panel"}, map[string][]byte{"a.exe": []byte("MZ")}, true)
	mustSee(t, "the panel with what is wrong", got, 422, `id="papers-`+owner, "a.exe", "No es de un tipo", `href="#f-hand-`+owner+`-file"`, `id="f-hand-`+owner+`-file"`)
}

// A paper is corrected and taken out of sight with a reason; nobody opens it then.
func TestAPaperIsTakenOutOfSight(t *testing.T) {
	r := newRoom(t)
	c := r.desk()
	d := r.attach("ajeno.jpg", photo)
	path := "/documents/" + d.ID
	if got := c.PostForm(path, url.Values{"kind": {"health"}, "expires_on": {"01-03-2027"}, "version": {"1"}}); got.Status != http.StatusSeeOther {
		t.Fatalf("changing answered %d:\n%s", got.Status, got.Body)
	}
	mustSee(t, "changed meanwhile", c.PostForm(path, url.Values{"kind": {"other"}, "expires_on": {""}, "version": {"1"}}), 409, "Otra persona cambió", "Salud", "vale hasta el 01-03-2027", `value="other" selected`, "antes: Ingresos")
	mustSee(t, "no reason", c.PostForm(path+"/remove", url.Values{"reason": {"  "}, "version": {"2"}}), 422, "Escriba por qué")
	for range 2 { // pressed twice
		if got := c.PostForm(path+"/remove", url.Values{"reason": {"Es de otra persona"}, "version": {"2"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("removing answered %d:\n%s", got.Status, got.Body)
		}
	}
	for _, gone := range []string{path, path + "?keep=1", path + "/likeness"} {
		if got := c.Get(gone); got.Status != http.StatusNotFound || strings.Contains(got.Body, "JFIF") {
			t.Errorf("%s answered %d", gone, got.Status)
		}
	}
	mustSee(t, "the shelf", c.Get(r.shelf()), 200, "1 documento retirado", "Motivo: Es de otra persona", "Devolver", "!"+path+"/likeness")
	if n := r.count(`SELECT count(*) FROM audit WHERE action = 'document.remove' AND detail LIKE '%Es de otra persona%'`); n != 1 {
		t.Errorf("%d entries in the trail", n)
	}
	mustSee(t, "who has no hand in it", webtest.New(t, r.worker("reader"), r.mount).PostForm(path+"/restore", url.Values{}), 403)
	if got := c.PostForm(path+"/restore", url.Values{}); got.Status != http.StatusSeeOther || c.Get(path).Status != 200 {
		t.Errorf("putting back answered %d", got.Status)
	}
	c.PostForm(path+"/remove", url.Values{"reason": {"otra vez"}, "version": {"4"}})
	if again := r.attach("ajeno.jpg", photo); again.ID != d.ID || again.Removed() || c.Get(path).Status != 200 {
		t.Errorf("handed in again: %+v", again)
	}
	if err := audit.Verify(context.Background(), r.m); err != nil {
		t.Error(err)
	}
}

// A likeness is sent locked down; the page on which it stands has left the row in
// the trail, and who comes without one leaves it.
func TestALikenessIsPartOfItsPage(t *testing.T) {
	r := newRoom(t)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 1200, 900)), nil); err != nil {
		t.Fatal(err)
	}
	d := r.attach("foto.jpg", b.Bytes())
	c, path := r.desk(), "/documents/"+d.ID+"/likeness"
	got := c.Get(path)
	config, format, err := image.DecodeConfig(strings.NewReader(got.Body))
	if err != nil || format != "jpeg" || config.Width != 320 || config.Height != 240 || !strings.Contains(got.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Fatalf("%d %s %dx%d %v", got.Status, format, config.Width, config.Height, err)
	}
	if n := r.views("document"); n != 1 {
		t.Errorf("without a page: %d rows", n)
	}
	r.clock.Advance(time.Hour)
	c.Get(r.shelf())
	c.Get(path)
	if n := r.views("document"); n != 1 {
		t.Errorf("on a page: %d rows", n)
	}
	if got := c.Get("/documents/" + r.attach("carta.pdf", paper(100)).ID + "/likeness"); got.Status != http.StatusNotFound {
		t.Errorf("of a letter: %d", got.Status)
	}
}

// Who has the case and who took a paper in are reminded before it expires, unless
// a newer one of its kind has come.
func TestPapersThatExpireAreTold(t *testing.T) {
	r := newRoom(t) // 21-11-2026
	who := r.worker("social")
	give := func(kind document.Kind, name string, day int, until string) {
		content, err := r.arrive(name, paper(100+16*day))
		if err != nil {
			t.Fatal(err)
		}
		on, _ := calendar.Parse(until)
		r.update(func(tx *tenants.Tx) error {
			_, err := r.service.Attach(tx, who, document.New{Content: content, Owner: document.Owner{Kind: document.OfTheFile, ID: r.file}, FileID: r.file, Kind: kind, Name: name, ExpiresOn: on})
			return err
		})
	}
	give(document.Certificate, "pronto.pdf", 1, "2026-12-01")
	give(document.Certificate, "hace poco.pdf", 2, "2026-11-01")
	give(document.Certificate, "hace mucho.pdf", 3, "2026-01-01")
	give(document.Certificate, "lejos.pdf", 4, "2027-06-01")
	give(document.Residence, "viejo.pdf", 5, "2026-11-30")
	give(document.Residence, "nuevo.pdf", 6, "2027-05-30")
	r.service.Names = func(_ *tenants.Tx, _ actor.Actor, ids []string) (map[string]document.Person, error) {
		return map[string]document.Person{r.file: {Name: "María González"}}, nil
	}
	mustSee(t, "the list", r.desk().Get("/documents"), 200, "María González", "pronto.pdf", "quedan 10 días", "hace poco.pdf", "venció hace 20 días", "!hace mucho", "!lejos", "!viejo", "!nuevo")
	other := r.worker("social")
	other.UserID = "01J0000000000000000000OTHR"
	mustSee(t, "somebody else's list", webtest.New(t, other, r.mount).Get("/documents"), 200, "Ningún documento", "!pronto")
	r.service.Files = func(*tenants.Tx, actor.Actor) ([]string, error) { return []string{r.file}, nil }
	mustSee(t, "who has the case", webtest.New(t, other, r.mount).Get("/documents"), 200, "pronto.pdf")
	err := r.m.View(context.Background(), func(tx *tenants.Tx) error {
		list, err := r.service.DueFor(tx, who)
		if len(list) != 2 || list[0].Days() != -20 {
			t.Errorf("each once, the first first: %+v", list)
		}
		return err
	})
	if err != nil || fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}
