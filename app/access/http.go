package access

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/access"
	"gsl/templates/layout"
)

// Handlers are the room's routes.
type Handlers struct{ service *Service }

// NewHandlers makes the routes of the service.
func NewHandlers(service *Service) *Handlers { return &Handlers{service: service} }

// Mount adds the routes. Logout is public, so that it works whatever became of
// the session; the edge's same-origin check stands before it like before all.
func (h *Handlers) Mount(r *web.Router) {
	r.SignIn(h.interrupted)
	r.GET("/login", Public, h.showLogin)
	r.POST("/login", Public, h.login)
	r.POST("/logout", Public, h.logout)
	r.POST("/logout-everywhere", SignedIn, h.logoutEverywhere)
	r.GET("/agreement", SignedIn, h.showAgreement)
	r.POST("/agreement", SignedIn, h.agree)
	r.GET("/switch", SignedIn, h.choose)
	r.POST("/switch", SignedIn, h.switchTo)
	r.GET("/account", SignedIn, h.showAccount)
	r.POST("/preferences", SignedIn, h.prefer)
	r.POST("/password", SignedIn, h.changePassword)
	r.POST("/logout-others", SignedIn, h.logoutOthers)
	h.mountFactor(r)
	h.mountInvite(r)
	h.mountUsers(r)
}

func (h *Handlers) showLogin(c *web.Ctx) error {
	if _, ok, err := h.service.Session(c.Request()); err == nil && ok {
		return c.Redirect("/")
	}
	if err := c.CarryNext(); err != nil {
		return err
	}
	return h.loginPage(c, http.StatusOK, access.Login{})
}

// interrupted shows the sign-in page to somebody whose session ended in a form.
func (h *Handlers) interrupted(c *web.Ctx) error {
	return h.loginPage(c, http.StatusUnauthorized, access.Login{Ended: true})
}

func (h *Handlers) loginPage(c *web.Ctx, status int, view access.Login) error {
	var accounts []RosterEntry
	if view.Ticket == "" {
		var err error
		if accounts, err = h.service.DemoAccounts(c.Context()); err != nil {
			return err
		}
	}
	view.Demo = h.demoGroups(c.Context(), accounts)
	page := layout.Page{Title: i18n.T(c.Context(), "access.login.go"), Narrow: len(accounts) == 0}
	return c.Page(status, page, access.LoginPage(view))
}

// loginForm is the first step; who has the code at hand sends it along.
type loginForm struct {
	RUN      string `form:"run" validate:"required"`
	Password string `form:"password,raw" validate:"required"`
	Code     string `form:"code" validate:"max=20"`
}

// secondForm is the second step.
type secondForm struct {
	Ticket string `form:"ticket" validate:"required,max=400"`
	Code   string `form:"code" validate:"required,max=20"`
}

func (h *Handlers) login(c *web.Ctx) error {
	try := Attempt{Ticket: c.Typed("ticket"), Address: c.Address(), RequestID: c.RequestID()}
	try.Previous, _ = h.service.cookies.id(c.Request())
	if err := bindAttempt(c, &try); err != nil {
		return h.loginFailed(c, try.Ticket, err)
	}
	opened, err := h.service.Login(c.Context(), try)
	switch {
	case err != nil:
		return h.loginFailed(c, opened.Ticket, err)
	case opened.Ticket != "" && c.Renewing():
		return fault.New(fault.Invalid, "factor.code.needed")
	case opened.Ticket != "":
		return h.loginFailed(c, opened.Ticket, fault.New(fault.Invalid, ""))
	}
	return h.signedIn(c, opened)
}

func bindAttempt(c *web.Ctx, try *Attempt) error {
	if try.Ticket != "" {
		var form secondForm
		err := c.Bind(&form)
		try.Code = form.Code
		return err
	}
	var form loginForm
	err := c.Bind(&form)
	try.RUN, try.Password, try.Code = form.RUN, form.Password, form.Code
	return err
}

