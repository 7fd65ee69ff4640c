package catalogue

import "gsl/app/kit/calendar"

// Tri is an answer that may be missing.
type Tri uint8

// The zero Tri is Unknown: what nobody filled in is not a "no".
const (
	Unknown Tri = iota
	No
	Yes
)

// TriOf is the answer of something that is known.
func TriOf(b bool) Tri {
	if b {
		return Yes
	}
	return No
}

// and is No when either is, Yes when both are, Unknown otherwise.
func (t Tri) and(o Tri) Tri {
	if t == No || o == No {
		return No
	}
	return min(t, o)
}

// or is Yes when either is, No when both are, Unknown otherwise.
func (t Tri) or(o Tri) Tri {
	if t == Yes || o == Yes {
		return Yes
	}
	return min(t, o)
}

// not turns Yes and No around.
func (t Tri) not() Tri {
	switch t {
	case Yes:
		return No
	case No:
		return Yes
	}
	return Unknown
}

// Facts is what is known of one person and household when a catalogue is read
// for them. The screening fills it from the registries; nothing here is asked again.
type Facts struct {
	Today       calendar.Date
	NoRUN       bool  // the person has no RUN: see needsRUN
	Registered  Tri   // in the RSH; only Yes makes the list of members complete
	OwnCommune  Tri   // lives in the municipality's territory
	Tramo       int   // 40, 50, … 100; 0 unknown
	Income      int64 // CLP a month, of the whole household
	IncomeKnown bool
	Members     []Member   // at least the person
	Person      int        // index in Members of the person at the desk
	Received    []Received // by any member, national and municipal, any order
}

// Member is one person of the household.
type Member struct {
	Holder          string // canonical RUN text or provisional ID
	Name            string
	BirthDate       calendar.Date // zero: unknown
	Sex             string        // F, M, "" unknown
	Student         Tri
	Disability      Tri
	Pregnant        Tri
	Carer           Tri
	Dependency      string // "" none, moderada, severa
	DependencyKnown bool
	Pension         string // as the registry words it; "" none
	PensionKnown    bool
}

// Received is one benefit that a member already got.
type Received struct {
	Code   string // catalogue code, or the code of the RIS
	Holder string
	On     calendar.Date
	Name   string
}

// person is the member at the desk; a household without members has a blank one.
func (f *Facts) person() *Member {
	if f.Person < 0 || f.Person >= len(f.Members) {
		return &Member{}
	}
	return &f.Members[f.Person]
}

// nameOf gives the name of a holder, "" when the household has no such member.
func (f *Facts) nameOf(holder string) string {
	for i := range f.Members {
		if f.Members[i].Holder == holder {
			return f.Members[i].Name
		}
	}
	return ""
}

// daysAgo counts the days since a benefit was received.
func (f *Facts) daysAgo(r *Received) int { return r.On.DaysUntil(f.Today) }

// within reports whether a benefit was received less than that many days ago:
// with an interval of 120, day 119 is too early and day 120 is not.
func (f *Facts) within(r *Received, days int) bool {
	return !r.On.IsZero() && f.daysAgo(r) < days
}
