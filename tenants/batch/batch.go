// Package batch lends rows of the program to SQLite as a table, so that
// thousands of them are inserted, compared or joined by one statement whose
// text is a constant:
//
//	CREATE VIRTUAL TABLE IF NOT EXISTS temp.import_member USING batch(folio, run, name)
//	INSERT INTO member SELECT folio, run, name FROM temp.import_member WHERE batch = ?
//
// Binding values one by one costs more than storing them; here SQLite asks for
// each value as it needs it. The rows stay the caller's and are not copied
// beforehand: they must not change while they are lent.
package batch

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	_ "modernc.org/sqlite" // gives vtab its engine
	"modernc.org/sqlite/vtab"
)

// Rows is what can be lent: rows of the columns that the virtual table names,
// in its order. Value gives nil, int64, float64, string or []byte.
type Rows interface {
	Len() int
	Value(row, column int) any
}

// Loan is rows in SQLite's hands. Its ID is what a statement names:
// WHERE batch = ?.
type Loan struct{ ID int64 }

var (
	lent   sync.Map // int64 → Rows
	lastID atomic.Int64
)

// Lend makes rows visible under an ID of their own until Return.
func Lend(rows Rows) Loan {
	loan := Loan{lastID.Add(1)}
	lent.Store(loan.ID, rows)
	return loan
}

// Return takes the rows back; a statement that names them afterwards fails.
func (l Loan) Return() { lent.Delete(l.ID) }

// The driver gives its modules to each connection when it opens, so the module
// is there before the first one, as the driver itself is.
func init() {
	if err := vtab.RegisterModule(nil, "batch", module{}); err != nil {
		panic("batch: " + err.Error())
	}
}

// How many rows the planner expects: enough to walk a batch once and look the
// other tables up by key.
const expectedRows = 5000

type module struct{}

// Create declares the columns that the statement names, and the hidden column
// by which a batch is chosen.
func (module) Create(ctx vtab.Context, args []string) (vtab.Table, error) {
	if len(args) < 4 {
		return nil, errors.New("batch: no columns")
	}
	columns := args[3:] // before them: module, database, table
	for _, name := range columns {
		if !isName(name) {
			return nil, fmt.Errorf("batch: %q is not a column name", name)
		}
	}
	return table{width: len(columns)}, ctx.Declare("CREATE TABLE x(" + strings.Join(columns, ", ") + ", batch HIDDEN)")
}

// Connect is Create: nothing is stored.
func (m module) Connect(ctx vtab.Context, args []string) (vtab.Table, error) {
	return m.Create(ctx, args)
}

func isName(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && c != '_' {
			return false
		}
	}
	return s != ""
}

type table struct{ width int }

// BestIndex takes "batch = ?" for itself; without it there is nothing to read.
func (t table) BestIndex(info *vtab.IndexInfo) error {
	info.EstimatedCost, info.EstimatedRows = 1e12, 1e9
	for i := range info.Constraints {
		c := &info.Constraints[i]
		if c.Column == t.width && c.Op == vtab.OpEQ && c.Usable {
			c.ArgIndex, c.Omit = 0, true
			info.IdxNum = 1
			info.EstimatedCost, info.EstimatedRows = expectedRows, expectedRows
			return nil
		}
	}
	return nil
}

func (t table) Open() (vtab.Cursor, error) { return &cursor{width: t.width}, nil }
func (table) Disconnect() error            { return nil }
func (table) Destroy() error               { return nil }

type cursor struct {
	rows  Rows
	id    int64
	len   int
	at    int
	width int
}

// Filter starts a walk over the batch that was named.
func (c *cursor) Filter(_ int, _ string, args []vtab.Value) error {
	if len(args) != 1 {
		return errors.New("batch: the statement names no batch")
	}
	id, ok := args[0].(int64)
	if !ok {
		return errors.New("batch: the batch is not a number")
	}
	found, ok := lent.Load(id)
	if !ok {
		return errors.New("batch: not lent")
	}
	c.rows = found.(Rows)
	c.id, c.at, c.len = id, 0, c.rows.Len()
	return nil
}

func (c *cursor) Next() error           { c.at++; return nil }
func (c *cursor) Eof() bool             { return c.at >= c.len }
func (c *cursor) Rowid() (int64, error) { return int64(c.at), nil }
func (c *cursor) Close() error          { c.rows = nil; return nil }

func (c *cursor) Column(i int) (vtab.Value, error) {
	if i == c.width {
		return c.id, nil
	}
	return c.rows.Value(c.at, i), nil
}
