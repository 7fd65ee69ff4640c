package tenants

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"time"

	"github.com/oklog/ulid/v2"
)

// The few names of database/sql that stores need, so that no store imports it.
type (
	Rows   = sql.Rows
	Row    = sql.Row
	Result = sql.Result
)

// ErrNoRows is what a Row's Scan says when nothing was found.
var ErrNoRows = sql.ErrNoRows

// NotFound reports whether a Scan found nothing.
func NotFound(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// Tx is one transaction on one file. It lives as long as the function it was
// given to and is used by one goroutine. The SQL given to it is a constant:
// each text is prepared once per connection and kept.
type Tx struct {
	Now  time.Time // the time of the change, UTC, the same for the whole transaction
	ctx  context.Context
	conn querier
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Context is the context the transaction runs under.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Query runs a SELECT; the caller closes the rows and asks for their Err.
func (tx *Tx) Query(query string, args ...any) (*Rows, error) {
	return tx.conn.QueryContext(tx.ctx, query, args...)
}

// QueryRow runs a SELECT of at most one row.
func (tx *Tx) QueryRow(query string, args ...any) *Row {
	return tx.conn.QueryRowContext(tx.ctx, query, args...)
}

// Exec runs a change. In a View it fails: the reader's connection is query_only.
func (tx *Tx) Exec(query string, args ...any) (Result, error) {
	return tx.conn.ExecContext(tx.ctx, query, args...)
}

// NewID makes an identifier (ULID, 26 characters) of the transaction's time.
func (tx *Tx) NewID() string {
	return ulid.MustNew(ulid.Timestamp(tx.Now), rand.Reader).String()
}
