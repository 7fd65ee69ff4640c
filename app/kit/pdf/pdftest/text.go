// Package pdftest reads back what kit/pdf has printed, for tests.
package pdftest

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"
)

var (
	stream = regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`) // compressed bytes may well end in \r
	page   = regexp.MustCompile(`/Type /Page\b[^s]`)
)

// Text gives the lines of text of a document in the order they were drawn.
func Text(t testing.TB, file []byte) string {
	t.Helper()
	if !bytes.HasPrefix(file, []byte("%PDF-1.")) || !bytes.Contains(file, []byte("%%EOF")) {
		t.Fatal("not a whole PDF")
	}
	var out strings.Builder
	for _, found := range stream.FindAllSubmatch(file, -1) {
		if content := inflate(found[1]); bytes.Contains(content, []byte("Tj ET")) {
			drawn(&out, content)
		}
	}
	return out.String()
}

// Pages counts the pages of a document.
func Pages(file []byte) int { return len(page.FindAll(file, -1)) }

func inflate(data []byte) []byte {
	reader, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	content, err := io.ReadAll(io.LimitReader(reader, 8<<20))
	if err != nil {
		return nil
	}
	return content
}

// drawn writes each string of "(…) Tj": UTF-16 with backslash escapes.
func drawn(out *strings.Builder, content []byte) {
	var text []byte
	inside, escaped := false, false
	for _, c := range content {
		switch {
		case !inside && c == '(':
			inside, text = true, text[:0]
		case !inside:
		case escaped:
			text, escaped = append(text, unescape(c)), false
		case c == '\\':
			escaped = true
		case c == ')':
			inside = false
			out.WriteString(decode(text) + "\n")
		default:
			text = append(text, c)
		}
	}
}

func unescape(c byte) byte {
	if c == 'r' {
		return '\r'
	}
	return c
}

func decode(text []byte) string {
	units := make([]uint16, 0, len(text)/2)
	for i := 0; i+1 < len(text); i += 2 {
		units = append(units, uint16(text[i])<<8|uint16(text[i+1]))
	}
	return string(utf16.Decode(units))
}
