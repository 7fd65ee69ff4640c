package referral

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"gsl/app/kit/i18n"
	"gsl/templates/ui"
)

// A row is written by hand, as the small parts of ui are: fifty stand on a page,
// and a templ component costs each of them some fifty allocations.

// RowBody is one referral of a list; open, it shows everything in its place.
func RowBody(r Row) templ.Component { return Rows{r} }

// Rows are the lines of a list. They are a component themselves.
type Rows []Row

// Render writes the rows.
func (list Rows) Render(ctx context.Context, w io.Writer) error {
	out := ink{w: w}
	nonce := templ.GetNonce(ctx)
	for i := range list {
		r := &list[i]
		out.markup(`<tbody id="referral-`, templ.EscapeString(r.ID), `" class="referral-row`)
		if r.Open != nil {
			out.markup(` open`)
		}
		out.markup(`" data-referral="`, templ.EscapeString(r.Key), `"><tr>`)
		out.pick(r)
		out.opener(ctx, r, nonce)
		out.cells(ctx, r)
		out.markup(`</tr>`)
		if r.Open != nil {
			out.markup(`<tr class="row-detail"><td colspan="6"><input type="hidden" name="open" value="`, templ.EscapeString(r.ID), `">`)
			out.part(ctx, Body(*r.Open)) //nolint:contextcheck // a component has its context when it is drawn
			out.markup(`</td></tr>`)
		}
		out.markup(`</tbody>`)
	}
	return out.err
}

// ink writes until something goes wrong.
type ink struct {
	w    io.Writer
	err  error
	name string // of the icon that was drawn last: most rows have the same
	icon templ.Component
}

func (out *ink) draw(ctx context.Context, name string) {
	if out.icon == nil || name != out.name {
		out.name, out.icon = name, ui.Icon(name)
	}
	out.part(ctx, out.icon)
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

// pick is the box that chooses the row.
func (out *ink) pick(r *Row) {
	if !r.Picks {
		return
	}
	out.markup(`<td class="pick">`)
	if r.Select != "" {
		out.markup(`<input class="form-check-input" type="checkbox" name="ids" value="`, templ.EscapeString(r.ID),
			`" form="inbox-form" aria-label="`, templ.EscapeString(r.Select), `">`)
	}
	out.markup(`</td>`)
}

// opener says whom it is about and what is asked; it opens the row, and closes it.
func (out *ink) opener(ctx context.Context, r *Row, nonce string) {
	id := templ.EscapeString(r.ID)
	out.markup(`<td><a id="open-`, id, `" class="row-open" href="/referrals/`, id, `" hx-get="/referrals/`, id, `?at=`, templ.EscapeString(r.List))
	if r.Box != "" {
		out.markup(`&amp;box=`, templ.EscapeString(r.Box))
	}
	expanded, chevron := `false`, ui.Icon("chevron-right")
	if r.Open != nil {
		out.markup(`&amp;closed=1`)
		expanded, chevron = `true`, ui.Icon("chevron-down")
	}
	out.markup(`" hx-target="#referral-`, id, `" aria-expanded="`, expanded, `"`)
	if r.Focus && out.err == nil {
		out.err = templ.RenderAttributes(ctx, out.w, ui.Focus(ctx))
	}
	out.markup(` hx-nonce="`, templ.EscapeString(nonce), `">`)
	out.part(ctx, chevron)
	title, what := r.Person, r.What
	if title == "" {
		title, what = r.What, ""
	}
	out.markup(`<span>`, templ.EscapeString(title), `</span></a> <small class="row-what">`)
	out.text(`<b>`, what, `</b> `)
	out.text(`<span>`, r.Detail, `</span> `)
	out.markup(`<span class="nowrap">`, templ.EscapeString(r.Folio), `</span></small></td>`)
}

// cells say who sent it or where it went, how it stands in time, who has it and
// its state.
func (out *ink) cells(ctx context.Context, r *Row) {
	out.markup(`<td>`, templ.EscapeString(r.Party))
	out.text(`<small>`, r.PartyBy, `</small>`)
	out.markup(`</td><td>`)
	out.clock(ctx, &r.Clock)
	out.markup(`</td><td>`, templ.EscapeString(r.Handler), `</td><td>`)
	if out.err == nil {
		out.err = r.State.Render(ctx, out.w)
	}
	out.markup(`</td>`)
}

// clock is ClockText.
func (out *ink) clock(ctx context.Context, c *Clock) {
	if c.Text == "" {
		return
	}
	out.markup(`<span class="clock`)
	out.text(` clock-`, c.Kind, ``)
	out.markup(`">`)
	out.draw(ctx, c.Icon)
	out.markup(`<span>`, templ.EscapeString(c.Text), `</span></span>`)
}

// tabs are the boxes of one side, written by hand as the rows are.
type tabs []Tab

// Render writes the tabs.
func (list tabs) Render(ctx context.Context, w io.Writer) error {
	out := ink{w: w}
	for i := range list {
		t := &list[i]
		key := templ.EscapeString(t.Key)
		out.markup(`<li><a id="box-`, key, `" href="`, templ.EscapeString(t.Href), `" class="box`)
		if t.Current {
			out.markup(` on`)
		}
		if t.Urgent && t.Count > 0 {
			out.markup(` urgent`)
		}
		out.markup(`"`)
		if t.Current {
			out.markup(` aria-current="page"`)
		}
		out.markup(`><span>`, templ.EscapeString(t.Label), `</span> `)
		if t.Count >= 0 {
			out.markup(`<span class="n" data-box="`, key, `">`, i18n.Number(ctx, int64(t.Count)), `</span>`)
		}
		out.markup(`</a></li>`)
	}
	return out.err
}
