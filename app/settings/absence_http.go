package settings

import (
	"context"
	"net/http"

	"gsl/app/access"
	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/referral"
	"gsl/templates/layout"
	views "gsl/templates/settings"
	"gsl/templates/ui"
)

// The addresses of absences: of everybody, and of the head's own unit.
const (
	allAbsences = "/settings/absences"
	ownAbsences = "/absences"
)

// absences are the pages of who is away, at one of the addresses.
type absences struct {
	service *Service
	base    string
}

func (h absences) page(c *web.Ctx) error { return h.show(c, http.StatusOK, views.AbsenceForm{}, false) }

func (h absences) show(c *web.Ctx, status int, form views.AbsenceForm, done bool) error {
	ctx := c.Context()
	staff, err := h.service.Units.Staff(ctx, c.Actor())
	if err != nil {
		return err
	}
	view := presentStaff(ctx, &staff, form)
	view.Base, view.Focus = h.base, done && c.Fragment()
	if h.base == ownAbsences {
		view.Unit = c.Actor().UnitName
	}
	if c.Fragment() {
		return c.Partial(status, views.AbsencesPage(view))
	}
	return c.Page(status, layout.Page{Style: layout.RoomStyle, Title: i18n.T(ctx, "settings.absences.title"), Print: true}, views.AbsencesPage(view))
}

// add keeps that somebody is away.
func (h absences) add(c *web.Ctx) error {
	var sent struct {
		Person      string        `form:"person"`
		Replacement string        `form:"replacement"`
		From        calendar.Date `form:"from"`
		To          calendar.Date `form:"to"`
		Reason      string        `form:"reason"`
	}
	var a referral.Absence
	err := c.Bind(&sent)
	if err == nil {
		a, err = h.service.Units.AddAbsence(c.Context(), c.Actor(), referral.AbsenceForm(sent))
	}
	if isForm(err) {
		form := views.AbsenceForm{Person: typed(c, "person"), Replacement: typed(c, "replacement"), From: typed(c, "from"), To: typed(c, "to"),
			Reason: typed(c, "reason"), Errors: c.Errors(err, absenceLabels...)}
		return h.show(c, statusOf(err), form, false)
	}
	if err != nil {
		return err
	}
	c.Flash("settings.flash.absence", map[string]any{"Name": a.Name, "Other": a.ReplacementName})
	return c.Redirect(h.base) // a new page: a swap would keep what was typed in the form
}

// end ends an absence, or calls it off.
func (h absences) end(c *web.Ctx) error {
	var sent struct {
		Absence string `form:"absence" validate:"required,max=40"`
	}
	if err := c.Bind(&sent); err != nil {
		return err
	}
	a, err := h.service.Units.EndAbsence(c.Context(), c.Actor(), sent.Absence)
	if err != nil {
		return err
	}
	c.Flash("settings.flash.absence_ended", map[string]any{"Name": a.Name})
	if c.Fragment() {
		return h.show(c, http.StatusOK, views.AbsenceForm{}, true)
	}
	return c.Redirect(h.base)
}

var absenceLabels = []string{
	"person", "settings.absence.who",
	"replacement", "settings.absence.by_whom",
	"from", "settings.absence.from",
	"to", "settings.absence.to",
	"reason", "settings.absence.reason",
}

// presentStaff puts who is away into words.
func presentStaff(ctx context.Context, staff *referral.Staff, form views.AbsenceForm) *views.Absences {
	v := &views.Absences{Form: form}
	names := map[string]string{}
	for _, c := range staff.People {
		names[c.UnitID] = c.UnitName
	}
	for i := range staff.Absences {
		v.Rows = append(v.Rows, presentAbsence(ctx, &staff.Absences[i], staff.Today, names))
	}
	v.Form.People = []ui.Option{{Text: i18n.T(ctx, "settings.absence.choose")}}
	for _, c := range staff.People {
		v.Form.People = append(v.Form.People, ui.Option{Value: referral.Seat(c), Text: c.Name + " — " + place(ctx, c)})
	}
	v.Form.Reasons = []ui.Option{{Text: i18n.T(ctx, "settings.absence.choose_reason")}}
	for _, reason := range referral.AbsenceReasons {
		v.Form.Reasons = append(v.Form.Reasons, ui.Option{Value: reason, Text: reasonText(ctx, reason)})
	}
	return v
}

// place is where a colleague works, in words.
func place(ctx context.Context, c access.Colleague) string {
	return layout.RoleAndUnit(ctx, c.Role, c.UnitName)
}

func presentAbsence(ctx context.Context, a *referral.Absence, today calendar.Date, units map[string]string) views.Absence {
	v := views.Absence{ID: a.ID, Name: a.Name, Unit: units[a.Unit], Now: a.On(today), Replacement: a.ReplacementName, Reason: reasonText(ctx, a.Reason),
		Time: i18n.Tf(ctx, "settings.absence.between", map[string]any{"From": i18n.Date(ctx, a.From), "To": i18n.Date(ctx, a.To)}),
		By:   i18n.Tf(ctx, "settings.absence.kept_by", map[string]any{"Name": a.CreatedByName}),
		End:  i18n.T(ctx, "settings.absence.call_off"), State: i18n.T(ctx, "settings.absence.later")}
	if v.Now {
		v.State, v.End = i18n.T(ctx, "settings.absence.now"), i18n.T(ctx, "settings.absence.end")
	}
	return v
}

var reasonKeys = map[string]string{
	"holiday":    "settings.reason.holiday",
	"leave":      "settings.reason.leave",
	"permission": "settings.reason.permission",
	"training":   "settings.reason.training",
	"other":      "settings.reason.other",
}

func reasonText(ctx context.Context, reason string) string { return i18n.T(ctx, reasonKeys[reason]) }
