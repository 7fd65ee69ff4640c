package screening_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"gsl/app/benefit"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/app/screening"
	"gsl/tenants"
)

func TestFactsForTheCatalogue(t *testing.T) {
	h := build(t)
	h.registry.put(mockHousehold())
	h.grant(luis, "E203", "Pañales e insumos", benefit.InKind, "2026-11-10", 1, 25_000)
	f := h.lookup(h.manager(), maria)
	facts, err := h.screening.Facts(context.Background(), h.manager(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if facts.Registered != catalogue.Yes || facts.Tramo != 40 || facts.Income != 412_300 || !facts.IncomeKnown || facts.Today != day("2026-11-21") {
		t.Errorf("household: %+v", facts)
	}
	if facts.OwnCommune != catalogue.Yes {
		t.Errorf("own commune: %v", facts.OwnCommune)
	}
	person := facts.Members[facts.Person]
	if person.Holder != maria.String() || person.Carer != catalogue.Yes || person.Disability != catalogue.No || !person.DependencyKnown {
		t.Errorf("person: %+v", person)
	}
	if len(facts.Received) != 4 || facts.Received[0].Code != "E203" || facts.Received[0].Holder != luis.String() {
		t.Errorf("received: %+v", facts.Received)
	}
	if n, err := h.views(); err != nil || n != 1 { // the lookup's
		t.Errorf("asking for facts left %d views (%v): whoever shows them leaves one", n, err)
	}
}

func (h *house) views() (n int, err error) {
	err = h.limache.Access().View(context.Background(), func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM access_view`).Scan(&n)
	})
	return n, err
}

func TestTheHooksOfThePage(t *testing.T) {
	h := build(t)
	h.registry.put(mockHousehold())
	var asked []string
	h.screening.HouseholdWork = func(_ *tenants.Tx, _ actor.Actor, holders []string) ([]screening.Work, error) {
		asked = holders
		return []screening.Work{{Kind: screening.PlanWork, Holder: luis.String(), Name: "Luis Soto Araya", Number: "2026-0184", Pending: 1}}, nil
	}
	h.screening.CartPanel = func(context.Context, *tenants.Tx, actor.Actor, people.File) (templ.Component, error) {
		return templ.Raw("<section id=cart></section>"), nil
	}
	f := h.lookup(h.manager(), maria)
	sc := h.compile(h.manager(), f.ID)
	for _, holder := range asked {
		if holder == maria.String() {
			t.Error("the person's own work is asked for among the others'")
		}
	}
	if len(asked) != 3 || len(sc.Work) != 1 || sc.Cart == nil {
		t.Errorf("asked %v, work %v, cart %v", asked, sc.Work, sc.Cart)
	}
	h.screening.CartPanel = func(context.Context, *tenants.Tx, actor.Actor, people.File) (templ.Component, error) {
		return nil, errDown
	}
	if _, err := h.screening.Compile(context.Background(), h.manager(), f.ID); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a hook that fails: %v", err)
	}
}

// What ails the registry or a snapshot is logged without anybody's name.
func TestNobodyIsNamedInTheLog(t *testing.T) {
	h := build(t)
	var log bytes.Buffer
	h.screening = screening.NewService(h.registry, h.people, slog.New(slog.NewTextHandler(&log, nil)))
	h.registry.put(mockHousehold())
	f := h.lookup(h.manager(), maria)
	h.exec(`CREATE TRIGGER full BEFORE INSERT ON snapshot BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
	h.compile(h.manager(), f.ID)
	h.exec(`DROP TRIGGER full`)
	h.compile(h.manager(), f.ID)
	h.exec(`UPDATE snapshot SET body = '{"v":1,"data_date":"González","members":[{"run":"12345678-5","given_names":"María"}]}'`)
	h.registry.fail(errDown)
	h.compile(h.manager(), f.ID)
	for _, line := range []string{"keep the screening", "social registry unavailable", "read the kept screening"} {
		if !strings.Contains(log.String(), line) {
			t.Errorf("%q is not in the log:\n%s", line, log.String())
		}
	}
	for _, name := range []string{"12345678", "12.345.678", "González", "María"} {
		if strings.Contains(log.String(), name) {
			t.Errorf("%q in the log:\n%s", name, log.String())
		}
	}
}
