package national

import (
	"context"
	"strconv"
	"strings"

	"gsl/app/kit/i18n"
	"gsl/app/kit/sheet"
	views "gsl/templates/national"
	"gsl/templates/ui"
)

type told struct {
	key, icon string
	kind      ui.TagKind
}

// batchStates and lineStates say how a table and its rows stand.
var (
	batchStates = map[string]told{
		BatchChecked: {"national.batch.checked", "check2-square", ui.Info},
		BatchRunning: {"national.batch.running", "hourglass-split", ui.Info},
		BatchStopped: {"national.batch.stopped", "pause-fill", ui.Warning},
		BatchDone:    {"national.batch.done", "check-circle", ui.Success},
	}
	lineStates = map[string]told{
		LineBad:     {"national.line.bad", "x-octagon", ui.Danger},
		LineWaiting: {"national.line.waiting", "hourglass-split", ui.Info},
		LineThere:   {"national.line.there", "info-circle", ui.Plain},
		LineDone:    {"national.line.done", "check-circle", ui.Success},
		LineFailed:  {"national.line.failed", "exclamation-triangle", ui.Warning},
	}
)

func (t told) state(ctx context.Context) views.State {
	return views.State{Text: i18n.T(ctx, t.key), Icon: t.icon, Kind: t.kind}
}

// finished is how many lines need nothing more.
func (b *Batch) finished() int {
	return b.Counts[LineDone] + b.Counts[LineThere] + b.Counts[LineFailed]
}

// asked is how many lines can be read.
func (b *Batch) asked() int { return b.Total() - b.Counts[LineBad] }

func progress(ctx context.Context, b *Batch) string {
	return i18n.Tf(ctx, "national.batch.progress", map[string]any{"Done": number(ctx, b.finished()), "Total": number(ctx, b.asked())})
}

func batchRows(ctx context.Context, list []Batch) []views.BatchRow {
	rows := make([]views.BatchRow, 0, len(list))
	for i := range list {
		b := &list[i]
		rows = append(rows, views.BatchRow{Href: "/admin/batches/" + b.ID, File: b.File, When: when(ctx, b.CreatedAt), By: b.ByName,
			State: batchStates[b.State].state(ctx), Told: progress(ctx, b)})
	}
	return rows
}

func columnWords(ctx context.Context) []views.Fact {
	return []views.Fact{
		{Label: "code", Value: i18n.T(ctx, "national.batches.col.code")},
		{Label: "model", Value: i18n.T(ctx, "national.batches.col.model")},
		{Label: "modules", Value: i18n.T(ctx, "national.batches.col.modules")},
		{Label: "without", Value: i18n.T(ctx, "national.batches.col.without")},
		{Label: "template", Value: i18n.T(ctx, "national.batches.col.template")},
		{Label: "run, given_names, surnames, email", Value: i18n.T(ctx, "national.batches.col.counterpart")},
	}
}

func presentBatch(ctx context.Context, b *Batch, lines []Line) *views.Batch {
	v := &views.Batch{ID: b.ID, File: b.File, State: batchStates[b.State].state(ctx), Running: b.State == BatchRunning, Begun: b.State != BatchChecked, Done: b.finished(), Total: b.asked(), Told: progress(ctx, b),
		Who:     i18n.Tf(ctx, "national.batch.who", map[string]any{"File": b.File, "When": when(ctx, b.CreatedAt), "Name": b.ByName}),
		CanStop: b.State == BatchRunning, Result: "/admin/batches/" + b.ID + "/result"}
	if b.Ignored != "" {
		v.Ignored = i18n.Tf(ctx, "national.batch.ignored", map[string]any{"Columns": b.Ignored})
	}
	for _, state := range []string{LineBad, LineFailed, LineWaiting, LineDone, LineThere} {
		if n := b.Counts[state]; n > 0 {
			v.Counts = append(v.Counts, views.Chip{Text: i18n.T(ctx, lineStates[state].key), Icon: lineStates[state].icon, Count: number(ctx, n)})
		}
	}
	todo := b.Counts[LineWaiting] + b.Counts[LineFailed]
	v.CanStart = b.State != BatchRunning && todo > 0
	v.Start = i18n.T(ctx, "national.batch.go_on")
	if b.State == BatchChecked {
		v.Start = i18n.Tf(ctx, "national.batch.start", map[string]any{"Count": todo})
	}
	v.CanLinks = b.State != BatchRunning && b.LinksAt.IsZero() && b.Invitees > 0
	switch {
	case v.CanLinks:
		v.LinksHint = i18n.Tf(ctx, "national.batch.links_hint", map[string]any{"Count": b.Invitees})
	case !b.LinksAt.IsZero():
		v.LinksHint = i18n.Tf(ctx, "national.batch.links_given", map[string]any{"When": when(ctx, b.LinksAt)})
	}
	for i := range lines {
		v.Rows = append(v.Rows, presentLine(ctx, &lines[i]))
	}
	if more := b.Total() - len(lines); more > 0 {
		v.More = i18n.Tf(ctx, "national.batch.more", map[string]any{"Count": more})
	}
	return v
}

func presentLine(ctx context.Context, l *Line) views.Line {
	v := views.Line{Number: strconv.Itoa(l.Line), Name: strings.TrimSpace(l.Code + " " + l.Name), State: lineStates[l.State].state(ctx)}
	if l.ID != "" {
		v.Href = listPath + "/" + l.ID
	}
	for _, p := range l.Problems {
		v.Problems = append(v.Problems, problemWord(ctx, p))
	}
	return v
}

// problemWord is a problem without its line, which stands beside it.
func problemWord(ctx context.Context, p sheet.Problem) string {
	if p.Column == "" {
		return p.Reason(ctx)
	}
	return i18n.Tf(ctx, "national.batch.problem", map[string]any{"Column": p.Column, "Value": p.Value, "Reason": p.Reason(ctx)})
}

func problemWords(ctx context.Context, list []sheet.Problem) string {
	words := make([]string, len(list))
	for i, p := range list {
		words[i] = problemWord(ctx, p)
	}
	return strings.Join(words, " · ")
}
