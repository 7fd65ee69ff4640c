// Package visit shows home visits: those of a file, the form that decides one, the
// form at the door, one visit, and the sheet of a day. Views are decided data.
package visit

import (
	"context"

	"github.com/a-h/templ"

	documentviews "gsl/templates/document"
	"gsl/templates/ui"
)

// List is the visits of a file.
type List struct {
	New       string  // where a visit is decided, "" for who may not
	Asked     []Asked // plan items that ask for a visit and wait for none
	Waiting   []Row   // still to be made
	Past      []Row   // recorded or cancelled, the newest first
	Sheet     string  // the sheet of today
	FollowUps string  // what is written down to do for the person
}

// Asked is a plan item that asks for a visit.
type Asked struct{ Name, Plan, Purpose, Address, Href string }

// Row is one visit in a list.
type Row struct {
	Href      string
	When      string // "24-11-2026 · 10:30", "Sin fecha"
	State     ui.Tag
	Purpose   string
	Address   string
	Worker    string
	Note      string // what became of it, in a line
	Record    string // where it is recorded, "" when that is over or not the reader's
	Edit      string
	Again     string
	Unplanned bool // it waits for its day
}

// Form decides a visit, or changes one.
type Form struct {
	Title   string
	Action  string
	Cancel  string // where one goes back
	Save    string // words of the button
	For     string // the plan item that it fulfils, in words; "" for a visit by itself
	After   string // the visit that it repeats, in words
	Hidden  []Hidden
	Errors  ui.Errors
	Day     ui.Input
	Clock   ui.Input
	Worker  ui.Input
	Staff   []ui.Option
	Address ui.Input
	Purpose ui.Input
	With    ui.Input
	Problem string // why it could not be saved as it is
	Now     []Fact // how it stands, when somebody else changed it
	See     string // where it stands
}

// Hidden is a field that goes along unseen.
type Hidden struct{ Name, Value string }

// Fact is a name with its value.
type Fact struct{ Name, Value string }

// Page is one visit.
type Page struct {
	State    ui.Tag
	Facts    []Fact
	Plan     string // address of the plan, "" for none
	PlanText string
	Record   string // where it is recorded, "" when it is over
	Edit     string
	Cancel   *Cancel
	Again    string // where another one is decided
	Draft    string // that somebody began to write, "" for nothing
	Found    *Found // nil until somebody was at the door
	Photos   documentviews.List
	HasPhoto bool
	Photo    *Photo // nil when none can be added
	Add      *Add   // nil when nothing can be added
	History  []Entry
	Previous *Link
	Next     *Link
}

// Link is a word with an address.
type Link struct{ Href, Text string }

// Cancel is the form that cancels a visit.
type Cancel struct {
	Action string
	Reason ui.Input
	Errors ui.Errors
}

// Found is what was recorded.
type Found struct {
	Facts    []Fact
	Groups   []Group
	Concerns string // "3 hallazgos que atender", "" for none
	Note     string
}

// Group is what was found of one subject.
type Group struct {
	Title   string
	Answers []Answer
}

// Answer is one finding.
type Answer struct {
	Question, Text string
	Concern        bool
}

// Photo is the form that adds a photo.
type Photo struct {
	Action string
	Accept string
	Errors ui.Errors
}

// Add is the form that adds words to a visit that is over.
type Add struct {
	Action string
	Text   ui.Input
	Errors ui.Errors
}

// Entry is one line of the history.
type Entry struct{ At, What, By, Note string }

// Door is the form at the door.
type Door struct {
	Action   string
	Draft    string // where it is kept while one types
	Cancel   string
	Window   string // names this window
	Seen     string
	Facts    []Fact // what was agreed
	Phone    string // of the person, "" unknown
	Call     string // address that calls it
	Map      string
	Kept     string // "Guardado 10:42 por Camila Rojas", "" for nothing
	Problem  string
	Theirs   []Fact // what somebody else recorded meanwhile
	See      string
	Mine     *Add // to add one's own words to what somebody else recorded
	Errors   ui.Errors
	Results  []ui.Option
	On, At   ui.Input
	People   []ui.Option // of the household
	Others   ui.Input
	Groups   []Questions
	Note     ui.Input
	Photos   documentviews.List
	HasPhoto bool
	Accept   string
}

// Questions are those of one subject.
type Questions struct {
	Title string
	Items []Question
	Open  bool
}

// Question is one box of the checklist.
type Question struct {
	ui.Input
	Options []ui.Option // none: a number
}

// Sheet is the visits of a day.
type Sheet struct {
	Title    string
	Who      string
	Day      string // as it stands in the box
	Previous string
	Next     string
	Today    string
	Action   string
	Staff    []ui.Option // for the head
	Worker   string
	Order    []Tab
	Rows     []Stop
	Results  []string
	Empty    string
	Todo     string
	Waiting  string // how many wait for a day or to be recorded, "" for none
	Agenda   string
}

// Tab is a link among others.
type Tab struct {
	Text, Href string
	Current    bool
}

// Stop is one visit on the sheet.
type Stop struct {
	Number  string
	Clock   string
	Address string
	Name    string
	RUN     string
	Phone   string
	Purpose string
	With    string
	Worker  string
	State   *ui.Tag // nil while it waits
	Href    string
	Record  string
}

// photographs sends a photo as soon as it is chosen.
func photographs(ctx context.Context, action, accept string) templ.Attributes {
	attrs := sendsPhoto(ctx, action)
	attrs["accept"], attrs["hx-trigger"] = accept, "change"
	return attrs
}

// sendsPhoto renews the photos alone: the form around them, half filled, stays.
func sendsPhoto(ctx context.Context, action string) templ.Attributes {
	attrs := templ.Attributes{"hx-post": action, "hx-target": "#visit-photos", "hx-swap": "innerHTML", "hx-encoding": "multipart/form-data",
		"hx-vals": `{"do":"photo"}`, "hx-sync": "this:queue all"}
	for _, a := range ui.HX(ctx) {
		attrs[a.Key] = a.Value
	}
	return attrs
}
