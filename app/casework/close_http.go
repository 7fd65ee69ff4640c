package casework

import (
	"net/http"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	views "gsl/templates/casework"
	"gsl/templates/layout"
)

// closing shows the form that closes the case of a file.
func (h *Handlers) closing(c *web.Ctx) error {
	return h.closePage(c, http.StatusOK, &CloseForm{}, nil)
}

func (h *Handlers) closePage(c *web.Ctx, status int, form *CloseForm, cause error) error {
	ctx, file := c.Context(), c.Param("file")
	shown, err := h.service.Case(ctx, c.Actor(), file)
	switch {
	case err != nil:
		return err
	case !shown.Open && cause == nil:
		return c.Redirect("/files/" + file + "/case")
	case !shown.Closes && cause == nil:
		return fault.New(fault.Forbidden, "casework.error.not_yours")
	case !shown.Closes:
		return cause
	}
	view := presentClose(ctx, &shown, file, form)
	view.Errors = formErrors(c, cause, "summary")
	page := layout.Page{Style: layout.RoomStyle, Title: i18n.T(ctx, "casework.close.title"), File: shown.Frame}
	return c.Page(status, page, views.ClosePage(view))
}

// close closes the case of a file.
func (h *Handlers) close(c *web.Ctx) error {
	var sent struct {
		Case    string `form:"case" validate:"max=40"`
		Reason  string `form:"reason" validate:"max=40"`
		Summary string `form:"summary"`
		Anyway  bool   `form:"anyway"`
	}
	if err := c.Bind(&sent); err != nil {
		return err
	}
	form := CloseForm{Case: sent.Case, Reason: sent.Reason, Summary: sent.Summary, Anyway: sent.Anyway}
	err := h.service.Close(c.Context(), c.Actor(), c.Param("file"), form)
	if isForm(err) {
		return h.closePage(c, statusOf(err), &form, err)
	}
	if err != nil {
		return err
	}
	c.Flash("casework.flash.closed", nil)
	return c.Redirect("/files/" + c.Param("file") + "/case")
}

// open opens a case by hand.
func (h *Handlers) open(c *web.Ctx) error {
	var sent struct {
		Worker string `form:"worker" validate:"max=60"`
		Reason string `form:"reason"`
	}
	if err := c.Bind(&sent); err != nil {
		return err
	}
	file := c.Param("file")
	err := h.service.Open(c.Context(), c.Actor(), file, OpenForm{Worker: sent.Worker, Reason: sent.Reason})
	if isForm(err) {
		return h.casePage(c, statusOf(err), file, func(v *views.Case) {
			if v.Open != nil {
				v.Open.Reason, v.Open.Errors = sent.Reason, formErrors(c, err, "reason")
			}
		})
	}
	if err != nil {
		return err
	}
	c.Flash("casework.flash.opened", nil)
	return c.Redirect("/files/" + file + "/case")
}
