// Package screening shows what is known of a person and household: the
// household's panel, the benefits received, what is under way for the other
// members, and beside them what the household could have.
//
// It is the page that is opened most, so texts arrive formatted and the rows
// call no component and format nothing.
package screening

import "github.com/a-h/templ"

// View is the screening of a file, without its right column.
type View struct {
	FileID    string
	Notice    *Notice    // what one must know of the registry; nil when it answered as usual
	Unknown   *Unknown   // the registry does not know the person; nil otherwise
	Person    *Person    // the form of who the person is; nil when nobody has to write it
	Household *Household // nil when none is known
	Work      []Work     // of the other members
	Benefits  Benefits
}

// Notice says how far what is shown can be relied on.
type Notice struct {
	Class string // of the callout
	Icon  string
	Title string
	Text  string
	Retry string // address to ask the registry again, "" for no button
}

// Unknown is a person whom the registry does not know.
type Unknown struct {
	FileID  string
	Source  string // when the registry said so
	Earlier string // a household was known before, "" for none
	Enter   bool   // the actor may put the request to enter the registry into the cart
	Item    string // catalogue code of that request
}

// Person is the form, open or folded away.
type Person struct {
	Open bool
	Form templ.Component
}

// Pair is a name and what it says.
type Pair struct{ Name, Text string }

// Household is the panel of the household.
type Household struct {
	Source  string // who said it and when
	Old     bool   // it is not what the registry says now
	Facts   []Pair
	Caption string
	Members []Member
}

// Member is one row of the household.
type Member struct {
	Name         string
	Me           bool // the person of the file
	Tags         []Tag
	Relationship string
	Age          string
	Education    string
	Student      bool
	Health       string
	Pension      string
	Occupation   string
	Income       string
}

// Tag is a short word in a row; one that warns has the colour of warnings.
type Tag struct {
	Text  string
	Warns bool
}

// Benefits is the panel of the benefits received.
type Benefits struct {
	FileID string
	Source string
	Rows   []Benefit
	Count  string // "12 de 40", "" when all are shown
	More   string // address that shows all, "" when all are shown
	Less   string // address that shows the latest, "" when they are
	Empty  string
	Hint   string
	Focus  bool // the panel was swapped: its heading takes the focus
}

// Benefit is one row.
type Benefit struct {
	Name     string
	Who      string
	Me       bool
	National bool
	On       string
	Provider string
	Amount   string
	Detail   string // quantity beside an amount
}

// Work is something under way for another member.
type Work struct {
	Icon      string
	Name      string
	Relation  string
	Href      string // "" when the actor may not follow it
	What      string // "Plan 2026-0184"
	Pending   string
	Confirmed string
	Since     string
}

// Aside is the right column.
type Aside struct {
	Cart        templ.Component // nil when the actor has no cart
	Catalogue   string          // address of the pop-up
	Suggestions []Suggestion
}

// Suggestion is an item that the household could have.
type Suggestion struct {
	Letter  string
	Name    string
	Href    string
	Reasons []string
	Worth   string
}
