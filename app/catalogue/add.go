package catalogue

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	views "gsl/templates/catalogue"
	"gsl/templates/ui"
)

// ReasonField is the form name of the written reason that goes with an item the
// catalogue advises against.
const ReasonField = "override_reason"

// Added is the place of an item in the pop-up after it went into the cart: the
// answer to its form.
func Added(ctx context.Context, fileID string, it *Item, f *Facts) templ.Component {
	j := it.Judge(f)
	a := newWords(ctx).add(fileID, it, f, &j, it.Code+"-again", briefly) // new ids: a swap keeps nothing of the form that was sent
	a.Added, a.Focus = true, true
	return views.AddRegion(a) //nolint:contextcheck // a component gets its context when it is rendered
}

// AddForm is the form of an item that came back: with what was typed and what
// is wrong with it. It takes the place of the form in the pop-up, and stands by
// itself on a page.
func AddForm(ctx context.Context, fileID string, it *Item, f *Facts, form url.Values, wrong []fault.Field) templ.Component {
	j := it.Judge(f)
	a := newWords(ctx).add(fileID, it, f, &j, it.Code, wholly)
	a.Asks, a.Open = true, true
	for _, bad := range wrong {
		a.Errors = append(a.Errors, ui.FieldError{Name: it.Code + "-" + bad.Name, Label: it.label(ctx, bad.Name), Text: i18n.Tf(ctx, bad.Key, bad.Args)})
	}
	for _, list := range [][]views.Control{a.Required, a.Optional} {
		for i := range list {
			retype(&list[i].Input, it.Code, form, a.Errors)
		}
	}
	if a.Reason != nil {
		retype(a.Reason, it.Code, form, a.Errors)
	}
	return views.AddRegion(a) //nolint:contextcheck // a component gets its context when it is rendered
}

func retype(in *ui.Input, code string, form url.Values, wrong ui.Errors) {
	if form.Has(in.Name) {
		in.Value = form.Get(in.Name)
	}
	in.Error = wrong.Of(code + "-" + in.Name)
}

func (it *Item) label(ctx context.Context, name string) string {
	if f := it.Field(name); f != nil {
		return f.Text(ctx)
	}
	if name == ReasonField {
		return i18n.T(ctx, "catalogue.reason")
	}
	return ""
}

// Text is the field's label in the language of the context.
func (f *Field) Text(ctx context.Context) string {
	if f.LabelKey != "" {
		return i18n.T(ctx, f.LabelKey)
	}
	return f.Label
}

// add makes the form of an item, with the fields that ask lets through: one
// button when nothing has to be answered. id begins the ids of its controls.
func (w *words) add(fileID string, it *Item, f *Facts, j *Judgement, id string, ask func(*Field) bool) *views.Add {
	a := &views.Add{ID: id, Code: it.Code, Name: it.Name, Action: "/files/" + fileID + "/cart/items"}
	for i := range it.Fields {
		field := &it.Fields[i]
		if field.Required {
			a.Required = append(a.Required, w.control(it, field, f, j, id))
			continue
		}
		if ask(field) {
			a.Optional = append(a.Optional, w.control(it, field, f, j, id))
		}
	}
	if j.NeedsReason {
		a.Reason = &ui.Input{Name: ReasonField, ID: ui.FieldID(id + "-" + ReasonField), Label: w.t("catalogue.reason"),
			Hint: w.t("catalogue.reason_hint"), Required: true, MaxLength: maxText, Rows: 2, Class: "wide"}
	}
	a.Asks = len(a.Required) > 0 || a.Reason != nil
	if !a.Asks {
		a.Optional = nil // what may be said is said in the cart
	}
	return a
}

// briefly asks in the pop-up for the item's own fields, and how much of an aid;
// the rest is said in the cart, and a long list stays light.
func briefly(f *Field) bool {
	return f.LabelKey == "" || f.Name == FieldQuantity || f.Name == FieldAmount
}

// wholly asks for everything, so that nothing that was typed is lost.
func wholly(*Field) bool { return true }

// control is one field of the form, as its type is asked for.
func (w *words) control(it *Item, field *Field, f *Facts, j *Judgement, id string) views.Control {
	c := views.Control{Input: ui.Input{Name: field.Name, ID: ui.FieldID(id + "-" + field.Name),
		Label: field.Text(w.ctx), Required: field.Required}}
	switch field.Type {
	case NumberField:
		c.Input.Type, c.Input.MaxLength = "number", 15
		w.aid(&c.Input, it)
	case DateField:
		c.Input.Type, c.Input.MaxLength = "date", 10
	case MemberField:
		c.Options = w.members(f, field.Required)
		c.Input.Value = likely(f, field, j)
	case ChoiceField:
		c.Options = choices(w.t("catalogue.choose"), field.Choices)
	case FileField:
		c.Input.Hint, c.Input.MaxLength = w.t("catalogue.file_hint"), maxText
	default:
		c.Input.MaxLength = maxText
		c.Long = longFields[field.Name]
	}
	return c
}

// longFields are answered in sentences.
var longFields = map[string]bool{FieldNote: true, "reason": true, "request": true}

// aid says what a blank quantity or amount stands for.
func (w *words) aid(in *ui.Input, it *Item) {
	switch in.Name {
	case FieldQuantity:
		in.Placeholder = "1"
	case FieldAmount:
		in.Type = "money"
		if it.ReferenceKnown {
			in.Placeholder = i18n.Number(w.ctx, it.Reference)
		}
	}
}

func choices(first string, list []string) []ui.Option {
	options := []ui.Option{{Text: first}}
	for _, text := range list {
		options = append(options, ui.Option{Value: text, Text: text})
	}
	return options
}

// members lists the household by name and age.
func (w *words) members(f *Facts, required bool) []ui.Option {
	first := w.t("catalogue.nobody_in_particular")
	if required {
		first = w.t("catalogue.choose")
	}
	options := []ui.Option{{Text: first}}
	for i := range f.Members {
		m := &f.Members[i]
		if m.Holder == "" {
			continue // of somebody whose file is shut nothing is asked for from here
		}
		text := w.name(m.Name)
		if !m.BirthDate.IsZero() {
			text += " · " + w.tf("catalogue.years", "Years", strconv.Itoa(m.BirthDate.AgeOn(f.Today)))
		}
		options = append(options, ui.Option{Value: m.Holder, Text: text})
	}
	return options
}

// likely is the member whom the item is probably for: the only one who meets
// its criteria. Nobody is chosen when there are several.
func likely(f *Facts, field *Field, j *Judgement) string {
	if !field.Required {
		return ""
	}
	var who []int
	for i := range j.Results {
		if j.Results[i].Outcome == Yes {
			who = append(who, j.Results[i].Members...)
		}
	}
	slices.Sort(who)
	if who = slices.Compact(who); len(who) != 1 {
		return ""
	}
	return strings.TrimSpace(f.Members[who[0]].Holder)
}
