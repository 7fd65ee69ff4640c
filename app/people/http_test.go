package people_test

import (
	"bytes"
	"context"
	"html"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
	"gsl/app/people"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

// desk is the edge with the pages of people, somebody of the role signed in.
func desk(t *testing.T, m *tenants.Municipality, role string) (*webtest.Client, *people.Service) {
	t.Helper()
	s := people.NewService(nil)
	return webtest.New(t, worker(m, role), people.NewHandlers(s).Mount), s
}

func lookup(c *webtest.Client, run string) *webtest.Response {
	return c.PostForm("/lookup", url.Values{"run": {run}})
}

func TestALookupLeadsToTheScreening(t *testing.T) {
	m := tenantstest.Municipality(t, tenantstest.New(t), "05802")
	c, s := desk(t, m, access.FrontDesk)
	f, err := s.Lookup(context.Background(), worker(m, access.FrontDesk), mustRUN(t, "1009-K"))
	if err != nil {
		t.Fatal(err)
	}
	want := "/files/" + f.ID + "/screening"
	for _, typed := range []string{"1009-K", "1.009-k", " 1009 K ", "0001009k"} {
		if got := lookup(c, typed); got.Status != http.StatusSeeOther || got.Header.Get("Location") != want {
			t.Errorf("%q: %d to %q", typed, got.Status, got.Header.Get("Location"))
		}
	}
	got := c.PostHX("/lookup", url.Values{"run": {"1009-K"}})
	if got.Status != http.StatusOK || got.Header.Get("HX-Redirect") != want {
		t.Errorf("htmx: %d to %q", got.Status, got.Header.Get("HX-Redirect"))
	}
	if got := c.Get("/files/" + f.ID); got.Status != http.StatusSeeOther || got.Header.Get("Location") != want {
		t.Errorf("the file's address: %d to %q", got.Status, got.Header.Get("Location"))
	}
}

func TestARUNThatCannotBeReadComesBackAsItWasTyped(t *testing.T) {
	c, _ := desk(t, tenantstest.Municipality(t, tenantstest.New(t), "05802"), access.FrontDesk)
	for typed, says := range map[string]string{
		"":                            "Falta el RUN",
		"12.345.678-9":                "no corresponden",
		"12345678-":                   "un solo carácter",
		"Juana Pérez":                 "solo lleva números",
		"１２３４５６７８-5":                  "solo lleva números",
		"<b>1-9</b>":                  "solo lleva números",
		strings.Repeat("1", 300):      "más cifras",
		"12345678-5; DROP TABLE file": "solo lleva números",
		"1009-K\x00":                  "solo lleva números",
		"1009-\xff":                   "solo lleva números",
	} {
		got := lookup(c, typed)
		if got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d", typed, got.Status)
		}
		got.Contains(t, says)
		if kept := htmlOf(typed); !strings.Contains(got.Body, `value="`+kept+`"`) {
			t.Errorf("%q was not kept", typed)
		}
		if strings.Contains(got.Body, "<b>1-9</b>") {
			t.Errorf("what was typed is markup in the page")
		}
	}
	if got := c.PostForm("/lookup", url.Values{"run": {"1-9"}, "other": {"1"}}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("an unknown field: %d", got.Status)
	}
	if got := c.PostForm("/lookup", url.Values{}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("a missing field: %d", got.Status)
	}
}

// htmlOf is a text as it stands in an attribute.
func htmlOf(s string) string { return html.EscapeString(strings.ToValidUTF8(s, "\uFFFD")) }

func TestTheCapHasAPageThatHelps(t *testing.T) {
	m := tenantstest.Municipality(t, tenantstest.New(t), "05802")
	c, s := desk(t, m, access.FrontDesk)
	for i := range 30 {
		if _, err := s.Lookup(context.Background(), worker(m, access.FrontDesk), people.RUNOf(uint32(20_000_000+i))); err != nil {
			t.Fatal(err)
		}
	}
	got := lookup(c, "1-9")
	if got.Status != http.StatusTooManyRequests {
		t.Errorf("got %d", got.Status)
	}
	got.Contains(t, "Espere un minuto")
}

