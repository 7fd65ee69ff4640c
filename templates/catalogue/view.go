// Package catalogue draws the pop-up of the local catalogue: tabs, drawers,
// filter, and a card for each item with what speaks for and against it.
package catalogue

import (
	"context"

	"github.com/a-h/templ"

	"gsl/app/kit/i18n"
	"gsl/templates/ui"
)

// State is what became of a criterion.
type State string

// The states of a criterion.
const (
	Met    State = "met"
	NotMet State = "not-met"
	Doubt  State = "unknown"
)

// Reason is one criterion, judged, in words.
type Reason struct {
	State  State
	Text   string // "tramo hasta 60 %"
	Names  string // the members it is about, "" none
	Settle string // what would settle a doubt
}

// View is the whole pop-up.
type View struct {
	Path        string // of the catalogue of this file
	Title       string
	CanAdd      bool
	CanRefer    bool   // at a desk without a cart
	Words       string // typed in the filter
	Category    string // letter, "" none chosen
	Subcategory string // slug
	Tabs        []Tab  // the six categories
	Suggested   Tab    // what the household could have
	Drawers     []Tab  // of the chosen category
	Summary     string
	Groups      []Group
	Elsewhere   []Tab // matches of the filter in other categories
	Empty       string
	EmptyHint   string
	Back        string // where to go without JavaScript
	BackText    string
	Explain     *Explain // nil: what was explained is not noted here
}

// Explain is where one notes that an item was explained to the person.
type Explain struct {
	Action, Back string
	Finish       string // address of the form that ends the attention
}

// Tab is a link that chooses what is shown.
type Tab struct {
	ID      string
	Letter  string
	Label   string
	Title   string // the long name
	Href    string
	Count   int
	Current bool
}

// Group is a heading with its cards.
type Group struct {
	ID      string
	Heading string
	Cards   []Card
}

// Card is one item.
type Card struct {
	Code      string
	Name      string
	Letter    string // "" where all cards are of one category
	Scope     ui.Tag
	Worth     string // "$ 35.000 por unidad"
	Reasons   []Reason
	Warnings  []string
	Notes     []Note
	AlsoMoney string // "también en dinero", "" no
	Add       *Add   // nil: for orientation only
	Spots     ui.Tag // what its agreement leaves, without text: nothing to say
	Refer     string // where a desk without a cart refers it, "" not
	Explained bool
}

// Note is a piece of a card's last line: documents, legal basis, contact.
type Note struct{ Label, Text string }

// Add is what puts an item into the cart.
type Add struct {
	ID       string // begins the ids of what is inside
	Code     string
	Name     string
	Action   string
	Added    bool // the cart has it
	Focus    bool // it was just added: whoever did it goes on from here
	Asks     bool // something has to be answered first
	Open     bool // the questions are in sight
	Required []Control
	Reason   *ui.Input // nil when none is asked
	Optional []Control
	Errors   ui.Errors
}

// Control is a field of the form: a list when it has options.
type Control struct {
	Input   ui.Input
	Options []ui.Option
	Long    bool // several lines
}

func aria(current bool) templ.Attributes {
	if current {
		return templ.Attributes{"aria-current": "true"}
	}
	return nil
}

// scrolls lets the keys move a list that has no button to step on.
func scrolls(hasButtons bool, label string) templ.Attributes {
	if hasButtons {
		return nil
	}
	return templ.Attributes{"tabindex": "0", "role": "group", "aria-label": label}
}

var stateIcons = map[State]string{Met: "check-circle", NotMet: "x-circle", Doubt: "question-circle"}

var stateClasses = map[State]string{Met: "ok", NotMet: "no", Doubt: "unk"}

// stateWord is what stands before a criterion that is not met or not known.
func stateWord(ctx context.Context, s State) string {
	if s == NotMet {
		return i18n.T(ctx, "catalogue.state.not_met")
	}
	return i18n.T(ctx, "catalogue.state.unknown")
}
