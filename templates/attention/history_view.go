package attention

// History is a page of a file's history.
type History struct {
	Ask    string // address of the form of a request about the data
	Intro  string
	Kinds  []Kind
	Note   string // who else may see more, "" for nothing to say
	Events []Event
	Older  string // address, "" at the end
	Newest string // address, "" on the first page

	Filtered bool // one kind only
}

// Kind is a choice of the filter.
type Kind struct {
	Text    string
	Icon    string
	Href    string
	Current bool
}

// Event is one line of the history.
type Event struct {
	Icon   string
	Kind   string // attention, referral, plan, benefit, case, change, view
	Word   string // the kind in words
	At     string
	Day    string // heads the first event of a day, else ""
	What   string
	Href   string // of the thing, "" for none
	Detail []string
	By     string
}
