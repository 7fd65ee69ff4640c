package screening_test

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"gsl/app/access"
	"gsl/app/benefit"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
	"gsl/app/people"
	"gsl/app/screening"
	"gsl/templates/layout"
	"gsl/tenants"
)

func (h *house) mount(r *web.Router) {
	people.NewHandlers(h.people).Mount(r)
	screening.NewHandlers(h.screening, h.catalogue).Mount(r)
}

func (h *house) client(t *testing.T, who actor.Actor) *webtest.Client {
	return webtest.New(t, who, h.mount)
}

func address(file string) string { return "/files/" + file + "/screening" }

func TestTheScreeningPage(t *testing.T) {
	h := build(t)
	h.registry.put(mockHousehold())
	h.grant(maria, "E101", "Canasta de alimentos", benefit.InKind, "2026-08-14", 2, 35_000)
	f := h.lookup(h.manager(), maria)
	got := h.client(t, h.manager()).Get(address(f.ID))
	if got.Status != http.StatusOK {
		t.Fatalf("got %d: %s", got.Status, got.Body)
	}
	got.Contains(t,
		"María Eugenia González Pérez", "12.345.678-5", "54 años · Mujer", "+56 9 8123 4567", "40\u00a0%", "Persona cuidadora",
		"RSH · consultado hoy 12:00 · cartola del 03-11-2026",
		"$\u00a0412.300", "$\u00a0103.075", "casa", "cedida por familiar", "red pública",
		"Luis Soto Araya", "Dependencia moderada", "Discapacidad", "Embarazo", "Cuidador/a", "nieto/a", "estudia", "vejez",
		"Canasta de alimentos", "2 unidad", "$\u00a035.000", "14-08-2026", "tag-municipal",
		"Subsidio Único Familiar", "31-10-2026", "$\u00a022.007", "Matías Soto", "tag-national",
		"Podría acceder a", "benefits=all", "Se muestran 3 de 4")
	got.Lacks(t, "Bono de hace años", "No está en el Registro", "callout", "person-form")
}

func TestBenefitsOfAllTimes(t *testing.T) {
	h := build(t)
	h.registry.put(mockHousehold())
	f := h.lookup(h.manager(), maria)
	c := h.client(t, h.manager())
	c.Get(address(f.ID)+"?benefits=all").Contains(t, "Bono de hace años", "05-01-2020", "3 beneficios", "benefits=latest", "<html")
	part := c.GetHX(address(f.ID) + "?benefits=all")
	part.Contains(t, "Bono de hace años", `id="benefits"`, "data-focus")
	part.Lacks(t, "<html", "Hogar")
	if got := c.Get(address(f.ID) + "?benefits=x"); got.Status != http.StatusNotFound {
		t.Errorf("an unknown choice: %d", got.Status)
	}
}

func TestAPersonNobodyKnows(t *testing.T) {
	h := build(t)
	f := h.lookup(h.manager(), runOf("9-4"))
	got := h.client(t, h.manager()).Get(address(f.ID))
	got.Contains(t, "No está en el Registro Social de Hogares", `value="A501"`, "/files/"+f.ID+"/cart/items", "person-form", "Persona sin nombre registrado")

	inCart := h.withInCart(t, "A501").Get(address(f.ID))
	inCart.Contains(t, "está en el carro")
	inCart.Lacks(t, `value="A501"`)

	desk := h.client(t, h.worker(h.limache, access.FrontDesk)).Get(address(f.ID))
	desk.Contains(t, "No está en el Registro Social de Hogares", "person-form", "Ver catálogo")
	desk.Contains(t, "Derivar al mesón RSH", `value="A501"`, "/files/"+f.ID+"/referrals")
	desk.Lacks(t, "/cart")

	director := h.client(t, h.worker(h.limache, access.Director)).Get(address(f.ID))
	director.Contains(t, "No está en el Registro Social de Hogares")
	director.Lacks(t, "person-form", "A501")
}

// withInCart is a case manager's browser on a file whose cart holds an item.
func (h *house) withInCart(t *testing.T, code string) *webtest.Client {
	t.Helper()
	h.people.OnFrame = append(h.people.OnFrame, func(_ *tenants.Tx, _ actor.Actor, _ people.File, frame *layout.FileFrame) error {
		for i := range frame.Sections {
			if frame.Sections[i].Key == people.CartSection {
				frame.Sections[i].Count = 1
			}
		}
		return nil
	})
	return webtest.New(t, h.manager(), func(r *web.Router) {
		pages := screening.NewHandlers(h.screening, h.catalogue)
		pages.InCart = func(context.Context, actor.Actor, string) (map[string]bool, error) {
			return map[string]bool{code: true}, nil
		}
		pages.Mount(r)
	})
}

