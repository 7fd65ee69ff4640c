package sqlite

import (
	"fmt"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// spill is the size over which a statement gives its parameter memory back
// after use: an attachment must not stay in memory with its statement.
const spill = 64 << 10

// Stmt is a prepared statement. Prepare lends it, Release gives it back.
type Stmt struct {
	c       *Conn
	ptr     uintptr
	params  int
	columns int
	busy    bool // lent
	spare   bool // a second one of the same text: Release finalizes it

	// Text and blobs are copied to one C buffer that belongs to the statement,
	// so that binding costs no allocation per value. They stay bound after
	// Release: unbinding makes SQLite plan the statement again.
	buf  uintptr
	size int
}

// Step runs to the next row; false means that there is none, or an error.
func (s *Stmt) Step() (bool, error) {
	switch rc := lib.Xsqlite3_step(s.c.tls, s.ptr); rc {
	case lib.SQLITE_ROW:
		return true, nil
	case lib.SQLITE_DONE:
		return false, nil
	default:
		return false, s.c.fail(rc)
	}
}

// Columns gives the names of the columns.
func (s *Stmt) Columns() []string {
	names := make([]string, s.columns)
	for i := range names {
		names[i] = libc.GoString(lib.Xsqlite3_column_name(s.c.tls, s.ptr, int32(i))) //nolint:gosec // columns are few
	}
	return names
}

// Release ends the run of the statement and gives it back to the connection.
func (s *Stmt) Release() {
	if s.spare {
		s.finalize()
		return
	}
	lib.Xsqlite3_reset(s.c.tls, s.ptr) // its error is the one that Step returned
	if s.size > spill {
		s.unbind()
	}
	s.busy = false
}

func (s *Stmt) finalize() {
	lib.Xsqlite3_finalize(s.c.tls, s.ptr)
	s.free()
}

func (s *Stmt) unbind() {
	for i := range s.params {
		lib.Xsqlite3_bind_null(s.c.tls, s.ptr, int32(i+1)) //nolint:gosec // parameters are few
	}
	s.free()
}

func (s *Stmt) free() {
	lib.Xsqlite3_free(s.c.tls, s.buf)
	s.buf, s.size = 0, 0
}

// reserve makes room for n bytes of parameters.
func (s *Stmt) reserve(n int) error {
	if n < s.size {
		return nil
	}
	s.free()
	size := max(64, n+n/2)
	if s.buf = lib.Xsqlite3_malloc64(s.c.tls, uint64(size)); s.buf == 0 { //nolint:gosec // positive
		return &Error{Code: lib.SQLITE_NOMEM, Message: "out of memory"}
	}
	s.size = size
	return nil
}

// Bind sets all parameters. It takes nil, integers, floats, bool, string,
// []byte, time.Time (written as RFC 3339, UTC, seconds), driver.Valuer,
// pointers to these and types made of them. A *string or *int64 costs no memory
// on its way, as a value in an any does: for those who bind millions.
func (s *Stmt) Bind(args []any) error {
	if len(args) != s.params {
		return &Error{Code: lib.SQLITE_RANGE, Message: fmt.Sprintf("%d values for %d parameters", len(args), s.params)}
	}
	args, need, err := plain(args)
	if err != nil {
		return err
	}
	if err := s.reserve(need); err != nil {
		return err
	}
	off := 0
	for i, arg := range args {
		n, rc := s.bind(int32(i+1), arg, off) //nolint:gosec // parameters are few
		if rc != lib.SQLITE_OK {
			return s.c.fail(rc)
		}
		off += n
	}
	return nil
}

// bind sets one parameter; text and blobs go to the buffer at off.
func (s *Stmt) bind(i int32, arg any, off int) (used int, rc int32) {
	tls, at := s.c.tls, s.buf+uintptr(off) //nolint:gosec // positive
	switch v := arg.(type) {
	case string:
		return s.bindText(i, at, v)
	case *string: // never nil: plain has seen to that
		return s.bindText(i, at, *v)
	case *int64:
		return 0, lib.Xsqlite3_bind_int64(tls, s.ptr, i, *v)
	case []byte:
		if v == nil {
			return 0, lib.Xsqlite3_bind_null(tls, s.ptr, i)
		}
		copy(libc.GoBytes(at, len(v)), v)
		return len(v), lib.Xsqlite3_bind_blob(tls, s.ptr, i, at, int32(len(v)), 0) //nolint:gosec // plain checked it
	case int64:
		return 0, lib.Xsqlite3_bind_int64(tls, s.ptr, i, v)
	case int:
		return 0, lib.Xsqlite3_bind_int64(tls, s.ptr, i, int64(v))
	case bool:
		if v {
			return 0, lib.Xsqlite3_bind_int64(tls, s.ptr, i, 1)
		}
		return 0, lib.Xsqlite3_bind_int64(tls, s.ptr, i, 0)
	case float64:
		return 0, lib.Xsqlite3_bind_double(tls, s.ptr, i, v)
	}
	return 0, lib.Xsqlite3_bind_null(tls, s.ptr, i)
}

func (s *Stmt) bindText(i int32, at uintptr, text string) (used int, rc int32) {
	copy(libc.GoBytes(at, len(text)), text)
	return len(text), lib.Xsqlite3_bind_text(s.c.tls, s.ptr, i, at, int32(len(text)), 0) //nolint:gosec // plain checked it
}
