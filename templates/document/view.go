// Package document shows the papers that hang on something, and the form that
// hands one in.
package document

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"gsl/app/kit/i18n"
	"gsl/templates/ui"
)

// List is the papers of one thing.
type List struct {
	Items []Item
	Empty string // what to say when there is none
}

// Item is one paper.
type Item struct {
	ID       string
	Href     string
	Kind     string // "Informe médico"
	Name     string // as its sender called it
	Note     string // "PDF · 1,2 MB · Camila Rojas · 22-11-2026 10:42"
	Icon     string
	Likeness string // address of its small likeness, "" for none
	Keep     string // address that keeps a copy of what is otherwise shown, "" for what is kept anyway
	Shown    bool   // a browser shows it
	Tags     []ui.Tag
}

// Panel is the papers of one thing on its page, with the form for more.
type Panel struct {
	Box   string // id
	List  List
	All   string // where they can be changed and removed
	Form  *Form  // nil: the reader hands nothing in
	Focus bool
}

// Shelf is the papers of a file.
type Shelf struct {
	Of, OfHref, AllHref string // what alone is shown, "" for the whole file
	Filters             []Filter
	Filtered            bool
	Rows                []Row
	Empty, EmptyHint    string
	Older               string // address, "" at the end
	RemovedTitle        string
	Removed             []Removed
	Form                *Form     // nil: the reader hands nothing in
	Errors              ui.Errors // of the form of a row
}

// Filter is a choice of what is shown.
type Filter struct {
	Text    string
	Count   int
	Href    string
	Current bool
}

// Row is a paper with all that can be done with it.
type Row struct {
	Item       Item
	Of, OfHref string // what it was handed in for, "" for the file itself
	Last       string // what was last done with it
	Manage     *Manage
}

// Manage is the forms that change a paper and take it out of sight.
type Manage struct {
	ID, Action, Version string
	Kind                string
	Kinds               []ui.Option
	ExpiresOn           string
	Reason              string
	Open                bool
	Errors              ui.Errors
}

// Removed is a paper out of sight.
type Removed struct {
	ID, Kind, Name, Note string
	Said                 string // who took it away, and when
	Reason               string
	Restore              string // address, "" for who may not
}

// Due is the papers that expire.
type Due struct {
	Hint  string
	Lines []DueLine
}

// DueLine is one of them.
type DueLine struct {
	Href, Name, Kind, Paper, When string
	Tag                           ui.Tag
}

// Form hands a paper in.
type Form struct {
	ID        string // before the ids of its boxes, where a page has several such forms
	Action    string
	Target    string // id of what htmx renews, "" for the whole page
	Of        string // what the papers are for, "" as the action says
	At        string // where the form stands, "" on the page of papers
	Kinds     []ui.Option
	Several   bool // more than one file at a time
	Expiry    bool // asks until when they are good
	ExpiresOn string
	Errors    ui.Errors
	Accept    string
}

// window is where a paper opens: what a browser shows beside the page, anything
// else is kept.
func (it *Item) window() string {
	if it.Shown {
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

// file is what the box for the file knows of what may be chosen.
func (v *Form) file() templ.Attributes {
	return templ.Attributes{"accept": v.Accept, "multiple": v.Several}
}

// Refused puts what is wrong beside the boxes, where a summary of errors leads.
func (v *Form) Refused(errs ui.Errors) {
	v.Errors = nil
	for _, e := range errs {
		e.Name = v.name(e.Name)
		v.Errors = append(v.Errors, e)
	}
}

func focus(ctx context.Context, wanted bool) templ.OrderedAttributes {
	if !wanted {
		return nil
	}
	return ui.Focus(ctx)
}

func number(n int) string { return strconv.Itoa(n) }

func (v *Form) fileLabel(ctx context.Context) string {
	if v.Several {
		return i18n.T(ctx, "document.files")
	}
	return i18n.T(ctx, "document.file")
}

func (v *Form) fileHint(ctx context.Context) string {
	if v.Several {
		return i18n.T(ctx, "document.files_hint")
	}
	return i18n.T(ctx, "document.file_hint")
}
