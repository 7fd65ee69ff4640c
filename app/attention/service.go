package attention

import (
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"
	"time"

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
	beats     *pulse

	// OpenPlans gives the worker's open plans, those that wait longest first.
	OpenPlans func(tx *tenants.Tx, who actor.Actor) ([]Work, error)
	// Inbox counts the referrals that wait for the actor.
	Inbox func(tx *tenants.Tx, who actor.Actor) (Inbox, error)
	// Answered gives the answers of today to what the actor referred, the latest first.
	Answered func(tx *tenants.Tx, who actor.Actor, limit int) ([]Answered, error)
	// Duties counts the decisions that wait for the actor.
	Duties func(tx *tenants.Tx, who actor.Actor) (Duties, error)
	// Today gives what the actor's agenda has for the day, at most so many, named as
	// the actor may see them.
	Today func(tx *tenants.Tx, who actor.Actor, limit int) (Today, error)
	// Referrals gives the referrals that were made in the attention and that the
	// actor may know of.
	Referrals func(tx *tenants.Tx, who actor.Actor, a *Attention) ([]Made, error)
	// Contact gives whom to turn to at a provider of the catalogue, "" when nobody says.
	Contact func(tx *tenants.Tx, provider string) (string, error)
	// Desks lists the desks of the units that work with this program.
	Desks func(tx *tenants.Tx) ([]Desk, error)
	// Facts gives what is known of the file's household; screening fills it.
	Facts func(ctx context.Context, who actor.Actor, fileID string) (*catalogue.Facts, error)
	// Names gives the names of users of the roster by id.
	Names func(ctx context.Context, ids []string) (map[string]string, error)
	// Tellers are the rooms that tell lines of their own in a file's history.
	Tellers []Teller
}

func may(who actor.Actor, p actor.Permission) error {
	if who.Municipality == nil || !who.Can(p) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

// NewService makes the service; a nil clock is time.Now.
func NewService(people *people.Service, catalogue *catalogue.Service, clock func() time.Time) *Service {
	if clock == nil {
		clock = time.Now
	}
	return &Service{people: people, catalogue: catalogue, clock: clock, beats: newPulse()}
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
		if err := insertTopic(tx, Topic{Code: row[0], Name: row[1], Suggests: strings.Fields(row[2])}); err != nil {
			return err
		}
	}
	return nil
}

// OnLookup opens an attention of the person at the actor's desk, or goes on
// with the open one. It is people's hook: it runs in the lookup's transaction.
// Whoever has no desk, as the municipality's administration, attends nobody.
func (s *Service) OnLookup(tx *tenants.Tx, who actor.Actor, f people.File) error {
	today := calendar.On(tx.Now)
	if err := closeStale(tx, today); err != nil {
		return err
	}
	if err := forgetNames(tx, today); err != nil || !attends(who) {
		return err
	}
	_, err := s.Open(tx, who, f.ID)
	return err
}

// Open gives the id of the desk's open attention of the file, and opens one when
// there is none. fault.Forbidden: the actor attends nobody.
func (s *Service) Open(tx *tenants.Tx, who actor.Actor, file string) (string, error) {
	if !attends(who) {
		return "", fault.New(fault.Forbidden, "fault.forbidden")
	}
	id, err := reuse(tx, who, file)
	if err != nil || id != "" {
		return id, err
	}
	return insert(tx, who, file)
}

// Why gives what the actor reads the file for: the open attention of the
// actor's desk, "" for work that starts from the workbench.
func (s *Service) Why(tx *tenants.Tx, who actor.Actor, file string) (string, error) {
	if !attends(who) {
		return "", nil
	}
	return openID(tx, desk(who), file)
}

// OnFrame says in the person's header when they were attended last, "hace 12
// días · Alimentación", puts the bar of the open attention beside it, and
// gives that attention as what the page is read for.
func (s *Service) OnFrame(tx *tenants.Tx, who actor.Actor, f people.File, frame *layout.FileFrame) error {
	ctx := tx.Context()
	atDesk := ""
	if attends(who) {
		atDesk = desk(who)
	}
	last, b, err := headerOf(tx, atDesk, f.ID)
	if err != nil {
		return err
	}
	if last != nil {
		text := i18n.Tf(ctx, "attention.last", map[string]any{"When": ago(ctx, last.Day.DaysUntil(calendar.On(tx.Now))), "What": about(ctx, *last)})
		frame.Alerts = append(frame.Alerts, ui.Tag{Text: text, Icon: "clock-history", Kind: ui.Info})
	}
	if atDesk != "" {
		frame.Attention, frame.Why = presentBar(ctx, b, f.ID, tx.Now), b.id
	}
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
