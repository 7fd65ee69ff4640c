package report

import (
	"context"
	"time"

	"gsl/app/kit/calendar"
	"gsl/app/kit/callers"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Standing is what a paper is worth.
type Standing string

// The standings.
const (
	Valid      Standing = "valid"
	NotIssued  Standing = "not-issued" // signed, and waiting to be approved or issued
	Withdrawn  Standing = "withdrawn"  // the signature was taken back, to correct the report
	Ended      Standing = "annulled"
	Superseded Standing = "replaced" // annulled, and another report has taken its place
	Broken     Standing = "broken"   // what is kept is not what was signed
)

// Checked is what anybody may know of a paper: nothing of a person.
type Checked struct {
	Code         string
	Municipality string
	Folio        string
	Digest       string
	Standing     Standing
	SignedOn     calendar.Date
	IssuedOn     calendar.Date // zero: it was not issued
	EndedOn      calendar.Date // zero: it was not annulled
	Instead      string        // folio of the report that took its place
}

// Verifier tells anybody who has a code what became of its paper.
type Verifier struct {
	files   *tenants.Files
	callers *callers.Callers
	clock   func() time.Time
}

// What one address may ask: an office that checks a pile of papers at once, and
// then a code every two seconds.
const (
	checkRate  = 0.5
	checkBurst = 40
)

// NewVerifier makes the service.
func NewVerifier(files *tenants.Files, clock func() time.Time) *Verifier {
	return &Verifier{files: files, callers: callers.New(checkRate, checkBurst), clock: clock}
}

// Check gives what a code stands for; fault.NotFound for a code of no paper.
func (v *Verifier) Check(ctx context.Context, typed string) (c Checked, err error) {
	municipality, code, ok := ParseCode(typed)
	if !ok {
		return c, fault.New(fault.NotFound, "fault.not_found")
	}
	m, err := v.municipality(ctx, municipality)
	if err != nil {
		return c, err
	}
	c = Checked{Code: code, Municipality: m.Name}
	err = m.View(ctx, func(tx *tenants.Tx) error { return c.read(tx) })
	return c, err
}

// municipality finds the one of a code.
func (v *Verifier) municipality(ctx context.Context, code string) (*tenants.Municipality, error) {
	list, err := v.files.Municipalities(ctx)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].Code == code && list[i].Status != tenants.Provisioning {
			return v.files.Municipality(ctx, list[i].ID)
		}
	}
	return nil, fault.New(fault.NotFound, "fault.not_found")
}

func (c *Checked) read(tx *tenants.Tx) error {
	t, err := textOf(tx, c.Code)
	if err != nil {
		return err
	}
	r, err := ByID(tx, t.ReportID)
	if err != nil {
		return err
	}
	c.Folio, c.Digest, c.SignedOn = r.Folio(), t.Seal.Digest, calendar.On(t.At)
	c.Standing = standing(&r, &t)
	if r.Signature.Code == c.Code && !r.Issue.At.IsZero() {
		c.IssuedOn = calendar.On(r.Issue.At)
	}
	if r.State != Annulled {
		return nil
	}
	c.EndedOn = calendar.On(r.Annulment.At)
	next, ok, err := successor(tx, r.ID)
	if err == nil && ok && next.State == Issued && c.Standing == Ended {
		c.Standing, c.Instead = Superseded, next.Folio()
	}
	return err
}

// standing is what a signed text is worth, as its report stands.
func standing(r *Report, t *signedText) Standing {
	switch {
	case !t.sameText():
		return Broken
	case r.State == Annulled && (r.Signature.Code == "" || r.Signature.Code == t.Code):
		return Ended
	case r.Signature.Code != t.Code:
		return Withdrawn
	case r.State == Issued:
		return Valid
	}
	return NotIssued
}
