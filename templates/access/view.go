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
	Errors   ui.Errors
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
	Sessions    int // open now, this one too
	Agreement   string
	Errors      ui.Errors // of the password form
}
