package national

import (
	"context"

	"gsl/app/kit/i18n"
	"gsl/templates/ui"
)

// lockOptions are the ways to lock an export; the municipality's own key comes
// first where there is one.
func lockOptions(ctx context.Context, l LockForm) []ui.Option {
	own := ui.Option{Value: "registered", Text: i18n.T(ctx, "national.lock.registered"), Hint: l.Registered + " " + l.Since}
	if l.Registered == "" {
		own.Hint, own.Disabled = i18n.T(ctx, "national.lock.no_key"), true
	}
	return []ui.Option{own,
		{Value: "key", Text: i18n.T(ctx, "national.lock.key"), Hint: i18n.T(ctx, "national.lock.key_hint")},
		{Value: "passphrase", Text: i18n.T(ctx, "national.lock.by_passphrase"), Hint: i18n.T(ctx, "national.lock.by_passphrase_hint")}}
}
