package people

import (
	"context"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/tenants"
)

// inCopy reports whether the actor looks into a restored copy. What is written
// there is undone: what must stay is written elsewhere.
func inCopy(who actor.Actor) bool { return who.Municipality.CopyOf() != "" }

// countInCopy counts a lookup where the file itself counts none.
func (s *Service) countInCopy(who actor.Actor) error {
	if s.AtCopy == nil || !inCopy(who) {
		return nil
	}
	return s.AtCopy(who)
}

// searched leaves the trail of a search: with the changes of the file, or, of a
// copy, with the views of the live one, a row for each name that was shown.
func (s *Service) searched(ctx context.Context, who actor.Actor, r *Results) error {
	if !inCopy(who) {
		return who.Municipality.Update(tenants.ForReading(ctx), func(tx *tenants.Tx) error {
			return recordSearch(tx, who, "search", r.Found, r.Strangers)
		})
	}
	for i := range r.Found {
		if err := audit.Looked(ctx, who, audit.View{File: r.Found[i].File.ID, What: "search"}); err != nil {
			return err
		}
	}
	return nil
}
