package attention

// History is a page of a file's history.
type History struct {
	Intro  string
	Note   string // who else may see more, "" for nothing to say
	Events []Event
	Older  string // address, "" at the end
	Newest string // address, "" on the first page
}

// Event is one line of the history.
type Event struct {
	Icon   string
	Kind   string // attention, change, view
	Word   string // the kind in words
	At     string
	Day    string // heads the first event of a day, else ""
	What   string
	Detail []string
	By     string
}
