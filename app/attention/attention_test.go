package attention_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/attention"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/app/kit/pdf"
	"gsl/app/kit/web"
	"gsl/app/kit/web/webtest"
	"gsl/app/people"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

// house is the part of the house that the tests of attention need.
type house struct {
	t         *testing.T
	files     *tenants.Files
	clock     *tenantstest.Clock
	limache   *tenants.Municipality
	lolol     *tenants.Municipality
	people    *people.Service
	attention *attention.Service
}

func build(t *testing.T) *house {
	t.Helper()
	files, clock := tenantstest.NewWithClock(t)
	h := &house{t: t, files: files, clock: clock, limache: tenantstest.Municipality(t, files, "05802"), lolol: tenantstest.Municipality(t, files, "06304"),
		people: people.NewService(nil)}
	h.attention = attention.NewService(h.people, catalogue.NewService(files.National(), clock.Now), clock.Now)
	h.people.OnLookup = append(h.people.OnLookup, h.attention.OnLookup)
	h.people.OnFrame = append(h.people.OnFrame, h.attention.OnFrame)
	h.people.Why = h.attention.Why
	return h
}

func (h *house) worker(m *tenants.Municipality, role, unit string) actor.Actor {
	return actor.Actor{UserID: "user-" + role + unit, MembershipID: "m", Name: "Camila Rojas Soto", Role: role, UnitID: unit, UnitName: "Unidad " + unit,
		Municipality: m, RequestID: "request", Permissions: access.PermissionsOf(role, unit)}
}

func (h *house) manager() actor.Actor {
	return h.worker(h.limache, access.CaseManager, access.SocialUnit)
}

func (h *house) head() actor.Actor { return h.worker(h.limache, access.UnitHead, access.SocialUnit) }

func (h *house) lookup(who actor.Actor, body uint32) people.File {
	h.t.Helper()
	f, err := h.people.Lookup(context.Background(), who, people.RUNOf(body))
	if err != nil {
		h.t.Fatal(err)
	}
	return f
}

func (h *house) exec(query string, args ...any) {
	h.t.Helper()
	h.update(func(tx *tenants.Tx) error { _, err := tx.Exec(query, args...); return err })
}

func (h *house) update(work func(*tenants.Tx) error) {
	h.t.Helper()
	if err := h.limache.Update(context.Background(), work); err != nil {
		h.t.Fatal(err)
	}
}

// changed leaves a change of the actor's in the trail.
func (h *house) changed(who actor.Actor, file, action string, detail map[string]string) {
	h.t.Helper()
	h.update(func(tx *tenants.Tx) error {
		return audit.Record(tx, who, audit.Change{Action: action, Object: "object", File: file, Detail: detail})
	})
}

