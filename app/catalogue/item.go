package catalogue

import "gsl/app/kit/calendar"

// The categories, fixed by the source: each has a management path of its own.
// Their names, subcategories and items are data.
const (
	RSHChange = "A" // a request to the RSH desk
	HomeVisit = "B"
	Report    = "C" // a social report; the item is its purpose
	Referral  = "D"
	InKind    = "E" // municipal aid, handed over as a thing
	CashGrant = "F" // municipal aid, handed over as money
)

// The scopes of an item: who keeps it.
const (
	National  = "national"
	Municipal = "municipal"
)

// Category is one of the six tabs, with its subcategories in their order.
type Category struct {
	Code          string // A … F
	Name          string // "Gestionar beneficio en especie"
	ShortName     string // "En especie"
	Subcategories []Subcategory
}

// Subcategory is a drawer of a category.
type Subcategory struct {
	Code string // ASCII slug, for addresses
	Name string
}

// Item is one thing that can be offered, as valid on one day.
type Item struct {
	Code            string
	RISCode         string // the national benefit it stands for, "" none
	Name            string
	Description     string
	Category        string
	Subcategory     string // name, "" none
	SubcategoryCode string
	Provider        string
	Scope           string // national, municipal
	Unit            string // what one of it is: unidad, set, aporte
	Reference       int64  // CLP for one unit
	ReferenceKnown  bool
	IntervalDays    int // before the same item may repeat for the household; 0 none
	Criteria        []Criterion
	Requirements    []string // documents
	LegalBasis      string
	Contact         string
	Spots           int // places in each period, 0 not limited
	SpotsPeriod     string
	Unavailable     bool // the municipality says it cannot be had now
	ValidFrom       calendar.Date
	ValidTo         calendar.Date
	Fields          []Field // what is asked when it is added, standard fields included
	search          string  // folded words for the filter
	twin            *Item   // the same aid in the other category of E and F, nil none
	place           int     // among the catalogue's items
	drawer          int     // number of its subcategory
	points          int     // of merit among suggestions
}

// Kind says how a benefit is delivered: in_kind, cash, or "" for what is no
// municipal benefit.
func (it *Item) Kind() string {
	switch it.Category {
	case InKind:
		return "in_kind"
	case CashGrant:
		return "cash"
	}
	return ""
}

// Twin is the same aid delivered the other way, in kind or in money; nil none.
func (it *Item) Twin() *Item { return it.twin }

// personal reports whether the item is for the person at the desk and not for
// the household: some criterion speaks of the person.
func (it *Item) personal() bool {
	for i := range it.Criteria {
		if it.Criteria[i].Scope == ScopePerson {
			return true
		}
	}
	return false
}

// add puts a subcategory at the end, unless the category has it already.
func (c *Category) add(sub Subcategory) {
	for _, have := range c.Subcategories {
		if have.Code == sub.Code {
			return
		}
	}
	c.Subcategories = append(c.Subcategories, sub)
}

// addTest takes the next row of the criteria; begins says whether it begins
// another criterion, and or whether it begins another alternative.
func (it *Item) addTest(begins, or bool, scope Scope, t Test) {
	if begins {
		it.Criteria = append(it.Criteria, Criterion{Scope: scope})
	}
	c := &it.Criteria[len(it.Criteria)-1]
	if begins || or {
		c.Alternatives = append(c.Alternatives, nil)
	}
	last := len(c.Alternatives) - 1
	c.Alternatives[last] = append(c.Alternatives[last], t)
}
