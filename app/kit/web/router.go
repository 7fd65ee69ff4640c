package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"gsl/app/kit/actor"
)

// Handler answers one route: parse, load, one verb, view, render.
type Handler func(c *Ctx) error

// Route is one line of the table of routes, for the tests that walk it.
type Route struct {
	Method     string
	Path       string // with its parameters: "/files/:file/screening"
	Permission actor.Permission
	OfFile     bool // carries the id of a file or of something of a file: the guard is asked
	Unguarded  bool // and yet the guard is not asked
	bodyLimit  int64
	upload     bool
	atOnce     bool
	quiet      bool
	inCopy     bool
	check      Handler
	stats      *stats
	params     []string // of the path
}

// Where people sign in, take up a second factor, and accept the agreement.
const (
	factorPath    = "/account/factor"
	signInPath    = "/login"
	agreementPath = "/agreement"
)

// Router adds routes. Each names the permission it asks for: there is no way to
// add one without.
type Router struct{ server *Server }

// Option changes what a route accepts.
type Option func(*Route)

const (
	formLimit   = 1 << 20         // a form without files
	uploadLimit = 25<<20 + 64<<10 // a form with files: 25 MB of them, and what stands around them
	signInLimit = 2 << 20         // the sign-in form, which may carry a sealed form along
)

// Upload lets a route take a form with files, up to 25 MB, on a slow line.
func Upload() Option {
	return func(r *Route) { r.upload, r.bodyLimit = true, uploadLimit }
}

// BodyLimit lets a route take a larger or only a smaller body, in bytes.
func BodyLimit(bytes int64) Option { return func(r *Route) { r.bodyLimit = bytes } }

// AtOnce lets a route answer without waiting for a turn: health checks, which
// must not fail because many people work.
func AtOnce() Option { return func(r *Route) { r.atOnce = true } }

// Quiet is for what a page asks by itself, again and again: it keeps no session
// alive, waits for no turn, and its line in the log is written only when
// something is wrong. Its handler must answer from memory, or as good as.
func Quiet() Option { return func(r *Route) { r.quiet, r.atOnce = true, true } }

// Check runs before the body of a request is read: what it refuses costs us no
// upload. It is for routes without a session, which the gate does not guard.
func Check(check Handler) Option { return func(r *Route) { r.check = check } }

// GET adds a route that changes nothing.
func (r *Router) GET(path string, perm actor.Permission, h Handler, options ...Option) {
	r.add(http.MethodGet, path, perm, h, options)
}

// POST adds a route that changes something.
func (r *Router) POST(path string, perm actor.Permission, h Handler, options ...Option) {
	r.add(http.MethodPost, path, perm, h, options)
}

// DELETE adds a route that removes something; the form token travels in a
// header, and a POST twin serves those without JavaScript.
func (r *Router) DELETE(path string, perm actor.Permission, h Handler, options ...Option) {
	r.add(http.MethodDelete, path, perm, h, options)
}

// SignIn names the handler that shows the sign-in page. It runs, with status
// 401 to be given to Page, when a form arrives after the session ended; the page
// then carries what was typed in ui.ResumeField.
func (r *Router) SignIn(h Handler) { r.server.signIn = h }

func (r *Router) add(method, path string, perm actor.Permission, h Handler, options []Option) {
	route := Route{Method: method, Path: path, Permission: perm, bodyLimit: formLimit, params: paramsOf(path)}
	if path == signInPath {
		route.bodyLimit = signInLimit
	}
	for _, option := range options {
		option(&route)
	}
	s := r.server
	route.stats = &stats{}
	s.routes = append(s.routes, route)
	s.echo.Add(method, path, func(ec echo.Context) error {
		c := s.newCtx(ec, &route)
		defer c.close() // also after a panic
		if err := s.serve(c, h); err != nil {
			c.fail(err)
		}
		c.stream()
		return nil
	})
}

// paramsOf gives the parameters of a path, without the colon.
func paramsOf(path string) (list []string) {
	for part := range strings.SplitSeq(path, "/") {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			list = append(list, name)
		}
	}
	return list
}

// serve takes a request through every check to its handler.
func (s *Server) serve(c *Ctx, h Handler) error {
	if err := s.admit(c); err != nil {
		return err
	}
	if c.answered() {
		return nil
	}
	if c.route.atOnce {
		return h(c)
	}
	if c.route.check != nil {
		if err := c.route.check(c); err != nil || c.answered() {
			return err
		}
	}
	c.readAhead()
	queue := s.inside
	if !c.known {
		queue = s.outside
	}
	if err := queue.take(c.ctx); err != nil {
		return err
	}
	defer queue.give()
	return h(c)
}
