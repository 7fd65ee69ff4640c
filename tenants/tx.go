package tenants

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/oklog/ulid/v2"

	"gsl/tenants/internal/sqlite"
)

// Tx is one transaction on one file. It lives as long as the function it was
// given to and is used by one goroutine. The SQL given to it is a constant:
// each text is prepared once per connection and kept.
type Tx struct {
	Now time.Time // the time of the change, UTC, the same for the whole transaction

	ctx    context.Context
	conn   *sqlite.Conn // nil when the transaction is over
	file   *file
	open   []*Rows
	unseen error // what ended a walk over rows and nobody asked for
	broken error // SQLite rolled the transaction back by itself
	ids    *ulid.MonotonicEntropy

	writer  *writer // nil in a View
	pending map[any]any
	after   []func()
	legal   bool
}

// Context is the context the transaction runs under.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Owner is the id of the municipality whose file this is, "" for the shared files.
func (tx *Tx) Owner() string { return tx.file.owner }

// Query runs a SELECT; the caller closes the rows and asks for their Err.
func (tx *Tx) Query(query string, args ...any) (*Rows, error) {
	rows := &Rows{}
	if err := tx.start(rows, query, args); err != nil {
		return nil, err
	}
	return rows, nil
}

// QueryRow runs a SELECT of at most one row.
func (tx *Tx) QueryRow(query string, args ...any) *Row {
	row := &Row{}
	row.err = tx.start(&row.rows, query, args)
	return row
}

// Exec runs a change. In a View it fails: the reader's connection is query_only.
func (tx *Tx) Exec(query string, args ...any) (Result, error) {
	stmt, err := tx.bind(query, args)
	if err != nil {
		return nil, err
	}
	defer stmt.Release()
	for more := true; more; {
		if more, err = stmt.Step(); err != nil {
			return nil, tx.failed(err)
		}
	}
	return result{id: tx.conn.LastInsertID(), rows: tx.conn.Changes()}, nil
}

// NewID makes an identifier (ULID, 26 characters) of the transaction's time.
// The identifiers of one transaction sort in the order they were made.
func (tx *Tx) NewID() string {
	if tx.ids == nil {
		tx.ids = ulid.Monotonic(rand.Reader, 0)
	}
	return ulid.MustNew(ulid.Timestamp(tx.Now), tx.ids).String()
}

// Keep remembers a value that was read from or written to the file, for the
// next Update of the same file: the head of a chain, say. It is dropped when
// this transaction is rolled back, and when the file is closed; it can be
// trusted because this process is the file's only writer. In a View it does nothing.
func (tx *Tx) Keep(key, value any) {
	if tx.writer == nil {
		return
	}
	if tx.pending == nil {
		tx.pending = map[any]any{}
	}
	tx.pending[key] = value
}

// Kept gives what Keep remembered; nil when there is nothing, and in a View.
func (tx *Tx) Kept(key any) any {
	if value, ok := tx.pending[key]; ok {
		return value
	}
	if tx.writer == nil {
		return nil
	}
	return tx.writer.kept[key]
}

// After runs f when the transaction is durable, before its Update returns: to
// tell who waits outside the file. It does not run when the transaction is
// undone, nor in a View, and must neither fail nor wait.
func (tx *Tx) After(f func()) {
	if tx.writer != nil {
		tx.after = append(tx.after, f)
	}
}

func (tx *Tx) start(rows *Rows, query string, args []any) error {
	stmt, err := tx.bind(query, args)
	if err != nil {
		return err
	}
	*rows = Rows{tx: tx, stmt: stmt, slot: len(tx.open)}
	tx.open = append(tx.open, rows)
	return nil
}

// bind prepares a statement and sets its parameters. Between statements is
// where a request that nobody waits for any more ends: a running write is never
// interrupted, because that would roll back the others of its group.
func (tx *Tx) bind(query string, args []any) (*sqlite.Stmt, error) {
	if tx.conn == nil {
		return nil, errOver
	}
	if tx.broken != nil {
		return nil, tx.broken
	}
	if err := tx.ctx.Err(); err != nil {
		return nil, err
	}
	stmt, err := tx.conn.Prepare(query)
	if err != nil {
		return nil, tx.explain(err)
	}
	if err := stmt.Bind(args); err != nil {
		stmt.Release()
		return nil, err
	}
	return stmt, nil
}

// failed says in the package's words why a statement failed, and notices when
// SQLite has rolled the whole transaction back: what comes after would commit
// statement by statement.
func (tx *Tx) failed(err error) error {
	if tx.writer == nil && hasCode(err, sqlite.ReadOnly) {
		return errReadOnly
	}
	err = tx.explain(err)
	if !tx.conn.InTransaction() {
		tx.broken = err
	}
	return err
}

// explain says in the package's words what SQLite said.
func (tx *Tx) explain(err error) error {
	if hasCode(err, sqlite.Interrupt) && tx.ctx.Err() != nil {
		return tx.ctx.Err()
	}
	return tx.file.explain(err)
}

func (tx *Tx) forget(r *Rows) {
	last := len(tx.open) - 1
	tx.open[r.slot] = tx.open[last]
	tx.open[r.slot].slot = r.slot
	tx.open = tx.open[:last]
}

// end closes what was left open; the Tx is of no use after it.
func (tx *Tx) end() {
	for len(tx.open) > 0 {
		_ = tx.open[len(tx.open)-1].Close()
	}
	tx.conn = nil
}
