package people

import (
	"github.com/a-h/templ"

	"gsl/templates/ui"
)

// Glass is the door of a restricted file: nothing of whose it is.
type Glass struct {
	FileID  string
	Reason  string // as typed
	To      string // where the reader wanted to go
	Arrived bool   // the person is at the desk: an attention opens with the file
	Copy    bool   // a restored copy opens none
	Until   string // the reader has it open until then; "" while it is shut
	Errors  ui.Errors
}

// Restriction is the page of a file on how it is restricted.
type Restriction struct {
	FileID     string
	Now        *RestrictionLine // nil while everybody who reads files may read it
	MayLift    bool
	Kinds      []ui.Option
	Kind       string // as typed
	Reason     string // as typed
	LiftReason string // as typed
	Errors     ui.Errors
	Problem    string // somebody else was faster
	Earlier    []RestrictionLine
	Openings   []Opening
}

// RestrictionLine is a restriction in words.
type RestrictionLine struct {
	ID     string
	Kind   string
	Reason string
	Since  string // when and by whom it was marked
	Lifted string // when, by whom and why it was lifted
}

// Opening is that somebody opened the glass of a file.
type Opening struct {
	ID     string
	FileID string // in a list of several files
	Person string // in a list of several files
	Who    string
	Role   string
	When   string
	Reason string
	Tag    ui.Tag // still open, reviewed how
	Review string // what the head said, "" while nobody said it
	Ask    bool   // the reader may say it
	Back   string // where the form comes back to: "file", "" the list
	Note   string // as typed
	Errors ui.Errors
}

func (o *Opening) action() templ.SafeURL { return templ.SafeURL("/openings/" + o.ID + "/review") }

// Watch is what a head answers for.
type Watch struct {
	Openings []Opening
	Files    []RestrictedFile
	Problem  string // somebody else was faster
}

// RestrictedFile is a file of the list of a head.
type RestrictedFile struct{ FileID, Name, Facts, Kind string }
