package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"regexp"
	"strings"
)

// How far an office file may unfold, and into how many parts.
const (
	mostParts    = 5_000
	mostUnpacked = 512 << 20
	mostRatio    = 120
	smallEnough  = 16 << 20 // under it no ratio is suspicious
	longestList  = 2 << 20  // bytes of the list of parts
)

// frugal lets somebody read so many bytes of a file and no more: a list of parts
// that goes on for megabytes would fill the memory before it could be counted.
type frugal struct {
	io.ReaderAt
	left int64 // negative: as many as are wanted
}

var errFrugal = errors.New("document: reads too much of a file")

// ReadAt reads while there is something left to be read.
func (f *frugal) ReadAt(p []byte, at int64) (int, error) {
	n, err := f.ReaderAt.ReadAt(p, at)
	if f.left >= 0 {
		if f.left -= int64(n); f.left < 0 {
			return 0, errFrugal
		}
	}
	return n, err
}

// officeKind looks into a packed file: by its parts it is a document, a workbook
// or nothing that is kept. What runs by itself is refused: macros, controls, and a
// template that would be fetched from elsewhere.
func officeKind(f File, size int64) (string, error) {
	in := &frugal{ReaderAt: f, left: longestList}
	archive, err := zip.NewReader(in, size)
	switch {
	case errors.Is(err, errFrugal):
		return "", refuse("document.error.bomb")
	case err != nil:
		return "", refuse("document.error.damaged")
	}
	in.left = -1
	if err := checkParts(archive, size); err != nil {
		return "", err
	}
	var found string
	for _, part := range archive.File {
		switch name := strings.ToLower(part.Name); {
		case name == "word/document.xml":
			found = Docx
		case name == "xl/workbook.xml":
			found = Xlsx
		case name == "mimetype" && found == "":
			found = openDocument(part)
		}
	}
	return found, nil
}

// checkParts unpacks every part once, keeping nothing: the real sizes count, not
// the declared ones.
func checkParts(archive *zip.Reader, packed int64) error {
	if len(archive.File) > mostParts {
		return refuse("document.error.bomb")
	}
	left := max(int64(smallEnough), min(mostUnpacked, packed*mostRatio))
	for _, part := range archive.File {
		if err := checkName(part.Name); err != nil {
			return err
		}
		n, err := unpack(part, left+1)
		if left -= n; left < 0 {
			return refuse("document.error.bomb")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// checkName refuses what no office program calls a part: a path that leads out of
// the file, and programs.
func checkName(name string) error {
	if strings.Contains(name, `\`) || path.IsAbs(name) || strings.HasPrefix(path.Clean(name), "..") {
		return refuse("document.error.damaged")
	}
	name = strings.ToLower(name)
	for _, part := range []string{"vbaproject", "vbadata", "/activex/", "/macrosheets/", "/dialogsheets/"} {
		if strings.Contains(name, part) {
			return refuse("document.error.macros")
		}
	}
	if strings.HasPrefix(name, "basic/") || strings.HasPrefix(name, "scripts/") || strings.Contains(programEndings, path.Ext(name)+" ") && path.Ext(name) != "" {
		return refuse("document.error.macros")
	}
	return nil
}

// programEndings are those of what an embedded object may be and starts when it is
// clicked.
const programEndings = ".exe .com .scr .pif .msi .dll .cpl .bat .cmd .ps1 .vbs .vbe .js .jse .wsf .wsh .hta .lnk .jar .reg .chm "

// unpack reads a part to its end, or so far, and looks for what says that the file
// has programs, whatever their parts are called.
func unpack(part *zip.File, most int64) (int64, error) {
	reader, err := part.Open()
	if err != nil {
		return 0, refuse("document.error.damaged")
	}
	defer func() { _ = reader.Close() }() // it was read; nothing is left to lose
	var look finder
	var list bytes.Buffer
	name, into := strings.ToLower(part.Name), io.Writer(io.Discard)
	switch {
	case name == "[content_types].xml", strings.HasSuffix(name, ".rels"):
		into, most = &list, min(most, longestList)
	case strings.HasPrefix(name, "xl/externallinks/"):
		look.words, into = ddeWords, &look
	}
	n, err := io.Copy(into, io.LimitReader(reader, most))
	switch {
	case look.found:
		return n, refuse("document.error.macros")
	case err != nil && n < most:
		return n, refuse("document.error.damaged")
	}
	return n, checkList(&list)
}

var (
	// ddeWords stand in a part of a workbook that starts a program to ask it for a value.
	ddeWords = [][]byte{[]byte("ddelink")}
	// programWords stand in the lists of parts of a file that has programs.
	programWords = []string{"vbaproject", "macroenabled", "macrosheet", "activex"}
)

// checkList refuses a list of parts or of links that says that the file has
// programs, or that something which may have them is fetched when it is opened: a
// template from elsewhere. What a list says is read as office programs read it, so
// that no other way to write the same hides it.
func checkList(list io.Reader) error {
	for lines := xml.NewDecoder(list); ; {
		token, err := lines.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return refuse("document.error.damaged") // office programs write plain UTF-8
		}
		if e, found := token.(xml.StartElement); found && runs(e) {
			return refuse("document.error.macros")
		}
	}
}

// runs reports whether a line of a list names a program or fetches a template.
func runs(e xml.StartElement) bool {
	template, elsewhere := false, false
	for _, a := range e.Attr {
		value := strings.ToLower(strings.TrimSpace(a.Value))
		for _, word := range programWords {
			if strings.Contains(value, word) {
				return true
			}
		}
		switch strings.ToLower(a.Name.Local) {
		case "type":
			template = template || strings.HasSuffix(value, "attachedtemplate")
		case "target":
			value = strings.ReplaceAll(value, `\`, "/")
			elsewhere = elsewhere || strings.HasPrefix(value, "//") || strings.Contains(value, ":") && !localDisk.MatchString(value)
		}
	}
	return template && elsewhere
}

// localDisk is where many have their own template: it harms nobody.
var localDisk = regexp.MustCompile(`^(file:///)?[a-z]:`)

// finder reads over a text and keeps of it only enough to find words that a piece
// cuts in two.
type finder struct {
	words [][]byte
	tail  []byte
	found bool
}

// Write looks at a piece.
func (f *finder) Write(p []byte) (int, error) {
	if len(f.words) == 0 {
		return len(p), nil
	}
	text := append(f.tail, bytes.ToLower(p)...)
	for _, word := range f.words {
		f.found = f.found || bytes.Contains(text, word)
	}
	const longest = 64
	f.tail = append([]byte(nil), text[max(0, len(text)-longest):]...)
	return len(p), nil
}

// openDocument is the type that an OpenDocument file declares.
func openDocument(part *zip.File) string {
	reader, err := part.Open()
	if err != nil {
		return ""
	}
	defer func() { _ = reader.Close() }()
	text, err := io.ReadAll(io.LimitReader(reader, 100))
	if kind := string(text); err == nil && (kind == Odt || kind == Ods) {
		return kind
	}
	return ""
}
