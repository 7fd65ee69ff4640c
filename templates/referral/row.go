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
	out := ink{Ink: ui.Ink{W: w}}
	nonce := templ.GetNonce(ctx)
	for i := range list {
		r := &list[i]
		out.Markup(`<tbody id="referral-`, templ.EscapeString(r.ID), `" class="referral-row`)
		if r.Open != nil {
			out.Markup(` open`)
		}
		out.Markup(`" data-referral="`, templ.EscapeString(r.Key), `"><tr>`)
		out.pick(r)
		out.opener(ctx, r, nonce)
		out.cells(ctx, r)
		out.Markup(`</tr>`)
		if r.Open != nil {
			out.Markup(`<tr class="row-detail"><td colspan="6"><input type="hidden" name="open" value="`, templ.EscapeString(r.ID), `">`)
			out.Part(ctx, Body(*r.Open)) //nolint:contextcheck // a component has its context when it is drawn
			out.Markup(`</td></tr>`)
		}
		out.Markup(`</tbody>`)
	}
	return out.Err
}

type ink struct {
	ui.Ink
	name string // of the icon that was drawn last: most rows have the same
	icon templ.Component
}

func (out *ink) draw(ctx context.Context, name string) {
	if out.icon == nil || name != out.name {
		out.name, out.icon = name, ui.Icon(name)
	}
	out.Part(ctx, out.icon)
}

// pick is the box that chooses the row.
func (out *ink) pick(r *Row) {
	if !r.Picks {
		return
	}
	out.Markup(`<td class="pick">`)
	if r.Select != "" {
		out.Markup(`<input class="form-check-input" type="checkbox" name="ids" value="`, templ.EscapeString(r.ID),
			`" form="inbox-form" aria-label="`, templ.EscapeString(r.Select), `">`)
	}
	out.Markup(`</td>`)
}

// opener says whom it is about and what is asked; it opens the row, and closes it.
func (out *ink) opener(ctx context.Context, r *Row, nonce string) {
	id := templ.EscapeString(r.ID)
	out.Markup(`<td><a id="open-`, id, `" class="row-open" href="/referrals/`, id, `" hx-get="/referrals/`, id, `?at=`, templ.EscapeString(r.List))
	if r.Box != "" {
		out.Markup(`&amp;box=`, templ.EscapeString(r.Box))
	}
	expanded, chevron := `false`, ui.Icon("chevron-right")
	if r.Open != nil {
		out.Markup(`&amp;closed=1`)
		expanded, chevron = `true`, ui.Icon("chevron-down")
	}
	out.Markup(`" hx-target="#referral-`, id, `" aria-expanded="`, expanded, `"`)
	if r.Focus && out.Err == nil {
		out.Err = templ.RenderAttributes(ctx, out.W, ui.Focus(ctx))
	}
	out.Markup(` hx-nonce="`, templ.EscapeString(nonce), `">`)
	out.Part(ctx, chevron)
	title, what := r.Person, r.What
	if title == "" {
		title, what = r.What, ""
	}
	out.Markup(`<span>`, templ.EscapeString(title), `</span></a> <small class="row-what">`)
	out.Text(`<b>`, what, `</b> `)
	out.Text(`<span>`, r.Detail, `</span> `)
	out.Markup(`<span class="nowrap">`, templ.EscapeString(r.Folio), `</span></small></td>`)
}

// cells say who sent it or where it went, how it stands in time, who has it and
// its state.
func (out *ink) cells(ctx context.Context, r *Row) {
	out.Markup(`<td>`, templ.EscapeString(r.Party))
	out.Text(`<small>`, r.PartyBy, `</small>`)
	out.Markup(`</td><td>`)
	out.clock(ctx, &r.Clock)
	out.Markup(`</td><td>`, templ.EscapeString(r.Handler), `</td><td>`)
	if out.Err == nil {
		out.Err = r.State.Render(ctx, out.W)
	}
	out.Markup(`</td>`)
}

// clock is ClockText.
func (out *ink) clock(ctx context.Context, c *Clock) {
	if c.Text == "" {
		return
	}
	out.Markup(`<span class="clock`)
	out.Text(` clock-`, c.Kind, ``)
	out.Markup(`">`)
	out.draw(ctx, c.Icon)
	out.Markup(`<span>`, templ.EscapeString(c.Text), `</span></span>`)
}

// tabs are the boxes of one side, written by hand as the rows are.
type tabs []Tab

// Render writes the tabs.
func (list tabs) Render(ctx context.Context, w io.Writer) error {
	out := ink{Ink: ui.Ink{W: w}}
	for i := range list {
		t := &list[i]
		key := templ.EscapeString(t.Key)
		out.Markup(`<li><a id="box-`, key, `" href="`, templ.EscapeString(t.Href), `" class="box`)
		if t.Current {
			out.Markup(` on`)
		}
		if t.Urgent && t.Count > 0 {
			out.Markup(` urgent`)
		}
		out.Markup(`"`)
		if t.Current {
			out.Markup(` aria-current="page"`)
		}
		out.Markup(`><span>`, templ.EscapeString(t.Label), `</span> `)
		if t.Count >= 0 {
			out.Markup(`<span class="n" data-box="`, key, `">`, i18n.Number(ctx, int64(t.Count)), `</span>`)
		}
		out.Markup(`</a></li>`)
	}
	return out.Err
}
