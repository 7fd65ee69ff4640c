package report

import (
	"context"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"
)

// heads reports whether the actor is the head of the unit, as far as reports go.
func heads(who actor.Actor, unit string) bool {
	return who.Can(access.ApproveReport) && who.UnitID != "" && who.UnitID == unit
}

// Decision is what a head says of a report that waits.
type Decision struct {
	HeadName, HeadPosition string // as the paper says it; "" as it was named when it was signed
	Comment                string
	Issue                  bool // and issue it at once
	Code                   string
}

// Approve gives the consent of the unit's head to a signed report. Approved twice
// it is approved once. fault.Forbidden: the actor is not the head of the unit, or
// signed it.
func (s *Signing) Approve(ctx context.Context, who actor.Actor, id string, d Decision) (Report, error) {
	comment, err := readText(d.Comment, "comment", "")
	if err != nil {
		return Report{}, err
	}
	d.HeadName, d.HeadPosition = line(d.HeadName), line(d.HeadPosition)
	if wrong := headFields(d.HeadName, d.HeadPosition, false); len(wrong) > 0 {
		return Report{}, fault.InvalidFields(wrong...)
	}
	return s.decide(ctx, who, id, d.Code, func(tx *tenants.Tx, r *Report) error {
		if r.State == Draft {
			return fault.New(fault.Conflict, "signature.error.not_signed")
		}
		if r.State == Signed {
			if err := r.approve(tx, who, &d, comment); err != nil {
				return err
			}
		}
		if r.State == Approved && d.Issue {
			return s.issue(tx, who, r)
		}
		return nil
	})
}

func (r *Report) approve(tx *tenants.Tx, who actor.Actor, d *Decision, comment string) error {
	r.State, r.Approval.Act, r.Approval.Comment = Approved, Act{At: tx.Now, By: who.UserID, Name: who.Name}, comment
	if d.HeadName != "" {
		r.Approval.HeadName = d.HeadName
	}
	if d.HeadPosition != "" {
		r.Approval.HeadPosition = d.HeadPosition
	}
	if err := write(tx, r); err != nil {
		return err
	}
	return moved(tx, who, r, Signed, "report.approve", comment, nil)
}

// Return gives a signed report back to be corrected, with what is to correct. It
// is a draft again, keeps its folio, and what was signed is no longer valid.
func (s *Signing) Return(ctx context.Context, who actor.Actor, id string, d Decision) (Report, error) {
	comment, err := readText(d.Comment, "comment", "signature.missing.comment")
	if err != nil {
		return Report{}, err
	}
	return s.decide(ctx, who, id, d.Code, func(tx *tenants.Tx, r *Report) error {
		return r.reopen(tx, who, "report.return", comment)
	})
}

// Withdraw takes back a signature of one's own before anybody decided on it or the
// report was issued, with a reason: it is a draft again, as after a return.
func (s *Signing) Withdraw(ctx context.Context, who actor.Actor, id, reason string) (Report, error) {
	reason, err := readText(reason, "reason", "signature.missing.reason")
	if err != nil {
		return Report{}, err
	}
	return s.change(ctx, who, access.ManagePlan, id, func(tx *tenants.Tx, r *Report) error {
		switch {
		case r.State == Draft && r.Number == 0:
			return fault.New(fault.Conflict, "signature.error.not_signed")
		case r.State != Draft && r.Author.ID != who.UserID:
			return fault.New(fault.Forbidden, "signature.error.withdraw_other")
		}
		return r.reopen(tx, who, "report.withdraw", reason)
	})
}

// reopen makes a signed report a draft again; one that is so already stays.
func (r *Report) reopen(tx *tenants.Tx, who actor.Actor, action, comment string) error {
	switch r.State {
	case Draft:
		return nil
	case Signed:
	case Approved, Issued, Annulled:
		return fault.New(fault.Conflict, "signature.error.decided")
	}
	r.State, r.Author, r.Signature = Draft, Author{}, Signature{}
	r.Approval = Approval{HeadName: r.Approval.HeadName, HeadPosition: r.Approval.HeadPosition}
	if action == "report.return" {
		r.Approval.Comment = comment // the head's words stand over the draft
	}
	if err := write(tx, r); err != nil {
		return err
	}
	return moved(tx, who, r, Signed, action, comment, nil)
}

// decide runs what a head says of a report that waited for it.
func (s *Signing) decide(ctx context.Context, who actor.Actor, id, code string, act func(tx *tenants.Tx, r *Report) error) (Report, error) {
	return s.change(ctx, who, access.ApproveReport, id, func(tx *tenants.Tx, r *Report) error {
		if err := r.decidable(who, code); err != nil {
			return err
		}
		return act(tx, r)
	})
}

// decidable says why the actor cannot decide on the report with the code, nil when
// it is the actor's to decide. A form of an earlier signature decides nothing.
func (r *Report) decidable(who actor.Actor, code string) error {
	switch {
	case !heads(who, r.Unit):
		return fault.New(fault.Forbidden, "signature.error.other_unit")
	case r.State == Annulled:
		return fault.New(fault.Conflict, "signature.error.annulled")
	case r.State == Draft && r.Number == 0:
		return fault.New(fault.Conflict, "signature.error.not_signed")
	case r.State != Draft && !r.Approval.Needed:
		return fault.New(fault.Conflict, "signature.error.no_approval")
	case r.State != Draft && r.Author.ID == who.UserID:
		return fault.New(fault.Forbidden, "signature.error.own")
	case r.State == Signed && code != "" && code != r.Signature.Code:
		return fault.New(fault.Conflict, "signature.error.changed")
	}
	return nil
}

// Pending is one report that waits for its head.
type Pending struct {
	Report Report
	Person people.File
	Days   int // since it was signed
}

// Waiting lists the reports that wait for the actor, the longest first, and leaves
// the trail of each file shown. more: there are others beyond the limit.
func (s *Signing) Waiting(ctx context.Context, who actor.Actor, limit int) (list []Pending, more bool, err error) {
	if err := may(who, access.ApproveReport); err != nil {
		return nil, false, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		list, more, err = s.pending(tx, who, limit)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	seen := map[string]bool{}
	for i := range list {
		file := list[i].Report.FileID
		if seen[file] {
			continue
		}
		seen[file] = true
		if err := audit.Looked(ctx, who, audit.View{File: file, What: "reports.waiting"}); err != nil {
			return nil, false, err
		}
	}
	return list, more, nil
}

func (s *Signing) pending(tx *tenants.Tx, who actor.Actor, limit int) (list []Pending, more bool, err error) {
	reports, err := waitingOf(tx, who.UnitID, limit+1)
	if err != nil {
		return nil, false, err
	}
	if more = len(reports) > limit; more {
		reports = reports[:limit]
	}
	veil, err := s.reports.people.Veil(tx, who)
	if err != nil {
		return nil, false, err
	}
	for i := range reports {
		f, err := people.Open(tx, reports[i].FileID)
		if err != nil {
			return nil, false, err
		}
		list = append(list, Pending{reports[i], veil.File(f), calendar.On(reports[i].Signature.At).DaysUntil(calendar.On(tx.Now))})
	}
	return list, more, nil
}

// CountWaiting counts the reports that wait for the actor, 0 for who approves none.
func (s *Signing) CountWaiting(tx *tenants.Tx, who actor.Actor) (int, error) {
	if !who.Can(access.ApproveReport) || who.UnitID == "" {
		return 0, nil
	}
	return countWaitingOf(tx, who.UnitID)
}
