package screening

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/sheet"
)

func TestTheDirtyFileLosesItsBadRowsAndNothingElse(t *testing.T) {
	s := newShelf(t)
	report := s.loadFile("registry-lolol-dirty.csv")
	want := []string{
		`26 birth_date "2031-01-01" registry.birth_future`,
		`34 birth_date "1985-02-31" sheet.date`,
		`114 tramo "45" registry.tramo`,
		`134 income "mucho" sheet.integer`,
		`136 tramo "45" registry.tramo`,
		`152 tramo "45" registry.tramo`,
		`173 birth_date "1985-02-31" sheet.date`,
		`187 birth_date "1985-02-31" sheet.date`,
		`194 run "24092370-0" registry.run_digit`,
		`210 commune_code "99999" registry.commune`,
		`213 birth_date "2031-01-01" registry.birth_future`,
		`235 run "19415130-0" registry.run_digit`,
		`269 birth_date "2031-01-01" registry.birth_future`,
		`289 commune_code "99999" registry.commune`,
		`290 income "mucho" sheet.integer`,
		`300 run "" registry.run_missing`,
		`314 income "mucho" sheet.integer`,
		`333 run "" registry.run_missing`,
		`375 run "20956806-0" registry.run_digit`,
		`406 commune_code "99999" registry.commune`,
		`425 run "" registry.run_missing`,
	}
	if got := problems(report.Problems); !slices.Equal(got, want) {
		t.Errorf("rejected:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if report.Rows != 434 || report.Rejected != 21 || report.People.New != 413 || report.Households.New != 151 || !report.Kept {
		t.Errorf("report %+v", report)
	}
	if p, h := s.people(), s.households(); p != 413 || h != 151 {
		t.Errorf("%d people in %d households, want 413 in 151", p, h)
	}
	warnings := []string{`0 folio "063040000096" registry.two_heads`, `0 folio "063040000196" registry.no_head`}
	if got := problems(report.Warnings); !slices.Equal(got, warnings) || report.Warned != 2 {
		t.Errorf("warnings %q, want %q", got, warnings)
	}
}

func TestNamesThatStartLikeFormulasAreDataAndLeaveHarmless(t *testing.T) {
	s := newShelf(t)
	s.loadFile("registry-lolol-dirty.csv")
	if n := s.count(`SELECT count(*) FROM member WHERE given_names = '=HYPERLINK("http://x","y")'`); n != 3 {
		t.Errorf("%d such names, want 3", n)
	}
	h, err := s.household("19463385-8")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := sheet.NewWriter(&out)
	for _, m := range h.Members {
		_ = w.Write(m.GivenNames, m.Phone)
	}
	if err := w.Flush(); err != nil || !strings.Contains(out.String(), `"'=HYPERLINK(""http`) || strings.Contains(out.String(), ";+") {
		t.Errorf("exported %q %v", out.String(), err)
	}
}

func TestTheSameFileTwiceAddsNothing(t *testing.T) {
	s := newShelf(t)
	s.importer.chunk = chunkRows
	for _, name := range []string{"registry-limache.csv", "registry-lolol-dirty.csv", "benefits-limache.csv"} {
		first := s.loadFile(name)
		again := s.loadFile(name)
		if again.People.New+again.Households.New+again.Benefits.New+again.People.Changed+again.Households.Changed+again.Benefits.Changed+again.Moved+again.Removed != 0 {
			t.Errorf("%s again: %+v", name, again)
		}
		if again.People.Unchanged != first.People.New || again.Households.Unchanged != first.Households.New || again.Benefits.Unchanged != first.Benefits.New {
			t.Errorf("%s: %+v, then %+v", name, first, again)
		}
		if again.Rejected != first.Rejected || !slices.Equal(problems(again.Warnings), problems(first.Warnings)) {
			t.Errorf("%s: other problems the second time", name)
		}
	}
	if p, b := s.people(), s.count(`SELECT count(*) FROM benefit`); p != 1062+413 || b != 764 {
		t.Errorf("%d people, %d benefits", p, b)
	}
}

func TestAHouseholdIsReadWhole(t *testing.T) {
	s := newShelf(t)
	s.loadFile("registry-limache.csv")
	s.loadFile("benefits-limache.csv")
	h, err := s.household("14.091.890-3")
	if err != nil {
		t.Fatal(err)
	}
	if h.Folio != "058020000002" || h.Tramo != 40 || h.Address != "Calle Concepción 1592" || h.CommuneCode != "05802" || h.DwellingType != "casa" ||
		h.Tenure != "cedida por familiar" || h.Water != "red pública" || h.Rooms != 4 || h.DataDate.String() != "2026-11-03" || h.Income != 120_000 {
		t.Errorf("household %+v", h)
	}
	if len(h.Members) != 3 {
		t.Fatalf("%d members", len(h.Members))
	}
	m := h.Members[0]
	want := Member{RUN: m.RUN, GivenNames: "Benjamín Sergio", Surnames: "García Rojas", BirthDate: m.BirthDate, Sex: "M", Nationality: "chilena",
		Relationship: "jefe/a de hogar", Head: true, Education: "básica incompleta", HealthInsurance: "FONASA B", Occupation: "trabaja", Phone: "+56945947608"}
	if m != want || m.RUN.String() != "14091890-3" || m.BirthDate.String() != "1975-06-26" {
		t.Errorf("member %+v\nwant   %+v", m, want)
	}
	with, err := s.household("10398635-4")
	if err != nil || len(with.Benefits) < 3 {
		t.Fatalf("%d benefits, %v", len(with.Benefits), err)
	}
	for i := 1; i < len(with.Benefits); i++ {
		if with.Benefits[i-1].On.Before(with.Benefits[i].On) {
			t.Errorf("benefit %d is newer than the one before", i)
		}
	}
	if b := with.Benefits[0]; b.Code == "" || b.Name == "" || b.Provider == "" || b.Amount == 0 || b.Quantity != 1 || b.Unit != "pago" {
		t.Errorf("benefit %+v", b)
	}
}

func TestWhoIsNotInTheRSHMayStillHaveBenefits(t *testing.T) {
	s := newShelf(t)
	s.load("ris.csv", []byte("run,benefit_code,benefit_name,granted_on\n1-9,RIS-PGU,PGU,2026-01-02\n"), ImportOptions{})
	h, err := s.household("1-9")
	if !errors.Is(err, ErrNotRegistered) || len(h.Benefits) != 1 || h.Benefits[0].Code != "RIS-PGU" || h.Folio != "" {
		t.Errorf("got %+v %v", h, err)
	}
	if h, err := s.household("2-7"); !errors.Is(err, ErrNotRegistered) || len(h.Benefits) != 0 {
		t.Errorf("got %+v %v", h, err)
	}
}

func TestANewerEditionReplacesTheHousehold(t *testing.T) {
	s := newShelf(t)
	s.rows(row("A", "1-9", "Ana", "1", "2026-01-01"), row("A", "2-7", "Beto", "0", "2026-01-01"), row("B", "3-5", "Cata", "1", "2026-01-01"))
	report := s.rows(row("A", "1-9", "Ana María", "1", "2026-02-01"), row("A", "4-3", "Dani", "0", "2026-02-01"))
	if report.People.New != 1 || report.People.Changed != 1 || report.Removed != 1 || report.Households.Changed != 1 {
		t.Errorf("report %+v", report)
	}
	if got := s.names("1-9"); got != "A: Ana María Dani" {
		t.Errorf("household %s", got)
	}
	if _, err := s.household("2-7"); !errors.Is(err, ErrNotRegistered) {
		t.Errorf("who left is still there: %v", err)
	}
	if got := s.names("3-5"); got != "B: Cata" {
		t.Errorf("another household changed: %s", got)
	}
	if h, _ := s.household("1-9"); h.DataDate.String() != "2026-02-01" {
		t.Errorf("dated %s", h.DataDate)
	}
}

func TestAnOlderEditionIsLeftOut(t *testing.T) {
	s := newShelf(t)
	s.rows(row("A", "1-9", "Ana", "1", "2026-02-01"))
	report := s.rows(row("A", "1-9", "Otra", "1", "2026-01-01"), row("A", "2-7", "Beto", "0", "2026-01-01"))
	if report.People.Older != 2 || report.Households.Older != 1 || report.People.New != 0 {
		t.Errorf("report %+v", report)
	}
	if got := s.names("1-9"); got != "A: Ana" {
		t.Errorf("household %s", got)
	}
}

func TestAPersonMovesAndIsNeverInTwoHouseholds(t *testing.T) {
	s := newShelf(t)
	s.rows(row("A", "1-9", "Ana", "1", "2026-01-01"), row("A", "2-7", "Beto", "0", "2026-01-01"), row("B", "3-5", "Cata", "1", "2026-01-01"))
	report := s.rows(row("B", "3-5", "Cata", "1", "2026-02-01"), row("B", "2-7", "Beto", "0", "2026-02-01"))
	if report.Moved != 1 || report.People.New != 0 {
		t.Errorf("report %+v", report)
	}
	if a, b := s.names("1-9"), s.names("2-7"); a != "A: Ana" || b != "B: Beto Cata" {
		t.Errorf("%s, %s", a, b)
	}
	// An older paper that still has Beto at home does not bring him back.
	report = s.rows(row("C", "4-3", "Dani", "1", "2026-01-15"), row("C", "2-7", "Beto", "0", "2026-01-15"))
	if report.People.Older != 1 || s.names("2-7") != "B: Beto Cata" || s.names("4-3") != "C: Dani" {
		t.Errorf("report %+v, %s, %s", report, s.names("2-7"), s.names("4-3"))
	}
	// The last one who leaves closes the household, and who takes the head away is reported.
	report = s.rows(row("D", "1-9", "Ana", "1", "2026-03-01"), row("D", "3-5", "Cata", "0", "2026-03-01"))
	if s.names("1-9") != "D: Ana Cata" || s.households() != 3 {
		t.Errorf("%s, %d households", s.names("1-9"), s.households())
	}
	if got := problems(report.Warnings); !slices.Equal(got, []string{`0 folio "B" registry.no_head`}) {
		t.Errorf("warnings %q", got)
	}
}

func TestRowsOfAHouseholdMayStandApart(t *testing.T) {
	s := newShelf(t)
	report := s.rows(row("B", "3-5", "Cata", "0", "2026-01-01"), row("A", "1-9", "Ana", "1", "2026-01-01"),
		row("B", "4-3", "Dani", "1", "2026-01-01"), row("A", "2-7", "Beto", "0", "2026-01-01"))
	if report.Households.New != 2 || report.People.New != 4 || report.Warned != 0 {
		t.Errorf("report %+v", report)
	}
	if a, b := s.names("2-7"), s.names("3-5"); a != "A: Ana Beto" || b != "B: Cata Dani" {
		t.Errorf("%s, %s", a, b)
	}
}

// The head's row speaks for the household, so contradictions between rows give
// the same household in whatever order they come, and the second time changes nothing.
func TestTheHeadsRowSpeaksForTheHousehold(t *testing.T) {
	for _, order := range [][2]int{{0, 1}, {1, 0}} {
		s := newShelf(t)
		rows := [2]string{
			strings.Replace(row("A", "1-9", "Ana", "1", "2026-01-01"), ";40;", ";60;", 1),
			row("A", "2-7", "Beto", "0", "2026-01-01"),
		}
		for range 2 {
			s.rows(rows[order[0]])
			s.rows(rows[order[1]])
		}
		if h, err := s.household("2-7"); err != nil || h.Tramo != 60 {
			t.Errorf("order %v: tramo %d %v", order, h.Tramo, err)
		}
		if report := s.rows(rows[order[0]], rows[order[1]]); report.Households.Changed != 0 || report.People.Changed != 0 {
			t.Errorf("order %v: %+v", order, report)
		}
	}
}

// Two heads who contradict one another: the first goes on speaking, whatever is
// loaded again, until the file says that they are no longer the head.
func TestOfTwoHeadsTheFirstSpeaks(t *testing.T) {
	ana, beto := row("A", "1-9", "Ana", "1", "2026-01-01"), strings.Replace(row("A", "2-7", "Beto", "1", "2026-01-01"), ";40;", ";60;", 1)
	s := newShelf(t)
	tramo := func() int {
		h, err := s.household("1-9")
		if err != nil {
			t.Fatal(err)
		}
		return h.Tramo
	}
	s.rows(beto)
	s.rows(ana)
	for _, rows := range [][]string{{ana, beto}, {beto, ana}, {ana}, {beto}} {
		if report := s.rows(rows...); report.Households.Changed != 0 || tramo() != 60 || report.Warned != 1 {
			t.Errorf("%q: %+v, tramo %d", rows, report, tramo())
		}
	}
	report := s.rows(ana, strings.Replace(beto, ";1;60;", ";0;60;", 1))
	if report.Households.Changed != 1 || tramo() != 40 || report.Warned != 0 {
		t.Errorf("Beto is no longer the head: %+v, tramo %d", report, tramo())
	}
}

func TestARUNTwiceInAFileIsRejected(t *testing.T) {
	s := newShelf(t)
	report := s.rows(row("A", "1-9", "Ana", "1", "2026-01-01"), row("B", "1-9", "Ana", "1", "2026-01-01"))
	if got := problems(report.Problems); !slices.Equal(got, []string{`3 run "1-9" registry.repeated`}) {
		t.Errorf("got %q", got)
	}
	if s.names("1-9") != "A: Ana" {
		t.Errorf("household %s", s.names("1-9"))
	}
}

func TestEveryKindOfBadValueIsNamed(t *testing.T) {
	s := newShelf(t)
	header := "Folio RSH,RUT,Nombres,Apellidos,Fecha de Nacimiento,Sexo,Jefe/a de hogar,Tramo CSE,Ingreso,Estudiante,Dependencia,Comuna,Dirección,Piezas,Fecha de corte\n"
	good := []string{"A", "1-9", "Ana", "Pérez", "01-02-1980", "Femenino", "Sí", "0-40 %", "$ 343.000", "no", "", "Limache", "Calle 1", "3", "03/11/2026"}
	for column, c := range map[int]map[string]string{
		0:  {"": "sheet.missing", strings.Repeat("x", 301): "sheet.too_long"},
		1:  {"": "registry.run_missing", "1-8": "registry.run_digit", "abc": "registry.run_shape", "１-9": "registry.run_shape"},
		2:  {"": "sheet.missing"},
		4:  {"": "sheet.missing", "31-02-1980": "sheet.date", "22-11-2026": "registry.birth_future", "ayer": "sheet.date"},
		5:  {"Z": "registry.sex"},
		6:  {"2": "sheet.flag"},
		7:  {"": "registry.tramo", "45": "registry.tramo", "0": "registry.tramo", "cuarenta": "registry.tramo"},
		8:  {"-1": "sheet.integer", "1,5": "sheet.integer", "9999999999": "sheet.too_large_number"},
		9:  {"tal vez": "sheet.flag"},
		10: {"mucha": "registry.dependency"},
		11: {"": "registry.commune", "99999": "registry.commune", "Atlántida": "registry.commune"},
		13: {"1000": "sheet.too_large_number"},
		14: {"": "sheet.missing", "2126-11-03": "sheet.date_far"},
	} {
		for value, key := range c {
			cells := slices.Clone(good)
			cells[column] = `"` + value + `"`
			report := s.load("rsh.csv", []byte(header+strings.Join(cells, ",")+"\n"), ImportOptions{})
			if report.Rejected != 1 || len(report.Problems) != 1 || report.Problems[0].Key != key || report.Problems[0].Line != 2 ||
				report.Problems[0].Column != strings.Split(strings.TrimSpace(header), ",")[column] {
				t.Errorf("%q: %v, want %s", value, problems(report.Problems), key)
			}
		}
	}
	report := s.load("rsh.csv", []byte(header+strings.Join(good, ",")+"\n"), ImportOptions{})
	if report.People.New != 1 {
		t.Errorf("the good row: %v", problems(report.Problems))
	}
	h, err := s.household("1-9")
	if err != nil || h.Tramo != 40 || h.CommuneCode != "05802" || h.Members[0].Income != 343_000 || h.Members[0].Sex != "F" || !h.Members[0].Head ||
		h.Members[0].BirthDate.String() != "1980-02-01" {
		t.Errorf("read as %+v %v", h, err)
	}
}

func TestAllOrNothingAndDryRunKeepNothing(t *testing.T) {
	s := newShelf(t)
	dirty, err := os.ReadFile("testdata/registry-lolol-dirty.csv")
	if err != nil {
		t.Fatal(err)
	}
	for name, opt := range map[string]ImportOptions{"all or nothing": {AllOrNothing: true}, "dry run": {DryRun: true}} {
		report := s.load("d.csv", dirty, opt)
		if report.Kept || report.Rejected != 21 || report.People.New != 413 || report.Warned != 2 {
			t.Errorf("%s: %+v", name, report)
		}
		if s.people() != 0 || s.households() != 0 {
			t.Errorf("%s kept %d people", name, s.people())
		}
	}
	report := s.load("ok.csv", []byte(small+row("A", "1-9", "Ana", "1", "2026-01-01")), ImportOptions{AllOrNothing: true})
	if !report.Kept || s.people() != 1 {
		t.Errorf("a good file: %+v", report)
	}
}

func TestOnlyTheCommunesAskedForAreLoaded(t *testing.T) {
	s := newShelf(t)
	other := strings.Replace(row("B", "2-7", "Beto", "1", "2026-01-01"), "05802", "13201", 1)
	report := s.load("c.csv", []byte(small+row("A", "1-9", "Ana", "1", "2026-01-01")+other), ImportOptions{Communes: []string{"05802"}})
	if report.People.New != 1 || len(report.Problems) != 1 || report.Problems[0].Key != "registry.other_commune" {
		t.Errorf("report %+v", report)
	}
}

func TestFilesThatAreNeitherPeopleNorBenefits(t *testing.T) {
	s := newShelf(t)
	for content, key := range map[string]string{
		"a,b\n1,2\n":          "registry.unknown_table",
		"folio,tramo\nA,40\n": "sheet.missing_columns",
		"":                    "sheet.empty",
	} {
		_, err := s.try("x.csv", []byte(content), ImportOptions{})
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Invalid || f.Key != key {
			t.Errorf("%q: %v, want %s", content, err, key)
		}
	}
	if _, err := s.try("x.csv", []byte("cédula,caja\n"), ImportOptions{Rename: map[string]string{"cédula": "run"}}); err == nil {
		t.Error("a table without columns was loaded")
	}
}

func TestColumnsAreRenamedOnRequest(t *testing.T) {
	s := newShelf(t)
	content := strings.Replace(small, "nombres", "cómo se llama", 1) + row("A", "1-9", "Ana", "1", "2026-01-01")
	report := s.load("r.csv", []byte(content), ImportOptions{Rename: map[string]string{"cómo se llama": "given_names"}})
	if report.People.New != 1 || s.names("1-9") != "A: Ana" {
		t.Errorf("report %+v", report)
	}
}

func TestProblemsAreSentences(t *testing.T) {
	s := newShelf(t)
	report := s.loadFile("registry-lolol-dirty.csv")
	ctx := i18n.With(context.Background(), i18n.Spanish)
	if got := report.Problems[0].Sentence(ctx); got != "línea 26, columna birth_date, valor «2031-01-01»: la fecha de nacimiento está en el futuro" {
		t.Errorf("got %s", got)
	}
	if got := report.Warnings[0].Sentence(ctx); got != "«063040000096»: el hogar tiene 2 personas como jefas de hogar" {
		t.Errorf("got %s", got)
	}
}
