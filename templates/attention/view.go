// Package attention shows the workbench, where the day begins, and the history
// of a file.
package attention

// Bench is the workbench.
type Bench struct {
	Greeting string
	Idle     *Idle // a role that sees no personal data; nil for the others
	Casework bool  // the actor has plans
	Plans    []Plan
	Attended []Attended
	// Approvals is how many pieces of aid wait for the reader's consent.
	Approvals int
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
