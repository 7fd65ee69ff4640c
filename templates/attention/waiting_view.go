package attention

import "gsl/templates/ui"

// Waiting is the waiting list of a desk.
type Waiting struct {
	Desk    string
	Pulse   string // address that answers when something changed
	Average string // "12 min", "" while nobody was called
	Served  string
	Mine    *Turn
	Waiting []Turn
	Called  []Turn // by colleagues
	Absent  []Turn
	Block   bool   // stands on the workbench: the short form
	More    string // "y 4 más", of the short form
	Problem string // what became of the press, "" for nothing
}

// Turn is one ticket.
type Turn struct {
	ID         string
	Number     string
	Name       string
	Lang       string // of the name: what a desk typed is Spanish
	Document   string
	Priority   string // in words, "" for none
	Minutes    string // waited
	By         string // who called
	At         string // when
	Priorities []ui.Option
}

// Arrival is the form that puts somebody on the list.
type Arrival struct {
	Who        string
	Priorities []ui.Option
	Desks      []ui.Option
	Errors     ui.Errors
}

// Topics is the list of topics as the municipality edits it.
type Topics struct {
	List   []Topic
	New    string
	Errors ui.Errors // of the new one
}

// Topic is one line of the list.
type Topic struct {
	Code    string
	Name    string
	Active  bool
	Version string
	Preset  string // what it is proposed for, "" for nothing
	Error   string
}
