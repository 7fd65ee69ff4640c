package national

import (
	"encoding/json"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gsl/app/kit/fault"
	"gsl/app/referral"
)

// The templates of a local catalogue; any other is the code of the municipality
// whose items are copied.
const (
	ModelTemplate = "model" // the usual items of categories E and F
	NoTemplate    = "none"  // the national items alone
)

// Options are how a municipality begins.
type Options struct {
	Model    int      `json:"model"`             // management model: 1 every desk takes people, 2 one front desk
	Modules  []string `json:"modules,omitempty"` // units with an inbox here, of referral.Modules
	Without  []string `json:"without,omitempty"` // usual units that it does not have
	Template string   `json:"template"`          // of its catalogue
}

// Invitee is the first counterpart of a municipality.
type Invitee struct {
	RUN        uint32 `json:"run"` // body of a verified RUN
	GivenNames string `json:"given_names"`
	Surnames   string `json:"surnames"`
	Email      string `json:"email,omitempty"`
}

// Order is what somebody asks for.
type Order struct {
	Code string // CUT
	Options
	Counterpart *Invitee // nil: invited later
}

// pending is an order that is kept until it is carried out.
type pending struct {
	Code, MunicipalityID string
	Options              Options
	Counterpart          *Invitee
	By, ByName           string
	At                   time.Time
	Files, Done          bool
}

// check says what is wrong with the order and fills what it leaves open.
func (o *Order) check() (Place, error) {
	var wrong []fault.Field
	p, ok := PlaceOf(o.Code)
	if !ok {
		wrong = append(wrong, fault.Field{Name: "place", Key: "national.error.place"})
	}
	o.Code = p.Code
	wrong = append(wrong, o.Options.check()...)
	if o.Counterpart != nil {
		wrong = append(wrong, o.Counterpart.check()...)
	}
	if len(wrong) > 0 {
		return p, fault.InvalidFields(wrong...)
	}
	return p, nil
}

func (o *Options) check() (wrong []fault.Field) {
	if o.Model == 0 {
		o.Model = 1
	}
	if o.Template == "" {
		o.Template = ModelTemplate
	}
	if o.Model != 1 && o.Model != 2 {
		wrong = append(wrong, fault.Field{Name: "model", Key: "national.error.model"})
	}
	for i, code := range o.Modules {
		if !slices.Contains(referral.Modules(), code) || slices.Contains(o.Modules[:i], code) {
			wrong = append(wrong, fault.Field{Name: "module", Key: "national.error.module"})
		}
	}
	known := referral.UsualUnits()
	for _, code := range o.Without {
		if !slices.ContainsFunc(known, func(u referral.Unit) bool { return u.Code == code }) {
			wrong = append(wrong, fault.Field{Name: "unit", Key: "national.error.unit"})
		}
	}
	if _, isPlace := PlaceOf(o.Template); o.Template != ModelTemplate && o.Template != NoTemplate && !isPlace {
		wrong = append(wrong, fault.Field{Name: "template", Key: "national.error.template"})
	}
	return wrong
}

// The longest name of a person, in characters.
const maxName = 100

func (i *Invitee) check() (wrong []fault.Field) {
	if i.RUN == 0 {
		wrong = append(wrong, fault.Field{Name: "run", Key: "access.field.run"})
	}
	for _, part := range []struct {
		name string
		text *string
	}{{"given_names", &i.GivenNames}, {"surnames", &i.Surnames}} {
		*part.text = strings.Join(strings.Fields(*part.text), " ")
		if n := utf8.RuneCountInString(*part.text); n == 0 || n > maxName {
			wrong = append(wrong, fault.Field{Name: part.name, Key: "access.field.name"})
		}
	}
	if i.Email != "" && !isAddress(i.Email) {
		wrong = append(wrong, fault.Field{Name: "email", Key: "national.error.email"})
	}
	return wrong
}

func isAddress(text string) bool {
	at, err := mail.ParseAddress(text)
	return err == nil && at.Address == text && strings.Contains(text[strings.LastIndexByte(text, '@')+1:], ".")
}

// pack writes a value as it is kept in a row; nil is the empty text.
func pack[T any](value *T) (string, error) {
	if value == nil {
		return "", nil
	}
	text, err := json.Marshal(value)
	return string(text), err
}

// unpack reads what pack wrote.
func unpack[T any](text string) (*T, error) {
	if text == "" {
		return nil, nil
	}
	value := new(T)
	return value, json.Unmarshal([]byte(text), value)
}
