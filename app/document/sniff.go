package document

import (
	"bytes"
	"encoding/binary"
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
	case len(head) >= 30 && string(head[:4]) == "RIFF" && string(head[8:15]) == "WEBPVP8":
		return WebP, checkWebP(head, size)
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
	return checkPoints(config.Width, config.Height)
}

func checkPoints(w, h int) error {
	if w > mostPoints/h {
		return refuse("document.error.bomb")
	}
	return nil
}

// checkWebP reads the measures where each of the three kinds has them, and refuses
// a file that is shorter than it says.
func checkWebP(head []byte, size int64) error {
	if int64(binary.LittleEndian.Uint32(head[4:]))+8 > size {
		return refuse("document.error.damaged")
	}
	var w, h int
	switch head[15] {
	case 'X': // three bytes each, less one
		w, h = 1+int(head[24])+int(head[25])<<8+int(head[26])<<16, 1+int(head[27])+int(head[28])<<8+int(head[29])<<16
	case 'L': // fourteen bits each, less one
		bits := binary.LittleEndian.Uint32(head[21:])
		w, h = 1+int(bits&0x3fff), 1+int(bits>>14&0x3fff)
	case ' ': // fourteen bits each, after the mark of a first frame
		w, h = int(binary.LittleEndian.Uint16(head[26:])&0x3fff), int(binary.LittleEndian.Uint16(head[28:])&0x3fff)
	}
	if w < 1 || h < 1 {
		return refuse("document.error.damaged")
	}
	return checkPoints(w, h)
}
