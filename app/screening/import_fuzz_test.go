package screening

import (
	"slices"
	"strings"
	"testing"

	"gsl/app/kit/calendar"
	"gsl/app/kit/sheet"
)

// Whatever a file holds, a row that is accepted is a person who can exist, and a
// row that is not says where it stands and why.
func FuzzRegistryRows(f *testing.F) {
	f.Add(row("A", "1-9", "Ana", "1", "2026-01-01") + row("A", "2-7", "=Beto", "0", "2026-01-01"))
	f.Add("\xf1;18.590.990-5;\"a;\nb\";;29-02-1980;sí;0-40%;Limache;$ 1.000;03/11/2026\r\n;;;;;;;;;\n")
	f.Add("B;1-9;x;y;31-02-1980;2;45;99999;mucho;2126-01-01")
	today, err := calendar.Parse("2026-11-21")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, rows string) {
		content := small + rows
		r, err := sheet.NewFile("f.csv", strings.NewReader(content), int64(len(content))).Rows()
		if err != nil {
			return
		}
		defer func() { _ = r.Close() }()
		match, err := r.Match(personColumns, nil)
		if err != nil {
			return
		}
		reader := &peopleReader{chunk: chunkRows, rows: r, seen: &runSet{}, cells: cells{sheet.NewCells(match), today, nil}}
		for r.Next() {
			var p personRow
			before := len(reader.cells.Problems)
			if !reader.read(&p) {
				if added := reader.cells.Problems[before:]; len(added) == 0 || added[0].Line != r.Row().Line || added[0].Key == "" {
					t.Fatalf("line %d rejected without a reason: %+v", r.Row().Line, added)
				}
				continue
			}
			m := &p.person
			if m.RUN.IsZero() || m.BirthDate.IsZero() || today.Before(m.BirthDate) || m.GivenNames == "" || p.home.Folio == "" || p.home.CommuneCode == "" ||
				p.home.DataDate.IsZero() || m.Income < 0 || !slices.Contains([]int{40, 50, 60, 70, 80, 90, 100}, p.home.Tramo) {
				t.Fatalf("line %d accepted as %+v", r.Row().Line, p)
			}
		}
	})
}
