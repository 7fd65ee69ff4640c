package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
	"gsl/static"
	"gsl/templates/layout"
	"gsl/tenants"
)

// policy is security.md's, word by word.
const policy = `default-src 'none'; script-src 'self' 'nonce-NONCE'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types htmx`

func everyKind(r *web.Router) {
	mount(r)
	r.GET("/boom", 3, func(*web.Ctx) error { panic("boom") })
	r.GET("/broken", 3, func(*web.Ctx) error { return errors.New("disk on fire") })
	r.GET("/file", 3, func(c *web.Ctx) error { return c.Download("application/pdf", `plan "ñ".pdf`, []byte("%PDF")) })
	r.GET("/forbidden", 9, hello)
	r.GET("/public", 0, hello)
}

// A browser that opens a paper by itself asks for the icon under this name.
func TestTheIconOfAPaperIsFound(t *testing.T) {
	got := webtest.New(t, actor.Actor{}, everyKind).Get("/favicon.ico")
	if got.Status != http.StatusFound || got.Header.Get("Location") != static.URL("favicon.svg") {
		t.Errorf("answered %d, %q", got.Status, got.Header.Get("Location"))
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	in := webtest.New(t, camila, everyKind)
	out := webtest.New(t, actor.Actor{}, everyKind)
	answers := map[string]*webtest.Response{
		"page": in.Get("/hello"), "fragment": in.GetHX("/hello"), "redirect": in.PostForm("/hello", url.Values{"note": {"x"}}),
		"invalid": in.PostForm("/hello", nil), "unknown": in.Get("/nowhere"), "verb": in.Do(httptest.NewRequest(http.MethodDelete, "/hello", nil)),
		"panic": in.Get("/boom"), "error": in.Get("/broken"), "download": in.Get("/file"), "forbidden": in.Get("/forbidden"),
		"public": out.Get("/public"), "anonymous": out.Get("/hello"), "anonymous form": out.PostForm("/hello", url.Values{"note": {"x"}}),
		"anonymous fragment": out.GetHX("/hello"), "static": out.Get("/static/0/nothing.css"), "style sheet": out.Get("/static/x"),
	}
	nonces := map[string]bool{}
	for name, got := range answers {
		nonce := regexp.MustCompile(`'nonce-([^']+)'`).FindStringSubmatch(got.Header.Get("Content-Security-Policy"))
		if nonce == nil {
			t.Errorf("%s (%d) has no policy", name, got.Status)
			continue
		}
		if nonces[nonce[1]] {
			t.Errorf("%s: the nonce was used before", name)
		}
		nonces[nonce[1]] = true
		want := map[string]string{"Content-Security-Policy": strings.Replace(policy, "NONCE", nonce[1], 1),
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Strict-Transport-Security": ""}
		if !strings.HasPrefix(name, "st") {
			want["Cache-Control"], want["Vary"] = "no-store", "HX-Request"
		}
		for header, value := range want {
			if got.Header.Get(header) != value {
				t.Errorf("%s: %s is %q, want %q", name, header, got.Header.Get(header), value)
			}
		}
		if got.Header.Get("Permissions-Policy") == "" {
			t.Errorf("%s has no permissions policy", name)
		}
		for _, used := range regexp.MustCompile(`nonce="([^"]*)"`).FindAllStringSubmatch(got.Body, -1) {
			if used[1] != nonce[1] {
				t.Errorf("%s: an element carries another nonce", name)
			}
		}
	}
}

func TestStrictTransportUnderTLS(t *testing.T) {
	gate := &webtest.Gate{}
	c := webtest.WithConfig(t, web.Config{PublicURL: "https://gsl.example.cl"}, gate, everyKind)
	if got := c.Get("/public").Header.Get("Strict-Transport-Security"); !strings.HasPrefix(got, "max-age=") {
		t.Errorf("Strict-Transport-Security is %q", got)
	}
}

func TestStatuses(t *testing.T) {
	working := camila
	working.Municipality = &tenants.Municipality{} // for who works for none, what is forbidden does not exist
	in := webtest.New(t, working, everyKind)
	for path, want := range map[string]int{"/hello": 200, "/nowhere": 404, "/boom": 500, "/broken": 500, "/forbidden": 403, "/file": 200, "/help": 200} {
		if got := in.Get(path); got.Status != want {
			t.Errorf("GET %s is %d, want %d", path, got.Status, want)
		}
		if got := in.GetHX(path); got.Status != want {
			t.Errorf("fragment %s is %d, want %d", path, got.Status, want)
		}
	}
	if got := in.Do(httptest.NewRequest(http.MethodDelete, "/hello", nil)); got.Status != 405 || got.Header.Get("Allow") == "" {
		t.Errorf("wrong verb: %d, Allow %q", got.Status, got.Header.Get("Allow"))
	}
	in.Get("/nowhere").Contains(t, "No encontramos esta página", "Camila Rojas Soto")
	in.GetHX("/nowhere").Contains(t, `<hx-partial hx-target="#status"`)
	in.GetHX("/nowhere").Lacks(t, "<html")
	broken := in.Get("/broken")
	broken.Lacks(t, "disk on fire")
	broken.Contains(t, "Referencia para soporte")
}

func TestOutsideTheDoor(t *testing.T) {
	c := webtest.New(t, actor.Actor{}, everyKind)
	if got := c.Get("/hello?q=secret"); got.Status != 303 || got.Header.Get("Location") != "/login?next=%2Fhello" {
		t.Errorf("GET: %d to %q", got.Status, got.Header.Get("Location"))
	}
	if got := c.GetHX("/hello"); got.Status != 401 || got.Header.Get("X-Session") != "ended" {
		t.Errorf("fragment: %d", got.Status)
	}
	if got := c.PostHX("/hello", url.Values{"note": {"x"}}); got.Status != 401 {
		t.Errorf("htmx form: %d", got.Status)
	}
	if got := c.PostForm("/hello", url.Values{"note": {"x"}}); got.Status != 401 {
		t.Errorf("form: %d", got.Status)
	}
}

func TestAGateThatFailsLetsNobodyIn(t *testing.T) {
	c := webtest.WithGate(t, &webtest.Gate{Err: errors.New("national.db is gone")}, everyKind)
	for _, got := range []*webtest.Response{c.Get("/hello"), c.GetHX("/hello"), c.PostForm("/hello", nil)} {
		if got.Status != 503 || got.Header.Get("Retry-After") == "" || strings.Contains(got.Body, "national.db") {
			t.Errorf("%d: %s", got.Status, got.Body)
		}
	}
	if got := c.Get("/public"); got.Status != 200 {
		t.Errorf("a public page: %d", got.Status)
	}
}

func TestTheAgreementComesFirst(t *testing.T) {
	c := webtest.New(t, camila, everyKind)
	c.Gate.In.AgreementPending = true
	if got := c.Get("/hello"); got.Status != 303 || got.Header.Get("Location") != "/agreement" {
		t.Errorf("%d to %q", got.Status, got.Header.Get("Location"))
	}
	if got := c.PostHX("/hello", url.Values{"note": {"x"}}); got.Header.Get("HX-Redirect") != "/agreement" {
		t.Errorf("htmx: %d to %q", got.Status, got.Header.Get("HX-Redirect"))
	}
	if got := c.Get("/help"); got.Status != 200 {
		t.Errorf("what needs only a session: %d", got.Status)
	}
}

func TestChangesComeFromOurPages(t *testing.T) {
	c := webtest.New(t, camila, everyKind)
	post := func(headers ...string) int {
		r := httptest.NewRequest(http.MethodPost, "http://gsl.test/hello", strings.NewReader(url.Values{"note": {"x"}, "_token": {c.Token()}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		return c.Do(r).Status
	}
	for _, o := range []struct {
		headers []string
		want    int
	}{
		{nil, 303},
		{[]string{"Sec-Fetch-Site", "same-origin"}, 303},
		{[]string{"Sec-Fetch-Site", "none"}, 303},
		{[]string{"Origin", "http://gsl.test"}, 303},
		{[]string{"Sec-Fetch-Site", "cross-site"}, 403},
		{[]string{"Sec-Fetch-Site", "same-site"}, 403},
		{[]string{"Origin", "https://evil.example"}, 403},
		{[]string{"Origin", "null"}, 403},
	} {
		if got := post(o.headers...); got != o.want {
			t.Errorf("%v: %d, want %d", o.headers, got, o.want)
		}
	}
}

func TestChangesCarryTheSessionsToken(t *testing.T) {
	c := webtest.New(t, camila, everyKind)
	good := c.Token()
	if again := c.Token(); again == good {
		t.Error("the token is not masked anew")
	}
	for token, want := range map[string]int{good: 303, "": 403, "x": 403, good[:len(good)-4] + "AAAA": 303, "AAAA" + good[4:]: 403, strings.Repeat("A", 64): 403} {
		form := url.Values{"note": {"x"}, "_token": {token}}
		if got := c.PostForm("/hello", form); got.Status != want {
			t.Errorf("token %q: %d, want %d", token, got.Status, want)
		}
	}
	other := webtest.New(t, actor.Actor{UserID: "u2", Permissions: camila.Permissions}, everyKind)
	other.Gate.In.TokenKey = []byte("another session!")
	if got := other.PostForm("/hello", url.Values{"note": {"x"}, "_token": {good}}); got.Status != 403 {
		t.Errorf("a token of another session: %d", got.Status)
	}
	r := httptest.NewRequest(http.MethodPost, "/hello", strings.NewReader("note=x"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Token", good)
	if got := c.Do(r); got.Status != 303 {
		t.Errorf("token in the header: %d", got.Status)
	}
}

// endless fails the test when somebody reads more than a form may weigh.
type endless struct {
	t    *testing.T
	read int
}

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	if e.read > 2<<20 {
		e.t.Error("far more was read than a form may weigh")
		return 0, io.EOF
	}
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func TestALargeBodyIsNotRead(t *testing.T) {
	c := webtest.New(t, camila, everyKind)
	declared := httptest.NewRequest(http.MethodPost, "/hello", &endless{t: t, read: 2 << 20})
	declared.ContentLength = 1 << 30
	chunked := httptest.NewRequest(http.MethodPost, "/hello", &endless{t: t})
	chunked.ContentLength = -1
	for name, r := range map[string]*http.Request{"declared": declared, "chunked": chunked} {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if got := c.Do(r); got.Status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d", name, got.Status)
		}
	}
	c.Gate.In = nil
	anonymous := httptest.NewRequest(http.MethodPost, "/hello", &endless{t: t})
	anonymous.ContentLength = -1
	anonymous.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if got := c.Do(anonymous); got.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("anonymous: %d", got.Status)
	}
}

func TestABodyOfAnotherKindIsRefused(t *testing.T) {
	c := webtest.New(t, camila, everyKind)
	for _, kind := range []string{"application/json", "multipart/form-data; boundary=x", "text/plain"} {
		r := httptest.NewRequest(http.MethodPost, "/hello", strings.NewReader(`{"note":"x"}`))
		r.Header.Set("Content-Type", kind)
		r.Header.Set("X-Token", c.Token())
		if got := c.Do(r); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", kind, got.Status)
		}
	}
}

func TestAnUploadHasItsOwnLimit(t *testing.T) {
	var seen string
	c := webtest.New(t, camila, func(r *web.Router) {
		r.POST("/upload", 3, func(c *web.Ctx) error {
			var form struct {
				Note string `form:"note"`
			}
			if err := c.Bind(&form); err != nil {
				return err
			}
			seen = form.Note + " " + c.Request().MultipartForm.File["file"][0].Filename
			return c.Redirect("/")
		}, web.Upload())
	})
	body := "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhola\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n" + strings.Repeat("a", 3<<20) + "\r\n--x--\r\n"
	r := httptest.NewRequest(http.MethodPost, "/upload", strings.NewReader(body))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	r.Header.Set("X-Token", c.Token())
	if got := c.Do(r); got.Status != 303 || seen != "hola a.csv" {
		t.Errorf("%d %q", got.Status, seen)
	}
	r = httptest.NewRequest(http.MethodPost, "/upload", &endless{t: t, read: 2 << 20})
	r.ContentLength = 26 << 20
	r.Header.Set("X-Token", c.Token())
	if got := c.Do(r); got.Status != 303 && got.Status != 413 {
		t.Errorf("too large: %d", got.Status)
	}
}

func TestTroubleHasItsStatus(t *testing.T) {
	var cause error
	c := webtest.New(t, camila, func(r *web.Router) { r.GET("/x", 3, func(*web.Ctx) error { return cause }) })
	for _, o := range []struct {
		err  error
		want int
		says string
	}{
		{fault.New(fault.NotFound, "fault.not_found"), 404, "No encontramos"},
		{fault.New(fault.Forbidden, "fault.forbidden"), 403, "Su rol no permite"},
		{fault.New(fault.Conflict, "fault.not_found"), 409, "Otra persona cambió"},
		{fault.New(fault.TooMany, "fault.busy"), 429, "Demasiados"},
		{fault.InvalidField("run", "web.field.required"), 422, "Falta este dato."},
		{fmt.Errorf("plan: %w", fault.New(fault.Unavailable, "fault.busy")), 503, "Hay muchas solicitudes"},
		{fmt.Errorf("open: %w", tenants.ErrDamaged), 503, "El archivo de su municipalidad no se puede leer"},
		{tenants.ErrMissing, 503, "Las demás municipalidades siguen"},
		{tenants.ErrFull, 503, "No queda espacio para guardar"},
		{tenants.ErrBusy, 503, "Hay muchas solicitudes"},
		{tenants.ErrSuspended, 403, "suspendida"},
		{context.DeadlineExceeded, 503, "tardó demasiado"},
		{errors.New("x"), 500, "Algo falló"},
	} {
		cause = o.err
		got := c.Get("/x")
		if got.Status != o.want {
			t.Errorf("%v: %d, want %d", o.err, got.Status, o.want)
		}
		got.Contains(t, o.says)
		part := c.GetHX("/x")
		part.Contains(t, o.says, `hx-target="#status"`)
		if part.Status != o.want {
			t.Errorf("%v as a fragment: %d, want %d", o.err, part.Status, o.want)
		}
	}
}

// Whatever a person types, the log has none of it.
func TestTheLogKnowsNobody(t *testing.T) {
	var log bytes.Buffer
	gate := &webtest.Gate{}
	who := camila
	who.Name, who.Municipality = "Canario Pérez", &tenants.Municipality{Identity: tenants.Identity{Code: "05802", Name: "Limache"}}
	gate.In = &web.Session{Actor: who, TokenKey: []byte("0123456789abcdef")}
	c := webtest.WithConfig(t, web.Config{Log: slog.New(slog.NewJSONHandler(&log, nil))}, gate, func(r *web.Router) {
		everyKind(r)
		r.GET("/files/:file/plan", 3, hello)
	})
	c.Get("/files/CANARIO/plan?q=canario+12.345.678-5")
	c.Get("/canario/12.345.678-5")
	c.PostForm("/hello", url.Values{"note": {"canario 12.345.678-5"}})
	c.PostForm("/hello", url.Values{"canario": {"12345678-5"}})
	r := httptest.NewRequest("CANARIO", "/hello", nil)
	r.Header.Set("User-Agent", "canario")
	c.Do(r)
	gate.In = nil
	c.PostForm("/hello", url.Values{"note": {"canario 12.345.678-5"}})
	text := strings.ToLower(log.String())
	for _, canary := range []string{"canario", "12.345.678-5", "12345678"} {
		if strings.Contains(text, canary) {
			t.Errorf("the log has %q:\n%s", canary, text)
		}
	}
	for _, wanted := range []string{`"route":"/files/:file/plan"`, `"actor":"u1"`, `"municipality":"05802"`, `"status":422`, `"request":"`} {
		if !strings.Contains(text, wanted) {
			t.Errorf("the log lacks %s", wanted)
		}
	}
}

func TestARushIsShed(t *testing.T) {
	started, release := make(chan struct{}), make(chan struct{})
	gate := &webtest.Gate{In: &web.Session{Actor: camila, TokenKey: []byte("0123456789abcdef")}}
	c := webtest.WithConfig(t, web.Config{MaxRunning: 1, MaxWaiting: 1}, gate, func(r *web.Router) {
		r.GET("/slow", 3, func(c *web.Ctx) error {
			started <- struct{}{}
			<-release
			return c.Text(200, "ok")
		})
		r.GET("/healthz", 0, func(c *web.Ctx) error { return c.Text(200, "ok") }, web.AtOnce())
		r.GET("/public", 0, hello)
	})
	var wait sync.WaitGroup
	statuses := make(chan int, 3)
	get := func() {
		defer wait.Done()
		w := httptest.NewRecorder()
		c.Server.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/slow", nil))
		if w.Code == 503 && w.Header().Get("Retry-After") == "" {
			t.Error("503 without Retry-After")
		}
		statuses <- w.Code
	}
	wait.Add(3)
	go get()
	<-started // one runs: of two more, one waits and one is sent away
	go get()
	go get()
	if first := <-statuses; first != 503 {
		t.Errorf("the third got %d", first)
	}
	for _, path := range []string{"/healthz", "/public"} {
		if got := c.Get(path); got.Status != 200 {
			t.Errorf("%s in the rush: %d", path, got.Status)
		}
	}
	close(release)
	<-started
	wait.Wait()
	if a, b := <-statuses, <-statuses; a != 200 || b != 200 {
		t.Errorf("those who waited got %d and %d", a, b)
	}
}

func TestPagesArePacked(t *testing.T) {
	c := webtest.New(t, camila, func(r *web.Router) {
		r.GET("/big", 3, func(c *web.Ctx) error {
			return c.Page(200, layout.Page{Title: "x"}, templ.Raw(strings.Repeat("<p>hola</p>", 500)))
		})
		r.GET("/small", 3, func(c *web.Ctx) error { return c.Partial(200, templ.Raw("<p>hola</p>")) })
	})
	for encoding, packed := range map[string]bool{"gzip, br": true, "": false, "br": false, "gzip;q=0": false, "deflate, gzip;q=0.5": true} {
		c.Headers.Set("Accept-Encoding", encoding)
		got := c.Get("/big")
		if (got.Header.Get("Content-Encoding") == "gzip") != packed {
			t.Errorf("%q: %q", encoding, got.Header.Get("Content-Encoding"))
		}
		if got.Header.Get("Content-Length") != strconv.Itoa(len(got.Body)) {
			t.Errorf("%q: length %s of %d", encoding, got.Header.Get("Content-Length"), len(got.Body))
		}
		if packed {
			z, err := gzip.NewReader(strings.NewReader(got.Body))
			if err != nil {
				t.Fatal(err)
			}
			if plain, err := io.ReadAll(z); err != nil || !bytes.Contains(plain, []byte("</html>")) {
				t.Errorf("unpacked: %v", err)
			}
		}
	}
	c.Headers.Set("Accept-Encoding", "gzip")
	if got := c.Get("/small"); got.Header.Get("Content-Encoding") != "" {
		t.Error("a small fragment needs no packing")
	}
}

func TestAddress(t *testing.T) {
	var seen string
	gate := &webtest.Gate{}
	c := webtest.WithConfig(t, web.Config{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}, gate, func(r *web.Router) {
		r.GET("/x", 0, func(c *web.Ctx) error { seen = c.Address(); return c.Text(200, "") })
	})
	for _, o := range []struct{ peer, forwarded, want string }{
		{"190.1.2.3:55", "", "190.1.2.3"},
		{"190.1.2.3:55", "8.8.8.8", "190.1.2.3"}, // nobody's proxy: not believed
		{"10.1.1.1:55", "8.8.8.8", "8.8.8.8"},
		{"10.1.1.1:55", "6.6.6.6, 8.8.8.8, 10.2.2.2", "8.8.8.8"}, // the left end is the client's own word
		{"10.1.1.1:55", "nonsense", "10.1.1.1"},
		{"[2001:db8::1]:55", "", "2001:db8::1"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/x", nil)
		r.RemoteAddr = o.peer
		if o.forwarded != "" {
			r.Header.Set("X-Forwarded-For", o.forwarded)
		}
		c.Do(r)
		if seen != o.want {
			t.Errorf("%s via %q: %s, want %s", o.peer, o.forwarded, seen, o.want)
		}
	}
}

func TestLanguage(t *testing.T) {
	c := webtest.New(t, camila, everyKind)
	c.Gate.In.Language = ""
	c.Headers.Set("Accept-Language", "en-US,en;q=0.9")
	c.Get("/hello").Contains(t, `<html lang="en">`)
	c.Gate.In.Language = "es-CL"
	c.Get("/hello").Contains(t, `<html lang="es-CL">`)
	c.Gate.In = nil
	c.Get("/public").Contains(t, `<html lang="en">`)
	c.Headers.Del("Accept-Language")
	c.Get("/public").Contains(t, `<html lang="es-CL">`)
}

func TestTheTableOfRoutes(t *testing.T) {
	c := webtest.New(t, camila, everyKind)
	found := map[string]actor.Permission{}
	for _, r := range c.Server.Routes() {
		found[r.Method+" "+r.Path] = r.Permission
	}
	for line, want := range map[string]actor.Permission{"GET /hello": 3, "POST /hello": 3, "GET /public": 0, "POST /session": 1, "GET /help": 1} {
		if got, ok := found[line]; !ok || got != want {
			t.Errorf("%s: %d %v", line, got, ok)
		}
	}
}

func TestADownloadHasASafeName(t *testing.T) {
	c := webtest.New(t, camila, everyKind)
	got := c.Get("/file").Header.Get("Content-Disposition")
	if want := `attachment; filename*=utf-8''plan%20%22%C3%B1%22.pdf`; got != want {
		t.Errorf("got %s", got)
	}
}

func TestTheSessionTellsHowLongItLasts(t *testing.T) {
	c := webtest.New(t, camila, everyKind)
	c.Gate.In.ExpiresAt = time.Now().Add(100 * time.Second)
	for _, got := range []*webtest.Response{c.Get("/hello"), c.GetHX("/hello")} {
		if left, err := strconv.Atoi(got.Header.Get("X-Session-Left")); err != nil || left < 95 || left > 100 {
			t.Errorf("X-Session-Left is %q", got.Header.Get("X-Session-Left"))
		}
	}
}

func TestHeadIsGetWithoutBody(t *testing.T) {
	c := webtest.New(t, camila, everyKind)
	server := httptest.NewServer(c.Server)
	defer server.Close()
	got, err := http.Head(server.URL + "/public") //nolint:noctx // the test's own server
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	if body, err := io.ReadAll(got.Body); got.StatusCode != 200 || got.ContentLength <= 0 || len(body) != 0 || err != nil {
		t.Errorf("%d, length %d, body %d, %v", got.StatusCode, got.ContentLength, len(body), err)
	}
}

func TestSlowPeersAreCutOff(t *testing.T) {
	server := webtest.New(t, camila, everyKind).Server.HTTP("127.0.0.1:0")
	if server.ReadHeaderTimeout != 5*time.Second || server.ReadTimeout == 0 || server.WriteTimeout == 0 || server.IdleTimeout == 0 || server.MaxHeaderBytes > 64<<10 {
		t.Errorf("%+v", server)
	}
}

// In a rush a form that is turned away comes back with what was typed in it, and
// says when to try again.
func TestAFormThatIsTurnedAwayKeepsItsText(t *testing.T) {
	started, release := make(chan struct{}), make(chan struct{})
	gate := &webtest.Gate{In: &web.Session{Actor: camila, TokenKey: []byte("0123456789abcdef")}}
	c := webtest.WithConfig(t, web.Config{MaxRunning: 1, MaxWaiting: 1}, gate, func(r *web.Router) {
		mount(r)
		r.GET("/slow", 3, func(c *web.Ctx) error {
			started <- struct{}{}
			<-release
			return c.Text(200, "ok")
		})
	})
	c.Get("/hello") // the form's token
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() { c.Server.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/slow", nil)) })
	}
	<-started
	for c.Server.Queues()[0].Waiting == 0 {
		time.Sleep(time.Millisecond)
	}
	got := c.PostForm("/hello", url.Values{"note": {"vive sola, sin luz desde el lunes"}})
	if got.Status != http.StatusServiceUnavailable || got.Header.Get("Retry-After") == "" {
		t.Errorf("%d %v", got.Status, got.Header)
	}
	got.Contains(t, "vive sola, sin luz desde el lunes", `action="/hello"`)
	if c.Server.Queues()[0].Refused != 1 {
		t.Errorf("%+v", c.Server.Queues()[0])
	}
	close(release)
	<-started
	wait.Wait()
}

// A large form holds its place among the large ones until it is answered: those
// that wait for a turn cannot fill the memory one after the other.
func TestLargeFormsWaitUnread(t *testing.T) {
	started, release := make(chan struct{}, 8), make(chan struct{})
	gate := &webtest.Gate{In: &web.Session{Actor: camila, TokenKey: []byte("0123456789abcdef")}}
	c := webtest.WithConfig(t, web.Config{MaxRunning: 2, MaxWaiting: 8}, gate, func(r *web.Router) {
		r.POST("/paper", 0, func(c *web.Ctx) error {
			started <- struct{}{}
			<-release
			return c.Text(200, "ok")
		})
	})
	body := "note=" + strings.Repeat("x", 100<<10)
	var wait sync.WaitGroup
	send := func(path string) {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		c.Server.ServeHTTP(httptest.NewRecorder(), r)
	}
	for range 3 {
		wait.Go(func() { send("/paper") })
	}
	for range 3 {
		<-started
	}
	for _, q := range c.Server.Queues() {
		if q.Name == "strangers" && q.Running != 3 {
			t.Errorf("%+v: what was read is not counted while it is held", q)
		}
	}
	close(release)
	wait.Wait()
	for _, q := range c.Server.Queues() {
		if q.Running != 0 || q.Waiting != 0 {
			t.Errorf("%+v after all were answered", q)
		}
	}
}
