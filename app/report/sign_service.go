package report

import (
	"context"
	"errors"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Signing is what is done with a report that is written: sign, approve, issue,
// annul, print. The hooks are filled once, before the first request.
type Signing struct {
	reports *Service
	signer  Signer

	// Ecomap gives the drawing of the support networks of a file, nil for none.
	Ecomap func(tx *tenants.Tx, fileID string) (*Ecomap, error)
	// Issued hears of each report that is issued, in the transaction that issues it.
	Issued []func(tx *tenants.Tx, who actor.Actor, r *Report) error
}

// NewSigning makes the service over the reports.
func NewSigning(reports *Service, signer Signer) *Signing {
	return &Signing{reports: reports, signer: signer}
}

// Desk is the page on which a report is signed.
type Desk struct {
	Visit
	Report   Report
	Content  Content
	Ecomap   *Ecomap
	Approval ApprovalRule
	Own      bool // the head signs: no other approval is asked for
	Form     SignForm
	Missing  []fault.Field // what the report lacks
	now      time.Time
}

// Desk gives a draft to be read and signed, with what its author last signed as.
func (s *Signing) Desk(ctx context.Context, who actor.Actor, id string) (Desk, error) {
	if err := may(who, access.ManagePlan); err != nil {
		return Desk{}, err
	}
	var d Desk
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		d, err = s.desk(tx, who, id)
		return err
	})
	if err != nil {
		return d, err
	}
	return d, d.seen(ctx, who, "report.sign")
}

func (s *Signing) desk(tx *tenants.Tx, who actor.Actor, id string) (d Desk, err error) {
	if d.Report, err = ByID(tx, id); err != nil {
		return d, err
	}
	if d.Visit, err = s.reports.visit(tx, who, d.Report.FileID); err != nil {
		return d, err
	}
	if err = d.read(tx, who); err != nil {
		return d, err
	}
	d.Ecomap, err = s.ecomap(tx, d.Report.FileID, &d.Content)
	return d, err
}

// read gives the desk what the report says and what is preset.
func (d *Desk) read(tx *tenants.Tx, who actor.Actor) (err error) {
	if d.Content, err = ContentOf(tx, &d.Report); err != nil {
		return err
	}
	d.Content.forgetRemoved()
	if d.Missing, err = undecided(tx, who, d.Report.ID); err != nil {
		return err
	}
	d.Missing = append(d.Missing, d.Content.Missing()...)
	if d.Form.Mark, err = markOf(&d.Content); err != nil {
		return err
	}
	if d.Approval, err = ApprovalOf(tx); err != nil {
		return err
	}
	d.now = tx.Now
	d.Own = heads(who, d.Report.Unit)
	d.Form.HeadName, d.Form.HeadPosition = d.Approval.HeadName, d.Approval.HeadPosition
	if d.Report.Approval.HeadName != "" { // it was returned: who approves was said already
		d.Form.HeadName, d.Form.HeadPosition = d.Report.Approval.HeadName, d.Report.Approval.HeadPosition
	}
	d.Form.Profession, d.Form.Registration, err = lastAuthor(tx, who.UserID)
	return err
}

// undecided names the parts of which the actor has another text kept aside: what
// is signed must be the text that was meant.
func undecided(tx *tenants.Tx, who actor.Actor, id string) (wrong []fault.Field, err error) {
	asides, err := asidesOf(tx, id, who.UserID)
	for i := range asides {
		wrong = append(wrong, fault.Field{Name: string(asides[i].Part), Key: "signature.missing.undecided"})
	}
	return wrong, err
}

// asksApproval reports whether somebody else has to approve what the actor signs.
// Who heads the unit has nobody above to ask: the signature says it all.
func (d *Desk) asksApproval() bool { return d.Approval.Needed && !d.Own }

// errSigned says that there is nothing left to sign; Sign turns it into its answer.
var errSigned = errors.New("report: signed already")

// Sign signs a draft as the actor: what it says is frozen, it gets its folio and
// its code. Signed twice it is signed once. fault.Invalid names what is missing in
// the report or the form; fault.Conflict: it changed since it was read, or
// somebody else signed it.
func (s *Signing) Sign(ctx context.Context, who actor.Actor, id string, form SignForm) (Report, error) {
	if err := may(who, access.ManagePlan); err != nil {
		return Report{}, err
	}
	d, frozen, err := s.freeze(ctx, who, id, &form)
	if errors.Is(err, errSigned) {
		return s.alreadySigned(ctx, who, id)
	}
	if err != nil {
		return d.Report, err
	}
	words, err := frozen.text()
	if err != nil {
		return d.Report, err
	}
	author := Author{ID: who.UserID, Name: who.Name, Profession: form.Profession, Registration: form.Registration}
	seal, err := s.signer.Sign(ctx, Unsigned{Text: words, Author: author, At: frozen.SignedAt})
	if err != nil {
		return d.Report, fault.Wrap(err, fault.Unavailable, "signature.error.signer")
	}
	kept := &signedText{ReportID: id, Code: frozen.Code, Text: words, Seal: seal, At: frozen.SignedAt, By: who.UserID}
	return s.sign(ctx, who, &d, kept, author, form)
}

