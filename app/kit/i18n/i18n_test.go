package i18n

import (
	"context"
	"testing"
	"testing/fstest"
	"time"

	"gsl/app/kit/calendar"
)

func sample(t *testing.T, lang, content string) context.Context {
	t.Helper()
	d, err := load(fstest.MapFS{"locales/" + lang + "/x.json": {Data: []byte(content)}}, lang)
	if err != nil {
		t.Fatal(err)
	}
	return context.WithValue(t.Context(), contextKey{}, d)
}

func TestTextsArePluralAndFilled(t *testing.T) {
	ctx := sample(t, Spanish, `{
		"x.plain": "Plan de intervención",
		"x.hello": "Hola {{.Name}}, hay {{ .Count }} en {{.Name}}.",
		"x.items": {"one": "{{.Count}} pendiente", "other": "{{.Count}} pendientes"},
		"x.some": {"one": "una acción", "other": "varias acciones"}}`)
	for _, c := range []struct{ key, want string }{
		{"x.plain", "Plan de intervención"}, {"x.items", "{{.Count}} pendientes"}, {"x.missing", "x.missing"},
	} {
		if got := T(ctx, c.key); got != c.want {
			t.Errorf("T(%s) = %q, want %q", c.key, got, c.want)
		}
	}
	for _, c := range []struct {
		key  string
		args map[string]any
		want string
	}{
		{"x.items", map[string]any{"Count": 1}, "1 pendiente"},
		{"x.items", map[string]any{"Count": int64(0)}, "0 pendientes"},
		{"x.items", map[string]any{"Count": 12345}, "12.345 pendientes"},
		{"x.items", map[string]any{"Count": 1_000_000}, "1.000.000 pendientes"},
		{"x.items", map[string]any{"Count": 1_000_001}, "1.000.001 pendientes"},
		{"x.some", map[string]any{"Count": 1}, "una acción"},
		{"x.some", map[string]any{"Count": 2}, "varias acciones"},
		{"x.hello", map[string]any{"Name": "{{.Count}}<b>", "Count": 2}, "Hola {{.Count}}<b>, hay 2 en {{.Count}}<b>."},
		{"x.hello", nil, "Hola , hay  en ."},
		{"x.plain", map[string]any{"Count": 1}, "Plan de intervención"},
		{"x.missing", nil, "x.missing"},
	} {
		if got := Tf(ctx, c.key, c.args); got != c.want {
			t.Errorf("Tf(%s, %v) = %q, want %q", c.key, c.args, got, c.want)
		}
	}
}

func TestAKeyStandsInOneFile(t *testing.T) {
	_, err := load(fstest.MapFS{
		"locales/en/a.json": {Data: []byte(`{"a.x": "1"}`)},
		"locales/en/b.json": {Data: []byte(`{"a.x": "2"}`)},
	}, English)
	if err == nil {
		t.Error("the same key in two files must be refused")
	}
}

func TestMatch(t *testing.T) {
	for header, want := range map[string]string{
		"": Spanish, "es-CL,es;q=0.9,en;q=0.8": Spanish, "es-AR": Spanish, "en-US,en;q=0.9": English,
		"de,en;q=0.5": English, "de": Spanish, "fr, es;q=0.2": Spanish, "en;q=0": Spanish,
		"*": Spanish, ";;;": Spanish, "en;q=0.1, es;q=0.9": Spanish, "xx-yy-zz-\x00": Spanish,
	} {
		if got := Match(header); got != want {
			t.Errorf("Match(%q) = %s, want %s", header, got, want)
		}
	}
}

func TestFormats(t *testing.T) {
	es, en := With(t.Context(), Spanish), With(t.Context(), English)
	for pesos, want := range map[int64]string{
		0: "$\u00a00", 999: "$\u00a0999", 1000: "$\u00a01.000", 412300: "$\u00a0412.300", -500: "-$\u00a0500", 1234567890: "$\u00a01.234.567.890",
	} {
		if got := Money(es, pesos); got != want {
			t.Errorf("Money(%d) = %q, want %q", pesos, got, want)
		}
	}
	if got := Money(en, 1000); got != "$\u00a01,000" {
		t.Errorf("English money: %q", got)
	}
	if got := Number(es, -1234); got != "-1.234" {
		t.Errorf("Number = %q", got)
	}
	d, err := calendar.NewDate(2026, 11, 3)
	if err != nil {
		t.Fatal(err)
	}
	if got := Date(es, d) + Date(es, calendar.Date{}); got != "03-11-2026" {
		t.Errorf("Date = %q", got)
	}
	at := time.Date(2026, 11, 21, 13, 42, 0, 0, time.UTC)
	if got := DateTime(es, at) + DateTime(es, time.Time{}) + Clock(es, at); got != "21-11-2026 10:4210:42" {
		t.Errorf("DateTime = %q", got)
	}
}

func TestTheContextHasALanguage(t *testing.T) {
	if got := Lang(t.Context()); got != Spanish {
		t.Errorf("without a language: %s", got)
	}
	if got := Lang(With(t.Context(), "xx")); got != Spanish {
		t.Errorf("unknown language: %s", got)
	}
	if got := Lang(With(t.Context(), English)); got != English {
		t.Errorf("English: %s", got)
	}
}

func BenchmarkT(b *testing.B) {
	ctx := With(b.Context(), Spanish)
	for b.Loop() {
		T(ctx, "layout.product")
	}
}

func BenchmarkTf(b *testing.B) {
	ctx := With(b.Context(), Spanish)
	args := map[string]any{"Count": 3}
	for b.Loop() {
		Tf(ctx, "ui.errors.title", args)
	}
}
