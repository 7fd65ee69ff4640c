package report

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	views "gsl/templates/report"
)

// editor shows a draft to be written; what is none any more, is read.
func (h *Handlers) editor(c *web.Ctx) error { return h.editorAgain(c, http.StatusOK, nil, nil) }

// editorAgain shows the draft as it is kept, with what was sent over it and what
// is wrong with that.
func (h *Handlers) editorAgain(c *web.Ctx, status int, sent []Sent, cause error) error {
	e, err := h.open(c, sent)
	if err != nil {
		return err
	}
	if e.Report.State != Draft {
		return c.Redirect("/reports/" + e.Report.ID)
	}
	view := e.present(c.Context())
	view.Errors = c.Errors(cause, labels...)
	if c.Fragment() {
		return c.Partial(status, views.Saved(i18n.T(c.Context(), "report.not_saved")), swap("#report-errors", views.Problems(view.Errors)))
	}
	return page(c, status, &e.Visit, i18n.T(c.Context(), "report.edit"), views.EditorPage(view))
}

// labels are the names of the fields in the summary of what is wrong.
var labels = []string{
	"purpose", "report.purpose", "addressee", "report.addressee", "due", "report.due", "detail", "report.detail",
	"socioeconomic_text", "report.part.socioeconomic", "housing_text", "report.part.housing", "health_text", "report.part.health",
	"education_text", "report.part.education", "networks_text", "report.part.networks", "opinion_text", "report.part.opinion",
	"member", "report.part.household", "income", "report.incomes", "request", "report.part.requests", "reason", "report.discard.reason",
}

// open reads a draft for the editor and leaves the trail of the view.
func (h *Handlers) open(c *web.Ctx, sent []Sent) (*editing, error) {
	shown, err := h.service.Load(c.Context(), c.Actor(), c.Param("report"), "report")
	if err != nil {
		return nil, err
	}
	purposes, err := h.service.purposes(c.Context(), c.Actor())
	if err != nil {
		return nil, err
	}
	e := &editing{Shown: shown, purposes: purposes}
	e.others = h.service.enter(c.Actor(), shown.Report.ID, shown.Now)
	return e, e.over(sent)
}

// save keeps the whole form: what a browser without script sends, and what the
// button sends in any. A button of a table does its work too.
func (h *Handlers) save(c *web.Ctx) error {
	var form sentForm
	if err := c.Bind(&form); err != nil {
		return err
	}
	button, err := form.pressed()
	if err != nil {
		return err
	}
	sent, err := h.sent(c, &form, "", button)
	if err != nil {
		return err
	}
	if button.settles() {
		return h.settle(c, sent, &form, button)
	}
	saved, err := h.service.Save(c.Context(), c.Actor(), c.Param("report"), sent)
	return h.answer(c, &saved, sent, button, err)
}

// sent reads the parts of a form, with what its button does to one of them.
func (h *Handlers) sent(c *web.Ctx, form *sentForm, only Part, button press) ([]Sent, error) {
	purposes, err := h.service.purposes(c.Context(), c.Actor())
	if err != nil {
		return nil, err
	}
	list, err := form.parts(only, namesOf(purposes))
	for i := range list {
		if edit := list[i].Edit; list[i].Part == button.part && !button.settles() {
			list[i].Edit = func(content *Content) {
				edit(content)
				content.rows(button.part, Verb(button.verb), button.row)
			}
		}
	}
	return list, err
}

// answer says that it was saved, or what keeps it from being.
func (h *Handlers) answer(c *web.Ctx, saved *Saved, sent []Sent, button press, cause error) error {
	clash := len(saved.Clashes) > 0
	switch {
	case cause != nil && !clash && fault.Is(cause, fault.Invalid):
		return h.editorAgain(c, http.StatusUnprocessableEntity, sent, cause)
	case cause != nil && !clash:
		return cause
	case clash && !c.Fragment():
		c.Flash("report.error.clash", nil)
		return h.editorAgain(c, http.StatusConflict, nil, nil)
	case clash:
		return h.clashes(c, saved)
	case !c.Fragment():
		return c.Redirect("/reports/" + saved.Report.ID + "/edit" + anchor(button))
	case button.part != "":
		return h.renew(c, saved, button)
	}
	return h.saidSaved(c, saved, sent)
}

