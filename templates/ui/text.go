package ui

import (
	"context"
	"html"
	"io"

	"gsl/app/kit/i18n"
)

// Text is a text on its way into the page. In rows that are drawn many times
// `@row.Name` costs a fraction of `{ row.Name }`, which goes through fmt.
type Text string

// Render writes the text, escaped.
func (t Text) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, html.EscapeString(string(t)))
	return err
}

// Word is a text of the dictionary by its key: `@ui.Word("ui.close")` is
// `{ i18n.T(ctx, "ui.close") }` at a fraction of its cost.
type Word string

// Render writes the text in the reader's language, escaped.
func (key Word) Render(ctx context.Context, w io.Writer) error {
	return Text(i18n.T(ctx, string(key))).Render(ctx, w)
}
