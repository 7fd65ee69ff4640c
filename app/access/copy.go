package access

import (
	"context"

	"gsl/app/kit/fault"
	"gsl/tenants"
)

// fileFor gives the file that somebody works with: the live one, or the restored
// copy that they look into. A copy that cannot be opened is fault.Unavailable:
// who believes to be in a copy must not act in the live file.
func (s *Service) fileFor(ctx context.Context, membership string, live *tenants.Municipality) (*tenants.Municipality, error) {
	if s.Looking == nil {
		return live, nil
	}
	copied, err := s.Looking(ctx, membership)
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "access.copy_unavailable")
	}
	if copied != nil {
		return copied, nil
	}
	return live, nil
}
