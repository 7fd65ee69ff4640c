package layout

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"gsl/app/kit/i18n"
	"gsl/templates/ui"
)

// RailText is the words of a section with its count and circle: what a fragment
// replaces when they change, wherever in the file one stands. It is written by
// hand because every page of a file has four.
func RailText(s Section) templ.Component { return railText(s) }

type railText Section

// Render writes the words.
func (s railText) Render(ctx context.Context, w io.Writer) error {
	out := ui.Ink{W: w}
	out.Markup(`<span id="rail-`, templ.EscapeString(s.Key), `" class="rail-text"><span class="rail-label">`, templ.EscapeString(s.Label))
	if s.Circle != "" {
		out.Part(ctx, ui.Circle(s.Circle)) //nolint:contextcheck // a component has its context when it is drawn
	}
	out.Markup(`</span> `)
	if s.Count > 0 {
		out.Markup(`<span class="count">`, templ.EscapeString(i18n.Number(ctx, int64(s.Count))), `</span>`)
	}
	out.Markup(`</span>`)
	return out.Err
}
