package referral

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	"gsl/tenants"
)

// Sweeper ends what the clock ends: an answer that nobody acknowledged for ten
// working days is closed; a request to the registry's desk whose documents did
// not come in thirty days is withdrawn. It works at the first lookup of a day,
// so that who comes to the desk finds it done, and every night for the
// municipalities in which nobody came.
type Sweeper struct {
	service *Service
	files   *tenants.Files
	clock   func() time.Time
	log     *slog.Logger

	mu    sync.Mutex
	swept map[string]calendar.Date // by municipality: the last day that was swept
}

// NewSweeper makes the sweeper.
func NewSweeper(service *Service, files *tenants.Files, clock func() time.Time, log *slog.Logger) *Sweeper {
	return &Sweeper{service: service, files: files, clock: clock, log: log, swept: map[string]calendar.Date{}}
}

// AfterLookup sweeps the municipality once a day; it is people's hook. What fails
// is tried again at night.
func (w *Sweeper) AfterLookup(ctx context.Context, who actor.Actor, _ people.File) {
	today := calendar.On(w.clock())
	w.mu.Lock()
	done := w.swept[who.Municipality.ID] == today
	w.swept[who.Municipality.ID] = today
	w.mu.Unlock()
	if !done {
		w.sweep(ctx, who.Municipality)
	}
}

// nightHour is when the sweep of all runs, by the clock of Santiago.
const nightHour = 3

// Run sweeps every municipality each night until the context ends.
func (w *Sweeper) Run(ctx context.Context) {
	for {
		wait := time.NewTimer(untilNight(w.clock()))
		select {
		case <-wait.C:
			w.All(ctx)
		case <-ctx.Done():
			wait.Stop()
			return
		}
	}
}

// untilNight is how long it is until the next sweep.
func untilNight(now time.Time) time.Duration {
	year, month, day := now.In(calendar.Santiago).Date()
	next := time.Date(year, month, day, nightHour, 0, 0, 0, calendar.Santiago)
	if !next.After(now) {
		next = time.Date(year, month, day+1, nightHour, 0, 0, 0, calendar.Santiago)
	}
	return next.Sub(now)
}

// All sweeps every municipality that is at work.
func (w *Sweeper) All(ctx context.Context) {
	list, err := w.files.Municipalities(ctx)
	if err != nil {
		w.log.ErrorContext(ctx, "referrals not swept", "error", err)
		return
	}
	for _, who := range list {
		m, err := w.files.Municipality(ctx, who.ID)
		if err == nil && m.Status() == tenants.Active {
			w.sweep(ctx, m)
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// sweep is the edge of the work: what fails is logged here, without names.
func (w *Sweeper) sweep(ctx context.Context, m *tenants.Municipality) {
	if _, err := w.service.Sweep(ctx, m); err != nil {
		w.log.ErrorContext(ctx, "referrals not swept", "municipality", m.Code, "error", err)
	}
}

// mostSwept bounds one sweep; what is left is done by the next.
const mostSwept = 1000

// Sweep ends what the clock ends in one municipality, each in a transaction of
// its own, and gives how many.
func (s *Service) Sweep(ctx context.Context, m *tenants.Municipality) (n int, err error) {
	var ids []string
	err = m.View(ctx, func(tx *tenants.Tx) error {
		ids, err = overripe(tx, calendar.On(tx.Now), mostSwept)
		return err
	})
	if err != nil {
		return 0, err
	}
	system := System(actor.Actor{Municipality: m})
	for _, id := range ids {
		var done bool
		err := m.Update(ctx, func(tx *tenants.Tx) (err error) { //nolint:contextcheck // the transaction carries it
			done, err = s.end(tx, system, id)
			return err
		})
		if err != nil {
			return n, err
		}
		if done {
			n++
		}
	}
	return n, nil
}

// end does what the clock asks of a referral, if it still does.
func (s *Service) end(tx *tenants.Tx, system actor.Actor, id string) (bool, error) {
	r, err := ByID(tx, id)
	if err != nil {
		return false, err
	}
	m, ripe := r.ends(tx.Context(), calendar.On(tx.Now))
	if !ripe {
		return false, nil
	}
	err = s.MoveTx(tx, system, &r, m)
	if fault.Is(err, fault.Conflict) {
		return false, nil
	}
	return err == nil, err
}

// ends is the step that the clock asks for on a day.
func (r *Referral) ends(ctx context.Context, today calendar.Date) (Move, bool) {
	switch {
	case r.State == Answered && calendar.AddWorkingDays(calendar.On(r.AnsweredAt), AcknowledgeDays).Before(today):
		return Move{Verb: Close, Version: r.Version}, true
	case r.State == Waiting && !r.DocumentsDue.IsZero() && r.DocumentsDue.Before(today):
		reason := i18n.Tf(i18n.With(ctx, i18n.Spanish), "referral.late_documents", map[string]any{"On": r.DocumentsDue.Chilean()})
		return Move{Verb: Answer, Version: r.Version, Outcome: OutcomeWithdrawn, ReasonCode: MissingDocuments, Reason: reason}, true
	}
	return Move{}, false
}
