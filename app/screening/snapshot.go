package screening

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"gsl/app/kit/calendar"
	"gsl/app/people"
)

// digest is the hash by which a change of the household is noticed. It covers
// every field in a fixed order, whatever order the registry gave the rows in.
type digest [sha256.Size]byte

// nobody is the digest of "not registered".
var nobody digest

func digestOf(h *Household) digest {
	var space [4096]byte // on the stack: a household of four with its benefits takes about 1 KB
	b := appendText(space[:0], h.Folio, h.Address, h.CommuneCode, h.DwellingType, h.Tenure, h.Water)
	b = appendNumbers(b, int64(h.Tramo), h.Income, int64(h.Rooms), int64(len(h.Members)), int64(len(h.Benefits)))
	b = appendDate(b, h.DataDate)
	for i := range h.Members {
		b = appendMember(b, &h.Members[i])
	}
	for i := range h.Benefits {
		benefit := &h.Benefits[i]
		b = appendText(b, benefit.Code, benefit.Name, benefit.Provider, benefit.Unit)
		b = appendNumbers(b, int64(benefit.RUN.Body()), benefit.Amount, benefit.Quantity)
		b = appendDate(b, benefit.On)
	}
	return sha256.Sum256(b)
}

// appendText writes texts, each with its length.
func appendText(b []byte, fields ...string) []byte {
	for _, s := range fields {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return b
}

func appendNumbers(b []byte, fields ...int64) []byte {
	for _, n := range fields {
		b = binary.AppendVarint(b, n)
	}
	return b
}

func appendDate(b []byte, d calendar.Date) []byte {
	return appendNumbers(b, int64(d.Year()), int64(d.Month()), int64(d.Day()))
}

func appendFlags(b []byte, fields ...bool) []byte {
	var bits byte
	for i, set := range fields {
		if set {
			bits |= 1 << i
		}
	}
	return append(b, bits)
}

func appendMember(b []byte, m *Member) []byte {
	b = appendText(b, m.GivenNames, m.Surnames, m.Sex, m.Nationality, m.Relationship, m.Education, m.HealthInsurance,
		m.Pension, m.Occupation, m.Dependency, m.Phone, m.Email)
	b = appendNumbers(b, int64(m.RUN.Body()), m.Income)
	b = appendFlags(b, m.Head, m.Student, m.Disability, m.Carer, m.Pregnant)
	return appendDate(b, m.BirthDate)
}

// errSyntax is the cause of a damaged snapshot; it repeats nothing of what it held.
var errSyntax = errors.New("cannot be read")

// errDamaged says that a kept household cannot be read; it holds no data of it.
func errDamaged(what string, cause error) error {
	return fmt.Errorf("screening: kept household: %s: %w", what, cause)
}

// record is a household as a snapshot keeps it: words that can be read in
// twenty years, numbers and dates as text.
type record struct {
	Version  int             `json:"v"`
	Folio    string          `json:"folio"`
	Tramo    int             `json:"tramo"`
	Income   int64           `json:"income"`
	Address  string          `json:"address"`
	Commune  string          `json:"commune_code"`
	Dwelling string          `json:"dwelling_type"`
	Tenure   string          `json:"tenure"`
	Water    string          `json:"water"`
	Rooms    int             `json:"rooms"`
	DataDate string          `json:"data_date"`
	Members  []memberRecord  `json:"members"`
	Benefits []benefitRecord `json:"benefits"`
}

type memberRecord struct {
	RUN          string `json:"run"`
	GivenNames   string `json:"given_names"`
	Surnames     string `json:"surnames"`
	BirthDate    string `json:"birth_date"`
	Sex          string `json:"sex"`
	Nationality  string `json:"nationality"`
	Relationship string `json:"relationship"`
	Head         bool   `json:"head,omitempty"`
	Income       int64  `json:"income"`
	Education    string `json:"education"`
	Student      bool   `json:"student,omitempty"`
	Health       string `json:"health_insurance"`
	Pension      string `json:"pension,omitempty"`
	Occupation   string `json:"occupation,omitempty"`
	Disability   bool   `json:"disability,omitempty"`
	Dependency   string `json:"dependency,omitempty"`
	Carer        bool   `json:"carer,omitempty"`
	Pregnant     bool   `json:"pregnant,omitempty"`
	Phone        string `json:"phone,omitempty"`
	Email        string `json:"email,omitempty"`
}

type benefitRecord struct {
	RUN      string `json:"run"`
	Code     string `json:"code"`
	Name     string `json:"name"`
	Provider string `json:"provider"`
	On       string `json:"granted_on"`
	Amount   int64  `json:"amount_clp"`
	Quantity int64  `json:"quantity"`
	Unit     string `json:"unit"`
}

const recordVersion = 1

// encode writes the household as a snapshot keeps it.
func encode(h *Household) (string, error) {
	r := record{recordVersion, h.Folio, h.Tramo, h.Income, h.Address, h.CommuneCode, h.DwellingType, h.Tenure, h.Water,
		h.Rooms, h.DataDate.String(), make([]memberRecord, len(h.Members)), make([]benefitRecord, len(h.Benefits))}
	for i := range h.Members {
		m := &h.Members[i]
		r.Members[i] = memberRecord{m.RUN.String(), m.GivenNames, m.Surnames, m.BirthDate.String(), m.Sex, m.Nationality,
			m.Relationship, m.Head, m.Income, m.Education, m.Student, m.HealthInsurance, m.Pension, m.Occupation,
			m.Disability, m.Dependency, m.Carer, m.Pregnant, m.Phone, m.Email}
	}
	for i := range h.Benefits {
		b := &h.Benefits[i]
		r.Benefits[i] = benefitRecord{b.RUN.String(), b.Code, b.Name, b.Provider, b.On.String(), b.Amount, b.Quantity, b.Unit}
	}
	text, err := json.Marshal(r)
	return string(text), err
}

// decode reads what encode wrote. Whatever cannot be a household is an error,
// never a household with holes.
func decode(body string) (Household, error) {
	var r record
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		return Household{}, errDamaged("not JSON", errSyntax)
	}
	if r.Version != recordVersion {
		return Household{}, errDamaged("not a household", errSyntax)
	}
	h := Household{Folio: r.Folio, Tramo: r.Tramo, Income: r.Income, Address: r.Address, CommuneCode: r.Commune,
		DwellingType: r.Dwelling, Tenure: r.Tenure, Water: r.Water, Rooms: r.Rooms,
		Members: make([]Member, len(r.Members)), Benefits: make([]Benefit, len(r.Benefits))}
	var err error
	if h.DataDate, err = dateOf(r.DataDate); err != nil {
		return Household{}, errDamaged("data date", err)
	}
	for i := range r.Members {
		if h.Members[i], err = r.Members[i].member(); err != nil {
			return Household{}, errDamaged("member", err)
		}
	}
	for i := range r.Benefits {
		if h.Benefits[i], err = r.Benefits[i].benefit(); err != nil {
			return Household{}, errDamaged("benefit", err)
		}
	}
	return h, nil
}

