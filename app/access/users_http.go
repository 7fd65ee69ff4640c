package access

import (
	"net/http"
	"net/url"
	"strings"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/templates/access"
	"gsl/templates/layout"
)

// mountUsers adds the pages of the roster. Those of a municipality and the national
// ones are the same, each within its reach.
func (h *Handlers) mountUsers(r *web.Router) {
	r.Object(web.Object{Param: "user", See: ManageUsers, National: true, Exists: h.service.UserExists})
	r.Object(web.Object{Param: "membership", See: ManageUsers, National: true, Exists: h.service.MembershipExists})
	r.GET("/users", ManageUsers, h.users)
	r.POST("/users/search", ManageUsers, h.searchUsers)
	r.GET("/admin/users", Administer, h.users)
	r.POST("/admin/users/search", Administer, h.searchUsers)
	r.GET("/users/new", ManageUsers, h.newUser)
	r.POST("/users", ManageUsers, h.inviteUser)
	r.GET("/users/:user", ManageUsers, h.user)
	r.GET("/users/:user/history", ManageUsers, h.userHistory)
	r.POST("/users/:user/roles", ManageUsers, h.grantRole)
	r.POST("/users/:user/reset", ManageUsers, h.resetUser)
	r.POST("/users/:user/email", ManageUsers, h.setEmail)
	r.POST("/users/:user/disable", ManageUsers, h.disableUser)
	r.POST("/users/:user/enable", ManageUsers, h.enableUser)
	r.POST("/memberships/:membership/end", ManageUsers, h.endRole)
	r.POST("/memberships/:membership/disable", ManageUsers, h.disableRole)
	r.POST("/memberships/:membership/enable", ManageUsers, h.enableRole)
	r.GET("/admin/audit", Administer, h.trail)
}

// Where the lists of people stand.
const (
	ownUsers = "/users"
	allUsers = "/admin/users"
)

func usersBase(c *web.Ctx) string {
	if c.Actor().Can(Administer) {
		return allUsers
	}
	return ownUsers
}

// users lists people. The national administration has one address for it.
func (h *Handlers) users(c *web.Ctx) error {
	if base := usersBase(c); c.Request().URL.Path != base {
		return c.Redirect(base)
	}
	q := c.Request().URL.Query()
	return h.usersPage(c, http.StatusOK, sieveOf(q.Get), nil)
}

func sieveOf(get func(string) string) Sieve {
	role, unit, _ := strings.Cut(get("role"), ":")
	if unit == "" {
		unit = get("unit")
	}
	return Sieve{Words: get("q"), State: knownState(get("state")), Role: role, Unit: unit,
		Municipality: get("municipality"), After: get("after")}
}

// knownState takes a made-up state for none.
func knownState(s string) string {
	switch s {
	case Waiting, Unused, Disabled, Former:
		return s
	}
	return Current
}

// searchUsers finds people by name, RUN or e-mail: what was typed travels in the
// body. Without words it is the list, which has an address.
func (h *Handlers) searchUsers(c *web.Ctx) error {
	var form struct {
		Q            string `form:"q" validate:"max=100"`
		State        string `form:"state" validate:"max=20"`
		Role         string `form:"role" validate:"max=40"`
		Unit         string `form:"unit" validate:"max=40"`
		Municipality string `form:"municipality" validate:"max=10"`
		After        string `form:"after" validate:"max=40"`
	}
	err := c.Bind(&form)
	sieve := sieveOf(c.Typed)
	switch {
	case fault.Is(err, fault.Invalid):
		return h.usersPage(c, http.StatusUnprocessableEntity, Sieve{Words: strings.ToValidUTF8(sieve.Words, "\uFFFD")}, err)
	case err != nil:
		return err
	case form.Q == "":
		sieve.After = ""
		return c.Redirect(addressOf(usersBase(c), sieve))
	}
	sieve.Words = form.Q
	return h.usersPage(c, http.StatusOK, sieve, nil)
}

// addressOf is the address of a list; words stand in none.
func addressOf(base string, q Sieve) string {
	values := url.Values{}
	for name, value := range map[string]string{"state": q.State, "role": q.Role, "unit": q.Unit, "municipality": q.Municipality, "after": q.After} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if len(values) == 0 {
		return base
	}
	return base + "?" + values.Encode()
}

