package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// phone is an app that shows codes (RFC 6238).
type phone struct {
	secret   []byte
	recovery []string // codes on paper
}

// code is what it shows at a time.
func (p *phone) code(at time.Time) string {
	mac := hmac.New(sha1.New, p.secret)
	_ = binary.Write(mac, binary.BigEndian, at.Unix()/30)
	sum := mac.Sum(nil)
	from := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[from:from+4])&0x7fffffff%1_000_000)
}

var (
	secretText  = regexp.MustCompile(`id="factor-secret">([^<]+)<`)
	setupField  = regexp.MustCompile(`name="setup" value="([^"]+)"`)
	ticketField = regexp.MustCompile(`name="ticket" value="([^"]+)"`)
	paperCode   = regexp.MustCompile(`<li><code>([^<]+)</code>`)
)

// enrol gives somebody who is signed in a second factor.
func (p *person) enrol(ctx context.Context, at time.Time) (*phone, error) {
	page, err := p.get(ctx, "/account/factor/new")
	if err != nil {
		return nil, err
	}
	secret, setup := secretText.FindStringSubmatch(page.body), setupField.FindStringSubmatch(page.body)
	if secret == nil || setup == nil {
		return nil, fmt.Errorf("the page of enrolment answered %v without a secret", page)
	}
	app := &phone{}
	app.secret, err = base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(secret[1], " ", ""))
	if err != nil {
		return nil, err
	}
	got, err := p.post(ctx, "/account/factor", url.Values{"setup": {setup[1]}, "code": {app.code(at)}})
	if err != nil {
		return nil, err
	}
	for _, code := range paperCode.FindAllStringSubmatch(got.body, -1) {
		app.recovery = append(app.recovery, code[1])
	}
	if len(app.recovery) == 0 {
		return nil, fmt.Errorf("the enrolment answered %v without recovery codes", got)
	}
	return app, nil
}

// signInWith enters password and code, and gives what the second step answered.
func (p *person) signInWith(ctx context.Context, run, code string) (answer, error) {
	if _, err := p.get(ctx, "/login"); err != nil {
		return answer{}, err
	}
	first, err := p.post(ctx, "/login", url.Values{"run": {run}, "password": {password}})
	if err != nil {
		return first, err
	}
	ticket := ticketField.FindStringSubmatch(first.body)
	if first.status == http.StatusTooManyRequests {
		return first, nil
	}
	if ticket == nil {
		return first, fmt.Errorf("the first step answered %v and asks for no code", first)
	}
	return p.post(ctx, "/login", url.Values{"ticket": {ticket[1]}, "code": {code}})
}

// secondFactor: a clock that is wrong refuses the phones' codes in words, paper
// lets people in all the same, and when it is right again so are the phones.
func (c *clockDay) secondFactor(ctx context.Context) error {
	who := c.desks[1]
	c.jump(0)
	c.work(ctx, "before the second factor")
	begin := time.Now()
	app, err := who.who.enrol(ctx, begin)
	if err != nil {
		return err
	}
	enter := func(when string, ahead time.Duration, code string, want bool) {
		c.jump(ahead)
		got, err := newPerson(c.v.Addr, "").signInWith(ctx, who.town.Worker, code)
		for wait := time.Second; got.status == http.StatusTooManyRequests && wait < 20*time.Second; wait *= 2 { // as the page asks
			if pause(ctx, wait) == nil {
				got, err = newPerson(c.v.Addr, "").signInWith(ctx, who.town.Worker, code)
			}
		}
		in := err == nil && got.status == http.StatusSeeOther
		c.count("second steps", 1)
		if in != want || err != nil || got.status >= 500 {
			c.broken("second factor, %s: answered %v %v", when, got, err)
		}
	}
	enter("the code of the enrolment, again", 0, app.code(begin), false)
	enter("two minutes later", 2*time.Minute, app.code(begin.Add(2*time.Minute)), true)
	enter("the same code, again", 2*time.Minute, app.code(begin.Add(2*time.Minute)), false)
	enter("the program two hours ahead of the phone", 2*time.Hour, app.code(begin.Add(4*time.Minute)), false)
	enter("the program two hours ahead, a code on paper", 2*time.Hour, app.recovery[0], true)
	enter("the program two hours behind", -2*time.Hour, app.code(begin.Add(4*time.Minute)), false)
	enter("the same paper, again", 0, app.recovery[0], false)
	enter("right again", 6*time.Minute, app.code(begin.Add(6*time.Minute)), true)
	return nil
}
