// Package monitor draws the figures of a municipality: cards, a chart of twelve
// months with its table, tables by desk, topic, level and destination, and what
// each figure counts.
package monitor

// Page is the monitor.
type Page struct {
	Title  string // whose figures
	Intro  string // of which day
	Scopes []Scope
	CSV    string
	Cards  []Card
	Chart  Chart
	Tables []Table
	Words  []Word
}

// Scope is a desk, or the municipality, that can be chosen.
type Scope struct {
	Text    string
	Href    string
	Current bool
}

// Card is one figure of the present month beside the one before.
type Card struct {
	Icon   string
	Label  string
	Value  string
	Note   string
	Urgent bool // with icon and word, never by colour alone
}

// Chart is lines over the months, and the same in a table.
type Chart struct {
	Summary string // what somebody who does not see it should know
	Empty   bool
	Grid    []Grid
	Ticks   []Tick
	Series  []Series
	Table   Table
}

// Grid is a horizontal line with its number.
type Grid struct{ Y, Text, TextY string }

// Tick is a month under the chart.
type Tick struct{ X, Text string }

// Series is one line: its class gives colour, dashes and the shape of its points.
type Series struct {
	Class  string
	Name   string
	Points string
	Marks  []Mark
	Last   string
}

// Mark is a point of a line.
type Mark struct{ X, Y, Path string }

// Table is figures in rows; the first column names the row.
type Table struct {
	ID      string
	Icon    string
	Title   string
	Meta    string
	Head    string
	Columns []string
	Rows    []Row
	Empty   string
	Wide    bool
}

// Row is a line of a table.
type Row struct {
	Name  string
	Cells []Cell
}

// Cell is a figure; a warning has an icon.
type Cell struct {
	Text string
	Late bool
}

// Word says what a figure counts.
type Word struct{ Name, Means string }
