package referral

import (
	"slices"
	"strconv"
	"time"

	"gsl/app/kit/calendar"
)

// State is where a referral stands. The values are those of addresses, hooks
// (data-referral) and the file.
type State string

// The states of a referral.
const (
	Sent       State = "sent"
	Received   State = "received"
	InProgress State = "in-progress"
	Waiting    State = "waiting" // for documents or in a waiting list: the clock stands still
	Answered   State = "answered"
	Closed     State = "closed"   // the answer was acknowledged
	Returned   State = "returned" // to the sender, to be corrected
	Cancelled  State = "cancelled"
)

// States in the order in which a referral goes through them.
var States = []State{Sent, Received, InProgress, Waiting, Answered, Closed, Returned, Cancelled}

// Open reports whether somebody still has to do something for an answer.
func (s State) Open() bool { return s.running() || s == Waiting || s == Returned }

// running reports whether the unit's clock runs.
func (s State) running() bool { return s == Sent || s == Received || s == InProgress }

// Outcome is what a referral was answered with.
type Outcome string

// The answers.
const (
	Granted          Outcome = "granted"
	NotGranted       Outcome = "not-granted"
	DidNotAttend     Outcome = "did-not-attend"
	OutcomeWithdrawn Outcome = "withdrawn"
	NotApplicable    Outcome = "not-applicable"
)

// Outcomes in the order of the screen.
var Outcomes = []Outcome{Granted, NotGranted, DidNotAttend, OutcomeWithdrawn, NotApplicable}

// NeedsReason reports whether the answer must say why.
func (o Outcome) NeedsReason() bool { return o != Granted }

// WaitingFor is what makes a unit's clock stand still.
type WaitingFor string

// What a referral may wait for.
const (
	Documents   WaitingFor = "documents"    // that the person brings
	WaitingList WaitingFor = "waiting-list" // a turn, a spot
)

// Source is what a referral was made from.
type Source string

// The sources.
const (
	FromPlan      Source = "plan"      // an item of an intervention plan
	FromAttention Source = "attention" // a desk, for the person it attends
	FromScreening Source = "screening" // the one click of "not in the registry"
	OwnRequest    Source = "own"       // a desk, to its own unit
)

// ReasonCode groups reasons, so that they can be counted.
type ReasonCode string

// The reasons for an answer that is not a yes, and for sending back.
const (
	RequirementsNotMet ReasonCode = "requirements-not-met"
	NoSpots            ReasonCode = "no-spots"
	MissingDocuments   ReasonCode = "missing-documents"
	MissingInformation ReasonCode = "missing-information"
	WrongUnit          ReasonCode = "wrong-unit"
	Duplicate          ReasonCode = "duplicate"
	PersonDeclined     ReasonCode = "person-declined"
	NotFoundPerson     ReasonCode = "person-not-found"
	OtherReason        ReasonCode = "other"
)

// AnswerReasons and ReturnReasons are offered, in this order.
var (
	AnswerReasons = []ReasonCode{RequirementsNotMet, NoSpots, MissingDocuments, PersonDeclined, NotFoundPerson, Duplicate, OtherReason}
	ReturnReasons = []ReasonCode{MissingInformation, MissingDocuments, WrongUnit, Duplicate, OtherReason}
)

// FieldValue is one of the item's own fields as it was filled in.
type FieldValue struct {
	Name     string `json:"name"` // of the form
	Label    string `json:"label,omitempty"`
	LabelKey string `json:"key,omitempty"`  // translation key of a standard field's label
	Value    string `json:"value"`          // as it was sent: dates ISO, members by holder
	Text     string `json:"text,omitempty"` // as people read it, where that differs
}

// Referral is one request on its way. What is asked stays; Progress moves.
type Referral struct {
	ID, FileID               string
	Year, Number             int
	Origin, OriginName       string // the sender's desk; the general desk has its role and no name
	CreatedBy, CreatedByName string
	CreatedAt                time.Time
	Unit, UnitName           string // destination; code "" for one that is known by name only
	Kind                     UnitKind
	Asked
	Source                         Source
	PlanID, PlanItemID             string
	AttentionID                    string
	ProtocolID                     string
	ProtocolVersion                int
	SpotPeriod                     string // "" no spot reserved
	State                          State
	WaitingFor                     WaitingFor
	WaitingSince                   time.Time
	DocumentsDue                   calendar.Date // last day to bring what is missing; zero: no such clock
	Promise                        int           // working days in which an answer is promised
	Due                            calendar.Date // last day of the promise; moves when a wait ends
	PausedDays                     int           // working days that the clock stood still
	Outcome                        Outcome
	ReasonCode                     ReasonCode
	Reason, AnswerNote             string
	AnsweredAt                     time.Time
	AnsweredBy, AnsweredByName     string
	Assigned, AssignedName         string // who of the unit handles it, "" nobody yet
	ExternalNumber, ExternalStatus string
	ExternalOn                     calendar.Date
	Version                        int64
	ChangedAt                      time.Time
	Reopened                       int
}

// Asked is what a referral asks for.
type Asked struct {
	Code, Name            string // of the catalogue item as it was; without code casework itself
	Category, Subcategory string
	Provider              string
	Member, MemberName    string // holder and name of the household member concerned, "" nobody in particular
	Fields                []FieldValue
	Requirements          []string
	Note                  string
	OverrideReason        string
}

// Folio is the number that people quote: "D-2026-0001".
func (r *Referral) Folio() string {
	var room [32]byte
	out := append(strconv.AppendInt(append(room[:0], "D-"...), int64(r.Year), 10), '-')
	for least := 1000; least > max(r.Number, 1); least /= 10 {
		out = append(out, '0')
	}
	return string(strconv.AppendInt(out, int64(r.Number), 10))
}

// Overdue reports whether the promised day has passed and the unit's clock runs.
func (r Referral) Overdue(today calendar.Date) bool {
	return r.State.running() && !r.Due.IsZero() && r.Due.Before(today)
}

// Own reports whether a desk asked its own unit.
func (r Referral) Own() bool { return r.Unit != "" && r.Origin == r.Unit }

// ByLetter reports whether the destination has no inbox here.
func (r Referral) ByLetter() bool { return r.Kind != Integrated }

// Entry is one line of a referral's history.
type Entry struct {
	Seq     int64
	Version int64
	Verb    Verb
	Was     State // "" when it was made
	Became  State
	Outcome Outcome
	Detail  string // what is waited for, who it was assigned to, the external number
	Reason  string
	Note    string
	At      time.Time
	UserID  string // "" for the program itself
	Name    string
	Role    string
	Unit    string
}

func oneOf[T ~string](list []T, s string) (T, bool) {
	if i := slices.Index(list, T(s)); i >= 0 {
		return list[i], true
	}
	return "", false
}
