// Package ui holds the parts every screen is made of: fields, panels, tags,
// icons and the attributes that htmx needs. A part shows what it is given and
// decides nothing.
package ui

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"gsl/static"
)

// Request is what a page or fragment needs to know of the request it answers.
// kit/web puts it into the context.
type Request struct {
	Token    string // form token of the session, masked for this answer; "" without a session
	Resume   string // sealed text of a form whose session ended; "" for none
	Fragment bool   // the answer goes into a page that is there already
}

type requestKey struct{}

// With returns a context that carries the request's values.
func With(ctx context.Context, r *Request) context.Context {
	return context.WithValue(ctx, requestKey{}, r)
}

func requestOf(ctx context.Context) *Request {
	if r, ok := ctx.Value(requestKey{}).(*Request); ok {
		return r
	}
	return &Request{}
}

// HX gives the attribute without which hx-csp strips every hx-* attribute of
// an element: `<form hx-post="/x" { ui.HX(ctx)... }>`. It is not inherited.
func HX(ctx context.Context) templ.OrderedAttributes {
	return templ.OrderedAttributes{{Key: "hx-nonce", Value: templ.GetNonce(ctx)}}
}

// Focus gives the attributes of the element that takes the focus when the answer
// arrives: a heading or a summary. A browser honours autofocus in a new page
// only, so in a fragment app.js does it.
func Focus(ctx context.Context) templ.OrderedAttributes {
	name := "autofocus"
	if requestOf(ctx).Fragment {
		name = "data-focus"
	}
	return templ.OrderedAttributes{{Key: "tabindex", Value: "-1"}, {Key: name, Value: true}}
}

// TokenHeaders is the value of hx-headers on the body: the form token as JSON.
// The token is base64url, so nothing in it needs escaping.
func TokenHeaders(ctx context.Context) string {
	return `{"X-Token":"` + requestOf(ctx).Token + `"}`
}

// HasToken reports whether there is a session whose token can be sent.
func HasToken(ctx context.Context) bool { return requestOf(ctx).Token != "" }

// Input is a field of a form. Texts are already in the reader's language.
type Input struct {
	Name         string
	ID           string // "" = FieldID(Name)
	Label        string
	Value        string
	Type         string // "" = text; also date (typed dd-mm-aaaa), money, run, number, password, email, tel, file, search, hidden
	Hint         string
	Error        string // what is wrong, "" for nothing
	Placeholder  string
	Required     bool
	Optional     bool // says "(opcional)" after the label
	Autofocus    bool
	ReadOnly     bool
	InputMode    string // "" = by type
	Autocomplete string // "" = off
	MaxLength    int    // 0 = none
	Rows         int    // of a text area; 0 = 3
	Class        string // of the wrapper: a grid column
	Attrs        templ.Attributes
}

// Option is a choice of a Select or a radio group.
type Option struct {
	Value    string
	Text     string
	Hint     string // beside a radio button
	Selected bool
	Disabled bool
}

// FieldID is the id of the control of a field; error summaries link to it.
func FieldID(name string) string { return "f-" + name }

func (in Input) id() string {
	if in.ID != "" {
		return in.ID
	}
	return FieldID(in.Name)
}

func (in Input) describedBy() string {
	switch {
	case in.Error != "" && in.Hint != "":
		return in.id() + "-error " + in.id() + "-hint"
	case in.Error != "":
		return in.id() + "-error"
	case in.Hint != "":
		return in.id() + "-hint"
	}
	return ""
}

// control gives the attributes that every kind of control shares.
func (in Input) control(class string) templ.Attributes {
	if in.Error != "" {
		class += " is-invalid"
	}
	a := templ.Attributes{"id": in.id(), "name": in.Name, "class": class, "required": in.Required,
		"autofocus": in.Autofocus, "readonly": in.ReadOnly}
	if by := in.describedBy(); by != "" {
		a["aria-describedby"] = by
	}
	if in.Error != "" {
		a["aria-invalid"] = "true"
	}
	if in.Placeholder != "" {
		a["placeholder"] = in.Placeholder
	}
	if in.MaxLength > 0 {
		a["maxlength"] = in.MaxLength
	}
	for name, value := range in.Attrs {
		a[name] = value
	}
	return a
}

// kind tells what the browser needs for a type of ours.
type kind struct{ html, mode, class, placeholder string }

var kinds = map[string]kind{
	"":       {html: "text"},
	"date":   {html: "text", mode: "numeric", class: "w-date", placeholder: "dd-mm-aaaa"},
	"money":  {html: "text", mode: "numeric", class: "w-money num"},
	"number": {html: "text", mode: "numeric", class: "w-number num"},
	"run":    {html: "text", class: "w-run", placeholder: "12.345.678-5"},
	"tel":    {html: "tel", mode: "tel"},
	"email":  {html: "email", mode: "email"},
}

func (in Input) input() templ.Attributes {
	k, ours := kinds[in.Type]
	if !ours {
		k = kind{html: in.Type}
	}
	if in.Placeholder == "" {
		in.Placeholder = k.placeholder
	}
	a := in.control("form-control " + k.class)
	a["type"] = k.html
	if in.Type != "" && ours {
		a["data-type"] = in.Type // app.js writes RUN, money and dates as they are read
	}
	if mode := in.InputMode; mode != "" || k.mode != "" {
		if mode == "" {
			mode = k.mode
		}
		a["inputmode"] = mode
	}
	a["autocomplete"] = "off"
	if in.Autocomplete != "" {
		a["autocomplete"] = in.Autocomplete
	}
	if in.Type != "file" && in.Type != "password" {
		a["value"] = in.Value
	}
	return a
}

// FieldError is one line of the summary on top of a form.
type FieldError struct {
	Name  string // of the field; the line links to its control
	Label string
	Text  string
}

// Errors is what is wrong with a form.
type Errors []FieldError

// Of is the text for a field, "" when nothing is wrong with it.
func (list Errors) Of(name string) string {
	for _, e := range list {
		if e.Name == name {
			return e.Text
		}
	}
	return ""
}

// Fact is a short datum with its icon, in the person's header.
type Fact struct{ Icon, Text string }

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
func (t Tag) Render(ctx context.Context, w io.Writer) error { return tag(t).Render(ctx, w) }

var sprite = static.URL("icons.svg") + "#"

func swapStyle(how string) string {
	if how == "" {
		return "outerMorph"
	}
	return how
}

func rows(n int) int {
	if n == 0 {
		return 3
	}
	return n
}
