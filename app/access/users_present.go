package access

import (
	"context"
	"strings"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/templates/access"
	"gsl/templates/layout"
	"gsl/templates/ui"
)

// roleLabels are the names of the fields in the summary of what is wrong.
var roleLabels = []string{
	"run", "access.field.run_label", "given_names", "roster.field.given_names", "surnames", "roster.field.surnames",
	"email", "roster.field.email", "municipality", "roster.field.municipality", "role", "roster.field.role", "unit", "roster.field.role",
	"from", "roster.field.from", "to", "roster.field.to", "code", "ui.code.label",
}

// scopeOf says whose people the pages show.
func scopeOf(ctx context.Context, who actor.Actor) string {
	switch {
	case who.Municipality == nil:
		return i18n.T(ctx, "access.national")
	case who.Role == UnitHead:
		return who.UnitName + " · " + who.Municipality.Name
	}
	return who.Municipality.Name
}

func (h *Handlers) presentUsers(ctx context.Context, who actor.Actor, base string, q Sieve, r *Roster, choices *Choices) *access.Users {
	now := h.service.clock()
	v := &access.Users{Title: i18n.T(ctx, "roster.title"), Scope: scopeOf(ctx, who), Base: base, National: who.Can(Administer)}
	v.Filter = access.UserFilter{Q: q.Words, State: q.State, Active: q.Words != "" || q.Role != "" || q.Unit != "" || q.Municipality != "",
		Roles: roleOptions(ctx, q.Role), Places: placeOptions(choices.Places, q.Municipality, i18n.T(ctx, "roster.filter.everywhere"))}
	if who.Role != UnitHead {
		v.Filter.Units = unitOptions(ctx, choices.Units, q.Unit)
	}
	v.Chips = presentChips(ctx, base, q, r.Tally)
	for i := range r.People {
		v.Rows = append(v.Rows, h.presentRow(ctx, who, &r.People[i], now))
	}
	v.Found = i18n.Tf(ctx, "roster.found", map[string]any{"Count": len(v.Rows)})
	if r.More {
		v.Found = i18n.Tf(ctx, "roster.found_more", map[string]any{"Count": len(v.Rows)})
	}
	pages(v, q, r)
	return v
}

// pages leads to the first page and the next: by address, or by form where words
// are looked for.
func pages(v *access.Users, q Sieve, r *Roster) {
	after := ""
	if r.More {
		after = r.People[len(r.People)-1].ID
	}
	if q.Words != "" {
		v.After = after
		return
	}
	if q.After != "" {
		first := q
		first.After = ""
		v.First = addressOf(v.Base, first)
	}
	if q.After = after; after != "" {
		v.Next = addressOf(v.Base, q)
	}
}

func presentChips(ctx context.Context, base string, q Sieve, t Tally) []access.UserChip {
	list := make([]access.UserChip, 0, 5)
	for _, s := range []struct {
		state, key string
		count      int
	}{{Current, "roster.state.current", t.Current}, {Waiting, "roster.state.invited", t.Waiting}, {Unused, "roster.state.unused", t.Unused},
		{Disabled, "roster.state.disabled", t.Disabled}, {Former, "roster.state.former", -1}} {
		q.After = ""
		current := q.State == s.state
		to := q
		to.State = s.state
		chip := access.UserChip{Href: addressOf(base, to), Text: i18n.Tf(ctx, s.key, map[string]any{"Days": UnusedDays}), Current: current}
		if s.count >= 0 {
			chip.Count = i18n.Number(ctx, int64(s.count))
		}
		list = append(list, chip)
	}
	return list
}

func (h *Handlers) presentRow(ctx context.Context, who actor.Actor, p *Person, now time.Time) access.UserRow {
	row := access.UserRow{Href: "/users/" + p.ID, Name: p.Surnames + ", " + p.GivenNames, RUN: h.service.config.FormatRUN(p.RUN), Email: p.Email,
		State: standingTag(ctx, p, now), Agreement: agreementOf(ctx, p), SignedIn: dayOf(p.SignedInAt), Seen: dayOf(p.SeenAt)}
	for _, m := range p.Memberships {
		if role := presentRole(ctx, who, m, now); !role.Past {
			row.Roles = append(row.Roles, role)
		}
	}
	return row
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return calendar.On(t).Chilean()
}

func agreementOf(ctx context.Context, p *Person) string {
	if p.Agreement == "" {
		return ""
	}
	return i18n.Tf(ctx, "roster.agreement", map[string]any{"Version": p.Agreement, "On": dayOf(p.AgreedAt)})
}

