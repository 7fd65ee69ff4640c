package catalogue

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// The limits of what can be typed.
const (
	maxText     = 2000        // characters
	maxNumber   = 999_999_999 // of any number
	maxQuantity = 999         // units of one item
	maxAmount   = 100_000_000 // CLP for one item
)

// ParseFields reads what was typed for an item: the values by field name, blank
// ones left out, dates as ISO and numbers as digits; and what is wrong with
// them. A blank quantity is 1, a blank amount is reference × quantity. members
// are the household's. Names that the item does not ask for are the caller's.
func ParseFields(it *Item, form url.Values, members []Member) (map[string]string, []fault.Field) {
	values := make(map[string]string, len(it.Fields))
	var wrong []fault.Field
	for i := range it.Fields {
		f := &it.Fields[i]
		value, bad := f.parse(form[f.Name], members)
		if bad != nil {
			wrong = append(wrong, *bad)
		}
		if value != "" {
			values[f.Name] = value
		}
	}
	if len(wrong) == 0 {
		if bad := it.fillAid(values); bad != nil {
			wrong = append(wrong, *bad)
		}
	}
	return values, wrong
}

// parse reads one field. The typed text comes back even when it is wrong.
func (f *Field) parse(typed []string, members []Member) (string, *fault.Field) {
	if len(typed) > 1 {
		return typed[0], f.wrong("catalogue.error.repeated")
	}
	value, legible := "", true
	if len(typed) == 1 {
		value, legible = readable(typed[0])
	}
	if !legible {
		return value, f.wrong("web.field.characters")
	}
	if value == "" {
		if f.Required {
			return "", f.wrong("catalogue.error.required")
		}
		return "", nil
	}
	switch f.Type {
	case NumberField:
		return f.parseNumber(value)
	case DateField:
		return f.parseDate(value)
	case MemberField:
		return f.oneOf(value, "catalogue.error.member", func(i int) string { return members[i].Holder }, len(members))
	case ChoiceField:
		return f.oneOf(value, "catalogue.error.choice", func(i int) string { return f.Choices[i] }, len(f.Choices))
	}
	if utf8.RuneCountInString(value) > maxText {
		return value, f.wrongWith("catalogue.error.text", "Max", maxText)
	}
	return value, nil
}

// readable gives a text as it is kept: line ends of one kind, no spaces around
// it, none of the marks that turn the direction of writing, which would make a
// paper say one thing and show another. Control characters and broken UTF-8 are
// refused rather than changed.
func readable(typed string) (text string, ok bool) {
	ok = utf8.ValidString(typed)
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			ok = false
		}
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, strings.ReplaceAll(strings.ToValidUTF8(typed, "\uFFFD"), "\r\n", "\n"))
	return strings.TrimSpace(text), ok
}

// parseNumber reads "3", "35.000" and "$ 35.000". A point that does not stand
// before three digits is no thousands point: 3.5 units are not 35.
func (f *Field) parseNumber(value string) (string, *fault.Field) {
	digits := strings.TrimSpace(strings.TrimPrefix(value, "$"))
	groups := strings.Split(digits, ".")
	for i, group := range groups {
		if !isDigits(group) || i > 0 && len(group) != 3 || len(groups) > 1 && i == 0 && len(group) > 3 {
			return value, f.wrong("catalogue.error.number")
		}
	}
	low, high := f.bounds()
	n, err := strconv.ParseInt(strings.Join(groups, ""), 10, 64)
	if err != nil || n > high {
		return value, f.wrongWith("catalogue.error.too_high", "Max", high)
	}
	if n < low {
		return value, f.wrongWith("catalogue.error.too_low", "Min", low)
	}
	return strconv.FormatInt(n, 10), nil
}

func isDigits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

func (f *Field) bounds() (low, high int64) {
	switch f.Name {
	case FieldQuantity:
		return 1, maxQuantity
	case FieldAmount:
		return 0, maxAmount
	}
	return 0, maxNumber
}

func (f *Field) parseDate(value string) (string, *fault.Field) {
	day, err := calendar.Parse(value)
	if err != nil {
		return value, f.wrong("catalogue.error.date")
	}
	return day.String(), nil
}

func (f *Field) oneOf(value, key string, at func(int) string, n int) (string, *fault.Field) {
	for i := range n {
		if at(i) == value {
			return value, nil
		}
	}
	return value, f.wrong(key)
}

func (f *Field) wrong(key string) *fault.Field { return &fault.Field{Name: f.Name, Key: key} }

func (f *Field) wrongWith(key, name string, value any) *fault.Field {
	return &fault.Field{Name: f.Name, Key: key, Args: map[string]any{name: value}}
}

// fillAid gives aid the quantity and the amount that were left blank.
func (it *Item) fillAid(values map[string]string) *fault.Field {
	if it.Kind() == "" {
		return nil
	}
	if values[FieldQuantity] == "" {
		values[FieldQuantity] = "1"
	}
	if values[FieldAmount] != "" || !it.ReferenceKnown {
		return nil
	}
	quantity, err := strconv.ParseInt(values[FieldQuantity], 10, 64)
	if err != nil || it.Reference*quantity > maxAmount {
		return amountField.wrongWith("catalogue.error.too_high", "Max", int64(maxAmount))
	}
	values[FieldAmount] = strconv.FormatInt(it.Reference*quantity, 10)
	return nil
}
