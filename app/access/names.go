package access

import (
	"context"

	"gsl/tenants"
)

// Names gives the names of users by id, for histories: who did it, also when
// that person no longer works here. An unknown id is left out.
func (s *Service) Names(ctx context.Context, ids []string) (map[string]string, error) {
	names := make(map[string]string, len(ids))
	err := s.files.National().View(ctx, func(tx *tenants.Tx) error {
		return namesOf(tx, ids, names)
	})
	return names, err
}

// Insider is who somebody of the roster is, for what must be compared and is never shown.
type Insider struct {
	Name string
	RUN  uint32 // body
}

// Insiders gives users by id, also those who no longer work here. An unknown id
// is left out.
func (s *Service) Insiders(ctx context.Context, ids []string) (map[string]Insider, error) {
	known := make(map[string]Insider, len(ids))
	err := s.files.National().View(ctx, func(tx *tenants.Tx) error {
		return insidersOf(tx, ids, known)
	})
	return known, err
}
