package sheet

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"gsl/app/kit/fault"
)

// Workbooks that were made to break the reader: each is refused in a sentence,
// in little time and memory, and the program goes on.
func TestHostileWorkbooks(t *testing.T) {
	sound := workbookOf(t, map[string]any{"A1": "run", "B1": "nombre", "A2": "1-9", "B2": "Ana"})
	sheetOf := func(from, to string) []byte {
		return repack(t, sound, "xl/worksheets/sheet1.xml", func(xml []byte) []byte {
			out := bytes.Replace(xml, []byte(from), []byte(to), 1)
			if bytes.Equal(out, xml) {
				t.Fatalf("the sheet has no %q:\n%s", from, xml)
			}
			return out
		})
	}
	const end = "</sheetData>"
	for name, c := range map[string]struct {
		data []byte
		key  string
	}{
		"shared string -1":          {sheetOf(end, `<row r="3"><c r="A3" t="s"><v>-1</v></c></row>`+end), "sheet.damaged"},
		"a column far to the right": {sheetOf(end, `<row r="3"><c r="XFD3" t="inlineStr"><is><t>a</t></is></c></row>`+end), "sheet.too_wide"},
		"more cells than columns":   {sheetOf(end, `<row r="3">`+strings.Repeat("<c/>", 5000)+`</row>`+end), "sheet.too_wide"},
		"a million nested elements": {sheetOf(end, strings.Repeat("<a>", 1<<20)+strings.Repeat("</a>", 1<<20)+end), "sheet.damaged"},
		"row numbers that go back":  {sheetOf(end, `<row r="1"><c r="A1"/></row>`+end), "sheet.damaged"},
	} {
		var rows int
		r, err := workbookFile(c.data).Rows()
		if err == nil {
			for r.Next() {
				rows++
			}
			err = errors.Join(r.Err(), r.Close())
		}
		var e *fault.Error
		if !errors.As(err, &e) || e.Key != c.key {
			t.Errorf("%s: %v after %d rows, want %s", name, err, rows, c.key)
		}
	}
}
