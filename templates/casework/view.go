// Package casework shows cases: the list of a worker, the board of a unit, and
// who is responsible for a file.
package casework

import "gsl/templates/ui"

// List is a page of cases.
type List struct {
	Title    string
	Meta     string // "34 casos"
	Board    bool   // of a unit: with responsible worker, filter and reassignment
	Tabs     []Tab  // own cases and board, for who has both
	Filter   []Tab  // of the own cases: all, by age, without movement
	Rows     []Row
	Next     string // address of the next page, "" for none
	First    string // address of the first page, "" when this is it
	Empty    string
	Todo     string
	Reassign *Reassign
	Here     string // address of this list, which the form comes back to

	Matrix *Matrix // of a board: how many cases each worker has, by age
	Lists  []Tab   // working lists
	Opened *OpenedList
	Save   *SaveList
	Export string // address of the list as a table
}

// Matrix counts the cases of a unit by worker and age.
type Matrix struct {
	Ages  []string
	Lines []MatrixLine
	All   MatrixLine
}

// MatrixLine is the counts of a worker; a count of nothing leads nowhere.
type MatrixLine struct {
	Name  string
	Waits bool // nobody's cases
	Ages  []Tab
	Total Tab
	Still Tab
}

// OpenedList is the working list that is shown.
type OpenedList struct {
	By      string
	Means   string // which cases its condition lets through
	Shared  bool
	Mine    bool   // the reader may take it away
	TakeOut string // address that takes cases out, "" for a list with a condition
	Remove  string
}

// SaveList is the form that keeps a working list.
type SaveList struct {
	Condition string // of the list that is shown, "" when it is narrowed by nothing
	Into      []ui.Option
	Name      string
	Shared    bool
	Open      bool
	Errors    ui.Errors
}

// Tab is a link to a list, with its count.
type Tab struct {
	Text    string
	Icon    string // "" for none
	Count   string
	Href    string
	Current bool
}

// Row is a case.
type Row struct {
	ID        string
	Href      string // of the file
	Name      string
	Number    string // RUN or provisional ID
	Veiled    bool   // the file is shut for the reader: its plan and attentions are not told
	Circle    string
	Worker    string // "" waits for somebody
	WorkerID  string
	Note      string // who is away, whom one replaces
	Moved     string // date of the last movement
	Age       string // "124 días"
	Pending   string // "3 ítems pendientes", "" for none
	Last      string // date of the latest attention, "" for none
	LastAbout string
	Still     string // "hace 12 días"
	Late      bool   // nobody moved it for long
	CaseHref  string // who was responsible
	Checked   bool
}

// Reassign is the form that gives cases to somebody else.
type Reassign struct {
	Staff  []ui.Option
	Worker string
	Reason string
	Anyway bool // asked: the worker is away
	Errors ui.Errors
	Back   string // where it leads when it is done

	WholeText string // "Los 45 casos de esta lista", "" where a list is nobody's
	Whole     bool
	From      string // whose the list is
	Total     int
}

// Case is who is responsible for a file.
type Case struct {
	ID       string // "" when there is no open case
	WorkerID string
	Worker   string // "Camila Rojas", or that it waits
	Since    string
	Note     string // who does the work meanwhile
	Entries  []Entry
	Reassign *Reassign
	Close    string // address of the page that closes it, "" for who may not
	Notes    string // address of the log, "" for who reads no casework
	Open     *OpenCase
	Past     []PastCase
}

// OpenCase is the form that opens a case.
type OpenCase struct {
	Action string
	Again  bool // one was closed: the new one goes on from it
	Staff  []ui.Option
	Reason string
	Errors ui.Errors
}

// PastCase is a case that was closed.
type PastCase struct {
	From, To string
	Worker   string
	Reason   string
	Summary  string // "" for who reads no casework
	By       string
}

// CloseCase is the form that closes a case.
type CloseCase struct {
	Action  string
	Back    string
	Case    string
	Reasons []ui.Option
	Summary string
	Undone  []UndoneWork
	Anyway  bool
	Errors  ui.Errors
}

// UndoneWork is work that is not finished.
type UndoneWork struct{ Href, Name, Pending string }

// Entry is a change of who is responsible.
type Entry struct {
	At     string
	What   string
	By     string
	Reason string
}

// listAction is where the form around a list leads when no other button is
// pressed.
func listAction(v *List) string {
	if v.Reassign != nil {
		return "/cases/assign"
	}
	return "/cases/lists"
}
