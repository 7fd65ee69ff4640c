package layout

// Trouble is what went wrong, in words.
type Trouble struct {
	Status    int
	RequestID string       // to quote when asking for help
	Title     string       // what happened
	What      string       // more of it, "" for nothing
	Details   []string     // field by field
	Todo      string       // what was kept and what to do
	Typed     *Interrupted // the form that could not be saved, nil for none
	Texts     []string     // what was typed where sending it again would not help, to be copied
	Door      string       // page that has to be passed first, "" for none
}

// Interrupted is a form whose session ended.
type Interrupted struct {
	Path   string // where it was going
	Fields []TypedField
}

// TypedField is one value of that form.
type TypedField struct {
	Name, Value string
	Shown       bool // somebody typed it: it is worth reading
}
