package announce

import (
	"context"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/kit/i18n"
	views "gsl/templates/announce"
	"gsl/templates/layout"
	"gsl/templates/ui"
	"gsl/tenants"
)

type municipality = tenants.Identity

// roles that an announcement may be for, in the order of the form.
var roles = []string{access.FrontDesk, access.RSHDesk, access.SubsidiesDesk, access.CaseManager, access.UnitHead, access.Counterpart, access.Director,
	access.TechnicalAssistant, access.NationalAdmin}

func names(known []municipality) map[string]string {
	byID := make(map[string]string, len(known))
	for _, m := range known {
		byID[m.ID] = m.Name
	}
	return byID
}

func present(ctx context.Context, shelf *Shelf) *views.List {
	v := &views.List{}
	byID := names(shelf.Municipalities)
	for _, a := range shelf.List {
		l := line(ctx, a, shelf.Now, byID)
		if state := a.State(shelf.Now); state == Standing || state == Coming {
			v.Current = append(v.Current, *l)
		} else {
			v.Past = append(v.Past, *l)
		}
	}
	return v
}

func line(ctx context.Context, a *Announcement, now time.Time, byID map[string]string) *views.Line {
	l := &views.Line{ID: a.ID, Href: path(a.ID), Text: a.Text, Warning: a.Level == Warning, To: audience(ctx, a, byID), By: a.By,
		When: i18n.Tf(ctx, "announce.when", map[string]any{"From": i18n.DateTime(ctx, a.From), "To": i18n.DateTime(ctx, a.To)})}
	if a.Dismissed > 0 {
		l.Read = i18n.Tf(ctx, "announce.read", map[string]any{"Count": a.Dismissed})
	}
	switch a.State(now) {
	case Coming:
		l.Tag = ui.Tag{Text: i18n.T(ctx, "announce.state.coming"), Kind: ui.Info, Icon: "calendar-event"}
	case Standing:
		l.Tag = ui.Tag{Text: i18n.T(ctx, "announce.state.standing"), Kind: ui.Success, Icon: "check-circle"}
	case Withdrawn:
		l.Tag = ui.Tag{Text: i18n.Tf(ctx, "announce.state.withdrawn", map[string]any{"Who": a.WithdrawnBy, "At": i18n.DateTime(ctx, a.WithdrawnAt)}), Icon: "x-circle"}
	default:
		l.Tag = ui.Tag{Text: i18n.T(ctx, "announce.state.over"), Icon: "clock-history"}
	}
	return l
}

// mostNamed municipalities are named; of more, how many.
const mostNamed = 4

// audience says in words for whom it is.
func audience(ctx context.Context, a *Announcement, byID map[string]string) string {
	places := i18n.T(ctx, "announce.all_places")
	switch n := len(a.Municipalities); {
	case n > mostNamed:
		places = i18n.Tf(ctx, "announce.places", map[string]any{"Count": n})
	case n > 0:
		list := make([]string, n)
		for i, id := range a.Municipalities {
			list[i] = byID[id]
		}
		places = strings.Join(list, ", ")
	}
	if len(a.Roles) == 0 {
		return places + " · " + i18n.T(ctx, "announce.all_roles")
	}
	list := make([]string, len(a.Roles))
	for i, role := range a.Roles {
		list[i] = layout.RoleName(ctx, role)
	}
	return places + " · " + strings.Join(list, ", ")
}
