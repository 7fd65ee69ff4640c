package access

import (
	"strings"
	"time"

	"gsl/app/kit/calendar"
	"gsl/app/kit/sheet"
)

// What of the roster is looked at: a state, as a list is narrowed by it.
const (
	Current  = ""         // with a role today or later
	Waiting  = "invited"  // invited, without a password yet
	Unused   = "unused"   // nothing done for UnusedDays
	Disabled = "disabled" // the account, or a role
	Former   = "former"   // every role has ended
)

// UnusedDays is after how many days without work an account is one to look at.
const UnusedDays = 60

// Sieve is what of the roster is looked for. Words are a name, a RUN or an e-mail
// address: personal data, which stand in no address of a page.
type Sieve struct {
	Words        string
	State        string
	Role         string // code; "" for all
	Unit         string // code; "" for all
	Municipality string // CUT code; "" for all within reach
	After        string // id of the last person of the page before
}

// sifting is a Sieve as the query asks it, within somebody's reach.
type sifting struct {
	Sieve
	municipality string // id; "" for all
	run          uint32 // of the words, 0 when they are no RUN
	email        string
	words        []string // folded
	today        calendar.Date
	idle         time.Time // who worked since then, uses the account
}

func (s *Service) sift(r reach, q Sieve, now time.Time) sifting {
	out := sifting{Sieve: q, today: calendar.On(now), idle: now.AddDate(0, 0, -UnusedDays)}
	if !r.all {
		out.municipality = r.municipality
	}
	if r.unit != "" {
		out.Unit = r.unit
	}
	text := strings.TrimSpace(q.Words)
	run, err := s.config.ParseRUN(text)
	switch {
	case text == "":
	case err == nil:
		out.run = run
	case strings.Contains(text, "@"):
		out.email = text
	default:
		out.words = strings.Fields(sheet.Fold(text))
	}
	return out
}

// Person is somebody of the roster, as far as the actor may know.
type Person struct {
	User
	Memberships []Membership // within reach, past and future ones too
	Pending     bool         // no password yet
	InvitedTill time.Time    // of the open invitation, zero for none
	SignedInAt  time.Time    // last sign-in; for a municipality, into its own roles
	SeenAt      time.Time    // last activity, likewise
	Agreement   string       // version of the confidentiality agreement accepted last, "" none
	AgreedAt    time.Time
}

// Standing is where a person stands, for the list and the page.
type Standing string

// The standings, the most telling first.
const (
	AccountOff Standing = "account_off" // disabled by the national administration
	Ended      Standing = "ended"       // every role has ended, or none was given
	RolesOff   Standing = "roles_off"   // every role is disabled
	Asked      Standing = "invited"     // the link waits
	Expired    Standing = "expired"     // the link has ended
	Idle       Standing = "idle"        // nothing done for UnusedDays
	Working    Standing = "working"
)

// Standing judges the person on that day.
func (p *Person) Standing(now time.Time) Standing {
	today, held, off := calendar.On(now), 0, 0
	since := p.CreatedAt
	for _, m := range p.Memberships {
		if m.Over(today) {
			continue
		}
		if held++; m.Off {
			off++
		}
		if from := m.From.Time(); from.After(since) {
			since = from
		}
	}
	if p.SeenAt.After(since) {
		since = p.SeenAt
	}
	switch {
	case !p.DisabledAt.IsZero():
		return AccountOff
	case held == 0:
		return Ended
	case off == held:
		return RolesOff
	case p.Pending && now.Before(p.InvitedTill):
		return Asked
	case p.Pending:
		return Expired
	case now.Sub(since) >= UnusedDays*24*time.Hour:
		return Idle
	}
	return Working
}

// activity takes the last sign-in and activity from the roles within reach: what
// somebody does elsewhere is nothing to a municipality.
func (p *Person) activity() {
	p.SignedInAt, p.SeenAt = time.Time{}, time.Time{}
	for _, m := range p.Memberships {
		if m.EnteredAt.After(p.SignedInAt) {
			p.SignedInAt = m.EnteredAt
		}
		if m.SeenAt.After(p.SeenAt) {
			p.SeenAt = m.SeenAt
		}
	}
}

// Roster is a page of people, with how many there are of each kind in all.
type Roster struct {
	People []Person
	More   bool
	Tally  Tally
}

// Tally counts the people within reach who have a role today or later.
type Tally struct{ Current, Waiting, Unused, Disabled int }

// Dossier is all there is to know of one person.
type Dossier struct {
	Person
	Sessions   int  // open now
	Own        bool // it is the actor
	Resettable bool // the actor may make a link to the password
}

// Post is a role with its unit, as it is given.
type Post struct{ Role, Unit string }

// posts are those that exist, in the order of a list of choices.
var posts = []Post{
	{FrontDesk, ""}, {RSHDesk, RSHUnit}, {SubsidiesDesk, SubsidiesUnit},
	{FrontDesk, SocialUnit}, {FrontDesk, RSHUnit}, {FrontDesk, SubsidiesUnit}, {FrontDesk, FamiliesUnit}, {FrontDesk, CareUnit}, {FrontDesk, OtherUnit},
	{CaseManager, SocialUnit}, {CaseManager, FamiliesUnit}, {CaseManager, CareUnit}, {CaseManager, OtherUnit},
	{UnitHead, SocialUnit}, {UnitHead, RSHUnit}, {UnitHead, SubsidiesUnit}, {UnitHead, FamiliesUnit}, {UnitHead, CareUnit}, {UnitHead, OtherUnit},
	{Director, ""}, {Counterpart, ""}, {TechnicalAssistant, ""}, {NationalAdmin, ""},
}

// posts gives those that may be given here. The desk of a unit is offered to its
// head only: for everybody else a front desk is everybody's.
func (r reach) posts() (list []Post) {
	for _, p := range posts {
		if p.Role == FrontDesk && p.Unit != "" && r.unit == "" {
			continue
		}
		if r.grants(p.Role, p.Unit, r.municipality) {
			list = append(list, p)
		}
	}
	return list
}
