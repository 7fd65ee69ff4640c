package demo

import (
	"time"

	"gsl/app/access"
	"gsl/app/kit/calendar"
	"gsl/app/people"
	"gsl/app/referral"
	"gsl/tenants"
)

// settled is the age, in days, from which most of what plans referred has its answer.
const settled = 16

// settle lets the destinations answer what the stories of the plans referred: an
// item follows its answer, and a plan whose last item it was closes.
func (l *log) settle(runs []people.RUN) error {
	l.Clock.Set(l.now)
	var open []referral.Referral
	err := l.cast[access.CaseManager].Municipality.View(l.ctx, func(tx *tenants.Tx) error {
		files, err := people.ByRUNs(tx, runs)
		if err != nil {
			return err
		}
		for _, run := range runs {
			list, err := referral.OfFile(tx, files[run].ID)
			if err != nil {
				return err
			}
			open = append(open, list...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range open {
		r := &open[i]
		old := calendar.On(r.CreatedAt).DaysUntil(l.today) > settled
		if r.State != referral.Sent || r.PlanID == "" || !old || l.rng.IntN(9) == 0 {
			continue
		}
		l.Clock.Set(r.CreatedAt.Add(time.Hour))
		if err := l.resolve(l.cast[access.CaseManager], r); err != nil {
			return err
		}
	}
	return nil
}
