package diagnosis

import (
	"context"

	"gsl/app/kit/i18n"
)

// Text is what somebody of the network is to the person, in words: for papers.
func (k Kind) Text(ctx context.Context) string { return i18n.T(ctx, kindKeys[k]) }
