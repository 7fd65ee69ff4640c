package schedule

import (
	"context"
	"time"

	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// last is the day for which a job was done last; zero: never.
func (s *Scheduler) last(ctx context.Context, name string) (day calendar.Date, err error) {
	err = s.national.View(ctx, func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT day FROM job WHERE name = ?`, name).Scan(&day)
	})
	if tenants.NotFound(err) {
		return day, nil
	}
	return day, err
}

func (s *Scheduler) done(ctx context.Context, name string, day calendar.Date) error {
	return s.national.Update(ctx, func(tx *tenants.Tx) error {
		_, err := tx.Exec(`INSERT INTO job (name, day, done_at) VALUES (?1, ?2, ?3)
			ON CONFLICT (name) DO UPDATE SET day = ?2, done_at = ?3`, name, day, tx.Now.Format(time.RFC3339))
		return err
	})
}
