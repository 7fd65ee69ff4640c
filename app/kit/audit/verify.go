package audit

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"gsl/tenants"
)

// BrokenError names the first row of a trail that is not as it was written:
// changed, renumbered, moved from elsewhere, or with a row missing before it.
// What an intruder cut off at the end of a trail leaves no broken row; the
// replicas still have it.
type BrokenError struct {
	Trail string // changes, views
	Seq   int64  // number of the row
}

func (e *BrokenError) Error() string {
	return fmt.Sprintf("audit: trail of %s: row %d is not as it was written, or the row before it is missing", e.Trail, e.Seq)
}

// Proof is what a trail that was walked from its first row to its last is known by:
// whoever wrote a head down can tell later whether anything before it was touched.
type Proof struct {
	At             time.Time
	Changes, Views Chain
}

// Chain is the length of a trail and the hash of its last row.
type Chain struct {
	Rows int64
	Head string // hexadecimal
}

// Verify walks both trails of a municipality from their first row and names
// the first broken row of each (BrokenError). It reads beside those who work.
func Verify(ctx context.Context, m *tenants.Municipality) error {
	_, err := Prove(ctx, m)
	return err
}

// Prove is Verify that also gives what the trails are known by. Of the trails that
// are broken the Proof says nothing.
func Prove(ctx context.Context, m *tenants.Municipality) (p Proof, err error) {
	var first, second error
	p.Changes, first = proveChanges(ctx, m)
	second = m.Access().View(ctx, func(tx *tenants.Tx) error {
		p.At = tx.Now
		rows, err := allViews(tx)
		if err != nil {
			return err
		}
		p.Views, err = walk(rows, views, tx.Owner())
		return err
	})
	return p, errors.Join(first, second)
}

// viewed is a file whose trail of changes can be walked.
type viewed interface {
	View(context.Context, func(*tenants.Tx) error) error
}

// VerifyChanges walks the trail of changes of one file: of a municipality, or
// of national.db, where roster and sign-ins leave theirs.
func VerifyChanges(ctx context.Context, file viewed) error {
	_, err := proveChanges(ctx, file)
	return err
}

func proveChanges(ctx context.Context, file viewed) (c Chain, err error) {
	err = file.View(ctx, func(tx *tenants.Tx) error {
		rows, err := allChanges(tx)
		if err != nil {
			return err
		}
		c, err = walk(rows, changes, tx.Owner())
		return err
	})
	return c, err
}

// walk links the rows anew, one after the other, and compares.
func walk(rows *tenants.Rows, of trail, owner string) (Chain, error) {
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return Chain{}, err
	}
	var row struct {
		seq    int64
		fields []string
		hash   []byte
	}
	row.fields = make([]string, len(columns)-2)
	into := []any{&row.seq}
	for i := range row.fields {
		into = append(into, &row.fields[i])
	}
	into = append(into, &row.hash)
	last := head{hash: genesis(of, owner)}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return Chain{}, err
		}
		last = last.next(row.fields...)
		if row.seq != last.seq || string(row.hash) != string(last.hash[:]) {
			return Chain{}, &BrokenError{Trail: string(of), Seq: row.seq}
		}
	}
	return Chain{Rows: last.seq, Head: hex.EncodeToString(last.hash[:])}, rows.Err()
}
