package benefit

import (
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// Service is the room's verbs.
type Service struct{}

// NewService makes the service.
func NewService() *Service { return &Service{} }

// Received gives what the holders received from this municipality, newest first.
func Received(tx *tenants.Tx, holders []string) ([]Grant, error) { return received(tx, holders) }

// Deliver writes a grant within the transaction that confirms it. The same
// origin again changes nothing. fault.Invalid: a date in the future, no
// quantity, a negative amount.
func (s *Service) Deliver(tx *tenants.Tx, who actor.Actor, g Grant) error {
	g.Source = FromPlan
	if err := g.check(calendar.On(tx.Now)); err != nil {
		return err
	}
	g.ID = tx.NewID()
	added, err := insert(tx, g)
	if err != nil || !added {
		return err
	}
	return audit.Record(tx, who, audit.Change{Action: "benefit.deliver", Object: g.ID,
		Detail: map[string]string{"item": g.ItemCode, "on": g.On.String()}})
}
