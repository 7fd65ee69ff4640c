package restore

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"gsl/app/kit/i18n"
	views "gsl/templates/restore"
	"gsl/templates/ui"
	"gsl/tenants"
)

var stateWords = map[State]struct {
	key  string
	kind ui.TagKind
}{
	Running:   {"restore.state.running", ui.Info},
	Ready:     {"restore.state.ready", ui.Warning},
	Failed:    {"restore.state.failed", ui.Danger},
	Swapped:   {"restore.state.swapped", ui.Success},
	Discarded: {"restore.state.discarded", ui.Plain},
}

func stateTag(ctx context.Context, s State) ui.Tag {
	return ui.Tag{Text: i18n.T(ctx, stateWords[s].key), Kind: stateWords[s].kind}
}

// options are the municipalities of the form, by name.
func options(ctx context.Context, places []tenants.Identity) []ui.Option {
	places = slices.Clone(places)
	slices.SortFunc(places, func(a, b tenants.Identity) int { return cmp.Compare(a.Name, b.Name) })
	list := []ui.Option{{Text: i18n.T(ctx, "restore.choose")}}
	for i := range places {
		if places[i].Status != tenants.Provisioning {
			list = append(list, ui.Option{Value: places[i].Code, Text: places[i].Name + " (" + places[i].Code + ")"})
		}
	}
	return list
}

func presentIndex(ctx context.Context, list []Restore, form views.Form) *views.Index {
	v := &views.Index{Form: form}
	for i := range list {
		r := &list[i]
		row := views.Row{Href: "/admin/restores/" + r.ID, Municipality: r.Name, AsOf: asOf(ctx, r), State: stateTag(ctx, r.State),
			Asked: by(ctx, r.AskedBy, r.AskedAt), Ended: by(ctx, r.EndedBy, r.EndedAt)}
		if r.UnderWay() {
			v.UnderWay = append(v.UnderWay, row)
		} else {
			v.Past = append(v.Past, row)
		}
	}
	return v
}

// asOf says of when the copy is, as far as it is known.
func asOf(ctx context.Context, r *Restore) string {
	switch {
	case !r.Wanted.IsZero():
		return i18n.DateTime(ctx, r.Wanted)
	case !r.Until.IsZero():
		return i18n.DateTime(ctx, r.Until)
	}
	return i18n.T(ctx, "restore.latest")
}

func by(ctx context.Context, name string, at time.Time) string {
	switch {
	case at.IsZero():
		return ""
	case name == "":
		return i18n.DateTime(ctx, at)
	}
	return name + " · " + i18n.DateTime(ctx, at)
}

func presentOne(ctx context.Context, r *Restore) *views.One {
	v := &views.One{ID: r.ID, Municipality: r.Name, AsOf: asOf(ctx, r), State: stateTag(ctx, r.State), Kept: r.Kept, Decide: r.State == Ready,
		Title: i18n.Tf(ctx, "restore.of", map[string]any{"Name": r.Name})}
	v.Facts = facts(ctx, r)
	switch r.State {
	case Running:
		v.Steps, v.Poll = presentSteps(ctx, r.Step), "/admin/restores/"+r.ID+"/progress"
	case Failed:
		v.Trouble, v.Cause = i18n.T(ctx, "restore.trouble"), r.Trouble
	}
	if !r.ReadyAt.IsZero() {
		v.Counts, v.LiveBad = presentCounts(ctx, &r.Report), r.Report.LiveBad
		v.Checks = presentChecks(ctx, r)
	}
	if len(r.Lookers) > 0 {
		v.Lookers = i18n.Tf(ctx, "restore.lookers", map[string]any{"Names": strings.Join(r.Lookers, ", ")})
	}
	return v
}

var sourceWords = map[tenants.Source]string{tenants.FromReplica: "restore.source.replica", tenants.FromCopy: "restore.source.copy"}

func facts(ctx context.Context, r *Restore) []views.Fact {
	list := []views.Fact{
		{Label: i18n.T(ctx, "restore.source"), Value: i18n.T(ctx, sourceWords[r.Source])},
		{Label: i18n.T(ctx, "restore.wanted"), Value: orLatest(ctx, r.Wanted)},
	}
	if !r.Until.IsZero() {
		list = append(list, views.Fact{Label: i18n.T(ctx, "restore.until"), Value: i18n.DateTime(ctx, r.Until)})
	}
	list = append(list, views.Fact{Label: i18n.T(ctx, "restore.asked"), Value: by(ctx, r.AskedBy, r.AskedAt)})
	if !r.EndedAt.IsZero() {
		list = append(list, views.Fact{Label: i18n.T(ctx, "restore.ended"), Value: by(ctx, r.EndedBy, r.EndedAt)})
	}
	return list
}

func orLatest(ctx context.Context, at time.Time) string {
	if at.IsZero() {
		return i18n.T(ctx, "restore.latest")
	}
	return i18n.DateTime(ctx, at)
}

// stepWords are the steps in their order.
var stepWords = []struct{ name, key string }{
	{tenants.StepFetch, "restore.step.fetch"},
	{tenants.StepCheck, "restore.step.check"},
	{tenants.StepTrail, "restore.step.trail"},
	{stepCount, "restore.step.count"},
}

func presentSteps(ctx context.Context, now string) []views.Step {
	list := make([]views.Step, 0, len(stepWords))
	state := "done"
	if now == "" {
		now = stepWords[0].name
	}
	for _, s := range stepWords {
		if s.name == now {
			state = "now"
		} else if state == "now" {
			state = "later"
		}
		list = append(list, views.Step{Text: i18n.T(ctx, s.key), State: state})
	}
	return list
}

