// Package national shows the pages of the national administration: what wants a
// look, all municipalities, one of them, and how a new one begins.
package national

import "gsl/templates/ui"

// State is how something is: a word with its icon and colour.
type State struct {
	Text string
	Icon string
	Kind ui.TagKind
}

// Card is a figure of the first page.
type Card struct {
	Icon, Label, Value, Note, Href string
	Urgent                         bool
}

// Alert is something that wants a look.
type Alert struct {
	Name  string
	Href  string
	State State
	What  []string // what is wrong, in words
}

// Home is the first page.
type Home struct {
	Intro    string
	Cards    []Card
	Alerts   []Alert
	More     string // "y 12 más", "" for none
	Checked  string // when the list was last refreshed
	Batches  []BatchRow
	SameDisk string // what it means that the replicas lie on the disk of the files; "" when they do not
}

// BatchRow is a batch in a list.
type BatchRow struct {
	Href, File, When, By string
	State                State
	Told                 string // how far it is
}

// List is the page of all municipalities.
type List struct {
	Title   string
	Chips   []Chip
	Text    ui.Input
	Region  ui.Input
	Regions []ui.Option
	Hidden  []Pair // what the form keeps: sort, status, health
	Columns []Column
	Rows    []Row
	Count   string // how many are shown
	Checked string
	Next    string // address, "" for none
	First   string // address of the first page, "" on it
	Clear   string // address without filters, "" when there are none
	CSV     string
}

// Pair is a hidden field.
type Pair struct{ Name, Value string }

// Chip is a choice above the list.
type Chip struct {
	Text, Href, Icon string
	Count            string
	Current          bool
}

// Column is a head of the table: pressed it sorts by it.
type Column struct {
	Text, Href string
	Sort       string // ascending, descending, none; "" cannot be sorted by
	Class      string
}

// Row is a municipality in the list.
type Row struct {
	Href, Name, Code, Kind string
	Region                 string
	Status                 State
	Users, Last            string
	Storage                string
	Schema                 string
	OldSchema              bool
	Lag                    string
	LagLate                bool
	Drill                  string
	Health                 State
	What                   string // what is wrong, in words
}

// Detail is the page of one municipality.
type Detail struct {
	ID, Name, Code, Kind string
	Status, Health       State
	What                 []string
	Facts                []Fact
	Files                []File
	Standing             string // who changed its status, when and why
	Half                 *Half
	Act                  Act
	Lock                 LockForm
	Exports              []Export
	Making               bool // an export is being made: the page asks again
	Links                []Link
}

// Fact is a label and what it says.
type Fact struct{ Label, Value string }

// Link leads to a page about the municipality.
type Link struct{ Text, Href, Icon string }

// File is one of its files with its replica.
type File struct {
	Name, Target, Lag, Drill string
	State                    State
}

// Half says that it stands half made.
type Half struct{ Ordered, Trouble string }

// Act is the form by which it is suspended, brought back, put away.
type Act struct {
	Active, Suspended, Archived bool
	Reason                      string
	Do                          string // which of them was tried
	Code                        bool   // the second factor is asked
	Errors                      ui.Errors
}

// LockForm says to whom an export is encrypted.
type LockForm struct {
	Registered string // the municipality's own key, shortened; "" none
	Since      string // who registered it, and when
	Code       bool
	Errors     ui.Errors
}

// Export is an encrypted copy.
type Export struct {
	ID, When, By, LockedTo, Size, Digest string
	State                                State
	Ready                                bool
}

// Order is the form of a new municipality.
type Order struct {
	Key       string // of the form
	Place     ui.Input
	Groups    []Group
	Model     ui.Input
	Modules   []Box
	Units     []Box
	Template  ui.Input
	Templates []ui.Option
	RUN       string
	Given     string
	Surnames  string
	Email     string
	Code      bool
	Errors    ui.Errors
	Trouble   string
}

// Group are the places of a region.
type Group struct {
	Label  string
	Places []ui.Option
}

// Box is a box to tick.
type Box struct {
	Name, Value, Text, Hint string
	Checked                 bool
}

// Made is what came of a form.
type Made struct {
	Title   string
	Already bool
	Took    string
	Name    string
	Href    string
	Invited string
	Link    string
	Hint    string
}

// Batches is the page of many municipalities from a table.
type Batches struct {
	Rows    []BatchRow
	Columns []Fact
	Errors  ui.Errors
	Trouble string
}

// Batch is one table and what becomes of it.
type Batch struct {
	ID, File, Who string
	State         State
	Intro         string
	Running       bool
	Begun         bool
	Done, Total   int
	Told          string // "120 de 345"
	Counts        []Chip
	Rows          []Line
	More          string
	Ignored       string
	CanStart      bool
	Start         string // what the button says
	CanStop       bool
	CanLinks      bool
	LinksHint     string
	Result        string // address of the result
	Code          bool
	Errors        ui.Errors
}

// Line is a row of the table.
type Line struct {
	Number   string
	Name     string
	Href     string
	State    State
	Problems []string
}

// OwnKey is the page on which a municipality registers its key.
type OwnKey struct {
	Key    string
	Since  string
	Value  string
	Code   bool
	Errors ui.Errors
}
