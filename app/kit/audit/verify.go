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
	inMain := m.View(ctx, func(tx *tenants.Tx) error {
		rows, err := allChanges(tx)
		if err != nil {
			return err
		}
		return walk(rows, changes, m.ID)
	})
	inAccess := m.Access().View(ctx, func(tx *tenants.Tx) error {
		rows, err := allViews(tx)
		if err != nil {
			return err
		}
		return walk(rows, views, m.ID)
	})
	return errors.Join(inMain, inAccess)
}

// walk links the rows anew, one after the other, and compares.
func walk(rows *tenants.Rows, of trail, municipalityID string) error {
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
	last := head{hash: genesis(of, municipalityID)}
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
