package people_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

func jean() people.Newcomer {
	return people.Newcomer{Identity: people.Identity{GivenNames: "Jean Baptiste", Surnames: "Louis", BirthDate: date(1985, 2, 1), Phone: "9 1234 5678"},
		Nationality: "haitiana", DocumentKind: "passport", Document: "ht-998.877", Reason: "foreign"}
}

func TestAPersonWithoutRUNGetsAProvisionalID(t *testing.T) {
	files, clock := tenantstest.NewWithClock(t)
	m := tenantstest.Municipality(t, files, "05802")
	s := people.NewService(nil)
	attended := 0
	s.OnLookup = append(s.OnLookup, func(*tenants.Tx, actor.Actor, people.File) error { attended++; return nil })
	who := worker(m, access.FrontDesk)
	f, _, err := s.LookupWithoutRUN(context.Background(), who, jean())
	if err != nil || f.ProvisionalID != "SR-05802-2026-1" || !f.RUN.IsZero() || f.Name() != "Jean Baptiste Louis" || f.Phone != "+56912345678" || f.Source != people.FromDesk {
		t.Fatalf("%+v (%v)", f, err)
	}
	if attended != 1 {
		t.Errorf("the attention opened %d times", attended)
	}
	if n := count(t, m, `SELECT count(*) FROM audit WHERE action = 'people.file_opened' AND json_extract(detail, '$.reason') = 'foreign'`); n != 1 {
		t.Errorf("%d entries in the trail", n)
	}
	for _, typed := range []string{"sr-05802-2026-1", "HT998877", "ht 998 877", "louis jean", "912345678"} {
		clock.Advance(time.Minute)
		got, err := s.Search(context.Background(), who, typed)
		if err != nil || len(got.Found) != 1 || got.Found[0].File.ID != f.ID {
			t.Errorf("%q found %+v (%v)", typed, got.Found, err)
		}
	}
	clock.Set(time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC))
	other := jean()
	other.GivenNames, other.Surnames, other.Document, other.BirthDate = "Rose", "Pierre", "", date(1990, 1, 1)
	if f, _, err := s.LookupWithoutRUN(context.Background(), who, other); err != nil || f.ProvisionalID != "SR-05802-2027-1" {
		t.Errorf("in the new year: %q %v", f.ProvisionalID, err)
	}
}

