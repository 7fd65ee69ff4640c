package people

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gsl/app/kit/calendar"
)

// Who said a person's name.
const (
	FromNobody   = ""
	FromRegistry = "registry" // the social registry
	FromDesk     = "desk"     // a worker wrote it down
)

// File is the case file of one person in one municipality.
type File struct {
	ID            string // ULID: the only way a URL names a person
	RUN           RUN    // zero for a person without RUN, who has a ProvisionalID
	ProvisionalID string // SR-<municipality>-<year>-<n>
	GivenNames    string
	Surnames      string
	BirthDate     calendar.Date // zero when unknown
	Sex           string        // F, M, X or "" as the registry has it
	Nationality   string
	Phone         string
	Email         string
	Address       string
	CommuneCode   string // CUT code, "" when unknown
	Folio         string // of the household in the social registry, "" when unknown
	Source        string // who said the name: FromRegistry, FromDesk, FromNobody
	Version       int64  // grows with each change
	CreatedAt     time.Time
	MergedInto    string // id of the file that survives, "" for one that was not merged
	Veiled        bool   // restricted, and shut for who looks: only the id is filled
}

// Registered is what a registry says of who a person is. Blank means that it
// does not say.
type Registered struct {
	GivenNames, Surnames string
	BirthDate            calendar.Date
	Sex, Nationality     string
	Phone, Email         string
	Address, CommuneCode string
	Folio                string
}

// Holder is the key under which a person's benefits are kept: the canonical RUN
// or, without one, the provisional ID.
func (f File) Holder() string {
	if f.RUN.IsZero() {
		return f.ProvisionalID
	}
	return f.RUN.String()
}

// Number is what identifies the person on screen and paper: the formatted RUN
// or the provisional ID.
func (f File) Number() string {
	if f.RUN.IsZero() {
		return f.ProvisionalID
	}
	return f.RUN.Format()
}

// Name is given names and surnames, "" when nobody has said them.
func (f File) Name() string { return JoinName(f.GivenNames, f.Surnames) }

// JoinName puts given names and surnames together.
func JoinName(given, surnames string) string {
	switch {
	case given == "":
		return surnames
	case surnames == "":
		return given
	}
	return given + " " + surnames
}

// Initials are the first letters of given name and surname, "?" without a name.
func (f File) Initials() string {
	if letters := initial(f.GivenNames) + initial(f.Surnames); letters != "" {
		return letters
	}
	return "?"
}

func initial(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first))
}

// Age is in completed years on the day; -1 when the birth date is unknown or later.
func (f File) Age(day calendar.Date) int {
	if f.BirthDate.IsZero() || day.Before(f.BirthDate) {
		return -1
	}
	return f.BirthDate.AgeOn(day)
}

// fill gives the file as it is after a registry spoke: who the person is comes
// from the registry; how to reach them stays as it was where the registry is silent.
func (f File) fill(r Registered) File {
	f.GivenNames, f.Surnames = strings.TrimSpace(r.GivenNames), strings.TrimSpace(r.Surnames)
	f.BirthDate, f.Sex, f.Nationality, f.Folio = r.BirthDate, r.Sex, r.Nationality, r.Folio
	f.Phone, f.Email = or(r.Phone, f.Phone), or(r.Email, f.Email)
	if r.Address != "" {
		f.Address, f.CommuneCode = r.Address, r.CommuneCode
	}
	f.Source = FromRegistry
	return f
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
