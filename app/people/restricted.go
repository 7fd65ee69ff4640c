package people

import (
	"slices"
	"time"
	"unicode/utf8"

	"gsl/app/kit/fault"
)

// RestrictionKind says what a restricted file is protected from.
type RestrictionKind string

// The kinds of restriction.
const (
	Violence     RestrictionKind = "violence"
	StaffMember  RestrictionKind = "staff"
	PublicFigure RestrictionKind = "public_figure"
	OtherDanger  RestrictionKind = "other"
)

var restrictionKinds = []RestrictionKind{Violence, StaffMember, PublicFigure, OtherDanger}

// Restriction says that a file is not for everybody's eyes. Whoever answers for
// it needs no glass: the worker who is responsible for the person's case, or who
// replaces that worker; the head of the case's unit; the head of the unit that
// marked it. Everybody else opens the glass.
type Restriction struct {
	ID         string
	FileID     string
	Kind       RestrictionKind
	Reason     string
	Unit       string // code of the unit whose head marked it
	UnitName   string
	MarkedAt   time.Time
	MarkedBy   string // name
	LiftedAt   time.Time
	LiftedBy   string // name
	LiftReason string
}

// GlassLife is how long a restricted file stays open for who opened it.
const GlassLife = 3 * time.Hour

// Opening is that somebody opened the glass of a restricted file.
type Opening struct {
	ID         string
	FileID     string
	UserID     string
	Name       string
	Role       string
	Unit       string
	UnitName   string
	Reason     string
	OpenedAt   time.Time
	Until      time.Time
	ShutAt     time.Time // shut before its time; zero for not
	Verdict    Verdict
	ReviewedAt time.Time
	ReviewedBy string // name
	ReviewNote string
}

// Open reports whether the opening still holds.
func (o *Opening) Open(now time.Time) bool { return o.ShutAt.IsZero() && now.Before(o.Until) }

// end is when the opening ended or will end.
func (o *Opening) end() time.Time {
	if !o.ShutAt.IsZero() {
		return o.ShutAt
	}
	return o.Until
}

// Verdict is what a head says of an opening.
type Verdict string

// The verdicts.
const (
	Unreviewed Verdict = ""
	Right      Verdict = "right" // there was a reason
	Wrong      Verdict = "wrong" // there was none, or it must be explained
)

// The shortest and the longest reason, in characters. Nobody explains why a
// protected file is opened in one word.
const (
	shortestReason = 10
	longestReason  = 500
)

// checkReason names what is wrong with why something is done to a restricted file.
func checkReason(field, text string) *fault.Field {
	switch n := utf8.RuneCountInString(text); {
	case n < shortestReason:
		return &fault.Field{Name: field, Key: "people.restricted.reason_short", Args: map[string]any{"Count": shortestReason}}
	case n > longestReason:
		return &fault.Field{Name: field, Key: "people.restricted.reason_long", Args: map[string]any{"Count": longestReason}}
	case !printable(text):
		return &fault.Field{Name: field, Key: "people.new.text"}
	}
	return nil
}

func checkMark(kind RestrictionKind, reason string) error {
	var wrong []fault.Field
	if !slices.Contains(restrictionKinds, kind) {
		wrong = append(wrong, fault.Field{Name: "kind", Key: "people.restricted.kind_missing"})
	}
	if bad := checkReason("reason", reason); bad != nil {
		wrong = append(wrong, *bad)
	}
	if len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	return nil
}

// checkReview: what was not right is said in words.
func checkReview(verdict Verdict, note string) error {
	switch {
	case verdict != Right && verdict != Wrong:
		return fault.InvalidField("verdict", "people.opening.verdict_missing")
	case verdict == Wrong && utf8.RuneCountInString(note) < shortestReason:
		return fault.InvalidFields(fault.Field{Name: "note", Key: "people.opening.note_short", Args: map[string]any{"Count": shortestReason}})
	case utf8.RuneCountInString(note) > longestReason || !printable(note):
		return fault.InvalidField("note", "people.new.text")
	}
	return nil
}

// mayReview says whether a head may judge an opening that nobody judged yet.
func (o *Opening) mayReview(userID string) error {
	switch {
	case o.UserID == userID:
		return fault.New(fault.Forbidden, "people.opening.own")
	case o.Verdict != Unreviewed:
		return fault.New(fault.Conflict, "people.opening.is_reviewed").With("Name", o.ReviewedBy)
	}
	return nil
}

// Masked gives of a file nothing but its id: what a list shows of one that is
// shut for who looks.
func Masked(f File) File { return File{ID: f.ID, Veiled: true} }
