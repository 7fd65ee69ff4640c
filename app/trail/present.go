package trail

import (
	"context"

	"gsl/app/attention"
	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/templates/layout"
	views "gsl/templates/trail"
	"gsl/templates/ui"
)

// oddKeys say why a look is marked.
var oddKeys = map[Oddity]string{
	OwnFile:         "trail.odd.own_file",
	SameHousehold:   "trail.odd.same_household",
	SameHome:        "trail.odd.same_home",
	OutsideHours:    "trail.odd.outside_hours",
	NothingRecorded: "trail.odd.nothing_recorded",
	NoTask:          "trail.odd.no_task",
}

// oddIcons stand before the words.
var oddIcons = map[Oddity]string{
	OwnFile: "person-exclamation", SameHousehold: "house-exclamation", SameHome: "house-exclamation",
	OutsideHours: "moon-stars", NothingRecorded: "chat-dots", NoTask: "question-circle",
}

// presentTrail puts a page of looks into words. from and to are as they were typed.
func presentTrail(ctx context.Context, v *Shown, from, to string) *views.Trail {
	base := "/files/" + v.File.ID + "/trail"
	ask := v.Asked
	page := &views.Trail{
		Summary: summary(ctx, v), Ask: "/files/" + v.File.ID + "/requests/new",
		PDF:     Asked{UserID: ask.UserID, From: ask.From, To: ask.To}.address(base+".pdf", 0),
		ProofAt: ask.address(base, ask.Before, "proof", "1") + "#proof",
		Filter:  views.Filter{Action: base, By: viewerOptions(ctx, v), From: from, To: to, Odd: ask.Odd, Narrowed: ask.narrowed() || from+to != ""},
	}
	if ask.Before > 0 {
		page.First = ask.address(base, 0)
	}
	if v.Next > 0 {
		page.Next = ask.address(base, v.Next)
	}
	var day calendar.Date
	for i := range v.Looks {
		row := presentLook(ctx, &v.Looks[i])
		if on := calendar.On(v.Looks[i].To); on != day {
			day, row.Day = on, i18n.Date(ctx, on)
		}
		page.Rows = append(page.Rows, row)
	}
	return page
}

func summary(ctx context.Context, v *Shown) string {
	return i18n.Tf(ctx, "trail.summary.views", map[string]any{"Count": v.Times}) + " · " +
		i18n.Tf(ctx, "trail.summary.people", map[string]any{"Count": len(v.Viewers)})
}

func viewerOptions(ctx context.Context, v *Shown) []ui.Option {
	list := []ui.Option{{Text: i18n.T(ctx, "trail.filter.anybody")}}
	for _, viewer := range v.Viewers {
		name := viewer.Name
		if name == "" {
			name = layout.RoleName(ctx, viewer.Role)
		}
		list = append(list, ui.Option{Value: viewer.UserID, Selected: viewer.UserID == v.Asked.UserID,
			Text: i18n.Tf(ctx, "trail.filter.viewer", map[string]any{"Name": name, "Times": i18n.Number(ctx, int64(viewer.Times))})})
	}
	return list
}

func presentLook(ctx context.Context, l *Look) views.Row {
	row := views.Row{When: hours(ctx, l), Who: nameOf(ctx, l), Role: layout.RoleAndUnit(ctx, l.Role, l.Unit),
		Pages: pagesOf(ctx, l), Why: reasonOf(ctx, l), WhyHref: l.Reason.Href}
	for _, odd := range l.Odd {
		row.Odd = append(row.Odd, ui.Tag{Text: i18n.T(ctx, oddKeys[odd]), Kind: ui.Warning, Icon: oddIcons[odd]})
	}
	return row
}

// hours is "09:14", or "09:14–09:32" of a look that took longer.
func hours(ctx context.Context, l *Look) string {
	from, to := i18n.Clock(ctx, l.From), i18n.Clock(ctx, l.To)
	if from == to {
		return from
	}
	return from + "–" + to
}

func nameOf(ctx context.Context, l *Look) string {
	if l.Name == "" {
		return i18n.T(ctx, "trail.unnamed")
	}
	return l.Name
}

func reasonOf(ctx context.Context, l *Look) string {
	if l.Reason.Text == "" {
		return i18n.T(ctx, "trail.no_reason")
	}
	return l.Reason.Text
}

// pagesOf are the pages in words, with how often each was opened.
func pagesOf(ctx context.Context, l *Look) []string {
	list := make([]string, 0, len(l.Pages))
	at := map[string]int{}
	for _, p := range l.Pages { // pages without words of their own are one
		at[attention.PageText(ctx, p.Page)] += p.Times
	}
	for _, p := range l.Pages {
		text := attention.PageText(ctx, p.Page)
		times, first := at[text]
		if !first {
			continue
		}
		delete(at, text)
		if times > 1 {
			text = i18n.Tf(ctx, "trail.times", map[string]any{"Page": text, "Count": times})
		}
		list = append(list, text)
	}
	return list
}

// presentProof puts what a walk over the trails found into words.
func presentProof(ctx context.Context, p Proof) *views.Proof {
	switch {
	case p.Pending:
		return &views.Proof{Kind: "warning", Icon: "hourglass-split", Title: i18n.T(ctx, "trail.proof.pending")}
	case !p.Intact():
		return &views.Proof{Kind: "danger", Icon: "exclamation-octagon", Title: i18n.T(ctx, "trail.proof.broken"),
			Lines: []string{i18n.Tf(ctx, brokenKeys[p.Broken], map[string]any{"Row": p.Row}), i18n.T(ctx, "trail.proof.broken_todo")}}
	}
	return &views.Proof{Kind: "success", Icon: "shield-check",
		Title: i18n.Tf(ctx, "trail.proof.intact", map[string]any{"At": i18n.DateTime(ctx, p.At)}), Lines: proofLines(ctx, p)}
}

var brokenKeys = map[string]string{"views": "trail.proof.broken_views", "changes": "trail.proof.broken_changes"}

// proofLines say by what the trails are known.
func proofLines(ctx context.Context, p Proof) []string {
	return []string{
		i18n.Tf(ctx, "trail.proof.views", map[string]any{"Rows": i18n.Number(ctx, p.Views.Rows), "Head": p.Views.Head}),
		i18n.Tf(ctx, "trail.proof.changes", map[string]any{"Rows": i18n.Number(ctx, p.Changes.Rows), "Head": p.Changes.Head}),
	}
}
