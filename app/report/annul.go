package report

import (
	"context"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Annul ends a report that was signed, with a reason: it is kept, its code says
// that it is annulled, and its plan item stays as it is. Its author and the head
// of its unit may. Annulled twice it is annulled once, with the first reason.
func (s *Signing) Annul(ctx context.Context, who actor.Actor, id, reason string) (Report, error) {
	reason, err := readText(reason, "reason", "signature.missing.reason")
	if err != nil {
		return Report{}, err
	}
	return s.change(ctx, who, access.ManagePlan, id, func(tx *tenants.Tx, r *Report) error {
		if !r.mayAnnul(who) {
			return fault.New(fault.Forbidden, "signature.error.annul_other")
		}
		if r.State == Annulled {
			return nil
		}
		if r.Number == 0 { // a draft is discarded, not annulled
			return fault.New(fault.Conflict, "signature.error.not_signed")
		}
		return annul(tx, who, r, reason)
	})
}

// mayAnnul: who signed it, who began what was returned, and the head of the unit.
func (r *Report) mayAnnul(who actor.Actor) bool {
	if !who.Can(access.ManagePlan) {
		return false
	}
	return r.Author.ID == who.UserID || r.Author.ID == "" && r.CreatedBy == who.UserID || heads(who, r.Unit)
}

// mayReplace: whoever may annul the report, and who works in its unit, where the
// head may be asked to approve; a version that is issued annuls it.
func (r *Report) mayReplace(who actor.Actor) bool {
	return r.mayAnnul(who) || who.Can(access.ManagePlan) && who.UnitID != "" && who.UnitID == r.Unit
}

func annul(tx *tenants.Tx, who actor.Actor, r *Report, reason string) error {
	was := r.State
	r.State = Annulled
	r.Annulment = Annulment{Act: Act{At: tx.Now, By: who.UserID, Name: who.Name}, Reason: reason}
	if err := write(tx, r); err != nil {
		return err
	}
	return moved(tx, who, r, was, "report.annul", reason, nil)
}

// NewVersion begins the draft that is to take the place of a report, with what it
// says, in the same unit: its head approves what replaces what was approved there.
// The report stays valid until the new version is issued, which annuls it with the
// reason. Begun twice it is begun once.
func (s *Signing) NewVersion(ctx context.Context, who actor.Actor, id, reason string) (Report, error) {
	reason, err := readText(reason, "reason", "signature.missing.reason")
	if err != nil {
		return Report{}, err
	}
	if err := may(who, access.ManagePlan); err != nil {
		return Report{}, err
	}
	var made Report
	err = who.Municipality.Update(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
		made, err = s.newVersion(tx, who, id, reason)
		return err
	})
	return made, err
}

func (s *Signing) newVersion(tx *tenants.Tx, who actor.Actor, id, reason string) (Report, error) {
	old, err := ByID(tx, id)
	if err != nil {
		return old, err
	}
	if old.State == Draft || old.State == Signed { // a draft is written on; what waits is returned
		return old, fault.New(fault.Conflict, "signature.error.no_version")
	}
	if !old.mayReplace(who) {
		return old, fault.New(fault.Forbidden, "signature.error.version_other")
	}
	if next, ok, err := successor(tx, id); err != nil || ok {
		return next, err
	}
	t, err := lastText(tx, id)
	if err != nil {
		return old, err
	}
	f, err := thaw(t.Text)
	if err != nil {
		return old, err
	}
	r := Report{ID: tx.NewID(), FileID: old.FileID, State: Draft, Version: 1, PlanID: old.PlanID, ItemID: old.ItemID, PreviousID: old.ID,
		PurposeCode: old.PurposeCode, Purpose: old.Purpose, DueOn: old.DueOn, Unit: old.Unit, UnitName: old.UnitName,
		CreatedAt: tx.Now, CreatedBy: who.UserID, CreatedByName: who.Name}
	if err := insertReport(tx, &r, ""); err != nil {
		return r, err
	}
	if err := insertParts(tx, who, r.ID, &f.Content); err != nil {
		return r, err
	}
	v := Replacement{ReportID: r.ID, PreviousID: old.ID, Reason: reason, At: tx.Now, By: who.UserID, Name: who.Name}
	if err := insertReplacement(tx, &v); err != nil {
		return r, err
	}
	return r, moved(tx, who, &r, "", "report.version", reason, map[string]string{"previous": old.Folio()})
}
