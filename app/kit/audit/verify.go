package audit

import (
	"context"
	"errors"
	"fmt"

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

// Verify walks both trails of a municipality from their first row and names
// the first broken row of each (BrokenError). It reads beside those who work.
func Verify(ctx context.Context, m *tenants.Municipality) error {
	return errors.Join(VerifyChanges(ctx, m), m.Access().View(ctx, func(tx *tenants.Tx) error {
		rows, err := allViews(tx)
		if err != nil {
			return err
		}
		return walk(rows, views, tx.Owner())
	}))
}

// VerifyChanges walks the trail of changes of one file: of a municipality, or
// of national.db, where roster and sign-ins leave theirs.
func VerifyChanges(ctx context.Context, file interface {
	View(context.Context, func(*tenants.Tx) error) error
}) error {
	return file.View(ctx, func(tx *tenants.Tx) error {
		rows, err := allChanges(tx)
		if err != nil {
			return err
		}
		return walk(rows, changes, tx.Owner())
	})
}

// walk links the rows anew, one after the other, and compares.
func walk(rows *tenants.Rows, of trail, owner string) error {
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return err
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
			return err
		}
		last = last.next(row.fields...)
		if row.seq != last.seq || string(row.hash) != string(last.hash[:]) {
			return &BrokenError{Trail: string(of), Seq: row.seq}
		}
	}
	return rows.Err()
}
