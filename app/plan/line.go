package plan

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gsl/app/catalogue"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
)

// The names in an add form that are not the item's own.
const (
	fieldItem   = "item"
	fieldReason = "override_reason"
	fieldBack   = "back" // the page to return to, one of backPages
)

// readLine makes a line of what the catalogue says and what was typed. The line
// holds what was typed even when something is wrong with it.
func readLine(it *catalogue.Item, facts *catalogue.Facts, form url.Values) (Line, []fault.Field) {
	line := Line{Agreed: agreedOf(it), UnitPrice: Amount{it.Reference, it.ReferenceKnown}}
	wrong := unknownFields(it, form)
	wrong = append(wrong, line.fill(it, facts, form)...)
	reason, bad := readText(form.Get(fieldReason), fieldReason, maxReason)
	line.OverrideReason = reason
	return line, append(wrong, bad...)
}

// agreedOf freezes what the catalogue says of an item.
func agreedOf(it *catalogue.Item) Agreed {
	return Agreed{Code: it.Code, Name: it.Name, Category: it.Category, Subcategory: it.Subcategory,
		Provider: it.Provider, Unit: it.Unit, Requirements: it.Requirements, Quantity: 1}
}

// fill reads the item's fields into the line.
func (l *Line) fill(it *catalogue.Item, facts *catalogue.Facts, form url.Values) []fault.Field {
	values, wrong := catalogue.ParseFields(it, form, facts.Members)
	l.Fields, l.Member, l.MemberName = nil, "", ""
	if holder := values[it.MemberField()]; holder != "" {
		l.Member, l.MemberName = holder, memberName(facts, holder)
	}
	for i := range it.Fields {
		f := &it.Fields[i]
		if value := values[f.Name]; value != "" && !standsInLine(f.Name) {
			l.Fields = append(l.Fields, fieldValue(f, value, facts))
		}
	}
	l.Note = values[catalogue.FieldNote]
	l.Quantity, l.Typed = 1, Amount{}
	if n, err := strconv.ParseInt(values[catalogue.FieldQuantity], 10, 64); err == nil {
		l.Quantity = n
	}
	if n, err := strconv.ParseInt(values[catalogue.FieldAmount], 10, 64); err == nil && strings.TrimSpace(form.Get(catalogue.FieldAmount)) != "" {
		l.Typed = Pesos(n)
	}
	l.settle()
	if len(wrong) == 0 && l.Benefit() && !l.Amount.Known {
		wrong = append(wrong, fault.Field{Name: catalogue.FieldAmount, Key: "plan.error.amount_needed"})
	}
	return wrong
}

// standsInLine reports whether the field has a place of its own in a line.
func standsInLine(name string) bool {
	switch name {
	case catalogue.FieldMember, catalogue.FieldQuantity, catalogue.FieldAmount, catalogue.FieldNote:
		return true
	}
	return false
}

func fieldValue(f *catalogue.Field, value string, facts *catalogue.Facts) FieldValue {
	v := FieldValue{Name: f.Name, Label: f.Label, LabelKey: f.LabelKey, Value: value}
	switch f.Type {
	case catalogue.MemberField:
		v.Text = memberName(facts, value)
	case catalogue.DateField:
		if day, err := calendar.Parse(value); err == nil {
			v.Text = day.Chilean()
		}
	}
	return v
}

func memberName(facts *catalogue.Facts, holder string) string {
	for i := range facts.Members {
		if facts.Members[i].Holder == holder {
			return facts.Members[i].Name
		}
	}
	return ""
}

// unknownFields names what the item does not ask for, and what is said twice:
// which of the two was meant nobody knows.
func unknownFields(it *catalogue.Item, form url.Values) []fault.Field {
	var wrong []fault.Field
	for name, values := range form {
		switch name {
		case "_token":
		case fieldItem, fieldReason, fieldBack:
			if len(values) > 1 {
				wrong = append(wrong, fault.Field{Name: name, Key: "web.field.repeated"})
			}
		default:
			if it.Field(name) == nil {
				wrong = append(wrong, fault.Field{Name: name, Key: "plan.error.unknown_field"})
			}
		}
	}
	return wrong
}

// readText cleans a written text and checks its length in characters.
func readText(typed, name string, limit int) (string, []fault.Field) {
	text := strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(typed, "")))
	if utf8.RuneCountInString(text) > limit {
		return text, []fault.Field{{Name: name, Key: "plan.error.too_long", Args: map[string]any{"Count": limit}}}
	}
	return text, nil
}

