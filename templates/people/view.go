// Package people shows what has to do with who a person is: a RUN that could
// not be read, and the form of a person whom no registry knows.
package people

import (
	"github.com/a-h/templ"

	"gsl/templates/ui"
)

// Lookup is a RUN that could not be read.
type Lookup struct {
	Typed   string
	Problem string // what is wrong
	Advice  string // what to do
	Found   *Found // by what was typed, nil for nobody
}

// Search is the search by name, document or phone.
type Search struct {
	Typed  string
	Errors ui.Errors
	Found  *Found // nil while nothing was searched
}

// Found is what a search found.
type Found struct {
	Title  string
	People []FoundPerson
	More   string // there are more people than these
	Nobody string // what to do when nobody was found
	RUN    string // what was typed is a RUN without a file: it can be opened
	Enter  bool   // the actor may attend a person without RUN
}

// FoundPerson is one of the people found.
type FoundPerson struct {
	FileID   string
	Offer    string // key of somebody without a file, instead of FileID
	Initials string
	Name     string
	Facts    string // age, commune
	Tags     []ui.Tag
}

func (p *FoundPerson) action() templ.SafeURL {
	if p.Offer != "" {
		return "/people/open"
	}
	return templ.SafeURL("/files/" + p.FileID + "/lookup")
}

// Newcomer is the form of a person without RUN.
type Newcomer struct {
	GivenNames, Surnames      string
	BirthDate                 string // as typed
	Sex, Nationality          string
	DocumentKind, Document    string
	Phone, Address            string
	Reason                    string
	Anyway                    string // why a file is made although somebody like them has one
	Key                       string
	Reasons, Documents, Sexes []ui.Option
	Errors                    ui.Errors
	Problem                   string        // there are people who may be the same
	Twins                     []FoundPerson // these
	AskAnyway                 bool
}

// Person is the form of a person whom no registry knows.
type Person struct {
	FileID     string
	GivenNames string
	Surnames   string
	BirthDate  string // as typed
	Phone      string
	Address    string
	Version    string // of the file when the form was shown
	Errors     ui.Errors
	Problem    string // of the whole form: somebody else wrote meanwhile
	Kept       []Line // what is kept now, beside what was typed
}

// Line is a label and what it says.
type Line struct{ Label, Value string }

// Merge is the page that links a provisional file to a RUN.
type Merge struct {
	FileID      string
	Title       string
	Provisional bool // the file has no RUN
	MayConfirm  bool
	RUN         string // as typed
	Proof       string
	Note        string
	Reason      string // as typed, of a decline or an undoing
	Undoing     string // id of the merge whose undoing came back
	Proofs      []ui.Option
	Errors      ui.Errors
	Problem     string // somebody else was faster
	Proposal    *MergeProposal
	Lines       []MergeLine
}

func (m *Merge) reasonOf(id string) string {
	if m.Undoing == id {
		return m.Reason
	}
	return ""
}

func (m *Merge) errorOf(id string) string {
	if m.Undoing == id {
		return m.Errors.Of("reason")
	}
	return ""
}

// MergeProposal is what waits for a head, both files side by side.
type MergeProposal struct {
	ID, Version string
	Source      string // who proposed it when, and what the RUN was read from
	Note        string
	Warning     string
	Rows        []MergeRow // who the person is
	Things      []MergeRow // how many of each thing
}

// MergeRow is a datum of both files.
type MergeRow struct {
	Label      string
	From, Into string
	Tag        ui.Tag
}

// MergeLine is a merge that was.
type MergeLine struct {
	ID, Version string
	Title       string
	Tag         ui.Tag
	Steps       []string
	Undo        bool
}

// WaitingMerge is a proposal in the list of a head.
type WaitingMerge struct{ FileID, Name, Facts string }
