package report

import (
	"fmt"
	"time"

	"gsl/app/kit/calendar"
)

// State is where a report stands.
type State string

// The states of a report.
const (
	Draft    State = "draft"
	Signed   State = "signed"
	Approved State = "approved" // by the head, where the municipality asks for it
	Issued   State = "issued"
	Annulled State = "annulled" // with a reason
)

// transitions says which state may follow which.
var transitions = map[State][]State{
	Draft:    {Signed, Annulled},
	Signed:   {Approved, Issued, Draft, Annulled}, // Draft: returned for correction, or taken back by who signed,
	Approved: {Issued, Annulled},
	Issued:   {Annulled},
}

// MayBecome reports whether the change is allowed; staying is not a change.
func (s State) MayBecome(next State) bool {
	for _, allowed := range transitions[s] {
		if allowed == next {
			return true
		}
	}
	return false
}

// Report is one social report: who it is about and where it stands. What it says
// is its Content.
type Report struct {
	ID, FileID     string
	State          State
	Version        int64  // grows with every change of the report, not of its parts
	Year, Number   int    // of the folio, 0 until it is signed
	PlanID, ItemID string // the plan item it was made for, "" for none
	PreviousID     string // the report it takes the place of, "" for none
	PurposeCode    string // item of the catalogue, category C; "" for none of it
	Purpose        string
	DueOn          calendar.Date // until when it is wanted; zero: nobody said
	Unit, UnitName string        // that writes it
	CreatedAt      time.Time
	CreatedBy      string
	CreatedByName  string

	Author    Author    // who signed it, zero for a draft
	Signature Signature // zero for a draft
	Approval  Approval
	Issue     Act
	Annulment Annulment
}

// Author is who signs, as the paper says it.
type Author struct {
	ID           string // of the roster
	Name         string
	Profession   string
	Registration string // number in the professional register
}

// Signature is what signing left.
type Signature struct {
	At     time.Time
	Digest string // SHA-256 of what was signed, in hexadecimal
	Code   string // by which anybody can check the paper
}

// Act is who did something and when.
type Act struct {
	At       time.Time
	By, Name string // id and name
}

// Approval is the head's consent, where the municipality asks for it.
type Approval struct {
	Act
	Needed       bool
	HeadName     string // as the paper says it
	HeadPosition string
	Comment      string // the head's last words
}

// Annulment is who ended a report and why.
type Annulment struct {
	Act
	Reason string
}

// Folio is the number that people quote, "2026-0007"; "" until it is signed.
func (r *Report) Folio() string {
	if r.Number == 0 {
		return ""
	}
	return fmt.Sprintf("%d-%04d", r.Year, r.Number)
}

// Entry is one line of a report's history.
type Entry struct {
	At     time.Time
	By     string // name
	Role   string
	Was    State // "" for a new one
	Became State
	Note   string
}
