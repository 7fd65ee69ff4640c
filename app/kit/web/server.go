// Package web is the edge: the only package that knows Echo. It turns a request
// into a Ctx with actor, language, form token and nonce, refuses what must not
// pass, runs one Handler and writes one answer. Handlers return errors; what the
// person reads then is decided here.
package web

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"gsl/app/kit/actor"
	"gsl/static"
	"gsl/templates/layout"
	"gsl/tenants"
)

// Session is who is signed in, as the gate found it.
type Session struct {
	Actor            actor.Actor
	TokenKey         []byte // secret of this session, 16 bytes or more: form tokens are made of it
	Language         string // chosen by the user, "" for none
	ShortcutsOff     bool   // the user does without keyboard shortcuts
	FactorPending    bool   // the role demands a second factor, and there is none yet
	AgreementPending bool   // the confidentiality agreement is still to be accepted
	HasFactor        bool   // signing in again asks for a code too
	Memberships      []layout.Membership
	ExpiresAt        time.Time // when it ends if nothing more happens
	// Unavailable says why this session can do no work now, though it is good: its
	// municipality's file cannot be opened. Routes for any session still answer.
	Unavailable error
}

// Gate finds the session of a request. false = nobody is signed in. An error
// closes the door: the answer is 503 and no handler runs.
type Gate interface {
	Session(r *http.Request) (Session, bool, error)
}

// Peeker is a Gate that can look at a session without keeping it alive; quiet
// routes ask it so.
type Peeker interface {
	Peek(r *http.Request) (Session, bool, error)
}

// Config is what the edge needs from the rest of the program.
type Config struct {
	Gate      Gate
	Secret    []byte           // 32 bytes or more; seals what a person typed when the session ended
	PublicURL string           // as people type it; https turns on HSTS and __Host- cookies
	Demo      bool             // every page says that the data are made up
	Log       *slog.Logger     // nil: discarded
	Clock     func() time.Time // nil: time.Now
	Proxies   []netip.Prefix   // whose X-Forwarded-For is believed

	// Which permissions mean something to the edge; the table is in access.
	Public   actor.Permission // no session is looked up
	SignedIn actor.Permission // any session, agreement accepted or not
	Lookup   actor.Permission // whoever has it gets the RUN box
	Newcomer actor.Permission // whoever has it gets the way in for a person without RUN

	// Announced gives what is told to somebody on every page, from memory; nil: nothing.
	Announced func(who actor.Actor) []layout.Announcement

	// Emblem gives how a municipality presents itself on top of its pages; nil: by its name.
	Emblem func(ctx context.Context, m *tenants.Municipality) layout.Emblem

	// Nav draws the menu of the pages that these permissions open; nil for none.
	Nav func(actor.Permissions) templ.Component

	// Handlers of signed-in people at the same time (0 = 64), and how many may
	// wait for a turn (0 = 512); beyond that 503. Everybody else has turns of their own.
	MaxRunning, MaxWaiting int
}

// Server is the edge as an http.Handler.
type Server struct {
	cfg     Config
	echo    *echo.Echo
	routes  []Route
	objects []Object
	guard   Guard
	signIn  Handler // shows the sign-in page
	cross   *http.CrossOriginProtection
	sealer  sealer
	inside  *turns // of those who are signed in
	outside *turns // of everybody else: a flood of sign-ins leaves the desks alone
	bodies  *turns // of large forms that are being read
	// The same of those who are not signed in: however slowly they send, desks hand in their papers.
	strangers *turns
	secure    bool // the public address is https

	assets    stats // of style sheet, script and icons
	unmatched stats // of what no route matched
}

// New builds the edge. Routes are added through Router.
func New(cfg Config) *Server {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	s := &Server{cfg: cfg, echo: echo.New(), sealer: newSealer(cfg.Secret),
		secure: strings.HasPrefix(cfg.PublicURL, "https://"),
		cross:  crossOrigin(cfg.PublicURL)}
	s.inside = newTurns(cfg.MaxRunning, cfg.MaxWaiting)
	// Those outside mostly wait for a password to be compared, and that queue has
	// its own limits, by address too: with few turns one flood would hold them all.
	s.outside = newTurns(2*cap(s.inside.running), int(s.inside.most)/4+1)
	s.bodies = newTurns(cap(s.inside.running), int(s.inside.most))
	s.strangers = newTurns(16, 64)
	s.echo.HTTPErrorHandler = s.unrouted
	s.Router().POST("/session", cfg.SignedIn, keepSession)
	s.Router().GET("/help", cfg.SignedIn, help)
	return s
}

// Router is where capabilities add their routes.
func (s *Server) Router() *Router { return &Router{server: s} }

