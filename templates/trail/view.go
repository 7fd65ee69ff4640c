// Package trail shows who has looked at a file, and what people ask about their data.
package trail

import "gsl/templates/ui"

// Trail is a page of who has looked at a file.
type Trail struct {
	Summary string // how many views by how many people
	PDF     string // address of the paper for the person
	ProofAt string // address of this page with the proof
	Ask     string // address of the form of a request about the data
	Proof   *Proof // nil: nobody asked for it yet
	Filter  Filter
	Rows    []Row
	First   string // address of the first page, "" on it
	Next    string // address of the next page, "" at the end
}

// Filter is what the looks are narrowed by.
type Filter struct {
	Action   string
	By       []ui.Option
	From, To string
	Odd      bool
	Narrowed bool
	Errors   ui.Errors
}

// Row is one look.
type Row struct {
	Day     string // its heading, "" for the day of the row above
	When    string
	Who     string
	Role    string // with the unit
	Pages   []string
	Why     string
	WhyHref string
	Odd     []ui.Tag
}

// Proof is whether the record is as it was written.
type Proof struct {
	Kind  string // success, warning, danger
	Icon  string
	Title string
	Lines []string
}
