package access

import (
	"errors"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/sheet"
)

// User is one person of the roster. It is never deleted: histories name it.
type User struct {
	ID           string
	RUN          uint32 // body of a verified RUN
	GivenNames   string
	Surnames     string
	Profession   string // "Trabajadora social", "" when not told
	Registration string // number in the professional register, "" when not told
	Email        string // where an invitation goes, "" when it is handed over
	Language     string // es-CL, en; "" follows the browser
	Shortcuts    bool   // keyboard shortcuts are on
	CreatedAt    time.Time
	DisabledAt   time.Time // zero while the person may sign in
}

// Name is how the person is shown and kept in histories.
func (u User) Name() string { return strings.TrimSpace(u.GivenNames + " " + u.Surnames) }

// Membership is a role that a user holds in a unit of a municipality.
type Membership struct {
	ID               string
	UserID           string
	MunicipalityID   string // "" for national roles
	MunicipalityCode string
	Municipality     string // its name, "" for national roles
	Suspended        bool   // the municipality is not active
	Role             string // code of permissions.go
	Unit             string // code of the unit, "" for roles that stand above units
	UnitName         string
	From             calendar.Date
	To               calendar.Date // last day; zero while it lasts
	Off              bool          // switched off for now
	EnteredAt        time.Time     // when its holder last began to work in it, zero never
	SeenAt           time.Time     // when it was last worked in, to some ten minutes
}

// On reports whether the membership holds on the day.
func (m Membership) On(day calendar.Date) bool { return !m.Off && !day.Before(m.From) && !m.Over(day) }

// Over reports whether it has ended before the day.
func (m Membership) Over(day calendar.Date) bool { return !m.To.IsZero() && m.To.Before(day) }

// Usable reports whether someone may work in it on the day.
func (m Membership) Usable(day calendar.Date) bool { return m.On(day) && !m.Suspended }

// actor is the user acting in the membership; the gate adds the municipality's file.
func (m Membership) actor(u User) actor.Actor {
	return actor.Actor{
		UserID: u.ID, MembershipID: m.ID, Name: u.Name(),
		Role: m.Role, UnitID: m.Unit, UnitName: m.UnitName,
		Permissions: PermissionsOf(m.Role, m.Unit),
	}
}

// usualUnits are the names of units that a municipality did not name itself.
var usualUnits = map[string]string{
	SocialUnit:    "Asistencia Social",
	RSHUnit:       "Registro Social de Hogares",
	SubsidiesUnit: "Subsidios Sociales",
	FamiliesUnit:  "Programa Familias",
	CareUnit:      "Red Local de Apoyos y Cuidados",
	OtherUnit:     "Otra unidad municipal",
}

// unitName is the municipality's own name for the unit, or the usual one.
func unitName(code, own string) string {
	if own != "" {
		return own
	}
	return usualUnits[code]
}

// deskUnits are the roles whose unit follows from the role.
var deskUnits = map[string]string{RSHDesk: RSHUnit, SubsidiesDesk: SubsidiesUnit}

// NewUser is what the roster needs to know of a person.
type NewUser struct {
	RUN          uint32 // body of a verified RUN
	GivenNames   string
	Surnames     string
	Profession   string
	Registration string
	Email        string // "" when none is known
	Password     string
}

// folded is the name as lists are sorted and searched: Álvarez before Araya.
func (n NewUser) folded() string { return sheet.Fold(n.Surnames + " " + n.GivenNames) }

func (n NewUser) check(flaw func(password string, run uint32, name string) string) error {
	fields := n.checkPerson()
	if key := flaw(n.Password, n.RUN, n.GivenNames+" "+n.Surnames); key != "" {
		fields = append(fields, fault.Field{Name: "password", Key: key, Args: passwordArgs})
	}
	if len(fields) > 0 {
		return fault.InvalidFields(fields...)
	}
	return nil
}

// checkPerson looks at everything but the password.
func (n NewUser) checkPerson() (fields []fault.Field) {
	if n.RUN == 0 {
		fields = append(fields, fault.Field{Name: "run", Key: "access.field.run"})
	}
	for _, part := range []struct{ name, value string }{
		{"given_names", n.GivenNames}, {"surnames", n.Surnames},
	} {
		if !isName(part.value) {
			fields = append(fields, fault.Field{Name: part.name, Key: "access.field.name"})
		}
	}
	if n.Email != "" && !isAddress(n.Email) {
		fields = append(fields, fault.Field{Name: "email", Key: "web.field.email"})
	}
	return fields
}

func isAddress(s string) bool {
	at, err := mail.ParseAddress(s)
	return err == nil && at.Address == s && len(s) <= 200
}

func isName(s string) bool {
	n := utf8.RuneCountInString(strings.TrimSpace(s))
	return n > 0 && n <= 100 && utf8.ValidString(s)
}

// NewMembership is a role to give.
type NewMembership struct {
	RUN          uint32        // of a user of the roster
	Municipality string        // its CUT code; "" for national roles
	Role         string        // code of permissions.go
	Unit         string        // code; may be blank where it follows from the role
	UnitName     string        // how this municipality calls the unit; "" leaves it as it is
	From         calendar.Date // zero: today
	To           calendar.Date // zero: without end
}

// complete fills what follows from the role and refuses what does not go together.
func (n *NewMembership) complete(today calendar.Date) error {
	if n.Role == "" {
		return fault.InvalidField("role", "roster.field.role_needed")
	}
	if _, known := roles[n.Role]; !known {
		return fault.InvalidField("role", "access.field.role")
	}
	if n.From.IsZero() {
		n.From = today
	}
	if !n.To.IsZero() && n.To.Before(n.From) {
		return fault.InvalidField("to", "access.field.to")
	}
	if unit := deskUnits[n.Role]; unit != "" && n.Unit == "" {
		n.Unit = unit
	}
	if (n.Role == NationalAdmin) != (n.Municipality == "") {
		return fault.InvalidField("municipality", "access.field.municipality")
	}
	return n.checkUnit()
}

func (n *NewMembership) checkUnit() error {
	bound := deskUnits[n.Role]
	switch {
	case n.Unit != "" && usualUnits[n.Unit] == "",
		n.Unit == "" && (n.Role == CaseManager || n.Role == UnitHead),
		bound != "" && n.Unit != bound:
		return fault.InvalidField("unit", "access.field.unit")
	}
	return nil
}

// fieldsOf gives the fields that an error names; an error without any is of none.
func fieldsOf(err error) []fault.Field {
	var trouble *fault.Error
	if errors.As(err, &trouble) {
		return trouble.Fields
	}
	return nil
}
