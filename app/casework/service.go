package casework

import (
	"context"
	"sync"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	"gsl/templates/layout"
	"gsl/templates/ui"
	"gsl/tenants"
)

// Away is that a worker is away and who does the work meanwhile.
type Away struct {
	To              calendar.Date // last day
	ReplacementID   string
	ReplacementName string
}

// Service is what one can do with cases. The hooks are filled once, before the
// first request; a nil hook leaves its part out.
type Service struct {
	people *people.Service
	boards sync.Map // [2]string of municipality and unit → *kept: one of each unit

	// Colleagues lists who works in a unit; access fills it.
	Colleagues func(ctx context.Context, who actor.Actor, unit string) ([]access.Colleague, error)
	// Away says whether a worker is away on a day; referral fills it.
	Away func(tx *tenants.Tx, userID string, day calendar.Date) (Away, bool, error)
	// Replaced lists whom a worker replaces on a day; referral fills it.
	Replaced func(tx *tenants.Tx, userID string, day calendar.Date) ([]string, error)
	// Standing says how the plans of each file stand; plan fills it.
	Standing func(tx *tenants.Tx, fileIDs []string) (map[string]Standing, error)
	// Attended gives the latest attention of each file; attention fills it.
	Attended func(tx *tenants.Tx, fileIDs []string) (map[string]Attended, error)
	// Undone lists the work of a file that is not finished; plan fills it.
	Undone func(tx *tenants.Tx, fileID string) ([]Undone, error)
	// Abandon withdraws that work with a reason, when its case is closed.
	Abandon func(tx *tenants.Tx, who actor.Actor, fileID, reason string) error
}

// NewService makes the service.
func NewService(files *people.Service) *Service { return &Service{people: files} }

// mostTold is how many changes of who is responsible the history of a file tells.
const mostTold = 200

// History gives who was responsible for a file and since when, the newest first.
func History(tx *tenants.Tx, fileID string) ([]Entry, error) { return entries(tx, fileID, mostTold) }

func may(who actor.Actor, p actor.Permission) error {
	if who.Municipality == nil || !who.Can(p) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return nil
}

// OnFrame says in the person's header who is responsible, and who does the work
// while that person is away; it is one of people's OnFrame hooks.
func (s *Service) OnFrame(tx *tenants.Tx, _ actor.Actor, f people.File, frame *layout.FileFrame) error {
	c, open, err := workerOf(tx, f.ID)
	if err != nil || !open {
		return err
	}
	text, err := s.responsible(tx, &c)
	frame.Facts = append(frame.Facts, ui.Fact{Icon: "person-check", Text: text, Href: "/files/" + f.ID + "/case"})
	return err
}

func (s *Service) responsible(tx *tenants.Tx, c *Case) (string, error) {
	ctx := tx.Context()
	if c.Status == Unassigned {
		return i18n.T(ctx, "casework.waits"), nil
	}
	away, gone, err := s.away(tx, c.WorkerID, calendar.On(tx.Now))
	if err != nil || !gone {
		return i18n.Tf(ctx, "casework.responsible", map[string]any{"Name": c.WorkerName}), err
	}
	return i18n.Tf(ctx, "casework.responsible_away", map[string]any{"Name": c.WorkerName, "Other": away.ReplacementName}), nil
}

func (s *Service) away(tx *tenants.Tx, userID string, day calendar.Date) (Away, bool, error) {
	if s.Away == nil || userID == "" {
		return Away{}, false, nil
	}
	return s.Away(tx, userID, day)
}
