package sheet

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gsl/app/kit/fault"
)

// File is a table that somebody hands in. Its name says what it should be; Open
// believes only its content.
type File struct {
	Name string // base name, as people know it
	Size int64  // bytes
	data io.ReaderAt
	file *os.File // nil when the data belongs to the caller
}

// NewFile makes a file of data that the caller owns: an upload, a test.
func NewFile(name string, data io.ReaderAt, size int64) *File {
	return &File{Name: filepath.Base(name), Size: size, data: data}
}

// OpenFile opens a file of the disk; Close closes it.
func OpenFile(path string) (*File, error) { return OpenWith(os.Open, path) }

// OpenWith is OpenFile for who opens files in a way of its own.
func OpenWith(open func(path string) (*os.File, error), path string) (*File, error) {
	file, err := open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err != nil {
		_ = file.Close()
		return nil, unreadable(path, err)
	}
	return &File{Name: filepath.Base(path), Size: info.Size(), data: file, file: file}, nil
}

// Close closes what OpenFile opened.
func (f *File) Close() error {
	if f.file == nil {
		return nil
	}
	return f.file.Close()
}

// Rows starts reading from the top. A file may be read several times, one after
// the other; the caller closes each reader.
func (f *File) Rows() (*Reader, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	if f.isWorkbook() {
		return f.workbookRows()
	}
	return f.textRows()
}

func (f *File) isWorkbook() bool { return f.extension() == ".xlsx" }

func (f *File) extension() string { return strings.ToLower(filepath.Ext(f.Name)) }

// What the first bytes of other files look like.
var (
	zipMagic = []byte("PK\x03\x04")
	oleMagic = []byte{0xD0, 0xCF, 0x11, 0xE0} // .xls and .doc before 2007
	utf16LE  = []byte{0xFF, 0xFE}
	utf16BE  = []byte{0xFE, 0xFF}
)

// check refuses a file whose content is not what its name says.
func (f *File) check() error {
	head := make([]byte, 4096)
	n, err := f.data.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return unreadable(f.Name, err)
	}
	head = head[:n]
	if len(bytes.TrimSpace(head)) == 0 {
		return f.refuse("sheet.empty")
	}
	switch f.extension() {
	case ".xlsx":
		if !bytes.HasPrefix(head, zipMagic) {
			return f.refuse("sheet.not_workbook")
		}
	case ".csv", ".txt", ".tsv":
		return f.checkText(head)
	case ".xls":
		return f.refuse("sheet.old_excel")
	default:
		return f.refuse("sheet.unknown_type")
	}
	return nil
}

func (f *File) checkText(head []byte) error {
	switch {
	case bytes.HasPrefix(head, utf16LE), bytes.HasPrefix(head, utf16BE):
		return f.refuse("sheet.utf16")
	case bytes.HasPrefix(head, zipMagic), bytes.HasPrefix(head, oleMagic),
		bytes.HasPrefix(bytes.TrimSpace(head), []byte("<")), bytes.IndexByte(head, 0) >= 0:
		return f.refuse("sheet.not_text")
	}
	return nil
}

// refuse makes the error of a file that cannot be read, with its name.
func (f *File) refuse(key string) *fault.Error {
	return fault.New(fault.Invalid, key).With("Name", f.Name)
}

func unreadable(path string, cause error) error {
	var p *os.PathError
	if errors.As(cause, &p) {
		cause = p.Err // without the path: a log holds no names of people's files
	}
	return fault.Wrap(cause, fault.Invalid, "sheet.unreadable").With("Name", filepath.Base(path))
}
