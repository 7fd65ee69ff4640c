// Package sqlite is a connection to one SQLite file, straight on SQLite's C
// interface as modernc.org/sqlite translated it to Go.
//
// Why not database/sql: it reads column names and declared types anew for each
// query, boxes every value, takes a mutex per column and starts a goroutine per
// statement. A screening read costs 2.5 times SQLite in C that way and 1.0
// times this way (BenchmarkView of package tenants). It also rolls back a
// shared transaction when one member's context ends, which group commit cannot
// bear. Migrations, which are not hot, go through database/sql.
//
// A Conn and what hangs on it belong to one goroutine at a time; only
// Interrupt may be called from another.
package sqlite

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"strings"
	"sync"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// Version is that of SQLite itself.
const Version = lib.SQLITE_VERSION

// keep is how many statements a connection keeps prepared. SQL is constant
// text, so a program has a few hundred; the bound is for the one that builds it.
const keep = 512

// Config says which file and how.
type Config struct {
	Path       string
	PersistWAL bool     // keep the -wal file when the last connection closes
	Pragmas    []string // "busy_timeout=5000", … run in order before anything else
}

// Conn is one connection.
type Conn struct {
	tls   *libc.TLS
	db    uintptr
	out   uintptr // 16 bytes of C memory for what C returns by pointer
	stmts map[string]*Stmt
	found map[place]*Stmt // the same by where the text lies, which is quicker to look up

	mu     sync.Mutex // guards closed against Interrupt
	closed bool
}

// Open opens the file and runs the pragmas. It fails with code CantOpen when
// the file does not exist.
func Open(cfg Config) (*Conn, error) {
	c := &Conn{tls: libc.NewTLS(), stmts: map[string]*Stmt{}, found: map[place]*Stmt{}}
	if err := c.open(cfg); err != nil {
		_ = c.Close()
		return nil, err
	}
	return c, nil
}

func (c *Conn) open(cfg Config) error {
	if c.out = lib.Xsqlite3_malloc(c.tls, 16); c.out == 0 {
		return &Error{Code: lib.SQLITE_NOMEM, Message: "out of memory"}
	}
	name, err := libc.CString(cfg.Path)
	if err != nil {
		return err
	}
	defer libc.Xfree(c.tls, name)
	// NOMUTEX: one goroutine at a time, so no mutex per call. No CREATE: a
	// missing file is an error. No URI: a path is a path.
	flags := int32(lib.SQLITE_OPEN_READWRITE | lib.SQLITE_OPEN_NOMUTEX | lib.SQLITE_OPEN_EXRESCODE)
	rc := lib.Xsqlite3_open_v2(c.tls, name, c.out, flags, 0)
	c.db = load(c.out)
	if rc != lib.SQLITE_OK {
		return c.fail(rc)
	}
	if err := c.harden(); err != nil {
		return err
	}
	if cfg.PersistWAL {
		if err := c.persistWAL(); err != nil {
			return err
		}
	}
	for _, pragma := range cfg.Pragmas {
		if err := c.Exec("PRAGMA " + pragma); err != nil {
			return fmt.Errorf("pragma %s: %w", pragma, err)
		}
	}
	return nil
}

// harden turns off what only harms: "text" in double quotes taken for a string
// when it names no column, and SQL that can rewrite the schema or shadow tables.
func (c *Conn) harden() error {
	for _, set := range []struct{ option, value int32 }{
		{lib.SQLITE_DBCONFIG_DQS_DML, 0},
		{lib.SQLITE_DBCONFIG_DQS_DDL, 0},
		{lib.SQLITE_DBCONFIG_DEFENSIVE, 1},
	} {
		args := libc.VaList(c.out, set.value, uintptr(0))
		if rc := lib.Xsqlite3_db_config(c.tls, c.db, set.option, args); rc != lib.SQLITE_OK {
			return c.fail(rc)
		}
	}
	return nil
}

func (c *Conn) persistWAL() error {
	name, err := libc.CString("main")
	if err != nil {
		return err
	}
	defer libc.Xfree(c.tls, name)
	binary.NativeEndian.PutUint32(libc.GoBytes(c.out, 4), 1)
	if rc := lib.Xsqlite3_file_control(c.tls, c.db, name, lib.SQLITE_FCNTL_PERSIST_WAL, c.out); rc != lib.SQLITE_OK {
		return c.fail(rc)
	}
	return nil
}

// load reads the pointer that a C function left at p.
func load(p uintptr) uintptr {
	word := libc.GoBytes(p, bits.UintSize/8)
	if bits.UintSize == 32 {
		return uintptr(binary.NativeEndian.Uint32(word))
	}
	return uintptr(binary.NativeEndian.Uint64(word))
}

