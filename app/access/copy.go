package access

import (
	"context"

	"gsl/tenants"
)

// copyFor gives the restored copy that somebody looks into instead of the live
// municipality; nil: nobody does. A copy that cannot be opened any more is left.
func (s *Service) copyFor(ctx context.Context, membership string) *tenants.Municipality {
	if s.Looking == nil {
		return nil
	}
	copied, err := s.Looking(ctx, membership)
	if err != nil {
		s.log.WarnContext(ctx, "a restored copy cannot be opened", "error", err)
		return nil
	}
	return copied
}
