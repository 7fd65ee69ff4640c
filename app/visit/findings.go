package visit

import (
	"strconv"

	"gsl/app/kit/fault"
)

// Findings are the answers to the checklist, by the code of the question. What
// was not looked at is not there.
type Findings map[string]string

// Question is one thing that one looks at in a home.
type Question struct {
	Code    string
	Key     string // of its words
	Choices []Choice
	Count   bool // a number instead of a choice
}

// Choice is one answer.
type Choice struct {
	Code    string
	Key     string // of its words
	Concern bool   // a reason to act
}

// Group is the questions of one subject.
type Group struct {
	Code, Key string
	Questions []Question
}

// The questions from which overcrowding is computed.
const (
	askBedrooms  = "bedrooms"
	askSleepers  = "sleepers"
	maxCounted   = 60
	askOverall   = "dwelling_kind"
	groupOfRooms = "crowding"
)

// Checklist is what one looks at, in the order in which one walks through a home.
var Checklist = []Group{
	{Code: "dwelling", Key: "visit.check.dwelling", Questions: []Question{
		{Code: askOverall, Key: "visit.check.kind", Choices: []Choice{
			{"house", "visit.kind.house", false}, {"flat", "visit.kind.flat", false}, {"room", "visit.kind.room", true},
			{"emergency", "visit.kind.emergency", true}, {"improvised", "visit.kind.improvised", true}, {"other", "visit.kind.other", false}}},
		{Code: "tenure", Key: "visit.check.tenure", Choices: []Choice{
			{"owned", "visit.tenure.owned", false}, {"paying", "visit.tenure.paying", false}, {"rented", "visit.tenure.rented", false},
			{"lent", "visit.tenure.lent", false}, {"informal", "visit.tenure.informal", true}}},
		{Code: "walls", Key: "visit.check.walls", Choices: condition},
		{Code: "roof", Key: "visit.check.roof", Choices: condition},
		{Code: "floor", Key: "visit.check.floor", Choices: condition},
		{Code: "damp", Key: "visit.check.damp", Choices: troubled},
	}},
	{Code: groupOfRooms, Key: "visit.check.crowding", Questions: []Question{
		{Code: askSleepers, Key: "visit.check.sleepers", Count: true},
		{Code: askBedrooms, Key: "visit.check.bedrooms", Count: true},
		{Code: "beds", Key: "visit.check.beds", Choices: []Choice{{"own", "visit.beds.own", false}, {"shared", "visit.beds.shared", true}}},
		{Code: "relatives", Key: "visit.check.relatives", Choices: []Choice{{"one", "visit.relatives.one", false}, {"more", "visit.relatives.more", true}}},
	}},
	{Code: "services", Key: "visit.check.services", Questions: []Question{
		{Code: "water", Key: "visit.check.water", Choices: []Choice{
			{"network", "visit.water.network", false}, {"shared", "visit.water.shared", false}, {"well", "visit.water.well", true},
			{"truck", "visit.water.truck", true}, {"none", "visit.service.none", true}}},
		{Code: "sewer", Key: "visit.check.sewer", Choices: []Choice{
			{"network", "visit.sewer.network", false}, {"septic", "visit.sewer.septic", false}, {"pit", "visit.sewer.pit", true}, {"none", "visit.service.none", true}}},
		{Code: "bathroom", Key: "visit.check.bathroom", Choices: []Choice{
			{"own", "visit.bathroom.own", false}, {"shared", "visit.bathroom.shared", true}, {"none", "visit.service.none", true}}},
		{Code: "power", Key: "visit.check.power", Choices: []Choice{
			{"meter", "visit.power.meter", false}, {"shared", "visit.power.shared", false}, {"unsafe", "visit.power.unsafe", true}, {"none", "visit.service.none", true}}},
		{Code: "heating", Key: "visit.check.heating", Choices: []Choice{
			{"safe", "visit.heating.safe", false}, {"open", "visit.heating.open", true}, {"none", "visit.service.none", true}}},
	}},
	{Code: "safety", Key: "visit.check.safety", Questions: []Question{
		{Code: "risk", Key: "visit.check.risk", Choices: troubled},
		{Code: "access", Key: "visit.check.access", Choices: []Choice{{"fit", "visit.access.fit", false}, {"unfit", "visit.access.unfit", true}}},
		{Code: "care", Key: "visit.check.care", Choices: []Choice{{"nobody", "visit.care.nobody", false}, {"accompanied", "visit.care.accompanied", false}, {"alone", "visit.care.alone", true}}},
	}},
}

var (
	condition = []Choice{{"good", "visit.condition.good", false}, {"fair", "visit.condition.fair", false}, {"bad", "visit.condition.bad", true}}
	troubled  = []Choice{{"no", "visit.no", false}, {"yes", "visit.yes", true}}
)

// questionOf gives a question by its code, nil for none of ours.
func questionOf(code string) *Question {
	for g := range Checklist {
		for q := range Checklist[g].Questions {
			if Checklist[g].Questions[q].Code == code {
				return &Checklist[g].Questions[q]
			}
		}
	}
	return nil
}

// Choice gives the answer with a code, nil when the question has none such.
func (q *Question) Choice(code string) *Choice {
	for i := range q.Choices {
		if q.Choices[i].Code == code {
			return &q.Choices[i]
		}
	}
	return nil
}

func findingField(code string) string { return "finding[" + code + "]" }

// readFindings checks answers as they were typed; blank ones are left out.
func readFindings(typed map[string]string) (Findings, []fault.Field) {
	found, wrong := Findings{}, []fault.Field(nil)
	for code, answer := range typed {
		q := questionOf(code)
		switch {
		case q == nil:
			wrong = append(wrong, fault.Field{Name: findingField(code), Key: "web.field.unknown"})
		case answer == "":
		case q.Count:
			n, err := strconv.Atoi(answer)
			if err != nil || n < 0 || n > maxCounted {
				wrong = append(wrong, fault.Field{Name: findingField(code), Key: "visit.error.count", Args: map[string]any{"Max": maxCounted}})
				continue
			}
			found[code] = strconv.Itoa(n)
		case q.Choice(answer) == nil:
			wrong = append(wrong, fault.Field{Name: findingField(code), Key: "web.field.choice"})
		default:
			found[code] = answer
		}
	}
	return found, wrong
}

// Crowding is how many people sleep in a bedroom, as the household survey (Casen)
// judges it.
type Crowding string

// The levels of overcrowding.
const (
	CrowdingUnknown  Crowding = ""
	NotCrowded       Crowding = "none"     // fewer than 2.5 to a bedroom
	Crowded          Crowding = "medium"   // 2.5 to 4.9
	CriticallyFilled Crowding = "critical" // 5 and more, or no bedroom at all
)

// Crowding judges the numbers that were found.
func (f Findings) Crowding() Crowding {
	people, errPeople := strconv.Atoi(f[askSleepers])
	rooms, errRooms := strconv.Atoi(f[askBedrooms])
	switch {
	case errPeople != nil || errRooms != nil || people == 0:
		return CrowdingUnknown
	case rooms == 0 || people >= 5*rooms:
		return CriticallyFilled
	case 2*people >= 5*rooms:
		return Crowded
	}
	return NotCrowded
}

// Concerns counts what is a reason to act.
func (f Findings) Concerns() (n int) {
	for code, answer := range f {
		q := questionOf(code)
		if q == nil {
			continue
		}
		if c := q.Choice(answer); c != nil && c.Concern {
			n++
		}
	}
	if level := f.Crowding(); level == Crowded || level == CriticallyFilled {
		n++
	}
	return n
}
