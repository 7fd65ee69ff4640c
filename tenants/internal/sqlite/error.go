package sqlite

import (
	"fmt"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// Error is what SQLite says. The message names tables, columns and constraints,
// never a bound value, so it may be logged.
type Error struct {
	Code    int32 // extended result code
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("sqlite: %s (%d)", e.Message, e.Code) }

// Primary is the result code without its extension.
func (e *Error) Primary() int32 { return e.Code & 0xff }

// The primary result codes that callers tell apart.
const (
	Busy       = lib.SQLITE_BUSY
	NoMemory   = lib.SQLITE_NOMEM
	ReadOnly   = lib.SQLITE_READONLY
	Interrupt  = lib.SQLITE_INTERRUPT
	IOError    = lib.SQLITE_IOERR
	Corrupt    = lib.SQLITE_CORRUPT
	Full       = lib.SQLITE_FULL
	CantOpen   = lib.SQLITE_CANTOPEN
	Constraint = lib.SQLITE_CONSTRAINT
	NotADB     = lib.SQLITE_NOTADB
)

// The extended codes that callers tell apart.
const (
	ShortRead            = lib.SQLITE_IOERR_SHORT_READ // the file ends before its pages do
	CorruptFS            = lib.SQLITE_IOERR_CORRUPTFS
	ConstraintUnique     = lib.SQLITE_CONSTRAINT_UNIQUE
	ConstraintPrimaryKey = lib.SQLITE_CONSTRAINT_PRIMARYKEY
	ConstraintRowID      = lib.SQLITE_CONSTRAINT_ROWID
	ConstraintForeignKey = lib.SQLITE_CONSTRAINT_FOREIGNKEY
)

func (c *Conn) fail(rc int32) error {
	e := &Error{Code: rc}
	if c.db != 0 {
		e.Message = libc.GoString(lib.Xsqlite3_errmsg(c.tls, c.db))
	} else {
		e.Message = libc.GoString(lib.Xsqlite3_errstr(c.tls, rc))
	}
	return e
}
