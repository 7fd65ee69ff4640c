package people

import (
	"context"

	"gsl/app/kit/actor"
	"gsl/tenants"
)

// Exists answers fault.NotFound when the municipality has no file with the id.
func (s *Service) Exists(ctx context.Context, who actor.Actor, id string) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		_, err := Open(tx, id)
		return err
	})
}

// Itself is the file that the id of a file leads to: the edge asks for that of
// every thing that is of a file.
func Itself(_ *tenants.Tx, id string) (string, error) { return id, nil }

// OfFile reads the id of a file from a row; "" when there is no row. Rooms tell
// the edge with it of which file their things are.
func OfFile(row *tenants.Row) (id string, err error) {
	err = row.Scan(&id)
	if tenants.NotFound(err) {
		return "", nil
	}
	return id, err
}
