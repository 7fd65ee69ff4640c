package sheet

import (
	"bytes"
)

// Row is one row of a table. The cells are the reader's own memory: they hold
// until the next call of Next. Blanks around a value are cut off.
type Row struct {
	Line  int      // of the file, the header's line is usually 1
	Cells [][]byte // one for each column of the header
	// Problem says why the row cannot be read; the cells are then of no use.
	Problem *Problem
}

// source is where records come from: CSV or a workbook.
type source interface {
	// next gives one record, io.EOF style: ok is false at the end or on an error.
	next() (rec record, ok bool)
	err() error
	offset() int64 // bytes of the file read so far
	close() error
}

// record is a row before it is held against the header.
type record struct {
	line    int
	cells   [][]byte
	problem *Problem
	at      int // the problem's column, from 1; 0 when it is about the whole row
	// short records are usual in workbooks, where blank cells are not stored.
	mayBeShort bool
}

// Reader reads a table row by row.
type Reader struct {
	Name   string   // of the file
	Header []string // as the file writes it
	src    source
	row    Row
	blank  [][]byte // padding for short records
}

// newReader reads the header: the first record that is not blank.
func (f *File) newReader(src source) (*Reader, error) {
	for {
		rec, ok := src.next()
		if !ok {
			_ = src.close()
			if err := src.err(); err != nil {
				return nil, err
			}
			return nil, f.refuse("sheet.no_header")
		}
		if rec.problem != nil {
			_ = src.close()
			return nil, f.refuse("sheet.no_header")
		}
		if isBlank(rec.cells) {
			continue
		}
		r := &Reader{Name: f.Name, src: src}
		for _, cell := range trimRight(rec.cells) {
			r.Header = append(r.Header, string(cell))
		}
		return r, nil
	}
}

// Next moves to the next row that is not blank; false at the end, or when the
// file cannot be read further (see Err).
func (r *Reader) Next() bool {
	for {
		rec, ok := r.src.next()
		if !ok {
			return false
		}
		if rec.problem == nil && isBlank(rec.cells) {
			continue
		}
		r.row = Row{Line: rec.line, Cells: rec.cells, Problem: rec.problem}
		switch {
		case rec.problem == nil:
			r.fit(rec.mayBeShort)
		case rec.at > 0 && rec.at <= len(r.Header):
			rec.problem.Column = r.Header[rec.at-1]
		}
		return true
	}
}

// Row is the row that Next moved to.
func (r *Reader) Row() Row { return r.row }

// Err says why Next stopped, nil at the end of the file.
func (r *Reader) Err() error { return r.src.err() }

// Offset is how many bytes of the file were read, for progress.
func (r *Reader) Offset() int64 { return r.src.offset() }

// Close frees what the reader holds; the file stays open.
func (r *Reader) Close() error { return r.src.close() }

// fit holds the row against the header. A row with a value too many or too few
// has been shifted or cut off: loading it would put values in wrong columns.
func (r *Reader) fit(mayBeShort bool) {
	want, got := len(r.Header), len(r.row.Cells)
	switch {
	case got == want:
	case got > want && isBlank(r.row.Cells[want:]):
		r.row.Cells = r.row.Cells[:want]
	case got < want && mayBeShort:
		r.blank = append(r.blank[:0], r.row.Cells...)
		for len(r.blank) < want {
			r.blank = append(r.blank, nil)
		}
		r.row.Cells = r.blank
	default:
		r.row.Problem = &Problem{Line: r.row.Line, Key: "sheet.cell_count", Args: map[string]any{"Found": got, "Expected": want}}
	}
}

func isBlank(cells [][]byte) bool {
	for _, cell := range cells {
		if len(cell) > 0 {
			return false
		}
	}
	return true
}

func trimRight(cells [][]byte) [][]byte {
	for len(cells) > 0 && len(cells[len(cells)-1]) == 0 {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// clean cuts off the blanks around a value, the no-break space of web pages
// too, and the apostrophe by which an exported cell was kept from being a formula.
func clean(cell []byte) []byte {
	if len(cell) == 0 {
		return cell
	}
	if first, last := cell[0], cell[len(cell)-1]; first <= ' ' || last <= ' ' || first == 0xC2 || last == 0xA0 {
		cell = trimBlanks(cell)
	}
	if len(cell) > 1 && cell[0] == '\'' && startsFormula(bytes.TrimLeft(cell, "'")) {
		return cell[1:]
	}
	return cell
}

func trimBlanks(cell []byte) []byte { return bytes.Trim(cell, " \t\r\n\u00a0") }
