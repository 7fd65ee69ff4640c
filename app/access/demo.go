package access

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// DemoPassword is the password of every account of the demo. Everybody knows it,
// so nowhere else is it accepted.
const DemoPassword = "demo-gsl-2026" //nolint:gosec // published: the demo's people are made up

// flaw is passwordFlaw, but for the demo's own password.
func (s *Service) flaw(password string, run uint32, name string) string {
	if s.config.Demo && password == DemoPassword {
		return ""
	}
	return passwordFlaw(password, run, name)
}

// newHash makes the hash to keep. The demo's is made once: it has thousands of
// accounts with the same password.
func (s *Service) newHash(ctx context.Context, password string) (string, error) {
	if !s.config.Demo || password != DemoPassword {
		return s.hasher.encode(ctx, "", password)
	}
	return s.demoHash()
}

// demoOrder is how the roles of a municipality stand in the demo: first those who
// do the main job.
var demoOrder = []string{CaseManager, UnitHead, FrontDesk, RSHDesk, SubsidiesDesk, Director, Counterpart, TechnicalAssistant, NationalAdmin}

// DemoAccounts lists the accounts of the demo that can sign in, by municipality,
// but for whoever was invited since: their password is theirs. None when this is
// no demo.
func (s *Service) DemoAccounts(ctx context.Context) ([]RosterEntry, error) {
	if !s.config.Demo {
		return nil, nil
	}
	var entries []RosterEntry
	err := s.files.National().View(ctx, func(tx *tenants.Tx) error {
		memberships, err := demoMemberships(tx)
		if err != nil {
			return err
		}
		slices.SortStableFunc(memberships, func(a, b Membership) int {
			return cmp.Or(strings.Compare(nationalLast(a), nationalLast(b)),
				slices.Index(demoOrder, a.Role)-slices.Index(demoOrder, b.Role), strings.Compare(b.Unit, a.Unit))
		})
		users, err := listUsers(tx)
		users = slices.DeleteFunc(users, func(u User) bool { return s.config.Published != nil && !s.config.Published(u.RUN) })
		entries = firstOfEach(users, onlyOn(memberships, calendar.On(tx.Now)))
		return err
	})
	return entries, err
}

func nationalLast(m Membership) string { return cmp.Or(m.MunicipalityCode, "~") }

// firstOfEach gives every enabled user once, with the first membership.
func firstOfEach(users []User, memberships []Membership) []RosterEntry {
	enabled := make(map[string]User, len(users))
	for _, u := range users {
		if u.DisabledAt.IsZero() {
			enabled[u.ID] = u
		}
	}
	var entries []RosterEntry
	for _, m := range memberships {
		if u, ok := enabled[m.UserID]; ok {
			delete(enabled, m.UserID)
			entries = append(entries, RosterEntry{User: u, Memberships: []Membership{m}})
		}
	}
	return entries
}
