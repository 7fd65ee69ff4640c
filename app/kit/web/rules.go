package web

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/go-playground/validator/v10"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// ruleKeys are the sentences for the rules that forms use. min and max count
// characters of a text and compare a number.
var ruleKeys = map[string]string{
	"required": "web.field.required",
	"max":      "web.field.max",
	"min":      "web.field.min",
	"max=num":  "web.field.at_most",
	"min=num":  "web.field.at_least",
	"lte":      "web.field.at_most",
	"gte":      "web.field.at_least",
	"gt":       "web.field.positive",
	"len":      "web.field.length",
	"max=list": "web.field.too_many",
	"oneof":    "web.field.choice",
	"email":    "web.field.email",
}

// validate compiles the rules of each struct once.
var validate = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterCustomTypeFunc(func(value reflect.Value) any {
		if d, ok := value.Interface().(calendar.Date); ok {
			return d.String()
		}
		return nil
	}, calendar.Date{})
	return v
})

// brokenRules names each field that breaks a rule of its validate tag, by its
// name in the form.
func brokenRules(dst any, p plan) []fault.Field {
	var broken validator.ValidationErrors
	if !errors.As(validate().Struct(dst), &broken) {
		return nil
	}
	wrong := make([]fault.Field, 0, len(broken))
	for _, e := range broken {
		wrong = append(wrong, fault.Field{Name: formName(e, p), Key: ruleKey(e), Args: ruleArgs(e)})
	}
	return wrong
}

// formName is "status[<item>]" for a rule on the values of a table.
func formName(e validator.FieldError, p plan) string {
	name, key, inside := strings.Cut(e.StructField(), "[")
	if inside {
		return p.names[name] + "[" + key
	}
	return p.names[name]
}

func ruleKey(e validator.FieldError) string {
	suffix := ""
	switch e.Kind() {
	case reflect.Int64:
		suffix = "=num"
	case reflect.Slice, reflect.Map:
		suffix = "=list"
	}
	for _, rule := range []string{e.Tag() + suffix, e.Tag()} {
		if key, ok := ruleKeys[rule]; ok {
			return key
		}
	}
	return "web.field.invalid"
}

func ruleArgs(e validator.FieldError) map[string]any {
	if n, err := strconv.ParseInt(e.Param(), 10, 64); err == nil {
		return map[string]any{"Count": n}
	}
	return nil
}
