package plan

import (
	"gsl/app/kit/actor"
	"gsl/tenants"
)

// Abandon withdraws, with a reason, whatever is not finished in the open plans
// of a file: its case has ended, and the work with it. Referrals under way are
// cancelled, and each plan closes with its last item.
func (s *Service) Abandon(tx *tenants.Tx, who actor.Actor, fileID, reason string) error {
	plans, err := plansOf(tx, fileID)
	if err != nil {
		return err
	}
	for i := range plans {
		if plans[i].Closed {
			continue
		}
		var saved Saved
		if saved.Plan, err = load(tx, plans[i].ID); err != nil {
			return err
		}
		form := SaveForm{Items: map[string]Wanted{}}
		for _, it := range saved.Plan.Items {
			if !it.Status.Finished() {
				form.Items[it.ID] = Wanted{Status: string(Withdrawn), Reason: reason}
			}
		}
		if err := s.save(tx, who, &saved, form); err != nil {
			return err
		}
	}
	return nil
}
