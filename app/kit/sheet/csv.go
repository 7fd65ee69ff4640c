package sheet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

const (
	firstBuffer = 256 << 10
	// A row of a table is far shorter; what is longer is a quote that never ends.
	maxRecord = 1 << 20
)

var utf8BOM = []byte{0xEF, 0xBB, 0xBF}

// text reads CSV: comma, semicolon or tab; LF or CRLF; quoted or not; UTF-8 or
// Windows-1252. Each row that is not UTF-8 is read as Windows-1252, so a file
// that was pasted together from both reads right, too.
type text struct {
	src     io.Reader
	buf     []byte // buf[start:end] is what was read and not yet given out
	start   int
	end     int
	eof     bool
	failed  error
	read    int64 // bytes given out
	line    int   // of the file, of what stands at start
	sep     byte
	cells   [][]byte
	quoted  []byte // cells of a row with quotes, without them
	decoded []byte // a row of Windows-1252 as UTF-8
}

func (f *File) textRows() (*Reader, error) {
	return f.newReader(newText(io.NewSectionReader(f.data, 0, f.Size), firstBuffer))
}

func newText(src io.Reader, buffer int) *text {
	t := &text{src: src, buf: make([]byte, buffer), line: 1}
	for bytes.IndexByte(t.pending(), '\n') < 0 && t.fill() {
		continue // the whole first line
	}
	if bytes.HasPrefix(t.pending(), utf8BOM) {
		t.start += len(utf8BOM)
	}
	t.sep = t.separator()
	return t
}

func (t *text) pending() []byte { return t.buf[t.start:t.end] }
func (t *text) offset() int64   { return t.read }
func (t *text) close() error    { return nil }

func (t *text) err() error {
	if errors.Is(t.failed, io.EOF) {
		return nil
	}
	return t.failed
}

// separator is what the header uses most, outside quotes. A first line "sep=;",
// which Excel writes, says it outright and is passed over.
func (t *text) separator() byte {
	line, _, _ := bytes.Cut(t.pending(), []byte{'\n'})
	if said, ok := bytes.CutPrefix(bytes.TrimRight(line, "\r"), []byte("sep=")); ok && len(said) == 1 {
		t.skip(len(line) + 1)
		return said[0]
	}
	var commas, semicolons, tabs int
	inside := false
	for _, c := range line {
		switch {
		case c == '"':
			inside = !inside
		case inside:
		case c == ',':
			commas++
		case c == ';':
			semicolons++
		case c == '\t':
			tabs++
		}
	}
	switch {
	case semicolons > 0 && semicolons >= commas && semicolons >= tabs:
		return ';'
	case tabs > commas:
		return '\t'
	}
	return ','
}

// skip passes over n bytes that end in a line break.
func (t *text) skip(n int) {
	n = min(n, t.end-t.start)
	t.line += bytes.Count(t.buf[t.start:t.start+n], []byte{'\n'})
	t.start += n
	t.read += int64(n)
}

// fill reads more; false when nothing more can be had. It moves what is pending
// to the front and doubles a full buffer, up to maxRecord.
func (t *text) fill() bool {
	if t.eof || t.failed != nil {
		return false
	}
	if t.start > 0 {
		copy(t.buf, t.pending())
		t.start, t.end = 0, t.end-t.start
	}
	if t.end == len(t.buf) {
		if len(t.buf) >= maxRecord {
			return false
		}
		t.buf = append(t.buf, make([]byte, len(t.buf))...)
	}
	n, err := io.ReadAtLeast(t.src, t.buf[t.end:], 1)
	t.end += n
	if err != nil {
		t.eof = true
		if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.failed = err
		}
	}
	return n > 0
}

func (t *text) next() (record, bool) {
	seen := 0
	for {
		at := bytes.IndexByte(t.buf[t.start+seen:t.end], '\n')
		if at >= 0 {
			return t.recordOf(seen+at, seen+at+1)
		}
		seen = t.end - t.start
		if !t.fill() {
			break
		}
	}
	switch {
	case t.failed != nil || t.start == t.end:
		return record{}, false
	case !t.eof:
		return t.tooLong(), true
	}
	return t.recordOf(seen, seen)
}

// recordOf reads the record whose first line is n bytes, whole bytes with its
// line break. A quote may draw in more lines.
func (t *text) recordOf(n, whole int) (record, bool) {
	line := t.buf[t.start : t.start+n]
	if bytes.IndexByte(line, '"') >= 0 {
		return t.quotedRecord(whole), true
	}
	number := t.line
	t.start += whole
	t.read += int64(whole)
	t.line++
	line = bytes.TrimSuffix(line, []byte{'\r'})
	line, bad := t.decode(line)
	if bad {
		return record{line: number, problem: &Problem{Line: number, Key: "sheet.control_character"}}, true
	}
	t.cells = t.cells[:0]
	for {
		at := bytes.IndexByte(line, t.sep)
		if at < 0 {
			break
		}
		t.cells = append(t.cells, clean(line[:at]))
		line = line[at+1:]
	}
	t.cells = append(t.cells, clean(line))
	return record{line: number, cells: t.cells}, true
}

// tooLong gives the problem of a line without end and passes over it.
func (t *text) tooLong() record {
	number := t.line
	for {
		at := bytes.IndexByte(t.pending(), '\n')
		if at >= 0 {
			t.skip(at + 1)
			break
		}
		t.read += int64(t.end - t.start)
		t.start = t.end
		if !t.fill() {
			break
		}
	}
	return record{line: number, problem: &Problem{Line: number, Key: "sheet.line_too_long"}}
}

// look reports whether a row is ASCII, and whether it holds a control character
// other than a tab or a line break. Eight bytes at a time: every byte of a file
// passes here.
func look(row []byte) (plain, control bool) {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	plain = true
	for len(row) >= 8 {
		word := binary.LittleEndian.Uint64(row)
		if (word-' '*ones)&^word&tops != 0 && hasControl(row[:8]) {
			return plain, true
		}
		plain = plain && word&tops == 0
		row = row[8:]
	}
	for _, c := range row {
		plain = plain && c < utf8.RuneSelf
	}
	return plain, hasControl(row)
}

func hasControl(bytes []byte) bool {
	for _, c := range bytes {
		if c < ' ' && c != '\t' && c != '\r' && c != '\n' {
			return true
		}
	}
	return false
}

// decode gives the row as UTF-8; bad when it holds bytes that no text has.
func (t *text) decode(row []byte) (_ []byte, bad bool) {
	plain, control := look(row)
	if control {
		return row, true
	}
	if plain || utf8.Valid(row) {
		return row, false
	}
	t.decoded = t.decoded[:0]
	for _, c := range row {
		t.decoded = utf8.AppendRune(t.decoded, charmap.Windows1252.DecodeByte(c))
	}
	return t.decoded, false
}