func (r *memberRecord) member() (Member, error) {
	run, err := people.ParseRUN(r.RUN)
	if err != nil {
		return Member{}, err
	}
	born, err := dateOf(r.BirthDate)
	return Member{RUN: run, GivenNames: r.GivenNames, Surnames: r.Surnames, BirthDate: born, Sex: r.Sex,
		Nationality: r.Nationality, Relationship: r.Relationship, Head: r.Head, Income: r.Income, Education: r.Education,
		Student: r.Student, HealthInsurance: r.Health, Pension: r.Pension, Occupation: r.Occupation,
		Disability: r.Disability, Dependency: r.Dependency, Carer: r.Carer, Pregnant: r.Pregnant,
		Phone: r.Phone, Email: r.Email}, err
}

func (r *benefitRecord) benefit() (Benefit, error) {
	run, err := people.ParseRUN(r.RUN)
	if err != nil {
		return Benefit{}, err
	}
	on, err := dateOf(r.On)
	return Benefit{RUN: run, Code: r.Code, Name: r.Name, Provider: r.Provider, On: on,
		Amount: r.Amount, Quantity: r.Quantity, Unit: r.Unit}, err
}

// dateOf reads a date that may be missing.
func dateOf(s string) (calendar.Date, error) {
	if s == "" {
		return calendar.Date{}, nil
	}
	d, err := calendar.Parse(s)
	if err != nil {
		return calendar.Date{}, errSyntax // the text itself must not reach a log
	}
	return d, nil
}
