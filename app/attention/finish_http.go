package attention

import (
	"errors"
	"net/http"
	"strings"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	views "gsl/templates/attention"
	"gsl/templates/layout"
	"gsl/templates/ui"
)

// closingForm is what the form of an attention sends. What is not sent stays as
// it was.
type closingForm struct {
	Outcome       string        `form:"outcome"`
	Channel       string        `form:"channel"`
	Topic         string        `form:"topic"`
	Note          string        `form:"note"`
	Told          string        `form:"told"`
	NextDate      calendar.Date `form:"next_date"`
	RepName       string        `form:"rep_name"`
	RepRUN        string        `form:"rep_run"`
	Relationship  string        `form:"rep_relationship"`
	Authorisation string        `form:"rep_authorisation"`
	Page          string        `form:"page" validate:"max=40"`
	Seen          string        `form:"seen" validate:"max=40"`
	Then          string        `form:"then" validate:"omitempty,oneof=keep discard"`
}

// edit writes what was sent over what was there.
func (f *closingForm) edit(sent func(name string) bool) Edit {
	return func(c Closing) Closing {
		c.From = Page{Name: f.Page, Seen: f.Seen}
		r := &c.Representative
		for _, text := range []struct {
			name string
			from string
			to   *string
		}{
			{"topic", f.Topic, &c.Topic}, {"note", f.Note, &c.Note}, {"told", f.Told, &c.Told}, {"rep_name", f.RepName, &r.Name}, {"rep_run", f.RepRUN, &r.RUN},
			{"rep_relationship", f.Relationship, &r.Relationship}, {"rep_authorisation", f.Authorisation, &r.Authorisation},
		} {
			if sent(text.name) {
				*text.to = text.from
			}
		}
		if c.Outcome = Outcome(f.Outcome); f.Channel != "" {
			c.Channel = Channel(f.Channel)
		}
		if sent("next_date") {
			c.NextOn = f.NextDate
		}
		return c
	}
}

// sentOf reports which fields the request's form has.
func sentOf(c *web.Ctx) func(string) bool {
	form, err := c.Form()
	return func(name string) bool { return err == nil && form.Has(name) }
}

// finishOpen shows the form of the open attention of the actor's desk, from
// where only the file is known.
func (h *Handlers) finishOpen(c *web.Ctx) error {
	id, err := h.service.OpenOf(c.Context(), c.Actor(), c.Param("file"))
	if err != nil {
		return err
	}
	if id == "" {
		c.Flash("attention.flash.none_open", nil)
		return c.Redirect("/files/" + c.Param("file") + "/screening")
	}
	return h.showFinish(c, id)
}

// finishForm shows the form: as a pop-up, or as a page.
func (h *Handlers) finishForm(c *web.Ctx) error { return h.showFinish(c, c.Param("attention")) }

func (h *Handlers) showFinish(c *web.Ctx, id string) error {
	v, err := h.own(c, id)
	if err != nil {
		return err
	}
	if v.Attention.State != Open {
		return c.Redirect("/attentions/" + v.Attention.ID)
	}
	form := presentFinish(c.Context(), &v, closingOf(&v.Attention), nil)
	if c.Fragment() {
		return c.Partial(http.StatusOK, views.FinishDialog(form))
	}
	return c.Page(http.StatusOK, finishPage(c, &v), views.FinishPage(form))
}

func finishPage(c *web.Ctx, v *Shown) layout.Page {
	return layout.Page{Title: i18n.T(c.Context(), "attention.finish.title"), File: v.Frame}
}

// own gives an attention of the actor's desk; another desk's may be read, not changed.
func (h *Handlers) own(c *web.Ctx, id string) (Shown, error) {
	v, err := h.service.Look(c.Context(), c.Actor(), id, "attention")
	if err == nil && !v.Attention.ofDesk(c.Actor()) {
		err = fault.New(fault.Forbidden, "attention.error.other_desk")
	}
	return v, err
}

// finish ends an attention, keeps what was written and goes on, or throws it away.
func (h *Handlers) finish(c *web.Ctx) error {
	var form closingForm
	err := c.Bind(&form)
	if err == nil {
		switch form.Then {
		case "keep":
			return h.keep(c, &form)
		case "discard":
			return h.discard(c)
		}
		_, err = h.service.Finish(c.Context(), c.Actor(), c.Param("attention"), form.edit(sentOf(c)))
	}
	if err != nil {
		return h.finishAgain(c, &form, err)
	}
	c.Flash("attention.flash.finished", nil)
	return c.Redirect("/attentions/" + c.Param("attention"))
}

