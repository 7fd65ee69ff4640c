package app

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/people"
)

// poison is what breaks out of HTML, attributes, scripts, templates, htmx,
// spreadsheets and terminals where somebody forgot to encode.
const poison = `"'><script>alert(1)</script><img src=x onerror=alert(2)></textarea></title><hx-partial hx-target="body">x</hx-partial>` +
	`{{.}}${7*7}<%= 7 %>]]>-->;javascript:alert(3)//=cmd|' /C calc'!A0`

var (
	live = regexp.MustCompile(`(?i)<script>alert|<img src=x|<hx-partial hx-target="body"|(href|action|src|hx-(get|post|delete))="\s*javascript:`)
	// A tag with an attribute that is code; values stand in quotes.
	handler   = regexp.MustCompile(`<[a-z-]+(\s+[a-z-]+(="[^"]*")?)*\s+(on[a-z]+|hx-on[^=]*)=`)
	pageTitle = regexp.MustCompile(`(?s)<title>.*?</title>`)
)

// harmless fails when a page says the poison in a way that a browser would run,
// or names it in its title, which browsers keep.
func harmless(t *testing.T, what string, got reply) {
	t.Helper()
	if got.status >= 500 {
		t.Errorf("%s answered %d", what, got.status)
	}
	if found := live.FindString(got.body); found != "" {
		t.Errorf("%s runs %q", what, found)
	}
	if found := handler.FindString(got.body); found != "" {
		t.Errorf("%s has code in an attribute: %.200q", what, found)
	}
	if title := pageTitle.FindString(got.body); strings.Contains(title, "alert") {
		t.Errorf("%s has it in its title: %q", what, title)
	}
}

// Every box that takes text gets the poison, and every page that shows it again
// is looked at: screening, cart, review, plan, history, conflict, forms that
// come back, status line.
func TestPoisonIsShownAsText(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.CaseManager, "05802")
	file := h.lookup(v, people.RUNOf(9_876_543)) // nobody of the registry: the desk writes the name
	base := "/files/" + file
	look := func(path string) reply {
		t.Helper()
		got := v.get(path)
		harmless(t, "GET "+path, got)
		harmless(t, "part of "+path, v.send(http.MethodGet, path, nil, http.Header{"Hx-Request": {"true"}}))
		return got
	}
	send := func(path string, form url.Values) reply {
		t.Helper()
		harmless(t, "part of POST "+path, v.send(http.MethodPost, path, form, http.Header{"Hx-Request": {"true"}}))
		got := v.post(path, form)
		harmless(t, "POST "+path, got)
		return got
	}
	look(base + "/person")
	name := poison[:90]
	if got := send(base+"/person", url.Values{"given_names": {name}, "surnames": {name}, "address": {poison}, "version": {"1"}}); got.status != http.StatusSeeOther {
		t.Fatalf("the name answered %d", got.status)
	}
	for _, item := range []string{"A101", "B001", "C001", "D202", "E801", "F101"} {
		form := url.Values{"item": {item}, "note": {poison}, "override_reason": {poison}}
		got := send(base+"/cart/items", form)
		for _, field := range regexp.MustCompile(`name="([a-z_0-9]+)"[^>]*required`).FindAllStringSubmatch(got.body, -1) {
			if field[1] != "run" && field[1] != "password" {
				form.Set(field[1], poison)
			}
		}
		send(base+"/cart/items", form)
	}
	for _, path := range []string{"", "/screening", "/cart", "/history", "/plan", "/catalogue", "/catalogue?q=" + url.QueryEscape(poison), "/catalogue?category=" + url.QueryEscape(poison), "/history?before=" + url.QueryEscape(poison)} {
		look(base + path)
	}
	review := look(base + "/checkout")
	key := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(review.body)
	if key == nil {
		t.Fatal("the review has no key: nothing went into the cart")
	}
	form := url.Values{"key": {key[1]}, "agreed": {poison}}
	for _, reason := range regexp.MustCompile(`name="(override_reason\[\w+\])"`).FindAllStringSubmatch(review.body, -1) {
		form.Set(reason[1], poison)
	}
	send(base+"/checkout", form)
	form.Set("agreed", "mail")
	made := v.post(base+"/checkout", form)
	plan := planPath.FindStringSubmatch(made.header.Get("Location"))
	if plan == nil {
		t.Fatalf("checkout answered %d:\n%s", made.status, made.body)
	}
	at := "/plans/" + plan[1]
	items := regexp.MustCompile(`name="status\[(\w+)\]"`).FindAllStringSubmatch(look(at).body, -1)
	for i, status := range []string{poison, "withdrawn", "not-achieved"} {
		send(at+"/items", url.Values{"status[" + items[i][1] + "]": {status}, "reason[" + items[i][1] + "]": {poison}, "version": {"1"}})
	}
	send(at+"/items", url.Values{"status[" + poison + "]": {poison}})
	if strings.Count(v.get(at).body, "&lt;script&gt;alert(1)") < 6 {
		t.Error("the plan does not show what was typed: the test would prove nothing")
	}
	for _, path := range []string{at, base + "/history", base + "/plan", base + "/screening", "/", "/account", "/help", "/nothing/" + url.PathEscape(poison)} {
		look(path)
	}
	if got := v.get(at + ".pdf"); got.status != http.StatusOK || strings.Contains(got.header.Get("Content-Disposition"), "alert") {
		t.Errorf("the paper answered %d, %v", got.status, got.header)
	}
	send("/lookup", url.Values{"run": {poison}})
	stranger := h.visitor()
	harmless(t, "the sign-in", stranger.post("/login", url.Values{"run": {poison}, "password": {poison}}))
	harmless(t, "a form without a session", stranger.post(base+"/cart/items", url.Values{poison: {poison}, "_token": {v.token}}))
	if strings.Contains(h.log.String(), "alert(") {
		t.Error("what people type is in the log")
	}
}
