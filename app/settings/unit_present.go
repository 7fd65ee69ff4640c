package settings

import (
	"context"
	"strconv"
	"strings"

	"gsl/app/access"
	"gsl/app/kit/i18n"
	"gsl/app/referral"
	"gsl/templates/layout"
	views "gsl/templates/settings"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// unitLabels are the names of the fields in the summary of what is wrong.
var unitLabels = []string{
	"name", "settings.unit.name",
	"contact", "settings.unit.contact_person",
	"phone", "settings.unit.phone",
	"email", "settings.unit.email",
	"address", "settings.unit.address",
	"aliases", "settings.unit.aliases",
	"channel", "settings.unit.channel",
	"kind", "settings.unit.kind",
}

// presentUnits puts the directory into words: a group for each kind.
func presentUnits(ctx context.Context, list []referral.Listed, o opened) *views.Units {
	v := &views.Units{Groups: []views.Group{
		{ID: string(referral.Integrated), Title: i18n.T(ctx, "settings.group.integrated"), Hint: i18n.T(ctx, "settings.group.integrated_hint")},
		{ID: string(referral.Municipal), Title: i18n.T(ctx, "settings.group.municipal"), Hint: i18n.T(ctx, "settings.group.municipal_hint"),
			Add: "/settings/units?new=municipal", AddText: i18n.T(ctx, "settings.group.municipal_add")},
		{ID: string(referral.Institution), Title: i18n.T(ctx, "settings.group.institution"), Hint: i18n.T(ctx, "settings.group.institution_hint"),
			Add: "/settings/units?new=institution", AddText: i18n.T(ctx, "settings.group.institution_add")},
	}}
	for i := range list {
		row := presentUnit(ctx, &list[i], o)
		for g := range v.Groups {
			if v.Groups[g].ID == string(list[i].Kind) {
				v.Groups[g].Rows = append(v.Groups[g].Rows, row)
			}
		}
	}
	if o.edit == "" && (o.add == referral.Municipal || o.add == referral.Institution || o.form != nil) {
		v.New = newUnit(ctx, o)
	}
	return v
}

// newUnit is the form of a new unit of the kind.
func newUnit(ctx context.Context, o opened) *views.Unit {
	form := o.form
	if form == nil {
		form = &views.Unit{Channel: referral.ByPaper}
	}
	form.Title, form.Kind, form.Active = i18n.T(ctx, "settings.group.municipal_add"), string(o.add), true
	if o.add == referral.Institution {
		form.Title = i18n.T(ctx, "settings.group.institution_add")
	}
	form.Fixed = i18n.T(ctx, "settings.unit.aliases_hint")
	return form
}

func presentUnit(ctx context.Context, u *referral.Listed, o opened) views.Row {
	own, fixed := otherNames(u)
	v := views.Row{Code: u.Code, Name: u.Name, Channel: channelText(ctx, u.Channel), Active: u.Active,
		Edit: "/settings/units?edit=" + u.Code, People: colleagues(ctx, u.People)}
	for _, part := range []string{u.Contact, u.Phone, u.Email, u.Address} {
		if part != "" {
			v.Contact = append(v.Contact, part)
		}
	}
	v.Lacks = len(v.Contact) == 0 && u.Kind != referral.Integrated
	if len(own) > 0 {
		v.Aliases = i18n.Tf(ctx, "settings.unit.also", map[string]any{"Names": strings.Join(own, ", ")})
	}
	if len(v.People) > 0 {
		v.Count = i18n.Tf(ctx, "settings.unit.people_count", map[string]any{"Count": len(v.People)})
	}
	if u.Open > 0 {
		v.Open = i18n.Number(ctx, int64(u.Open))
	}
	if u.Module() {
		v.Module = &views.Module{On: u.Kind == referral.Integrated}
		if o.module == u.Code {
			v.Module.Problem = o.problem
		}
	}
	if o.edit == u.Code {
		v.Form = editUnit(ctx, u, o.form, own, fixed)
	}
	return v
}

// otherNames are the names that lead to a unit beside its own: those that the
// municipality wrote, and those of the national catalogue.
func otherNames(u *referral.Listed) (own, fixed []string) {
	for _, a := range u.Aliases {
		switch {
		case a.Name == u.Name:
		case a.Fixed:
			fixed = append(fixed, a.Name)
		default:
			own = append(own, a.Name)
		}
	}
	return own, fixed
}

func colleagues(ctx context.Context, list []access.Colleague) []views.Person {
	var people []views.Person
	for _, c := range list {
		people = append(people, views.Person{Name: c.Name, Role: layout.RoleName(ctx, c.Role)})
	}
	return people
}

// editUnit is the form of a unit: with what is kept, or with what came back.
func editUnit(ctx context.Context, u *referral.Listed, form *views.Unit, own, fixed []string) *views.Unit {
	if form == nil {
		form = &views.Unit{Name: u.Name, Contact: u.Contact, Phone: u.Phone, Email: u.Email, Address: u.Address,
			Channel: u.Channel, Aliases: strings.Join(own, "\n"), Active: u.Active, Version: itoa(u.Version)}
	}
	form.Code, form.Title = u.Code, i18n.Tf(ctx, "settings.unit.edit_of", map[string]any{"Name": u.Name})
	form.Inbox, form.Base = u.Kind == referral.Integrated, u.Base()
	form.Fixed = i18n.T(ctx, "settings.unit.aliases_hint")
	if len(fixed) > 0 {
		form.Fixed += " " + i18n.Tf(ctx, "settings.unit.aliases_fixed", map[string]any{"Names": strings.Join(fixed, ", ")})
	}
	return form
}

var channelKeys = map[string]string{
	referral.ByInbox: "settings.channel.inbox",
	referral.ByPaper: "settings.channel.letter",
	referral.ByLink:  "settings.channel.link",
}

func channelText(ctx context.Context, channel string) string {
	return i18n.T(ctx, channelKeys[channel])
}

// keptUnit says how a unit is now, line by line.
func keptUnit(ctx context.Context, u referral.Unit) []views.Line {
	var list []views.Line
	add := func(key, value string) {
		if value != "" {
			list = append(list, views.Line{Label: i18n.T(ctx, key), Value: value})
		}
	}
	add("settings.unit.name", u.Name)
	add("settings.unit.contact_person", u.Contact)
	add("settings.unit.phone", u.Phone)
	add("settings.unit.email", u.Email)
	add("settings.unit.address", u.Address)
	add("settings.unit.channel", channelText(ctx, u.Channel))
	if !u.Active {
		add("settings.unit.state", i18n.T(ctx, "settings.unit.off"))
	}
	return list
}
