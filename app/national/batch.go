package national

import "context"

func (s *Service) runBatches(ctx context.Context) { <-ctx.Done() }
