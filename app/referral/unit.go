package referral

import (
	"net/mail"
	"strconv"
	"strings"
	"unicode/utf8"

	"gsl/app/access"
	"gsl/app/kit/fault"
	"gsl/app/kit/sheet"
)

// UnitKind is how a unit works with this municipality.
type UnitKind string

// The kinds of unit.
const (
	Integrated  UnitKind = "integrated"  // works with an inbox here
	Municipal   UnitKind = "municipal"   // of the municipality, by letter
	Institution UnitKind = "institution" // external, by letter or link
)

// The channels by which a referral reaches a unit.
const (
	ByInbox = "inbox"
	ByLink  = "link" // the letter, and a signed link by e-mail to answer it
	ByPaper = "letter"
)

// Unit is where a referral can go. Its code never changes and it is never
// deleted: referrals name it.
type Unit struct {
	Code     string
	Name     string
	Kind     UnitKind
	Contact  string // who to ask for
	Phone    string
	Email    string
	Address  string
	Channel  string // ByInbox, ByLink, ByPaper
	Active   bool   // takes new referrals
	Casework bool   // its referrals wait in an assignment queue
	Version  int64  // grows with each change: two people at one form
}

// moduleUnits have an inbox here only while their module is on.
var moduleUnits = map[string]bool{access.FamiliesUnit: true, access.CareUnit: true}

// baseUnits are integrated always.
var baseUnits = map[string]bool{access.SocialUnit: true, access.RSHUnit: true, access.SubsidiesUnit: true}

// Module reports whether the unit is a module that can be switched on and off.
func (u Unit) Module() bool { return moduleUnits[u.Code] }

// Base reports whether the unit is one of those that every municipality works with.
func (u Unit) Base() bool { return baseUnits[u.Code] }

// Takes answers fault.Invalid, about the field unit, for a unit that takes no
// new referrals.
func (u Unit) Takes() error {
	if u.Active {
		return nil
	}
	return fault.InvalidField("unit", "settings.unit.inactive")
}

// Alias is a name that leads to a unit: the provider of catalogue items, or
// another way to write it.
type Alias struct {
	Unit  string
	Name  string // as people read it
	Fixed bool   // a provider of the national catalogue: it always leads somewhere
}

// aliasOf is how two names are compared: without case, accents, signs.
func aliasOf(name string) string { return sheet.Fold(name) }

// The longest texts of a unit, in characters, and how many aliases it may have.
const (
	maxUnitText = 100
	maxAliases  = 40
)

// UnitForm is a unit as somebody writes it.
type UnitForm struct {
	Name, Contact, Phone, Email, Address string
	Kind                                 UnitKind // of a new one: Municipal or Institution
	Channel                              string   // ByLink or ByPaper; an integrated unit has its inbox
	Aliases                              string   // one a line
	Active                               bool
	Version                              int64 // what was shown
}

// read puts the form into the unit and says what is wrong with it.
func (u *Unit) read(form UnitForm) []fault.Field {
	var wrong []fault.Field
	for _, part := range []struct {
		name string
		from string
		to   *string
	}{
		{"name", form.Name, &u.Name}, {"contact", form.Contact, &u.Contact}, {"phone", form.Phone, &u.Phone},
		{"email", form.Email, &u.Email}, {"address", form.Address, &u.Address},
	} {
		*part.to = tidy(part.from)
		if utf8.RuneCountInString(*part.to) > maxUnitText {
			wrong = append(wrong, fault.Field{Name: part.name, Key: "settings.error.long", Args: map[string]any{"Max": maxUnitText}})
		}
	}
	if aliasOf(u.Name) == "" {
		wrong = append(wrong, fault.Field{Name: "name", Key: "settings.error.name"})
	}
	u.Active = form.Active || u.Base()
	return append(wrong, u.readChannel(form.Channel)...)
}

func (u *Unit) readChannel(channel string) []fault.Field {
	var wrong []fault.Field
	if u.Email != "" && !isAddress(u.Email) {
		wrong = append(wrong, fault.Field{Name: "email", Key: "settings.error.email"})
	}
	switch {
	case u.Kind == Integrated:
		u.Channel = ByInbox
		return wrong
	case channel != ByLink && channel != ByPaper:
		return append(wrong, fault.Field{Name: "channel", Key: "settings.error.channel"})
	case channel == ByLink && u.Email == "":
		wrong = append(wrong, fault.Field{Name: "email", Key: "settings.error.link_email"})
	}
	u.Channel = channel
	return wrong
}

// isAddress reports whether the text is one bare e-mail address.
func isAddress(text string) bool {
	at, err := mail.ParseAddress(text)
	return err == nil && at.Address == text && strings.Contains(text[strings.LastIndexByte(text, '@')+1:], ".")
}

// tidy is one line of text without signs that nobody can see.
func tidy(s string) string { return strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ") }

// readAliases reads the names, one a line, without those said twice.
func readAliases(text string) (list []string, wrong []fault.Field) {
	seen := map[string]bool{"": true}
	for line := range strings.Lines(text) {
		name := tidy(line)
		folded := aliasOf(name)
		if seen[folded] {
			continue
		}
		seen[folded] = true
		if utf8.RuneCountInString(name) > maxUnitText {
			return nil, []fault.Field{{Name: "aliases", Key: "settings.error.long", Args: map[string]any{"Max": maxUnitText}}}
		}
		list = append(list, name)
	}
	if len(list) > maxAliases {
		return nil, []fault.Field{{Name: "aliases", Key: "settings.error.aliases", Args: map[string]any{"Max": maxAliases}}}
	}
	return list, nil
}

// codeOf makes a unit's code of its name; taken says which are in use.
func codeOf(name string, taken func(string) bool) string {
	slug := strings.ReplaceAll(aliasOf(name), " ", "-")
	if len(slug) > 40 {
		slug = strings.TrimRight(strings.ToValidUTF8(slug[:40], ""), "-")
	}
	code := slug
	for n := 2; taken(code); n++ {
		code = slug + "-" + strconv.Itoa(n)
	}
	return code
}

// Settings of the municipality that this room and others read. A setting that is
// missing, or makes no sense, leaves the usual.
type Settings struct {
	PromiseDays    int  // working days to answer, without protocol
	RSHPromiseDays int  // the same for the RSH desk
	LinkDays       int  // days after which a link to answer expires
	WaitingList    bool // the desks call people in order
}

// DefaultSettings hold until the municipality sets its own.
var DefaultSettings = Settings{PromiseDays: 10, RSHPromiseDays: 5, LinkDays: 15}

// The keys of the settings.
const (
	PromiseKey     = "referral.promise_days"
	RSHPromiseKey  = "referral.rsh_promise_days"
	LinkKey        = "referral.link_days"
	WaitingListKey = "attention.waiting_list" // on, off
)

// MaxPromiseDays and MaxLinkDays limit the settings.
const MaxPromiseDays, MaxLinkDays = 90, 60
