package people_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/kit/web/webtest"
	"gsl/app/people"
)

// Somebody of the registry without a file is listed without their RUN; to open
// them is a lookup, for who searched alone.
func TestPeopleOfTheRegistryAreListedAndOpened(t *testing.T) {
	m, s, _ := town(t)
	s.Strangers = func(_ context.Context, _ actor.Actor, words []string, _ int) ([]people.Stranger, error) {
		if strings.Join(words, " ") != "mariana" {
			return nil, nil
		}
		known := people.Stranger{RUN: people.RUNOf(10_000_002), Is: people.Registered{GivenNames: "Mariana", Surnames: "González Ñancupil"}, By: people.ByName}
		fresh := people.Stranger{RUN: people.RUNOf(15_000_000), Is: people.Registered{GivenNames: "Mariana Paz", Surnames: "Tapia", BirthDate: date(2000, 1, 1), CommuneCode: "05802"}, By: people.ByName}
		return []people.Stranger{known, fresh}, nil
	}
	c := webtest.New(t, worker(m, access.FrontDesk), people.NewHandlers(s).Mount)
	got := c.PostForm("/search", url.Values{"q": {"mariana"}})
	got.Contains(t, "2 personas encontradas", "Mariana Paz Tapia", "26 años · Limache", "Sin ficha aún")
	got.Lacks(t, "15.000.000", "15000000")
	if strings.Count(got.Body, "Mariana González") != 1 {
		t.Error("who has a file is listed twice")
	}
	key := between(got.Body, `name="person" value="`, `"`)
	if _, err := s.LookupOffered(context.Background(), worker(m, access.CaseManager), key); !fault.Is(err, fault.NotFound) {
		t.Errorf("a colleague uses the key: %v", err)
	}
	opened := c.PostForm("/people/open", url.Values{"person": {key}})
	if opened.Status != http.StatusSeeOther || !strings.HasSuffix(opened.Header.Get("Location"), "/screening") {
		t.Fatalf("got %d to %q", opened.Status, opened.Header.Get("Location"))
	}
	if n := count(t, m, `SELECT count(*) FROM file WHERE run = 15000000`); n != 1 {
		t.Errorf("%d files", n)
	}
	if got := c.PostForm("/people/open", url.Values{"person": {"forged"}}); got.Status != http.StatusSeeOther || got.Header.Get("Location") != "/search" {
		t.Errorf("a forged key: %d to %q", got.Status, got.Header.Get("Location"))
	}
	if n := count(t, m, `SELECT count(*) FROM audit WHERE action = 'people.searched' AND json_extract(detail, '$.registered') LIKE '15000000-%'`); n != 1 {
		t.Errorf("%d entries of whose name was shown", n)
	}

	s.Strangers = func(context.Context, actor.Actor, []string, int) ([]people.Stranger, error) {
		return nil, errors.New("down")
	}
	c.PostForm("/search", url.Values{"q": {"mariana"}}).Contains(t, "Mariana González")
}
