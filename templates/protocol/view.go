// Package protocol draws the agreements by which the municipality refers: their
// list with state and evaluation, one of them with its seven clauses, and the
// form in which they are written.
package protocol

import (
	"gsl/templates/ui"
)

// List is the page of all agreements.
type List struct {
	CanDraft bool
	Over     bool   // shows those that ended
	Todo     []Todo // what waits for the reader
	Lines    []Line
}

// Todo is a sentence about what waits.
type Todo struct {
	Icon string
	Text string
}

// Line is one agreement at a glance.
type Line struct {
	Href         string
	Title        string
	Number       string // "P-2026-0001 · versión 2"
	Counterpart  string
	Between      string // who refers: all desks, or the unit
	Tag          ui.Tag
	Validity     string
	ValidityNote string // "faltan 12 días", "" none
	Next         *Link  // a newer text on its way
	Spots        string // "Quedan 3 de 10 este mes"
	NoSpots      bool
	Promise      string
	Referred     string
	Granted      string // "" while nothing was answered
	InTime       string
	Overdue      string // "" none
}

// Link leads somewhere.
type Link struct{ Href, Text string }

// Page is one protocol.
type Page struct {
	Title        string
	Number       string
	Tag          ui.Tag
	Between      string
	PDF          string
	Edit         string // "" the reader does not write it
	NewVersion   string // action, "" none
	Notice       *Todo  // what one should know before reading: replaced, expired, sent back
	NoticeLink   *Link
	Step         *Step
	Clauses      []Clause
	Signatures   []Signature
	Versions     []Version
	Events       []Event
	End          *Reason // nil: cannot be ended by the reader
	Evaluation   []Figure
	EvaluationOf string
	Refusals     []Figure
	Contact      []string
	Errors       ui.Errors
}

// Clause is one of the seven, with what it says.
type Clause struct {
	Number int
	Title  string
	Facts  []Fact
	List   []string
	Text   string
	Empty  string // says that nothing was written, "" otherwise
}

// Fact is a label with its value; Bad paints what needs care and has an icon.
type Fact struct {
	Label string
	Value string
	Bad   bool
}

// Figure is a counted number with its name.
type Figure struct {
	Label string
	Value string
	Bad   bool
}

// Signature is a party's place to sign.
type Signature struct {
	Party  string
	Name   string // "" not signed yet
	Detail string
	State  string // the word: signed, approved, pending
	Done   bool
}

// Version is another text of the agreement.
type Version struct {
	Href    string
	Text    string
	Tag     ui.Tag
	Current bool
}

// Event is a line of the history.
type Event struct{ At, What, Who, Note string }

// Step is what the reader can do next, and what waits for others.
type Step struct {
	Title   string
	Text    string
	Sign    []Sign
	Send    *Act
	Approve *Act
	Return  *Reason
}

// Act is a button that does something to the text as it was read.
type Act struct {
	Action   string
	Revision string
	Text     string
	Icon     string
}

// Sign is a signature that the reader can give or copy from paper.
type Sign struct {
	Act
	Side     string
	Says     string
	Paper    bool
	Name     ui.Input
	Position ui.Input
	On       ui.Input
}

// Reason is a form that asks why.
type Reason struct {
	Action string
	Button string
	Icon   string
	Says   string
	Open   bool
	Input  ui.Input
}

// Begin is the form of a new protocol.
type Begin struct {
	Unit         ui.Input
	Units        []ui.Option
	Counterpart  ui.Input
	Counterparts []ui.Option
	AllDesks     bool
	Errors       ui.Errors
}

// Form is a draft being written.
type Form struct {
	Key       string // of this very form
	Action    string
	Page      string
	Heading   string
	Between   string
	Title     ui.Input
	AllDesks  bool
	AllText   string
	Items     []Item
	ItemsHint string
	ItemError string
	Rows      []Row
	Full      bool // no more rows
	FocusAdd  bool // a row is gone: go on at the button that adds
	Inputs    map[string]ui.Input
	Periods   []ui.Option
	Saved     Saved
	Errors    ui.Errors
	Conflict  *Conflict
	Returned  string // why it was sent back, "" it was not
}

// Item is a catalogue item that the agreement may cover.
type Item struct {
	Code, Name string
	Checked    bool
}

// Row is one criterion.
type Row struct {
	Index      string
	Number     string
	First      bool
	Join       ui.Input
	Joins      []ui.Option
	Scope      ui.Input
	Scopes     []ui.Option
	Condition  ui.Input
	Conditions []ui.Option
	Value      ui.Input
}

// Saved says when the draft was kept, and carries which text that was.
type Saved struct {
	Revision string
	Text     string
	Trouble  bool
}

// Conflict shows what somebody else saved meanwhile beside what was typed.
type Conflict struct {
	Text  string
	Rows  []Clash
	Fresh string
}

// Clash is one clause in which two texts differ.
type Clash struct{ Label, Theirs, Mine string }
