package pdf_test

import (
	"fmt"
	"strings"
	"testing"

	"gsl/app/kit/pdf"
	"gsl/app/kit/pdf/pdftest"
)

// prose is text of about so many characters, in paragraphs of numbered words.
func prose(characters int) (text string, words []string) {
	var b strings.Builder
	for n := 0; b.Len() < characters; n++ {
		word := fmt.Sprintf("palabra%05d", n)
		words = append(words, word)
		b.WriteString(word)
		switch {
		case n%240 == 239:
			b.WriteString("\n\n")
		case n%80 == 79:
			b.WriteString("\n")
		default:
			b.WriteString(" ")
		}
	}
	return b.String(), words
}

func TestLongTextGoesOverPagesAndLosesNothing(t *testing.T) {
	text, words := prose(40_000)
	file := print(t, letter, func(s *pdf.Sheet) {
		s.Heading("Opinión profesional")
		s.Prose(text)
	})
	if pages := pdftest.Pages(file); pages < 6 || pages > 14 {
		t.Errorf("%d pages", pages)
	}
	printed := strings.Fields(pdftest.Text(t, file))
	next := 0
	for _, word := range printed {
		if next < len(words) && word == words[next] {
			next++
		}
	}
	if next != len(words) {
		t.Fatalf("%s is missing or out of its order", words[next])
	}
}

// Of a paragraph no single line goes ahead to the next page, or stays alone.
func TestNoLineOfAParagraphStandsAlone(t *testing.T) {
	for lead := range 12 {
		file := print(t, letter, func(s *pdf.Sheet) {
			for n := range 38 + lead {
				s.Text(fmt.Sprintf("relleno %d", n), 10, pdf.Ink)
			}
			s.Prose(strings.Repeat("uno dos tres cuatro cinco seis siete ocho nueve diez ", 6))
		})
		pages := strings.Split(pdftest.Text(t, file), "Página ")
		for _, page := range pages {
			if n := strings.Count(page, "cuatro"); n == 1 {
				t.Errorf("after %d lines, one line stands alone:\n%s", 38+lead, page)
			}
		}
	}
}

func TestTableOfFifteenPeopleOverPages(t *testing.T) {
	columns := []pdf.Column{{Title: "Nombre", Width: 0.5}, {Title: "Parentesco", Width: 0.3}, {Title: "Ingreso", Width: 0.2, Right: true}}
	var rows []pdf.Row
	for i := range 15 {
		rows = append(rows, pdf.Row{{{Text: fmt.Sprintf("Persona número %02d", i)}}, {{Text: "Hijo/a"}}, {{Text: "$ 120.000"}}})
	}
	file := print(t, letter, func(s *pdf.Sheet) {
		text, _ := prose(3_000)
		s.Prose(text)
		s.Table(columns, rows)
	})
	text := pdftest.Text(t, file)
	if heads := strings.Count(text, "Parentesco\n"); heads != 2 || pdftest.Pages(file) != 2 {
		t.Errorf("the head stands %d times on %d pages", heads, pdftest.Pages(file))
	}
	for i := range 15 {
		if !strings.Contains(text, fmt.Sprintf("Persona número %02d\n", i)) {
			t.Errorf("person %d is missing", i)
		}
	}
}

func TestProofSaysCodeAndAddress(t *testing.T) {
	body := func(s *pdf.Sheet) {
		err := s.Proof(pdf.Proof{Title: "Documento verificable", URL: "https://gsl.example/v/05802-ABCD-EFGH-JKMN", Code: "05802-ABCD-EFGH-JKMN",
			Lines: []string{"Compruébelo en gsl.example/v"}})
		if err != nil {
			t.Error(err)
		}
	}
	doc := letter
	doc.Check, doc.Mark = "Código de verificación 05802-ABCD-EFGH-JKMN", "ANULADO"
	text := pdftest.Text(t, print(t, doc, body))
	for _, want := range []string{"Documento verificable\n", "05802-ABCD-EFGH-JKMN\n", "Compruébelo en gsl.example/v\n", doc.Check + "\n", "ANULADO\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not printed", want)
		}
	}
	_, err := pdf.NewPress().Print(t.Context(), letter, func(s *pdf.Sheet) {
		if err := s.Proof(pdf.Proof{URL: strings.Repeat("x", 5000)}); err == nil {
			t.Error("a text that fits no QR was drawn")
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWatermarkStandsOnEveryPage(t *testing.T) {
	doc := letter
	doc.Mark = "ANULADO"
	text, _ := prose(9_000)
	file := print(t, doc, func(s *pdf.Sheet) { s.Prose(text) })
	if got, want := strings.Count(pdftest.Text(t, file), "ANULADO\n"), pdftest.Pages(file); got != want || want < 2 {
		t.Errorf("%d marks on %d pages", got, want)
	}
}

func TestDiagramDrawsNodesTiesAndLegend(t *testing.T) {
	d := pdf.Diagram{Width: 800, Height: 500,
		Nodes: []pdf.Node{
			{X: 400, Y: 250, W: 160, H: 90, Round: true, Title: "María González", Text: "46 años", Ink: pdf.Blue, Tint: pdf.Shade},
			{X: 120, Y: 80, W: 150, H: 60, Title: "CESFAM Limache", Ink: pdf.Ink, Tint: pdf.Shade},
			{X: 660, Y: 420, W: 90, H: 40, Title: strings.Repeat("nombre muy largo ", 9), Ink: pdf.Ink, Tint: pdf.Shade},
		},
		Ties: []pdf.Tie{{400, 250, 120, 80, pdf.StrongTie}, {400, 250, 660, 420, pdf.ConflictTie}, {120, 80, 120, 80, pdf.ConflictTie},
			{400, 250, 660, 80, pdf.WeakTie}, {400, 250, 120, 420, pdf.PlainTie}},
		Legend: []pdf.TieWord{{pdf.StrongTie, "Vínculo fuerte"}, {pdf.WeakTie, "Vínculo débil"}, {pdf.ConflictTie, "Vínculo conflictivo"}},
	}
	text := pdftest.Text(t, print(t, letter, func(s *pdf.Sheet) { s.Diagram(d); s.Diagram(pdf.Diagram{}) }))
	for _, want := range []string{"María González\n", "46 años\n", "CESFAM Limache\n", "Vínculo fuerte\n", "Vínculo conflictivo\n", "…\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not drawn", want)
		}
	}
}
