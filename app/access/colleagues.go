package access

import (
	"context"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Colleague is somebody who works in the municipality today, in one role.
type Colleague struct {
	UserID   string
	Name     string
	Role     string // code of permissions.go
	UnitID   string // code of the unit, "" for roles that stand above units
	UnitName string
}

// Can reports whether the colleague's role may do it.
func (c Colleague) Can(p actor.Permission) bool { return PermissionsOf(c.Role, c.UnitID).Has(p) }

// Colleagues lists who works today in a unit of the actor's municipality, by
// surname; a blank unit is everybody. One line for each role that a person has.
func (s *Service) Colleagues(ctx context.Context, who actor.Actor, unit string) ([]Colleague, error) {
	if who.Municipality == nil || !who.Can(Work) {
		return nil, fault.New(fault.Forbidden, "fault.forbidden")
	}
	var list []Colleague
	err := s.files.National().View(ctx, func(tx *tenants.Tx) (err error) {
		list, err = colleaguesOf(tx, who.Municipality.ID, unit, calendar.On(tx.Now))
		return err
	})
	return list, err
}