func presentCounts(ctx context.Context, r *Report) []views.Count {
	var list []views.Count
	add := func(key string, copied, live int64) {
		c := views.Count{Label: i18n.T(ctx, key), Copy: i18n.Number(ctx, copied), Live: "—", Difference: "—"}
		if r.LiveBad == "" {
			c.Live, c.Less, c.More = i18n.Number(ctx, live), copied < live, copied > live
			c.Difference = signed(ctx, copied-live)
		}
		list = append(list, c)
	}
	a, b := &r.Copy, &r.Live
	add("restore.count.files", a.Files, b.Files)
	add("restore.count.attentions", a.Attentions, b.Attentions)
	add("restore.count.plans", a.Plans, b.Plans)
	add("restore.count.open_plans", a.OpenPlans, b.OpenPlans)
	add("restore.count.referrals", a.Referrals, b.Referrals)
	add("restore.count.benefits", a.Benefits, b.Benefits)
	add("restore.count.documents", a.Documents, b.Documents)
	add("restore.count.changes", a.Changes, b.Changes)
	day := func(key string, copied, live time.Time) {
		c := views.Count{Label: i18n.T(ctx, key), Copy: dateTime(ctx, copied), Live: "—"}
		if r.LiveBad == "" {
			c.Live = dateTime(ctx, live)
		}
		list = append(list, c)
	}
	day("restore.count.first", a.FirstChange, b.FirstChange)
	day("restore.count.last", a.LastChange, b.LastChange)
	return list
}

func dateTime(ctx context.Context, at time.Time) string {
	if at.IsZero() {
		return "—"
	}
	return i18n.DateTime(ctx, at)
}

// signed writes a difference with its sign; "0" for none.
func signed(ctx context.Context, n int64) string {
	switch {
	case n > 0:
		return "+" + i18n.Number(ctx, n)
	case n < 0:
		return "−" + i18n.Number(ctx, -n)
	}
	return "0"
}

func presentChecks(ctx context.Context, r *Restore) []views.Line {
	say := func(good bool, yes, no string) views.Line {
		if good {
			return views.Line{Text: i18n.T(ctx, yes), Good: true}
		}
		return views.Line{Text: i18n.T(ctx, no)}
	}
	return []views.Line{
		say(r.Report.Whole, "restore.check.whole", "restore.check.not_whole"),
		say(r.Report.Chain, "restore.check.chain", "restore.check.not_chain"),
		say(!r.Report.NoTrail, "restore.check.trail", "restore.check.no_trail"),
	}
}

func presentCopies(ctx context.Context, list []Restore, here string) *views.Copies {
	v := &views.Copies{Looking: here != ""}
	for i := range list {
		r := &list[i]
		count := func(key string, n int64) views.Fact {
			return views.Fact{Label: i18n.T(ctx, key), Value: i18n.Number(ctx, n)}
		}
		v.Rows = append(v.Rows, views.CopyRow{ID: r.ID, Here: r.ID == here,
			AsOf: i18n.Tf(ctx, "restore.copies.as_of", map[string]any{"At": dateTime(ctx, r.Until)}),
			Made: i18n.Tf(ctx, "restore.copies.made", map[string]any{"At": i18n.DateTime(ctx, r.ReadyAt)}),
			Counts: []views.Fact{count("restore.count.files", r.Report.Copy.Files), count("restore.count.attentions", r.Report.Copy.Attentions),
				count("restore.count.plans", r.Report.Copy.Plans), count("restore.count.referrals", r.Report.Copy.Referrals)}})
	}
	return v
}

func presentSafe(ctx context.Context, s *Safe) views.Safe {
	v := views.Safe{
		Drill:  verdict(ctx, s.Drilled, s.Files, s.DrilledAll, "restore.safe.drill", "restore.safe.drill_none"),
		Copies: verdict(ctx, s.Copied, s.Files, s.CopiedAll, "restore.safe.copies", "restore.safe.copies_none"),
		Where:  i18n.Tf(ctx, "restore.safe.where", map[string]any{"Folder": s.Where}),
	}
	if !s.Replicated {
		v.Drill = views.Line{Text: i18n.T(ctx, "restore.safe.no_replica")}
	}
	if s.SameDisk {
		v.Where += " " + i18n.T(ctx, "restore.safe.same_disk")
	}
	for _, b := range s.Bad {
		v.Bad = append(v.Bad, presentBad(ctx, b))
	}
	return v
}

func verdict(ctx context.Context, good, all int, since time.Time, key, none string) views.Line {
	if good == 0 {
		return views.Line{Text: i18n.T(ctx, none), None: true}
	}
	text := i18n.Tf(ctx, key, map[string]any{"Good": good, "All": all})
	if good == all && !since.IsZero() {
		text += " " + i18n.Tf(ctx, "restore.safe.since", map[string]any{"At": i18n.DateTime(ctx, since)})
	}
	return views.Line{Text: text, Good: good == all}
}

func presentBad(ctx context.Context, b BadFile) views.Bad {
	v := views.Bad{Municipality: b.Municipality, What: i18n.T(ctx, "restore.safe.bad_copy"), Why: b.Why, Since: i18n.T(ctx, "restore.safe.never_good")}
	if b.Municipality == "" {
		v.Municipality = b.File
	}
	if b.Drill {
		v.What = i18n.T(ctx, "restore.safe.bad_drill")
	}
	if !b.GoodAt.IsZero() {
		v.Since = i18n.Tf(ctx, "restore.safe.good_at", map[string]any{"At": i18n.DateTime(ctx, b.GoodAt)})
	}
	return v
}
