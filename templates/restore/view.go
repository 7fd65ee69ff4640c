// Package restore shows the restores of the national administration and the
// copies that a municipality's counterpart may look into. Counts, dates and
// checks; never a name of a person attended.
package restore

import "gsl/templates/ui"

// Index is the page of all restores.
type Index struct {
	Form     Form
	UnderWay []Row
	Past     []Row
	Safe     Safe
}

// Form asks for a copy.
type Form struct {
	Municipalities []ui.Option
	Municipality   string
	Source         string
	Day, Time      string
	NeedsCode      bool
	Problem        string // what stands above the fields; "" for nothing
	Errors         ui.Errors
}

// Row is one restore in a list.
type Row struct {
	Href         string
	Municipality string
	AsOf         string
	State        ui.Tag
	Asked        string // by whom and when
	Ended        string // by whom and when, "" while under way
}

// Safe says how the files are kept safe.
type Safe struct {
	Drill, Copies Line
	Bad           []Bad
	Where         string // of the second line
}

// Line is a sentence with its verdict.
type Line struct {
	Text string
	Good bool
	None bool // there is nothing to say yet
}

// Bad is a file that could not be restored or copied.
type Bad struct{ Municipality, What, Why, Since string }

// One is the page of one restore.
type One struct {
	ID           string
	Municipality string
	Title        string
	AsOf         string
	State        ui.Tag
	Facts        []Fact
	Steps        []Step // while it runs; nil otherwise
	Poll         string // what asks how far it is; "" when there is nothing to wait for
	Trouble      string // in plain words; "" none
	Cause        string // for operators
	Counts       []Count
	LiveBad      string
	Checks       []Line
	Lookers      string // who looks inside now, "" nobody
	Kept         string // where the swapped-out file lies
	Decide       bool   // it can be exchanged or thrown away
	NeedsCode    bool
	Problem      string
	Wrong        string // what is wrong with the code
	Act          string // which form came back
}

// Fact is a label with its value.
type Fact struct{ Label, Value string }

// Step is what is done on the way.
type Step struct {
	Text  string
	State string // done, now, later
}

// Count is a row of the comparison.
type Count struct {
	Label, Copy, Live, Difference string
	Less, More                    bool
}

// Copies is the counterpart's page.
type Copies struct {
	Rows    []CopyRow
	Looking bool // the page is shown from within a copy
}

// CopyRow is a copy that can be looked into.
type CopyRow struct {
	ID, AsOf, Made string
	Counts         []Fact
	Here           bool // it is the one that is looked into
}
