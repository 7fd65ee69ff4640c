package app

import (
	"net/http"
	"net/url"
	"sync"
	"testing"

	"gsl/app/access"
	"gsl/app/demo"
	"gsl/app/people"
)

// guesses tries wrong passwords of one account, each under another made-up
// address, and gives the last status.
func (h *house) guesses(n int, header func(i int) http.Header) int {
	h.t.Helper()
	status := 0
	for i := range n {
		form := url.Values{"run": {account(h.t, access.Director, "06304").Format()}, "password": {"no es esta"}}
		status = h.visitor().send(http.MethodPost, "/login", form, header(i)).status
	}
	return status
}

func forwarded(address func(i int) string) func(int) http.Header {
	return func(i int) http.Header { return http.Header{"X-Forwarded-For": {address(i)}} }
}

// Nobody gets round the throttle with an address of their own making.
func TestTheThrottleBelievesNoStranger(t *testing.T) {
	h := newHouse(t)
	if got := h.guesses(8, forwarded(func(i int) string { return "10.0.0." + string(rune('1'+i)) })); got != http.StatusTooManyRequests {
		t.Errorf("the eighth guess answered %d", got)
	}
}

// Behind a proxy of ours the addresses are those of the people: a stranger's
// guesses do not lock out somebody who has signed in from elsewhere before.
func TestBehindAProxyAddressesAreTold(t *testing.T) {
	h := &house{t: t, config: Config{Data: copyDemo(t), Demo: true, MaxOpen: 10, Checkpoint: 1000}, log: &lockedBuffer{}}
	var err error
	if h.config.Proxies, err = proxies("127.0.0.1, ::1"); err != nil {
		t.Fatal(err)
	}
	h.open()
	signIn := func(address string) int {
		form := url.Values{"run": {account(t, access.Director, "06304").Format()}, "password": {demo.Password}}
		return h.visitor().send(http.MethodPost, "/login", form, http.Header{"X-Forwarded-For": {address}}).status
	}
	if got := signIn("192.0.2.7"); got != http.StatusSeeOther {
		t.Fatalf("the first sign-in answered %d", got)
	}
	if got := h.guesses(8, forwarded(func(int) string { return "203.0.113.9, 198.51.100.4" })); got != http.StatusTooManyRequests {
		t.Errorf("the stranger's eighth guess answered %d", got)
	}
	if got := signIn("192.0.2.7"); got != http.StatusSeeOther {
		t.Errorf("the owner at the usual desk got %d", got)
	}
	for _, wrong := range []string{"everybody", "10.0.0.0/99", "1.2.3"} {
		if _, err := proxies(wrong); err == nil {
			t.Errorf("GSL_PROXIES=%s was taken", wrong)
		}
	}
}

// A flood of sign-ins from one address is turned away; somebody else gets in
// meanwhile, and who is at work notices nothing.
func TestAFloodOfSignInsLeavesRoom(t *testing.T) {
	h := &house{t: t, config: Config{Data: copyDemo(t), Demo: true, MaxOpen: 10, Checkpoint: 1000}, log: &lockedBuffer{}}
	var err error
	if h.config.Proxies, err = proxies("127.0.0.1"); err != nil {
		t.Fatal(err)
	}
	h.open()
	atWork := h.as(access.CaseManager, "05802")
	statuses := make(chan int, 100)
	var flood sync.WaitGroup
	for i := range cap(statuses) {
		form := url.Values{"run": {people.RUNOf(uint32(20_000_000 + i)).Format()}, "password": {"no es esta"}} //nolint:gosec // small
		v := h.visitor()
		flood.Go(func() {
			statuses <- v.send(http.MethodPost, "/login", form, http.Header{"X-Forwarded-For": {"203.0.113.9"}}).status
		})
	}
	status := http.StatusUnprocessableEntity
	for told := 0; told < cap(statuses) && status == http.StatusUnprocessableEntity; told++ {
		status = <-statuses
	}
	if status != http.StatusServiceUnavailable { // else the flood is at its height now
		t.Fatalf("the flood was answered %d, and nobody of it was turned away", status)
	}
	if got := atWork.get("/"); got.status != http.StatusOK {
		t.Errorf("who is at work got %d", got.status)
	}
	form := url.Values{"run": {account(t, access.Director, "06304").Format()}, "password": {demo.Password}}
	if got := h.visitor().send(http.MethodPost, "/login", form, http.Header{"X-Forwarded-For": {"192.0.2.7"}}); got.status != http.StatusSeeOther {
		t.Errorf("somebody else got %d", got.status)
	}
	flood.Wait()
}
