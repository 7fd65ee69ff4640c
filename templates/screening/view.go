// Package screening shows what is known of a person and household: the
// household's panel, the benefits received, what is under way for the other
// members, and beside them what the household could have.
//
// It is the page that is opened most, so texts arrive formatted and the rows
// call no component and format nothing.
package screening

import (
	"github.com/a-h/templ"

	"gsl/templates/ui"
)

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
	Title ui.Text
	Text  ui.Text
	Retry string // address to ask the registry again, "" for no button
	Merge string // address to link a file without RUN, "" for no button
}

// Unknown is a person whom the registry does not know.
type Unknown struct {
	FileID  string
	Source  ui.Text // when the registry said so
	Earlier ui.Text // a household was known before, "" for none
	Enter   bool    // the actor may put the request to enter the registry into the cart
	Entered bool    // it is there already
	Item    string  // catalogue code of that request
	Refer   bool    // the desk refers directly to the registry's desk
	Folio   ui.Text // of that referral while it is under way
	Href    string  // its address
}

// Person is the form, open or folded away.
type Person struct {
	Open bool
	Form templ.Component
}

// Pair is a name and what it says; a note explains it.
type Pair struct{ Name, Text, Note ui.Text }

// Household is the panel of the household.
type Household struct {
	Source  ui.Text // who said it and when
	Old     bool    // it is not what the registry says now
	Facts   []Pair
	Caption ui.Text
	Members []Member
}

// Member is one row of the household.
type Member struct {
	Name         ui.Text
	Me           bool // the person of the file
	Tags         []Tag
	Relationship ui.Text
	Age          ui.Text
	Education    ui.Text
	Student      bool
	Health       ui.Text
	Pension      ui.Text
	Occupation   ui.Text
	Income       ui.Text
}

// Tag is a short word in a row; one that warns has the colour of warnings.
type Tag struct {
	Text  ui.Text
	Warns bool
}

// Benefits is the panel of the benefits received.
type Benefits struct {
	FileID string
	Source ui.Text
	Rows   []Benefit
	Count  ui.Text // "12 de 40", "" when all are shown
	More   string  // address that shows all, "" when all are shown
	Less   string  // address that shows the latest, "" when they are
	Empty  string
	Hint   string
	Focus  bool // the panel was swapped: its heading takes the focus
}

// Benefit is one row.
type Benefit struct {
	Name     ui.Text
	Who      ui.Text
	Me       bool
	National bool
	On       ui.Text
	Provider ui.Text
	Amount   ui.Text
	Detail   ui.Text // quantity beside an amount
}

// Work is something under way for another member.
type Work struct {
	Icon      string
	Name      ui.Text
	Relation  ui.Text
	Href      string  // "" when the actor may not follow it
	What      ui.Text // "Plan 2026-0184"
	Pending   ui.Text
	Confirmed ui.Text
	Since     ui.Text
}

// Aside is the right column.
type Aside struct {
	Cart        templ.Component // nil when the actor has no cart
	Catalogue   string          // address of the pop-up
	Suggestions []Suggestion
}

// Suggestion is an item that the household could have.
type Suggestion struct {
	Letter  ui.Text
	Name    ui.Text
	Href    string
	Reasons []ui.Text
	Worth   ui.Text
}
