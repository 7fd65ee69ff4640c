package attention

import (
	"context"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Bench is what waits for a worker.
type Bench struct {
	Now      time.Time
	Files    bool       // the actor may look people up; without it the rest is empty
	Casework bool       // the actor has plans
	Plans    []Work     // open plans of the worker
	Attended []Attended // today, last first
	// Approvals is how many pieces of aid wait for the actor's consent.
	Approvals int
}

// Workbench gives what waits for the actor. A role that reads no personal data
// gets none.
func (s *Service) Workbench(ctx context.Context, who actor.Actor) (Bench, error) {
	if who.IsNobody() {
		return Bench{}, fault.New(fault.Unauthenticated, "fault.unauthenticated")
	}
	if who.Municipality == nil || !who.Can(access.ReadFile) {
		return Bench{Now: s.clock()}, nil
	}
	bench := Bench{Now: s.clock(), Files: true, Casework: who.Can(access.ManagePlan)}
	err := who.Municipality.View(ctx, func(tx *tenants.Tx) (err error) {
		if bench.Attended, err = attendedOn(tx, who.UserID, calendar.On(tx.Now), 12); err != nil {
			return err
		}
		if s.OpenPlans != nil && bench.Casework {
			if bench.Plans, err = s.OpenPlans(tx, who); err != nil {
				return err
			}
		}
		if s.Approvals != nil {
			bench.Approvals, err = s.Approvals(tx, who)
		}
		return err
	})
	return bench, err
}
