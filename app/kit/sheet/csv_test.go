package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"gsl/app/kit/fault"
)

func fileOf(name, content string) *File {
	return NewFile(name, strings.NewReader(content), int64(len(content)))
}

// dump writes rows as "line[a|b]", problems as "line!key".
func dump(t *testing.T, f *File) string {
	t.Helper()
	rows, err := f.Rows()
	if err != nil {
		return "error " + keyOf(err)
	}
	defer func() { _ = rows.Close() }()
	var out strings.Builder
	fmt.Fprintf(&out, "[%s]", strings.Join(rows.Header, "|"))
	for rows.Next() {
		row := rows.Row()
		if row.Problem != nil {
			fmt.Fprintf(&out, " %d!%s", row.Line, row.Problem.Key)
			continue
		}
		fmt.Fprintf(&out, " %d[%s]", row.Line, bytes.Join(row.Cells, []byte("|")))
	}
	if err := rows.Err(); err != nil {
		fmt.Fprintf(&out, " error %v", err)
	}
	return out.String()
}

func TestCSV(t *testing.T) {
	long := strings.Repeat("x", maxRecord+1)
	for name, c := range map[string]struct{ in, want string }{
		"comma":                    {"a,b\n1,2\n", "[a|b] 2[1|2]"},
		"semicolon, CRLF":          {"a;b\r\n1,5;2\r\n", "[a|b] 2[1,5|2]"},
		"tab":                      {"a\tb\n1\t2", "[a|b] 2[1|2]"},
		"one column":               {"a\n1\n2", "[a] 2[1] 3[2]"},
		"mark of UTF-8":            {"\xEF\xBB\xBFa;b\n1;ñ\n", "[a|b] 2[1|ñ]"},
		"Windows-1252":             {"a;b\n1;\xd1u\xf1oa \x80\n", "[a|b] 2[1|Ñuñoa €]"},
		"both in one file":         {"a;b\nñ;1\n\xf1;2\n", "[a|b] 2[ñ|1] 3[ñ|2]"},
		"Excel's hint":             {"sep=;\na,x;b\n1;2\n", "[a,x|b] 3[1|2]"},
		"no break at the end":      {"a,b\n1,2", "[a|b] 2[1|2]"},
		"blank lines and rows":     {"\n\na,b\n\n1,2\n,\n\n3,4\n\n", "[a|b] 5[1|2] 8[3|4]"},
		"blanks around values":     {"a , b\n 1\t,\u00a02\u00a0\n", "[a|b] 2[1|2]"},
		"quotes":                   {"a,b\n\"x, \"\"y\"\"\",2\n", `[a|b] 2[x, "y"|2]`},
		"break within a value":     {"a,b\n\"x\r\ny\nz\",2\n3,4\n", "[a|b] 2[x y z|2] 5[3|4]"},
		"quote within a value":     {"a,b\n5\" pipe,2\n3,4\n", `[a|b] 2[5" pipe|2] 3[3|4]`},
		"text after a quote":       {"a,b\n\"x\"y,2\n", `[a|b] 2[xy|2]`},
		"quoted header":            {"\"a\";\"b;c\"\n1;2\n", "[a|b;c] 2[1|2]"},
		"a quote that never ends":  {"a,b\n\"x,2\n3,4\n5,6\n", "[a|b] 2!sheet.unclosed_quote 3[3|4] 4[5|6]"},
		"never ends, last line":    {"a,b\n3,4\n\"x,2", "[a|b] 2[3|4] 3!sheet.unclosed_quote"},
		"quoted, no break at end":  {"a,b\n3,\"4\"", "[a|b] 2[3|4]"},
		"too few":                  {"a,b,c\n1,2\n1,2,3\n", "[a|b|c] 2!sheet.cell_count 3[1|2|3]"},
		"too many":                 {"a,b\n1,2,3\n1,2,\n", "[a|b] 2!sheet.cell_count 3[1|2]"},
		"a formula made harmless":  {"a,b\n'=1+1,'+569\n'a,''=x\n", "[a|b] 2[=1+1|+569] 3['a|'=x]"},
		"control characters":       {"a,b\n1,\x01\n3,4\n", "[a|b] 2!sheet.control_character 3[3|4]"},
		"a line without end":       {"a,b\n" + long + "\n3,4\n", "[a|b] 2!sheet.line_too_long 3[3|4]"},
		"a quote without end":      {"a,b\n\"" + "\n" + long + "\n3,4\n", "[a|b] 2!sheet.unclosed_quote 3!sheet.line_too_long 4[3|4]"},
		"only a header":            {"a,b\n", "[a|b]"},
		"header with blank ends":   {"a,b,,\n1,2,,\n", "[a|b] 2[1|2]"},
		"nothing":                  {" \n ", "error sheet.empty"},
		"a workbook":               {"PK\x03\x04…", "error sheet.not_text"},
		"UTF-16":                   {"\xFF\xFEa\x00", "error sheet.utf16"},
		"a web page":               {"<html><table>", "error sheet.not_text"},
		"bytes that are not text":  {"a,b\n1,\x00\n", "error sheet.not_text"},
		"a header that never ends": {"\"a,b\n1,2\n", "error sheet.no_header"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := dump(t, fileOf("x.csv", c.in)); got != c.want {
				t.Errorf("got  %.300s\nwant %.300s", got, c.want)
			}
		})
	}
}

