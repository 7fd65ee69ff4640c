package screening

import (
	"context"
	"errors"

	"gsl/app/kit/calendar"
	"gsl/app/people"
)

// ErrNotRegistered is what a social registry answers of a person it does not know.
var ErrNotRegistered = errors.New("screening: not in the social registry")

// SocialRegistry tells the household of a person and the national benefits its
// members received. It answers ErrNotRegistered for a person it does not know,
// and a fault.Unavailable when it cannot say.
type SocialRegistry interface {
	Household(ctx context.Context, run people.RUN) (Household, error)
}

// Household is a household as the registries have it on DataDate.
type Household struct {
	Folio        string
	Tramo        int   // 40, 50, 60, 70, 80, 90 or 100; 40 is the most vulnerable
	Income       int64 // pesos a month, the whole household
	Address      string
	CommuneCode  string // CUT code
	DwellingType string
	Tenure       string
	Water        string
	Rooms        int
	DataDate     calendar.Date // of the registry's own data
	Members      []Member
	Benefits     []Benefit // national benefits of the members, newest first
}

// Member is one person of a household.
type Member struct {
	RUN             people.RUN
	GivenNames      string
	Surnames        string
	BirthDate       calendar.Date
	Sex             string // F, M, X
	Nationality     string
	Relationship    string // to the head, as the registry says it
	Head            bool
	Income          int64 // pesos a month
	Education       string
	Student         bool
	HealthInsurance string
	Pension         string
	Occupation      string
	Disability      bool
	Dependency      string // "", moderada, severa
	Carer           bool
	Pregnant        bool
	Phone           string
	Email           string
}

// veiled reports that the member's own file is shut for who looks: there is no
// more of them than the relationship. The registry knows nobody without a RUN.
func (m *Member) veiled() bool { return m.RUN.IsZero() }

// Benefit is a national benefit that a member received.
type Benefit struct {
	RUN      people.RUN
	Code     string // RIS-SUF, …
	Name     string
	Provider string
	On       calendar.Date
	Amount   int64 // pesos
	Quantity int64
	Unit     string
}
