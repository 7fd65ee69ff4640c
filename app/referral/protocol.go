package referral

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"gsl/app/catalogue"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// Protocol is one version of the text that two parties agreed on: a unit of the
// municipality, whose head signs, and a counterpart, which receives. Its seven
// clauses are fields, and each of them drives: who may be referred (criteria),
// how many (spots), with what (documents and steps), what the answer says, by
// when (working days), until when (validity), and how it went (evaluation,
// which is counted and never written).
//
// A new version is a row of its own. Until it is in force the old one governs,
// and what was referred keeps the version that governed it.
type Protocol struct {
	ID           string
	Agreement    string // shared by its versions
	Year, Number int    // of the agreement: "P-2026-0001"
	Version      int    // of its text: 1, 2, …
	Revision     int64  // grows with every save of the draft
	State        ProtocolState

	Title           string
	Unit, UnitName  string // of the municipality
	AllDesks        bool   // governs what any desk refers, else only what the unit refers
	Counterpart     string // unit code
	CounterpartName string
	Items           []ProtocolItem // what it covers; none: all of the counterpart's

	Criteria    []catalogue.Criterion // 1
	Eligibility string                // 1: what rows cannot say
	Spots       int                   // 2: in each period, 0 not limited
	Period      Period                // 2
	Documents   []string              // 3
	Process     string                // 3
	Answer      string                // 4
	CitizenDays int                   // 5: working days until the person is attended, 0 not said
	AnswerDays  int                   // 5: working days until the referring unit has its answer
	From, To    calendar.Date         // 6: first and last day
	Evaluation  string                // 7: when and how both look at the figures

	Signatures     []ProtocolSignature
	CreatedAt      time.Time
	CreatedBy      string
	CreatedByName  string
	ChangedAt      time.Time
	ChangedByName  string
	ChangedIn      string // the open form that saved it last
	ApprovedAt     time.Time
	ApprovedBy     string
	ApprovedByName string
	ReplacedOn     calendar.Date // first day of the next version; zero: none
	EndedAt        time.Time
	EndedByName    string
	Reason         string // why it was sent back or ended, the last time
}

// ProtocolItem is a catalogue item that a protocol covers, with its name of then.
type ProtocolItem struct{ Code, Name string }

// ProtocolState is how far a text has come. That it expires or is replaced needs
// nobody's hand: see Standing.
type ProtocolState string

// The states of a protocol.
const (
	ProtocolDraft       ProtocolState = "draft"
	ProtocolInSignature ProtocolState = "in-signature"
	ProtocolInForce     ProtocolState = "in-force"
	ProtocolEnded       ProtocolState = "ended"
)

// Standing is what a protocol is worth on a day.
type Standing string

// The standings.
const (
	StandsDraft       Standing = "draft"
	StandsInSignature Standing = "in-signature"
	StandsSigned      Standing = "signed"   // by both: waits for the director
	StandsUpcoming    Standing = "upcoming" // approved, begins later
	StandsInForce     Standing = "in-force"
	StandsExpiring    Standing = "expiring" // in force, ends within 60 days
	StandsExpired     Standing = "expired"
	StandsReplaced    Standing = "replaced" // a newer version governs
	StandsEnded       Standing = "ended"
)

// expiringDays before its end a protocol asks to be renewed.
const expiringDays = 60

// Standing says what the protocol is worth on a day.
func (p *Protocol) Standing(today calendar.Date) Standing {
	switch p.State {
	case ProtocolDraft:
		return StandsDraft
	case ProtocolInSignature:
		if p.Signature(SideMunicipality) != nil && p.Signature(SideCounterpart) != nil {
			return StandsSigned
		}
		return StandsInSignature
	case ProtocolEnded:
		return StandsEnded
	case ProtocolInForce:
	}
	switch {
	case !p.ReplacedOn.IsZero() && !today.Before(p.ReplacedOn):
		return StandsReplaced
	case today.Before(p.From):
		return StandsUpcoming
	case p.To.Before(today):
		return StandsExpired
	case p.ReplacedOn.IsZero() && today.DaysUntil(p.To) <= expiringDays:
		return StandsExpiring
	}
	return StandsInForce
}

// Folio names the agreement: "P-2026-0001".
func (p *Protocol) Folio() string { return fmt.Sprintf("P-%d-%04d", p.Year, p.Number) }

// Covers reports whether it governs what a desk refers to the counterpart.
func (p *Protocol) Covers(origin, code string) bool {
	if !p.AllDesks && origin != p.Unit {
		return false
	}
	return len(p.Items) == 0 || slices.ContainsFunc(p.Items, func(it ProtocolItem) bool { return it.Code == code })
}

