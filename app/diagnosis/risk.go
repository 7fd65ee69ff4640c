package diagnosis

import (
	"slices"

	"gsl/app/kit/calendar"
	"gsl/app/screening"
)

// Risk is how urgent the whole is.
type Risk string

// The risks.
const (
	LowRisk      Risk = "low"
	MediumRisk   Risk = "medium"
	HighRisk     Risk = "high"
	CriticalRisk Risk = "critical"
)

// Risks lists them, the least first.
func Risks() []Risk { return []Risk{LowRisk, MediumRisk, HighRisk, CriticalRisk} }

// Mark is something of the household that rules look at.
type Mark string

// The marks.
const (
	Minors     Mark = "minors"
	Dependency Mark = "dependency"
	OlderAlone Mark = "older_alone"
	Pregnancy  Mark = "pregnancy"
	Disability Mark = "disability"
	Crowding   Mark = "crowding"
)

// Marks lists them in the order of the screen.
func Marks() []Mark {
	return []Mark{Minors, Dependency, OlderAlone, Pregnancy, Disability, Crowding}
}

// Rule says which risk follows from which levels: at least so many dimensions, of
// those it names or of all, stand at a level or worse, in a household with a mark.
type Rule struct {
	Position   int
	Risk       Risk
	Level      Level
	AtLeast    int
	Dimensions []Dimension // empty: of all
	Mark       Mark        // "": of every household
}

// because gives the dimensions by which the rule is met, none when it is not.
func (r *Rule) because(d *Diagnosis, marks []Mark) []Dimension {
	if r.Mark != "" && !slices.Contains(marks, r.Mark) {
		return nil
	}
	var list []Dimension
	for _, of := range Dimensions() {
		if (len(r.Dimensions) == 0 || slices.Contains(r.Dimensions, of)) && d.Part(of).Level.rank() >= r.Level.rank() {
			list = append(list, of)
		}
	}
	if len(list) < r.AtLeast {
		return nil
	}
	return list
}

// Verdict is what the rules say of a diagnosis, with the reason.
type Verdict struct {
	Risk     Risk
	Rule     *Rule       // as it was on the day; nil when none was met
	Because  []Dimension // by which it was met
	Assessed int         // how many dimensions had a level
}

// judge asks the rules in their order: the first that is met counts.
func judge(rules []Rule, d *Diagnosis, marks []Mark) Verdict {
	for i := range rules {
		if because := rules[i].because(d, marks); because != nil {
			return Verdict{Risk: rules[i].Risk, Rule: &rules[i], Because: because, Assessed: d.Assessed()}
		}
	}
	return Verdict{Risk: LowRisk, Assessed: d.Assessed()}
}

// counts is the risk that counts: the worker's own where there is one.
func (d *Diagnosis) counts(v Verdict) Risk {
	if own, _ := d.Own(); own != "" {
		return own
	}
	return v.Risk
}

// From which age one is of age, and an older person.
const (
	adult = 18
	older = 60
)

// crowded is from how many people a room is crowded, times ten: 2.5 and more.
const crowded = 25

// marksOf is what the registry knows of the household that rules look at.
func marksOf(sc *screening.Screening) []Mark {
	if sc == nil || !sc.Known() {
		return nil
	}
	h := &sc.Household
	has := map[Mark]bool{Crowding: isCrowded(h)}
	for i := range h.Members {
		m := &h.Members[i]
		age := m.BirthDate.AgeOn(sc.Today)
		has[Minors] = has[Minors] || !m.BirthDate.IsZero() && age < adult
		has[OlderAlone] = has[OlderAlone] || len(h.Members) == 1 && !m.BirthDate.IsZero() && age >= older
		has[Dependency] = has[Dependency] || m.Dependency != ""
		has[Pregnancy] = has[Pregnancy] || m.Pregnant
		has[Disability] = has[Disability] || m.Disability
	}
	return slices.DeleteFunc(Marks(), func(m Mark) bool { return !has[m] })
}

func isCrowded(h *screening.Household) bool {
	return h.Rooms > 0 && len(h.Members)*10 >= h.Rooms*crowded
}

// isMinor reports whether somebody born on a day is under age.
func isMinor(born, today calendar.Date) bool { return !born.IsZero() && born.AgeOn(today) < adult }
