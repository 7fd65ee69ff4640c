package access

import (
	"context"

	"gsl/app/kit/actor"
	"gsl/app/kit/i18n"
	"gsl/templates/access"
	"gsl/templates/layout"
	"gsl/templates/ui"
)

func membershipsView(ctx context.Context, own Account, who actor.Actor) access.Memberships {
	view := access.Memberships{UserName: own.Name()}
	for _, m := range own.Memberships {
		view.Choices = append(view.Choices, access.Choice{ID: m.ID, Role: layout.RoleName(ctx, m.Role), Unit: m.UnitName,
			Municipality: m.Municipality, Current: m.ID == who.MembershipID, Suspended: m.Suspended})
	}
	return view
}

func (h *Handlers) accountView(ctx context.Context, own Account, who actor.Actor) access.Account {
	return access.Account{
		Name: own.Name(), RUN: h.service.config.FormatRUN(own.RUN), Profession: own.Profession,
		Memberships: membershipsView(ctx, own, who),
		Languages:   languageOptions(i18n.Lang(ctx)), Shortcuts: own.Shortcuts,
		Sessions: sessionsView(ctx, own), Factor: access.AccountFactor{On: own.Factor.On, Left: own.Factor.Left},
		Agreement: i18n.DateTime(ctx, own.AcceptedAt),
	}
}

func sessionsView(ctx context.Context, own Account) []access.Session {
	list := make([]access.Session, 0, len(own.Sessions))
	for _, o := range own.Sessions {
		view := access.Session{Since: i18n.DateTime(ctx, o.StartedAt), Seen: i18n.DateTime(ctx, o.SeenAt), Address: o.Address, Current: o.Current}
		for _, m := range own.Memberships {
			if m.ID == o.MembershipID {
				view.Role = joined(layout.RoleName(ctx, m.Role), m.Municipality)
			}
		}
		list = append(list, view)
	}
	return list
}

func joined(role, municipality string) string {
	if municipality == "" {
		return role
	}
	return role + " · " + municipality
}

func languageOptions(current string) []ui.Option {
	return []ui.Option{
		{Value: i18n.Spanish, Text: "Español (Chile)", Selected: current == i18n.Spanish},
		{Value: i18n.English, Text: "English", Selected: current == i18n.English},
	}
}

// demoGroups puts the accounts of the demo under their municipalities; they come
// in that order.
func (h *Handlers) demoGroups(ctx context.Context, accounts []RosterEntry) []access.DemoGroup {
	var groups []access.DemoGroup
	for _, a := range accounts {
		m := a.Memberships[0]
		if len(groups) == 0 || groups[len(groups)-1].Municipality != m.Municipality {
			groups = append(groups, access.DemoGroup{Municipality: m.Municipality})
		}
		group := &groups[len(groups)-1]
		group.Accounts = append(group.Accounts, access.DemoAccount{
			RUN: h.service.config.FormatRUN(a.RUN), Name: a.Name(), Role: layout.RoleName(ctx, m.Role),
			Unit: m.UnitName, Password: DemoPassword})
	}
	return groups
}
