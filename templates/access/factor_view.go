package access

import "gsl/templates/ui"

// QR is a drawn code: the path of its dark modules in a square of that size.
type QR struct {
	Size string
	Path string
}

// Box is the viewBox of the drawing.
func (q QR) Box() string { return "0 0 " + q.Size + " " + q.Size }

// Setup is the enrolment of a device.
type Setup struct {
	QR       QR
	Secret   string // in groups, for who types it
	URL      string // for who has the app on this machine
	Sealed   string // comes back with the first code
	Replaces bool   // there is a device already
	Demanded bool   // nothing else can be done before
	Errors   ui.Errors
}

// Prove asks who is there before a device is enrolled.
type Prove struct {
	Code   bool // a code of the device; else the password
	Errors ui.Errors
}

// Codes are the recovery codes, shown this once.
type Codes struct {
	Codes    []string
	Enrolled bool // a device was enrolled just now
	Name     string
	Date     string
}

// Factor is the page of somebody who has a second factor.
type Factor struct {
	Since     string
	Left      int // recovery codes not used yet
	Demanded  bool
	NeedsCode bool
	Errors    ui.Errors
}

// FactorReset asks before somebody's second factor is taken away.
type FactorReset struct {
	UserID    string
	Name      string
	On        bool
	NeedsCode bool
	Errors    ui.Errors
}