// keep saves without ending: who came, how, what to remember.
func (h *Handlers) keep(c *web.Ctx, form *closingForm) error {
	a, err := h.service.Save(c.Context(), c.Actor(), c.Param("attention"), form.edit(sentOf(c)))
	if err != nil {
		return h.finishAgain(c, form, err)
	}
	c.Flash("attention.flash.saved", nil)
	return c.Redirect("/files/" + a.FileID + "/screening")
}

func (h *Handlers) discard(c *web.Ctx) error {
	if _, err := h.service.Discard(c.Context(), c.Actor(), c.Param("attention")); err != nil {
		return h.finishAgain(c, &closingForm{}, err)
	}
	c.Flash("attention.flash.discarded", nil)
	return c.Redirect("/")
}

// finishAgain gives the form back with what was typed and what is wrong.
func (h *Handlers) finishAgain(c *web.Ctx, form *closingForm, why error) error {
	status := http.StatusUnprocessableEntity
	switch {
	case fault.Is(why, fault.Conflict):
		status = http.StatusConflict
	case !fault.Is(why, fault.Invalid):
		return why
	}
	v, err := h.own(c, c.Param("attention"))
	if err != nil {
		return err
	}
	written := form.edit(sentOf(c))(closingOf(&v.Attention))
	view := presentFinish(c.Context(), &v, written, fieldErrors(c, why))
	view.NextDate = or(strings.ToValidUTF8(c.Typed("next_date"), ""), view.NextDate)
	if fault.Is(why, fault.Conflict) {
		view.Problem = sentence(c, why)
		if v.Attention.State == Open {
			view.Others = others(&v.Attention, &written)
		} else {
			view.Shown = "/attentions/" + v.Attention.ID
		}
	}
	if c.Fragment() {
		return c.Partial(status, views.FinishForm(view))
	}
	return c.Page(status, finishPage(c, &v), views.FinishPage(view))
}

// others gives what another page wrote and this one did not.
func others(a *Attention, written *Closing) (texts []string) {
	for _, pair := range [][2]string{{a.Told, written.Told}, {a.Note, written.Note}} {
		if pair[0] != "" && pair[0] != pair[1] {
			texts = append(texts, pair[0])
		}
	}
	return texts
}

// draft keeps the texts while somebody types them.
func (h *Handlers) draft(c *web.Ctx) error {
	var form closingForm
	if err := c.Bind(&form); err != nil && !onlyAboutDate(err) {
		return err
	}
	kept, err := h.service.KeepDraft(c.Context(), c.Actor(), c.Param("attention"), form.edit(sentOf(c)))
	if fault.Is(err, fault.Conflict) && c.Fragment() {
		return c.Partial(http.StatusConflict, views.Saved(i18n.T(c.Context(), "attention.draft.changed")))
	}
	if err != nil {
		return err
	}
	text, status := i18n.T(c.Context(), "attention.draft.not_kept"), http.StatusUnprocessableEntity
	if kept {
		status = http.StatusOK
		text = i18n.Tf(c.Context(), "attention.draft.kept", map[string]any{"At": i18n.Clock(c.Context(), h.service.clock())})
	}
	if !c.Fragment() && kept {
		return c.Redirect("/attentions/" + c.Param("attention") + "/finish")
	}
	return c.Partial(status, views.Saved(text))
}

// onlyAboutDate: a date that is being typed keeps no text from being kept.
func onlyAboutDate(err error) bool {
	var e *fault.Error
	return errors.As(err, &e) && len(e.Fields) == 1 && e.Fields[0].Name == "next_date"
}

func (h *Handlers) reopen(c *web.Ctx) error {
	a, err := h.service.Reopen(c.Context(), c.Actor(), c.Param("attention"))
	if err != nil {
		return err
	}
	c.Flash("attention.flash.reopened", nil)
	return c.Redirect("/files/" + a.FileID + "/screening")
}

// closingLabels are the names of the fields in the summary of what is wrong.
var closingLabels = []string{
	"outcome", "attention.finish.level",
	"channel", "attention.finish.channel",
	"topic", "attention.finish.topic",
	"note", "attention.finish.note",
	"told", "attention.finish.told",
	"next_date", "attention.finish.next_date",
	"rep_name", "attention.rep.name",
	"rep_run", "attention.rep.run",
	"rep_relationship", "attention.rep.relationship",
	"rep_authorisation", "attention.rep.authorisation",
}

func fieldErrors(c *web.Ctx, why error) ui.Errors {
	if fault.Is(why, fault.Conflict) {
		return nil
	}
	return c.Errors(why, closingLabels...)
}

// sentence is the error's own text.
func sentence(c *web.Ctx, why error) string {
	var e *fault.Error
	if errors.As(why, &e) {
		return i18n.Tf(c.Context(), e.Key, e.Args)
	}
	return ""
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
