package demo

import (
	"gsl/app/referral"
	"gsl/tenants"
)

// settle notes when the destinations will answer what a plan referred: its items
// follow their answers, and with the last one it closes. Some never answer.
func (sc *scene) settle() error {
	if sc.log == nil {
		return nil
	}
	return sc.worker.Municipality.View(sc.ctx, func(tx *tenants.Tx) error {
		made, err := referral.OfPlan(tx, sc.plan.ID)
		for i := range made {
			if sc.rng.IntN(6) > 0 {
				sc.log.promise(sc.worker, &made[i])
			}
		}
		return err
	})
}

// pass lets the steps of others be taken until a time.
func (sc *scene) pass() error {
	if sc.log == nil {
		return nil
	}
	now := sc.Clock.Now()
	err := sc.log.until(now)
	sc.Clock.Set(now)
	return err
}
