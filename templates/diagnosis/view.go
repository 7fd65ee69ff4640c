// Package diagnosis shows how a household is judged, dimension by dimension and
// over time, its support network, its goals and commitments.
package diagnosis

import "gsl/templates/ui"

// Tab is one of the room's pages.
type Tab struct {
	Text    string
	Icon    string
	Href    string
	Count   string // "" shows none
	Current bool
}

// Level is a level or a risk in words. Code is what forms and styles call it.
type Level struct {
	Code, Text, Icon string
}

// Change is how a level moved since the diagnosis before.
type Change struct {
	Code, Text, Icon string
}

// Risk is the overall risk with the reason, and the rules it follows from.
type Risk struct {
	Level
	Reason   string   // the rule in words
	Because  []Cause  // the dimensions by which it is met
	Marks    []string // what the rules knew of the household
	Missing  string   // which dimensions nobody has judged yet, "" for none
	Own      string   // the worker sees another risk: "Camila Rojas: …", "" for none
	RulesSay string   // then: what the rules say
	Rules    []RuleLine
}

// Cause is a dimension by which a rule is met.
type Cause struct {
	Name string
	Level
}

// RuleLine is a rule in words.
type RuleLine struct {
	Level
	Text string
	Met  bool
}

// Page is the section of a file.
type Page struct {
	Tabs      []Tab
	Start     string // address that begins a draft, "" for who may not
	Latest    *Shown // nil: nobody has finished one yet
	Evolution *Evolution
}

// Shown is a finished diagnosis.
type Shown struct {
	Title    string
	Meta     string
	Risk     Risk
	Rows     []Row
	NowOn    string
	BeforeOn string // "" for the first
	Summary  string
	Was      string // the summary before
	Ties     string // the ecomap of that day in a sentence
	Newer    string // address of the page with the newest, "" when this is it
}

// Row is a dimension of a finished diagnosis, the one before beside it.
type Row struct {
	Name, Icon string
	Now        Cell
	Before     *Cell
	Change     Change
}

// Cell is what a diagnosis says of a dimension.
type Cell struct {
	Level
	Situation, Note string
}

// Evolution is every dimension over the last diagnoses, the oldest first.
type Evolution struct {
	Heads []Link
	Rows  []Line
}

// Link is a word that leads somewhere.
type Link struct{ Text, Href string }

// Line is a dimension over time.
type Line struct {
	Name, Icon string
	Levels     []Level
	Whole      bool
}

// Form is a draft.
type Form struct {
	Tabs    []Tab
	Action  string
	Keep    string // where it is kept while it is typed
	Discard string
	ID      string
	Page    string
	Marks   string
	Meta    string
	Parts   []Part
	Whole   Whole
	Saved   string
	Errors  ui.Errors
	Problem string // what another page did meanwhile
	See     string // where to see it, "" for nowhere
}

// Part is one dimension of a draft.
type Part struct {
	Code, Name, Icon, Hint string
	Seen                   string
	Level                  string
	Levels                 []Level
	LevelError             string
	Situation, Note        ui.Input
	Before                 *Before
	Today                  string // what the registries say today, where that changed
	Clash                  *Clash
}

// Before is what the diagnosis before says.
type Before struct {
	On string
	Cell
}

// Clash is what another page wrote.
type Clash struct {
	By string
	Cell
}

// Whole is what a draft says of all dimensions together.
type Whole struct {
	Seen         string
	Summary, Why ui.Input
	Before       string // the summary of the diagnosis before
	Own          string
	Owns         []ui.Option
	OwnError     string
	Clash        *Clash
}

// AsideView is what stands beside the last diagnosis.
type AsideView struct {
	Drawing *Drawing
	Ecomap  string
	Ties    string
	Aims    []AimLine
	Goals   string
	Writes  bool
}

// AimLine is an open goal or commitment in a line.
type AimLine struct {
	Text, By, Due string
	Late          bool
}

// Ecomap is the page of the support network.
type Ecomap struct {
	Tabs    []Tab
	Drawing *Drawing
	Count   string
	Ties    []Tie
	New     *TieForm
	Problem string
	Undo    string // puts back what was just taken out
}

// Tie is a line of the table.
type Tie struct {
	ID, Kind, Name string
	Strength       Level
	Note, Changed  string
	Form           *TieForm // while it is being changed
	Edit, Remove   string   // "" for who may not
}

// TieForm is the small form of a tie.
type TieForm struct {
	Action, Key, Version, Cancel string
	Kind, Name, Strength, Note   ui.Input
	Kinds, Strengths             []ui.Option
	Errors                       ui.Errors
}

// Drawing is an ecomap as SVG: the numbers are decided.
type Drawing struct {
	Box, Title, Text string
	Centre           Node
	Nodes            []Node
	Lines            []Stroke
	Legend           []Legend
}

// Node is a box with its lines of text.
type Node struct {
	Class, X, Y, Width, Height string
	MiddleX                    string
	Caption, CaptionY          string
	Text                       []TextLine
}

// TextLine is one line in a box.
type TextLine struct{ Y, Text string }

// Stroke is a line.
type Stroke struct{ Class, Points string }

// Legend says what a kind of line means.
type Legend struct {
	Stroke
	Text string
}

// Goals is the page of goals and commitments.
type Goals struct {
	Tabs          []Tab
	Goals         []Goal
	Alone         []Commitment
	NewGoal       *AimForm // nil for who may not
	NewCommitment *AimForm
	Problem       string
}

// Aim is what a goal and a commitment have in common.
type Aim struct {
	ID, Text string
	Standing Level
	Reason   string
	Due      string
	Late     bool
	Done     bool
	Changed  string
	Items    []Item
	Version  string
	Form     *AimForm // nil for who may not
	Open     bool     // the form came back
}

// Goal is what the case is for.
type Goal struct {
	Aim
	Dimension, Icon string
	Commitments     []Commitment
}

// Commitment is what somebody of the family has agreed to do.
type Commitment struct {
	Aim
	By string
}

// Item is a plan item by which one is pursued.
type Item struct{ Name, Folio, Href, Status, Text string }

// AimForm is the form of a goal or commitment.
type AimForm struct {
	ID, Action, Key, Version    string
	New                         bool
	Text, Due, Standing, Reason ui.Input
	Dimension, By, Goal         *ui.Input
	Dimensions, Goals           []ui.Option
	Standings                   []ui.Option
	Items                       []Box
	ItemsError                  string
	Errors                      ui.Errors
}

// Box is a plan item to tie to.
type Box struct {
	ID, Value, Text, Hint string
	Checked               bool
}
