package access

import (
	"context"

	"gsl/app/kit/actor"
)

// AgreementVersion names the text of the confidentiality agreement in force
// (templates/access/agreement.templ). A changed text gets a new name, and
// everyone accepts anew; which one each person accepted, and when, is kept.
const AgreementVersion = "2026-11"

// Agree keeps that the person accepts the text in force.
func (s *Service) Agree(ctx context.Context, who actor.Actor) error { return s.AgreeTo(ctx, who, 0) }
