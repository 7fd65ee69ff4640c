// Package access draws the screens of sign-in: the door, the confidentiality
// agreement, the choice of role and the person's own account.
package access

import "gsl/templates/ui"

// Login is the sign-in page.
type Login struct {
	RUN     string    // as it was typed
	Message string    // what is wrong, in one sentence; "" for nothing
	Errors  ui.Errors // of single fields
	Ended   bool      // a session ended in the middle of something
	Ticket  string    // of the first step: now a code is asked for; "" for the first
	Demo    []DemoGroup
}

// DemoGroup is the demo's accounts of one municipality.
type DemoGroup struct {
	Municipality string // "" for the national ones
	Accounts     []DemoAccount
}

// DemoAccount is one account that a visitor may enter with one press.
type DemoAccount struct {
	RUN      string // as people read it
	Name     string
	Role     string // in words
	Unit     string // "" for none
	Password string
}

// Agreement is the confidentiality agreement.
type Agreement struct {
	Version  string
	Accepted string // when this person accepted it, "" when not yet
	// What the municipality adds, line by line; nil for nothing.
	Own                         []string
	Number, Municipality, Since string
	Errors                      ui.Errors
}

// Memberships is where a person chooses how to work.
type Memberships struct {
	UserName string
	Choices  []Choice
}

// Choice is one way to work.
type Choice struct {
	ID           string
	Role         string // in words
	Unit         string
	Municipality string // "" for national roles
	Current      bool
	Suspended    bool
}

// Account is a person's own page.
type Account struct {
	Name        string
	RUN         string // as people read it
	Profession  string
	Memberships Memberships
	Languages   []ui.Option
	Shortcuts   bool
	Factor      AccountFactor
	Sessions    []Session // open now, this one too
	Agreement   string
	Errors      ui.Errors // of the password form
}

// AccountFactor says how the person's second factor stands.
type AccountFactor struct {
	On   bool
	Left int // recovery codes not used yet
}

// Session is somewhere that the person is signed in.
type Session struct {
	Role    string // in words, with the municipality
	Since   string
	Seen    string
	Address string
	Current bool // the one that shows the page
}