// Prepare gives the statement of a constant text, prepared once per connection.
// While rows of the same text are still open (a query inside its own loop) it
// gives a second statement, which Release throws away.
func (c *Conn) Prepare(sql string) (*Stmt, error) {
	at := placeOf(sql)
	s := c.found[at]
	if s == nil {
		if s = c.stmts[sql]; s != nil && len(c.found) < keep {
			c.found[at] = s
		}
	}
	if s != nil && !s.busy {
		s.busy = true
		return s, nil
	}
	fresh, err := c.prepare(sql)
	if err != nil {
		return nil, err
	}
	fresh.busy = true
	if s != nil {
		fresh.spare = true
		return fresh, nil
	}
	if len(c.stmts) >= keep {
		c.forget()
	}
	c.stmts[sql] = fresh
	return fresh, nil
}

// place is where a text lies. Texts do not change and a place that is kept is
// not given to another one, so that the same place is the same text. To hash and
// compare the texts of a page's dozen queries took 2 of its 150 µs.
type place struct {
	start *byte
	size  int
}

func placeOf(text string) place { return place{unsafe.StringData(text), len(text)} } //nolint:gosec // it is only compared

// Statements adds the prepared texts with the number of their parameters.
func (c *Conn) Statements(to map[string]int) {
	for text, s := range c.stmts {
		to[text] = s.params
	}
}

// forget finalizes every statement that is not in use.
func (c *Conn) forget() {
	clear(c.found)
	for sql, s := range c.stmts {
		if !s.busy {
			s.finalize()
			delete(c.stmts, sql)
		}
	}
}

func (c *Conn) prepare(sql string) (*Stmt, error) {
	text, err := libc.CString(sql)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(c.tls, text)
	tail := c.out + 8
	rc := lib.Xsqlite3_prepare_v3(c.tls, c.db, text, int32(len(sql)+1), //nolint:gosec // SQL is far under 2 GiB
		lib.SQLITE_PREPARE_PERSISTENT, c.out, tail)
	if rc != lib.SQLITE_OK {
		return nil, c.fail(rc)
	}
	s := &Stmt{c: c, ptr: load(c.out)}
	if s.ptr == 0 {
		return nil, &Error{Code: lib.SQLITE_MISUSE, Message: "empty statement"}
	}
	if rest := load(tail) - text; strings.TrimSpace(sql[rest:]) != "" {
		s.finalize()
		return nil, &Error{Code: lib.SQLITE_MISUSE, Message: "more than one statement"}
	}
	s.params = int(lib.Xsqlite3_bind_parameter_count(c.tls, s.ptr))
	s.columns = int(lib.Xsqlite3_column_count(c.tls, s.ptr))
	return s, nil
}

// Exec runs one statement and throws its rows away.
func (c *Conn) Exec(sql string, args ...any) error {
	s, err := c.Prepare(sql)
	if err != nil {
		return err
	}
	defer s.Release()
	if err := s.Bind(args); err != nil {
		return err
	}
	for {
		if more, err := s.Step(); err != nil || !more {
			return err
		}
	}
}

// One runs a query of exactly one row.
func (c *Conn) One(sql string, dest ...any) error {
	s, err := c.Prepare(sql)
	if err != nil {
		return err
	}
	defer s.Release()
	if err := s.Bind(nil); err != nil {
		return err
	}
	more, err := s.Step()
	if err != nil {
		return err
	}
	if !more {
		return &Error{Code: lib.SQLITE_DONE, Message: "no row"}
	}
	return s.Scan(dest...)
}

// Shrink gives back what only the next work needs: prepared statements that are
// not lent, and pages. To be called while no rows are open.
func (c *Conn) Shrink() error {
	c.forget()
	return c.Exec("PRAGMA shrink_memory")
}

// InTransaction reports whether a transaction is open. SQLite itself rolls one
// back on some errors (disk full, I/O, RAISE(ROLLBACK)).
func (c *Conn) InTransaction() bool { return lib.Xsqlite3_get_autocommit(c.tls, c.db) == 0 }

// Changes is the number of rows that the last INSERT, UPDATE or DELETE touched.
func (c *Conn) Changes() int64 { return lib.Xsqlite3_changes64(c.tls, c.db) }

// LastInsertID is the rowid of the last INSERT.
func (c *Conn) LastInsertID() int64 { return lib.Xsqlite3_last_insert_rowid(c.tls, c.db) }

// Interrupt makes the running statement fail with code Interrupt. It may be
// called from any goroutine, also after Close.
func (c *Conn) Interrupt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		lib.Xsqlite3_interrupt(c.tls, c.db)
	}
}

// Close finalizes the statements and closes the file. The last connection of a
// file writes its -wal back and removes it, unless PersistWAL.
func (c *Conn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	for _, s := range c.stmts {
		s.finalize()
	}
	var err error
	if c.db != 0 {
		// close_v2, not close: a statement still open makes a zombie, never a leak of the lock.
		if rc := lib.Xsqlite3_close_v2(c.tls, c.db); rc != lib.SQLITE_OK {
			err = c.fail(rc)
		}
	}
	if c.out != 0 {
		lib.Xsqlite3_free(c.tls, c.out)
	}
	c.tls.Close()
	return err
}
