package trail

import "gsl/templates/ui"

// Errors are what is wrong with a form.
type Errors = ui.Errors

// Wrong is one thing that is wrong with a field.
func Wrong(name, text string) ui.FieldError { return ui.FieldError{Name: name, Text: text} }

// Fact is a name with its value.
type Fact struct{ Name, Text string }

// Tab is a link to a list, with its count.
type Tab struct {
	Text, Count, Href string
	Current           bool
}

// Asking is the form of a request.
type Asking struct {
	Action   string
	Back     string
	Stranger bool // who asks may have no file: RUN and name are asked for
	RUN      string
	Name     string // of the person, where there is a file
	Open     []Waiting
	Kinds    []ui.Option
	Asked    string
	Channels []ui.Option
	Proofs   []ui.Option
	Agent    string
	AnswerTo string
	Received string
	Key      string
	Errors   ui.Errors
}

// Waiting is a request of the person that waits already, with its receipt.
type Waiting struct{ Text, PDF string }

// Register is a page of what people asked.
type Register struct {
	Closed bool
	Tabs   []Tab
	Late   string // how many are late, "" for none
	Rows   []Line
	First  string
	Next   string
}

// Line is a request in the register.
type Line struct {
	Href, Folio, Name, Number, Kind, Received string
	Clock                                     Clock
}

// Clock is the time that is left for an answer.
type Clock struct {
	State string // open, late, answered
	Tag   ui.Tag
	Text  string // beside it, "" for nothing
	Due   string
}

// Request is one request, with the forms that answer it.
type Request struct {
	Folio, Kind string
	Clock       Clock
	Asked       string
	Facts       []Fact
	Held        bool // there is a file to hand over
	Package     Package
	Receipt     string
	Answered    bool
	AnswerText  string
	AnswerFacts []Fact
	AnswerTo    string // address of the form
	Answer      Answering
	NoteTo      string
	Note        string
	NoteErrors  ui.Errors
	Entries     []Entry
}

// Package is what hands the whole file over.
type Package struct {
	Action string // "" when there is nothing to hand over
	Parts  []string
	Left   []string // what stays out, with the reason
}

// Answering is the form of an answer.
type Answering struct {
	Outcomes   []ui.Option
	Outcome    string
	Text       string
	Deliveries []ui.Option
	Delivery   string
	Errors     ui.Errors
}

// Entry is a line of a request's history.
type Entry struct{ At, By, Role, What, Note string }
