package report

import "gsl/templates/ui"

// SheetFact is a label with its value.
type SheetFact struct{ Label, Value string }

// SheetBlock is one section of a report to be read.
type SheetBlock struct {
	Title string
	Facts []SheetFact
	Table *SheetTable
	Text  string   // with its own line ends
	List  []string // numbered when there are several
	Empty string   // what is said when nothing is there, "" for nothing
}

// SheetTable is a table to be read.
type SheetTable struct {
	Head []string
	Last bool // the last column is of numbers
	Rows [][]SheetCell
	Foot [][]SheetCell
}

// SheetCell is a cell with what explains it.
type SheetCell struct{ Text, Small string }

// short reports whether the cell is a date, an age or the like: it stays on one line.
func (c SheetCell) short() bool {
	return len(c.Text) <= len("02-01-2006") && len(c.Small) <= len("72 años")
}

// SheetLine is one line of a report's history.
type SheetLine struct{ At, Text, By, Note string }

// Lack is something that is missing, and where to write it.
type Lack struct{ Text, Href string }

// Sign is the page on which a report is read for the last time and signed.
type Sign struct {
	ID       string
	Edit     string
	Returned string // the head's words on a report that came back, "" for none
	By       string
	Blocks   []SheetBlock
	Missing  []Lack
	Problem  string // why it was not signed
	Approval bool   // a head has to approve
	Own      bool   // the head signs: nobody else approves
	Mark     string
	Name     string // who signs
	Form     SignForm
	Errors   ui.Errors
}

// SignForm is what is typed.
type SignForm struct{ Profession, Registration, HeadName, HeadPosition string }

// Sheet is the page of a report that was signed.
type Sheet struct {
	ID       string
	Title    string // "Informe social N° 2026-0012"
	State    ui.Tag
	Lead     string // what the state means, and who is next
	PDF      string
	Papers   string // where what hangs on it is seen
	Problem  string
	Ended    string // why it is not valid any more
	Previous *SheetLink
	Next     *SheetLink
	Facts    []SheetFact
	Blocks   []SheetBlock
	History  []SheetLine
	Code     string
	Check    string // address of its public page
	Acts     SheetActs
}

// SheetLink leads to another version.
type SheetLink struct{ Text, Href string }

// SheetActs are what the reader may do.
type SheetActs struct {
	Decide   *Decide
	Issue    bool
	Withdraw *Reason
	Annul    *Reason
	Version  *Reason
}

// Any reports whether there is something to do.
func (a *SheetActs) Any() bool {
	return a.Decide != nil || a.Issue || a.Withdraw != nil || a.Annul != nil || a.Version != nil
}

// Decide is what a head says.
type Decide struct {
	Code                   string
	HeadName, HeadPosition string
	Comment                string
	Return                 string // what was typed as the reason to return it
	Errors                 ui.Errors
	Returning              bool // it was the return that was wrong
}

// Reason is an act that asks for its reason.
type Reason struct {
	Value  string
	Errors ui.Errors
}

// Open reports whether the form comes back with something wrong.
func (r *Reason) Open() bool { return len(r.Errors) > 0 }

// Approvals is the list of what waits for a head.
type Approvals struct {
	Unit string
	Rows []ApprovalRow
	More bool
}

// ApprovalRow is one report that waits.
type ApprovalRow struct{ Since, Days, Person, Number, Folio, Purpose, By, Href, PDF string }

// Verify is the page on which anybody checks a paper.
type Verify struct {
	Typed    string
	Error    string
	Standing string // "" for the form alone
	Title    string
	Text     string
	Icon     string
	Kind     string // good, wait, bad
	Code     string
	Digest   string
	Facts    []SheetFact
}

// returnError is what is wrong with the reason of a return, "" when it was
// something else that was wrong.
func returnError(d *Decide) string {
	if !d.Returning {
		return ""
	}
	return d.Errors.Of("comment")
}
