package access

import (
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// reach is what of the roster somebody manages: the national administration all
// of it, a counterpart the own municipality, a head the own unit.
type reach struct {
	all          bool
	municipality string            // its id
	unit         string            // of a head; "" for every unit
	own          actor.Permissions // of a head
}

// reachOf is fault.Forbidden for whoever manages nobody.
func reachOf(who actor.Actor) (reach, error) {
	m := Membership{Role: who.Role, Unit: who.UnitID}
	if who.Municipality != nil {
		m.MunicipalityID = who.Municipality.ID
	}
	r, ok := m.reach()
	if !ok || !who.Can(ManageUsers) {
		return reach{}, fault.New(fault.Forbidden, "fault.forbidden")
	}
	return r, nil
}

// reach is what somebody manages who works in the membership; false for nobody.
func (m Membership) reach() (r reach, ok bool) {
	switch {
	case m.Role == NationalAdmin:
		return reach{all: true}, true
	case m.MunicipalityID == "":
		return r, false
	case m.Role == Counterpart:
		return reach{municipality: m.MunicipalityID}, true
	case m.Role == UnitHead && m.Unit != "":
		return reach{municipality: m.MunicipalityID, unit: m.Unit, own: PermissionsOf(m.Role, m.Unit)}, true
	}
	return r, false
}

// sees reports whether the membership is within reach; of others nothing is told.
func (r reach) sees(m Membership) bool {
	return r.all || m.MunicipalityID == r.municipality && (r.unit == "" || m.Unit == r.unit)
}

// grants reports whether the role may be given and taken here. A counterpart
// gives any role of the municipality but its own; who accompanies municipalities
// from outside is sent by the national administration. A head gives desk and
// case-manager roles of the own unit, never more than it may do itself.
func (r reach) grants(role, unit, municipality string) bool {
	switch {
	case r.all:
		return true
	case municipality != r.municipality:
		return false
	}
	switch role {
	case FrontDesk, RSHDesk, SubsidiesDesk, CaseManager:
		return r.unit == "" || unit == r.unit && PermissionsOf(role, unit)&^r.own == 0
	case UnitHead, Director:
		return r.unit == ""
	}
	return false
}

// refuse says no at once to a role that is nobody's to give in a municipality.
func (r reach) refuse(role string) error {
	if !r.all && role == NationalAdmin {
		return fault.New(fault.Forbidden, "roster.forbidden.grant")
	}
	return nil
}

func (r reach) grantsThis(m Membership) bool { return r.grants(m.Role, m.Unit, m.MunicipalityID) }

// commands reports whether the whole account is within what the actor may give:
// who makes a link to its password could work in every role that it has or will have.
func (r reach) commands(roles []Membership, today calendar.Date) bool {
	for _, m := range roles {
		if !m.Over(today) && !r.grantsThis(m) {
			return false
		}
	}
	return true
}

// guarded reports whether giving the role asks for the second factor again.
func guarded(role string) bool { return role == NationalAdmin || role == Counterpart }
