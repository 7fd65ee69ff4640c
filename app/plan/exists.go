package plan

import (
	"context"

	"gsl/app/kit/actor"
	"gsl/tenants"
)

// Exists answers fault.NotFound when the municipality has no plan with the id.
func (s *Service) Exists(ctx context.Context, who actor.Actor, id string) error {
	return who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		return exists(tx, id)
	})
}
