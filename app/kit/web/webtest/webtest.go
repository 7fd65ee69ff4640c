// Package webtest drives the real edge in memory: real router, real middleware,
// real templates, somebody signed in.
package webtest

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"gsl/app/kit/actor"
	"gsl/app/kit/web"
)

// Permissions with the values of access.Public, access.SignedIn and
// access.ReadFile, which the kit does not import; a test of access keeps them equal.
const (
	Public   actor.Permission = 0
	SignedIn actor.Permission = 1
	ReadFile actor.Permission = 3
)

// Client is a browser without JavaScript, or with htmx (GetHX, PostHX).
type Client struct {
	t       *testing.T
	Server  *web.Server
	Gate    *Gate
	cookies map[string]*http.Cookie
	Headers http.Header // sent with every request
}

// Gate is a door that a test opens and closes.
type Gate struct {
	In  *web.Session // nil: nobody is signed in
	Err error        // the session cannot be known
}

// Session answers what the test wants.
func (g *Gate) Session(*http.Request) (web.Session, bool, error) {
	if g.Err != nil {
		return web.Session{}, false, g.Err
	}
	if g.In == nil {
		return web.Session{}, false, nil
	}
	return *g.In, true, nil
}

// New makes a client that is signed in as who; the zero Actor is nobody.
func New(t *testing.T, who actor.Actor, mount func(*web.Router)) *Client {
	t.Helper()
	gate := &Gate{}
	if !who.IsNobody() {
		gate.In = &web.Session{Actor: who, TokenKey: []byte("0123456789abcdef"), Language: "es-CL",
			ExpiresAt: time.Now().Add(30 * time.Minute)}
	}
	return WithGate(t, gate, mount)
}

// WithGate makes a client behind a gate of the test's own.
func WithGate(t *testing.T, gate *Gate, mount func(*web.Router)) *Client {
	t.Helper()
	return WithConfig(t, web.Config{Gate: gate}, gate, mount)
}

// WithConfig fills what the configuration leaves open.
func WithConfig(t *testing.T, cfg web.Config, gate *Gate, mount func(*web.Router)) *Client {
	t.Helper()
	cfg.Public, cfg.SignedIn, cfg.Lookup = Public, SignedIn, ReadFile
	if cfg.Gate == nil {
		cfg.Gate = gate
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelError}))
	}
	if cfg.Secret == nil {
		cfg.Secret = []byte("a secret of the tests, 32 bytes!")
	}
	server := web.New(cfg)
	mount(server.Router())
	return &Client{t: t, Server: server, Gate: gate, cookies: map[string]*http.Cookie{}, Headers: http.Header{}}
}

type testLog struct{ t *testing.T }

func (l testLog) Write(line []byte) (int, error) {
	l.t.Helper()
	l.t.Log(strings.TrimSpace(string(line)))
	return len(line), nil
}

// Response is an answer, read whole.
type Response struct {
	Status int
	Header http.Header
	Body   string
}

// Contains fails the test unless each text stands in the body.
func (r *Response) Contains(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(r.Body, text) {
			t.Errorf("the answer (%d) lacks %q:\n%s", r.Status, text, r.Body)
		}
	}
}

// Lacks fails the test when one of the texts stands in the body.
func (r *Response) Lacks(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(r.Body, text) {
			t.Errorf("the answer (%d) must not contain %q", r.Status, text)
		}
	}
}

// Get asks for a page.
func (c *Client) Get(path string) *Response { return c.send(http.MethodGet, path, nil, false) }

// GetHX asks for a fragment, as htmx does.
func (c *Client) GetHX(path string) *Response { return c.send(http.MethodGet, path, nil, true) }

// PostForm sends a form as a browser does, with its token.
func (c *Client) PostForm(path string, form url.Values) *Response {
	return c.send(http.MethodPost, path, c.withToken(form), false)
}

// PostHX sends a form as htmx does.
func (c *Client) PostHX(path string, form url.Values) *Response {
	return c.send(http.MethodPost, path, c.withToken(form), true)
}

// DeleteHX removes as htmx does: the token in a header.
func (c *Client) DeleteHX(path string) *Response {
	r := c.request(http.MethodDelete, path, nil, true)
	r.Header.Set("X-Token", c.Token())
	return c.Do(r)
}

// Token is a form token of the session, taken from an answer; "" for nobody.
func (c *Client) Token() string {
	if c.Gate == nil || c.Gate.In == nil {
		return ""
	}
	found := tokenPattern.FindStringSubmatch(c.Get("/webtest/unknown").Body)
	if found == nil {
		return ""
	}
	return found[1]
}

var tokenPattern = regexp.MustCompile(`name="_token" value="([^"]+)"`)

func (c *Client) withToken(form url.Values) url.Values {
	sent := url.Values{}
	for name, values := range form {
		sent[name] = values
	}
	if token := c.Token(); token != "" && !sent.Has("_token") {
		sent.Set("_token", token)
	}
	return sent
}

func (c *Client) send(method, path string, form url.Values, hx bool) *Response {
	return c.Do(c.request(method, path, form, hx))
}

func (c *Client) request(method, path string, form url.Values, hx bool) *http.Request {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, path, body)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if hx {
		r.Header.Set("HX-Request", "true")
		r.Header.Set("HX-Request-Type", "partial")
	}
	return r
}

// Do sends any request, with the client's cookies.
func (c *Client) Do(r *http.Request) *Response {
	c.t.Helper()
	for _, cookie := range c.cookies {
		r.AddCookie(cookie)
	}
	for name, values := range c.Headers {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	c.Server.ServeHTTP(w, r)
	result := w.Result()
	defer func() { _ = result.Body.Close() }()
	c.keep(result.Cookies())
	body, err := io.ReadAll(result.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	c.inspect(r, result, string(body))
	return &Response{Status: result.StatusCode, Header: result.Header, Body: string(body)}
}

// inspect fails the test for an answer that breaks the rules of every page.
func (c *Client) inspect(r *http.Request, got *http.Response, body string) {
	c.t.Helper()
	if !strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") || got.Header.Get("Content-Encoding") != "" {
		return
	}
	for _, fault := range Faults(body) {
		c.t.Errorf("%s %s: %s", r.Method, r.URL.Path, fault)
	}
}

func (c *Client) keep(cookies []*http.Cookie) {
	for _, cookie := range cookies {
		if cookie.MaxAge < 0 {
			delete(c.cookies, cookie.Name)
			continue
		}
		c.cookies[cookie.Name] = cookie
	}
}
