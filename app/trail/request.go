package trail

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// Kind is what a person may ask about the data held on them.
type Kind string

// The kinds, in the order of the form.
const (
	Access        Kind = "access"
	Rectification Kind = "rectification"
	Erasure       Kind = "erasure"
	Objection     Kind = "objection"
	Portability   Kind = "portability"
	Blocking      Kind = "blocking"
)

// Kinds lists the kinds.
var Kinds = []Kind{Access, Rectification, Erasure, Objection, Portability, Blocking}

// Outcome is how a request was answered.
type Outcome string

// The outcomes, in the order of the form.
const (
	Granted   Outcome = "granted"
	Partly    Outcome = "partly"
	Refused   Outcome = "refused"
	NoData    Outcome = "no_data"   // nothing is held on the person
	Withdrawn Outcome = "withdrawn" // the person no longer wants it
)

// Outcomes lists the outcomes.
var Outcomes = []Outcome{Granted, Partly, Refused, NoData, Withdrawn}

// How a request came in or its answer goes out, and how the person showed who they are.
var (
	Channels = []string{"in_person", "letter", "email"}
	Proofs   = []string{"id_card", "clave_unica", "power", "legal", "other"}
)

// days is how many the law gives for an answer, counted from the day after.
const days = 30

// oldest is how many days ago a request may have come in that is registered today.
const oldest = 90

// Request is what one person asks.
type Request struct {
	ID, FileID               string // FileID "": the municipality holds nothing on the person
	Year, Number             int
	PersonName, PersonNumber string
	Asking
	Due                      calendar.Date
	Answered                 bool
	Answer                   Answer
	AnsweredOn               calendar.Date
	AnsweredBy               string // name
	CreatedAt                time.Time
	CreatedBy, CreatedByName string
	Veiled                   bool // in a list, of a file that is shut for who reads it
}

// Asking is what the form of a request says.
type Asking struct {
	Kind     Kind
	Asked    string // in the person's words
	Channel  string
	Proof    string // how the person showed who they are
	Agent    string // who asks for the person; "" the person
	AnswerTo string // address or mail; "" the answer is fetched
	Received calendar.Date
	Key      string // of the form: sent twice, it is one request
}

// Answer is what the form of an answer says.
type Answer struct {
	Outcome  Outcome
	Text     string
	Delivery string
}

// Folio is what people quote: "S-2026-0001".
func (r *Request) Folio() string { return fmt.Sprintf("S-%d-%04d", r.Year, r.Number) }

// Left is how many days are left for the answer; negative when it is late.
func (r *Request) Left(today calendar.Date) int { return today.DaysUntil(r.Due) }

// Late reports whether the day has passed without an answer.
func (r *Request) Late(today calendar.Date) bool { return !r.Answered && r.Left(today) < 0 }

// Entry is one line of a request's history.
type Entry struct {
	At         time.Time
	Name, Role string
	What       string // received, note, package, answered
	Note       string
}

// The longest texts, in characters.
const (
	longText  = 4000
	shortText = 200
)

// check names every field that cannot be.
func (a *Asking) check(today calendar.Date) error {
	var wrong []fault.Field
	refuse := func(name, key string) {
		wrong = append(wrong, fault.Field{Name: name, Key: key, Args: map[string]any{"Max": longText, "Days": oldest}})
	}
	if !slices.Contains(Kinds, a.Kind) {
		refuse("kind", "request.error.kind")
	}
	if key := textProblem(a.Asked); key != "" {
		refuse("asked", key)
	}
	if !slices.Contains(Channels, a.Channel) {
		refuse("channel", "web.field.choice")
	}
	if !slices.Contains(Proofs, a.Proof) {
		refuse("proof", "request.error.proof")
	}
	if a.Agent == "" && (a.Proof == "power" || a.Proof == "legal") {
		refuse("agent", "request.error.agent")
	}
	if a.AnswerTo == "" && (a.Channel == "letter" || a.Channel == "email") {
		refuse("answer_to", "request.error.answer_to")
	}
	switch {
	case a.Received.IsZero():
		refuse("received_on", "request.error.received")
	case today.Before(a.Received):
		refuse("received_on", "request.error.future")
	case a.Received.DaysUntil(today) > oldest:
		refuse("received_on", "request.error.old")
	}
	return invalid(wrong)
}

func (a *Answer) check() error {
	var wrong []fault.Field
	refuse := func(name, key string) {
		wrong = append(wrong, fault.Field{Name: name, Key: key, Args: map[string]any{"Max": longText}})
	}
	if !slices.Contains(Outcomes, a.Outcome) {
		refuse("outcome", "request.error.outcome")
	}
	switch key := textProblem(a.Text); {
	case key == "request.error.asked":
		refuse("answer", "request.error.answer")
	case key != "":
		refuse("answer", key)
	}
	if !slices.Contains(Channels, a.Delivery) {
		refuse("delivery", "request.error.delivery")
	}
	return invalid(wrong)
}

func textProblem(text string) string {
	switch {
	case strings.TrimSpace(text) == "":
		return "request.error.asked"
	case utf8.RuneCountInString(text) > longText:
		return "request.error.long"
	}
	return ""
}

func invalid(wrong []fault.Field) error {
	if len(wrong) == 0 {
		return nil
	}
	return fault.InvalidFields(wrong...)
}
