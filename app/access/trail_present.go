package access

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/templates/access"
	"gsl/templates/layout"
	"gsl/templates/ui"
)

// actionKeys are the acts in words; of others the trail's own word is shown.
var actionKeys = map[string]string{
	"user.add": "roster.action.user_add", "user.invite": "roster.action.user_invite", "user.disable": "roster.action.user_disable",
	"user.enable": "roster.action.user_enable", "user.reset_password": "roster.action.user_reset", "user.email": "roster.action.user_email",
	"membership.add": "roster.action.membership_add", "membership.end": "roster.action.membership_end",
	"membership.disable": "roster.action.membership_disable", "membership.enable": "roster.action.membership_enable",
	"invitation.accept": "roster.action.invitation_accept", "agreement.accept": "roster.action.agreement_accept",
	"password.change": "roster.action.password_change", "login.ok": "roster.action.login_ok", "login.failed": "roster.action.login_failed",
	"login.switch": "roster.action.login_switch", "logout": "roster.action.logout", "logout.everywhere": "roster.action.logout_everywhere",
	"unit.name":    "roster.action.unit_name",
	"factor.enrol": "factor.action.enrol", "factor.replace": "factor.action.replace", "factor.remove": "factor.action.remove",
	"factor.reset": "factor.action.reset", "factor.recovery_codes": "factor.action.recovery_codes",
	"factor.confirm": "factor.action.confirm", "factor.failed": "factor.action.failed", "logout.others": "factor.action.logout_others",
}

// kindKeys are the kinds of acts in words.
var kindKeys = map[string]string{
	"user": "roster.kind.user", "membership": "roster.kind.membership", "invitation": "roster.kind.invitation", "agreement": "roster.kind.agreement",
	"password": "roster.kind.password", "login": "roster.kind.login", "logout": "roster.kind.logout", "unit": "roster.kind.unit",
	"factor": "roster.kind.factor", "municipality": "roster.kind.municipality", "catalogue": "roster.kind.catalogue",
	"announcement": "roster.kind.announcement", "restore": "roster.kind.restore", "batch": "roster.kind.batch",
}

// proofKeys say by what somebody signed in.
var proofKeys = map[string]string{"password": "roster.proof.password", "totp": "roster.proof.totp", "recovery": "roster.proof.recovery"}

func wordFor(ctx context.Context, keys map[string]string, code string) string {
	if key, ok := keys[code]; ok {
		return i18n.T(ctx, key)
	}
	return code
}

func kindOptions(ctx context.Context, kinds []string, chosen string) []ui.Option {
	list := []ui.Option{{Text: i18n.T(ctx, "roster.trail.any_kind")}}
	for _, kind := range kinds {
		list = append(list, ui.Option{Value: kind, Text: wordFor(ctx, kindKeys, kind), Selected: kind == chosen})
	}
	return list
}

// presentTrail puts entries into words; national readers are led to the people.
func presentTrail(ctx context.Context, who actor.Actor, t *Trail) []access.TrailRow {
	rows := make([]access.TrailRow, 0, len(t.Entries))
	for i := range t.Entries {
		e := &t.Entries[i]
		row := access.TrailRow{When: i18n.DateTime(ctx, e.At), Who: byName(ctx, e), What: actionWord(ctx, e.Action), Whom: e.Name, Detail: detailOf(ctx, who, e)}
		if e.ByRole != "" && e.By != consoleID {
			row.Role = layout.RoleName(ctx, e.ByRole)
		}
		switch {
		case e.About == e.By: // of oneself
			row.Whom = ""
		case e.About != "" && who.Can(Administer):
			row.Href = "/users/" + e.About
		case e.About == "" && e.Place != "":
			row.Whom = e.Place
		}
		rows = append(rows, row)
	}
	return rows
}

func byName(ctx context.Context, e *Entry) string {
	switch {
	case e.ByName != "":
		return e.ByName
	case e.By == consoleID:
		return i18n.T(ctx, "roster.trail.console")
	case e.By == "":
		return i18n.T(ctx, "roster.trail.nobody")
	}
	return e.By
}

// detailOf puts what an entry keeps beside its words into lines.
func detailOf(ctx context.Context, who actor.Actor, e *Entry) []string {
	var lines []string
	for _, m := range e.Roles {
		place := m.Municipality
		if place == "" {
			place = i18n.T(ctx, "access.national")
		}
		line := layout.RoleAndUnit(ctx, m.Role, m.UnitName)
		if who.Can(Administer) {
			line += " · " + place
		}
		lines = append(lines, line)
	}
	if len(e.Roles) == 0 && e.Place != "" && e.About != "" && who.Can(Administer) {
		lines = append(lines, e.Place)
	}
	shown := []string{"membership", "municipality"}
	if len(e.Roles) > 0 {
		shown = append(shown, "role", "unit")
		if e.Action == "login.switch" {
			shown = append(shown, "from", "to")
		}
	}
	keys := make([]string, 0, len(e.Detail))
	for key := range e.Detail {
		if !slices.Contains(shown, key) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	var rest []string
	for _, key := range keys {
		rest = append(rest, detailLine(ctx, key, e.Detail[key]))
	}
	if len(rest) > 0 {
		lines = append(lines, strings.Join(rest, ", "))
	}
	return lines
}

func detailLine(ctx context.Context, key, value string) string {
	switch key {
	case "mailed":
		if value == "yes" {
			return i18n.T(ctx, "roster.detail.mailed")
		}
		return i18n.T(ctx, "roster.detail.handed_over")
	case "last_day":
		if day, err := calendar.Parse(value); err == nil {
			value = day.Chilean()
		}
		return i18n.Tf(ctx, "roster.detail.last_day", map[string]any{"Day": value})
	case "role":
		return layout.RoleName(ctx, value)
	case "unit":
		return unitName(value, "")
	case "version":
		return i18n.Tf(ctx, "access.agreement.version", map[string]any{"Version": value})
	case "with":
		return wordFor(ctx, proofKeys, value)
	case "address":
		return i18n.Tf(ctx, "roster.detail.address", map[string]any{"Address": value})
	}
	return strings.TrimSpace(key + ": " + value)
}

// presentHistory is the newest of what was done to a person, and where the rest is.
func presentHistory(ctx context.Context, who actor.Actor, t *Trail, user string) (rows []access.TrailRow, more string) {
	const shown = 12
	short := *t
	if len(short.Entries) > shown {
		short.Entries = short.Entries[:shown]
	}
	rows = presentTrail(ctx, who, &short)
	if t.More || len(t.Entries) > shown {
		more = "/users/" + user + "/history?before=" + strconv.FormatInt(short.Entries[len(short.Entries)-1].Seq, 10)
	}
	return rows, more
}
