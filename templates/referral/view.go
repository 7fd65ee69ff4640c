// Package referral is what people see of referrals: the inbox, one referral
// with its story, a file's referrals and the form that makes one. The structs
// hold decided data: texts in the reader's language, addresses, what may be done.
package referral

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"gsl/templates/ui"
)

// Term is a label with its text.
type Term struct{ Label, Text string }

// Clock says how a referral stands in time, in a plain sentence.
type Clock struct {
	Icon string
	Text string
	Kind string // "late", "soon", "paused", "done", ""
}

// Tab is one box of the inbox.
type Tab struct {
	Key     string
	Label   string
	Href    string
	Count   int // -1 shows none
	Urgent  bool
	Current bool
}

// Group is a side of the inbox: what came, what was sent.
type Group struct {
	Label string
	Tabs  []Tab
}

// Filter is what can be asked for in a box.
type Filter struct {
	Box      string
	Item     ui.Input
	Items    []ui.Option
	Assigned *ui.Input // nil where it makes no sense
	People   []ui.Option
	Due      *ui.Input
	Dues     []ui.Option
	Clear    string // address without filters, "" when none is set
}

// Inbox is one page of the inbox.
type Inbox struct {
	Groups    []Group
	Title     string // of the box
	Icon      string
	Count     int // -1 unknown
	Out       bool
	Filter    Filter
	Rows      Rows
	Bulk      *Bulk
	Next      string // address of the next page, "" at the end
	First     string // address of the first page, "" on it
	Empty     string
	EmptyHint string
	Pulse     string // address that is asked for news
	Here      string // address of this page
	News      bool   // something changed, but somebody is at work in the list
	Outcome   *BulkOutcome
	Focus     bool
}

// Bulk is what can be done with several rows at once.
type Bulk struct {
	Box     string
	Receive bool
	People  []ui.Option // to assign to; none: may not
}

// BulkOutcome is what happened to each of several.
type BulkOutcome struct {
	Title   string
	Done    []string // folios
	Refused []Term   // folio and why
}

// Row is one line of a list.
type Row struct {
	ID      string
	Folio   string
	Person  string // "" in a file, where everybody knows
	What    string
	Detail  string
	Party   string // who sent it, or where it went
	PartyBy string
	Clock   Clock
	Handler string
	State   ui.Tag
	Key     string // the state's code, for hooks
	Select  string // label of the box that chooses it; "" without one
	Picks   bool   // the list has a column of such boxes
	Open    *Panel // what the row shows when it is open
	Focus   bool
	List    string // "inbox" or "file": which list the row stands in
	Box     string // of the inbox
}

// Act is something that can be done with a referral.
type Act struct {
	Verb    string
	Label   string
	Icon    string
	Primary bool
	Danger  bool
	Hint    string
	Open    bool // its form is open: it came back
	Fields  []Field
}

// Form reports whether the act asks for something first.
func (a *Act) Form() bool { return len(a.Fields) > 0 }

// Field is one question of a form.
type Field struct {
	Input   ui.Input
	Options []ui.Option // of a choice
	Radios  bool
	Long    bool
	Box     bool
}

// Line is one line of a story.
type Line struct {
	When string
	What string
	Text string
	By   string
	Icon string
}

// Answer is what came back.
type Answer struct {
	Outcome ui.Tag
	Reason  string
	Note    string
	By      string
}

// Panel is one referral with what can be done with it.
type Panel struct {
	ID        string
	Version   string
	At        string // "inbox", "file" or "page": where it is shown
	Box       string // of the inbox it is shown in
	Letter    bool   // its letter is the next thing to do
	Folio     string
	Title     string
	State     ui.Tag
	Key       string
	Clock     Clock
	Person    []Term // who and how to reach them; in a row, where no header says it
	FileHref  string
	Facts     []Term
	Plan      *Term // folio and address
	Fields    []Term
	Documents []string
	Note      string
	Override  string
	Answer    *Answer
	External  []Term
	Acts      []Act
	Waits     string // what nobody here can do: who has the next step
	History   []Line
	Href      string
	Errors    ui.Errors
	Conflict  string
	Typed     []Term // what was typed in a step that is no longer possible
	Extras    []templ.Component
	Focus     bool
}

// Where is the id of the element that a step renews.
func (p *Panel) Where() string { return "referral-" + p.ID }

// List is the referrals of a file.
type List struct {
	FileID string
	Open   []Row
	Over   []Row
	New    string // address of the form, "" for who refers nobody
	Hidden int    // of other units, that the reader may not see
}

// Choice is an item that can be referred.
type Choice struct {
	Name  string
	Href  string
	Where string
	Note  string
}

// ChoiceGroup is a drawer of items.
type ChoiceGroup struct {
	Title   string
	Choices []Choice
}

// Choose is the page on which the item of a new referral is chosen.
type Choose struct {
	FileID string
	Own    *ChoiceGroup // requests to the own unit
	Groups []ChoiceGroup
	Cart   string // address of the cart, for who may fill it
}

// Create is the form of a new referral.
type Create struct {
	FileID   string
	Title    string
	Action   string
	Item     string
	Unit     string
	Key      string
	To       string // the unit
	How      string // how it gets there
	Own      bool
	Promise  string
	Spots    string   // how many the protocol leaves, "" for no limit
	Warnings []string // what the catalogue, and what is under way, say against it
	Needs    []string // documents
	Fields   []Field
	Reason   *ui.Input
	Errors   ui.Errors
	Back     string
	Cart     string
}

func count(n int) string { return strconv.Itoa(n) }

// autofocus is where the focus goes when the button that was pressed is gone.
func autofocus(ctx context.Context, here bool) templ.OrderedAttributes {
	if here {
		return ui.Focus(ctx)
	}
	return nil
}

// act is the id of an act's form. A step makes new ones: a swap leaves open what
// it finds open.
func (p *Panel) act(a Act) string { return "act-" + p.ID + "-" + a.Verb + "-" + p.Version }

// details groups the forms of one referral: one is open at a time.
func (p *Panel) details() string { return "acts-" + p.ID }
