package attention

import (
	"context"

	"github.com/a-h/templ"

	"gsl/templates/ui"
)

// keeps makes a text save itself while it is typed.
func keeps(ctx context.Context, address string) templ.Attributes {
	attrs := templ.Attributes{"hx-post": address, "hx-trigger": "input delay:700ms", "hx-target": "#finish-saved", "hx-swap": "innerHTML", "hx-sync": "this:replace"}
	for _, a := range ui.HX(ctx) {
		attrs[a.Key] = a.Value
	}
	return attrs
}

// described ties a name to what is wrong with it.
func described(t *Topic) templ.Attributes {
	if t.Error == "" {
		return templ.Attributes{}
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": "topic-error-" + t.Code}
}