// presentRole puts a membership into words.
func presentRole(ctx context.Context, who actor.Actor, m Membership, now time.Time) access.UserRole {
	today := calendar.On(now)
	v := access.UserRole{ID: m.ID, Text: layout.RoleAndUnit(ctx, m.Role, m.UnitName), Seen: dayOf(m.SeenAt), Past: m.Over(today),
		Own: m.ID == who.MembershipID, Off: m.Off}
	if who.Municipality == nil {
		if v.Place = m.Municipality; v.Place == "" {
			v.Place = i18n.T(ctx, "access.national")
		}
	}
	v.Dates = datesOf(ctx, m)
	switch {
	case v.Past:
	case m.Off:
		v.Tag = ui.Tag{Text: i18n.T(ctx, "roster.role.off"), Kind: ui.Danger}
	case today.Before(m.From):
		v.Tag = ui.Tag{Text: i18n.T(ctx, "roster.role.future"), Kind: ui.Info}
	case m.Suspended:
		v.Tag = ui.Tag{Text: i18n.T(ctx, "access.switch.suspended"), Kind: ui.Warning}
	}
	if r, err := reachOf(who); err == nil {
		v.May = !v.Past && r.grantsThis(m) && !v.Own
	}
	return v
}

func datesOf(ctx context.Context, m Membership) string {
	args := map[string]any{"From": m.From.Chilean(), "To": m.To.Chilean()}
	switch {
	case m.To.IsZero():
		return i18n.Tf(ctx, "roster.role.since", args)
	case m.To.Before(m.From):
		return i18n.Tf(ctx, "roster.role.same_day", args)
	}
	return i18n.Tf(ctx, "roster.role.between", args)
}

// standings are the words and the colour of each.
var standings = map[Standing]struct {
	kind ui.TagKind
	icon string
}{
	AccountOff: {ui.Danger, "slash-circle"}, Ended: {ui.Plain, ""}, RolesOff: {ui.Danger, "slash-circle"},
	Asked: {ui.Info, "envelope"}, Expired: {ui.Warning, "hourglass-bottom"}, Idle: {ui.Warning, "moon"}, Working: {ui.Success, "check-lg"},
}

var standingKeys = map[Standing]string{
	AccountOff: "roster.standing.account_off", Ended: "roster.standing.ended", RolesOff: "roster.standing.roles_off",
	Asked: "roster.standing.invited", Expired: "roster.standing.expired", Idle: "roster.standing.idle", Working: "roster.standing.working",
}

// standingTexts say what each means, on the person's page.
var standingTexts = map[Standing]string{
	AccountOff: "roster.standing_text.account_off", Ended: "roster.standing_text.ended", RolesOff: "roster.standing_text.roles_off",
	Asked: "roster.standing_text.invited", Expired: "roster.standing_text.expired", Idle: "roster.standing_text.idle", Working: "roster.standing_text.working",
}

func standingTag(ctx context.Context, p *Person, now time.Time) ui.Tag {
	s := p.Standing(now)
	return ui.Tag{Text: i18n.Tf(ctx, standingKeys[s], map[string]any{"Days": UnusedDays}), Kind: standings[s].kind, Icon: standings[s].icon}
}

func standingText(ctx context.Context, p *Person, now time.Time) string {
	return i18n.Tf(ctx, standingTexts[p.Standing(now)], map[string]any{"Days": UnusedDays, "Until": lastDay(p.InvitedTill), "On": dayOf(p.DisabledAt)})
}

// lastDay is the last day on which something that ends at midnight still works.
func lastDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return dayOf(t.Add(-time.Minute))
}

func roleOptions(ctx context.Context, chosen string) []ui.Option {
	list := []ui.Option{{Text: i18n.T(ctx, "roster.filter.any_role")}}
	for _, role := range demoOrder {
		list = append(list, ui.Option{Value: role, Text: layout.RoleName(ctx, role), Selected: role == chosen})
	}
	return list
}

func unitOptions(ctx context.Context, names map[string]string, chosen string) []ui.Option {
	list := []ui.Option{{Text: i18n.T(ctx, "roster.filter.any_unit")}}
	for _, code := range []string{SocialUnit, RSHUnit, SubsidiesUnit, FamiliesUnit, CareUnit, OtherUnit} {
		list = append(list, ui.Option{Value: code, Text: names[code], Selected: code == chosen})
	}
	return list
}

func placeOptions(places []Place, chosen, none string) []ui.Option {
	if places == nil {
		return nil
	}
	list := []ui.Option{{Text: none}}
	for _, p := range places {
		list = append(list, ui.Option{Value: p.Code, Text: p.Name, Selected: p.Code == chosen})
	}
	return list
}

// presentChoice offers what may be given, with what was chosen before.
func presentChoice(ctx context.Context, c *Choices, typed func(string) string) access.RoleChoice {
	v := access.RoleChoice{Places: placeOptions(c.Places, typed("municipality"), i18n.T(ctx, "roster.field.no_municipality"))}
	if len(c.Posts) > 1 {
		v.Posts = append(v.Posts, ui.Option{Text: i18n.T(ctx, "roster.field.choose_role")})
	}
	for _, p := range c.Posts {
		value := strings.TrimSuffix(p.Role+":"+p.Unit, ":")
		text := layout.RoleName(ctx, p.Role)
		if p.Unit != "" && deskUnits[p.Role] == "" {
			text = layout.RoleAndUnit(ctx, p.Role, c.Units[p.Unit])
		}
		v.Posts = append(v.Posts, ui.Option{Value: value, Text: text, Selected: value == typed("role")})
	}
	return v
}