// Routes lists every route in the order it was added.
func (s *Server) Routes() []Route {
	list := append([]Route(nil), s.routes...)
	for i := range list {
		list[i].OfFile = s.ofFile(&list[i])
	}
	return list
}

// HTTP gives a server for the address with the limits of slow or hostile peers.
// An upload route gives itself more time to read its body.
func (s *Server) HTTP(addr string) *http.Server {
	return &http.Server{
		Addr: addr, Handler: s,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      90 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(s.cfg.Log.Handler(), slog.LevelDebug),
	}
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := s.newExchange(w)
	defer s.finish(x, r)
	x.secureHeaders(w.Header(), s.secure || r.TLS != nil)
	if path, ok := strings.CutPrefix(r.URL.Path, "/static/"); ok {
		serveStatic(x, r, path, &s.assets)
		return
	}
	x.noStore(w.Header())
	if r.URL.Path == "/favicon.ico" { // asked for beside a paper, which has no head to name the icon
		x.route, x.stats = "/static", &s.assets
		http.Redirect(x, r, static.URL("favicon.svg"), http.StatusFound)
		return
	}
	s.echo.ServeHTTP(x, asGet(r))
}

// asGet lets a HEAD find the route of its GET; net/http leaves the body out.
func asGet(r *http.Request) *http.Request {
	if r.Method != http.MethodHead {
		return r
	}
	get := r.WithContext(r.Context())
	get.Method = http.MethodGet
	return get
}

// exchange is one request on its way: the response writer that remembers what
// was sent, and the values drawn for this answer.
type exchange struct {
	http.ResponseWriter
	id     string // request id
	nonce  string // of the content security policy
	mask   [16]byte
	start  time.Time
	route  string // pattern, "" when none matched
	who    actor.Actor
	status int
	quiet  bool  // no line in the log while all is well
	cause  error // of a failure, for the log
	stats  *stats
}

func (s *Server) newExchange(w http.ResponseWriter) *exchange {
	var draw [42]byte
	_, _ = rand.Read(draw[:]) // never fails: see crypto/rand
	x := &exchange{ResponseWriter: w, start: s.cfg.Clock()}
	x.id = base64.RawURLEncoding.EncodeToString(draw[:10])
	x.nonce = base64.RawURLEncoding.EncodeToString(draw[10:26])
	copy(x.mask[:], draw[26:])
	return x
}

// WriteHeader remembers the status.
func (x *exchange) WriteHeader(status int) {
	if x.status == 0 {
		x.status = status
	}
	x.ResponseWriter.WriteHeader(status)
}

// Write sends the body.
func (x *exchange) Write(body []byte) (int, error) {
	if x.status == 0 {
		x.status = http.StatusOK
	}
	return x.ResponseWriter.Write(body)
}

// Unwrap lets http.ResponseController reach the connection.
func (x *exchange) Unwrap() http.ResponseWriter { return x.ResponseWriter }

// finish recovers a panic and writes the one line of the access log.
func (s *Server) finish(x *exchange, r *http.Request) {
	p := recover()
	if p != nil && p != http.ErrAbortHandler {
		s.panicked(x, r, p) //nolint:contextcheck // the request carries it
	}
	took := s.cfg.Clock().Sub(x.start)
	if x.stats == nil {
		x.stats = &s.unmatched
	}
	x.stats.note(x.status, took)
	s.logAccess(x, r, took)
	if p == http.ErrAbortHandler {
		panic(p) // net/http breaks the connection off
	}
}

func (s *Server) logAccess(x *exchange, r *http.Request, took time.Duration) {
	if x.quiet && (x.status < http.StatusBadRequest || x.status == http.StatusUnauthorized) {
		return // a tab that was left open overnight asks on, and nobody is there
	}
	level := slog.LevelInfo
	if x.status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	ctx := context.WithoutCancel(r.Context())
	if !s.cfg.Log.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("request", x.id), slog.String("method", method(r)), slog.String("route", x.route),
		slog.Int("status", x.status), slog.Duration("took", took),
		slog.String("actor", x.who.UserID), slog.String("municipality", municipalityCode(x.who)),
	}
	if x.cause != nil {
		attrs = append(attrs, slog.String("error", x.cause.Error()))
	}
	s.cfg.Log.LogAttrs(ctx, level, "request", attrs...)
}

func municipalityCode(who actor.Actor) string {
	if who.Municipality == nil {
		return ""
	}
	return who.Municipality.Code
}

// method is the verb if it is one of ours: a made-up one is the peer's text.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodPost, http.MethodDelete, http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodOptions:
		return r.Method
	}
	return "?"
}
