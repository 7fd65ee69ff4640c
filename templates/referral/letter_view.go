package referral

import (
	"gsl/templates/document"
	"gsl/templates/ui"
)

// Letter is what stands beside a referral: its paper, its link, its documents.
type Letter struct {
	ID         string // of the referral
	Paper      string // address of the PDF
	PaperLabel string
	Link       *LinkState // nil: the destination has an inbox
	Documents  document.List
	Upload     *document.Form // nil: the reader adds none
	Focus      bool           // something was just done here
}

// box is the id of the panel, which what is done in it renews.
func (v *Letter) box() string { return "papers-" + v.ID }

// LinkState is the link by which an institution answers, in words.
type LinkState struct {
	Status  string
	Tag     ui.Tag // zero: no link yet
	Mail    string // what became of the letter that brings it, "" for none
	Trouble bool   // it did not arrive
	Shown   string // what the institution sees
	ID      string // of the referral
	URL     string // to be handed over, while it can be used
	Make    *LinkAct
	Again   *LinkAct
	Revoke  *LinkAct
}

// LinkAct is a button about the link.
type LinkAct struct{ Action, Known, Label, Box string }
