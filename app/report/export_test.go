package report

import (
	"context"
	"errors"
)

// BrokenSigner is a service of signatures that does not answer.
type BrokenSigner struct{}

// Sign fails.
func (BrokenSigner) Sign(context.Context, Unsigned) (Seal, error) { return Seal{}, errors.New("down") }
