package sheet

import (
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"gsl/app/kit/fault"
)

// What is kept in memory of a workbook: parts beyond it are unpacked to
// temporary files, which close removes.
const partInMemory = 16 << 20

// workbook reads the first sheet of an XLSX. excelize gives the values; what it
// does not tell (formulas, damage, how large the parts really are) was looked up
// by inspect before.
type workbook struct {
	file    *excelize.File
	rows    *excelize.Rows
	bad     map[cellRef]string // cells that are refused, with the key of the reason
	line    int
	cells   [][]byte
	buf     []byte
	failed  error
	damaged func(error) *fault.Error
	size    int64
	total   int64 // rows of the sheet, for progress
}

func (f *File) workbookRows() (_ *Reader, err error) {
	found, err := f.inspect()
	if err != nil {
		return nil, err
	}
	defer contain(func(trouble error) { err = f.damaged(trouble) })
	book, err := excelize.OpenReader(io.NewSectionReader(f.data, 0, f.Size), excelize.Options{
		UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: partInMemory, RawCellValue: true,
	})
	if err != nil {
		return nil, f.damaged(err)
	}
	rows, err := book.Rows(found.sheet)
	if err != nil {
		_ = book.Close()
		return nil, f.damaged(err)
	}
	return f.newReader(&workbook{file: book, rows: rows, bad: found.bad, size: f.Size, total: found.rows, damaged: f.damaged})
}

func (w *workbook) err() error { return w.failed }

// offset is the share of the rows that were read, in bytes of the file.
func (w *workbook) offset() int64 {
	if w.total == 0 {
		return w.size
	}
	return min(w.size, w.size*int64(w.line)/w.total)
}

func (w *workbook) close() error {
	return errors.Join(w.rows.Close(), w.file.Close())
}

// contain turns a panic of excelize into damage: a workbook made to break it (a
// shared string of number -1, say) must not end the program.
func contain(tell func(trouble error)) {
	if p := recover(); p != nil {
		tell(fmt.Errorf("sheet: the workbook cannot be read: %v", p))
	}
}

func (w *workbook) next() (_ record, ok bool) {
	defer contain(func(trouble error) { w.failed, ok = w.damaged(trouble), false })
	if w.failed != nil || !w.rows.Next() {
		return record{}, false
	}
	w.line++
	values, err := w.rows.Columns(excelize.Options{RawCellValue: true})
	if err != nil {
		w.failed = w.damaged(err)
		return record{}, false
	}
	w.take(values)
	rec := record{line: w.line, cells: w.cells, mayBeShort: true}
	for i := range w.cells {
		if key := w.bad[cellRef{w.line, i + 1}]; key != "" {
			rec.problem, rec.at = &Problem{Line: w.line, Value: cut(w.cells[i]), Key: key}, i+1
			break
		}
	}
	return rec, true
}

// take copies the values into memory that is used again for each row.
func (w *workbook) take(values []string) {
	size := 0
	for _, v := range values {
		size += len(v)
	}
	if cap(w.buf) < size {
		w.buf = make([]byte, 0, 2*size)
	}
	w.buf, w.cells = w.buf[:0], w.cells[:0]
	for _, v := range values {
		from := len(w.buf)
		w.buf = append(w.buf, v...)
		w.cells = append(w.cells, clean(w.buf[from:len(w.buf):len(w.buf)]))
	}
}
