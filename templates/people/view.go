// Package people shows what has to do with who a person is: a RUN that could
// not be read, and the form of a person whom no registry knows.
package people

import "gsl/templates/ui"

// Lookup is a RUN that could not be read.
type Lookup struct {
	Typed   string
	Problem string // what is wrong
	Advice  string // what to do
}

// Person is the form of a person whom no registry knows.
type Person struct {
	FileID     string
	GivenNames string
	Surnames   string
	BirthDate  string // as typed
	Phone      string
	Address    string
	Version    string // of the file when the form was shown
	Errors     ui.Errors
	Problem    string // of the whole form: somebody else wrote meanwhile
	Kept       []Line // what is kept now, beside what was typed
}

// Line is a label and what it says.
type Line struct{ Label, Value string }
