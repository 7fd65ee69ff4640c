package diagnosis

import (
	"slices"
	"time"

	"gsl/app/kit/fault"
	"unicode/utf8"
)

// Dimension is a side of a household's life that a diagnosis judges.
type Dimension string

// The dimensions, and Whole: what a diagnosis says of all of them together.
const (
	Family    Dimension = "family"
	Income    Dimension = "income"
	Housing   Dimension = "housing"
	Health    Dimension = "health"
	Education Dimension = "education"
	Care      Dimension = "care"
	Networks  Dimension = "networks"
	Whole     Dimension = "whole"
)

// Dimensions lists them in the order of the screen, without Whole.
func Dimensions() []Dimension {
	return []Dimension{Family, Income, Housing, Health, Education, Care, Networks}
}

// Level is how a dimension is judged.
type Level string

// The levels. Unassessed is none: nobody has looked yet.
const (
	Unassessed Level = ""
	Adequate   Level = "adequate"
	AtRisk     Level = "at_risk"
	Critical   Level = "critical"
)

// Levels lists what can be chosen, the best first.
func Levels() []Level { return []Level{Adequate, AtRisk, Critical} }

// rank orders levels: the worse, the greater; 0 for none.
func (l Level) rank() int { return slices.Index(Levels(), l) + 1 }

// State is where a diagnosis stands.
type State string

// The states of a diagnosis.
const (
	Draft     State = "draft"
	Done      State = "done"
	Discarded State = "discarded"
)

// Text is what a worker writes of a dimension. Of Whole the situation is the
// summary, the level the worker's own Risk ("" as the rules say), and the note why.
type Text struct {
	Level     Level
	Situation string
	Note      string
}

// Part is what a diagnosis says of one dimension.
type Part struct {
	Dimension Dimension
	Text
	Known     string // what the registries said when the draft began
	ChangedAt time.Time
	ChangedBy string // name
	page      string // on which it was written last
}

// Diagnosis is one judgement, or the draft of one.
type Diagnosis struct {
	ID, FileID string
	State      State
	StartedAt  time.Time
	StartedBy  string    // name
	DoneAt     time.Time // zero for a draft
	DoneBy     string
	DoneByID   string
	Unit       string // name
	Parts      []Part // of every dimension in order, then of Whole
	Risk       Risk   // that counts: the worker's own, else the rules'; "" for a draft
	Verdict    Verdict
	Marks      []Mark
	Ties       []Tie // of the ecomap, on that day; none for a draft
}

// Part gives what is said of a dimension.
func (d *Diagnosis) Part(of Dimension) *Part {
	for i := range d.Parts {
		if d.Parts[i].Dimension == of {
			return &d.Parts[i]
		}
	}
	return &Part{Dimension: of}
}

// Summary is the worker's text on all dimensions together.
func (d *Diagnosis) Summary() string { return d.Part(Whole).Situation }

// Own is the risk that the worker sees where that is not what the rules say, and
// why; "" when they agree.
func (d *Diagnosis) Own() (Risk, string) {
	whole := d.Part(Whole)
	return Risk(whole.Level), whole.Note
}

// Assessed counts the dimensions that have a level.
func (d *Diagnosis) Assessed() (n int) {
	for _, dimension := range Dimensions() {
		if d.Part(dimension).Level != Unassessed {
			n++
		}
	}
	return n
}

// Change is how a level moved from one diagnosis to the next.
type Change int

// The changes. Unknown: one of the two has no level.
const (
	Unknown Change = iota
	Better
	Same
	Worse
)

// ChangeOf compares a level with the one before.
func ChangeOf(was, now Level) Change {
	switch {
	case was == Unassessed || now == Unassessed:
		return Unknown
	case now.rank() < was.rank():
		return Better
	case now.rank() > was.rank():
		return Worse
	}
	return Same
}

// The longest texts, in characters.
const (
	maxText    = 2000
	maxSummary = 4000
	maxReason  = 500
)

// check names what of a dimension cannot be kept.
func (t Text) check(of Dimension) []fault.Field {
	var wrong []fault.Field
	long := func(name, text string, most int) {
		if utf8.RuneCountInString(text) > most {
			wrong = append(wrong, fault.Field{Name: field(name, of), Key: "diagnosis.error.long", Args: map[string]any{"Max": most}})
		}
	}
	known := t.Level == Unassessed || t.Level.rank() > 0
	if of == Whole {
		known = t.Level == Unassessed || slices.Contains(Risks(), Risk(t.Level))
		long("situation", t.Situation, maxSummary)
		long("note", t.Note, maxReason)
	} else {
		long("situation", t.Situation, maxText)
		long("note", t.Note, maxText)
	}
	if !known {
		wrong = append(wrong, fault.Field{Name: field("level", of), Key: "diagnosis.error.level"})
	}
	return wrong
}

// field is the name of a dimension's field in forms.
func field(name string, of Dimension) string { return name + "[" + string(of) + "]" }

// complete names what keeps a draft from being finished: something must have been
// judged, a critical level is explained, and so is another risk than the rules'.
func (d *Diagnosis) complete(v Verdict) []fault.Field {
	var wrong []fault.Field
	if d.Assessed() == 0 {
		wrong = append(wrong, fault.Field{Name: field("level", Family), Key: "diagnosis.error.nothing"})
	}
	for _, of := range Dimensions() {
		if p := d.Part(of); p.Level == Critical && p.Note == "" {
			wrong = append(wrong, fault.Field{Name: field("note", of), Key: "diagnosis.error.critical_note"})
		}
	}
	if own, why := d.Own(); own != "" && own != v.Risk && why == "" {
		wrong = append(wrong, fault.Field{Name: field("note", Whole), Key: "diagnosis.error.own_why"})
	}
	return wrong
}
