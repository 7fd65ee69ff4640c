package sqlite

import (
	"database/sql"
	"fmt"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// Scan reads the columns of the row that Step stands on. It takes pointers to
// string, []byte, integers, bool, floats, any, time.Time (RFC 3339 text),
// types made of these, pointers to these (nil for NULL) and sql.Scanner. NULL
// fits only the last two and any.
func (s *Stmt) Scan(dest ...any) error {
	if len(dest) != s.columns {
		return fmt.Errorf("sqlite: %d destinations for %d columns", len(dest), s.columns)
	}
	for i, d := range dest {
		if err := s.scan(int32(i), d); err != nil { //nolint:gosec // columns are few
			return fmt.Errorf("sqlite: column %d: %w", i+1, err)
		}
	}
	return nil
}

// textScanner is a sql.Scanner that reads text where it lies in SQLite's memory,
// without a copy; the bytes are gone when it returns. Dates are read so.
type textScanner interface {
	sql.Scanner
	ScanText(text []byte) error
}

// scan reads one column: the frequent types at once, the others by reflection.
func (s *Stmt) scan(i int32, dest any) error {
	switch d := dest.(type) {
	case *string:
		p := lib.Xsqlite3_column_text(s.c.tls, s.ptr, i)
		if p == 0 {
			return assign(dest, nil)
		}
		*d = string(libc.GoBytes(p, s.bytes(i)))
		return nil
	case *int64:
		if s.kind(i) == lib.SQLITE_INTEGER {
			*d = lib.Xsqlite3_column_int64(s.c.tls, s.ptr, i)
			return nil
		}
	case *int:
		if s.kind(i) == lib.SQLITE_INTEGER {
			*d = int(lib.Xsqlite3_column_int64(s.c.tls, s.ptr, i))
			return nil
		}
	case *bool:
		if s.kind(i) == lib.SQLITE_INTEGER {
			*d = lib.Xsqlite3_column_int64(s.c.tls, s.ptr, i) != 0
			return nil
		}
	case *[]byte:
		*d = s.blob(i)
		return nil
	case textScanner:
		if s.kind(i) == lib.SQLITE_TEXT {
			p := lib.Xsqlite3_column_text(s.c.tls, s.ptr, i)
			return d.ScanText(libc.GoBytes(p, s.bytes(i)))
		}
		return d.Scan(s.value(i))
	case sql.Scanner:
		return d.Scan(s.value(i))
	}
	return assign(dest, s.value(i))
}

func (s *Stmt) kind(i int32) int32 { return lib.Xsqlite3_column_type(s.c.tls, s.ptr, i) }

func (s *Stmt) bytes(i int32) int { return int(lib.Xsqlite3_column_bytes(s.c.tls, s.ptr, i)) }

// blob copies a blob or text; nil for NULL, never nil for an empty one.
func (s *Stmt) blob(i int32) []byte {
	if s.kind(i) == lib.SQLITE_NULL {
		return nil
	}
	p := lib.Xsqlite3_column_blob(s.c.tls, s.ptr, i)
	n := s.bytes(i)
	out := make([]byte, n)
	if p != 0 {
		copy(out, libc.GoBytes(p, n))
	}
	return out
}

// value reads a column as one of the driver's types: int64, float64, string, []byte, nil.
func (s *Stmt) value(i int32) any {
	switch s.kind(i) {
	case lib.SQLITE_INTEGER:
		return lib.Xsqlite3_column_int64(s.c.tls, s.ptr, i)
	case lib.SQLITE_FLOAT:
		return lib.Xsqlite3_column_double(s.c.tls, s.ptr, i)
	case lib.SQLITE_TEXT:
		p := lib.Xsqlite3_column_text(s.c.tls, s.ptr, i)
		return string(libc.GoBytes(p, s.bytes(i)))
	case lib.SQLITE_BLOB:
		return s.blob(i)
	}
	return nil
}
