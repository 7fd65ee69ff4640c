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
	for _, text := range []string{`<span id="rail-`, templ.EscapeString(s.Key), `" class="rail-text"><span class="rail-label">`, templ.EscapeString(s.Label)} {
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
	}
	if s.Circle != "" {
		if err := ui.Circle(s.Circle).Render(ctx, w); err != nil { //nolint:contextcheck // Render carries it
			return err
		}
	}
	end := `</span> </span>`
	if s.Count > 0 {
		end = `</span> <span class="count">` + templ.EscapeString(i18n.Number(ctx, int64(s.Count))) + `</span></span>`
	}
	_, err := io.WriteString(w, end)
	return err
}
