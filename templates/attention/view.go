// Package attention shows the workbench, where the day begins, and the history
// of a file.
package attention

import "gsl/templates/ui"

// Bench is the workbench.
type Bench struct {
	Greeting string
	Idle     *Idle // a role that sees no personal data; nil for the others
	Attends  bool  // the reader attends people
	Casework bool  // the reader has plans
	Inward   bool  // people come to another desk: the inbox stands first
	// AttendedRight: today's attentions stand beside the waiting list, where
	// otherwise nothing would.
	AttendedRight bool
	Duties        []Duty
	Today         *Today   // nil: nothing to say of the agenda
	Waiting       *Waiting // nil: no waiting list
	Inbox         *Inbox   // nil: the reader refers nobody
	Answered      []Answered
	Plans         []Plan
	Attended      []Attended
}

// Duty is a decision that waits for the reader.
type Duty struct{ Text, Href, Icon string }

// Today is what the reader's agenda has for the day.
type Today struct {
	List []Appointment
	More string // how many the list leaves out, "" none
}

// Appointment is a visit or a follow-up.
type Appointment struct {
	Icon, Kind string
	Clock      string
	Name       string // "" of nobody in particular
	Text, Href string
	State      *ui.Tag // late, or without a day; nil for today's
}

// Inbox is the reader's boxes of referrals.
type Inbox struct{ Boxes []Box }

// Box is how many referrals wait in one place.
type Box struct {
	Count  int
	Text   string
	Href   string
	Urgent bool
}

// Answered is a referral that came back today.
type Answered struct {
	Href    string
	Folio   string
	Name    string
	What    string
	By      string
	Outcome string
	Good    bool
	At      string
}

// Idle says what a role without personal data may expect here.
type Idle struct{ What, Todo string }

// Plan is an open plan of the worker.
type Plan struct {
	Href      string
	Name      string
	Number    string
	Pending   string
	Confirmed string
	Since     string
}

// Attended is a file attended today.
type Attended struct {
	Href    string
	Name    string
	Number  string // RUN or provisional ID
	At      string
	Minutes string // of an open attention
	Finish  string // address of the form that ends it, "" when it is finished
	Outcome string // of a finished one
	Paper   string // address of its receipt
}
