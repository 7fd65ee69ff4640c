// Package ui holds the parts every screen is made of: fields, panels, tags,
// icons and the attributes that htmx needs. A part shows what it is given and
// decides nothing.
package ui

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"gsl/app/kit/i18n"
)

// Request is what a page or fragment needs to know of the request it answers.
// kit/web puts it into the context.
type Request struct {
	Token    string // form token of the session, masked for this answer; "" without a session
	Resume   string // sealed text of a form whose session ended; "" for none
	Path     string // of this page when it can be opened again: preferences come back to it
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

// codeID is the id of the code of one of several acts on a page.
func codeID(act, wrong string) string {
	if act == "" || wrong != "" {
		return FieldID("code")
	}
	return "code-" + act
}

func (in Input) id() string {
	return or(in.ID, FieldID(in.Name))
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
func (in Input) control(class string) templ.OrderedAttributes {
	if in.Error != "" {
		class += " is-invalid"
	}
	a := make(templ.OrderedAttributes, 0, 16)
	a = append(a, attr("id", in.id()), attr("name", in.Name), attr("class", class))
	for _, flag := range [...]struct {
		name string
		set  bool
	}{{"required", in.Required}, {"autofocus", in.Autofocus}, {"readonly", in.ReadOnly}} {
		if flag.set {
			a = append(a, attr(flag.name, true))
		}
	}
	if by := in.describedBy(); by != "" {
		a = append(a, attr("aria-describedby", by))
	}
	if in.Error != "" {
		a = append(a, attr("aria-invalid", "true"))
	}
	if in.Placeholder != "" {
		a = append(a, attr("placeholder", in.Placeholder))
	}
	if in.MaxLength > 0 {
		a = append(a, attr("maxlength", strconv.Itoa(in.MaxLength)))
	}
	return append(a, in.Attrs.Items()...)
}

func attr(name string, value any) templ.KeyValue[string, any] {
	return templ.KeyValue[string, any]{Key: name, Value: value}
}

// kind tells what the browser needs for a type of ours.
type kind struct {
	html, mode, class string
	example           string // key of the placeholder
}

var kinds = map[string]kind{
	"":       {html: "text"},
	"date":   {html: "text", mode: "numeric", class: " w-date", example: "ui.date_example"},
	"money":  {html: "text", mode: "numeric", class: " w-money num"},
	"number": {html: "text", mode: "numeric", class: " w-number num"},
	"run":    {html: "text", class: " w-run", example: "ui.run_example"},
	"tel":    {html: "tel", mode: "tel"},
	"email":  {html: "email", mode: "email"},
}

func (in Input) input(ctx context.Context) templ.OrderedAttributes {
	k, ours := kinds[in.Type]
	if !ours {
		k = kind{html: in.Type}
	}
	if in.Placeholder == "" && k.example != "" {
		in.Placeholder = i18n.T(ctx, k.example)
	}
	a := append(in.control("form-control"+k.class), attr("type", k.html))
	if in.Type != "" && ours {
		a = append(a, attr("data-type", in.Type)) // app.js writes RUN, money and dates as they are read
	}
	if mode := or(in.InputMode, k.mode); mode != "" {
		a = append(a, attr("inputmode", mode))
	}
	a = append(a, attr("autocomplete", or(in.Autocomplete, "off")))
	if in.Type != "file" && in.Type != "password" {
		a = append(a, attr("value", in.Value))
	}
	return a
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
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

// Fact is a short datum with its icon, in the person's header; Href is where more
// of it stands, "" for nowhere.
type Fact struct{ Icon, Text, Href string }

func swapStyle(how string) string { return or(how, "outerMorph") }

func rows(n int) int {
	if n == 0 {
		return 3
	}
	return n
}
