package document

import (
	"archive/zip"
	"bytes"
	"errors"
	"image"
	_ "image/jpeg" // so that a picture's measures can be read
	_ "image/png"
	"io"
	"path"
	"strings"

	"gsl/app/kit/fault"
)

// Largest is how long a file may be, in bytes.
const Largest = 25 << 20

// The media types that are kept.
const (
	PDF  = "application/pdf"
	JPEG = "image/jpeg"
	PNG  = "image/png"
	WebP = "image/webp"
	Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	Odt  = "application/vnd.oasis.opendocument.text"
	Ods  = "application/vnd.oasis.opendocument.spreadsheet"
)

// extensions are the endings we give.
var extensions = map[string]string{PDF: ".pdf", JPEG: ".jpg", PNG: ".png", WebP: ".webp",
	Docx: ".docx", Xlsx: ".xlsx", Odt: ".odt", Ods: ".ods"}

// promises are what the endings of names say.
var promises = map[string]string{".pdf": PDF, ".jpg": JPEG, ".jpeg": JPEG, ".png": PNG, ".webp": WebP,
	".docx": Docx, ".xlsx": Xlsx, ".odt": Odt, ".ods": Ods}

// Accept is what a form's file box offers to choose.
const Accept = ".pdf,.jpg,.jpeg,.png,.webp,.docx,.xlsx,.odt,.ods"

// File is what can be looked into again and again: what a form brought.
type File interface {
	io.Reader
	io.ReaderAt
	io.Seeker
}

// refuse is a 422 that names the field of the form and says why.
func refuse(key string) error { return fault.InvalidField("file", key) }

// examine finds out by its content what a file is, and refuses what is not kept,
// is not what its name says, breaks off or would burst when it is opened.
func examine(name string, f File, size int64) (string, error) {
	switch {
	case size == 0:
		return "", refuse("document.error.empty")
	case size > Largest:
		return "", refuse("document.error.large")
	}
	found, err := kindOf(f, size)
	if err != nil {
		return "", err
	}
	promised := promises[strings.ToLower(path.Ext(cleanName(name)))]
	switch {
	case found == "":
		return "", refuse("document.error.kind")
	case promised != found:
		return "", refuse("document.error.name")
	}
	return found, nil
}

// kindOf is the media type by content, "" for one that is not kept.
func kindOf(f File, size int64) (string, error) {
	head := make([]byte, 32)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	head = head[:n]
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return PDF, checkPDF(f, size)
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return JPEG, checkImage(f, size, "jpeg")
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return PNG, checkImage(f, size, "png")
	case len(head) >= 16 && string(head[:4]) == "RIFF" && string(head[8:15]) == "WEBPVP8":
		return WebP, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return officeKind(f, size)
	}
	return "", nil
}

// checkPDF refuses one that breaks off: its end is missing.
func checkPDF(f File, size int64) error {
	tail := make([]byte, min(size, 2048))
	if _, err := f.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if !bytes.Contains(tail, []byte("%%EOF")) {
		return refuse("document.error.damaged")
	}
	return nil
}

// A picture may have a hundred million points: more only serves to fill the
// memory of whoever opens it.
const mostPoints = 100_000_000

func checkImage(f File, size int64, want string) error {
	config, format, err := image.DecodeConfig(io.NewSectionReader(f, 0, size))
	if err != nil || format != want || config.Width < 1 || config.Height < 1 {
		return refuse("document.error.damaged")
	}
	if config.Width > mostPoints/config.Height {
		return refuse("document.error.bomb")
	}
	return nil
}

// How far an office file may unfold, and into how many parts.
const (
	mostParts    = 5_000
	mostUnpacked = 512 << 20
	mostRatio    = 120
	smallEnough  = 16 << 20 // under it no ratio is suspicious
)

// officeKind looks into a packed file: by its parts it is a document, a workbook
// or nothing that is kept. Macros are refused: they are programs.
func officeKind(f File, size int64) (string, error) {
	archive, err := zip.NewReader(f, size)
	if err != nil {
		return "", refuse("document.error.damaged")
	}
	if err := checkParts(archive, size); err != nil {
		return "", err
	}
	var found string
	for _, part := range archive.File {
		name := strings.ToLower(part.Name)
		switch {
		case strings.HasSuffix(name, "vbaproject.bin") || strings.HasPrefix(name, "basic/"):
			return "", refuse("document.error.macros")
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
		reader, err := part.Open()
		if err != nil {
			return refuse("document.error.damaged")
		}
		n, err := io.Copy(io.Discard, io.LimitReader(reader, left+1))
		_ = reader.Close() // it was read; nothing is left to lose
		if left -= n; left < 0 {
			return refuse("document.error.bomb")
		}
		if err != nil {
			return refuse("document.error.damaged")
		}
	}
	return nil
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
