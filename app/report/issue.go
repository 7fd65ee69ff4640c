package report

import (
	"context"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// change runs a legal act on a report, in one transaction.
func (s *Signing) change(ctx context.Context, who actor.Actor, p actor.Permission, id string, act func(tx *tenants.Tx, r *Report) error) (r Report, err error) {
	if err := may(who, p); err != nil {
		return r, err
	}
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		tx.Legal()
		if r, err = ByID(tx, id); err != nil {
			return err
		}
		return act(tx, &r)
	})
	return r, err
}

// Issue gives a report out: signed, and approved where that is asked for. Its plan
// item is confirmed, and the report whose place it takes is annulled. Issued twice
// it is issued once.
func (s *Signing) Issue(ctx context.Context, who actor.Actor, id string) (Report, error) {
	return s.change(ctx, who, access.ManagePlan, id, func(tx *tenants.Tx, r *Report) error {
		if r.State == Issued {
			return nil
		}
		return s.issue(tx, who, r)
	})
}

func (s *Signing) issue(tx *tenants.Tx, who actor.Actor, r *Report) error {
	was := r.State
	if key := r.issueRefusal(); key != "" {
		return fault.New(fault.Conflict, key)
	}
	r.State, r.Issue = Issued, Act{At: tx.Now, By: who.UserID, Name: who.Name}
	if err := write(tx, r); err != nil {
		return err
	}
	if err := moved(tx, who, r, was, "report.issue", "", nil); err != nil {
		return err
	}
	if err := s.replace(tx, who, r); err != nil {
		return err
	}
	for _, hook := range s.Issued {
		if err := hook(tx, who, r); err != nil {
			return err
		}
	}
	return nil
}

// issueRefusal says why a report cannot be issued as it stands, "" when it can.
func (r *Report) issueRefusal() string {
	switch {
	case r.State == Annulled:
		return "signature.error.annulled"
	case r.State == Draft:
		return "signature.error.not_signed"
	case r.State == Signed && r.Approval.Needed:
		return "signature.error.not_approved"
	}
	return ""
}

// replace annuls the report whose place an issued one takes.
func (s *Signing) replace(tx *tenants.Tx, who actor.Actor, r *Report) error {
	v, ok, err := replacing(tx, r.ID)
	if err != nil || !ok {
		return err
	}
	old, err := ByID(tx, v.PreviousID)
	if err != nil || old.State == Annulled {
		return err
	}
	return annul(tx, who, &old, v.Reason)
}
