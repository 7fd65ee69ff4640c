package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
)

// visitor is a browser that signs in as people do, and then writes its requests
// out for the load generator.
type visitor struct {
	addr   string
	client *http.Client
	cookie string
	token  string
}

// signIn opens a session: RUN and password, agreement, form token.
func signIn(addr, run, password string) (*visitor, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	v := &visitor{addr: addr, client: &http.Client{Jar: jar}}
	if err := v.post("/login", url.Values{"run": {run}, "password": {password}}); err != nil {
		return nil, err
	}
	if err := v.post("/agreement", url.Values{"accept": {"1"}}); err != nil {
		return nil, err
	}
	home, err := url.Parse("http://" + addr + "/")
	if err != nil {
		return nil, err
	}
	for _, c := range jar.Cookies(home) {
		v.cookie += c.Name + "=" + c.Value + "; "
	}
	v.cookie = strings.TrimSuffix(v.cookie, "; ")
	return v, nil
}

var tokenField = regexp.MustCompile(`name="_token" value="([^"]+)"`)

// post sends a form and keeps the form token of the page that answers.
func (v *visitor) post(path string, form url.Values) error {
	form.Set("_token", v.token)
	r, err := v.client.PostForm("http://"+v.addr+path, form)
	if err != nil {
		return err
	}
	defer func() { _ = r.Body.Close() }()
	page, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	if r.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %d", path, r.StatusCode)
	}
	found := tokenField.FindSubmatch(page)
	if found == nil {
		return fmt.Errorf("%s: no form token on the page", path)
	}
	v.token = string(found[1])
	return nil
}

// ask is a GET as a browser sends it; more are whole header lines.
func (v *visitor) ask(path string, more ...string) []byte {
	return v.request("GET", path, "", more)
}

// send is a POST of a form by htmx.
func (v *visitor) send(path string, form url.Values) []byte {
	form.Set("_token", v.token)
	return v.request("POST", path, form.Encode(), []string{"Hx-Request: true", "Content-Type: application/x-www-form-urlencoded"})
}

func (v *visitor) request(method, path, body string, more []string) []byte {
	var b bytes.Buffer
	_, _ = fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n", method, path, v.addr, v.cookie)
	b.WriteString("User-Agent: Mozilla/5.0 (X11; Linux x86_64) bench\r\nAccept: text/html\r\nAccept-Language: es-CL,es;q=0.9,en;q=0.8\r\nSec-Fetch-Site: same-origin\r\n")
	for _, line := range more {
		b.WriteString(line + "\r\n")
	}
	if method == "POST" {
		_, _ = fmt.Fprintf(&b, "Content-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n" + body)
	return b.Bytes()
}

// answer is what came back, byte for byte.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// exchange sends one raw request.
func exchange(addr string, request []byte) (answer, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.Write(request); err != nil {
		return answer{}, err
	}
	method, _, _ := strings.Cut(string(request), " ")
	r, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = r.Body.Close() }()
	body, err := io.ReadAll(r.Body)
	return answer{r.StatusCode, r.Header, body}, err
}
