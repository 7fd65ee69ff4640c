package ui

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"gsl/app/kit/i18n"
	"gsl/static"
)

// The parts that stand dozens of times on a page are written by hand: a templ
// component of one line costs ten times its writing.

// Icon draws a Bootstrap icon from the sprite. It says nothing by itself: a word
// stands beside it.
func Icon(name string) templ.Component { return icon(name) }

type icon string

const (
	iconBefore = `<svg class="icon" aria-hidden="true" focusable="false"><use href="`
	iconAfter  = `"></use></svg>`
)

// Render writes the icon.
func (i icon) Render(_ context.Context, w io.Writer) error {
	return write(w, iconBefore, templ.EscapeString(static.Icon(string(i))), iconAfter)
}

// KeepScript makes the parts of a long form ([data-keep]) keep themselves while
// they are typed. It stands on the page of such a form, in no fragment of it.
func KeepScript() templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return write(w, `<script defer nonce="`, templ.EscapeString(templ.GetNonce(ctx)), `" src="`, static.URL("keep.js"), `"></script>`)
	})
}

// TagKind colours a tag; the words carry the meaning.
type TagKind string

// The kinds of tags.
const (
	Plain     TagKind = ""
	National  TagKind = "national"
	Municipal TagKind = "municipal"
	Warning   TagKind = "warning"
	Danger    TagKind = "danger"
	Success   TagKind = "success"
	Info      TagKind = "info"
)

// Tag is a short word in a coloured pill. It is a component itself:
// `@ui.Tag{Text: "nacional", Kind: ui.National}`.
type Tag struct {
	Text string
	Kind TagKind
	Icon string
}

// Render writes the tag.
func (t Tag) Render(ctx context.Context, w io.Writer) error {
	kind := ""
	if t.Kind != Plain {
		kind = " tag-"
	}
	if err := write(w, `<span class="tag`, kind, templ.EscapeString(string(t.Kind)), `">`); err != nil {
		return err
	}
	if t.Icon != "" {
		if err := icon(t.Icon).Render(ctx, w); err != nil {
			return err
		}
	}
	return write(w, templ.EscapeString(t.Text), `</span>`)
}

// Circle is the state of a plan, open or closed, in colour and word; nothing for "".
func Circle(state string) templ.Component { return circle(state) }

type circle string

// Render writes the circle; nothing for no plan.
func (state circle) Render(ctx context.Context, w io.Writer) error {
	switch state {
	case "open":
		return write(w, `<span class="circle circle-open"><span class="dot" aria-hidden="true"></span> `, templ.EscapeString(i18n.T(ctx, "ui.circle.open")), `</span>`)
	case "closed":
		return write(w, `<span class="circle circle-closed"><span class="dot" aria-hidden="true"></span> `, templ.EscapeString(i18n.T(ctx, "ui.circle.closed")), `</span>`)
	}
	return nil
}

// Token is the form token; it stands in every form that posts.
func Token() templ.Component { return token{} }

type token struct{}

// Render writes the hidden field.
func (token) Render(ctx context.Context, w io.Writer) error {
	return write(w, `<input type="hidden" name="_token" value="`, templ.EscapeString(requestOf(ctx).Token), `"/>`)
}

// Back stands in a form that leads back to this page.
func Back() templ.Component { return back{} }

type back struct{}

// Render writes the hidden field.
func (back) Render(ctx context.Context, w io.Writer) error {
	return write(w, `<input type="hidden" name="back" value="`, templ.EscapeString(requestOf(ctx).Path), `">`)
}

// choices are the options of a Select: a filter has dozens.
type choices struct {
	value string // that is chosen
	list  []Option
}

// Render writes the options.
func (c choices) Render(_ context.Context, w io.Writer) error {
	for i := range c.list {
		o := &c.list[i]
		selected, disabled := "", ""
		if o.Selected || o.Value == c.value {
			selected = " selected"
		}
		if o.Disabled {
			disabled = " disabled"
		}
		if err := write(w, `<option value="`, templ.EscapeString(o.Value), `"`, selected, disabled, `>`, templ.EscapeString(o.Text), `</option>`); err != nil {
			return err
		}
	}
	return nil
}

// Ink writes what is written by hand, until something goes wrong: then nothing more.
// A list with its own parts embeds it.
type Ink struct {
	W   io.Writer
	Err error // the first one
}

// Markup writes what is escaped already.
func (out *Ink) Markup(texts ...string) {
	if out.Err == nil {
		out.Err = write(out.W, texts...)
	}
}

// Text writes a text between two tags; nothing for none.
func (out *Ink) Text(before, text, after string) {
	if text != "" {
		out.Markup(before, templ.EscapeString(text), after)
	}
}

// Part writes a component.
func (out *Ink) Part(ctx context.Context, c templ.Component) {
	if out.Err == nil {
		out.Err = c.Render(ctx, out.W)
	}
}

func write(w io.Writer, texts ...string) error {
	for _, text := range texts {
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
	}
	return nil
}
