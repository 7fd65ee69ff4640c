package screening

import "time"

// Kinds of Work.
const (
	PlanWork = "plan"
	CartWork = "cart"
)

// Work is something under way for a person in this municipality: an open plan
// or a cart with something in it. `plan` tells of it; the screening shows it
// for the other members of the household and the workbench for the worker.
type Work struct {
	Kind      string // PlanWork or CartWork
	FileID    string // of the person's case file
	Holder    string // people.File.Holder
	Name      string // of the person, "" when nobody has said it
	Number    string // folio of the plan, "2026-0184"; "" for a cart
	Href      string // where to follow it; "" when the actor may not
	By        string // the worker who made it
	Items     int
	Pending   int
	Confirmed int
	Since     time.Time
}
