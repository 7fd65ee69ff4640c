package referral

import (
	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// govern sets the clock of a referral without protocol: the municipality's
// promise in working days.
func (s *Service) govern(tx *tenants.Tx, _ actor.Actor, r *Referral, _ New) error {
	settings, err := SettingsOf(tx)
	if err != nil {
		return err
	}
	r.Promise = settings.PromiseDays
	if r.Unit == access.RSHUnit {
		r.Promise = settings.RSHPromiseDays
	}
	r.Due = calendar.AddWorkingDays(calendar.On(tx.Now), r.Promise)
	return nil
}

// release gives a reserved spot back.
func (s *Service) release(*tenants.Tx, *Referral) error { return nil }
