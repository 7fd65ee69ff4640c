package benefit

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/kit/sheet"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

// seed is the catalogue that every municipality starts with.
func seed(t *testing.T) []CatalogueName {
	t.Helper()
	file, err := os.Open("../catalogue/seed/catalogue.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []CatalogueName
	for _, r := range rows[1:] {
		list = append(list, CatalogueName{Code: r[0], Category: r[1], Subcategory: r[2], Name: r[3], Provider: r[4], Unit: r[6]})
	}
	return list
}

// office is a municipality whose old register is loaded.
type office struct {
	t     *testing.T
	m     *tenants.Municipality
	names []CatalogueName
}

func newOffice(t *testing.T) *office {
	t.Helper()
	return &office{t, tenantstest.Municipality(t, tenantstest.New(t), "05802"), seed(t)}
}

func (o *office) try(content []byte, opt ImportOptions) (ImportReport, error) {
	opt.Catalogue = o.names
	file := sheet.NewFile("beneficios.csv", bytes.NewReader(content), int64(len(content)))
	return NewService().Import(context.Background(), access.Console(), o.m, file, opt)
}

func (o *office) load(content []byte, opt ImportOptions) ImportReport {
	o.t.Helper()
	report, err := o.try(content, opt)
	if err != nil {
		o.t.Fatal(err)
	}
	return report
}

func (o *office) register() []byte {
	o.t.Helper()
	content, err := os.ReadFile("testdata/municipal-benefits-limache.csv")
	if err != nil {
		o.t.Fatal(err)
	}
	return content
}

func (o *office) received(holder string) []Grant {
	o.t.Helper()
	var list []Grant
	err := o.m.View(context.Background(), func(tx *tenants.Tx) (err error) {
		list, err = Received(tx, []string{holder})
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return list
}

func (o *office) count(query string) int {
	o.t.Helper()
	var n int
	if err := o.m.View(context.Background(), func(tx *tenants.Tx) error { return tx.QueryRow(query).Scan(&n) }); err != nil {
		o.t.Fatal(err)
	}
	return n
}

func TestTheOfficesRegisterIsLoadedAndItsNamesMapped(t *testing.T) {
	o := newOffice(t)
	report := o.load(o.register(), ImportOptions{})
	if report.Rows != 600 || report.Rejected != 0 || report.New != 600 || report.Mapped != 582 || !report.Kept {
		t.Errorf("report %+v", report)
	}
	var got []string
	for _, u := range report.Unmapped {
		nearest := "none"
		if len(u.Nearest) > 0 {
			nearest = u.Nearest[0].Code
		}
		got = append(got, fmt.Sprintf("%d %s %s %s", u.Rows, u.Name, u.Kind, nearest))
	}
	want := []string{"6 remedios in_kind E201", "5 SERV. FUNERARIO in_kind E601", "3 vale de gas cash F403", "2 CAJA DE MERCADERIA in_kind E101", "2 canasta familiar in_kind E101"}
	if !slices.Equal(got, want) {
		t.Errorf("unmapped %q, want %q", got, want)
	}
	if n := o.count(`SELECT count(*) FROM benefit_grant WHERE (category = 'E') <> (kind = 'in_kind') AND item_code <> ''`); n != 0 {
		t.Errorf("%d grants are of another kind than their item", n)
	}
	if len(report.Ignored) != 0 {
		t.Errorf("ignored %q", report.Ignored)
	}
}

func TestARowIsReadAsItWasWritten(t *testing.T) {
	o := newOffice(t)
	o.load(o.register(), ImportOptions{})
	for holder, want := range map[string]Grant{
		"18048519-8": {ItemCode: "E501", Name: "Útiles escolares", Category: "E", Subcategory: "Educación", Kind: InKind, Quantity: 1, Amount: 30_000, Decree: "2050/2026", Unit: "set"},
		"18590990-5": {ItemCode: "F302", Name: "Aporte para vivienda de emergencia (mediagua)", Category: "F", Subcategory: "Vivienda y habitabilidad", Kind: Cash, Quantity: 1, Amount: 3_500_000, Decree: "3521/2026", Unit: "aporte"},
		"16602367-K": {ItemCode: "F203", Name: "Aporte para pañales e insumos", Category: "F", Subcategory: "Salud", Kind: Cash, Quantity: 1, Amount: 25_000, Decree: "394/2025", Unit: "aporte"},
		"15026959-8": {ItemCode: "", Name: "remedios", Kind: InKind, Quantity: 2, Amount: 90_000, Decree: "257/2024"},
	} {
		at := slices.IndexFunc(o.received(holder), func(g Grant) bool { return g.Decree == want.Decree })
		if at < 0 {
			t.Errorf("%s has no grant %s", holder, want.Decree)
			continue
		}
		g := o.received(holder)[at]
		if holder == "18048519-8" && g.On.String() != "2026-04-22" {
			t.Errorf("dated %s", g.On)
		}
		want.ID, want.Holder, want.On, want.Provider, want.Source, want.Origin, want.RecordedAs = g.ID, holder, g.On, g.Provider, FromImport, g.Origin, g.RecordedAs
		if g != want {
			t.Errorf("%s: %+v\nwant %+v", holder, g, want)
		}
	}
}

func TestTheSameRegisterTwiceAddsNothing(t *testing.T) {
	o := newOffice(t)
	o.load(o.register(), ImportOptions{})
	entries := o.count(`SELECT count(*) FROM audit`)
	again := o.load(o.register(), ImportOptions{})
	if again.New != 0 || again.Changed != 0 || again.Unchanged != 600 || o.count(`SELECT count(*) FROM benefit_grant`) != 600 {
		t.Errorf("again: %+v", again)
	}
	if n := o.count(`SELECT count(*) FROM audit`); n != entries || entries == 0 {
		t.Errorf("%d audit entries, then %d: one for what changed, none for nothing", entries, n)
	}
}

func TestAMapGivesRowsOfBeforeTheirItem(t *testing.T) {
	o := newOffice(t)
	o.load(o.register(), ImportOptions{})
	report := o.load(o.register(), ImportOptions{Map: map[string]string{"Remedios": "E201", "vale de gas": "E403"}})
	if report.New != 0 || report.Changed != 9 || report.Mapped != 591 || len(report.Unmapped) != 3 {
		t.Errorf("report %+v", report)
	}
	if n := o.count(`SELECT count(*) FROM benefit_grant WHERE item_code = 'E201' AND recorded_as = 'remedios' AND name = 'Medicamentos'`); n != 6 {
		t.Errorf("%d remedios are Medicamentos", n)
	}
	if n := o.count(`SELECT count(*) FROM benefit_grant WHERE item_code = 'F403' AND recorded_as = 'vale de gas'`); n != 3 {
		t.Errorf("%d vales de gas became the money for gas: the row's kind chooses between the twins", n)
	}
	// Without the map afterwards, what was mapped stays mapped.
	if again := o.load(o.register(), ImportOptions{}); again.Changed != 0 || o.count(`SELECT count(*) FROM benefit_grant WHERE item_code = ''`) != 9 {
		t.Errorf("again: %+v", again)
	}
	if _, err := o.try(o.register(), ImportOptions{Map: map[string]string{"remedios": "E999"}}); !fault.Is(err, fault.Invalid) {
		t.Errorf("an item that is not there: %v", err)
	}
}

const header = "RUT;Nombre;Beneficio;Tipo;Fecha entrega;Cantidad;Monto;Decreto;Observación\n"

func TestBadRowsAreNamed(t *testing.T) {
	for cells, want := range map[string]string{
		"1-8;A;Pasajes;especie;01-02-2026;1;1000;;":                `2 RUT "1-8" benefit.run_digit`,
		";A;Pasajes;especie;01-02-2026;1;1000;;":                   `2 RUT "" benefit.run_missing`,
		"x;A;Pasajes;especie;01-02-2026;1;1000;;":                  `2 RUT "x" benefit.run_shape`,
		"1-9;A;;especie;01-02-2026;1;1000;;":                       `2 Beneficio "" sheet.missing`,
		"1-9;A;Pasajes;trueque;01-02-2026;1;1000;;":                `2 Tipo "trueque" benefit.kind_unknown`,
		"1-9;A;Pasajes;especie;31-02-2026;1;1000;;":                `2 Fecha entrega "31-02-2026" sheet.date`,
		"1-9;A;Pasajes;especie;01-02-2126;1;1000;;":                `2 Fecha entrega "01-02-2126" sheet.date_far`,
		"1-9;A;Pasajes;especie;01-02-2026;uno;1000;;":              `2 Cantidad "uno" sheet.integer`,
		"1-9;A;Pasajes;especie;01-02-2026;1;mil;;":                 `2 Monto "mil" sheet.integer`,
		"1-9;A;Pasajes;especie;01-02-2026;1;9.999.999.999;;":       `2 Monto "9.999.999.999" sheet.too_large_number`,
		"1-9;A;Pasajes;especie;01-02-2026":                         `2  "" sheet.cell_count`,
		"1-9;A;" + strings.Repeat("x", 301) + ";;01-02-2026;1;1;;": `2 Beneficio "` + strings.Repeat("x", 80) + `…" sheet.too_long`,
	} {
		o := newOffice(t)
		report := o.load([]byte(header+cells+"\n"), ImportOptions{})
		if report.Rejected != 1 || len(report.Problems) != 1 {
			t.Errorf("%s: %+v", cells, report)
			continue
		}
		p := report.Problems[0]
		if got := fmt.Sprintf("%d %s %q %s", p.Line, p.Column, p.Value, p.Key); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestTwinsAreChosenByKind(t *testing.T) {
	n := newNames(seed(t), map[string]string{"Caja": "E101"})
	for _, c := range []struct{ code, name, kind, want string }{
		{"", "CANASTA DE ALIMENTOS", InKind, "E101"}, {"", "canasta  de alimentos", Cash, "F101"}, {"", "Aporte para canasta de alimentos", Cash, "F101"},
		{"", "Aporte para canasta de alimentos", InKind, "E101"}, {"", "Aporte para canasta de alimentos", "", "F101"}, {"", "Canasta de alimentos", "", "E101"},
		{"", "panales e insumos", InKind, "E203"}, {"", "caja", InKind, "E101"}, {"", "CAJA", Cash, "F101"}, {"E404", "lo que sea", InKind, "E404"},
		{"E999", "lo que sea", InKind, ""}, {"", "remedios", InKind, ""}, {"", "", InKind, ""},
	} {
		got := ""
		if item := n.find(c.code, c.name, c.kind); item != nil {
			got = item.Code
		}
		if got != c.want {
			t.Errorf("find(%q, %q, %q) = %q, want %q", c.code, c.name, c.kind, got, c.want)
		}
	}
}

func TestNearestNamesHelp(t *testing.T) {
	n := newNames(seed(t), nil)
	for asked, want := range map[string]string{
		"remedios": "E201", "SERV. FUNERARIO": "E601", "Canasta familiar": "E101", "CAJA DE MERCADERIA": "E101", "medicamneto": "E201", "frazada": "E304",
		"pago de luz": "E402", "saco de leña": "E404", "lentes": "E204", "utiles": "E501", "planchas de zinc": "E301", "cuenta de agua": "E401",
	} {
		list := n.nearest(asked, InKind, 3)
		if len(list) == 0 || list[0].Code != want {
			t.Errorf("nearest(%q) = %v, want %s first", asked, list, want)
		}
	}
	for _, asked := range []string{"", "xyz", "de la"} {
		if list := n.nearest(asked, InKind, 3); len(list) != 0 {
			t.Errorf("nearest(%q) = %v, want none", asked, list)
		}
	}
}

func TestEditDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"gas", "gas", 0}, {"gas", "gaz", 1}, {"lena", "leno", 1}, {"cama", "camas", 1}, {"abc", "xyz", 3}, {"medicamneto", "medicamento", 2}} {
		if got := editDistance(c.a, c.b); got != c.want {
			t.Errorf("editDistance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestDryRunAndAllOrNothingKeepNothing(t *testing.T) {
	o := newOffice(t)
	bad := append(o.register(), []byte("1-8;x;Pasajes;especie;01-02-2026;1;1;;\r\n")...)
	for name, opt := range map[string]ImportOptions{"dry run": {DryRun: true}, "all or nothing": {AllOrNothing: true}} {
		report := o.load(bad, opt)
		if report.Kept || report.New != 600 || report.Rejected != 1 || o.count(`SELECT count(*) FROM benefit_grant`) != 0 {
			t.Errorf("%s: %+v", name, report)
		}
	}
	if n := o.count(`SELECT count(*) FROM audit`); n != 0 {
		t.Errorf("%d audit entries of what did not happen", n)
	}
}

func TestPeopleWithoutRUNKeepTheirBenefits(t *testing.T) {
	o := newOffice(t)
	o.load([]byte(header+"sr-05802-2026-17;A;Pasajes;especie;01-02-2026;1;1000;;\n"), ImportOptions{})
	if list := o.received("SR-05802-2026-17"); len(list) != 1 || list[0].ItemCode != "E701" {
		t.Errorf("got %+v", list)
	}
}

func TestOnlyWhoMayLoadsAndTakesOut(t *testing.T) {
	o := newOffice(t)
	nobody := actor.Actor{UserID: "u", Role: access.CaseManager, Permissions: access.PermissionsOf(access.CaseManager, access.SocialUnit), Municipality: o.m}
	content := o.register()
	if _, err := NewService().Import(context.Background(), nobody, o.m, sheet.NewFile("b.csv", bytes.NewReader(content), int64(len(content))), ImportOptions{}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("import: %v", err)
	}
	if _, err := NewService().Export(context.Background(), nobody, o.m, &bytes.Buffer{}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("export: %v", err)
	}
}

func TestExportIsHarmlessAndComplete(t *testing.T) {
	o := newOffice(t)
	o.load(append(o.register(), []byte("1-9;x;=1+1;especie;01-02-2026;1;1;+56;@nota\r\n")...), ImportOptions{})
	var out bytes.Buffer
	n, err := NewService().Export(context.Background(), access.Console(), o.m, &out)
	if err != nil || n != 601 {
		t.Fatalf("%d rows, %v", n, err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff")))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || len(rows) != 602 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("a cell starts a formula: %q", cell)
			}
		}
	}
	other := newOffice(t)
	if report := other.load(out.Bytes(), ImportOptions{}); report.New != 601 || report.Rejected != 0 {
		t.Errorf("the export comes back as %+v", report)
	}
	if g := other.received("1-9"); len(g) != 1 || g[0].Name != "=1+1" || g[0].Note != "@nota" {
		t.Errorf("came back as %+v", g)
	}
	if n := o.count(`SELECT count(*) FROM audit WHERE action = 'benefit.export'`); n != 1 {
		t.Errorf("%d audit entries of the export", n)
	}
}
