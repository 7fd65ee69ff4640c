// Package report shows the reports of a file and the page on which one is written.
package report

import (
	"github.com/a-h/templ"

	"gsl/templates/ui"
)

// List is the reports of a file.
type List struct {
	Errors  ui.Errors
	New     *New // nil for who writes none
	Waiting []Waiting
	Rows    []Row
}

// New is the form that begins a report.
type New struct {
	Action    string
	Key       string
	Purposes  []ui.Option
	Addressee string
	Due       string
	Open      bool
}

// Waiting is a plan item that asks for a report and has none.
type Waiting struct{ Item, Text, Plan, Href string }

// Row is one report.
type Row struct {
	Href    string
	Action  string
	Purpose string
	State   ui.Tag
	Key     string // of the state, for styles and tests
	Folio   string
	Due     string
	Late    bool
	Written string
	Reason  string // why it was annulled, or what is to be corrected
}

// Editor is the page on which a draft is written.
type Editor struct {
	ID, Action, Discard string
	Page                string // drawn anew each time: see Page of app/report
	Title               string
	Plan                *Link
	Papers              Link // what hangs on it, and where more is handed in
	Due                 string
	Late                bool
	Returned            string // what the head wants corrected
	Previous            *Link  // whose place it is to take, and why
	Saved               string
	Read                *Link // where it is read and signed; nil while there is no such page
	Others              []string
	Errors              ui.Errors
	Outline             []Outlined
	Person              []Fact

	Purpose       Purpose
	Household     Household
	Socioeconomic Socioeconomic
	Housing       Housing
	Health        Texts
	Education     Texts
	Networks      Networks
	Opinion       Texts
	Requests      Requests
}

// Link is a text that leads somewhere.
type Link struct{ Text, Href string }

// Fact is a label with its value.
type Fact struct{ Label, Value string }

// Outlined is one part in the outline: whether something is missing in it.
type Outlined struct {
	Key, Title, Icon, Word, State string // State: done, missing, off
}

// Part is what all parts have.
type Part struct {
	Key, Title, Icon string
	Hint             string
	Keep             string // address that keeps it while it is typed
	Seen, Base       string
	Box              *Box // its box at the upper right; nil: it is always in the report
	Clash            *Clash
	Meta             string
	Focus            string // id of what takes the focus when a button renewed it; "" for nothing
}

// Box says whether a section is in the report.
type Box struct {
	Name    string
	Checked bool
}

// Clash is what somebody else wrote in a part meanwhile.
type Clash struct {
	Key     string
	Title   string
	Theirs  []string
	Against string // version of theirs
	Keep    string
	Both    bool
}

// Purpose asks what the report is for.
type Purpose struct {
	Part
	Purposes  []ui.Option
	Addressee string
	Detail    string
	Due       string
}

// Household is the table of who lives together.
type Household struct {
	Part
	Rows    []Member
	Removed []Removed
	Full    bool
}

// Member is a row of it.
type Member struct {
	ID, N, Name, RUN, Born, Age, Relationship, Education, Occupation, Health string
}

// Removed is a row that can be brought back.
type Removed struct{ ID, Text string }

// Socioeconomic is the section with the table of incomes.
type Socioeconomic struct {
	Part
	Text    string
	Rows    []Income
	Removed []Removed
	Full    bool
	Sums    Totals
}

// Income is a row of it.
type Income struct{ ID, N, Who, Source, Amount string }

// Totals are computed from the tables.
type Totals struct{ Total, PerHead, Note string }

// Housing is the section about the dwelling.
type Housing struct {
	Part
	Text, Type, Tenure, Rooms, Water string
}

// Texts is a part that is one text.
type Texts struct {
	Part
	Name, Label, Text, Hint string
	Rows                    int
}

// Networks is the section about who supports them.
type Networks struct {
	Texts
	Ecomap   bool
	HasDrawn bool
}

// Requests are what is asked for.
type Requests struct {
	Part
	Rows    []Request
	Removed []Removed
	Full    bool
}

// Request is one of them.
type Request struct{ ID, N, Text string }

// Part gives one part of the page by its key.
func (v *Editor) Part(key string) templ.Component {
	switch key {
	case "purpose":
		return PurposePart(v.Purpose)
	case "household":
		return HouseholdPart(v.Household)
	case "socioeconomic":
		return SocioeconomicPart(v.Socioeconomic)
	case "housing":
		return HousingPart(v.Housing)
	case "health":
		return TextPart(v.Health)
	case "education":
		return TextPart(v.Education)
	case "networks":
		return NetworksPart(v.Networks)
	case "opinion":
		return TextPart(v.Opinion)
	}
	return RequestsPart(v.Requests)
}

// Clash gives what somebody else wrote in a part, nil for nothing.
func (v *Editor) Clash(key string) *Clash {
	for _, p := range []*Part{&v.Purpose.Part, &v.Household.Part, &v.Socioeconomic.Part, &v.Housing.Part, &v.Health.Part, &v.Education.Part,
		&v.Networks.Part, &v.Opinion.Part, &v.Requests.Part} {
		if p.Key == key {
			return p.Clash
		}
	}
	return nil
}

// table gives the attributes of a button that changes a part: with script the part
// alone is sent and renewed, without it the whole form is.
func button(keep, key, verb, id string) templ.Attributes {
	value := verb + "." + key
	if id != "" {
		value += "." + id
	}
	return templ.Attributes{"name": "then", "value": value, "hx-post": keep, "hx-target": "#part-" + key, "hx-swap": "outerMorph", "hx-sync": "this:drop"}
}
