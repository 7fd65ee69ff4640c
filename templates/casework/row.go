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

// ink writes until something goes wrong.
type ink struct {
	w   io.Writer
	err error
}

// markup writes what is escaped already.
func (out *ink) markup(texts ...string) {
	for _, text := range texts {
		if out.err != nil {
			return
		}
		_, out.err = io.WriteString(out.w, text)
	}
}

// text writes a text between two tags; nothing for none.
func (out *ink) text(before, text, after string) {
	if text != "" {
		out.markup(before, templ.EscapeString(text), after)
	}
}

func (out *ink) part(ctx context.Context, c templ.Component) {
	if out.err == nil {
		out.err = c.Render(ctx, out.w)
	}
}

// rows are the cases of a list.
type rows struct{ *List }

// Render writes the rows.
func (v rows) Render(ctx context.Context, w io.Writer) error {
	out := ink{w: w}
	t := wordsOf(ctx)
	for i := range v.Rows {
		r := &v.Rows[i]
		out.pick(ctx, r, v.Reassign != nil)
		out.markup(`<th scope="row"><a href="`, templ.EscapeString(r.Href), `">`, templ.EscapeString(r.Name), `</a> <small class="tabular">`, templ.EscapeString(r.Number), `</small></th>`)
		out.plan(ctx, r, &t)
		if v.Board {
			out.worker(ctx, r, &t)
		}
		out.attended(r, &t)
		out.moved(ctx, r, v.Board)
		out.markup(`<td class="nowrap tabular">`, templ.EscapeString(r.Age), `</td><td class="nowrap"><a href="`, templ.EscapeString(r.CaseHref), `" aria-label="`,
			templ.EscapeString(i18n.Tf(ctx, "casework.who_was_of", map[string]any{"Name": r.Name})), `">`, t.more, `</a></td></tr>`)
	}
	return out.err
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
	out.markup(`<tr id="case-`, id, `"><td class="pick">`)
	if hand {
		out.markup(`<input type="hidden" name="was[`, id, `]" value="`, templ.EscapeString(r.WorkerID), `"> `)
	}
	if r.Checked {
		checked = ` checked`
	}
	out.markup(`<input class="form-check-input" type="checkbox" name="case" value="`, id, `"`, checked, ` aria-label="`,
		templ.EscapeString(i18n.Tf(ctx, "casework.pick", map[string]any{"Name": r.Name})), `"></td>`)
}

func (out *ink) plan(ctx context.Context, r *Row, t *words) {
	out.markup(`<td>`)
	switch {
	case r.Veiled:
		out.markup(`<span class="muted">`, t.veiled, `</span>`)
	case r.Circle == "":
		out.markup(`<span class="muted">`, t.noPlan, `</span>`)
	default:
		out.part(ctx, ui.Circle(r.Circle)) //nolint:contextcheck // a component has its context when it is drawn
		out.text(` <small>`, r.Pending, `</small>`)
	}
	out.markup(`</td>`)
}

func (out *ink) worker(ctx context.Context, r *Row, t *words) {
	out.markup(`<td>`)
	if r.Worker == "" {
		out.part(ctx, ui.Tag{Text: t.nobody, Kind: ui.Warning, Icon: "person-exclamation"})
	}
	out.markup(templ.EscapeString(r.Worker))
	out.text(` <small>`, r.Note, `</small>`)
	out.markup(`</td>`)
}

func (out *ink) attended(r *Row, t *words) {
	switch {
	case r.Veiled:
		out.markup(`<td><span class="muted">`, t.veiled, `</span></td>`)
	case r.Last == "":
		out.markup(`<td><span class="muted">`, t.noAttention, `</span></td>`)
	default:
		out.markup(`<td><span class="nowrap tabular">`, templ.EscapeString(r.Last), `</span> <small>`, templ.EscapeString(r.LastAbout), `</small></td>`)
	}
}

func (out *ink) moved(ctx context.Context, r *Row, board bool) {
	out.markup(`<td class="nowrap"><span class="tabular">`, templ.EscapeString(r.Moved), `</span> <small>`)
	if r.Late {
		out.markup(`<span class="late">`)
		out.part(ctx, ui.Icon("exclamation-circle"))
		out.markup(` `, templ.EscapeString(r.Still), `</span>`)
	} else {
		out.markup(templ.EscapeString(r.Still))
	}
	out.markup(`</small>`)
	if !board {
		out.text(` <small>`, r.Note, `</small>`)
	}
	out.markup(`</td>`)
}

// lines are the workers of a board.
type lines []MatrixLine

// Render writes the lines.
func (list lines) Render(ctx context.Context, w io.Writer) error {
	out := ink{w: w}
	for i := range list {
		l := &list[i]
		out.markup(`<tr><th scope="row">`)
		if l.Waits {
			out.part(ctx, ui.Icon("person-exclamation"))
			out.markup(` `)
		}
		out.markup(templ.EscapeString(l.Name), `</th>`)
		for j := range l.Ages {
			out.count(&l.Ages[j])
		}
		out.count(&l.Total)
		out.count(&l.Still)
		out.markup(`</tr>`)
	}
	return out.err
}

// count is a number that leads to its cases.
func (out *ink) count(t *Tab) {
	n := templ.EscapeString(t.Count)
	if t.Href == "" {
		out.markup(`<td class="num"><span class="muted">`, n, `</span></td>`)
		return
	}
	out.markup(`<td class="num"><a href="`, templ.EscapeString(t.Href), `"`)
	if t.Current {
		out.markup(` aria-current="true"`)
	}
	out.markup(`>`, n, `</a></td>`)
}
