package access

import (
	"context"

	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
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
	Note     string // what a list of choices says beside the name: that the person is away, "" for nothing
}

// Choice is the colleague in a list of choices.
func (c Colleague) Choice() string {
	if c.Note == "" {
		return c.Name
	}
	return c.Name + " (" + c.Note + ")"
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

// NameUnit says how the actor's municipality calls one of the integrated units;
// it counts at once, also for who is signed in.
func (s *Service) NameUnit(ctx context.Context, who actor.Actor, code, name string) error {
	if who.Municipality == nil || !who.Can(EditSettings) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	if usualUnits[code] == "" || !isName(name) {
		return fault.InvalidField("unit", "access.field.unit")
	}
	var working []Colleague
	err := s.files.National().Update(ctx, func(tx *tenants.Tx) (err error) {
		if err := setUnitName(tx, who.Municipality.ID, code, name); err != nil {
			return err
		}
		if working, err = colleaguesOf(tx, who.Municipality.ID, code, calendar.On(tx.Now)); err != nil {
			return err
		}
		return audit.Record(tx, who, audit.Change{Action: "unit.name", Object: code, Detail: map[string]string{"to": name}})
	})
	if err != nil {
		return err
	}
	for _, c := range working {
		s.cache.dropUser(c.UserID)
	}
	return nil
}
