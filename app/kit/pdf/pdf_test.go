package pdf_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gsl/app/kit/pdf"
	"gsl/app/kit/pdf/pdftest"
)

var letter = pdf.Document{
	Issuer: "Municipalidad de Limache", Unit: "Asistencia Social", Title: "Plan de intervención", Number: "N° 2026-0184",
	Date: "21-11-2026", PageOf: "Página %d de %s", Subject: "Plan", Lang: "es-CL",
	Changed: time.Date(2026, 11, 21, 13, 42, 0, 0, time.UTC),
}

func draw(rows int, long string) func(*pdf.Sheet) {
	return func(s *pdf.Sheet) {
		s.Heading("Persona")
		s.Facts([]pdf.Fact{{"Nombre", "María Eugenia González Pérez"}, {"RUN", "12.345.678-5"}, {"Domicilio", "Av. Palmira 210"}})
		s.Boxes([]pdf.Box{{"2 pendientes", pdf.Todo, pdf.Red, pdf.RedTint}, {"1 confirmada", pdf.Done, pdf.Green, pdf.GreenTint}})
		columns := []pdf.Column{{Title: "Acción", Width: 0.7}, {Title: "Monto", Width: 0.3, Right: true}}
		var list []pdf.Row
		for i := range rows {
			list = append(list, pdf.Row{
				{{Text: fmt.Sprintf("Ítem número %d", i), Style: pdf.Style{Bold: true, Ink: pdf.Red}, Mark: pdf.Todo}, {Text: long, Style: pdf.Style{Size: 8, Ink: pdf.Muted}}},
				{{Text: "$ 35.000", Style: pdf.Style{Ink: pdf.Ink}}},
			})
		}
		s.Table(columns, list)
		s.Signatures([]pdf.Signature{{Name: "María González", Lines: []string{"RUN 12.345.678-5"}}, {Name: "Camila Rojas Soto", Lines: []string{"Gestora de casos"}}})
	}
}

func print(t testing.TB, doc pdf.Document, body func(*pdf.Sheet)) []byte {
	t.Helper()
	file, err := pdf.NewPress().Print(context.Background(), doc, body)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestSameContentSameBytes(t *testing.T) {
	a, b := print(t, letter, draw(5, "detalle")), print(t, letter, draw(5, "detalle"))
	if !bytes.Equal(a, b) {
		t.Fatal("two prints of one document differ")
	}
	later := letter
	later.Changed = letter.Changed.Add(time.Minute)
	if bytes.Equal(a, print(t, later, draw(5, "detalle"))) {
		t.Fatal("a later change must show in the file")
	}
}

func TestHeadAndPageNumberOnEveryPage(t *testing.T) {
	file := print(t, letter, draw(60, "un detalle de dos líneas que no cabe en una sola porque sigue y sigue hasta pasar el borde de la columna"))
	pages, text := pdftest.Pages(file), pdftest.Text(t, file)
	if pages < 4 {
		t.Fatalf("%d pages", pages)
	}
	for n := 1; n <= pages; n++ {
		if want := fmt.Sprintf("Página %d de %d\n", n, pages); strings.Count(text, want) != 1 {
			t.Errorf("%q stands %d times", want, strings.Count(text, want))
		}
	}
	// 60 rows, a table head on each page that holds rows, the letterhead on all.
	if got := strings.Count(text, "Municipalidad de Limache\n"); got < pages {
		t.Errorf("letterhead %d times on %d pages", got, pages)
	}
	if got := strings.Count(text, "Ítem número "); got != 60 {
		t.Errorf("%d rows drawn", got)
	}
}

func TestRowLongerThanAPageGoesOn(t *testing.T) {
	words := make([]string, 3000)
	for i := range words {
		words[i] = fmt.Sprintf("palabra%04d", i)
	}
	text := pdftest.Text(t, print(t, letter, draw(1, strings.Join(words, " "))))
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Fatalf("%s was lost", word)
		}
	}
}

func TestTextThatTheFontLacks(t *testing.T) {
	for in, want := range map[string]string{
		"Ştefan Ștefănescu":      "Ştefan Stefănescu",
		"nin\u0303o n\u0303andú": "niño ñandú",
		"≤ 40 %":                 "<= 40 %",
		"李小龙":                    "???",
		"a\x00b\x1b\u200bc":      "abc",
	} {
		if got := pdftest.Text(t, print(t, letter, func(s *pdf.Sheet) { s.Text(in, 9, pdf.Ink) })); !strings.Contains(got, want+"\n") {
			t.Errorf("%q is not printed as %q", in, want)
		}
	}
}

func TestLongWordIsBroken(t *testing.T) {
	word := strings.Repeat("x", 1000)
	text := pdftest.Text(t, print(t, letter, func(s *pdf.Sheet) { s.Text(word, 9, pdf.Ink) }))
	if got := strings.Count(text, "x"); got != 1000 {
		t.Errorf("%d of 1000 letters were printed", got)
	}
}

func TestPressWaitsForItsTurnOnlyAsLongAsTheRequest(t *testing.T) {
	press := pdf.NewPress()
	ctx, cancel := context.WithCancel(context.Background())
	_, err := press.Print(context.Background(), letter, func(s *pdf.Sheet) {
		cancel()
		if _, err := press.Print(ctx, letter, func(*pdf.Sheet) {}); err == nil {
			t.Error("two documents were printed at once")
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

func BenchmarkTwoPages(b *testing.B) {
	press, body := pdf.NewPress(), draw(20, "un detalle de dos líneas que no cabe en una sola porque sigue y sigue hasta pasar el borde de la columna")
	for b.Loop() {
		if _, err := press.Print(context.Background(), letter, body); err != nil {
			b.Fatal(err)
		}
	}
}
