package document

import (
	"context"

	"gsl/app/kit/i18n"
)

// label says of a button that stands on every row which paper it is about.
func label(ctx context.Context, opens bool, it *Item) string {
	values := map[string]any{"Kind": it.Kind, "Name": it.Name}
	if opens {
		return i18n.Tf(ctx, "document.open_label", values)
	}
	return i18n.Tf(ctx, "document.keep_label", values)
}
