package access

import "gsl/templates/ui"

// Invite is the page of an invitation's link.
type Invite struct {
	Action       string
	GivenNames   string
	Municipality string // "" for the national administration
	Until        string // when the link ends
	Errors       ui.Errors
}
