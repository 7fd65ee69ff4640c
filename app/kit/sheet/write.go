package sheet

import (
	"encoding/csv"
	"io"
)

// Writer writes a table as CSV that Excel in Chile opens with a double click:
// UTF-8 with its mark, semicolons, CRLF. No cell starts a formula.
type Writer struct {
	csv  *csv.Writer
	to   io.Writer
	row  []string
	mark bool
}

// NewWriter starts a table.
func NewWriter(to io.Writer) *Writer {
	w := &Writer{csv: csv.NewWriter(to), to: to}
	w.csv.Comma, w.csv.UseCRLF = ';', true
	return w
}

// Write adds a row; the first one is the header.
func (w *Writer) Write(cells ...string) error {
	if !w.mark {
		w.mark = true
		if _, err := w.to.Write(utf8BOM); err != nil {
			return err
		}
	}
	w.row = w.row[:0]
	for _, cell := range cells {
		w.row = append(w.row, Harmless(cell))
	}
	return w.csv.Write(w.row)
}

// Flush writes what is held back; the table is complete when it gives nil.
func (w *Writer) Flush() error {
	w.csv.Flush()
	return w.csv.Error()
}

// Harmless gives a cell that no spreadsheet takes for a formula: what would
// start one gets an apostrophe before it, which the Reader takes off again.
func Harmless(cell string) string {
	at := 0
	for at < len(cell) && cell[at] == '\'' {
		at++
	}
	if startsFormula(cell[at:]) {
		return "'" + cell
	}
	return cell
}

// startsFormula reports whether a spreadsheet would run the text.
func startsFormula[T string | []byte](cell T) bool {
	if len(cell) == 0 {
		return false
	}
	switch cell[0] {
	case '=', '+', '-', '@', '\t', '\r':
		return true
	}
	return false
}
