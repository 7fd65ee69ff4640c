package national

import "context"

func (s *Service) runBatches(ctx context.Context) { <-ctx.Done() }

type Batch struct{}

func (s *Service) recentBatches(context.Context) ([]Batch, error) { return nil, nil }