func (h *Handlers) usersPage(c *web.Ctx, status int, sieve Sieve, wrong error) error {
	ctx, who := c.Context(), c.Actor()
	asked := sieve
	if wrong != nil {
		asked.Words = ""
	}
	roster, err := h.service.People(ctx, who, asked)
	if err != nil {
		return err
	}
	choices, err := h.service.Choices(ctx, who)
	if err != nil {
		return err
	}
	view := h.presentUsers(ctx, who, usersBase(c), sieve, &roster, &choices)
	view.Filter.Errors = c.Errors(wrong, "q", "roster.search.label")
	return c.Page(status, layout.Page{Title: view.Title, Style: layout.RoomStyle}, access.UsersPage(view))
}

// newUser is the form by which somebody is invited.
func (h *Handlers) newUser(c *web.Ctx) error {
	return h.formPage(c, http.StatusOK, nil)
}

func (h *Handlers) formPage(c *web.Ctx, status int, wrong error) error {
	ctx, who := c.Context(), c.Actor()
	choices, err := h.service.Choices(ctx, who)
	if err != nil {
		return err
	}
	get := c.Typed
	if c.Request().Method == http.MethodGet {
		get = c.Query
	}
	view := &access.UserForm{RUN: c.Typed("run"), GivenNames: c.Typed("given_names"), Surnames: c.Typed("surnames"), Email: c.Typed("email"),
		From: c.Typed("from"), To: c.Typed("to"), Scope: scopeOf(ctx, who), Back: usersBase(c),
		Problem: problemOf(ctx, wrong), Errors: c.Errors(wrong, roleLabels...)}
	view.Role = presentChoice(ctx, &choices, get)
	view.Role.Code, view.Role.Errors = who.Can(Administer) && h.service.NeedsCode(ctx, who), view.Errors
	view.Role.From, view.Role.To = view.From, view.To
	page := layout.Page{Title: i18n.T(ctx, "roster.form.title"), Style: layout.RoomStyle, Narrow: true}
	return c.Page(status, page, access.UserFormPage(view))
}

// roleForm are the fields of a role; the post is its role and unit, as one.
type roleForm struct {
	RUN          string        `form:"run" validate:"max=40"`
	GivenNames   string        `form:"given_names" validate:"max=100"`
	Surnames     string        `form:"surnames" validate:"max=100"`
	Email        string        `form:"email" validate:"max=200"`
	Municipality string        `form:"municipality" validate:"max=10"`
	Role         string        `form:"role" validate:"max=40"`
	From         calendar.Date `form:"from"`
	To           calendar.Date `form:"to"`
	Code         string        `form:"code" validate:"max=20"`
}

func (f *roleForm) post() Post {
	role, unit, _ := strings.Cut(f.Role, ":")
	return Post{role, unit}
}

// inviteUser makes the invitation and shows its link, this once.
func (h *Handlers) inviteUser(c *web.Ctx) error {
	var form roleForm
	err := c.Bind(&form)
	var made Invited
	if err == nil {
		made, err = h.service.InviteConfirmed(c.Context(), c.Actor(), h.invitationOf(&form), form.Code)
	}
	if isForm(err) {
		return h.formPage(c, statusOf(err), err)
	}
	if err != nil {
		return err
	}
	again := "/users/new"
	if form.Municipality != "" {
		again += "?" + url.Values{"municipality": {form.Municipality}}.Encode()
	}
	return h.linkPage(c, made, "roster.link.invited", again)
}

func (h *Handlers) invitationOf(f *roleForm) Invitation {
	run, err := h.service.config.ParseRUN(f.RUN)
	if err != nil {
		run = 0
	}
	post := f.post()
	return Invitation{RUN: run, GivenNames: f.GivenNames, Surnames: f.Surnames, Email: f.Email,
		Municipality: f.Municipality, Role: post.Role, Unit: post.Unit, From: f.From, To: f.To}
}

func isForm(err error) bool { return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) }

func statusOf(err error) int {
	if fault.Is(err, fault.Conflict) {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

func (h *Handlers) linkPage(c *web.Ctx, made Invited, title, again string) error {
	ctx := c.Context()
	d, err := h.service.Dossier(ctx, c.Actor(), made.UserID)
	if err != nil {
		return err
	}
	view := presentLink(ctx, made, &d)
	view.Title, view.Again = i18n.T(ctx, title), again
	return c.Page(http.StatusOK, layout.Page{Title: view.Title, Style: layout.RoomStyle, Narrow: true}, access.UserLinkPage(view))
}