// freeze checks report and form and gives what is to be signed.
func (s *Signing) freeze(ctx context.Context, who actor.Actor, id string, form *SignForm) (d Desk, f Frozen, err error) {
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		d, err = s.desk(tx, who, id)
		return err
	})
	if err != nil {
		return d, f, err
	}
	if err := d.accept(form); err != nil {
		return d, f, err
	}
	return d, Frozen{Report: id, Code: newCode(who.Municipality.Code), Municipality: who.Municipality.Name, Unit: d.Report.UnitName,
		Author:   FrozenAuthor{ID: who.UserID, Name: who.Name, Profession: form.Profession, Registration: form.Registration},
		SignedAt: d.now.UTC().Truncate(time.Second), Content: d.Content, Ecomap: d.Ecomap}, nil
}

// accept says why the report cannot be signed with the form, nil when it can.
func (d *Desk) accept(form *SignForm) error {
	if d.Report.State != Draft {
		return errSigned
	}
	if wrong := append(d.Missing, form.check(d.asksApproval())...); len(wrong) > 0 {
		return fault.InvalidFields(wrong...)
	}
	if form.Mark != "" && form.Mark != d.Form.Mark {
		return fault.New(fault.Conflict, "signature.error.changed")
	}
	return nil
}

// sign keeps the signature, unless the draft changed since it was frozen.
func (s *Signing) sign(ctx context.Context, who actor.Actor, d *Desk, t *signedText, author Author, form SignForm) (r Report, err error) {
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		tx.Legal()
		if r, err = unchanged(tx, d); errors.Is(err, errSigned) {
			return r.isOwn(who) // pressed twice: the answer waits for the commit of the first
		}
		if err != nil {
			return err
		}
		r.State, r.Author = Signed, author
		r.Signature = Signature{At: t.At, Digest: t.Seal.Digest, Code: t.Code}
		r.Approval.Needed = d.asksApproval()
		r.Approval.HeadName, r.Approval.HeadPosition = form.HeadName, form.HeadPosition
		if !r.Approval.Needed {
			r.Approval.HeadName, r.Approval.HeadPosition = "", ""
		}
		if err := giveFolio(tx, &r); err != nil {
			return err
		}
		if err := keepSigned(tx, who, &r, t); err != nil || !form.Issue || r.Approval.Needed {
			return err
		}
		return s.issue(tx, who, &r)
	})
	return r, err
}

// unchanged gives the draft, if it still says what was frozen of it.
func unchanged(tx *tenants.Tx, d *Desk) (Report, error) {
	r, err := ByID(tx, d.Report.ID)
	if err != nil {
		return r, err
	}
	if r.State != Draft {
		return r, errSigned
	}
	c, err := ContentOf(tx, &r)
	if err != nil {
		return r, err
	}
	c.forgetRemoved()
	mark, err := markOf(&c)
	if err == nil && (mark != d.Form.Mark || r.Version != d.Report.Version) {
		err = fault.New(fault.Conflict, "signature.error.changed")
	}
	return r, err
}

// giveFolio gives a report its number, once.
func giveFolio(tx *tenants.Tx, r *Report) (err error) {
	if r.Number > 0 { // it was returned for correction
		return nil
	}
	r.Year = yearOf(tx.Now)
	r.Number, err = nextNumber(tx, r.Year)
	return err
}

func keepSigned(tx *tenants.Tx, who actor.Actor, r *Report, t *signedText) error {
	if err := write(tx, r); err != nil {
		return err
	}
	if err := keepText(tx, t); err != nil {
		return err
	}
	return moved(tx, who, r, Draft, "report.sign", "", map[string]string{"sha256": t.Seal.Digest, "method": t.Seal.Method})
}

// moved leaves the change of state in the history and in the trail.
func moved(tx *tenants.Tx, who actor.Actor, r *Report, was State, action, note string, detail map[string]string) error {
	if err := remember(tx, who, r, was, note); err != nil {
		return err
	}
	if detail == nil {
		detail = map[string]string{}
	}
	detail["folio"], detail["from"], detail["to"] = r.Folio(), string(was), string(r.State)
	if note != "" {
		detail["reason"] = note
	}
	return audit.Record(tx, who, audit.Change{Action: action, Object: r.ID, File: r.FileID, Detail: detail})
}

// alreadySigned answers whoever signs what is signed: the author, that it is so.
func (s *Signing) alreadySigned(ctx context.Context, who actor.Actor, id string) (r Report, err error) {
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		r, err = ByID(tx, id)
		return err
	})
	if err == nil {
		err = r.isOwn(who)
	}
	if err != nil {
		return r, err
	}
	return r, who.Municipality.Replicated(ctx)
}

// isOwn says why the actor did not sign what is signed, nil when they did.
func (r *Report) isOwn(who actor.Actor) error {
	if r.State == Annulled || r.Author.ID != who.UserID {
		return fault.New(fault.Conflict, "signature.error.signed")
	}
	return nil
}

// sameText reports whether a kept text still has its digest.
func (t *signedText) sameText() bool { return digestOf(t.Text) == t.Seal.Digest }