// narrowness ranks what covers the same referral: what names the item goes
// before what covers all, then what binds one desk before what binds all.
func (p *Protocol) narrowness() int {
	n := 0
	if len(p.Items) > 0 {
		n += 2
	}
	if !p.AllDesks {
		n++
	}
	return n
}

// governing picks, among protocols, the one that governs a referral to a unit on
// a day: the narrowest that is valid. Only when none is valid it
// gives one that has expired. nil: nothing was agreed.
func governing(list []Protocol, unit, origin, code string, today calendar.Date) (best *Protocol, expired bool) {
	for i := range list {
		p := &list[i]
		if p.Counterpart != unit || !p.Covers(origin, code) {
			continue
		}
		stands := p.Standing(today)
		valid := stands == StandsInForce || stands == StandsExpiring
		if !valid && stands != StandsExpired {
			continue
		}
		if best == nil || valid && expired || valid != expired && p.goesBefore(best) {
			best, expired = p, !valid
		}
	}
	return best, expired
}

func (p *Protocol) goesBefore(other *Protocol) bool {
	if a, b := p.narrowness(), other.narrowness(); a != b {
		return a > b
	}
	return p.ApprovedAt.After(other.ApprovedAt)
}

// overlaps reports whether two agreements would govern the same referrals with
// the same right, so that nobody could say which of them does.
func (p *Protocol) overlaps(other *Protocol) bool {
	if p.Agreement == other.Agreement || p.Counterpart != other.Counterpart || p.AllDesks != other.AllDesks ||
		!p.AllDesks && p.Unit != other.Unit || p.To.Before(other.From) || other.To.Before(p.From) {
		return false
	}
	if len(p.Items) == 0 || len(other.Items) == 0 {
		return len(p.Items) == len(other.Items)
	}
	return slices.ContainsFunc(p.Items, func(it ProtocolItem) bool { return slices.Contains(other.Items, it) })
}

// Period is for how long spots last.
type Period string

// The periods: calendar months, quarters and years.
const (
	Monthly   Period = "month"
	Quarterly Period = "quarter"
	Yearly    Period = "year"
)

var periods = []Period{Monthly, Quarterly, Yearly}

// spotMonth is the month in which a spot is taken, as a referral keeps it:
// "2026-11". It stays true when a new version counts by other periods.
func spotMonth(day calendar.Date) string { return day.String()[:len("2026-11")] }

// months gives the first and the last month of the period that a day is in.
func (p Period) months(day calendar.Date) (first, last string) {
	from, to := day.Month(), day.Month()
	switch p {
	case Quarterly:
		from = (from-1)/3*3 + 1
		to = from + 2
	case Yearly:
		from, to = 1, 12
	case Monthly:
	}
	year := strconv.Itoa(day.Year())
	return fmt.Sprintf("%s-%02d", year, from), fmt.Sprintf("%s-%02d", year, to)
}

// Side is one of the two parties.
type Side string

// The sides of a protocol.
const (
	SideMunicipality Side = "municipality"
	SideCounterpart  Side = "counterpart"
)

// ProtocolSignature is one party's consent: given here by its head, or on paper
// and recorded by the head of the municipality's unit.
type ProtocolSignature struct {
	Side     Side
	Name     string
	Position string
	On       calendar.Date
	OnPaper  bool
	At       time.Time // of the record
	ByID     string
	ByName   string
}

// Signature gives what a side signed, nil while it has not.
func (p *Protocol) Signature(side Side) *ProtocolSignature {
	for i := range p.Signatures {
		if p.Signatures[i].Side == side {
			return &p.Signatures[i]
		}
	}
	return nil
}

// ProtocolEvent is a line of a protocol's history.
type ProtocolEvent struct {
	What string // created, sent, signed, returned, approved, replaced, ended
	Note string
	At   time.Time
	Name string
	Role string
}

// rshDays is the promise that a protocol with the RSH desk cannot exceed.
const rshDays = 5

// mostDays bounds what is promised.
const mostDays = 250

// lacking says what a draft still needs before it can be signed.
func (p *Protocol) lacking(today calendar.Date) []fault.Field {
	var list []fault.Field
	need := func(missing bool, name, key string) {
		if missing {
			list = append(list, fault.Field{Name: name, Key: key})
		}
	}
	need(p.Title == "", "title", "protocol.error.title")
	need(p.Process == "", "process", "protocol.error.process")
	need(p.Answer == "", "answer", "protocol.error.answer")
	need(p.CitizenDays == 0, "citizen_days", "protocol.error.days_missing")
	need(p.AnswerDays == 0, "answer_days", "protocol.error.days_missing")
	need(p.From.IsZero(), "valid_from", "protocol.error.from")
	need(p.To.IsZero(), "valid_to", "protocol.error.to")
	need(!p.To.IsZero() && p.To.Before(today), "valid_to", "protocol.error.to_past")
	return list
}
