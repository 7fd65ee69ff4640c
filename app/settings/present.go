package settings

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/referral"
	views "gsl/templates/settings"
)

// generalLabels are the names of the fields in the summary of what is wrong.
var generalLabels = []string{
	"worker_threshold", "settings.worker_threshold",
	"head_threshold", "settings.head_threshold",
	"promise_days", "settings.promise_days",
	"rsh_promise_days", "settings.rsh_promise_days",
	"link_days", "settings.link_days",
	"waiting_list", "settings.waiting_list",
}

// presentGeneral fills the form with what is kept.
func presentGeneral(g General) views.General {
	return views.General{Worker: pesos(g.Worker), Head: pesos(g.Head),
		Promise: strconv.Itoa(g.PromiseDays), RSHPromise: strconv.Itoa(g.RSHPromiseDays), Link: strconv.Itoa(g.LinkDays),
		WaitingList: g.WaitingList, Mark: g.Mark()}
}

// pesos writes an amount as it is typed in Chile, in any language of the screen.
func pesos(n int64) string { return i18n.Number(i18n.With(context.Background(), i18n.Spanish), n) }

// typedGeneral fills the form with what was typed.
func typedGeneral(c *web.Ctx) views.General {
	return views.General{Worker: typed(c, "worker_threshold"), Head: typed(c, "head_threshold"), Promise: typed(c, "promise_days"),
		RSHPromise: typed(c, "rsh_promise_days"), Link: typed(c, "link_days"), WaitingList: typed(c, "waiting_list") == "1", Mark: typed(c, "mark")}
}

// typed is a field as it was typed, fit to stand in a page.
func typed(c *web.Ctx, name string) string { return strings.ToValidUTF8(c.Typed(name), "\uFFFD") }

// keptGeneral says what is kept now, line by line.
func keptGeneral(ctx context.Context, g General) []views.Line {
	waiting := i18n.T(ctx, "settings.no")
	if g.WaitingList {
		waiting = i18n.T(ctx, "settings.yes")
	}
	return []views.Line{
		{Label: i18n.T(ctx, "settings.worker_threshold"), Value: i18n.Money(ctx, g.Worker)},
		{Label: i18n.T(ctx, "settings.head_threshold"), Value: i18n.Money(ctx, g.Head)},
		{Label: i18n.T(ctx, "settings.promise_days"), Value: strconv.Itoa(g.PromiseDays)},
		{Label: i18n.T(ctx, "settings.rsh_promise_days"), Value: strconv.Itoa(g.RSHPromiseDays)},
		{Label: i18n.T(ctx, "settings.link_days"), Value: strconv.Itoa(g.LinkDays)},
		{Label: i18n.T(ctx, "settings.waiting_list"), Value: waiting},
	}
}

// countUnits says how many units of each kind there are.
func countUnits(ctx context.Context, units []referral.Listed) []views.Count {
	counts := map[referral.UnitKind]int{}
	for i := range units {
		counts[units[i].Kind]++
	}
	say := func(key string, kind referral.UnitKind) views.Count {
		return views.Count{Number: strconv.Itoa(counts[kind]), Text: i18n.Tf(ctx, key, map[string]any{"Count": counts[kind]})}
	}
	return []views.Count{
		say("settings.units.integrated", referral.Integrated),
		say("settings.units.municipal", referral.Municipal),
		say("settings.units.institution", referral.Institution),
	}
}

// awayToday says how many people are away today.
func awayToday(ctx context.Context, staff *referral.Staff) string {
	n := 0
	for i := range staff.Absences {
		if staff.Absences[i].On(staff.Today) {
			n++
		}
	}
	if n == 0 {
		return i18n.T(ctx, "settings.away.nobody")
	}
	return i18n.Tf(ctx, "settings.away", map[string]any{"Count": n})
}

// sentence is the error's own text.
func sentence(ctx context.Context, why error) string {
	var e *fault.Error
	if errors.As(why, &e) {
		return i18n.Tf(ctx, e.Key, e.Args)
	}
	return ""
}
