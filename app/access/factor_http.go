package access

import (
	"net/http"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/access"
	"gsl/templates/layout"
)

// mountFactor adds the pages of the second factor. They are for anyone with a
// session: who must take one up first, gets nowhere else.
func (h *Handlers) mountFactor(r *web.Router) {
	r.GET("/account/factor", SignedIn, h.showFactor)
	r.POST("/account/factor", SignedIn, h.enrol)
	r.GET("/account/factor/new", SignedIn, h.beginFactor)
	r.POST("/account/factor/prove", SignedIn, h.prove)
	r.POST("/account/factor/recovery", SignedIn, h.renewRecovery)
	r.POST("/account/factor/remove", SignedIn, h.removeFactor)
	r.GET("/users/:user/factor", ManageUsers, h.askReset)
	r.POST("/users/:user/factor", ManageUsers, h.resetFactor)
}

func (h *Handlers) showFactor(c *web.Ctx) error {
	f, err := h.service.Factor(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	if !f.On {
		return h.begin(c, f)
	}
	return h.factorPage(c, http.StatusOK, f, nil)
}

func (h *Handlers) factorPage(c *web.Ctx, status int, f Factor, wrong error) error {
	view := access.Factor{Since: i18n.DateTime(c.Context(), f.Since), Left: f.Left, Demanded: f.Demanded,
		NeedsCode: !f.Fresh, Errors: c.Errors(wrong, "code", "ui.code.label")}
	return c.Page(status, factorFrame(c), access.FactorPage(view))
}

func factorFrame(c *web.Ctx) layout.Page {
	return layout.Page{Title: i18n.T(c.Context(), "factor.title"), Narrow: true, Style: layout.RoomStyle, Print: true}
}

func (h *Handlers) beginFactor(c *web.Ctx) error {
	f, err := h.service.Factor(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	return h.begin(c, f)
}

// begin shows what the app has to read, or first asks who is there: what was
// proved at the sign-in does not hold for long.
func (h *Handlers) begin(c *web.Ctx, f Factor) error {
	if !f.Fresh {
		return h.provePage(c, http.StatusOK, f, nil)
	}
	setup, err := h.service.NewSetup(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	return h.setupPage(c, http.StatusOK, f, setup, nil)
}

func (h *Handlers) setupPage(c *web.Ctx, status int, f Factor, setup Setup, wrong error) error {
	drawn, err := drawQR(setup.URL)
	if err != nil {
		return err
	}
	session, _ := c.Session()
	view := access.Setup{Secret: setup.Secret, URL: setup.URL, Sealed: setup.Sealed, QR: drawn, Replaces: f.On,
		Demanded: session.FactorPending, Errors: c.Errors(wrong, "code", "ui.code.label")}
	return c.Page(status, factorFrame(c), access.SetupPage(view))
}

func (h *Handlers) provePage(c *web.Ctx, status int, f Factor, wrong error) error {
	view := access.Prove{Code: f.On, Errors: c.Errors(wrong, "code", "ui.code.label", "current", "access.field.current_password")}
	return c.Page(status, factorFrame(c), access.ProvePage(view))
}

type proveForm struct {
	Code     string `form:"code" validate:"max=20"`
	Password string `form:"current,raw" validate:"max=1000"`
}

func (h *Handlers) prove(c *web.Ctx) error {
	var form proveForm
	err := c.Bind(&form)
	if err == nil {
		err = h.service.Prove(c.Context(), c.Actor(), form.Code, form.Password, c.Address())
	}
	if fault.Is(err, fault.Invalid) {
		f, failed := h.service.Factor(c.Context(), c.Actor())
		if failed != nil {
			return failed
		}
		return h.provePage(c, http.StatusUnprocessableEntity, f, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/account/factor/new")
}

type enrolForm struct {
	Setup string `form:"setup" validate:"required,max=400"`
	Code  string `form:"code" validate:"required,max=20"`
}

func (h *Handlers) enrol(c *web.Ctx) error {
	var form enrolForm
	err := c.Bind(&form)
	var codes []string
	if err == nil {
		codes, err = h.service.Enrol(c.Context(), c.Actor(), form.Setup, form.Code)
	}
	if fault.Is(err, fault.Invalid) {
		return h.enrolAgain(c, form.Setup, err)
	}
	if err != nil {
		return err
	}
	return h.codesPage(c, codes, true)
}

// enrolAgain shows the form with the same secret, which the app has read already;
// with another one when the first is no longer good.
func (h *Handlers) enrolAgain(c *web.Ctx, sealed string, wrong error) error {
	f, err := h.service.Factor(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	setup, err := h.service.SameSetup(c.Context(), c.Actor(), sealed)
	if fault.Is(err, fault.Invalid) {
		if !f.Fresh {
			return h.provePage(c, http.StatusUnprocessableEntity, f, wrong)
		}
		setup, err = h.service.NewSetup(c.Context(), c.Actor())
	}
	if err != nil {
		return err
	}
	return h.setupPage(c, http.StatusUnprocessableEntity, f, setup, wrong)
}

// codesPage shows the recovery codes, this once.
func (h *Handlers) codesPage(c *web.Ctx, codes []string, enrolled bool) error {
	view := access.Codes{Enrolled: enrolled, Name: c.Actor().Name, Date: i18n.DateTime(c.Context(), h.service.clock())}
	for _, code := range codes {
		view.Codes = append(view.Codes, inGroups(code, 4))
	}
	return c.Page(http.StatusOK, factorFrame(c), access.CodesPage(view))
}

type codeForm struct {
	Code string `form:"code" validate:"max=20"`
}

func (h *Handlers) renewRecovery(c *web.Ctx) error {
	var form codeForm
	err := c.Bind(&form)
	var codes []string
	if err == nil {
		codes, err = h.service.NewRecoveryCodes(c.Context(), c.Actor(), form.Code)
	}
	if err != nil {
		return h.factorRefused(c, err)
	}
	return h.codesPage(c, codes, false)
}

func (h *Handlers) removeFactor(c *web.Ctx) error {
	var form codeForm
	err := c.Bind(&form)
	if err == nil {
		err = h.service.RemoveFactor(c.Context(), c.Actor(), form.Code)
	}
	if err != nil {
		return h.factorRefused(c, err)
	}
	c.Flash("factor.removed", nil)
	return c.Redirect("/account")
}

// factorRefused shows the page again with what is wrong with the code.
func (h *Handlers) factorRefused(c *web.Ctx, wrong error) error {
	if !fault.Is(wrong, fault.Invalid) {
		return wrong
	}
	f, err := h.service.Factor(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	if !f.On {
		return wrong
	}
	return h.factorPage(c, http.StatusUnprocessableEntity, f, wrong)
}
