package national

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	views "gsl/templates/national"
	"gsl/templates/ui"
	"gsl/tenants"
)

// statusStates say how a municipality stands: word, icon and colour.
var statusStates = map[tenants.Status]struct {
	key, icon string
	kind      ui.TagKind
}{
	tenants.Active:       {"national.status.active", "play-fill", ui.Success},
	tenants.Suspended:    {"national.status.suspended", "pause-fill", ui.Warning},
	tenants.Archived:     {"national.status.archived", "archive", ui.Plain},
	tenants.Provisioning: {"national.status.half_made", "hourglass-split", ui.Danger},
}

func statusState(ctx context.Context, status tenants.Status) views.State {
	s := statusStates[status]
	return views.State{Text: i18n.T(ctx, s.key), Icon: s.icon, Kind: s.kind}
}

// healthStates say how its files are.
var healthStates = [...]struct {
	key, icon string
	kind      ui.TagKind
}{
	Well:      {"national.health.well", "check-circle", ui.Success},
	Unknown:   {"national.health.unknown", "question-circle", ui.Plain},
	WantsLook: {"national.health.look", "exclamation-triangle", ui.Warning},
	Bad:       {"national.health.bad", "x-octagon", ui.Danger},
}

func healthState(ctx context.Context, health Health) views.State {
	s := healthStates[health]
	return views.State{Text: i18n.T(ctx, s.key), Icon: s.icon, Kind: s.kind}
}

// troubleKeys say what is wrong: in a word for the list, in a sentence for who
// has to do something about it.
var troubleKeys = map[string][2]string{
	Damaged:     {"national.trouble.damaged", "national.todo.damaged"},
	Missing:     {"national.trouble.missing", "national.todo.missing"},
	Newer:       {"national.trouble.newer", "national.todo.newer"},
	CannotOpen:  {"national.trouble.cannot_open", "national.todo.cannot_open"},
	DrillFailed: {"national.trouble.drill_failed", "national.todo.drill_failed"},
	OldSchema:   {"national.trouble.old_schema", "national.todo.old_schema"},
	Lags:        {"national.trouble.lags", "national.todo.lags"},
	ReplicaErr:  {"national.trouble.replica_error", "national.todo.replica_error"},
	DrillOld:    {"national.trouble.drill_old", "national.todo.drill_old"},
	HalfMade:    {"national.trouble.half_made", "national.todo.half_made"},
}

func troubleWords(ctx context.Context, codes []string, which int) (list []string) {
	for _, code := range codes {
		if keys, ok := troubleKeys[code]; ok {
			list = append(list, i18n.T(ctx, keys[which]))
		}
	}
	return list
}

var kindKeys = map[string]string{
	KindMunicipality: "national.kind.municipality",
	KindRegional:     "national.kind.regional",
	KindProvincial:   "national.kind.provincial",
}

func kindName(ctx context.Context, kind string) string { return i18n.T(ctx, kindKeys[kind]) }

// regionName is the name of a region without the word before it.
func regionName(code string) string {
	p, _ := PlaceOf(code)
	name := strings.TrimPrefix(p.Region, "Región ")
	for _, before := range []string{"de ", "del "} {
		name = strings.TrimPrefix(name, before)
	}
	return name
}

// none stands where nothing can be said.
const none = "–"

// lagWords says how far a replica is behind.
func lagWords(ctx context.Context, lag time.Duration) string {
	switch {
	case lag < 0:
		return i18n.T(ctx, "national.lag.none")
	case lag < 5*time.Second:
		return i18n.T(ctx, "national.lag.current")
	case lag < 2*time.Minute:
		return strconv.Itoa(int(lag/time.Second)) + " s"
	case lag < 2*time.Hour:
		return strconv.Itoa(int(lag/time.Minute)) + " min"
	case lag < 48*time.Hour:
		return strconv.Itoa(int(lag/time.Hour)) + " h"
	}
	return i18n.Tf(ctx, "national.lag.days", map[string]any{"Count": int64(lag / (24 * time.Hour))})
}

// size is a number of bytes as people read it: "648 KB", "1,2 MB".
func size(ctx context.Context, bytes int64) string {
	const unit = 1024
	if bytes < unit*unit {
		return i18n.Number(ctx, (bytes+unit-1)/unit) + "\u00a0KB"
	}
	name, n := "MB", float64(bytes)/unit/unit
	if n >= unit {
		name, n = "GB", n/unit
	}
	text := strconv.FormatFloat(n, 'f', 1, 64)
	if i18n.Lang(ctx) == i18n.Spanish {
		text = strings.ReplaceAll(text, ".", ",")
	}
	return text + "\u00a0" + name
}