// signedIn hands the cookie over and goes on where the person was.
func (h *Handlers) signedIn(c *web.Ctx, opened Opened) error {
	found, err := h.service.lookup(c.Context(), opened.id, h.service.clock())
	if err != nil {
		return err
	}
	if found == nil {
		return c.Redirect("/login") // disabled in this very moment
	}
	if err := h.service.cookies.set(c.Request(), c.Writer(), opened.id); err != nil {
		return err
	}
	if opened.Recovery {
		c.Flash("factor.recovery.used", map[string]any{"Count": opened.Left})
	}
	if opened.Choose && !c.Renewing() {
		return c.Redirect("/switch")
	}
	if done, err := c.Resume(h.service.present(c.Context(), found)); done || err != nil {
		return err
	}
	return c.Redirect("/")
}

// loginStatus is the status of the sign-in page for what went wrong; for
// anything else the edge answers.
var loginStatus = map[fault.Kind]int{
	fault.Invalid:     http.StatusUnprocessableEntity,
	fault.Forbidden:   http.StatusForbidden,
	fault.TooMany:     http.StatusTooManyRequests,
	fault.Unavailable: http.StatusServiceUnavailable,
}

// loginFailed shows the form again with what was typed, but for the password; with
// a ticket, that of the second step.
func (h *Handlers) loginFailed(c *web.Ctx, ticket string, err error) error {
	var trouble *fault.Error
	if !errors.As(err, &trouble) || loginStatus[trouble.Kind] == 0 || c.Renewing() {
		return err
	}
	if err := c.CarryOn(); err != nil {
		return err
	}
	if seconds, ok := trouble.Args["Seconds"].(int); ok {
		c.Writer().Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	view := access.Login{RUN: c.Typed("run"), Ticket: ticket,
		Errors: c.Errors(err, "run", "access.field.run_label", "password", "access.field.password_label", "code", "ui.code.label")}
	if len(view.Errors) == 0 && trouble.Key != "" {
		view.Message = i18n.Tf(c.Context(), trouble.Key, trouble.Args)
	}
	return h.loginPage(c, loginStatus[trouble.Kind], view)
}

func (h *Handlers) logout(c *web.Ctx) error {
	session, ok, err := h.service.Session(c.Request())
	if err != nil {
		return err
	}
	if id, known := h.service.cookies.id(c.Request()); ok && known {
		session.Actor.RequestID = c.RequestID()
		if err := h.service.Logout(c.Context(), session.Actor, id); err != nil {
			return err
		}
	}
	return h.out(c, "access.logout.done")
}

func (h *Handlers) logoutEverywhere(c *web.Ctx) error {
	if err := h.service.LogoutEverywhere(c.Context(), c.Actor()); err != nil {
		return err
	}
	return h.out(c, "access.logout.everywhere")
}

func (h *Handlers) logoutOthers(c *web.Ctx) error {
	if err := h.service.LogoutOthers(c.Context(), c.Actor()); err != nil {
		return err
	}
	c.Flash("factor.sessions.closed", nil)
	return c.Redirect("/account")
}

// out takes the cookie away, and with it what the browser kept of our pages.
func (h *Handlers) out(c *web.Ctx, key string) error {
	if err := h.service.cookies.clear(c.Request(), c.Writer()); err != nil {
		return err
	}
	c.Writer().Header().Set("Clear-Site-Data", `"cache", "storage"`)
	c.Flash(key, nil)
	return c.Redirect("/login")
}

type switchForm struct {
	Membership string `form:"membership" validate:"required,max=40"`
}

func (h *Handlers) switchTo(c *web.Ctx) error {
	var form switchForm
	if err := c.Bind(&form); err != nil {
		return err
	}
	id, _ := h.service.cookies.id(c.Request())
	fresh, err := h.service.Switch(c.Context(), c.Actor(), id, form.Membership)
	if err != nil {
		return err
	}
	if err := h.service.cookies.set(c.Request(), c.Writer(), fresh); err != nil {
		return err
	}
	return c.Redirect("/")
}

func (h *Handlers) choose(c *web.Ctx) error {
	own, err := h.service.Account(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	page := layout.Page{Title: i18n.T(c.Context(), "access.switch.title"), Narrow: true}
	return c.Page(http.StatusOK, page, access.ChoosePage(membershipsView(c.Context(), own, c.Actor())))
}

func (h *Handlers) showAgreement(c *web.Ctx) error { return h.agreementPage(c, http.StatusOK, nil) }

func (h *Handlers) agreementPage(c *web.Ctx, status int, wrong error) error {
	own, err := h.service.Account(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	added, err := h.service.OwnAgreement(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	view := agreementView(c, own, added)
	view.Errors = c.Errors(wrong)
	page := layout.Page{Title: i18n.T(c.Context(), "access.agreement.title"), Narrow: true}
	return c.Page(status, page, access.AgreementPage(view))
}

func agreementView(c *web.Ctx, own Account, added OwnText) access.Agreement {
	view := access.Agreement{Version: AgreementVersion, Accepted: i18n.DateTime(c.Context(), own.AcceptedAt)}
	if session, _ := c.Session(); session.AgreementPending {
		view.Accepted = ""
	}
	if added.Body != "" {
		view.Own, view.Number, view.Municipality = strings.Split(added.Body, "\n"), strconv.Itoa(added.Number), c.Actor().Municipality.Name
		view.Since = i18n.DateTime(c.Context(), added.At)
	}
	return view
}

type agreementForm struct {
	Accept bool  `form:"accept"`
	Own    int64 `form:"own"` // number of the municipality's text that was shown
}

func (h *Handlers) agree(c *web.Ctx) error {
	var form agreementForm
	err := c.Bind(&form)
	if err == nil && !form.Accept {
		err = fault.InvalidField("accept", "access.agreement.needed")
	}
	if err == nil {
		err = h.service.AgreeTo(c.Context(), c.Actor(), int(form.Own))
	}
	if fault.Is(err, fault.Invalid) {
		return h.agreementPage(c, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	c.Flash("access.agreement.thanks", nil)
	return c.Redirect("/")
}

func (h *Handlers) showAccount(c *web.Ctx) error { return h.accountPage(c, http.StatusOK, nil) }

func (h *Handlers) accountPage(c *web.Ctx, status int, wrong error) error {
	own, err := h.service.Account(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	view := h.accountView(c.Context(), own, c.Actor())
	view.Errors = c.Errors(wrong, "current", "access.field.current_password", "password", "access.field.new_password",
		"repeat", "access.field.repeat_password")
	page := layout.Page{Title: i18n.T(c.Context(), "access.account.title"), Narrow: true}
	return c.Page(status, page, access.AccountPage(view))
}

type preferencesForm struct {
	Language  string `form:"language" validate:"omitempty,oneof=es-CL en"`
	Shortcuts string `form:"shortcuts" validate:"omitempty,oneof=on off"`
	Back      string `form:"back" validate:"max=2000"`
}

func (h *Handlers) prefer(c *web.Ctx) error {
	var form preferencesForm
	if err := c.Bind(&form); err != nil {
		return err
	}
	if err := h.service.Prefer(c.Context(), c.Actor(), Preferences{Language: form.Language, Shortcuts: form.Shortcuts}); err != nil {
		return err
	}
	c.Flash("access.preferences.saved", nil)
	return c.Redirect(web.OwnPath(form.Back))
}

type passwordForm struct {
	Current string `form:"current,raw" validate:"required"`
	Fresh   string `form:"password,raw" validate:"required"`
	Repeat  string `form:"repeat,raw" validate:"required"`
}

func (h *Handlers) changePassword(c *web.Ctx) error {
	var form passwordForm
	err := c.Bind(&form)
	if err == nil && form.Fresh != form.Repeat {
		err = fault.InvalidField("repeat", "access.field.repeat_differs")
	}
	var fresh sessionID
	if err == nil {
		id, _ := h.service.cookies.id(c.Request())
		fresh, err = h.service.ChangePassword(c.Context(), c.Actor(), id,
			PasswordChange{Current: form.Current, Fresh: form.Fresh, Address: c.Address()})
	}
	if fault.Is(err, fault.Invalid) {
		return h.accountPage(c, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	if err := h.service.cookies.set(c.Request(), c.Writer(), fresh); err != nil {
		return err
	}
	c.Flash("access.password.changed", nil)
	return c.Redirect("/account")
}
