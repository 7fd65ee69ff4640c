package report

import (
	"strconv"
	"strings"

	"gsl/app/kit/calendar"
)

// Part is one part of a report: what one save writes.
type Part string

// The parts in the order of the paper.
const (
	PurposePart       Part = "purpose"
	HouseholdPart     Part = "household"
	SocioeconomicPart Part = "socioeconomic"
	HousingPart       Part = "housing"
	HealthPart        Part = "health"
	EducationPart     Part = "education"
	NetworksPart      Part = "networks"
	OpinionPart       Part = "opinion"
	RequestsPart      Part = "requests"
)

// Parts are all of them.
func Parts() []Part {
	return []Part{PurposePart, HouseholdPart, SocioeconomicPart, HousingPart, HealthPart, EducationPart, NetworksPart, OpinionPart, RequestsPart}
}

// Content is what a report says. What is typed is kept as it was typed, half a
// date too; Missing says what keeps it from being signed. It is written as JSON:
// what was signed must read the same in twenty years, so names of fields stay.
type Content struct {
	Purpose       Purpose        `json:"purpose"`
	Person        Identification `json:"person"` // of a draft: from the file, as it is now
	Household     Household      `json:"household"`
	Socioeconomic Socioeconomic  `json:"socioeconomic"`
	Housing       Housing        `json:"housing"`
	Health        Section        `json:"health"`
	Education     Section        `json:"education"`
	Networks      Networks       `json:"networks"`
	Opinion       Opinion        `json:"opinion"`
	Requests      Requests       `json:"requests"`
}

// Purpose is what a report is for.
type Purpose struct {
	Code      string `json:"code"` // of the catalogue, category C; "" for none of it
	Name      string `json:"name"`
	Addressee string `json:"addressee"`
	Detail    string `json:"detail"` // what was asked for, in the worker's words
	Due       string `json:"due"`    // as typed: dd-mm-aaaa
}

// Identification is who the report is about.
type Identification struct {
	Name        string `json:"name"`
	Number      string `json:"number"` // RUN or provisional ID, as people read it
	Born        string `json:"born"`   // dd-mm-aaaa, "" unknown
	Age         int    `json:"age"`    // in years, -1 unknown
	Sex         string `json:"sex"`
	Nationality string `json:"nationality"`
	Address     string `json:"address"`
	Commune     string `json:"commune"`
	Phone       string `json:"phone"`
	Tramo       int    `json:"tramo"`    // of the social registry, 0 unknown
	Registry    string `json:"registry"` // folio of the household there, "" unknown
}

// Household is who lives together.
type Household struct {
	Members  []Member `json:"members"`
	Removed  []Member `json:"removed,omitempty"` // taken out of the table; they can be brought back, and are not printed
	DataDate string   `json:"data_date"`         // dd-mm-aaaa of the registry it was filled from; "" for none
}

// Member is one person of the table.
type Member struct {
	ID           string `json:"id"` // within the report
	Name         string `json:"name"`
	RUN          string `json:"run"`  // as typed
	Born         string `json:"born"` // as typed: dd-mm-aaaa
	Relationship string `json:"relationship"`
	Education    string `json:"education"`
	Occupation   string `json:"occupation"`
	Health       string `json:"health"` // insurance, illness, dependency: what the worker notes
}

// Blank reports whether nothing is said of the member.
func (m *Member) Blank() bool {
	return m.Name+m.RUN+m.Born+m.Relationship+m.Education+m.Occupation+m.Health == ""
}

// Birth gives the birth date; false when there is none that can be read.
func (m *Member) Birth() (calendar.Date, bool) { return readDate(m.Born) }

// Age is in completed years on the day, -1 when unknown.
func (m *Member) Age(day calendar.Date) int {
	born, ok := m.Birth()
	if !ok || day.Before(born) {
		return -1
	}
	return born.AgeOn(day)
}

// Section is an optional section: it is printed when it is chosen.
type Section struct {
	Chosen bool   `json:"chosen"`
	Text   string `json:"text"`
}

// Socioeconomic says what the household lives on.
type Socioeconomic struct {
	Section
	Incomes []Income `json:"incomes"`
	Removed []Income `json:"removed,omitempty"`
}

// Income is one line of the table.
type Income struct {
	ID     string `json:"id"` // within the report
	Who    string `json:"who"`
	Source string `json:"source"`
	Amount string `json:"amount"` // pesos a month, as typed
}

// Blank reports whether nothing is said.
func (i *Income) Blank() bool { return i.Who+i.Source+i.Amount == "" }

// Pesos gives the amount; false when it cannot be read.
func (i *Income) Pesos() (int64, bool) {
	plain := notDigits.Replace(i.Amount)
	if plain == "" || len(plain) > 12 || strings.Trim(plain, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(plain, 10, 64)
	return n, err == nil
}

// notDigits is what people write around an amount.
var notDigits = strings.NewReplacer("$", "", ".", "", " ", "", "\u00a0", "")

// Total is the sum of the incomes that can be read, in pesos a month.
func (s *Socioeconomic) Total() (sum int64) {
	for i := range s.Incomes {
		n, _ := s.Incomes[i].Pesos()
		sum += n
	}
	return sum
}

// PerHead is the income of a household for each of its members, in whole pesos;
// 0 when nobody is in the table.
func (c *Content) PerHead() int64 {
	if n := c.Household.Heads(); n > 0 {
		return c.Socioeconomic.Total() / int64(n)
	}
	return 0
}

// Heads counts the members of whom something is said.
func (h *Household) Heads() (n int) {
	for i := range h.Members {
		if !h.Members[i].Blank() {
			n++
		}
	}
	return n
}

// Housing says where and how they live.
type Housing struct {
	Section
	Type   string `json:"type"`
	Tenure string `json:"tenure"`
	Rooms  string `json:"rooms"` // as typed
	Water  string `json:"water"`
}

// Networks says who supports them.
type Networks struct {
	Section
	Ecomap bool `json:"ecomap"` // the drawing of the support networks is printed too
}

// Opinion is the professional opinion. Without it a report is not signed.
type Opinion struct {
	Text string `json:"text"`
}

// Requests is what is asked for. Without one a report is not signed.
type Requests struct {
	List    []Request `json:"list"`
	Removed []Request `json:"removed,omitempty"`
}

// Request is one thing that is asked for.
type Request struct {
	ID   string `json:"id"` // within the report
	Text string `json:"text"`
}

// at gives the part of the content that a save writes.
func (c *Content) at(p Part) any {
	switch p {
	case PurposePart:
		return &c.Purpose
	case HouseholdPart:
		return &c.Household
	case SocioeconomicPart:
		return &c.Socioeconomic
	case HousingPart:
		return &c.Housing
	case HealthPart:
		return &c.Health
	case EducationPart:
		return &c.Education
	case NetworksPart:
		return &c.Networks
	case OpinionPart:
		return &c.Opinion
	case RequestsPart:
		return &c.Requests
	}
	return nil
}

// readDate reads a date as people type it.
func readDate(typed string) (calendar.Date, bool) {
	if strings.TrimSpace(typed) == "" {
		return calendar.Date{}, false
	}
	d, err := calendar.Parse(strings.TrimSpace(typed))
	return d, err == nil
}

// dueBy reports whether a report may be due on a day: one that was promised a year
// ago, or is to be there in two.
func dueBy(day, today calendar.Date) bool {
	return day.IsZero() || !day.Before(today.AddDays(-366)) && !today.AddDays(2*366).Before(day)
}