// when is a moment, or a dash for never.
func when(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return none
	}
	return i18n.DateTime(ctx, t)
}

func number(ctx context.Context, n int) string { return i18n.Number(ctx, int64(n)) }

// sentence is the error's own text.
func sentence(ctx context.Context, why error) string {
	var e *fault.Error
	if errors.As(why, &e) {
		return i18n.Tf(ctx, e.Key, e.Args)
	}
	return ""
}

func presentHome(ctx context.Context, o *Overview) *views.Home {
	c := o.Counts
	v := &views.Home{Intro: i18n.T(ctx, "national.home.intro"), Checked: checked(ctx, o.CheckedAt), Batches: batchRows(ctx, o.Batches)}
	v.Cards = []views.Card{
		{Icon: "buildings", Label: i18n.T(ctx, "national.card.all"), Value: number(ctx, c.Total), Href: "/admin/municipalities",
			Note: i18n.Tf(ctx, "national.card.active", map[string]any{"Count": c.Active})},
		{Icon: "x-octagon", Label: i18n.T(ctx, "national.card.bad"), Value: number(ctx, c.Bad), Href: "/admin/municipalities?health=bad", Urgent: c.Bad > 0,
			Note: i18n.T(ctx, "national.card.bad_note")},
		{Icon: "exclamation-triangle", Label: i18n.T(ctx, "national.card.look"), Value: number(ctx, c.Look), Href: "/admin/municipalities?health=look",
			Note: i18n.T(ctx, "national.card.look_note")},
		{Icon: "hourglass-split", Label: i18n.T(ctx, "national.card.half"), Value: number(ctx, c.HalfMade), Href: "/admin/municipalities?status=provisioning",
			Urgent: c.HalfMade > 0, Note: i18n.T(ctx, "national.card.half_note")},
		{Icon: "pause-fill", Label: i18n.T(ctx, "national.card.suspended"), Value: number(ctx, c.Suspended), Href: "/admin/municipalities?status=suspended",
			Note: i18n.Tf(ctx, "national.card.archived", map[string]any{"Count": c.Archived})},
	}
	for i := range o.Alerts {
		r := &o.Alerts[i]
		v.Alerts = append(v.Alerts, views.Alert{Name: r.Name, Href: "/admin/municipalities/" + r.ID, State: healthState(ctx, r.Health), What: troubleWords(ctx, r.Troubles, 1)})
	}
	if o.SameDisk {
		v.SameDisk = i18n.T(ctx, "national.home.same_disk")
	}
	if o.More > 0 {
		v.More = i18n.Tf(ctx, "national.alerts.more", map[string]any{"Count": o.More})
	}
	return v
}

func checked(ctx context.Context, at time.Time) string {
	if at.IsZero() {
		return i18n.T(ctx, "national.unchecked")
	}
	return i18n.Tf(ctx, "national.checked", map[string]any{"When": i18n.Clock(ctx, at)})
}

// presentMade says what came of a form.
func presentMade(ctx context.Context, m *Made) *views.Made {
	v := &views.Made{Already: m.Already, Name: m.Name, Href: "/admin/municipalities/" + m.ID, Link: m.Link}
	if m.Already {
		v.Title = i18n.Tf(ctx, "national.made.already", map[string]any{"Name": m.Name})
		v.Hint = i18n.T(ctx, "national.made.already_hint")
		return v
	}
	v.Title = i18n.Tf(ctx, "national.made.ready", map[string]any{"Name": m.Name})
	v.Took = i18n.Tf(ctx, "national.made.took", map[string]any{"Time": strconv.FormatInt(m.Took.Milliseconds(), 10)})
	v.Hint = i18n.T(ctx, "national.made.nobody")
	switch {
	case m.Link != "":
		v.Invited = i18n.Tf(ctx, "national.made.invited", map[string]any{"Name": m.Invited})
		v.Hint = i18n.T(ctx, "national.made.next")
	case m.Invited != "":
		v.Hint = i18n.Tf(ctx, "national.made.known", map[string]any{"Name": m.Invited})
	}
	return v
}
