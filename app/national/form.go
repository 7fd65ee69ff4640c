package national

import (
	"slices"
	"strings"

	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/app/referral"
	views "gsl/templates/national"
	"gsl/tenants"
)

// orderLabels are the names of the fields in the summary of what is wrong.
var orderLabels = []string{
	"place", "national.order.which",
	"model", "settings.model.question",
	"module", "national.order.modules",
	"unit", "national.order.units",
	"template", "national.order.template",
	"run", "access.field.run_label",
	"given_names", "national.order.given",
	"surnames", "national.order.surnames",
	"email", "national.order.email",
	"code", "ui.code.label",
}

var actLabels = []string{
	"reason", "national.act.reason",
	"code", "ui.code.label",
}

var lockLabels = []string{"recipient", "national.lock.registered", "code", "ui.code.label"}

// statusFlashes say what was done.
var statusFlashes = map[tenants.Status]string{
	tenants.Active:    "national.flash.resumed",
	tenants.Suspended: "national.flash.suspended",
	tenants.Archived:  "national.flash.archived",
}

// order reads the form; the check of what it says is the order's own.
func (f *orderForm) order() (Order, error) {
	o := Order{Code: f.Place, Options: Options{Model: model(f.Model), Modules: f.Modules, Template: f.Template}}
	for _, u := range referral.UsualUnits() {
		if !slices.Contains(f.Units, u.Code) {
			o.Without = append(o.Without, u.Code)
		}
	}
	if len(o.Without)+len(f.Units) != len(referral.UsualUnits()) {
		return o, fault.InvalidField("unit", "national.error.unit") // one that there is not, or one twice
	}
	counterpart, wrong := readInvitee(f.RUN, f.Given, f.Surnames, f.Email)
	o.Counterpart = counterpart
	if wrong != nil {
		_, err := o.check() // what else is wrong is said with it
		return o, joinFields(wrong, err)
	}
	return o, nil
}

// readInvitee reads who is invited; nil for nobody.
func readInvitee(run, given, surnames, email string) (*Invitee, *fault.Field) {
	if strings.TrimSpace(run+given+surnames+email) == "" {
		return nil, nil
	}
	parsed, err := people.ParseRUN(run)
	i := &Invitee{RUN: parsed.Body(), GivenNames: given, Surnames: surnames, Email: strings.TrimSpace(email)}
	if err != nil {
		return i, &fault.Field{Name: "run", Key: "access.field.run"}
	}
	return i, nil
}

// joinFields puts one more field before those that an error names.
func joinFields(first *fault.Field, err error) error {
	fields := []fault.Field{*first}
	if e, ok := err.(*fault.Error); ok && e.Kind == fault.Invalid { //nolint:errorlint // check makes it
		for _, f := range e.Fields {
			if f.Name != first.Name {
				fields = append(fields, f)
			}
		}
	}
	return fault.InvalidFields(fields...)
}

// usualUnits are the boxes of the units of a new municipality, all ticked.
func usualUnits() []views.Box {
	var list []views.Box
	for _, u := range referral.UsualUnits() {
		list = append(list, views.Box{Value: u.Code, Text: u.Name, Checked: true})
	}
	return list
}