func TestProvisionalIDsHaveNoGapsAndAFormMakesOneFile(t *testing.T) {
	m := tenantstest.Municipality(t, tenantstest.New(t), "05802")
	s := people.NewService(nil)
	var wg sync.WaitGroup
	for i := range 20 {
		for range 2 { // each form is sent twice at once
			wg.Go(func() {
				who := worker(m, access.FrontDesk)
				who.UserID += strconv.Itoa(i)
				n := jean()
				n.GivenNames, n.Document, n.Key, n.Anyway = "Jean"+strings.Repeat("a", i), "", "form"+strconv.Itoa(i), "es otro"
				if _, _, err := s.LookupWithoutRUN(context.Background(), who, n); err != nil {
					t.Error(err)
				}
				bad := n
				bad.Reason, bad.Key = "", ""
				if _, _, err := s.LookupWithoutRUN(context.Background(), who, bad); !fault.Is(err, fault.Invalid) {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	if n := count(t, m, `SELECT count(*) * 1000 + max(number) FROM provisional`); n != 20_020 {
		t.Errorf("%d files with the last number %d, want 20 and 20", n/1000, n%1000)
	}
	if n := count(t, m, `SELECT count(*) FROM file`); n != 20 {
		t.Errorf("%d files", n)
	}
}

func TestWhoMayBeTheSamePersonIsLookedForFirst(t *testing.T) {
	m := tenantstest.Municipality(t, tenantstest.New(t), "05802")
	s := people.NewService(nil)
	who := worker(m, access.CaseManager)
	first, _, err := s.LookupWithoutRUN(context.Background(), who, jean())
	if err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(*people.Newcomer){
		"the document, with another name": func(n *people.Newcomer) {
			n.GivenNames, n.Surnames, n.BirthDate, n.DocumentKind = "X", "Y", date(1, 1, 1), "other"
		},
		"a name that sounds the same": func(n *people.Newcomer) { n.GivenNames, n.Surnames, n.Document = "Yean Batiste", "Louiz", "" },
		"day and month swapped":       func(n *people.Newcomer) { n.BirthDate, n.Document = date(1985, 1, 2), "" },
		"the name, no birth date":     func(n *people.Newcomer) { n.BirthDate, n.Document = date(0, 0, 0), "" },
	} {
		n := jean()
		change(&n)
		_, found, err := s.LookupWithoutRUN(context.Background(), who, n)
		if what == "the document, with another name" && fault.Is(err, fault.Invalid) {
			n.BirthDate = date(1990, 1, 1)
			_, found, err = s.LookupWithoutRUN(context.Background(), who, n)
		}
		if !fault.Is(err, fault.Conflict) || len(found.Found) != 1 || found.Found[0].File.ID != first.ID {
			t.Errorf("%s: %+v %v", what, found, err)
		}
	}
	n := jean()
	n.GivenNames, n.Surnames, n.Document = "Rose", "Pierre", ""
	if _, _, err := s.LookupWithoutRUN(context.Background(), who, n); err != nil {
		t.Errorf("somebody else born that day: %v", err)
	}
	n = jean()
	n.Anyway = "es su gemelo"
	twin, _, err := s.LookupWithoutRUN(context.Background(), who, n)
	if err != nil || twin.ID == first.ID {
		t.Errorf("anyway: %v", err)
	}
	if n := count(t, m, `SELECT count(*) FROM audit WHERE json_extract(detail, '$.anyway') = 'es su gemelo'`); n != 1 {
		t.Error("why it was made anyway is not in the trail")
	}
}

func TestTheNewcomersForm(t *testing.T) {
	m := tenantstest.Municipality(t, tenantstest.New(t), "05802")
	c, _ := desk(t, m, access.FrontDesk)
	page := c.Get("/people/new")
	page.Contains(t, "Atención sin RUN", `name="key" value="`)
	form := url.Values{"key": {between(page.Body, `name="key" value="`, `"`)}, "given_names": {"Rose"}, "surnames": {"Pierre"},
		"birth_date": {"31-02-1990"}, "document": {"P<1"}, "document_kind": {""}, "reason": {""}}
	got := c.PostForm("/people/new", form)
	if got.Status != http.StatusUnprocessableEntity {
		t.Fatalf("got %d", got.Status)
	}
	got.Contains(t, `value="31-02-1990"`, `value="P&lt;1"`, `href="#f-birth_date"`)
	form.Set("birth_date", "28-02-1990")
	got = c.PostForm("/people/new", form)
	got.Contains(t, `href="#f-reason"`, `href="#f-document"`)
	form.Set("document", "PA 123")
	form.Set("document_kind", "passport")
	form.Set("reason", "foreign")
	for range 2 { // sent twice: one file
		got = c.PostForm("/people/new", form)
		if got.Status != http.StatusSeeOther {
			t.Fatalf("got %d:\n%s", got.Status, got.Body)
		}
	}
	if n := count(t, m, `SELECT count(*) FROM file`); n != 1 {
		t.Errorf("%d files", n)
	}
	form.Set("key", "another")
	got = c.PostForm("/people/new", form)
	if got.Status != http.StatusConflict {
		t.Fatalf("the same again: %d", got.Status)
	}
	got.Contains(t, "puede ser de esta persona", "Rose Pierre", "Por documento", `name="anyway"`, `value="PA 123"`, "Crear de todos modos")
	for _, hostile := range []url.Values{
		{"given_names": {strings.Repeat("a", 300)}}, {"given_names": {"😀"}}, {"surnames": {"１２３"}}, {"document": {strings.Repeat("9", 300)}},
		{"nationality": {"a\x00b"}}, {"sex": {"'; DROP TABLE file; --"}}, {"document_kind": {"run"}}, {"phone": {"=1+1"}}, {"anyway": {strings.Repeat("x", 301)}},
		{"key": {strings.Repeat("k", 41)}}, {"unknown": {"1"}}, {"birth_date": {"01-01-1850"}}, {"birth_date": {"01-01-2030"}},
	} {
		sent := url.Values{}
		for name, values := range form {
			sent[name] = values
		}
		for name, values := range hostile {
			sent[name] = values
		}
		if got := c.PostForm("/people/new", sent); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", hostile, got.Status)
		}
	}
	director, _ := desk(t, m, access.Director)
	if got := director.Get("/people/new"); got.Status != http.StatusForbidden {
		t.Errorf("a director: %d", got.Status)
	}
}

// A walk through names of newcomers is capped like one through RUNs.
func TestNewcomersAreCapped(t *testing.T) {
	m := tenantstest.Municipality(t, tenantstest.New(t), "05802")
	s := people.NewService(nil)
	refused := 0
	for range 40 {
		if _, _, err := s.LookupWithoutRUN(context.Background(), worker(m, access.FrontDesk), jean()); fault.Is(err, fault.TooMany) {
			refused++
		}
	}
	if refused != 10 {
		t.Errorf("%d of 40 were refused", refused)
	}
}

// A step back in the browser brings the form back with its key: filled in for
// somebody else it opens another file, never the one of who was there before.
func TestAFormFilledInAnewIsAnotherPersons(t *testing.T) {
	m := tenantstest.Municipality(t, tenantstest.New(t), "05802")
	s := people.NewService(nil)
	who := worker(m, access.FrontDesk)
	first := jean()
	first.Key = "form"
	next := first
	next.GivenNames, next.Surnames, next.BirthDate, next.Document = "Rose", "Pierre", date(1990, 2, 28), ""
	files := map[string]int{}
	for _, n := range []people.Newcomer{first, next, first, next} {
		f, _, err := s.LookupWithoutRUN(context.Background(), who, n)
		if err != nil || f.GivenNames != n.GivenNames {
			t.Fatalf("%s got the file of %q: %v", n.GivenNames, f.GivenNames, err)
		}
		files[f.ID]++
	}
	if len(files) != 2 {
		t.Errorf("%d files of two people", len(files))
	}
}
