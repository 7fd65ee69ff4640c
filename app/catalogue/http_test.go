package catalogue

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/kit/web/webtest"
	"gsl/app/people"
	"gsl/tenants"
)

// desk is a browser in front of the catalogue of a file of Limache.
type desk struct {
	*webtest.Client
	house    *house
	who      actor.Actor
	file     string
	facts    *Facts
	handlers *Handlers
}

// newDesk opens a file for the household and sits an actor of the role before it.
func newDesk(t *testing.T, role string) *desk {
	t.Helper()
	h := newHouse(t)
	d := &desk{house: h, who: h.worker(t, "05802"), facts: household()}
	d.who.Role, d.who.Permissions = role, access.PermissionsOf(role, access.SocialUnit)
	files := people.NewService(nil)
	run, err := people.ParseRUN("12345678-5")
	if err != nil {
		t.Fatal(err)
	}
	keeper := d.who
	keeper.Permissions = access.PermissionsOf(access.FrontDesk, "")
	f, err := files.Lookup(context.Background(), keeper, run)
	if err != nil {
		t.Fatal(err)
	}
	d.file = "/files/" + f.ID + "/catalogue"
	handlers := NewHandlers(h.service, files)
	handlers.FactsOf = func(_ context.Context, _ actor.Actor, id string) (*Facts, error) {
		if id != f.ID {
			return nil, fault.New(fault.NotFound, "fault.not_found")
		}
		return d.facts, nil
	}
	d.handlers = handlers
	d.Client = webtest.New(t, d.who, handlers.Mount)
	return d
}

// inside asks for what a tab or a keystroke changes in the open pop-up.
func (d *desk) inside(path string) *webtest.Response {
	d.Headers.Set("HX-Target", "div#catalogue-body")
	defer d.Headers.Del("HX-Target")
	return d.GetHX(path)
}

