package demo

import (
	"context"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/people"
)

// second is the part of the other case manager of a municipality: somebody to
// hand cases to, and to be away.
const second = access.CaseManager + " 2"

// The first RUN body of the colleagues, beyond every account of the table.
const firstColleague = 13_250_001

var colleagueNames = [][2]string{{"Loreto", "Pizarro Vega"}, {"Ignacia", "Cornejo Vidal"}, {"Rosario", "Villablanca Ruz"}}

// colleagues are the second case managers of the places that have all roles.
// They are in no table of accounts: nobody needs to sign in as one.
func colleagues(places []Place) (list []Account) {
	for i, place := range places {
		if !place.Full {
			continue
		}
		name := colleagueNames[len(list)%len(colleagueNames)]
		list = append(list, Account{RUN: people.RUNOf(firstColleague + uint32(i)*37), GivenNames: name[0], Surnames: name[1], //nolint:gosec // a few hundred at most
			Role: access.CaseManager, Unit: access.SocialUnit, MunicipalityCode: place.Code, Municipality: place.Name})
	}
	return list
}

// company is who plays the parts in a municipality, by role.
type company map[string]actor.Actor

// cast gives the company of a municipality.
func (s *Stage) cast(ctx context.Context, place Place) (company, error) {
	entries, err := s.Access.ListUsers(ctx, access.Console())
	if err != nil {
		return nil, err
	}
	cast := company{}
	for _, entry := range entries {
		for _, m := range entry.Memberships {
			if m.MunicipalityCode != place.Code {
				continue
			}
			handle, err := s.Files.Municipality(ctx, m.MunicipalityID)
			if err != nil {
				return nil, err
			}
			part := m.Role
			if entry.RUN >= firstColleague {
				part = second
			}
			cast[part] = actor.Actor{UserID: entry.ID, MembershipID: m.ID, Name: entry.Name(), Role: m.Role, UnitID: m.Unit, UnitName: m.UnitName,
				Permissions: access.PermissionsOf(m.Role, m.Unit), Municipality: handle, RequestID: "demo"}
		}
	}
	return cast, nil
}

// workday is the day itself or the last one before it on which offices are open.
func workday(d calendar.Date) calendar.Date {
	for !calendar.IsWorkingDay(d) {
		d = d.AddDays(-1)
	}
	return d
}
