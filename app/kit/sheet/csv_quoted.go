package sheet

import "bytes"

// quotedRecord reads a record that holds quotes and so may span lines. When its
// quote never ends, its first line is the problem and reading goes on below it:
// one stray quote must not swallow the file.
func (t *text) quotedRecord(firstLine int) record {
	number := t.line
	for {
		end, open := recordEnd(t.pending(), t.sep)
		if !open && (end < t.end-t.start || t.eof) {
			return t.unquote(end)
		}
		if !t.fill() {
			if !open {
				return t.unquote(end)
			}
			t.skip(firstLine)
			return record{line: number, problem: &Problem{Line: number, Key: "sheet.unclosed_quote"}}
		}
	}
}

// recordEnd finds the line break that ends the first record, len(data) when
// there is none; open when data ends inside a quote.
func recordEnd(data []byte, sep byte) (end int, open bool) {
	inside, fieldStart := false, true
	for i := 0; i < len(data); i++ {
		c := data[i]
		switch {
		case inside && c == '"':
			if i+1 < len(data) && data[i+1] == '"' {
				i++ // a quote within the value
			} else {
				inside = false
			}
		case inside:
		case c == '\n':
			return i, false
		case c == '"' && fieldStart:
			inside = true
		}
		fieldStart = !inside && (c == sep || (fieldStart && c == ' '))
	}
	return len(data), inside
}

// unquote takes the record of n bytes apart. Breaks within a value become a
// space; a quote in the middle of a value is part of it.
func (t *text) unquote(n int) record {
	number := t.line
	row, bad := t.decode(bytes.TrimSuffix(t.buf[t.start:t.start+n], []byte{'\r'}))
	if bad {
		t.skip(n + 1)
		return record{line: number, problem: &Problem{Line: number, Key: "sheet.control_character"}}
	}
	t.cells, t.quoted = t.cells[:0], t.quoted[:0]
	if cap(t.quoted) < len(row) {
		t.quoted = make([]byte, 0, 2*len(row)) // never moved while cells point into it
	}
	for rest, more := row, true; more; {
		from := len(t.quoted)
		rest, more = t.value(rest)
		t.cells = append(t.cells, clean(t.quoted[from:len(t.quoted):len(t.quoted)]))
	}
	t.skip(n + 1)
	return record{line: number, cells: t.cells}
}

// value appends one value to t.quoted and gives what follows it; more when a
// separator did.
func (t *text) value(data []byte) (rest []byte, more bool) {
	inside, start := false, true
	for i := 0; i < len(data); i++ {
		c := data[i]
		switch {
		case inside && c == '"' && i+1 < len(data) && data[i+1] == '"':
			t.quoted = append(t.quoted, '"')
			i++
		case inside && c == '"':
			inside = false
		case inside && c == '\r':
		case inside && c == '\n':
			t.quoted = append(t.quoted, ' ')
		case !inside && c == t.sep:
			return data[i+1:], true
		case !inside && c == '"' && start:
			inside = true
		default:
			t.quoted = append(t.quoted, c)
		}
		start = start && c == ' '
	}
	return nil, false
}