func TestWhoSeesThePagesOfPeople(t *testing.T) {
	files := tenantstest.New(t)
	limache, lolol := tenantstest.Municipality(t, files, "05802"), tenantstest.Municipality(t, files, "06304")
	_, s := desk(t, limache, access.CaseManager)
	f, err := s.Lookup(context.Background(), worker(limache, access.CaseManager), mustRUN(t, "1-9"))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		role         string
		m            *tenants.Municipality
		lookup, read int
		form         int
	}{
		{access.FrontDesk, limache, 303, 303, 200},
		{access.CaseManager, limache, 303, 303, 200},
		{access.UnitHead, limache, 303, 303, 200},
		{access.Director, limache, 303, 303, 403},
		{access.Counterpart, limache, 303, 303, 403},
		{access.TechnicalAssistant, limache, 403, 403, 403},
		{access.NationalAdmin, nil, 404, 404, 404}, // nothing of a municipality exists for it
		{access.CaseManager, lolol, 303, 404, 404},
	} {
		c, _ := desk(t, test.m, test.role)
		if got := lookup(c, "1-9").Status; got != test.lookup {
			t.Errorf("%s: lookup %d, want %d", test.role, got, test.lookup)
		}
		if got := c.Get("/files/" + f.ID).Status; got != test.read {
			t.Errorf("%s: file %d, want %d", test.role, got, test.read)
		}
		if got := c.Get("/files/" + f.ID + "/person").Status; got != test.form {
			t.Errorf("%s: form %d, want %d", test.role, got, test.form)
		}
		posted := c.PostForm("/files/"+f.ID+"/person", url.Values{"given_names": {"Rosa"}, "surnames": {"Soto"}, "version": {"1"}}).Status
		if test.form != 200 && posted != test.form {
			t.Errorf("%s: write %d, want %d", test.role, posted, test.form)
		}
	}
}

func TestThePersonsForm(t *testing.T) {
	m := tenantstest.Municipality(t, tenantstest.New(t), "05802")
	c, s := desk(t, m, access.FrontDesk)
	f, err := s.Lookup(context.Background(), worker(m, access.FrontDesk), mustRUN(t, "1-9"))
	if err != nil {
		t.Fatal(err)
	}
	address := "/files/" + f.ID + "/person"
	form := url.Values{"given_names": {"Rosa Ester"}, "surnames": {""}, "birth_date": {"31-02-1951"}, "phone": {"9 8123 4567"}, "address": {"Av. Palmira 210"}, "version": {"1"}}

	got := c.PostForm(address, form)
	if got.Status != http.StatusUnprocessableEntity {
		t.Fatalf("got %d", got.Status)
	}
	got.Contains(t, `value="31-02-1951"`, `value="Rosa Ester"`, `href="#f-birth_date"`)

	got = c.PostHX(address, form)
	if got.Status != http.StatusUnprocessableEntity || strings.Contains(got.Body, "<html") {
		t.Errorf("htmx gets %d and more than the form", got.Status)
	}

	form.Set("birth_date", "03-02-1951")
	form.Set("surnames", "Soto")
	got = c.PostForm(address, form)
	if got.Status != http.StatusSeeOther || got.Header.Get("Location") != "/files/"+f.ID+"/screening" {
		t.Fatalf("got %d to %q", got.Status, got.Header.Get("Location"))
	}
	c.Get(address).Contains(t, "Rosa Ester Soto", "+56 9 8123 4567", `value="03-02-1951"`, "75 años")

	form.Set("given_names", "Rosa")
	got = c.PostForm(address, form) // still version 1
	if got.Status != http.StatusConflict {
		t.Errorf("two at one form: %d", got.Status)
	}
	got.Contains(t, "Lo que está guardado ahora", `value="Rosa"`, "Rosa Ester", `name="version" value="2"`)
}

// The canary: a RUN and a name that stand in no address and no line of the log.
func TestNoPersonInAddressesOrLogs(t *testing.T) {
	m := tenantstest.Municipality(t, tenantstest.New(t), "05802")
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s := people.NewService(logger)
	broken := false
	s.OnLookup = append(s.OnLookup, func(*tenants.Tx, actor.Actor, people.File) error {
		if broken {
			return fault.New(fault.Internal, "fault.unavailable")
		}
		return nil
	})
	gate := &webtest.Gate{}
	c := webtest.WithConfig(t, web.Config{Log: logger, Gate: gate}, gate, people.NewHandlers(s).Mount)
	gate.In = &web.Session{Actor: worker(m, access.FrontDesk), TokenKey: []byte("0123456789abcdef"), Language: "es-CL"}
	c.Gate = gate

	var addresses strings.Builder
	for _, run := range []string{"13.669.275-5", "13669275-4", "13669275-5x"} {
		got := lookup(c, run)
		addresses.WriteString(got.Header.Get("Location") + "\n")
		if got.Status == http.StatusSeeOther {
			file := strings.TrimSuffix(got.Header.Get("Location"), "/screening")
			c.PostForm(file+"/person", url.Values{"given_names": {"Canaria"}, "surnames": {"Amarilla"}, "version": {"1"}})
			c.PostForm(file+"/person", url.Values{"given_names": {"Canaria"}, "surnames": {""}, "version": {"9"}})
		}
	}
	broken = true
	if got := lookup(c, "13.669.275-5"); got.Status != http.StatusInternalServerError {
		t.Errorf("got %d", got.Status)
	}
	if log.Len() == 0 {
		t.Fatal("nothing was logged: the canary proves nothing")
	}
	for _, text := range []string{"13669275", "13.669.275", "Canaria", "Amarilla"} {
		if strings.Contains(log.String(), text) || strings.Contains(addresses.String(), text) {
			t.Errorf("%q in a log line or an address:\n%s%s", text, addresses.String(), log.String())
		}
	}
}
