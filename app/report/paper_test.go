package report_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"gsl/app/kit/pdf"
	"gsl/app/kit/pdf/pdftest"
	"gsl/app/report"
	"gsl/tenants"
)

var printer = report.Printer{Press: pdf.NewPress(), Base: func() string { return "https://gsl.example" }}

func (o *office) print(id string) []byte {
	o.t.Helper()
	sheet, err := o.signing.Sheet(background, o.camila, id, "report.pdf")
	if err != nil {
		o.t.Fatal(err)
	}
	file, err := printer.Print(background, o.limache, &sheet)
	if err != nil {
		o.t.Fatal(err)
	}
	return file
}

// drawnByChance are the words of a paper that differ from one to the next.
var drawnByChance = regexp.MustCompile(`05802(-[0-9A-Z]{4}){3}|SHA-256 [0-9a-f]{64}`)

// full is a report with every section.
func (o *office) full(n int) report.Report {
	o.t.Helper()
	r := o.complete(n)
	o.write(r.ID, report.PurposePart, func(c *report.Content) { c.Purpose.Detail = "Solicita la dirección del establecimiento." })
	o.write(r.ID, report.SocioeconomicPart, func(c *report.Content) {
		c.Socioeconomic.Chosen, c.Socioeconomic.Text = true, "El ingreso disminuyó en agosto."
		c.Socioeconomic.Incomes = []report.Income{{ID: "1", Who: "María González", Source: "Feria libre", Amount: "180000"}, {ID: "2", Who: "Pedro Soto", Source: "Jornal", Amount: "95.001"}}
	})
	o.write(r.ID, report.HousingPart, func(c *report.Content) {
		c.Housing.Chosen, c.Housing.Type, c.Housing.Tenure, c.Housing.Rooms, c.Housing.Water = true, "casa", "arrendada", "2", "red pública"
	})
	o.write(r.ID, report.HealthPart, func(c *report.Content) { c.Health.Chosen, c.Health.Text = true, "Controles en el CESFAM." })
	o.write(r.ID, report.NetworksPart, func(c *report.Content) {
		c.Networks.Chosen, c.Networks.Ecomap, c.Networks.Text = true, true, "Cuenta con su hermana."
	})
	o.signing.Ecomap = func(*tenants.Tx, string) (*report.Ecomap, error) {
		return &report.Ecomap{Width: 880, Height: 400, Centre: report.EcomapNode{X: 440, Y: 200, Width: 168, Height: 80, Text: "María González"},
			Ties: []report.EcomapTie{
				{Node: report.EcomapNode{X: 440, Y: 34, Width: 152, Height: 56, Text: "Rosa, hermana"}, From: [2]float64{440, 160}, To: [2]float64{440, 62}, Name: "Rosa, hermana", KindText: "Familia", Tie: "strong"},
				{Node: report.EcomapNode{X: 82, Y: 200, Width: 152, Height: 56, Text: "Vecinos"}, From: [2]float64{356, 200}, To: [2]float64{158, 200}, Name: "Vecinos", KindText: "Vecinos", Tie: "conflicting", Note: "Por el cierre"},
			}}, nil
	}
	return r
}

// The paper says the same, in the same order, as when somebody last looked at it.
// After a change that is meant: GOLDEN=write go test ./app/report -run Golden
func TestPaperIsTheGoldenOne(t *testing.T) {
	o := newOffice(t)
	o.asksApproval()
	f := form
	f.HeadName, f.HeadPosition = "Patricia Fuentes", "Directora de Desarrollo Comunitario"
	r := o.full(1)
	o.sign(r.ID, f)
	if _, err := o.signing.Approve(background, o.head, r.ID, report.Decision{Issue: true}); err != nil {
		t.Fatal(err)
	}
	file := o.print(r.ID)
	if again := o.print(r.ID); string(again) != string(file) {
		t.Error("two prints differ")
	}
	got := drawnByChance.ReplaceAllString(pdftest.Text(t, file), "…")
	const golden = "testdata/report.txt"
	if os.Getenv("GOLDEN") == "write" {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the paper says:\n%s", got)
	}
}

// Fifteen people and forty thousand characters: nothing is lost, and the head of
// the table stands on each page that has rows.
func TestPaperOfALargeHousehold(t *testing.T) {
	o := newOffice(t)
	r := o.full(1)
	o.write(r.ID, report.HouseholdPart, func(c *report.Content) {
		c.Household.Members = nil
		for i := range 15 {
			c.Household.Members = append(c.Household.Members, report.Member{ID: fmt.Sprint(i + 1), Name: fmt.Sprintf("Persona Número%02d de Apellido Compuesto", i), Born: "01-02-2001", Relationship: "hijo/a", Education: "media completa"})
		}
	})
	var long strings.Builder
	for i := 0; long.Len() < 39_900; i++ {
		fmt.Fprintf(&long, "palabra%04d ", i)
	}
	words := strings.Fields(long.String())
	o.write(r.ID, report.OpinionPart, func(c *report.Content) { c.Opinion.Text = long.String() })
	f := form
	f.Issue = true
	o.sign(r.ID, f)
	file := o.print(r.ID)
	text := pdftest.Text(t, file)
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Fatalf("%s is lost", word)
		}
	}
	if pages, heads := pdftest.Pages(file), strings.Count(text, "Parentesco\n"); pages < 8 || heads != 2 || strings.Count(text, "Número") != 15 {
		t.Errorf("%d pages, the table's head %d times, %d people", pages, heads, strings.Count(text, "Número"))
	}
}

func TestPaperSaysWhatItIsWorth(t *testing.T) {
	o := newOffice(t)
	r := o.complete(1)
	says := func(want string, not ...string) {
		t.Helper()
		text := pdftest.Text(t, o.print(r.ID))
		if want != "" && !strings.Contains(text, want+"\n") {
			t.Errorf("it does not say %q", want)
		}
		for _, wrong := range not {
			if strings.Contains(text, wrong) {
				t.Errorf("it says %q", wrong)
			}
		}
	}
	says("BORRADOR", "Documento verificable", "Firmado electrónicamente")
	o.sign(r.ID, form)
	says("SIN EMITIR", "BORRADOR")
	if _, err := o.signing.Issue(background, o.camila, r.ID); err != nil {
		t.Fatal(err)
	}
	says("Firmado electrónicamente", "SIN EMITIR", "ANULADO")
	if _, err := o.signing.Annul(background, o.camila, r.ID, "Se duplicó"); err != nil {
		t.Fatal(err)
	}
	says("ANULADO")
}

func BenchmarkPaperOfSixPages(b *testing.B) {
	sheet := report.SixPages()
	m := &tenants.Municipality{Identity: tenants.Identity{Code: "05802", Name: "Limache"}}
	file, err := printer.Print(background, m, &sheet)
	if err != nil || pdftest.Pages(file) != 6 {
		b.Fatal(pdftest.Pages(file), err)
	}
	for b.Loop() {
		if _, err := printer.Print(background, m, &sheet); err != nil {
			b.Fatal(err)
		}
	}
}