func presentLink(ctx context.Context, made Invited, d *Dossier) *access.UserLink {
	v := &access.UserLink{Name: d.Name(), Link: made.Link, Until: lastDay(made.ExpiresAt), Mailed: made.Mailed, Profile: "/users/" + d.ID}
	if made.Link == "" {
		v.Why = i18n.T(ctx, "roster.link.known")
	}
	return v
}

func (h *Handlers) presentUser(ctx context.Context, who actor.Actor, d *Dossier, choices *Choices) *access.User {
	now := h.service.clock()
	v := &access.User{ID: d.ID, Name: d.Name(), RUN: h.service.config.FormatRUN(d.RUN), Email: d.Email, MayEmail: d.Resettable,
		State: standingTag(ctx, &d.Person, now), StateText: standingText(ctx, &d.Person, now), National: who.Can(Administer)}
	may := false
	for _, m := range d.Memberships {
		role := presentRole(ctx, who, m, now)
		if role.Past {
			v.Past = append(v.Past, role)
			continue
		}
		may = may || role.May
		v.Roles = append(v.Roles, role)
	}
	v.Facts = factsOf(ctx, d)
	if len(choices.Posts) > 0 && d.DisabledAt.IsZero() {
		v.Give = &access.RoleChoice{}
	}
	presentReset(ctx, v, d)
	if v.National {
		v.Account = accountSwitch(ctx, d)
		v.AuditOf, v.AuditBy = "/admin/audit?about="+d.ID, "/admin/audit?by="+d.ID
	} else if may && d.DisabledAt.IsZero() {
		v.All = rolesSwitch(ctx, who, d, v.Roles)
	}
	return v
}

func factsOf(ctx context.Context, d *Dossier) []access.UserFact {
	never := i18n.T(ctx, "roster.never")
	at := func(t time.Time) string {
		if t.IsZero() {
			return never
		}
		return i18n.DateTime(ctx, t)
	}
	agreement := agreementOf(ctx, &d.Person)
	if agreement == "" {
		agreement = i18n.T(ctx, "roster.fact.no_agreement")
	}
	return []access.UserFact{
		{Label: i18n.T(ctx, "roster.fact.signed_in"), Value: at(d.SignedInAt)},
		{Label: i18n.T(ctx, "roster.fact.seen"), Value: at(d.SeenAt)},
		{Label: i18n.T(ctx, "roster.fact.sessions"), Value: i18n.Number(ctx, int64(d.Sessions))},
		{Label: i18n.T(ctx, "roster.fact.agreement"), Value: agreement},
		{Label: i18n.T(ctx, "roster.fact.added"), Value: dayOf(d.CreatedAt)},
	}
}

// presentReset says what a new link would do, or why it is not the actor's to make.
func presentReset(ctx context.Context, v *access.User, d *Dossier) {
	switch {
	case d.Own:
		v.ResetWhy = i18n.T(ctx, "roster.conflict.own_password")
	case !d.DisabledAt.IsZero():
	case !d.Resettable:
		v.ResetWhy = i18n.T(ctx, "roster.forbidden.reset")
	case d.Pending:
		v.Reset, v.ResetText = i18n.T(ctx, "roster.reset.invite"), i18n.T(ctx, "roster.reset.invite_text")
	default:
		v.Reset, v.ResetText = i18n.T(ctx, "roster.reset.password"), i18n.T(ctx, "roster.reset.password_text")
	}
}

func accountSwitch(ctx context.Context, d *Dossier) *access.UserSwitch {
	switch {
	case d.Own:
		return nil
	case d.DisabledAt.IsZero():
		return &access.UserSwitch{Action: "/users/" + d.ID + "/disable", Danger: true,
			Text: i18n.T(ctx, "roster.switch.account_off_text"), Button: i18n.T(ctx, "roster.switch.account_off")}
	}
	return &access.UserSwitch{Action: "/users/" + d.ID + "/enable",
		Text: i18n.T(ctx, "roster.switch.account_on_text"), Button: i18n.T(ctx, "roster.switch.account_on")}
}

func rolesSwitch(ctx context.Context, who actor.Actor, d *Dossier, roles []access.UserRole) *access.UserSwitch {
	on := false
	for _, r := range roles {
		on = on || !r.Off
	}
	args := map[string]any{"Place": scopeOf(ctx, who)}
	if on {
		return &access.UserSwitch{Action: "/users/" + d.ID + "/disable", Danger: true,
			Text: i18n.Tf(ctx, "roster.switch.roles_off_text", args), Button: i18n.T(ctx, "roster.switch.roles_off")}
	}
	return &access.UserSwitch{Action: "/users/" + d.ID + "/enable",
		Text: i18n.Tf(ctx, "roster.switch.roles_on_text", args), Button: i18n.T(ctx, "roster.switch.roles_on")}
}
