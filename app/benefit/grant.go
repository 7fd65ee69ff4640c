package benefit

import (
	"errors"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// Kinds of delivery: category E is in kind, category F is money to buy it.
const (
	InKind = "in_kind"
	Cash   = "cash"
)

// Where a grant comes from.
const (
	FromImport = "import"
	FromPlan   = "plan"
)

// Grant is one benefit that a person received from this municipality.
type Grant struct {
	ID          string
	Holder      string // canonical RUN or provisional ID
	ItemCode    string // of the catalogue, "" for a name of old that maps to no item
	Name        string // the catalogue's, or the file's own when it maps to no item
	RecordedAs  string // what the imported file calls it, "" for plans
	Category    string
	Subcategory string
	Kind        string // InKind or Cash
	On          calendar.Date
	Quantity    int64
	Unit        string
	Amount      int64 // pesos
	Provider    string
	Decree      string
	Note        string
	Source      string // FromImport or FromPlan
	Origin      string // the plan item, or the fingerprint of the imported row
}

// errIncomplete is a bug of the caller: what a person typed is checked below it.
var errIncomplete = errors.New("benefit: a grant without holder, name, origin or kind")

// check refuses a grant that could not be explained later.
func (g Grant) check(today calendar.Date) error {
	switch {
	case g.Holder == "" || g.Name == "" || g.Origin == "":
		return errIncomplete
	case g.Kind != InKind && g.Kind != Cash:
		return errIncomplete
	case g.On.IsZero() || today.Before(g.On):
		return fault.InvalidField("delivered_on", "benefit.date_in_future")
	case g.Quantity < 1:
		return fault.InvalidField("quantity", "benefit.quantity")
	case g.Amount < 0:
		return fault.InvalidField("amount", "benefit.amount")
	}
	return nil
}
