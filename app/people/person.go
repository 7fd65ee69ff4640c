package people

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// The limits of what a desk writes down of a person.
const (
	maxName    = 100 // runes
	maxAddress = 200 // runes
	maxAge     = 130 // years
)

// Identity is what a desk writes down of a person whom no registry knows, so
// that a plan and its paper carry a name.
type Identity struct {
	GivenNames string
	Surnames   string
	BirthDate  calendar.Date // zero: not known
	Phone      string
	Address    string
}

// tidied gives the identity as it is kept: without stray spaces, the phone as
// Chilean numbers are written.
func (id Identity) tidied() Identity {
	id.GivenNames, id.Surnames = tidy(id.GivenNames), tidy(id.Surnames)
	id.Address, id.Phone = tidy(id.Address), tidyPhone(id.Phone)
	return id
}

// check names every field that cannot be kept as it is.
func (id Identity) check(today calendar.Date) error {
	if wrong := id.problems(today); len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	return nil
}

func (id Identity) problems(today calendar.Date) []fault.Field {
	var wrong []fault.Field
	add := func(name, key string) {
		if key != "" {
			wrong = append(wrong, fault.Field{Name: name, Key: key})
		}
	}
	add("given_names", nameProblem(id.GivenNames))
	add("surnames", nameProblem(id.Surnames))
	add("birth_date", birthProblem(id.BirthDate, today))
	add("phone", phoneProblem(id.Phone))
	if utf8.RuneCountInString(id.Address) > maxAddress || !printable(id.Address) {
		add("address", "people.person.address_long")
	}
	return wrong
}

func nameProblem(name string) string {
	switch {
	case name == "":
		return "people.person.name_missing"
	case utf8.RuneCountInString(name) > maxName:
		return "people.person.name_long"
	case !printable(name) || !strings.ContainsFunc(name, unicode.IsLetter):
		return "people.person.name_shape"
	}
	return ""
}

func birthProblem(born, today calendar.Date) string {
	switch {
	case born.IsZero():
		return ""
	case today.Before(born):
		return "people.person.birth_future"
	case born.AgeOn(today) > maxAge:
		return "people.person.birth_early"
	}
	return ""
}

func phoneProblem(phone string) string {
	digits := 0
	for _, c := range phone {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c != '+' && c != ' ' && c != '-' && c != '(' && c != ')':
			return "people.person.phone_shape"
		}
	}
	if phone != "" && (digits < 8 || digits > 15) {
		return "people.person.phone_shape"
	}
	return ""
}

func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) })
}

func tidy(s string) string { return strings.Join(strings.Fields(s), " ") }

// tidyPhone writes nine digits, with or without 56 before them, as +56…;
// anything else is kept as it was typed.
func tidyPhone(s string) string {
	s = tidy(s)
	digits := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", "+", "").Replace(s)
	digits = strings.TrimPrefix(digits, "56")
	if len(digits) == 9 && phoneProblem(digits) == "" {
		return "+56" + digits
	}
	return s
}

// Identify writes down who a person is whom no registry knows; version is the
// file's when the form was shown. fault.Invalid names the fields; fault.Conflict
// means that somebody else wrote meanwhile, or that the registry has spoken:
// the File that comes with it is what is kept.
func (s *Service) Identify(ctx context.Context, who actor.Actor, id string, written Identity, version int64) (File, error) {
	if err := may(who, access.EditContact); err != nil {
		return File{}, err
	}
	written = written.tidied()
	var f File
	err := who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) {
		if f, err = Open(tx, id); err != nil {
			return err
		}
		if err := written.check(calendar.On(tx.Now)); err != nil {
			return err
		}
		f, err = identify(tx, who, f, written, version)
		return err
	})
	return f, err
}

func identify(tx *tenants.Tx, who actor.Actor, f File, written Identity, version int64) (File, error) {
	if f.Source == FromRegistry {
		return f, fault.New(fault.Conflict, "people.person.from_registry")
	}
	before := f.identity()
	if before == written {
		return f, nil // sent twice: one effect
	}
	if f.Version != version {
		return f, fault.New(fault.Conflict, "people.person.changed_meanwhile")
	}
	after := f
	after.GivenNames, after.Surnames, after.BirthDate = written.GivenNames, written.Surnames, written.BirthDate
	after.Phone, after.Address, after.Source = written.Phone, written.Address, FromDesk
	if _, err := writeIdentity(tx, after); err != nil {
		return f, err
	}
	after.Version++
	return after, audit.Record(tx, who, audit.Change{Action: "people.identified", Object: f.ID, File: f.ID, Detail: changes(before, written)})
}

func (f File) identity() Identity {
	return Identity{f.GivenNames, f.Surnames, f.BirthDate, f.Phone, f.Address}
}

// changes says from what to what, field by field, for the trail.
func changes(from, to Identity) map[string]string {
	detail := map[string]string{}
	note := func(name, a, b string) {
		if a != b {
			detail[name] = a + " → " + b
		}
	}
	note("given_names", from.GivenNames, to.GivenNames)
	note("surnames", from.Surnames, to.Surnames)
	note("birth_date", from.BirthDate.String(), to.BirthDate.String())
	note("phone", from.Phone, to.Phone)
	note("address", from.Address, to.Address)
	return detail
}
