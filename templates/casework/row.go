package casework

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"gsl/app/kit/i18n"
	"gsl/templates/ui"
)

// Rows and counts are written by hand, as those of an inbox are: a board has
// fifty of the ones and two hundred of the others.

type ink struct{ ui.Ink }

// rows are the cases of a list.
type rows struct{ *List }

// Render writes the rows.
func (v rows) Render(ctx context.Context, w io.Writer) error {
	out := ink{Ink: ui.Ink{W: w}}
	t := wordsOf(ctx)
	for i := range v.Rows {
		r := &v.Rows[i]
		out.pick(ctx, r, v.Reassign != nil)
		out.Markup(`<th scope="row"><a href="`, templ.EscapeString(r.Href), `">`, templ.EscapeString(r.Name), `</a> <small class="tabular">`, templ.EscapeString(r.Number), `</small></th>`)
		out.plan(ctx, r, &t)
		if v.Board {
			out.worker(ctx, r, &t)
		}
		out.attended(r, &t)
		out.moved(ctx, r, v.Board)
		out.Markup(`<td class="nowrap tabular">`, templ.EscapeString(r.Age), `</td><td class="nowrap"><a href="`, templ.EscapeString(r.CaseHref), `" aria-label="`,
			templ.EscapeString(i18n.Tf(ctx, "casework.who_was_of", map[string]any{"Name": r.Name})), `">`, t.more, `</a></td></tr>`)
	}
	return out.Err
}

// words are those that rows have in common, escaped.
type words struct{ veiled, noPlan, noAttention, nobody, more string }

func wordsOf(ctx context.Context) words {
	return words{
		veiled: templ.EscapeString(i18n.T(ctx, "casework.veiled")), noPlan: templ.EscapeString(i18n.T(ctx, "casework.no_plan")),
		noAttention: templ.EscapeString(i18n.T(ctx, "casework.no_attention")), nobody: i18n.T(ctx, "casework.nobody"),
		more: templ.EscapeString(i18n.T(ctx, "casework.who_was")),
	}
}

// pick begins the row with the box that chooses it.
func (out *ink) pick(ctx context.Context, r *Row, hand bool) {
	id, checked := templ.EscapeString(r.ID), ``
	out.Markup(`<tr id="case-`, id, `"><td class="pick">`)
	if hand {
		out.Markup(`<input type="hidden" name="was[`, id, `]" value="`, templ.EscapeString(r.WorkerID), `"> `)
	}
	if r.Checked {
		checked = ` checked`
	}
	out.Markup(`<input class="form-check-input" type="checkbox" name="case" value="`, id, `"`, checked, ` aria-label="`,
		templ.EscapeString(i18n.Tf(ctx, "casework.pick", map[string]any{"Name": r.Name})), `"></td>`)
}

func (out *ink) plan(ctx context.Context, r *Row, t *words) {
	out.Markup(`<td>`)
	switch {
	case r.Veiled:
		out.Markup(`<span class="muted">`, t.veiled, `</span>`)
	case r.Circle == "":
		out.Markup(`<span class="muted">`, t.noPlan, `</span>`)
	default:
		out.Part(ctx, ui.Circle(r.Circle)) //nolint:contextcheck // a component has its context when it is drawn
		out.Text(` <small>`, r.Pending, `</small>`)
	}
	out.Markup(`</td>`)
}

func (out *ink) worker(ctx context.Context, r *Row, t *words) {
	out.Markup(`<td>`)
	if r.Worker == "" {
		out.Part(ctx, ui.Tag{Text: t.nobody, Kind: ui.Warning, Icon: "person-exclamation"})
	}
	out.Markup(templ.EscapeString(r.Worker))
	out.Text(` <small>`, r.Note, `</small>`)
	out.Markup(`</td>`)
}

func (out *ink) attended(r *Row, t *words) {
	switch {
	case r.Veiled:
		out.Markup(`<td><span class="muted">`, t.veiled, `</span></td>`)
	case r.Last == "":
		out.Markup(`<td><span class="muted">`, t.noAttention, `</span></td>`)
	default:
		out.Markup(`<td><span class="nowrap tabular">`, templ.EscapeString(r.Last), `</span> <small>`, templ.EscapeString(r.LastAbout), `</small></td>`)
	}
}

func (out *ink) moved(ctx context.Context, r *Row, board bool) {
	out.Markup(`<td class="nowrap"><span class="tabular">`, templ.EscapeString(r.Moved), `</span> <small>`)
	if r.Late {
		out.Markup(`<span class="late">`)
		out.Part(ctx, ui.Icon("exclamation-circle"))
		out.Markup(` `, templ.EscapeString(r.Still), `</span>`)
	} else {
		out.Markup(templ.EscapeString(r.Still))
	}
	out.Markup(`</small>`)
	if !board {
		out.Text(` <small>`, r.Note, `</small>`)
	}
	out.Markup(`</td>`)
}

// lines are the workers of a board.
type lines []MatrixLine

// Render writes the lines.
func (list lines) Render(ctx context.Context, w io.Writer) error {
	out := ink{Ink: ui.Ink{W: w}}
	for i := range list {
		l := &list[i]
		out.Markup(`<tr><th scope="row">`)
		if l.Waits {
			out.Part(ctx, ui.Icon("person-exclamation"))
			out.Markup(` `)
		}
		out.Markup(templ.EscapeString(l.Name), `</th>`)
		for j := range l.Ages {
			out.count(&l.Ages[j])
		}
		out.count(&l.Total)
		out.count(&l.Still)
		out.Markup(`</tr>`)
	}
	return out.Err
}

// count is a number that leads to its cases.
func (out *ink) count(t *Tab) {
	n := templ.EscapeString(t.Count)
	if t.Href == "" {
		out.Markup(`<td class="num"><span class="muted">`, n, `</span></td>`)
		return
	}
	out.Markup(`<td class="num"><a href="`, templ.EscapeString(t.Href), `"`)
	if t.Current {
		out.Markup(` aria-current="true"`)
	}
	out.Markup(`>`, n, `</a></td>`)
}
