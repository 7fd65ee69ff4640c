// Package agenda shows the week of a worker or a unit, and follow-ups.
package agenda

import "gsl/templates/ui"

// Week is seven days with what is to be done on each.
type Week struct {
	Title    string
	Who      string
	Tabs     []Tab // own week and unit, for the head
	Previous string
	Now      string // this week, "" when it is this one
	Next     string
	ICal     string
	Sheet    string // sheet of the day's visits, "" for who makes none
	Day      string
	Staff    []ui.Option // for the head
	Worker   string
	Days     []Day
	Columns  string // class: how many days stand beside each other
	Late     []Entry
	LateText string
	Form     *Form // nil where one looks at others
	Empty    bool
}

// Tab is a link among others.
type Tab struct {
	Text, Href string
	Current    bool
}

// Day is one day.
type Day struct {
	Name    string // "lunes 23"
	Today   bool
	Holiday string // name of the holiday, "" for none
	Closed  bool   // weekend or holiday
	Entries []Entry
}

// Entry is one thing to be done.
type Entry struct {
	ID     string
	Icon   string
	Kind   string
	Clock  string
	Name   string // of the person, "" of nobody
	Href   string
	Text   string
	Place  string
	Worker string
	Day    string // of a late one
	State  *ui.Tag
	Done   bool
	Late   bool
	Status string // where a follow-up is done, "" for other kinds
	Edit   string
	Back   string
}

// Form writes down a follow-up.
type Form struct {
	Title  string
	Action string
	Key    string
	Errors ui.Errors
	Day    ui.Input
	Clock  ui.Input
	Text   ui.Input
}

// Edit changes a follow-up.
type Edit struct {
	Form
	About   string // the person, "" for nobody
	Href    string
	Version string
	Problem string
	Now     string // how it stands, when somebody else changed it
	Status  string
	Over    bool
}

// File is the follow-ups of a person.
type File struct {
	Form    Form
	Entries []Entry
}
