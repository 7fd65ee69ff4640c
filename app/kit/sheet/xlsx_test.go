package sheet

import (
	"archive/zip"
	"bytes"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// workbookOf makes a real XLSX: cells by reference, values beginning with "="
// are formulas.
func workbookOf(t testing.TB, cells map[string]any) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer func() { _ = book.Close() }()
	if err := book.SetSheetName("Sheet1", "Hoja de pagos"); err != nil {
		t.Fatal(err)
	}
	if _, err := book.NewSheet("Otra"); err != nil {
		t.Fatal(err)
	}
	_ = book.SetCellFormula("Otra", "A1", "1+1") // not in the first sheet: no matter
	for ref, value := range cells {
		var err error
		if s, ok := value.(string); ok && strings.HasPrefix(s, "=") {
			err = book.SetCellFormula("Hoja de pagos", ref, s[1:])
		} else {
			err = book.SetCellValue("Hoja de pagos", ref, value)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func workbookFile(data []byte) *File {
	return NewFile("x.XLSX", bytes.NewReader(data), int64(len(data)))
}

// repack copies a workbook with one part changed.
func repack(t testing.TB, data []byte, part string, change func([]byte) []byte) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == part {
			content = change(content)
		}
		w, err := to.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWorkbook(t *testing.T) {
	data := workbookOf(t, map[string]any{
		"A1": "RUT", "B1": "Monto", "C1": "Fecha", "D1": "Nota",
		"A2": "1-9", "B2": 30000, "C2": time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), "D2": " ñandú ",
		"A4": "2-7", "B4": 1.5, "C4": true,
		"A5": "3-5", "B5": "=10*3", "D5": "x",
		"A6": "4-3", "F6": "fuera",
	})
	want := "[RUT|Monto|Fecha|Nota] 2[1-9|30000|46347|ñandú] 4[2-7|1.5|1|] 5!sheet.formula_cell 6!sheet.cell_count"
	if got := dump(t, workbookFile(data)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	rows, err := workbookFile(data).Rows()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if p := rows.Row().Problem; p != nil && p.Key == "sheet.formula_cell" && p.Column != "Monto" {
			t.Errorf("the formula stands in %q", p.Column)
		}
	}
	if rows.Offset() != int64(len(data)) {
		t.Errorf("offset %d at the end of %d", rows.Offset(), len(data))
	}
}

func TestWorkbookErrorsAreProblems(t *testing.T) {
	data := workbookOf(t, map[string]any{"A1": "a", "B1": "b", "A2": 1, "B2": 2})
	data = repack(t, data, "xl/worksheets/sheet1.xml", func(xml []byte) []byte {
		return bytes.Replace(xml, []byte(`<c r="B2"><v>2</v></c>`), []byte(`<c r="B2" t="e"><v>#N/A</v></c>`), 1)
	})
	if got := dump(t, workbookFile(data)); got != "[a|b] 2!sheet.error_cell" {
		t.Errorf("got %s", got)
	}
}

func TestWorkbooksThatAreRefused(t *testing.T) {
	good := workbookOf(t, map[string]any{"A1": "a", "A2": 1})
	bomb := repack(t, good, "xl/worksheets/sheet1.xml", func([]byte) []byte { return bytes.Repeat([]byte(" "), 64<<20) })
	var noBook bytes.Buffer
	w := zip.NewWriter(&noBook)
	_, _ = w.Create("word/document.xml")
	_ = w.Close()
	many := map[string]any{}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"a bomb":          {bomb, "sheet.bomb"},
		"cut off":         {good[:len(good)/2], "sheet.damaged"},
		"a Word document": {noBook.Bytes(), "sheet.not_workbook"},
		"a sheet cut off": {repack(t, good, "xl/worksheets/sheet1.xml", func(x []byte) []byte { return x[:len(x)/2] }), "sheet.damaged"},
		"the year 1904": {repack(t, good, "xl/workbook.xml", func(x []byte) []byte {
			return bytes.Replace(x, []byte("<workbookPr"), []byte(`<workbookPr date1904="1"`), 1)
		}), "sheet.dates_1904"},
		"nothing in it":     {workbookOf(t, many), "sheet.no_header"},
		"row a billion":     {repack(t, good, "xl/worksheets/sheet1.xml", func(x []byte) []byte { return bytes.Replace(x, []byte(`<row r="2"`), []byte(`<row r="999999999"`), 1) }), "sheet.damaged"},
		"one byte is wrong": {flip(good), "sheet.damaged"},
	} {
		if got := dump(t, workbookFile(c.data)); got != "error "+c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if got := dump(t, NewFile("x.csv", bytes.NewReader(good), int64(len(good)))); got != "error sheet.not_text" {
		t.Errorf("a workbook named CSV: %s", got)
	}
	if got := dump(t, NewFile("x.xlsx", bytes.NewReader(good), maxPacked+1)); got != "error sheet.too_large" {
		t.Errorf("a huge workbook: %s", got)
	}
}

// flip changes a byte of the compressed sheet.
func flip(data []byte) []byte {
	copied := bytes.Clone(data)
	at := bytes.Index(copied, []byte("xl/worksheets/sheet1.xml"))
	copied[at+40] ^= 0xFF
	return copied
}

// Bits that fell over are an error or a value, never a crash or a walk without end.
func TestWorkbooksWithFlippedBits(t *testing.T) {
	good := workbookOf(t, map[string]any{"A1": "a", "B1": "b", "A2": 1, "B2": "=1+1", "C3": "x"})
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 500 {
		data := bytes.Clone(good)
		for range 1 + i%4 {
			data[random.IntN(len(data))] ^= byte(1 << random.IntN(8))
		}
		rows, err := workbookFile(data).Rows()
		if err != nil {
			continue
		}
		for n := 0; rows.Next(); n++ {
			if n > 100 {
				t.Fatalf("workbook %d has no end", i)
			}
		}
		_ = rows.Close()
	}
}
