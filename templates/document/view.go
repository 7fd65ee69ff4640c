// Package document shows the papers that hang on something, and the form that
// hands one in.
package document

import "gsl/templates/ui"

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

// box is the id of a box of the form; alone on its page it has the one to which a
// summary of errors leads.
func (v *Form) box(name string) string {
	if v.ID == "" {
		return ""
	}
	return v.ID + "-" + name
}
