package catalogue

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The types of a field.
const (
	TextField   = "text"   // up to 2000 characters
	NumberField = "number" // a whole number
	DateField   = "date"
	MemberField = "member" // the holder key of a household member
	FileField   = "file"   // words about a paper that was shown; the paper itself is not kept here
	ChoiceField = "choice"
)

// Field is one thing asked when an item is added. Its label is data of the
// catalogue, or for the standard fields a translation key.
type Field struct {
	Name     string // of the form: an ASCII slug
	Label    string
	LabelKey string // "" when Label says it
	Type     string
	Required bool
	Choices  []string
}

// The names of the standard fields that plan and benefit read.
const (
	FieldMember   = "member"   // whom of the household it concerns
	FieldQuantity = "quantity" // units, 1 when left blank
	FieldAmount   = "amount"   // CLP, reference × quantity when left blank
	FieldSupplier = "supplier"
	FieldNote     = "note"
)

var (
	memberField    = Field{Name: FieldMember, LabelKey: "catalogue.field.member", Type: MemberField}
	changeField    = Field{Name: "change", LabelKey: "catalogue.field.change", Type: TextField}
	newValueField  = Field{Name: "new_value", LabelKey: "catalogue.field.new_value", Type: TextField}
	reasonField    = Field{Name: "reason", LabelKey: "catalogue.field.reason", Type: TextField}
	addressField   = Field{Name: "address", LabelKey: "catalogue.field.address", Type: TextField}
	addresseeField = Field{Name: "addressee", LabelKey: "catalogue.field.addressee", Type: TextField}
	requestField   = Field{Name: "request", LabelKey: "catalogue.field.request", Type: TextField}
	quantityField  = Field{Name: FieldQuantity, LabelKey: "catalogue.field.quantity", Type: NumberField}
	amountField    = Field{Name: FieldAmount, LabelKey: "catalogue.field.amount", Type: NumberField}
	supplierField  = Field{Name: FieldSupplier, LabelKey: "catalogue.field.supplier", Type: TextField}
	noteField      = Field{Name: FieldNote, LabelKey: "catalogue.field.note", Type: TextField}
)

// standardFields are asked for every item of a category, after its own. The
// purpose of a report is the item itself, so C does not ask for it.
var standardFields = map[string][]Field{
	RSHChange: {memberField, changeField, newValueField, noteField},
	HomeVisit: {memberField, reasonField, addressField, noteField},
	Report:    {memberField, addresseeField, noteField},
	Referral:  {memberField, reasonField, requestField, noteField},
	InKind:    {quantityField, amountField, memberField, supplierField, noteField},
	CashGrant: {quantityField, amountField, memberField, supplierField, noteField},
}

// reserved are the names that an item's own field may not take: those of the
// add form itself.
var reserved = map[string]bool{"item": true, "override_reason": true, "key": true}

// complete puts the standard fields of the category after the item's own. An
// item that already asks for a member is not asked for one twice; aid without a
// reference needs its amount.
func (it *Item) complete() error {
	all, err := withStandard(it.Category, it.Fields)
	if err != nil {
		return err
	}
	it.Fields = all
	if f := it.Field(FieldAmount); f != nil && it.Kind() != "" {
		f.Required = !it.ReferenceKnown
	}
	return nil
}

func withStandard(category string, own []Field) ([]Field, error) {
	taken := map[string]bool{}
	hasMember := false
	for _, f := range own {
		if f.Name == "" || reserved[f.Name] || taken[f.Name] {
			return nil, fmt.Errorf("field %q cannot be called %q", f.Label, f.Name)
		}
		taken[f.Name] = true
		hasMember = hasMember || f.Type == MemberField
	}
	all := append([]Field(nil), own...)
	for _, f := range standardFields[category] {
		if taken[f.Name] {
			return nil, fmt.Errorf("field %q is already a field of category %s", f.Name, category)
		}
		if f.Name == FieldMember && hasMember {
			continue
		}
		all = append(all, f)
	}
	return all, nil
}

// Field gives a field by its form name, nil when the item does not ask for it.
func (it *Item) Field(name string) *Field {
	for i := range it.Fields {
		if it.Fields[i].Name == name {
			return &it.Fields[i]
		}
	}
	return nil
}

// MemberField names the field that says whom of the household the item
// concerns: the item's own when it asks for one, "" when nobody in particular.
func (it *Item) MemberField() string {
	for i := range it.Fields {
		if it.Fields[i].Type == MemberField {
			return it.Fields[i].Name
		}
	}
	return ""
}

// parseForm reads the "form" column of a seed file: "label:type" separated by
// ";", with "!" after what is required and the answers of a choice in
// parentheses, separated by "|".
func parseForm(s string) ([]Field, error) {
	var list []Field
	for part := range strings.SplitSeq(s, ";") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		f, err := parseField(part)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", part, err)
		}
		list = append(list, f)
	}
	return list, nil
}

func parseField(part string) (Field, error) {
	label, kind, ok := strings.Cut(part, ":")
	if !ok {
		return Field{}, fmt.Errorf("needs label:type")
	}
	kind, required := strings.CutSuffix(strings.TrimSpace(kind), "!")
	kind, choices, err := cutChoices(kind)
	if err != nil {
		return Field{}, err
	}
	return newField(strings.TrimSpace(label), kind, required, choices)
}

func cutChoices(kind string) (string, []string, error) {
	name, rest, ok := strings.Cut(kind, "(")
	if !ok {
		return kind, nil, nil
	}
	inside, ok := strings.CutSuffix(rest, ")")
	if !ok {
		return "", nil, fmt.Errorf("missing )")
	}
	var choices []string
	for choice := range strings.SplitSeq(inside, "|") {
		choices = append(choices, strings.TrimSpace(choice))
	}
	return name, choices, nil
}

// newField checks one field and names it after its label.
func newField(label, kind string, required bool, choices []string) (Field, error) {
	switch kind {
	case TextField, NumberField, DateField, MemberField, FileField:
		if len(choices) > 0 {
			return Field{}, fmt.Errorf("only a choice has answers")
		}
	case ChoiceField:
		if len(choices) < 2 {
			return Field{}, fmt.Errorf("a choice needs two answers")
		}
	default:
		return Field{}, fmt.Errorf("unknown type %q", kind)
	}
	return Field{Name: slug(label), Label: capital(label), Type: kind, Required: required, Choices: choices}, nil
}

// fold writes a text without accents and in lower case, so that "panales" finds
// "Pañales".
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFD.String(s) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// slug writes a text as an ASCII name: "dirección nueva" is direccion_nueva.
func slug(s string) string {
	words := strings.FieldsFunc(fold(s), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	return strings.Join(words, "_")
}

// capital makes the first letter a capital: labels stand above their fields.
func capital(s string) string {
	for i, r := range s {
		if i == 0 {
			return string(unicode.ToUpper(r)) + s[len(string(r)):]
		}
	}
	return s
}
