package settings

import "gsl/templates/ui"

// Municipality is the page on which the municipality says who it is.
type Municipality struct {
	Profile     Profile
	Usual       string // the name when none is given
	Shield      string // address of the small shield, "" for none
	ShieldError string
	Agreement   Agreement
	Legal       Legal
}

// Profile is name and contact as they are typed.
type Profile struct {
	OfficialName, Address, Phone, Email string
	Version                             string
	Errors                              ui.Errors
	Problem                             string // somebody changed it meanwhile
	Kept                                []Line
}

// Agreement is what the municipality adds to the confidentiality agreement.
type Agreement struct {
	Number   int // 0: nothing yet
	Body     string
	Base     string // version of the text that holds everywhere
	By, When string
	Accepted string // how many did
	Errors   ui.Errors
	Problem  string
}

// Legal is whether legal acts wait for their replica.
type Legal struct {
	On       bool
	Possible bool // there is a replica
	SameDisk bool // on the same disk: no backup
	Error    string
}
