package sheet

import (
	"bytes"
	"strings"
	"testing"
	"testing/quick"
	"unicode"
	"unicode/utf8"
)

// What is exported comes back as it was, and nothing in between is a formula.
func TestExportedCellsAreHarmlessAndComeBack(t *testing.T) {
	starts := []string{"", "=", "+", "-", "@", "\t=", "'=", "''+", "'", " =", "\"=", ";", "=HYPERLINK(\"http://x\",\"y\")", "+56 9 1234 5678", "-5", "O'Higgins"}
	property := func(start uint8, body string) bool {
		cell := starts[int(start)%len(starts)] + printable(body)
		var out bytes.Buffer
		w := NewWriter(&out)
		if w.Write("a", "b") != nil || w.Write(cell, "x") != nil || w.Flush() != nil {
			return false
		}
		rows, err := NewFile("x.csv", bytes.NewReader(out.Bytes()), int64(out.Len())).Rows()
		if err != nil || !rows.Next() || rows.Row().Problem != nil {
			return false
		}
		return bytes.Equal(trimBlanks(rows.Row().Cells[0]), trimBlanks([]byte(cell))) // blanks around are cut
	}
	if err := quick.Check(property, &quick.Config{MaxCount: 5000}); err != nil {
		t.Error(err)
	}
}

func TestNoExportedCellStartsAFormula(t *testing.T) {
	property := func(runes []rune) bool {
		cell := Harmless(string(runes))
		return cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0]))
	}
	if err := quick.Check(property, &quick.Config{MaxCount: 5000}); err != nil {
		t.Error(err)
	}
	for _, cell := range []string{"=1", "+1", "-1", "@a", "\tx", "\r=", "'=1"} {
		if got := Harmless(cell); got != "'"+cell {
			t.Errorf("Harmless(%q) = %q", cell, got)
		}
	}
	for _, cell := range []string{"", "a=1", "'a", " x", "1-9"} {
		if got := Harmless(cell); got != cell {
			t.Errorf("Harmless(%q) = %q", cell, got)
		}
	}
}

// printable keeps what a table keeps: no control characters or breaks.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
}

func TestWriterWritesWhatExcelOpens(t *testing.T) {
	var out bytes.Buffer
	w := NewWriter(&out)
	_ = w.Write("run", "nombre")
	_ = w.Write("1-9", "Peña; Ñuñoa")
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "\xEF\xBB\xBFrun;nombre\r\n1-9;\"Peña; Ñuñoa\"\r\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
