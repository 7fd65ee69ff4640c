package access

import "gsl/templates/ui"

// Users is a page of the roster.
type Users struct {
	Title    string
	Scope    string // whose people: the municipality, the unit
	Base     string // address of the list: /users, /admin/users
	National bool
	Filter   UserFilter
	Chips    []UserChip
	Found    string // how many stand here
	Rows     []UserRow
	First    string // address of the first page, "" on it
	Next     string // address of the next page, "" when there is none
	After    string // of a search, whose words stand in no address: where it goes on
}

// UserFilter is what the list is narrowed by.
type UserFilter struct {
	Q      string
	State  string
	Roles  []ui.Option
	Units  []ui.Option // nil for a head
	Places []ui.Option // of the national administration; else nil
	Active bool        // something is narrowed
	Errors ui.Errors
}

// UserChip is one state with how many people are in it.
type UserChip struct {
	Href, Text, Count string
	Current           bool
}

// UserRow is one person in the list.
type UserRow struct {
	Href, Name, RUN, Email    string
	Roles                     []UserRole
	State                     ui.Tag
	Agreement, SignedIn, Seen string // "" never
}

// UserRole is a membership in words.
type UserRole struct {
	ID    string
	Text  string // role and unit
	Place string // municipality, "" where it goes without saying
	Dates string // "" when it lasts and began long ago
	Seen  string
	Tag   ui.Tag // disabled, to come; no text for none
	Past  bool
	Own   bool // the actor works in it
	Off   bool
	May   bool // the actor may end it and switch it
}

// UserForm is what is asked of somebody new.
type UserForm struct {
	RUN, GivenNames, Surnames, Email, From, To string
	Scope                                      string
	Back                                       string
	Problem                                    string
	Role                                       RoleChoice
	Errors                                     ui.Errors
}

// RoleChoice are the fields of a role to give.
type RoleChoice struct {
	Places []ui.Option // nil: here
	Posts  []ui.Option
	Code   bool // a code of the second factor is asked for
	From   string
	To     string
	Errors ui.Errors
}

// UserLink is the link that was just made, shown once.
type UserLink struct {
	Title   string
	Name    string
	Link    string // "" when there is none to hand over
	Until   string
	Mailed  string // where it is on its way to
	Why     string // why there is no link
	Profile string // address of the person's page
	Again   string // address of the form, "" after a reset
}

// User is the page of one person.
type User struct {
	ID, Name, RUN    string
	Email            string
	MayEmail         bool
	Back             string
	State            ui.Tag
	StateText        string // one sentence: what the state means
	Problem          string // why the last act was not done
	Facts            []UserFact
	Roles            []UserRole
	Past             []UserRole
	Give             *RoleChoice // nil: nothing to give
	Open             string      // the form that came back: role, end:<id>, reset, email
	Errors           ui.Errors
	Typed            string // the last day that was typed for the role that was to end
	Reset            string // what the button says; "" when not the actor's to do
	ResetWhy         string // why not
	ResetText        string
	Account          *UserSwitch // the account, of the national administration
	All              *UserSwitch // every role of the municipality at once
	Code             bool
	Factor           bool // has a second factor
	ResetsFactor     bool // the actor may take it away
	History          []TrailRow
	More             string
	National         bool
	AuditOf, AuditBy string // addresses of the national trail
}

// UserSwitch disables or enables at once.
type UserSwitch struct {
	Action, Text, Button string
	Danger               bool
}

// TrailRow is one line of the trail in words.
type TrailRow struct {
	When, Who, Role string
	What            string
	Whom, Href      string
	Detail          []string
}

// TrailPage is the national trail.
type TrailPage struct {
	Title      string
	Kinds      []ui.Option
	From, To   string
	About, By  string // ids that are kept while filtering
	AboutName  string
	ByName     string
	Errors     ui.Errors
	Rows       []TrailRow
	First      string
	Next       string
	Narrowed   bool
	Back       string // of a person's history
	WhomColumn bool
}

// UserFact is one thing that is known of a person.
type UserFact struct{ Label, Value string }

// roleError is what is wrong with the role or with its unit: one field asks for both.
func roleError(list ui.Errors) string {
	if text := list.Of("role"); text != "" {
		return text
	}
	return list.Of("unit")
}

// endTyped is what was typed there.
func endTyped(v *User, role UserRole) string {
	if v.Open != "end:"+role.ID {
		return ""
	}
	return v.Typed
}

// endError is what is wrong with the last day of the role that was to end.
func endError(v *User, role UserRole) string {
	if v.Open != "end:"+role.ID {
		return ""
	}
	return v.Errors.Of("to")
}

func resetError(v *User) string {
	if v.Open != "reset" {
		return ""
	}
	return v.Errors.Of("code")
}

// roleClass lets the role have a line of its own where no municipality stands beside it.
func (v *RoleChoice) roleClass() string {
	if v.Places == nil {
		return "wide"
	}
	return ""
}
