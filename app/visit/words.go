package visit

import (
	"context"
	"strconv"

	"gsl/app/kit/i18n"
	"gsl/templates/ui"
)

// statusTags are the states in words, each with its icon.
var statusTags = map[Status]struct {
	key  string
	kind ui.TagKind
	icon string
}{
	Scheduled:       {"visit.status.scheduled", ui.Info, "calendar-event"},
	Done:            {"visit.status.done", ui.Success, "check-circle"},
	NobodyHome:      {"visit.status.nobody_home", ui.Warning, "door-closed"},
	AddressNotFound: {"visit.status.address_not_found", ui.Warning, "geo"},
	Refused:         {"visit.status.refused", ui.Warning, "hand-thumbs-down"},
	Cancelled:       {"visit.status.cancelled", ui.Plain, "x-circle"},
}

// StatusText is a state in words.
func StatusText(ctx context.Context, s Status) string { return i18n.T(ctx, statusTags[s].key) }

// stateTag is where a visit stands; one whose day is over or that has none says so.
func stateTag(ctx context.Context, v *Visit, late bool) ui.Tag {
	switch {
	case late:
		return ui.Tag{Text: i18n.T(ctx, "visit.status.late"), Kind: ui.Danger, Icon: "alarm"}
	case v.Waits() && v.Day.IsZero():
		return ui.Tag{Text: i18n.T(ctx, "visit.status.unplanned"), Kind: ui.Warning, Icon: "calendar-x"}
	}
	t := statusTags[v.Status]
	return ui.Tag{Text: i18n.T(ctx, t.key), Kind: t.kind, Icon: t.icon}
}

// whenText is the day and hour that were agreed: "24-11-2026 · 10:30".
func whenText(ctx context.Context, v *Visit) string {
	switch {
	case v.Day.IsZero():
		return i18n.T(ctx, "visit.no_day")
	case v.Clock == "":
		return i18n.Date(ctx, v.Day)
	}
	return i18n.Date(ctx, v.Day) + " · " + v.Clock
}

// Brief is a visit in a line, for the page of its plan: "Visita 24-11-2026 · 10:30".
func Brief(ctx context.Context, v *Visit) string {
	if v.Waits() && v.Day.IsZero() {
		return i18n.T(ctx, "visit.brief.unplanned")
	}
	return i18n.Tf(ctx, "visit.brief", map[string]any{"When": whenText(ctx, v), "State": StatusText(ctx, v.Status)})
}

var crowdingKeys = map[Crowding]string{NotCrowded: "visit.crowding.none", Crowded: "visit.crowding.medium", CriticallyFilled: "visit.crowding.critical"}

// answerText is an answer in words.
func answerText(ctx context.Context, q *Question, answer string) string {
	if q.Count {
		n, _ := strconv.ParseInt(answer, 10, 64) // checked when it was recorded
		return i18n.Number(ctx, n)
	}
	if c := q.Choice(answer); c != nil {
		return i18n.T(ctx, c.Key)
	}
	return answer
}
