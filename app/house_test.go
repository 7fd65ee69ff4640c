package app

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/demo"
	"gsl/app/people"
	"gsl/tenants"
)

// house is the whole program on a demo of its own, behind a real socket.
type house struct {
	t      testing.TB
	app    *App
	url    string
	config Config
	log    *lockedBuffer // everything that was logged
	role   string        // of who signed in last
}

// template is a data directory with the small demo, made once per run of the tests.
var template = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "gsl-app-test-")
	if err != nil {
		return "", err
	}
	config, err := defaults(func(string) string { return "" })
	if err != nil {
		return "", err
	}
	config.Data = filepath.Join(dir, "data")
	return config.Data, makeDemo(context.Background(), config, terminal{out: io.Discard, err: io.Discard}, demo.Small, demo.Seed)
})

func TestMain(m *testing.M) {
	if os.Getenv("GSL_TEST_RUN") != "" { // this process plays the program: see program
		os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr))
	}
	code := m.Run()
	if dir, err := template(); err == nil {
		_ = os.RemoveAll(filepath.Dir(dir))
	}
	os.Exit(code)
}

// newHouse opens the program on a copy of the demo; nobody else sees it.
func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, config: Config{Data: copyDemo(t), Demo: true, IdleAfter: time.Minute, MaxOpen: 10, Checkpoint: 1000}, log: &lockedBuffer{}}
	h.open()
	return h
}

func (h *house) open() {
	h.t.Helper()
	a, err := Open(context.Background(), h.config, nil, slog.New(slog.NewJSONHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		h.t.Fatal(err)
	}
	server := httptest.NewServer(a.Handler())
	h.app, h.url = a, server.URL
	h.t.Cleanup(func() {
		server.Close()
		if err := a.Close(); err != nil {
			h.t.Error(err)
		}
	})
}

// copyDemo copies the closed template: its files are nobody's while no process has them open.
func copyDemo(t testing.TB) string {
	t.Helper()
	from, err := template()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// municipality gives the handle of a demo municipality.
func (h *house) municipality(code string) *tenants.Municipality {
	h.t.Helper()
	m, err := h.app.byCode(context.Background(), code)
	if err != nil {
		h.t.Fatal(err)
	}
	return m
}

// one gives the single text that a query of a municipality's file finds.
func (h *house) one(code, query string) string {
	h.t.Helper()
	var text string
	err := h.municipality(code).View(context.Background(), func(tx *tenants.Tx) error {
		return tx.QueryRow(query).Scan(&text)
	})
	if err != nil {
		h.t.Fatalf("%s: %v", query, err)
	}
	return text
}

// visitor is a browser without JavaScript.
type visitor struct {
	t      testing.TB
	base   string
	client *http.Client
	token  string
	urls   []string // every address that was asked for or redirected to
}

func (h *house) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	v := &visitor{t: h.t, base: h.url}
	v.client = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return v
}

// as signs in the demo's account of the role in the municipality ("" for the
// national administrator), agreement accepted.
func (h *house) as(role, code string) *visitor {
	h.t.Helper()
	h.role = role
	v := h.visitor()
	v.get("/login")
	got := v.post("/login", url.Values{"run": {account(h.t, role, code).Format()}, "password": {demo.Password}})
	if got.status != http.StatusSeeOther {
		h.t.Fatalf("sign-in as %s answered %d:\n%s", role, got.status, got.body)
	}
	if got = v.get("/"); got.header.Get("Location") == "/agreement" {
		v.get("/agreement")
		if got = v.post("/agreement", url.Values{"accept": {"1"}}); got.status != http.StatusSeeOther {
			h.t.Fatalf("agreement as %s answered %d:\n%s", role, got.status, got.body)
		}
	}
	if got = v.get("/"); got.header.Get("Location") == "/admin" {
		got = v.get("/admin")
	}
	if got.status != http.StatusOK {
		h.t.Fatalf("workbench as %s answered %d:\n%s", role, got.status, got.body)
	}
	return v
}

func account(t testing.TB, role, code string) people.RUN {
	t.Helper()
	places, _ := demo.Places(demo.Small)
	for _, a := range demo.Accounts(places) {
		if a.Role == role && (a.MunicipalityCode == code || role == access.NationalAdmin) {
			return a.RUN
		}
	}
	t.Fatalf("the demo has no %s in %s", role, code)
	return people.RUN{}
}

type reply struct {
	status int
	header http.Header
	body   string
}

var tokenField = regexp.MustCompile(`name="_token" value="([^"]+)"`)

// apart gives the same person at another window, who may act at the same time.
func (v *visitor) apart() *visitor {
	other := *v
	other.urls = nil // what was appended to would be shared
	return &other
}

func (v *visitor) get(path string) reply { return v.send(http.MethodGet, path, nil, nil) }

// post sends a form with the token of the last page that had one.
func (v *visitor) post(path string, form url.Values) reply {
	return v.send(http.MethodPost, path, form, nil)
}

func (v *visitor) send(method, path string, form url.Values, header http.Header) reply {
	v.t.Helper()
	var body io.Reader
	if form != nil || method == http.MethodPost {
		sent := url.Values{"_token": {v.token}}
		for name, values := range form {
			sent[name] = values
		}
		body = strings.NewReader(sent.Encode())
	}
	r, err := http.NewRequestWithContext(context.Background(), method, v.base+path, body)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Accept-Language", "es-CL")
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if method == http.MethodDelete {
		r.Header.Set("X-Token", v.token)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	return v.do(r)
}

func (v *visitor) do(r *http.Request) reply {
	v.t.Helper()
	response, err := v.client.Do(r)
	if err != nil {
		v.t.Fatalf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	v.urls = append(v.urls, r.URL.String(), response.Header.Get("Location"))
	if found := tokenField.FindSubmatch(text); found != nil {
		v.token = string(found[1])
	}
	return reply{response.StatusCode, response.Header, string(text)}
}

// lockedBuffer is a log that many write.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