// What is in the cart is not suggested again; the next one takes its place.
func TestSuggestionsLeaveOutWhatIsInTheCart(t *testing.T) {
	h := build(t)
	h.registry.put(mockHousehold())
	f := h.lookup(h.manager(), maria)
	items, err := h.catalogue.Items(context.Background(), h.manager())
	if err != nil {
		t.Fatal(err)
	}
	suggestion := regexp.MustCompile(`/catalogue" data-dialog>([^<]+)</a><p class="meets">`)
	codes := func(page string) (list []string) {
		for _, m := range suggestion.FindAllStringSubmatch(page, -1) {
			i := slices.IndexFunc(items, func(it *catalogue.Item) bool { return it.Name == strings.TrimSpace(html.UnescapeString(m[1])) })
			list = append(list, items[max(0, i)].Code)
		}
		return list
	}
	before := codes(h.client(t, h.manager()).Get(address(f.ID)).Body)
	if len(before) != 5 {
		t.Fatalf("suggested: %v", before)
	}
	after := codes(h.withInCart(t, before[1]).Get(address(f.ID)).Body)
	if len(after) != 5 || slices.Contains(after, before[1]) || after[0] != before[0] || after[1] != before[2] {
		t.Errorf("before %v, with %s in the cart %v", before, before[1], after)
	}
}

func TestTheRegistryIsDownOnScreen(t *testing.T) {
	h := build(t)
	h.registry.put(mockHousehold())
	f := h.lookup(h.manager(), maria)
	c := h.client(t, h.manager())
	c.Get(address(f.ID))
	h.registry.fail(errDown)
	never := h.lookup(h.manager(), camila)
	h.clock.Advance(26 * time.Hour)

	got := c.Get(address(f.ID))
	if got.Status != http.StatusOK {
		t.Fatalf("got %d", got.Status)
	}
	got.Contains(t, "El Registro Social de Hogares no responde", "última consulta 21-11-2026 12:00", "Luis Soto Araya", "Consultar de nuevo", "callout-warning", "#exclamation-triangle")
	got = c.Get(address(never.ID))
	got.Contains(t, "no tiene una consulta anterior", "person-form")
	h.exec(`UPDATE snapshot SET body = 'x'`)
	c.Get(address(f.ID)).Contains(t, "está dañada")
}

func TestTheAside(t *testing.T) {
	h := build(t)
	h.registry.put(mockHousehold())
	h.screening.CartPanel = func(_ context.Context, _ *tenants.Tx, who actor.Actor, _ people.File) (templ.Component, error) {
		if !who.Can(access.ManageCart) {
			return nil, nil
		}
		return templ.Raw(`<section id="cart">Carro</section>`), nil
	}
	f := h.lookup(h.manager(), maria)
	got := h.client(t, h.manager()).Get(address(f.ID))
	got.Contains(t, `<section id="cart">`, "tramo hasta")
	got.Lacks(t, "Ver catálogo")
	got = h.client(t, h.worker(h.limache, access.SubsidiesDesk)).Get(address(f.ID))
	got.Contains(t, "Ver catálogo", "tramo hasta")
	got.Lacks(t, `<section id="cart">`)
}

func TestWhatIsUnderWayForTheOthers(t *testing.T) {
	h := build(t)
	h.registry.put(mockHousehold())
	h.screening.HouseholdWork = func(*tenants.Tx, actor.Actor, []string) ([]screening.Work, error) {
		return []screening.Work{
			{Kind: screening.PlanWork, Holder: luis.String(), Name: "Luis Soto Araya", Number: "2026-0184", Href: "/plans/01J", By: "Pedro Soto", Pending: 2, Confirmed: 1, Since: h.clock.Now()},
			{Kind: screening.CartWork, Holder: camila.String(), Name: "Camila Soto González", By: "Pedro Soto", Items: 3, Since: h.clock.Now()},
		}, nil
	}
	f := h.lookup(h.manager(), maria)
	h.client(t, h.manager()).Get(address(f.ID)).Contains(t, "En curso con otras personas del hogar", `href="/plans/01J"`, "Plan 2026-0184",
		"2 pendientes", "1 confirmado", "Carro con 3 ítems", "cónyuge", "Otro plan abierto en el hogar")
}

