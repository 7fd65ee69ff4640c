package attention

import (
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	"gsl/app/screening"
	"gsl/templates/layout"
	"gsl/templates/ui"
	"gsl/tenants"
)

// Work is an open plan or a filled cart, as the workbench lists it.
type Work = screening.Work

// Service is what one can do with attentions. The hooks are filled once, before
// the first request; a nil hook leaves its part of the page out.
type Service struct {
	people    *people.Service
	catalogue *catalogue.Service
	clock     func() time.Time

	// OpenPlans gives the worker's open plans, those that wait longest first.
	OpenPlans func(tx *tenants.Tx, who actor.Actor) ([]Work, error)
	// Approvals counts the aid that waits for the actor's consent.
	Approvals func(tx *tenants.Tx, who actor.Actor) (int, error)
	// Names gives the names of users of the roster by id.
	Names func(ctx context.Context, ids []string) (map[string]string, error)
}

// NewService makes the service; a nil clock is time.Now.
func NewService(people *people.Service, catalogue *catalogue.Service, clock func() time.Time) *Service {
	if clock == nil {
		clock = time.Now
	}
	return &Service{people: people, catalogue: catalogue, clock: clock}
}

//go:embed topics.csv
var topics string

// Seed gives a municipality the topics to start from; what it has stays as it is.
func Seed(tx *tenants.Tx) error {
	rows, err := csv.NewReader(strings.NewReader(topics)).ReadAll()
	if err != nil {
		return fmt.Errorf("topics.csv: %w", err)
	}
	for _, row := range rows[1:] {
		if err := insertTopic(tx, Topic{Code: row[0], Name: row[1]}); err != nil {
			return err
		}
	}
	return nil
}

// OnLookup opens an attention of the person at the actor's desk, or goes on
// with the open one. It is people's hook: it runs in the lookup's transaction.
// Whoever has no desk, as the municipality's administration, attends nobody.
func (s *Service) OnLookup(tx *tenants.Tx, who actor.Actor, f people.File) error {
	if err := closeStale(tx, calendar.On(tx.Now)); err != nil {
		return err
	}
	if !attends(who) {
		return nil
	}
	open, err := reuse(tx, who, f.ID)
	if err != nil || open {
		return err
	}
	return insert(tx, who, f.ID)
}

// Why gives what the actor reads the file for: the open attention of the
// actor's desk, "" for work that starts from the workbench.
func (s *Service) Why(tx *tenants.Tx, who actor.Actor, file string) (string, error) {
	if !attends(who) {
		return "", nil
	}
	return openID(tx, desk(who), file)
}

// OnFrame says in the person's header when they were attended last: "hace 12
// días · Alimentación".
func (s *Service) OnFrame(tx *tenants.Tx, _ actor.Actor, f people.File, frame *layout.FileFrame) error {
	last, ok, err := lastFinished(tx, f.ID)
	if err != nil || !ok {
		return err
	}
	ctx := tx.Context()
	text := i18n.Tf(ctx, "attention.last", map[string]any{"When": ago(ctx, last.Day.DaysUntil(calendar.On(tx.Now))), "What": about(ctx, last)})
	frame.Alerts = append(frame.Alerts, ui.Tag{Text: text, Icon: "clock-history", Kind: ui.Info})
	return nil
}

// about says what an attention was about: its topic or, while nobody said it, the desk.
func about(ctx context.Context, a Attention) string {
	if a.Topic != "" {
		return a.Topic
	}
	return deskName(ctx, a)
}

// deskName is the unit's name; a desk without unit is called by its role.
func deskName(ctx context.Context, a Attention) string {
	if a.DeskName != "" {
		return a.DeskName
	}
	return layout.RoleName(ctx, a.Desk)
}

func ago(ctx context.Context, days int) string {
	switch {
	case days <= 0:
		return i18n.T(ctx, "attention.today")
	case days == 1:
		return i18n.T(ctx, "attention.yesterday")
	}
	return i18n.Tf(ctx, "attention.days_ago", map[string]any{"Count": days})
}

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
