package ui

import (
	"context"
	"io"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"gsl/app/kit/i18n"
)

// Mould is a part of the frame that is the same on every page of a language but
// for form token, nonce and the page's own path. It is drawn once and from then
// on copied around these: the dialogs that every page keeps at hand took a tenth
// of a screening's memory. The part may read nothing else from its context.
type Mould struct {
	part  templ.Component
	casts sync.Map // language → []string
}

// NewMould makes the mould of a part.
func NewMould(part templ.Component) *Mould { return &Mould{part: part} }

// What stands for token, nonce and path while a part is drawn: no text of ours,
// and nothing that escaping would change.
const (
	tokenMark = "\u2402token\u2403" //nolint:gosec // a place in a page, no secret
	nonceMark = "\u2402nonce\u2403"
	pathMark  = "\u2402path\u2403"
)

// Render copies the part.
func (m *Mould) Render(ctx context.Context, w io.Writer) error {
	cast, err := m.cast(ctx)
	if err != nil {
		return err
	}
	r := requestOf(ctx)
	for i, text := range cast {
		switch {
		case i%2 == 0:
		case text == tokenMark:
			text = templ.EscapeString(r.Token)
		case text == pathMark:
			text = templ.EscapeString(r.Path)
		default:
			text = templ.EscapeString(templ.GetNonce(ctx))
		}
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
	}
	return nil
}

// cast gives the part in the context's language: text and marks in turn.
func (m *Mould) cast(ctx context.Context) ([]string, error) {
	lang := i18n.Lang(ctx)
	if known, ok := m.casts.Load(lang); ok {
		return known.([]string), nil //nolint:forcetypeassert // only casts are stored
	}
	blank := i18n.With(With(templ.WithNonce(context.Background(), nonceMark), &Request{Token: tokenMark, Path: pathMark}), lang)
	var drawn strings.Builder
	if err := m.part.Render(blank, &drawn); err != nil { //nolint:contextcheck // what is cast serves every request: nothing of this one may enter
		return nil, err
	}
	cast := split(drawn.String())
	m.casts.Store(lang, cast)
	return cast, nil
}

// split cuts a text at its marks: text, mark, text, mark, …, text.
func split(text string) (cast []string) {
	for {
		at, mark := -1, ""
		for _, candidate := range []string{tokenMark, nonceMark, pathMark} {
			if n := strings.Index(text, candidate); n >= 0 && (at < 0 || n < at) {
				at, mark = n, candidate
			}
		}
		if at < 0 {
			return append(cast, text)
		}
		cast = append(cast, text[:at], mark)
		text = text[at+len(mark):]
	}
}
