package app

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/people"
	"gsl/app/screening"
)

// The whole job is done, with mistakes, and neither an address nor a line of
// the log says of whom it was.
func TestNoAddressAndNoLogLineNamesAnybody(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.CaseManager, "05802")
	run, words := h.canary()
	file := h.lookup(v, run)
	screen := v.get("/files/" + file + "/screening")
	if !strings.Contains(screen.body, run.Format()) || !strings.Contains(screen.body, words[0]) {
		t.Fatal("the screening does not show the canary: the test would prove nothing")
	}
	v.post("/lookup", url.Values{"run": {run.String() + "7"}})
	v.get("/files/" + file + "/catalogue?category=E&q=canasta")
	v.post("/files/"+file+"/cart/items", url.Values{"item": {"E801"}, "note": {words[0]}, "wrong": {words[0]}})
	v.post("/files/"+file+"/cart/items", url.Values{"item": {"E801"}, "note": {words[0]}})
	v.post("/files/"+file+"/cart/items", url.Values{"item": {words[0]}})
	page := v.get("/files/" + file + "/checkout")
	key := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(page.body)
	if key == nil {
		t.Fatal("no key")
	}
	made := v.post("/files/"+file+"/checkout", url.Values{"key": {key[1]}, "agreed": {"signed"}})
	if made.status != http.StatusSeeOther {
		t.Fatalf("checkout answered %d:\n%s", made.status, made.body)
	}
	plan := strings.TrimSuffix(strings.SplitN(made.header.Get("Location"), "?", 2)[0], "#plan-summary")
	v.get(plan)
	if got := v.get(plan + ".pdf"); got.status != http.StatusOK || !strings.HasPrefix(got.body, "%PDF") {
		t.Errorf("PDF answered %d", got.status)
	} else if strings.Contains(got.header.Get("Content-Disposition"), words[0]) {
		t.Error("the PDF's name names the person")
	}
	v.get("/files/" + file + "/history")
	v.get("/no/" + "such/page")
	v.post("/login", url.Values{"run": {run.Format()}, "password": {words[1]}})

	forbidden := append([]string{run.String(), run.Format(), strings.TrimSuffix(run.String(), run.String()[len(run.String())-2:])}, words...)
	for _, word := range forbidden {
		if strings.Contains(h.log.String(), word) {
			t.Errorf("the log holds %q", word)
		}
		for _, address := range v.urls {
			if plain, err := url.PathUnescape(address); err != nil || strings.Contains(plain, word) {
				t.Errorf("the address %s holds %q", address, word)
			}
		}
	}
	if !strings.Contains(h.log.String(), "/files/:file/screening") {
		t.Error("the log says nothing at all: the test would prove nothing")
	}
}

// canary is somebody of the registry: RUN, surnames and given names.
func (h *house) canary() (people.RUN, []string) {
	h.t.Helper()
	registry := screening.NewEmbedded(h.app.Files.Registry())
	runs, err := registry.Heads(context.Background(), "05802", 400)
	if err != nil {
		h.t.Fatal(err)
	}
	run := runs[len(runs)-2]
	household, err := registry.Household(context.Background(), run)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, m := range household.Members {
		if m.RUN == run {
			return run, []string{m.Surnames, m.GivenNames, m.GivenNames + " " + m.Surnames}
		}
	}
	h.t.Fatal("a head who is no member")
	return run, nil
}