// looks counts the rows that the trail of views has of the catalogue.
func (d *desk) looks(t *testing.T) (n int) {
	t.Helper()
	err := d.who.Municipality.Access().View(context.Background(), func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM access_view WHERE what = 'catalogue' AND user_id = ? AND file_id = ?`,
			d.who.UserID, strings.Split(d.file, "/")[2]).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCatalogueOpensAsPopUpAndAsPage(t *testing.T) {
	d := newDesk(t, access.CaseManager)
	popUp := d.GetHX(d.file)
	popUp.Contains(t, `<dialog id="catalogue"`, `id="catalogue-body"`, `href="`+d.file+`?category=F"`, "En especie", "Podría acceder a",
		"Subsidio Único Familiar (SUF)", "integrante menor de 18 años o con discapacidad", "(Luis Soto Araya, Matías Soto González)")
	popUp.Lacks(t, "<html", "<script")
	d.GetHX(d.file+"?q=d101").Contains(t, `<dialog id="catalogue"`, `data-code="D101"`)
	d.inside(d.file+"?q=d101").Lacks(t, "<dialog")
	whole := d.Get(d.file)
	whole.Contains(t, "<html", `<dialog id="catalogue"`, " open", "Volver al carro", "Subsidio Único Familiar (SUF)", `name="q"`)
	if popUp.Status != http.StatusOK || whole.Status != http.StatusOK {
		t.Errorf("status %d and %d", popUp.Status, whole.Status)
	}
}

func TestCategoryDrawerAndFilter(t *testing.T) {
	d := newDesk(t, access.CaseManager)
	tests := []struct {
		query      string
		codes      string // in order
		has, lacks string
	}{
		{"?category=A&subcategory=complemento_de_informacion", "A401 A402 A403 A404 A501", "no cumple", ""},
		{"?category=B", "B001", "Visita domiciliaria", `<nav class="chips"`},
		{"?category=D&subcategory=subsidios_sociales", "D101 D102 D103", "nacional", "D201"},
		{"?category=E&subcategory=alimentacion", "E101 E102 E103", "una vez cada 120 días", ""},
		{"?category=E&subcategory=Alimentaci%C3%B3n", "E101 E102 E103", "", ""},
		{"?q=panales", "E203 F203", "2 ítems", ""},
		{"?q=PA%C3%91ALES", "E203 F203", "", ""},
		{"?q=canasta", "E101 F101", "", ""},
		{"?category=E&q=canasta", "E101", "También hay en:", ""},
		{"?category=E&subcategory=salud&q=canasta", "", "Ningún ítem con «canasta»", ""},
		{"?q=zzz", "", "Ningún ítem con «zzz»", "También hay en:"},
		{"?q=%3Cscript%3E", "", "&lt;script&gt;", "<script>"},
		{"?q=a", "", "Se muestran 40 de", ""},
	}
	for _, tt := range tests {
		for _, got := range []*webtest.Response{d.inside(d.file + tt.query), d.GetHX(d.file + tt.query), d.Get(d.file + tt.query)} {
			if got.Status != http.StatusOK {
				t.Fatalf("%s: %d", tt.query, got.Status)
			}
			if tt.codes != "" || tt.query == "?q=zzz" {
				if codes := shownCodes(got.Body); codes != tt.codes {
					t.Errorf("%s shows %s, want %s", tt.query, codes, tt.codes)
				}
			}
			got.Contains(t, tt.has)
			if tt.lacks != "" && !strings.Contains(got.Body, "<html") {
				got.Lacks(t, tt.lacks)
			}
		}
	}
}

var codePattern = regexp.MustCompile(`data-code="([A-Z0-9]+)"`)

func shownCodes(body string) string {
	var list []string
	for _, m := range codePattern.FindAllStringSubmatch(body, -1) {
		list = append(list, m[1])
	}
	return strings.Join(list, " ")
}

func TestUnknownCategoryIsNamed(t *testing.T) {
	d := newDesk(t, access.CaseManager)
	for query, names := range map[string]string{
		"?category=Z":                    "No existe la categoría «Z»",
		"?category=e":                    "No existe la categoría «e»",
		"?category=E&subcategory=viajes": "No existe la subcategoría «viajes»",
		"?subcategory=alimentacion":      "Indique la categoría",
	} {
		for _, got := range []*webtest.Response{d.Get(d.file + query), d.GetHX(d.file + query)} {
			if got.Status != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d, want 422", query, got.Status)
			}
			got.Contains(t, names)
		}
	}
	if n := d.looks(t); n != 0 {
		t.Errorf("%d rows in the trail for answers that show nothing of the file", n)
	}
}

func TestUnknownFileIsNotFound(t *testing.T) {
	d := newDesk(t, access.CaseManager)
	for _, path := range []string{"/files/01JZZZZZZZZZZZZZZZZZZZZZZZ/catalogue", "/files/x/catalogue?category=E", "/files/x/catalogue?category=Z"} {
		for _, got := range []*webtest.Response{d.Get(path), d.GetHX(path)} {
			if got.Status != http.StatusNotFound {
				t.Errorf("%s: %d, want 404", path, got.Status)
			}
		}
	}
}

func TestOnlyTheCartAdds(t *testing.T) {
	for role, adds := range map[string]bool{
		access.FrontDesk: false, access.RSHDesk: false, access.SubsidiesDesk: false, access.Counterpart: false,
		access.Director: false, access.CaseManager: true, access.UnitHead: true,
	} {
		d := newDesk(t, role)
		got := d.GetHX(d.file + "?category=E")
		if got.Status != http.StatusOK {
			t.Errorf("%s: %d", role, got.Status)
		}
		if strings.Contains(got.Body, "/cart/items") != adds || strings.Contains(got.Body, "Agregar") != adds {
			t.Errorf("%s: may add %v", role, !adds)
		}
		refers := !adds && d.who.Can(access.Refer)
		if opened := d.GetHX(d.file); strings.Contains(opened.Body, "solo orientación") == (adds || refers) || strings.Contains(opened.Body, "orientación y derivación") != refers {
			t.Errorf("%s is told something else of what it is for", role)
		}
	}
	for _, role := range []string{access.TechnicalAssistant, access.NationalAdmin} {
		d := newDesk(t, role)
		if got := d.GetHX(d.file); got.Status != http.StatusForbidden {
			t.Errorf("%s: %d, want 403", role, got.Status)
		}
	}
}

func TestWhatHasToBeAnswered(t *testing.T) {
	d := newDesk(t, access.CaseManager)
	d.facts.Received = []Received{
		{Code: "E101", Holder: "9876543-3", On: today.AddDays(-99), Name: "Canasta de alimentos"},
		{Code: "RIS-SUF", Holder: "26444555-1", On: day("2026-10-31"), Name: "Subsidio Único Familiar"},
	}
	food := card(t, d.GetHX(d.file+"?category=E&subcategory=alimentacion").Body, "E101")
	contains(t, food, "Entregado hace 99 días (14-08-2026, Luis Soto Araya)", `name="override_reason"`, "required", "<details", `name="quantity"`)
	milk := card(t, d.GetHX(d.file+"?category=E&subcategory=alimentacion").Body, "E102")
	contains(t, milk, "Agregar", `name="item" value="E102"`)
	if strings.Contains(milk, "<details") || strings.Contains(milk, "override_reason") {
		t.Errorf("nothing has to be answered, but the card asks:\n%s", milk)
	}
	money := card(t, d.GetHX(d.file+"?category=F&subcategory=alimentacion").Body, "F101")
	contains(t, money, "La misma ayuda se entregó de otra forma hace 99 días: Canasta de alimentos")
	suf := card(t, d.GetHX(d.file+"?category=D&subcategory=subsidios_sociales").Body, "D101")
	contains(t, suf, "Ya recibido: Subsidio Único Familiar, 31-10-2026, Matías Soto González", `name="causante"`,
		`name="vinculo"`, "nieto/a", "Matías Soto González · 6 años", `name="override_reason"`)
	pension := card(t, d.GetHX(d.file+"?category=D&q=pgu").Body, "D104")
	contains(t, pension, `data-criterion="not-met"`, "no cumple: persona de 65 años o más", `name="override_reason"`)
	other := card(t, d.GetHX(d.file+"?q=e804").Body, "E804")
	contains(t, other, `name="amount"`, "required") // without a reference, somebody has to say how much
}

func TestWhatIsNotKnownSaysWhatWouldSettleIt(t *testing.T) {
	d := newDesk(t, access.CaseManager)
	d.facts = stranger()
	care := card(t, d.GetHX(d.file+"?q=d212").Body, "D212")
	contains(t, care, `data-criterion="unknown"`, "falta saber: tramo hasta 60", "lo aclara: consulta del tramo en el RSH",
		"lo aclara: certificado de dependencia")
	if strings.Contains(care, "override_reason") {
		t.Error("what is merely unknown asks for a reason")
	}
	d.facts.Registered = No
	contains(t, card(t, d.GetHX(d.file+"?q=d211").Body, "D211"), "ingreso al Registro Social de Hogares")
	// Nothing to suggest: it opens at what applies, else where one can begin to browse.
	d.facts.Members[0].BirthDate = day("1990-01-01")
	d.GetHX(d.file).Contains(t, `data-code="A501"`, `aria-current="true">Complemento de información`)
	d.facts.Registered = Unknown
	d.GetHX(d.file).Contains(t, `data-code="A101"`)
}

func card(t *testing.T, body, code string) string {
	t.Helper()
	_, after, ok := strings.Cut(body, `data-code="`+code+`"`)
	if !ok {
		t.Fatalf("no card of %s in:\n%s", code, body)
	}
	before, _, _ := strings.Cut(after, `data-code="`)
	return before
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("lacks %q:\n%s", part, text)
		}
	}
}

