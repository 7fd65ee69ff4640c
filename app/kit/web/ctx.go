package web

import (
	"context"
	"io"
	"net/http"
	"net/url"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"gsl/app/kit/actor"
	"gsl/app/kit/i18n"
	"gsl/templates/layout"
	"gsl/templates/ui"
)

// Ctx is one request with everything a handler may want to know of it. It lives
// as long as the handler runs.
type Ctx struct {
	server    *Server
	route     *Route
	echo      echo.Context
	x         *exchange
	request   *http.Request
	ctx       context.Context
	session   Session
	known     bool // somebody is signed in
	ui        ui.Request
	shell     layout.Shell
	bodyLimit int64
	form      url.Values
	formErr   error
	holds     *turns                                         // the turn of a large body; nil: none
	notice    *notice                                        // to be shown with this answer or after the redirect
	flow      func(ctx context.Context, out io.Writer) error // a file to be sent after the handler; nil for none
	partial   bool                                           // nobody could tell the length of it
}

func (s *Server) newCtx(ec echo.Context, route *Route) *Ctx {
	x, _ := ec.Response().Writer.(*exchange)
	x.route, x.quiet, x.stats = route.Path, route.quiet, route.stats
	c := &Ctx{server: s, route: route, echo: ec, x: x, request: ec.Request(), bodyLimit: route.bodyLimit}
	c.shell.Demo, c.ui.Fragment = s.cfg.Demo, c.Fragment()
	c.prepare(i18n.Match(c.request.Header.Get("Accept-Language")))
	return c
}

// prepare builds the context that templates read.
func (c *Ctx) prepare(lang string) {
	ctx := templ.WithNonce(c.request.Context(), c.x.nonce)
	ctx = i18n.With(ctx, lang)
	ctx = ui.With(ctx, &c.ui)
	c.ctx = layout.With(ctx, &c.shell)
}

// adopt makes the session the one this request is answered for.
func (c *Ctx) adopt(session Session) {
	session.Actor.RequestID = c.x.id
	c.session, c.known, c.x.who = session, true, session.Actor
	if len(session.TokenKey) >= partSize {
		c.ui.Token = makeToken(c.x.mask, session.TokenKey[:partSize], c.server.sealer.markOf(session.Actor.UserID))
	}
	c.fillShell()
	if i18n.Known(session.Language) && session.Language != i18n.Lang(c.ctx) {
		c.prepare(session.Language)
	}
}

// fillShell copies what the frame of the page shows of the session.
func (c *Ctx) fillShell() {
	who := c.session.Actor
	c.shell.SignedIn = true
	c.shell.UserName, c.shell.Role, c.shell.Unit = who.Name, who.Role, who.UnitName
	c.shell.MembershipID, c.shell.Memberships = who.MembershipID, c.session.Memberships
	ready := !c.session.FactorPending && !c.session.AgreementPending
	c.shell.Lookup = who.Municipality != nil && who.Can(c.server.cfg.Lookup) && ready
	c.shell.Factor = c.session.HasFactor
	if c.server.cfg.Nav != nil && ready {
		c.shell.Nav = c.server.cfg.Nav(who.Permissions)
	}
	c.shell.Newcomer = c.shell.Lookup && who.Can(c.server.cfg.Newcomer)
	c.shell.ShortcutsOff = c.session.ShortcutsOff
	if who.Municipality != nil {
		c.shell.Municipality = who.Municipality.Name
		if c.server.cfg.Emblem != nil {
			c.shell.Emblem = c.server.cfg.Emblem(c.ctx, who.Municipality)
		}
		c.shell.Copy, c.shell.CopyUntil = who.Municipality.CopyOf() != "", who.Municipality.CopyUntil()
	}
	if c.request.Method == http.MethodGet {
		c.ui.Path = c.request.URL.Path
	}
	if left := c.session.ExpiresAt.Sub(c.server.cfg.Clock()); !c.session.ExpiresAt.IsZero() && left > 0 {
		c.shell.SecondsLeft = int(left.Seconds())
		c.x.Header()["X-Session-Left"] = []string{itoa(c.shell.SecondsLeft)}
	}
}

// Context carries language, nonce, form token and shell: what templates and
// i18n read. It ends when the peer goes away.
func (c *Ctx) Context() context.Context { return c.ctx }

// Request is the request as it came.
func (c *Ctx) Request() *http.Request { return c.request }

// Writer is for cookies; answers go through Page, Partial, Redirect or Download.
func (c *Ctx) Writer() http.ResponseWriter { return c.x }

// Actor is who acts, the zero Actor on public routes.
func (c *Ctx) Actor() actor.Actor { return c.session.Actor }

// Session is the session of the request, false on public routes.
func (c *Ctx) Session() (Session, bool) { return c.session, c.known }

// RequestID is the id that the log has for this request.
func (c *Ctx) RequestID() string { return c.x.id }

// Param is a parameter of the path.
func (c *Ctx) Param(name string) string { return c.echo.Param(name) }

// Query is a parameter of the query string, "" when it is missing.
func (c *Ctx) Query(name string) string { return c.echo.QueryParam(name) }

// Fragment reports whether htmx asks for a part of the page rather than a page.
func (c *Ctx) Fragment() bool {
	return c.htmx() && c.request.Header.Get("Hx-Request-Type") != "full"
}

func (c *Ctx) htmx() bool { return c.request.Header.Get("Hx-Request") == "true" }

func (c *Ctx) answered() bool { return c.x.status != 0 }

// close gives up what the request held and removes what a form with files left on disk.
func (c *Ctx) close() {
	if c.holds != nil {
		c.holds.give()
		c.holds = nil
	}
	if c.request.MultipartForm != nil {
		_ = c.request.MultipartForm.RemoveAll() // temporary files; the system clears them too
	}
}
