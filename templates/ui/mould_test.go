package ui

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"gsl/app/kit/i18n"
)

// A cast says what the part itself would say, to every reader.
func TestMouldSaysWhatItsPartSays(t *testing.T) {
	part := templ.Join(nonced(), Token(), Word("ui.close"), Back(), Token(), nonced())
	mould := NewMould(part)
	for _, lang := range []string{i18n.Spanish, i18n.English, i18n.Spanish} {
		for _, secret := range []string{"a-1_", `"><b>`, ""} {
			ctx := i18n.With(With(templ.WithNonce(context.Background(), "n"+secret), &Request{Token: secret, Path: "/p" + secret}), lang)
			want, got := draw(t, ctx, part), draw(t, ctx, mould)
			if got != want {
				t.Errorf("%s: got %s\nwant %s", lang, got, want)
			}
		}
	}
}

// nonced is an element with the nonce, as every one that htmx serves has.
func nonced() templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if _, err := io.WriteString(w, "<div"); err != nil {
			return err
		}
		if err := templ.RenderAttributes(ctx, w, HX(ctx)); err != nil {
			return err
		}
		_, err := io.WriteString(w, "></div>")
		return err
	})
}

func draw(t *testing.T, ctx context.Context, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
