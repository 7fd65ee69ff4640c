// Package announce draws the pages on which the national administration writes
// what stands on everybody's pages.
package announce

import "gsl/templates/ui"

// List is all that was told.
type List struct{ Current, Past []Line }

// Line is one announcement.
type Line struct {
	ID, Href, Text string
	Warning        bool
	When, To, By   string
	Read           string
	Tag            ui.Tag
}

// Form is the form of one.
type Form struct {
	Action, Heading, Key, Revision string
	Errors                         ui.Errors
	Problem                        string
	Closed                         bool
	Theirs                         *Line // what somebody else saved
	Text, Level                    ui.Input
	From, FromTime, To, ToTime     ui.Input
	Places, Roles                  []Box
	PlaceError, RoleError          string
}

// Box is one of many to mark.
type Box struct {
	Value, Text string
	On          bool
}
