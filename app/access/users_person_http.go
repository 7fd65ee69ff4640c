package access

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/access"
	"gsl/templates/layout"
)

func (h *Handlers) user(c *web.Ctx) error {
	return h.userPage(c, http.StatusOK, c.Param("user"), "", nil)
}

// userPage is the page of a person; open names the form that came back with what
// is wrong.
func (h *Handlers) userPage(c *web.Ctx, status int, user, open string, wrong error) error {
	ctx, who := c.Context(), c.Actor()
	d, err := h.service.Dossier(ctx, who, user)
	if err != nil {
		return err
	}
	choices, err := h.service.Choices(ctx, who)
	if err != nil {
		return err
	}
	history, err := h.service.History(ctx, who, user, 0)
	if err != nil {
		return err
	}
	view := h.presentUser(ctx, who, &d, &choices)
	view.Back, view.Open, view.Problem, view.Errors = usersBase(c), open, problemOf(ctx, wrong), c.Errors(wrong, roleLabels...)
	view.Typed = c.Typed("to")
	if open == "email" {
		view.Email = c.Typed("email")
	}
	view.Code = view.National && h.service.NeedsCode(ctx, who)
	f, err := h.service.FactorOf(ctx, who, user)
	if err != nil {
		return err
	}
	view.Factor, view.ResetsFactor = f.On, f.May
	if view.Give != nil {
		*view.Give = presentChoice(ctx, &choices, c.Typed)
		view.Give.Code, view.Give.From, view.Give.To = view.Code, c.Typed("from"), c.Typed("to")
		if open == "give" {
			view.Give.Errors = view.Errors
		}
	}
	view.History, view.More = presentHistory(ctx, who, &history, user)
	return c.Page(status, layout.Page{Title: i18n.T(ctx, "roster.person.title"), Style: layout.RoomStyle}, access.UserPage(view))
}

// did goes back to the person after an act, or shows the page with why it was not done.
func (h *Handlers) did(c *web.Ctx, user, open, key string, err error) error {
	if isForm(err) {
		return h.userPage(c, statusOf(err), user, open, err)
	}
	if err != nil {
		return err
	}
	c.Flash(key, nil)
	return c.Redirect("/users/" + user)
}

func (h *Handlers) grantRole(c *web.Ctx) error {
	var form roleForm
	user := c.Param("user")
	err := c.Bind(&form)
	if err == nil {
		post := form.post()
		err = h.service.GrantConfirmed(c.Context(), c.Actor(), user,
			NewMembership{Municipality: form.Municipality, Role: post.Role, Unit: post.Unit, From: form.From, To: form.To}, form.Code)
	}
	return h.did(c, user, "give", "roster.flash.given", err)
}

func (h *Handlers) resetUser(c *web.Ctx) error {
	var form struct {
		Code string `form:"code" validate:"max=20"`
	}
	user := c.Param("user")
	err := c.Bind(&form)
	var made Invited
	if err == nil {
		made, err = h.service.ResetConfirmed(c.Context(), c.Actor(), user, form.Code)
	}
	if isForm(err) {
		return h.userPage(c, statusOf(err), user, "reset", err)
	}
	if err != nil {
		return err
	}
	return h.linkPage(c, made, "roster.link.again", "")
}

func (h *Handlers) setEmail(c *web.Ctx) error {
	var form struct {
		Email string `form:"email" validate:"max=200"`
	}
	user := c.Param("user")
	err := c.Bind(&form)
	if err == nil {
		err = h.service.SetEmail(c.Context(), c.Actor(), user, form.Email)
	}
	return h.did(c, user, "email", "roster.flash.email", err)
}

// disableUser lets a person in no more: the national administration by the
// account, a municipality by every role that it gave.
func (h *Handlers) disableUser(c *web.Ctx) error {
	return h.switchUser(c, "roster.flash.disabled", h.service.Disable, true)
}

func (h *Handlers) enableUser(c *web.Ctx) error {
	return h.switchUser(c, "roster.flash.enabled", h.service.Enable, false)
}

func (h *Handlers) switchUser(c *web.Ctx, key string, account accountVerb, off bool) error {
	user := c.Param("user")
	err := c.Bind(&struct{}{})
	switch {
	case err != nil:
	case c.Actor().Can(Administer):
		err = account(c.Context(), c.Actor(), user)
	default:
		err = h.service.SwitchRoles(c.Context(), c.Actor(), user, off)
	}
	return h.did(c, user, "", key, err)
}

func (h *Handlers) endRole(c *web.Ctx) error {
	var form struct {
		To calendar.Date `form:"to"`
	}
	err := c.Bind(&form)
	if err == nil {
		err = h.service.EndMembership(c.Context(), c.Actor(), c.Param("membership"), form.To)
	}
	return h.didRole(c, "end:"+c.Param("membership"), "roster.flash.ended", err)
}

func (h *Handlers) disableRole(c *web.Ctx) error {
	return h.switchRole(c, true, "roster.flash.role_off")
}
func (h *Handlers) enableRole(c *web.Ctx) error {
	return h.switchRole(c, false, "roster.flash.role_on")
}

func (h *Handlers) switchRole(c *web.Ctx, off bool, key string) error {
	err := c.Bind(&struct{}{})
	if err == nil {
		err = h.service.SwitchRole(c.Context(), c.Actor(), c.Param("membership"), off)
	}
	return h.didRole(c, "", key, err)
}

// didRole is did for an act on a membership, whose person the service knows.
func (h *Handlers) didRole(c *web.Ctx, open, key string, err error) error {
	if err != nil && !isForm(err) {
		return err
	}
	user, found := h.service.HolderOf(c.Context(), c.Actor(), c.Param("membership"))
	if found != nil {
		return found
	}
	return h.did(c, user, open, key, err)
}

// userHistory is what was done to one person, further back than the page shows.
func (h *Handlers) userHistory(c *web.Ctx) error {
	ctx, user := c.Context(), c.Param("user")
	before, _ := strconv.ParseInt(c.Query("before"), 10, 64)
	d, err := h.service.Dossier(ctx, c.Actor(), user)
	if err != nil {
		return err
	}
	t, err := h.service.History(ctx, c.Actor(), user, before)
	if err != nil {
		return err
	}
	view := &access.TrailPage{Title: i18n.Tf(ctx, "roster.history.of", map[string]any{"Name": d.Name()}), Back: "/users/" + user,
		Rows: presentTrail(ctx, c.Actor(), &t)}
	address := "/users/" + user + "/history"
	if before > 0 {
		view.First = address
	}
	if next := t.next(); next > 0 {
		view.Next = address + "?before=" + strconv.FormatInt(next, 10)
	}
	return c.Page(http.StatusOK, layout.Page{Title: i18n.T(ctx, "roster.history.title"), Style: layout.RoomStyle}, access.HistoryPage(view))
}

// problemOf is the sentence of a conflict; fields say what else is wrong.
func problemOf(ctx context.Context, err error) string {
	var trouble *fault.Error
	if !fault.Is(err, fault.Conflict) || !errors.As(err, &trouble) {
		return ""
	}
	return i18n.Tf(ctx, trouble.Key, trouble.Args)
}

// accountVerb changes a whole account.
type accountVerb func(ctx context.Context, who actor.Actor, user string) error