// states lists the attentions in the order they opened.
func (h *house) states() string {
	h.t.Helper()
	var list []string
	err := h.limache.View(context.Background(), func(tx *tenants.Tx) error {
		rows, err := tx.Query(`SELECT desk || ' ' || day || ' ' || state || ' ' || outcome FROM attention ORDER BY opened_at, id`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				return err
			}
			list = append(list, strings.TrimSpace(line))
		}
		return rows.Err()
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return strings.Join(list, "; ")
}

func (h *house) expect(want string) {
	h.t.Helper()
	if got := h.states(); got != want {
		h.t.Errorf("attentions: %s\nwant:       %s", got, want)
	}
}

func TestTheSameDeskGoesOnWithItsAttention(t *testing.T) {
	h := build(t)
	h.lookup(h.manager(), 1)
	h.clock.Advance(time.Hour)
	h.lookup(h.manager(), 1)
	h.lookup(h.head(), 1) // a colleague of the same unit
	h.expect("social 2026-11-21 open")
	h.clock.Advance(time.Hour)
	h.lookup(h.worker(h.limache, access.RSHDesk, access.RSHUnit), 1)
	h.expect("social 2026-11-21 open; rsh 2026-11-21 open")
	h.lookup(h.worker(h.limache, access.Director, ""), 1) // attends nobody
	h.expect("social 2026-11-21 open; rsh 2026-11-21 open")
	h.clock.Advance(time.Hour)
	general := h.worker(h.limache, access.FrontDesk, "")
	general.UnitName = ""
	f := h.lookup(general, 1) // a desk without unit
	h.lookup(general, 1)
	h.expect("social 2026-11-21 open; rsh 2026-11-21 open; front_desk 2026-11-21 open")
	h.client(general).Get("/files/"+f.ID+"/history").Contains(t, "Atención · Mesón general")
	h.changed(general, f.ID, "people.identified", nil)
	h.clock.Advance(24 * time.Hour)
	h.lookup(general, 2)
	h.expect("social 2026-11-21 discarded; rsh 2026-11-21 discarded; front_desk 2026-11-21 finished oriented; front_desk 2026-11-22 open")
}

func TestTheDaysEnd(t *testing.T) {
	h := build(t)
	idle := h.lookup(h.manager(), 1)
	casework := h.lookup(h.manager(), 2)
	h.clock.Advance(time.Minute)
	written := h.lookup(h.manager(), 3)
	h.clock.Advance(time.Minute)
	noted := h.lookup(h.manager(), 4)
	h.changed(h.manager(), casework.ID, "cart.add", nil)
	h.changed(h.manager(), written.ID, "people.identified", nil)
	h.changed(h.worker(h.limache, access.RSHDesk, access.RSHUnit), idle.ID, "cart.add", nil) // another unit's change
	h.changed(h.manager(), idle.ID, "screening.kept", nil)                                   // nobody's doing
	h.exec(`UPDATE attention SET note = 'vino por leña' WHERE file_id = ?`, noted.ID)

	h.clock.Advance(9 * time.Hour) // the same day in Santiago
	h.lookup(h.manager(), 1)
	if strings.Contains(h.states(), "finished") || strings.Contains(h.states(), "discarded") {
		t.Errorf("before the day's end: %s", h.states())
	}
	h.clock.Advance(15 * time.Hour)
	h.lookup(h.manager(), 5)
	got := map[string]int{}
	for _, line := range strings.Split(h.states(), "; ") {
		got[line]++
	}
	for line, n := range map[string]int{"social 2026-11-21 discarded": 1, "social 2026-11-21 finished casework": 1,
		"social 2026-11-21 finished oriented": 2, "social 2026-11-22 open": 1} {
		if got[line] != n {
			t.Errorf("%d × %s, want %d; all: %s", got[line], line, n, h.states())
		}
	}
}

func TestTheHeaderSaysWhenThePersonCameLast(t *testing.T) {
	h := build(t)
	f := h.lookup(h.manager(), 1)
	h.changed(h.manager(), f.ID, "cart.add", nil)
	h.clock.Advance(12 * 24 * time.Hour)
	h.update(attention.Seed)
	h.lookup(h.manager(), 1)
	frame := func() string {
		_, frame, err := h.people.Visit(context.Background(), h.manager(), f.ID, people.ScreeningSection, "screening")
		if err != nil || len(frame.Alerts) != 1 {
			t.Fatalf("%+v (%v)", frame, err)
		}
		return frame.Alerts[0].Text
	}
	if got := frame(); got != "Última atención hace 12 días · Unidad social" {
		t.Errorf("got %q", got)
	}
	h.exec(`UPDATE attention SET topic = 'T03' WHERE state = 'finished'`)
	if got := frame(); got != "Última atención hace 12 días · Alimentación" {
		t.Errorf("got %q", got)
	}
}

func TestTopicsAreSeededOnceAndStayEdited(t *testing.T) {
	h := build(t)
	h.update(attention.Seed)
	h.exec(`UPDATE topic SET name = 'Leña' WHERE code = 'T01'`)
	h.update(attention.Seed)
	var count int
	var name string
	h.update(func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT count(*), max(CASE WHEN code = 'T01' THEN name END) FROM topic`).Scan(&count, &name)
	})
	if count != 18 || name != "Leña" {
		t.Errorf("%d topics, T01 is %q", count, name)
	}
}

func (h *house) client(who actor.Actor) *webtest.Client {
	return webtest.New(h.t, who, func(r *web.Router) {
		people.NewHandlers(h.people).Mount(r)
		attention.NewHandlers(h.attention, pdf.NewPress()).Mount(r)
	})
}

func TestTheWorkbench(t *testing.T) {
	h := build(t)
	empty := h.client(h.manager()).Get("/")
	empty.Contains(t, "Buenas tardes, Camila", `action="/lookup"`, "Hoy todavía no ha atendido a nadie", "No tiene planes abiertos")

	yesterday := h.lookup(h.manager(), 7)
	h.clock.Advance(24 * time.Hour)
	f := h.lookup(h.manager(), 12_345_678)
	h.update(func(tx *tenants.Tx) error {
		return people.Fill(tx, f.ID, people.Registered{GivenNames: "María", Surnames: "González"})
	})
	h.lookup(h.head(), 12_345_678) // a colleague goes on with it: it stays mine too
	other := h.lookup(h.worker(h.limache, access.RSHDesk, access.RSHUnit), 9)
	h.attention.OpenPlans = func(*tenants.Tx, actor.Actor) ([]attention.Work, error) {
		return []attention.Work{{Href: "/plans/01J", Name: "Luis Soto", Number: "2026-0184", Pending: 2, Confirmed: 1, Since: h.clock.Now().Add(-9 * 24 * time.Hour)}}, nil
	}
	got := h.client(h.manager()).Get("/")
	got.Contains(t, "María González", "12.345.678-5", "/files/"+f.ID+"/screening", "2026-0184", `href="/plans/01J"`, "2 pendientes", "1 confirmado", "hace 9 días")
	got.Lacks(t, yesterday.ID, other.ID)

	desk := h.client(h.worker(h.limache, access.FrontDesk, access.SocialUnit)).Get("/")
	desk.Lacks(t, "Mis planes abiertos", "2026-0184", "María González")
	location(t, h.client(h.worker(nil, access.NationalAdmin, "")).Get("/"), "/admin")
	assistant := h.client(h.worker(nil, access.TechnicalAssistant, "")).Get("/")
	assistant.Contains(t, "no ve datos de personas")
	assistant.Lacks(t, "/lookup", "María")
}

func TestTheHistoryOfAFile(t *testing.T) {
	h := build(t)
	h.update(attention.Seed)
	f := h.lookup(h.manager(), 1)
	h.clock.Advance(time.Minute)
	h.changed(h.manager(), f.ID, "plan.item_status", map[string]string{"from": "pending", "to": "not-achieved", "reason": "no vino"})
	h.clock.Advance(time.Minute)
	h.changed(h.manager(), f.ID, "screening.kept", map[string]string{"from": "1", "to": "2"})
	h.changed(h.manager(), f.ID, "something.new", nil)
	h.lookup(h.manager(), 2)
	h.changed(h.manager(), "another file", "plan.create", map[string]string{"folio": "2026-0001"})
	h.attention.Names = func(_ context.Context, ids []string) (map[string]string, error) {
		return map[string]string{h.manager().UserID: "Camila Rojas"}, nil
	}

	page := "/files/" + f.ID + "/history"
	got := h.client(h.manager()).Get(page)
	got.Contains(t, "21-11-2026", "Atención · Unidad social", "abierta", "Se abrió la ficha", "Cambió el estado de un ítem", "de pendiente a no logrado",
		"Motivo: no vino", "cambio de hogar", "Otro cambio en la ficha", "Camila Rojas", "lo ve la jefatura")
	got.Lacks(t, "Buscó el RUN", "2026-0001")
	head := h.client(h.head())
	head.Get(page)
	head.Get(page).Contains(t, "Buscó el RUN", "Vio el historial · 2 veces", "Jefatura de unidad")

	if got := h.client(h.worker(h.lolol, access.UnitHead, access.SocialUnit)).Get(page); got.Status != http.StatusNotFound {
		t.Errorf("another municipality: %d", got.Status)
	}
	for _, bad := range []string{"x", "a.b.c", "a.1.b", strings.Repeat("a", 40) + ".1.1"} {
		if got := h.client(h.manager()).Get(page + "?before=" + bad); got.Status != http.StatusNotFound {
			t.Errorf("before=%s: %d", bad, got.Status)
		}
	}
}

// Every event is on exactly one page, whatever falls on the same instant.
func TestTheHistoryIsPagedWithoutGapsOrRepeats(t *testing.T) {
	h := build(t)
	f := h.lookup(h.head(), 1)
	for i := range 60 {
		if i%3 == 0 {
			h.clock.Advance(time.Second)
		}
		h.changed(h.head(), f.ID, "plan.status", map[string]string{"folio": fmt.Sprintf("folio-%03d", i)})
		if i%5 == 0 { // told by the plan's own line, so never shown as a change
			h.changed(h.head(), f.ID, "plan.create", map[string]string{"folio": "P-1"})
		}
		if i%4 == 0 {
			_, _, err := h.people.Visit(context.Background(), h.head(), f.ID, people.PlanSection, fmt.Sprintf("page-%d", i))
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	seen := map[string]int{}
	from := ""
	pages := 0
	for {
		past, err := h.attention.History(context.Background(), h.head(), f.ID, attention.AnyKind, from)
		if err != nil {
			t.Fatal(err)
		}
		for i := range past.Events {
			e := &past.Events[i]
			switch {
			case e.Change != nil:
				seen[fmt.Sprint(e.Change.Action, " ", e.Change.Seq)]++
			case e.View != nil && e.View.Action != "history":
				seen[fmt.Sprint("view ", e.View.Seq)]++
			case e.Attention != nil:
				seen["attention "+e.Attention.ID]++
			}
			if i > 0 && past.Events[i-1].At.Before(e.At) {
				t.Errorf("page %d is not newest first", pages)
			}
		}
		if pages++; past.Older == "" {
			break
		}
		from = past.Older
	}
	if pages != 2 {
		t.Errorf("%d pages", pages)
	}
	if len(seen) != 60+1+15+1+1 { // changes, file opened, views, lookup, attention
		t.Errorf("%d events", len(seen))
	}
	for what, n := range seen {
		if n != 1 {
			t.Errorf("%s is shown %d times", what, n)
		}
	}
}

func TestALongRowOfViewsDoesNotEndTheHistory(t *testing.T) {
	h := build(t)
	f := h.lookup(h.head(), 1)
	for range 120 {
		if _, _, err := h.people.Visit(context.Background(), h.head(), f.ID, people.PlanSection, "plan"); err != nil {
			t.Fatal(err)
		}
	}
	found, from := false, ""
	for range 10 {
		past, err := h.attention.History(context.Background(), h.head(), f.ID, attention.AnyKind, from)
		if err != nil {
			t.Fatal(err)
		}
		for i := range past.Events {
			found = found || past.Events[i].Attention != nil
		}
		if from = past.Older; from == "" {
			break
		}
	}
	if !found {
		t.Error("the attention behind the views is never shown")
	}
}

func TestHistoryNeedsThePermission(t *testing.T) {
	h := build(t)
	f := h.lookup(h.manager(), 1)
	for _, role := range []string{access.NationalAdmin, access.TechnicalAssistant, ""} {
		_, err := h.attention.History(context.Background(), h.worker(h.limache, role, ""), f.ID, attention.AnyKind, "")
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("%q: %v", role, err)
		}
	}
	if _, err := h.attention.Workbench(context.Background(), actor.Actor{}); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("nobody: %v", err)
	}
}
