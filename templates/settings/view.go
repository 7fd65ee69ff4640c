// Package settings shows how a municipality works, and lets its administration
// change it: settings, units, who is away.
package settings

import "gsl/templates/ui"

// Index is the first page.
type Index struct {
	Units   []Count // how many units of each kind
	Away    string  // who is away today, in words
	Model   Model
	General General
	Reports Reports
}

// Reports is whether heads approve reports, and who is suggested as the head.
type Reports struct {
	Needed                 bool
	HeadName, HeadPosition string
	Mark                   string // of the settings that were shown
	Errors                 ui.Errors
	Problem                string
	Kept                   []Line
}

// Count is a number and what it counts.
type Count struct{ Number, Text string }

// Model is how the municipality takes people.
type Model struct {
	Value string
	Error string
}

// General are amounts and days.
type General struct {
	Worker, Head              string // pesos as typed
	Promise, RSHPromise, Link string // days as typed
	WaitingList               bool
	Mark                      string // of the settings that were shown
	Errors                    ui.Errors
	Problem                   string // of the whole form
	Kept                      []Line // what is kept now, beside what was typed
}

// Line is a label and what it says.
type Line struct{ Label, Value string }

// Units is the directory.
type Units struct {
	Groups []Group
	New    *Unit // the form of a new one
	Focus  bool
}

// Group are the units of a kind.
type Group struct {
	ID      string
	Title   string
	Hint    string
	Add     string // address of the form of a new one, "" for none
	AddText string
	Rows    []Row
}

// Row is a unit.
type Row struct {
	Code    string
	Name    string
	Aliases string // "También: Oficina de la Vivienda"
	Contact []string
	Lacks   bool // by letter, and nobody knows where to
	Channel string
	People  []Person
	Count   string // "3 personas"
	Open    string // referrals under way
	Active  bool
	Edit    string // address that opens the form in place
	Module  *Module
	Form    *Unit // the row is open
}

// Person is somebody who works in a unit.
type Person struct{ Name, Role string }

// Module is the switch of an inbox.
type Module struct {
	On      bool
	Problem string
}

// Unit is the form of a unit.
type Unit struct {
	Code    string // "" for a new one
	Title   string
	Kind    string
	Name    string
	Contact string
	Phone   string
	Email   string
	Address string
	Channel string
	Inbox   bool // integrated: no channel to choose
	Base    bool // always works here: cannot be switched off
	Aliases string
	Fixed   string // names of the national catalogue that lead here
	Active  bool
	Version string
	Errors  ui.Errors
	Problem string
	Kept    []Line
}

// Absences is who is away and who does the work.
type Absences struct {
	Base  string // address of the page
	Rows  []Absence
	Form  AbsenceForm
	Unit  string // of the head; "" for all
	Focus bool
}

// Absence is a line.
type Absence struct {
	ID          string
	Name        string
	Unit        string
	Time        string // "23-11-2026 al 04-12-2026"
	Now         bool   // today
	State       string // "Ausente hoy", "Desde el 23-11-2026"
	Replacement string
	Reason      string
	By          string
	End         string // what the button says
}

// AbsenceForm is the form of a new one.
type AbsenceForm struct {
	People      []ui.Option
	Reasons     []ui.Option
	Person      string
	Replacement string
	From, To    string
	Reason      string
	Errors      ui.Errors
}
