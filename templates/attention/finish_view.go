package attention

import "gsl/templates/ui"

// Finish is the form that ends an attention.
type Finish struct {
	Action  string // address it is sent to
	Draft   string // address that keeps what is typed
	Discard bool   // nothing was recorded: it can be thrown away
	Page    string // name of this showing of the form
	Seen    string // mark of what it shows

	Person    string
	Desk      string
	Minutes   string // "12 min"
	Explained []string
	Done      []string // what the trail shows: folios, cart
	Level     string   // why this level is preset

	Outcomes []ui.Option
	Channels []ui.Option
	Topics   []ui.Option
	Told     string
	Note     string
	NextDate string

	Somebody       bool // a representative came: the box is open
	RepName        string
	RepRUN         string
	Relationships  []ui.Option
	Authorisations []ui.Option

	Errors  ui.Errors
	Problem string   // why it could not be finished, "" for nothing
	Shown   string   // address of the attention as it was finished meanwhile
	Others  []string // texts that another page wrote meanwhile
}

// Paper is what the person takes along, on the screen.
type Paper struct {
	Title    string // "Comprobante de atención N° A-2026-00184"
	Number   string
	Open     string // address of the form that ends it; "" when it is finished
	State    string // "Finalizada a las 10:42 por …", "Abierta"
	PDF      string
	Reopen   string // address, "" when it cannot be
	Inside   []Fact // what is not printed: topic, note
	Facts    []Fact
	Told     string
	Items    []PaperItem
	Made     []Made
	NextDate string
	Contact  string
}

// Fact is a name and its value.
type Fact struct{ Name, Text string }

// PaperItem is an item that was explained.
type PaperItem struct {
	Name         string
	Provider     string
	Requirements []string
	Contact      string
}

// Made is something with a folio that was made in the attention.
type Made struct {
	Folio string
	What  string
	Where string // unit or institution, "" for none
	By    string // until when an answer is promised, "" for none
	Href  string
}
