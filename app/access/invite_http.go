package access

import (
	"errors"
	"net/http"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/access"
	"gsl/templates/layout"
)

// mountInvite adds the pages of a link, for whoever holds it. Reading one uses
// nothing up: mail programs open links before people do.
func (h *Handlers) mountInvite(r *web.Router) {
	r.GET("/invite/:token", Public, h.welcome, web.Check(h.guardInvite))
	r.POST("/invite/:token", Public, h.accept, web.Check(h.guardInvite), web.BodyLimit(16<<10))
}

// guardInvite turns away who asks too often, like at the door.
func (h *Handlers) guardInvite(c *web.Ctx) error {
	if wait := h.service.throttle.try(0, network(c.Address()), h.service.clock()); wait > 0 {
		c.Writer().Header().Set("Retry-After", "1")
		return fault.New(fault.TooMany, "access.login.too_many").With("Seconds", 1)
	}
	return nil
}

func (h *Handlers) welcome(c *web.Ctx) error { return h.welcomePage(c, http.StatusOK, nil) }

func (h *Handlers) welcomePage(c *web.Ctx, status int, wrong error) error {
	ctx := c.Context()
	w, err := h.service.Welcome(ctx, c.Param("token"))
	if errors.Is(err, ErrUnusable) {
		return unusable(c)
	}
	if err != nil {
		return err
	}
	view := access.Invite{Action: "/invite/" + c.Param("token"), GivenNames: w.GivenNames, Municipality: w.Municipality,
		Until:  lastDay(w.ExpiresAt),
		Errors: c.Errors(wrong, "password", "access.field.new_password", "repeat", "access.field.repeat_password")}
	return c.Page(status, layout.Page{Title: i18n.T(ctx, "roster.invite.title"), Narrow: true}, access.InvitePage(view))
}

// unusable is the same page for every link that opens nothing.
func unusable(c *web.Ctx) error {
	page := layout.Page{Title: i18n.T(c.Context(), "roster.unusable.title"), Narrow: true}
	return c.Page(http.StatusNotFound, page, access.UnusableInvite())
}

type acceptForm struct {
	Password string `form:"password,raw" validate:"required"`
	Repeat   string `form:"repeat,raw" validate:"required"`
}

// accept keeps the password; the person then signs in with it, and with the RUN.
func (h *Handlers) accept(c *web.Ctx) error {
	var form acceptForm
	err := c.Bind(&form)
	if err == nil {
		err = h.service.Accept(c.Context(), c.Param("token"), Accepted{Password: form.Password, Repeat: form.Repeat,
			Address: c.Address(), RequestID: c.RequestID()})
	}
	switch {
	case errors.Is(err, ErrUnusable):
		return unusable(c)
	case fault.Is(err, fault.Invalid):
		return h.welcomePage(c, http.StatusUnprocessableEntity, err)
	case err != nil:
		return err
	}
	c.Flash("roster.invite.done", nil)
	return c.Redirect("/login")
}
