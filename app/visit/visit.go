package visit

import (
	"regexp"
	"time"
	"unicode/utf8"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// Status is where a visit stands.
type Status string

// The states of a visit. All but the first are final.
const (
	Scheduled       Status = "scheduled"
	Done            Status = "done"
	NobodyHome      Status = "nobody-home"
	AddressNotFound Status = "address-not-found"
	Refused         Status = "refused"
	Cancelled       Status = "cancelled"
)

// Results are how a visit may end at the door, in the order of the form.
var Results = []Status{Done, NobodyHome, AddressNotFound, Refused}

func (s Status) isResult() bool {
	for _, r := range Results {
		if r == s {
			return true
		}
	}
	return false
}

// Again reports whether the visit left something to be done: another one.
func (s Status) Again() bool { return s == NobodyHome || s == AddressNotFound || s == Refused }

// Visit is one visit to a home.
type Visit struct {
	ID, FileID     string
	PlanID, ItemID string // that it fulfils, "" for a visit by itself
	PreviousID     string // the visit that this one repeats, "" for none
	Status         Status
	Version        int64 // grows with each change; a form carries the one it was made from
	Appointment
	Record        // zero until somebody was at the door
	Reason        string
	CreatedAt     time.Time
	CreatedByName string
	EndedAt       time.Time // recorded or cancelled
	EndedByName   string
}

// Appointment is what is agreed of a visit.
type Appointment struct {
	WorkerID, WorkerName string // who goes
	Unit                 string // code of the unit that visits
	Day                  calendar.Date
	Clock                string // "15:30", "" at any hour
	Address              string
	Purpose              string
	Companion            string // who goes along, "" for nobody
}

// Record is what was found at the door.
type Record struct {
	On       calendar.Date
	At       string   // "15:40", "" when nobody said
	Present  []string // names of who was at home
	Findings Findings
	Note     string
}

// Waits reports whether nobody has been at the door yet.
func (v *Visit) Waits() bool { return v.Status == Scheduled }

// Late reports whether its day is over and nobody recorded it.
func (v *Visit) Late(today calendar.Date) bool {
	return v.Waits() && !v.Day.IsZero() && v.Day.Before(today)
}

// Entry is one line of a visit's history.
type Entry struct {
	At          time.Time
	By, Role    string
	Was, Became Status // the same for a new day or an addition
	Worker      string // who goes from then on
	Day         calendar.Date
	Clock       string
	Note        string
}

// The longest texts, in characters.
const (
	maxAddress   = 200
	maxPurpose   = 600
	maxCompanion = 120
	maxReason    = 500
	maxNote      = 8000
	maxPresent   = 30
	maxName      = 120
)

// The farthest days: a slip of the pen is no appointment.
const (
	farthest = 365 // days ahead
	oldest   = 365 // days back, of a visit that is recorded late
)

var clockForm = regexp.MustCompile(`^(?:[01]?\d|2[0-3])[:.][0-5]\d$`)

// readClock reads an hour as people write it, "9:30" or "09.30", "" for none.
func readClock(text string) (string, bool) {
	if text == "" {
		return "", true
	}
	if !clockForm.MatchString(text) {
		return "", false
	}
	if len(text) == 4 {
		text = "0" + text
	}
	return text[:2] + ":" + text[3:], true
}

// Form is an appointment as it was typed.
type Form struct {
	Worker    string // user id
	Day       calendar.Date
	Clock     string
	Address   string
	Purpose   string
	Companion string
}

// read checks what a form says by itself. A visit by itself needs a day; who
// goes is checked by the service, which knows the unit.
func (f *Form) read(today calendar.Date) (Appointment, []fault.Field) {
	var wrong []fault.Field
	refuse := func(name, key string, args map[string]any) {
		wrong = append(wrong, fault.Field{Name: name, Key: key, Args: args})
	}
	clock, ok := readClock(f.Clock)
	if !ok {
		refuse("clock", "visit.error.clock", nil)
	}
	switch {
	case f.Day.IsZero():
		refuse("day", "visit.error.day", nil)
	case f.Day.Before(today), today.AddDays(farthest).Before(f.Day):
		refuse("day", "visit.error.day_range", map[string]any{"From": today.Chilean(), "To": today.AddDays(farthest).Chilean()})
	}
	for _, text := range []struct {
		name, value string
		max         int
		needed      string
	}{
		{"address", f.Address, maxAddress, "visit.error.address"}, {"purpose", f.Purpose, maxPurpose, "visit.error.purpose"}, {"companion", f.Companion, maxCompanion, ""},
	} {
		if text.value == "" && text.needed != "" {
			refuse(text.name, text.needed, nil)
		}
		if utf8.RuneCountInString(text.value) > text.max {
			refuse(text.name, "visit.error.long", map[string]any{"Max": text.max})
		}
	}
	return Appointment{Day: f.Day, Clock: clock, Address: f.Address, Purpose: f.Purpose, Companion: f.Companion}, wrong
}

// readReason is why a visit is cancelled: it is always said.
func readReason(text string) error {
	switch {
	case text == "":
		return fault.InvalidField("reason", "visit.error.reason")
	case utf8.RuneCountInString(text) > maxReason:
		return fault.InvalidFields(fault.Field{Name: "reason", Key: "visit.error.long", Args: map[string]any{"Max": maxReason}})
	}
	return nil
}
