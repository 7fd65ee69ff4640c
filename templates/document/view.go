// Package document shows the papers that hang on something, and the form that
// hands one in.
package document

import (
	"context"

	"github.com/a-h/templ"

	"gsl/templates/ui"
)

// List is the papers of one thing.
type List struct {
	Items []Item
	Empty string // what to say when there is none
}

// Item is one paper.
type Item struct {
	Href  string
	Kind  string // "Informe médico"
	Name  string // as its sender called it
	Note  string // "PDF · 1,2 MB · Camila Rojas · 22-11-2026 10:42"
	Icon  string
	Image bool // a browser shows it
}

// Form hands a paper in.
type Form struct {
	ID     string // before the ids of its boxes, where a page has several such forms
	Action string
	Target string // id of what htmx renews, "" for the whole page
	Kinds  []ui.Option
	Errors ui.Errors
	Accept string
}

// window is where a paper opens: a picture beside the page, anything else is kept.
func window(it Item) string {
	if it.Image {
		return "_blank"
	}
	return "_self"
}

// name is how errors name a box of the form: with what stands before its ids.
func (v *Form) name(field string) string {
	if v.ID == "" {
		return field
	}
	return v.ID + "-" + field
}

// island lets htmx send the form and renew its surroundings alone.
func (v *Form) island(ctx context.Context) templ.OrderedAttributes {
	if v.Target == "" {
		return nil
	}
	attr := func(name, value string) templ.KeyValue[string, any] {
		return templ.KeyValue[string, any]{Key: name, Value: value}
	}
	return append(ui.HX(ctx), attr("hx-post", v.Action), attr("hx-target", "#"+v.Target), attr("hx-encoding", "multipart/form-data"))
}

// Refused puts what is wrong beside the boxes, where a summary of errors leads.
func (v *Form) Refused(errs ui.Errors) {
	v.Errors = nil
	for _, e := range errs {
		e.Name = v.name(e.Name)
		v.Errors = append(v.Errors, e)
	}
}
