package sheet

import (
	"slices"
	"strings"

	"gsl/app/kit/fault"
)

// Column is a column that an import knows.
type Column struct {
	Name     string   // ours: run, birth_date, …
	Aliases  []string // other names, Spanish and English
	Required bool     // the file must have it
}

// Match says where each column stands in a table.
type Match struct {
	At      []int    // for each column, the index of its cell, -1 when the file has none
	Titles  []string // for each column, its name as the file writes it
	Ignored []string // columns of the file that nothing was done with
}

// Cell is the value of the i-th column in a row, nil when the file has no such column.
func (m *Match) Cell(row Row, i int) []byte {
	if at := m.At[i]; at >= 0 {
		return row.Cells[at]
	}
	return nil
}

// Has reports whether the file has the i-th column.
func (m *Match) Has(i int) bool { return m.At[i] >= 0 }

// Knows reports whether the header names a column of the list.
func (r *Reader) Knows(columns []Column, name string) bool {
	i := slices.IndexFunc(columns, func(c Column) bool { return c.Name == name })
	return i >= 0 && slices.ContainsFunc(r.Header, columns[i].is)
}

// Match finds the columns by their names. rename says, for a header that no name
// fits, which column it is ("Apellido paterno" → "surnames"); it may be nil.
// A missing required column, or a column that stands twice, is an error.
func (r *Reader) Match(columns []Column, rename map[string]string) (Match, error) {
	m := Match{At: make([]int, len(columns)), Titles: make([]string, len(columns))}
	for i := range m.At {
		m.At[i] = -1
	}
	for at, title := range r.Header {
		i := find(columns, title, rename)
		switch {
		case i < 0:
			if title != "" {
				m.Ignored = append(m.Ignored, title)
			}
		case m.At[i] >= 0:
			return m, fault.New(fault.Invalid, "sheet.column_twice").With("Name", r.Name).
				With("Column", title).With("Other", m.Titles[i])
		default:
			m.At[i], m.Titles[i] = at, title
		}
	}
	return m, r.missing(columns, m)
}

func find(columns []Column, title string, rename map[string]string) int {
	if ours, ok := rename[title]; ok {
		return slices.IndexFunc(columns, func(c Column) bool { return c.Name == ours })
	}
	return slices.IndexFunc(columns, func(c Column) bool { return c.is(title) })
}

func (c Column) is(title string) bool {
	folded := Fold(title)
	return folded != "" && (folded == Fold(c.Name) ||
		slices.ContainsFunc(c.Aliases, func(alias string) bool { return Fold(alias) == folded }))
}

func (r *Reader) missing(columns []Column, m Match) error {
	var names []string
	for i, c := range columns {
		if c.Required && m.At[i] < 0 {
			names = append(names, c.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "sheet.missing_columns").With("Name", r.Name).
		With("Missing", strings.Join(names, ", ")).With("Found", strings.Join(r.Header, ", "))
}