func TestNamesThatPromiseOtherContent(t *testing.T) {
	for name, want := range map[string]string{
		"x.xls": "sheet.old_excel", "x.pdf": "sheet.unknown_type", "x": "sheet.unknown_type", "x.xlsx": "sheet.not_workbook",
	} {
		if got := dump(t, fileOf(name, "a,b\n1,2\n")); got != "error "+want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if _, err := OpenFile(t.TempDir() + "/none.csv"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := OpenFile(t.TempDir()); !fault.Is(err, fault.Invalid) {
		t.Errorf("a folder: %v", err)
	}
}

// Whatever the size of the pieces that the disk gives, the rows are the same.
func TestCSVInSmallPieces(t *testing.T) {
	in := "a;b;c\r\n1;\"x;\r\n\"\"y\"\"\";3\r\n\r\n4;ñandú;6\r\n7;\xf1;9"
	want := `2[1|x; "y"|3] 5[4|ñandú|6] 6[7|ñ|9]`
	for size := 8; size < 80; size++ {
		src := newText(iotest.OneByteReader(strings.NewReader(in)), size)
		rows, err := fileOf("x.csv", in).newReader(src)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for rows.Next() {
			got = append(got, fmt.Sprintf("%d[%s]", rows.Row().Line, bytes.Join(rows.Row().Cells, []byte("|"))))
		}
		if strings.Join(got, " ") != want {
			t.Fatalf("pieces of %d: %v", size, got)
		}
		if rows.Offset() != int64(len(in)) {
			t.Errorf("pieces of %d: %d bytes read of %d", size, rows.Offset(), len(in))
		}
	}
}

func TestCSVSaysWhenTheDiskFails(t *testing.T) {
	broken := io.MultiReader(strings.NewReader("a,b\n1,2\n"), iotest.ErrReader(io.ErrClosedPipe))
	rows, err := fileOf("x.csv", "").newReader(newText(broken, 64))
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		continue
	}
	if rows.Err() == nil {
		t.Error("the end of the file was reported")
	}
}

func TestCSVAllocatesNothingPerRow(t *testing.T) {
	line := "063040000001;16866416-8;Norma Ver\xf3nica;Silva Mu\xf1oz;1985-08-17;\"a;b\"\r\n"
	content := "a;b;c;d;e;f\r\n" + strings.Repeat(line, 5000)
	rows, err := fileOf("x.csv", content).Rows()
	if err != nil {
		t.Fatal(err)
	}
	rows.Next()
	if n := testing.AllocsPerRun(1000, func() { rows.Next() }); n > 0 {
		t.Errorf("%v allocations a row", n)
	}
}

func BenchmarkCSV(b *testing.B) {
	line := "063040000001;16866416-8;Norma Verónica;Silva Muñoz;1985-08-17;F;chilena;jefe/a de hogar;1;70;0;básica incompleta;0;FONASA C;;trabaja;0;;0;0;+56945835150;;Av. Palmira 1855;06304;mediagua;arrendada sin contrato;camión aljibe;1;2026-11-03\r\n"
	content := strings.Repeat("a;", 28) + "b\r\n" + strings.Repeat(line, 20000)
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		rows, err := fileOf("x.csv", content).Rows()
		if err != nil {
			b.Fatal(err)
		}
		for rows.Next() {
			if rows.Row().Problem != nil {
				b.Fatal(rows.Row().Problem)
			}
		}
	}
}

func FuzzCSV(f *testing.F) {
	f.Add("a;b\n1;2\n")
	f.Add("a,b\r\n\"x\ny\",2\r\n\"z\"\"")
	f.Add("\xEF\xBB\xBFa\tb\n\xf1\t'=1\n\"\n")
	f.Fuzz(func(t *testing.T, content string) {
		rows, err := fileOf("x.csv", content).Rows()
		if err != nil {
			return
		}
		last, lines := 1, strings.Count(content, "\n")+1
		for rows.Next() {
			row := rows.Row()
			if row.Line <= last-1 || row.Line > lines {
				t.Fatalf("line %d after %d of %d", row.Line, last, lines)
			}
			last = row.Line + 1
			if row.Problem == nil && len(row.Cells) != len(rows.Header) {
				t.Fatalf("line %d has %d cells, the header %d", row.Line, len(row.Cells), len(rows.Header))
			}
		}
	})
}

func keyOf(err error) string {
	var e *fault.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return err.Error()
}

// look takes eight bytes at a time; one at a time says the same.
func FuzzLook(f *testing.F) {
	f.Add([]byte("a\tb;c\r\n"))
	f.Add([]byte("0123456\xf1\x00"))
	f.Add([]byte("\x80\x1f\x20\x7f"))
	f.Fuzz(func(t *testing.T, row []byte) {
		want := true
		for _, c := range row {
			want = want && c < 0x80
		}
		plain, control := look(row)
		if control != hasControl(row) || !control && plain != want {
			t.Fatalf("look(%q) = %v %v", row, plain, control)
		}
	})
}