// Each opening leaves a row; what happens inside the open pop-up does not, but
// nobody can claim to be inside who never opened it.
func TestTrailOfOpenings(t *testing.T) {
	d := newDesk(t, access.FrontDesk)
	steps := []struct {
		name string
		get  func() *webtest.Response
		rows int
	}{
		{"a keystroke out of nowhere", func() *webtest.Response { return d.inside(d.file + "?q=c") }, 1},
		{"the next keystrokes", func() *webtest.Response { return d.inside(d.file + "?q=canasta") }, 1},
		{"opening", func() *webtest.Response { return d.GetHX(d.file) }, 2},
		{"a tab", func() *webtest.Response { return d.inside(d.file + "?category=E") }, 2},
		{"opening at an item", func() *webtest.Response { return d.GetHX(d.file + "?q=d101") }, 3},
		{"the page", func() *webtest.Response { return d.Get(d.file) }, 4},
		{"the page, filtered", func() *webtest.Response { return d.Get(d.file + "?q=canasta") }, 5},
	}
	for _, step := range steps {
		if got := step.get(); got.Status != http.StatusOK {
			t.Fatalf("%s: %d", step.name, got.Status)
		}
		if n := d.looks(t); n != step.rows {
			t.Errorf("%s: %d rows, want %d", step.name, n, step.rows)
		}
	}
	d.house.clock.Advance(11 * time.Minute)
	d.inside(d.file + "?q=canasta")
	if n := d.looks(t); n != 6 {
		t.Errorf("a keystroke after eleven minutes: %d rows, want 6", n)
	}
}

// The answers stay small enough for a slow line.
func TestAnswersStaySmall(t *testing.T) {
	d := newDesk(t, access.CaseManager)
	d.facts = largeHousehold()
	d.Headers.Set("Accept-Encoding", "gzip")
	for _, query := range []string{"", "?category=A", "?category=D", "?category=E", "?q=a"} {
		got := d.GetHX(d.file + query)
		if size := len(got.Body); size > 10<<10 {
			t.Errorf("%q: %d bytes compressed, want at most 10 KB", query, size)
		}
	}
}