// edited gives the line as the form wants it; what the form does not name stays.
func (l *Line) edited(it *catalogue.Item, facts *catalogue.Facts, form url.Values) (Line, []fault.Field) {
	merged := l.form(it.MemberField())
	for name, values := range form {
		merged[name] = values
	}
	after := *l
	wrong := append(unknownFields(it, form), after.fill(it, facts, merged)...)
	reason, bad := readText(merged.Get(fieldReason), fieldReason, maxReason)
	wrong = append(wrong, bad...)
	after.OverrideReason = ""
	if len(l.Advice) > 0 {
		after.OverrideReason = reason
	}
	if len(l.Advice) > 0 && reason == "" {
		wrong = append(wrong, fault.Field{Name: fieldReason, Key: "plan.error.reason_needed"})
	}
	return after, wrong
}

// form gives the line's values as a form sends them, so that an edit may send
// only what it changes.
func (l *Line) form(memberField string) url.Values {
	form := url.Values{}
	put := func(name, value string) {
		if name != "" && value != "" {
			form.Set(name, value)
		}
	}
	for _, f := range l.Fields {
		put(f.Name, f.Value)
	}
	put(memberField, l.Member)
	put(catalogue.FieldNote, l.Note)
	put(fieldReason, l.OverrideReason)
	if l.Benefit() {
		put(catalogue.FieldQuantity, strconv.FormatInt(l.Quantity, 10))
	}
	if l.Typed.Known {
		put(catalogue.FieldAmount, strconv.FormatInt(l.Typed.Pesos, 10))
	}
	return form
}

// adviceOf says what a reason has to answer to; nothing when none is needed.
// The words are those of the documents: they are kept with the line as they
// were when the worker read them.
func adviceOf(ctx context.Context, it *catalogue.Item, j catalogue.Judgement) []Advice {
	if !j.NeedsReason {
		return nil
	}
	ctx = i18n.With(ctx, i18n.Spanish)
	var list []Advice
	for i := range j.Results {
		if r := &j.Results[i]; r.Outcome == catalogue.No {
			list = append(list, Advice{Kind: NotMet, Text: r.Criterion.Sentence(ctx)})
		}
	}
	if r := j.Recent; r != nil {
		list = append(list, Advice{Kind: WithinInterval, Text: r.Name, On: r.On.String(), Days: it.IntervalDays})
	}
	if r := j.Received; r != nil {
		list = append(list, Advice{Kind: AlreadyReceived, Text: r.Name, On: r.On.String()})
	}
	if it.Unavailable {
		list = append(list, Advice{Kind: Unavailable})
	}
	return list
}

// itself is an item that left the catalogue, as far as the line remembers it.
func (l *Line) itself() *catalogue.Item {
	it := &catalogue.Item{Code: l.Code, Name: l.Name, Category: l.Category, Subcategory: l.Subcategory, Provider: l.Provider,
		Unit: l.Unit, Reference: l.UnitPrice.Pesos, ReferenceKnown: l.UnitPrice.Known, Requirements: l.Requirements}
	for _, f := range l.Fields {
		it.Fields = append(it.Fields, catalogue.Field{Name: f.Name, Label: f.Label, LabelKey: f.LabelKey, Type: catalogue.TextField})
	}
	if l.Benefit() {
		it.Fields = append(it.Fields, catalogue.Field{Name: catalogue.FieldQuantity, Type: catalogue.NumberField},
			catalogue.Field{Name: catalogue.FieldAmount, Type: catalogue.NumberField})
	}
	it.Fields = append(it.Fields, catalogue.Field{Name: catalogue.FieldMember, Type: catalogue.MemberField},
		catalogue.Field{Name: catalogue.FieldNote, Type: catalogue.TextField})
	return it
}

// fits reports whether the item still asks for all that the line holds.
func (l *Line) fits(it *catalogue.Item) bool {
	for _, f := range l.Fields {
		if it.Field(f.Name) == nil {
			return false
		}
	}
	return true
}

// says reports whether two lines agree in all that can be edited.
func (l *Line) says(other *Line) bool {
	return l.identity() == other.identity() && l.Quantity == other.Quantity && l.Typed == other.Typed &&
		l.Note == other.Note && l.OverrideReason == other.OverrideReason
}
