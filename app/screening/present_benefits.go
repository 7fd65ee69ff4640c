package screening

import (
	"strings"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	views "gsl/templates/screening"
	"gsl/templates/ui"
)

// The benefits shown at first: those of the last two years, and no more than a
// screen of them.
const (
	latestMonths = 24
	latestRows   = 20
)

func (p *presenter) benefits() views.Benefits {
	shown := len(p.sc.Received)
	if !p.all {
		shown = p.sc.latest()
	}
	v := views.Benefits{FileID: p.sc.File.ID, Rows: make([]views.Benefit, shown), Source: p.benefitSource()}
	for i := range v.Rows {
		v.Rows[i] = p.benefit(&p.sc.Received[i])
	}
	all := "/files/" + p.sc.File.ID + "/screening?benefits=all#benefits"
	switch hidden := len(p.sc.Received) - shown; {
	case hidden > 0:
		v.More, v.Count = all, p.tf("screening.benefits.count", map[string]any{"Shown": shown, "All": len(p.sc.Received)})
	case p.all && p.sc.latest() < shown:
		v.Less, v.Count = strings.Replace(all, "=all", "=latest", 1), p.count("screening.benefits.total", shown)
	}
	v.Empty, v.Hint = p.noBenefits()
	return v
}

// noBenefits says what an empty list means; of a registry that said nothing it
// claims nothing.
func (p *presenter) noBenefits() (empty, hint string) {
	switch {
	case len(p.sc.Received) > 0:
		return i18n.T(p.ctx, "screening.benefits.empty_latest"), ""
	case p.sc.Known():
		return i18n.T(p.ctx, "screening.benefits.empty"), i18n.T(p.ctx, "screening.benefits.empty_hint")
	case p.sc.Standing == NotRegistered:
		return i18n.T(p.ctx, "screening.benefits.empty"), i18n.T(p.ctx, "screening.benefits.empty_person")
	}
	return i18n.T(p.ctx, "screening.benefits.empty_municipal"), i18n.T(p.ctx, "screening.benefits.empty_unasked")
}

// latest counts the benefits to be shown at first.
func (sc *Screening) latest() int {
	since := monthsBefore(sc.Today, latestMonths)
	n := 0
	for n < len(sc.Received) && n < latestRows && !sc.Received[n].On.Before(since) {
		n++
	}
	return n
}

// monthsBefore goes whole years back, to the same day of the year.
func monthsBefore(day calendar.Date, months int) calendar.Date {
	d, err := calendar.NewDate(day.Year()-months/12, day.Month(), day.Day())
	if err != nil {
		return day.AddDays(-months * 365 / 12) // 29 February
	}
	return d
}

// benefitSource says where the benefits come from and of when that is.
func (p *presenter) benefitSource() ui.Text {
	key := "screening.benefits.source_latest"
	if p.all {
		key = "screening.benefits.source"
	}
	said := p.sc.Known() || p.sc.Standing == NotRegistered
	switch {
	case said && !p.sc.Down:
		return p.tf(key, map[string]any{"When": p.moment(p.sc.SeenAt)})
	case said:
		return p.tf("screening.benefits.source_old", map[string]any{"When": p.moment(p.sc.SeenAt)})
	}
	return p.t("screening.benefits.source_municipal")
}

// recipient is the short name of who received something.
func (p *presenter) recipient(holder string) ui.Text {
	if m := p.sc.memberOf(holder); m != nil {
		return shortName(m)
	}
	if holder == p.sc.holders()[0] {
		return p.nameOr(p.sc.File.Name())
	}
	return "" // only members' benefits are asked for
}

// shortName is the first given name and the first surname.
func shortName(m *Member) ui.Text {
	return ui.Text(people.JoinName(firstWord(m.GivenNames), firstWord(m.Surnames)))
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}

func (p *presenter) benefit(r *Received) views.Benefit {
	b := views.Benefit{Name: ui.Text(r.Name), Who: p.recipient(r.Holder), Me: r.Holder == p.sc.holders()[0], National: r.National,
		On: ui.Text(r.On.Chilean()), Provider: ui.Text(r.Provider)}
	quantity := p.quantity(r)
	switch {
	case r.Amount == 0:
		b.Amount = quantity
	case r.InKind:
		b.Amount, b.Detail = quantity, p.money(r.Amount)
	default:
		b.Amount = p.money(r.Amount)
	}
	if b.Amount == "" {
		b.Amount, b.Detail = b.Detail, ""
	}
	return b
}

// quantity is "2 unidad"; "" when it was not said.
func (p *presenter) quantity(r *Received) ui.Text {
	switch {
	case r.Quantity == 0:
		return ""
	case r.Unit == "":
		return ui.Text(i18n.Number(p.ctx, r.Quantity)) + " " + p.t("screening.units")
	}
	return ui.Text(i18n.Number(p.ctx, r.Quantity) + " " + r.Unit)
}
