package tenants

import (
	"database/sql"

	"gsl/tenants/internal/sqlite"
)

// Result is what a change did; it is database/sql's interface.
type Result = sql.Result

type result struct{ id, rows int64 }

func (r result) LastInsertId() (int64, error) { return r.id, nil }
func (r result) RowsAffected() (int64, error) { return r.rows, nil }

// Rows walks over what a Query found, as database/sql's Rows do. Two slips are
// harmless here: rows left open are closed with the transaction, and an error
// that nobody asked Err for fails it.
type Rows struct {
	tx   *Tx
	stmt *sqlite.Stmt
	err  error
	slot int // place in tx.open
}

// Next steps to the next row; false at the end or on an error, which Err tells.
func (r *Rows) Next() bool {
	if r.stmt == nil {
		return false
	}
	more, err := r.stmt.Step()
	if err != nil {
		r.err = r.tx.failed(err)
		r.tx.unseen = r.err
	}
	if !more {
		_ = r.Close()
	}
	return more
}

// Scan reads the row that Next stepped to. It takes pointers to string, []byte,
// numbers, bool, any, time.Time, types made of these, sql.Scanner, and pointers
// to pointers for what may be NULL.
func (r *Rows) Scan(dest ...any) error {
	if r.stmt == nil {
		return errOver
	}
	return r.stmt.Scan(dest...)
}

// Columns gives the names of the columns.
func (r *Rows) Columns() ([]string, error) {
	if r.stmt == nil {
		return nil, errOver
	}
	return r.stmt.Columns(), nil
}

// Err is what ended Next early; nil when every row was read.
func (r *Rows) Err() error {
	if r.err != nil && r.tx.unseen == r.err { //nolint:errorlint // the very same error
		r.tx.unseen = nil
	}
	return r.err
}

// Close ends the walk; it may be called again.
func (r *Rows) Close() error {
	if r.stmt == nil {
		return nil
	}
	r.stmt.Release()
	r.stmt = nil
	r.tx.forget(r)
	return nil
}

// Row is the result of QueryRow.
type Row struct {
	rows Rows
	err  error
}

// Scan reads the first row, or says ErrNoRows.
func (r *Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer func() { _ = r.rows.Close() }()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return ErrNoRows
	}
	return r.rows.Scan(dest...)
}

// Err says what is wrong with the query before any Scan.
func (r *Row) Err() error { return r.err }
