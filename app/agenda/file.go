package agenda

import (
	"context"
	"slices"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/people"
	"gsl/templates/layout"
	"gsl/tenants"
)

// FilePage is the follow-ups of a person that the actor may see.
type FilePage struct {
	File      people.File
	Frame     *layout.FileFrame
	Today     calendar.Date
	FollowUps []FollowUp
}

// OfFile lists the follow-ups of a file that the actor may change, the newest day
// first; the view is in the trail.
func (s *Service) OfFile(ctx context.Context, who actor.Actor, fileID string) (p FilePage, err error) {
	if err = may(who, access.Attend); err != nil {
		return p, err
	}
	if p.File, p.Frame, err = s.people.Visit(ctx, who, fileID, "", "followups"); err != nil {
		return p, err
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error {
		p.Today = calendar.On(tx.Now)
		mine, err := s.mine(tx, who)
		if err != nil {
			return err
		}
		all, err := ofFile(tx, fileID)
		p.FollowUps = slices.DeleteFunc(all, func(f FollowUp) bool {
			return !slices.Contains(mine, f.WorkerID) && (!who.Can(access.AssignCase) || f.Unit != who.UnitID)
		})
		return err
	})
	return p, err
}

// Weeks gives the entries of some weeks that begin with that of a day.
func (s *Service) Weeks(ctx context.Context, who actor.Actor, want Want, weeks int) (list []Entry, err error) {
	if err = may(who, access.Attend); err != nil {
		return nil, err
	}
	w := Week{Want: want}
	if want.Unit || want.Worker != "" {
		if err = s.staff(ctx, who, &w); err != nil {
			return nil, err
		}
	}
	err = who.Municipality.View(ctx, func(tx *tenants.Tx) error { //nolint:contextcheck // the transaction carries it
		w.Today = calendar.On(tx.Now)
		w.settle()
		w.To = w.To.AddDays(7 * (weeks - 1))
		ask, err := s.ask(tx, who, &w)
		if err != nil {
			return err
		}
		all, err := gather(tx, who, ask, s.Sources)
		list = slices.DeleteFunc(all, func(e Entry) bool { return e.Day.Before(w.From) || w.To.Before(e.Day) })
		sortEntries(list)
		return err
	})
	return list, err
}
