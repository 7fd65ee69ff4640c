package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"
)

// person is somebody at a browser without JavaScript.
type person struct {
	base   string
	client *http.Client

	mu    sync.Mutex
	token string // of the last page that had a form
}

// newPerson sits down at a browser. from is the address of their machine, any of
// 127.0.0.0/8; "" for the usual one.
func newPerson(addr, from string) *person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err) // it never does
	}
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	if from != "" {
		dialer.LocalAddr = &net.TCPAddr{IP: net.ParseIP(from)}
	}
	return &person{base: "http://" + addr, client: &http.Client{
		Jar: jar, Timeout: 60 * time.Second,
		Transport:     &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: 4},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is what came back.
type answer struct {
	status   int
	location string
	body     string
	took     time.Duration
}

func (a answer) String() string {
	if a.location != "" {
		return fmt.Sprint(a.status, " to ", a.location)
	}
	return fmt.Sprint(a.status)
}

func (p *person) get(ctx context.Context, path string) (answer, error) {
	return p.send(ctx, http.MethodGet, path, "", nil)
}

// post sends a form with the token of the last page that had one.
func (p *person) post(ctx context.Context, path string, form url.Values) (answer, error) {
	sent := url.Values{"_token": {p.formToken()}}
	for name, values := range form {
		sent[name] = values
	}
	return p.send(ctx, http.MethodPost, path, "application/x-www-form-urlencoded", []byte(sent.Encode()))
}

func (p *person) formToken() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.token
}

var tokenField = regexp.MustCompile(`name="_token" value="([^"]+)"`)

func (p *person) send(ctx context.Context, method, path, kind string, body []byte) (a answer, err error) {
	r, err := http.NewRequestWithContext(ctx, method, p.base+path, bytes.NewReader(body))
	if err != nil {
		return a, err
	}
	r.Header.Set("Accept-Language", "es-CL")
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	begin := time.Now()
	response, err := p.client.Do(r)
	if err != nil {
		return a, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return a, err
	}
	if found := tokenField.FindSubmatch(text); found != nil {
		p.mu.Lock()
		p.token = string(found[1])
		p.mu.Unlock()
	}
	return answer{response.StatusCode, response.Header.Get("Location"), string(text), time.Since(begin)}, nil
}

// signIn enters RUN and password and accepts the agreement.
func (p *person) signIn(ctx context.Context, run string) error {
	if _, err := p.get(ctx, "/login"); err != nil {
		return err
	}
	got, err := p.post(ctx, "/login", url.Values{"run": {run}, "password": {password}})
	if err != nil {
		return err
	}
	if got.status != http.StatusSeeOther {
		return fmt.Errorf("the sign-in answered %v", got)
	}
	if got, err = p.get(ctx, "/"); err != nil {
		return err
	}
	if strings.HasPrefix(got.location, "/agreement") {
		if _, err = p.get(ctx, "/agreement"); err != nil {
			return err
		}
		if _, err = p.post(ctx, "/agreement", url.Values{"accept": {"1"}}); err != nil {
			return err
		}
		got, err = p.get(ctx, "/")
	}
	if err == nil && got.status != http.StatusOK {
		return fmt.Errorf("the workbench answered %v", got)
	}
	return err
}

// worker signs in the case manager of a municipality.
func (v *server) worker(ctx context.Context, t town) (*person, error) {
	p := newPerson(v.Addr, "")
	if err := p.signIn(ctx, t.Worker); err != nil {
		return nil, fmt.Errorf("%s: %w", t.Code, err)
	}
	return p, nil
}

// address is one of many machines: 127.0.group.number.
func address(group, number int) string { return fmt.Sprintf("127.0.%d.%d", group, 1+number%250) }
