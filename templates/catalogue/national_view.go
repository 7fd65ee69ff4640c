package catalogue

import (
	"context"

	"gsl/app/kit/i18n"
	"gsl/templates/ui"
)

// National is the list of the national catalogue.
type National struct {
	Words    string
	Category string
	Retired  bool
	Tabs     []Tab
	Groups   []NationalGroup
	Summary  string
	Drafts   string // "3 cambios por publicar", "" none
}

// NationalGroup is a drawer with its items.
type NationalGroup struct {
	ID, Heading string
	Lines       []NationalLine
}

// NationalLine is one item.
type NationalLine struct {
	Href, Code, Name, Provider, Reference, Interval, Since string
	Tags                                                   []ui.Tag
}

// Try is what an item says to a made-up household.
type Try struct {
	Who      string
	State    State
	Reasons  []Reason
	Warnings []string
}

// Facet is one thing that a version says.
type Facet struct {
	Label string
	Lines []string
}

// Delta is one thing that changes.
type Delta struct {
	Label         string
	Before, After []DeltaLine
}

// DeltaLine is a line of it; Mark says that only this side has it.
type DeltaLine struct {
	Text string
	Mark bool
}

// NationalItem is an item with its versions in time.
type NationalItem struct {
	Code, Name, Place string
	Tags              []ui.Tag
	Shown             string // which version the facets are of
	Facets            []Facet
	Versions          []NationalVersion
	Draft             *NationalDraft
	Edit, Mark        string
	EditNext          string // address, "" no version is to come
	EditNextText      string
	Retire            *ui.Input // nil: it is retired already
	Errors            ui.Errors
	Publications      []PublicationLine
	Tries             []Try
	On                ui.Input
	Problem           string
}

// NationalVersion is a line of the versions.
type NationalVersion struct {
	Href, Span string
	Tag        ui.Tag
	Current    bool
	Deltas     []Delta // against the one before
}

// NationalDraft is the change under way.
type NationalDraft struct {
	Text, Edit, Discard string
}

// PublicationLine is one publication in a list.
type PublicationLine struct {
	Href, Number, At, By, Reason string
	Items                        []PublishedLine
}

// PublishedLine is one item of it.
type PublishedLine struct {
	Href, Text string
	Tag        ui.Tag
	From       string
	Deltas     []Delta
}

// PublicationPage is one publication.
type PublicationPage struct {
	Title, At, By, Reason string
	Items                 []PublishedLine
	Undo                  string
	Problem               string
}

// NationalForm is the form of a draft.
type NationalForm struct {
	Action, Cancel, Heading, Hint, Mark string
	New                                 bool
	Errors                              ui.Errors
	Inputs                              map[string]ui.Input
	Places, Periods                     []ui.Option
	Providers                           []string
	Rows                                []CriterionRow
	Fields                              []FieldRow
	RowsFull, FieldsFull                bool
	FocusAdd, FocusAddField             bool
	Tries                               []Try
	TriesProblem                        string
	Conflict                            *NationalConflict
	Notes                               []string
}

// CriterionRow is one line of the criteria.
type CriterionRow struct {
	Index, Number           string
	First                   bool
	Join, Scope, Condition  ui.Input
	Value                   ui.Input
	Joins, Scopes, Condlist []ui.Option
}

// FieldRow is one of the item's own fields.
type FieldRow struct {
	Index, Number  string
	Label, Choices ui.Input
	Type, Required ui.Input
	Types          []ui.Option
	RequiredOn     bool
}

// NationalConflict shows what somebody else saved beside what was typed.
type NationalConflict struct {
	Text, Fresh string
	Deltas      []Delta
}

// NationalReview is all that waits to be published.
type NationalReview struct {
	Cards   []ReviewCard
	Errors  ui.Errors
	Problem string
	Reason  ui.Input
	Code    bool
	Key     string
	Ready   bool
}

// ReviewCard is one change.
type ReviewCard struct {
	Pick, Code, Name, Edit, Discard, By string
	Checked, Blocked                    bool
	Tag                                 ui.Tag
	From                                string
	Deltas                              []Delta
	Facets                              []Facet // of a new item
	Warnings, Wrong                     []string
	Effects                             []Effect
}

// Effect is what the change does to a made-up household.
type Effect struct {
	Who           string
	Before, After State // "" there was no such item, or is none any more
}

var verdictKinds = map[State]ui.TagKind{Met: ui.Success, NotMet: ui.Danger, Doubt: ui.Warning}

// Verdict says in a word what an item says to a household.
func verdict(ctx context.Context, s State) ui.Tag {
	switch s {
	case Met:
		return ui.Tag{Text: i18n.T(ctx, "catalogue.national.verdict.met"), Kind: verdictKinds[s], Icon: stateIcons[s]}
	case NotMet:
		return ui.Tag{Text: i18n.T(ctx, "catalogue.national.verdict.not_met"), Kind: verdictKinds[s], Icon: stateIcons[s]}
	case Doubt:
		return ui.Tag{Text: i18n.T(ctx, "catalogue.national.verdict.unknown"), Kind: verdictKinds[s], Icon: stateIcons[s]}
	}
	return ui.Tag{Text: i18n.T(ctx, "catalogue.national.verdict.none"), Icon: "dash-circle"}
}

// NationalImport is the form of a file of items.
type NationalImport struct {
	FileError string
	From      ui.Input
	Wrong     []string
}
