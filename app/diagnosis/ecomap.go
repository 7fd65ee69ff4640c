package diagnosis

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gsl/app/kit/fault"
)

// Strength is how a tie of the support network is.
type Strength string

// The strengths.
const (
	Strong      Strength = "strong"
	Weak        Strength = "weak"
	Conflicting Strength = "conflicting"
)

// Strengths lists them in the order of the form.
func Strengths() []Strength { return []Strength{Strong, Weak, Conflicting} }

// Kind is what somebody of the network is to the person.
type Kind string

// The kinds, from the nearest to the most distant.
const (
	KinKind          Kind = "family"
	FriendsKind      Kind = "friends"
	NeighboursKind   Kind = "neighbours"
	SchoolKind       Kind = "school"
	HealthKind       Kind = "health"
	WorkKind         Kind = "work"
	CommunityKind    Kind = "community"
	FaithKind        Kind = "faith"
	MunicipalityKind Kind = "municipality"
	InstitutionKind  Kind = "institution"
)

// Kinds lists them in the order of the form, and of the drawing.
func Kinds() []Kind {
	return []Kind{KinKind, FriendsKind, NeighboursKind, SchoolKind, HealthKind, WorkKind, CommunityKind, FaithKind, MunicipalityKind, InstitutionKind}
}

// Tie is one line of the ecomap: who there is, and how the tie is.
type Tie struct {
	ID        string    `json:"-"`
	FileID    string    `json:"-"`
	Kind      Kind      `json:"kind"`
	Name      string    `json:"name"`
	Strength  Strength  `json:"tie"`
	Note      string    `json:"note,omitempty"`
	ChangedAt time.Time `json:"changed_at"`
	ChangedBy string    `json:"-"` // name
	Version   int64     `json:"-"`
	Removed   bool      `json:"-"`
}

// Ecomap is the support network of a person.
type Ecomap struct {
	Centre string // who stands in the middle: the person's name
	Ties   []Tie  // by kind, then as they were added
}

// Count gives how many ties have a strength.
func (e *Ecomap) Count(of Strength) (n int) {
	for i := range e.Ties {
		if e.Ties[i].Strength == of {
			n++
		}
	}
	return n
}

// mostTies is how many a drawing holds so that it can be read.
const mostTies = 24

// The longest texts of a tie, in characters.
const (
	maxTieName = 60
	maxTieNote = 300
)

// check names what cannot be kept.
func (t *Tie) check() error {
	var wrong []fault.Field
	add := func(name, key string, bad bool, most int) {
		if bad {
			wrong = append(wrong, fault.Field{Name: name, Key: key, Args: map[string]any{"Max": most}})
		}
	}
	add("kind", "diagnosis.error.kind", !slices.Contains(Kinds(), t.Kind), 0)
	add("name", "diagnosis.error.tie_name", t.Name == "", 0)
	add("name", "diagnosis.error.long", utf8.RuneCountInString(t.Name) > maxTieName, maxTieName)
	add("tie", "diagnosis.error.tie", !slices.Contains(Strengths(), t.Strength), 0)
	add("note", "diagnosis.error.long", utf8.RuneCountInString(t.Note) > maxTieNote, maxTieNote)
	if len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	return nil
}

// same reports whether two ties say the same.
func (t *Tie) same(other *Tie) bool {
	return t.Kind == other.Kind && t.Name == other.Name && t.Strength == other.Strength && t.Note == other.Note
}

// inOrder puts ties by kind, then as they were added.
func inOrder(ties []Tie) {
	slices.SortStableFunc(ties, func(a, b Tie) int {
		if d := slices.Index(Kinds(), a.Kind) - slices.Index(Kinds(), b.Kind); d != 0 {
			return d
		}
		return strings.Compare(a.ID, b.ID)
	})
}
