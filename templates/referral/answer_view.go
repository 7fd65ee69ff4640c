package referral

import "gsl/templates/ui"

// Question is what an institution sees that answers by link: as little as lets
// it answer.
type Question struct {
	Title        string // "Derivación D-2026-0001"
	Municipality string
	Facts        []AnswerFact
	Requirements []string
	Until        string // until when the link works
	Form         AnswerForm
}

// AnswerFact is a label with its value.
type AnswerFact struct{ Label, Value string }

// AnswerForm is the answer as it is being written.
type AnswerForm struct {
	Action   string
	Seal     string // our own page carries it along
	Outcome  string
	Outcomes []ui.Option
	Reasons  []ui.Option
	Reason   string
	Note     string
	Name     string
	Position string
	Accept   string
	Errors   ui.Errors
	Lost     bool // a paper was chosen and has to be chosen again
}