// anchor is where the page goes on after a button of a table.
func anchor(button press) string {
	if button.part == "" {
		return ""
	}
	return "#part-" + string(button.part)
}

// saidSaved answers a save in a few bytes: the hour, who else is here, and what of
// the page follows from what was typed.
func (h *Handlers) saidSaved(c *web.Ctx, saved *Saved, sent []Sent) error {
	ctx := c.Context()
	parts := []templ.Component{views.Saved(i18n.Tf(ctx, "report.saved", map[string]any{"At": i18n.Clock(ctx, saved.At)})),
		swap("#report-others", views.Others(presentOthers(ctx, h.service.enter(c.Actor(), saved.Report.ID, saved.At))))}
	follows, err := h.service.follows(ctx, c.Actor(), saved, sent)
	if err != nil {
		return err
	}
	if follows.sums {
		parts = append(parts, swap("#income-sums", views.Sums(presentSums(ctx, &follows.content))))
	}
	for _, p := range follows.parts {
		parts = append(parts, swap("#outline-"+string(p), views.OutlineItem(presentOutline(ctx, p, &follows.content))))
	}
	return c.Partial(http.StatusOK, parts...)
}

// renew answers a button of a table or of a clash with the part as it is now.
func (h *Handlers) renew(c *web.Ctx, saved *Saved, button press) error {
	e, err := h.open(c, nil)
	if err != nil {
		return err
	}
	e.focus = button
	ctx := c.Context()
	view := e.present(ctx)
	return c.Partial(http.StatusOK, view.Part(string(button.part)),
		swap("#report-saved", views.Saved(i18n.Tf(ctx, "report.saved", map[string]any{"At": i18n.Clock(ctx, saved.At)}))),
		swap("#income-sums", views.Sums(view.Socioeconomic.Sums)),
		swap("#outline-"+string(button.part), views.OutlineItem(presentOutline(ctx, button.part, &e.Content))))
}

// clashes shows what the others wrote beside what was typed here, which is kept
// aside and stays in its field.
func (h *Handlers) clashes(c *web.Ctx, saved *Saved) error {
	e, err := h.open(c, nil)
	if err != nil {
		return err
	}
	view := e.present(c.Context())
	parts := []templ.Component{views.Saved(i18n.T(c.Context(), "report.aside"))}
	for _, p := range saved.Clashes {
		parts = append(parts, swap("#clash-"+string(p), views.ClashBox(view.Clash(string(p)))))
	}
	return c.Partial(http.StatusConflict, parts...)
}

// keep keeps one part while it is typed, or does what a button in it says.
func (h *Handlers) keep(c *web.Ctx) error {
	part := Part(c.Param("part"))
	if !known(part) {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	var form sentForm
	if err := c.Bind(&form); err != nil {
		return err
	}
	button, err := form.pressed()
	if err != nil {
		return err
	}
	if button.part != "" && button.part != part {
		return fault.InvalidField("then", "report.error.button")
	}
	sent, err := h.sent(c, &form, part, button)
	if err != nil {
		return err
	}
	if button.settles() {
		return h.settle(c, sent, &form, button)
	}
	saved, err := h.service.Save(c.Context(), c.Actor(), c.Param("report"), sent)
	return h.answer(c, &saved, sent, button, err)
}

// settle ends a clash as its writer chose; the rest of a whole form is kept too.
func (h *Handlers) settle(c *web.Ctx, sent []Sent, form *sentForm, button press) error {
	var others []Sent
	var one *Sent
	for i := range sent {
		if sent[i].Part == button.part {
			one = &sent[i]
		} else {
			others = append(others, sent[i])
		}
	}
	shown, err := version(form.Shown[string(button.part)])
	if one == nil || err != nil {
		return fault.InvalidField("against["+string(button.part)+"]", "report.error.version")
	}
	one.Page.Seen = shown
	saved, err := h.service.Settle(c.Context(), c.Actor(), c.Param("report"), Choice(button.verb), *one)
	if err == nil && len(others) > 0 {
		saved, err = h.service.Save(c.Context(), c.Actor(), c.Param("report"), others)
	}
	return h.answer(c, &saved, nil, button, err)
}

// version reads the version of a part.
func version(text string) (int64, error) { return strconv.ParseInt(text, 10, 64) }
