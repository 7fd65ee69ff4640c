package app

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
)

// peer is a raw connection to the house, for what no client would send.
type peer struct {
	net.Conn
	reader *bufio.Reader
}

func (h *house) dial() *peer {
	h.t.Helper()
	conn, err := (&net.Dialer{}).DialContext(h.t.Context(), "tcp", strings.TrimPrefix(h.url, "http://"))
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		h.t.Fatal(err)
	}
	return &peer{conn, bufio.NewReader(conn)}
}

func (p *peer) say(t testing.TB, text string) {
	t.Helper()
	if _, err := p.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
}

// begin posts a form whose body never comes, and returns once the server waits
// for it: it says "go on" only when somebody reads.
func (p *peer) begin(t testing.TB, path, headers string) {
	t.Helper()
	p.say(t, "POST "+path+" HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
		"Content-Length: 1000\r\nExpect: 100-continue\r\n"+headers+"\r\n")
	if line, err := p.reader.ReadString('\n'); err != nil || !strings.Contains(line, "100") {
		t.Fatalf("%s: the server does not read: %q %v", path, line, err)
	}
}

// More bodies that trickle in than there are turns, with and without a session:
// everybody else is answered as ever.
func TestSlowBodiesKeepNobodyWaiting(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.CaseManager, "05802")
	file := h.fill("05802", "/files/:file/cart")
	v.get(file)
	cookies := cookieHeader(v)
	for range 40 {
		h.dial().begin(t, "/login", "")
	}
	for range 80 {
		h.dial().begin(t, file+"/items", "X-Token: "+v.token+"\r\n"+cookies)
	}
	for path, who := range map[string]*visitor{"/login": h.visitor(), file: v, "/": h.as(access.Director, "05802")} {
		begun := time.Now()
		if got := who.get(path); got.status != http.StatusOK {
			t.Errorf("%s answered %d", path, got.status)
		}
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("%s took %v", path, took)
		}
	}
}

func cookieHeader(v *visitor) string {
	v.t.Helper()
	at, err := url.Parse(v.base)
	if err != nil {
		v.t.Fatal(err)
	}
	var list []string
	for _, c := range v.client.Jar.Cookies(at) {
		list = append(list, c.Name+"="+c.Value)
	}
	return "Cookie: " + strings.Join(list, "; ") + "\r\n"
}

// A thousand peers who never finish their headers cost a connection each and no
// turn; the limit of their time is the server's (see web.Server.HTTP).
func TestAThousandHalfOpenConnections(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.CaseManager, "05802")
	for range 1000 {
		h.dial().say(t, "GET / HTTP/1.1\r\nHost: x\r\nX-A: ")
	}
	if got := v.get("/"); got.status != http.StatusOK {
		t.Errorf("the workbench answered %d", got.status)
	}
	limits := h.app.server.HTTP("")
	if limits.ReadHeaderTimeout > 5*time.Second || limits.ReadTimeout == 0 || limits.IdleTimeout == 0 || limits.MaxHeaderBytes > 64<<10 {
		t.Errorf("limits: %+v", limits)
	}
}

// Verbs, methods in disguise and paths in disguise reach nothing.
func TestDisguisedRequestsReachNothing(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.CaseManager, "05802")
	cart := h.fill("05802", "/files/:file/cart")
	v.get(cart)
	before := h.contents("05802")
	for _, verb := range []string{"PUT", "PATCH", "TRACE", "OPTIONS", "CONNECT", "post", "FOO"} {
		if got := v.raw(h, verb, cart+"/items"); got < 200 || got == 200 || got == 303 {
			t.Errorf("%s answered %d", verb, got)
		}
	}
	for _, path := range []string{cart + "/", "/" + cart, strings.ToUpper(cart), strings.ToLower(cart), cart + "%2f", cart + ";x=1", cart + "%00",
		cart + ".pdf", "/files/%2e%2e/cart", "/./files", "/static/%2e%2e/go.mod", "/%c0%ae%c0%ae/"} {
		if got := v.raw(h, http.MethodGet, path); got != http.StatusNotFound && got != http.StatusBadRequest {
			t.Errorf("GET %s answered %d", path, got)
		}
	}
	if h.contents("05802") != before {
		t.Error("something was changed")
	}
}

// raw sends a request line exactly as it stands and gives the status.
func (v *visitor) raw(h *house, verb, path string) int {
	v.t.Helper()
	p := h.dial()
	p.say(v.t, fmt.Sprintf("%s %s HTTP/1.1\r\nHost: x\r\nX-Token: %s\r\nX-HTTP-Method-Override: DELETE\r\n%sContent-Length: 0\r\n\r\n", verb, path, v.token, cookieHeader(v)))
	response, err := http.ReadResponse(p.reader, nil)
	if err != nil {
		v.t.Fatalf("%s %s: %v", verb, path, err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}