func TestTheSamePageInEnglish(t *testing.T) {
	h := build(t)
	h.registry.put(mockHousehold())
	f := h.lookup(h.manager(), maria)
	c := h.client(t, h.manager())
	c.Gate.In.Language = "en"
	c.Get(address(f.ID)).Contains(t, `lang="en"`, "Household", "asked today 12:00", "Received by", "54 years old", "$\u00a0412,300")
}

func TestWhoReadsTheScreening(t *testing.T) {
	h := build(t)
	h.registry.put(mockHousehold())
	f := h.lookup(h.manager(), maria)
	for role, want := range map[string]int{
		access.FrontDesk: 200, access.RSHDesk: 200, access.SubsidiesDesk: 200, access.CaseManager: 200, access.UnitHead: 200,
		access.Counterpart: 200, access.Director: 200, access.TechnicalAssistant: 403, access.NationalAdmin: 403,
	} {
		if got := h.client(t, h.worker(h.limache, role)).Get(address(f.ID)).Status; got != want {
			t.Errorf("%s: %d, want %d", role, got, want)
		}
		other := h.client(t, h.worker(h.lolol, role)).Get(address(f.ID))
		if want == 200 && other.Status != 404 || strings.Contains(other.Body, "González") {
			t.Errorf("%s of another municipality: %d", role, other.Status)
		}
	}
	if got := h.client(t, h.manager()).Get(address("01JUNKNOWN")).Status; got != 404 {
		t.Errorf("unknown id: %d", got)
	}
}

func TestHouseholdsOfEverySize(t *testing.T) {
	h := build(t)
	alone := mockHousehold()
	alone.Members, alone.Benefits = alone.Members[2:3], nil
	h.registry.put(alone)
	f := h.lookup(h.manager(), maria)
	h.client(t, h.manager()).Get(address(f.ID)).Contains(t, "Hogar de 1 integrante", "Ningún beneficio registrado")

	crowd := mockHousehold()
	crowd.Members[2].Relationship = "otro familiar"
	for i := range 11 {
		m := crowd.Members[i%4]
		m.RUN, m.Head = people.RUNOf(uint32(30_000_000+i)), false
		m.GivenNames = strings.Repeat("Wenceslao ", 8)
		crowd.Members = append(crowd.Members, m)
	}
	for i := range 40 {
		crowd.Benefits = append(crowd.Benefits, screening.Benefit{RUN: maria, Code: fmt.Sprint("RIS-", i), Name: fmt.Sprint("Bono ", i), On: day("2026-11-01")})
	}
	crowd.DwellingType, crowd.Rooms = "", 0
	h.registry.put(crowd)
	h.client(t, h.manager()).Get(address(f.ID)).Contains(t, "Hogar de 15 integrantes", "Se muestran 20 de 43", "No informado", "jefe/a de hogar · otro familiar")
}

// The canary: nobody's RUN or name in an address of the page or a line of the log.
func TestNoPersonInAddressesOrLogs(t *testing.T) {
	h := build(t)
	h.registry.put(mockHousehold())
	var log bytes.Buffer
	gate := &webtest.Gate{In: &web.Session{Actor: h.manager(), TokenKey: []byte("0123456789abcdef"), Language: "es-CL"}}
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	c := webtest.WithConfig(t, web.Config{Log: logger, Gate: gate}, gate, h.mount)
	f := h.lookup(h.manager(), maria)
	body := c.Get(address(f.ID)).Body
	h.exec(`ALTER TABLE benefit_grant RENAME TO gone`)
	if got := c.Get(address(f.ID)); got.Status != http.StatusInternalServerError {
		t.Errorf("got %d", got.Status)
	}
	if log.Len() == 0 {
		t.Fatal("nothing was logged: the canary proves nothing")
	}
	for _, name := range []string{"12345678", "12.345.678", "González", "Eugenia", "Mat%C3%ADas"} {
		if strings.Contains(log.String(), name) {
			t.Errorf("%q in the log:\n%s", name, log.String())
		}
		for _, link := range strings.Split(body, `href="`)[1:] {
			if target, _, _ := strings.Cut(link, `"`); strings.Contains(target, name) {
				t.Errorf("%q in the address %s", name, target)
			}
		}
	}
}
