package casework

import "gsl/templates/ui"

// Log is a page of the log of a person's cases.
type Log struct {
	Kinds    []Tab
	Filtered bool
	Form     *NewNote // nil: the actor only reads, or there is no open case
	NoCase   bool
	CaseHref string // where a case is opened
	Notes    []Note
	Hidden   string // how many the reader may not read
	Older    string
	Newest   string
}

// Note is one note of the log.
type Note struct {
	ID           string
	Kind         string
	Icon         string
	Word         string // the kind in words
	On           string
	Text         string
	Confidential bool
	Participants []string
	Agreements   []Agreement
	By, At       string
	Added        []Addition
	Amend        *Amend // nil: the actor only reads
}

// Agreement is what a meeting agreed.
type Agreement struct{ What, Responsible, Due string }

// Addition is what was added to a note.
type Addition struct{ Text, By, At string }

// Amend is the form that adds to a note.
type Amend struct {
	Action string
	Key    string
	Text   string
	Open   bool
	Errors ui.Errors
}

// NewNote is the form of a note.
type NewNote struct {
	Action, Draft, Discard string
	Key                    string
	Kinds                  []ui.Option
	On                     string
	Text                   string
	Confidential           bool
	Participants           string
	Agreements             []AgreementLine
	Kept                   string // what was being typed came back, "" for an empty form
	Errors                 ui.Errors
}

// AgreementLine is a line of the form.
type AgreementLine struct {
	At                     string // index
	Number                 string
	What, Responsible, Due string
}
