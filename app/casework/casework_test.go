package casework_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/casework"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/web/webtest"
	"gsl/app/people"
	"gsl/tenants"
	"gsl/tenants/tenantstest"
)

var background = context.Background()

// unit is Asistencia Social of Limache: two case managers and their head, on a
// real file, with the hooks that the composition root fills.
type unit struct {
	t                  testing.TB
	files              *tenants.Files
	clock              *tenantstest.Clock
	limache            *tenants.Municipality
	people             *people.Service
	service            *casework.Service
	camila, luis, head actor.Actor
	rshHead            actor.Actor
	absences           map[string]casework.Away // user → away today
}

func newUnit(t testing.TB) *unit {
	t.Helper()
	u := &unit{t: t, absences: map[string]casework.Away{}}
	u.files, u.clock = tenantstest.NewWithClock(t)
	u.limache = tenantstest.Municipality(t, u.files, "05802")
	u.camila = u.worker("camila", "Camila Rojas", access.CaseManager, access.SocialUnit)
	u.luis = u.worker("luis", "Luis Moraga", access.CaseManager, access.SocialUnit)
	u.head = u.worker("head", "Hernán Salinas", access.UnitHead, access.SocialUnit)
	u.rshHead = u.worker("rsh", "Rosa Vera", access.UnitHead, access.RSHUnit)
	u.people = people.NewService(nil)
	u.service = casework.NewService(u.people)
	u.people.OnFrame = append(u.people.OnFrame, u.service.OnFrame)
	u.service.Colleagues = func(_ context.Context, _ actor.Actor, unit string) ([]access.Colleague, error) {
		var list []access.Colleague
		for _, who := range []actor.Actor{u.camila, u.luis, u.head, u.rshHead} {
			if unit == "" || who.UnitID == unit {
				list = append(list, access.Colleague{UserID: who.UserID, Name: who.Name, Role: who.Role, UnitID: who.UnitID})
			}
		}
		return list, nil
	}
	u.service.Away = func(_ *tenants.Tx, userID string, _ calendar.Date) (casework.Away, bool, error) {
		away, gone := u.absences[userID]
		return away, gone, nil
	}
	u.service.Replaced = func(_ *tenants.Tx, userID string, _ calendar.Date) (list []string, _ error) {
		for id, away := range u.absences {
			if away.ReplacementID == userID {
				list = append(list, id)
			}
		}
		return list, nil
	}
	return u
}

func (u *unit) worker(id, name, role, unitID string) actor.Actor {
	return actor.Actor{UserID: id, MembershipID: "m-" + id, Name: name, Role: role, UnitID: unitID, UnitName: "Asistencia Social",
		Municipality: u.limache, Permissions: access.PermissionsOf(role, unitID), RequestID: "request"}
}

// file opens the file of a person and gives its id.
func (u *unit) file(n int) string {
	u.t.Helper()
	f, err := u.people.Lookup(background, u.camila, people.RUNOf(uint32(20_000_000+n)))
	if err != nil {
		u.t.Fatal(err)
	}
	return f.ID
}

// with runs work in a transaction of the municipality's file.
func (u *unit) with(work func(tx *tenants.Tx) error) {
	u.t.Helper()
	if err := u.limache.Update(background, work); err != nil {
		u.t.Fatal(err)
	}
}

func (u *unit) assign(who actor.Actor, file string, worker actor.Actor, why string) {
	u.t.Helper()
	u.with(func(tx *tenants.Tx) error {
		return casework.Assign(tx, who, file, access.SocialUnit, worker.UserID, worker.Name, why)
	})
}

// list gives the names of the workers of a list, in its order.
func (u *unit) list(who actor.Actor, ask casework.Ask) casework.List {
	u.t.Helper()
	list, err := u.service.Cases(background, who, ask)
	if err != nil {
		u.t.Fatal(err)
	}
	return list
}

func (u *unit) text(query string, args ...any) (text string) {
	u.t.Helper()
	err := u.limache.View(background, func(tx *tenants.Tx) error { return tx.QueryRow(query, args...).Scan(&text) })
	if err != nil {
		u.t.Fatal(err)
	}
	return text
}

// header is what the person's header says of who is responsible.
func (u *unit) header(file string) string {
	u.t.Helper()
	_, frame, err := u.people.Visit(background, u.camila, file, "", "screening")
	if err != nil {
		u.t.Fatal(err)
	}
	for _, fact := range frame.Facts {
		if strings.HasPrefix(fact.Text, "Responsable") {
			return fact.Text
		}
	}
	return ""
}

func TestAPlanMakesItsWorkerResponsible(t *testing.T) {
	u := newUnit(t)
	file := u.file(1)
	if got := u.header(file); got != "" {
		t.Errorf("before there is a case: %q", got)
	}
	for range 2 {
		u.with(func(tx *tenants.Tx) error { return casework.Ensure(tx, u.camila, file) })
	}
	u.with(func(tx *tenants.Tx) error { return casework.Ensure(tx, u.luis, file) }) // a plan with a colleague's person
	if got := u.header(file); got != "Responsable: Camila Rojas" {
		t.Errorf("got %q", got)
	}
	if n := u.text(`SELECT count(*) FROM case_history`); n != "1" {
		t.Errorf("%s lines of history", n)
	}
	if n := u.text(`SELECT count(*) FROM audit WHERE action = 'case.open' AND file_id = ?`, file); n != "1" {
		t.Errorf("%s entries in the trail", n)
	}
}

// A referral names the worker of a file without one; while nobody else said
// otherwise, the same referral names another.
func TestAReferralNamesTheWorker(t *testing.T) {
	u := newUnit(t)
	file := u.file(1)
	take := func(worker actor.Actor, referral string) string {
		u.with(func(tx *tenants.Tx) error {
			return casework.Take(tx, u.head, file, access.SocialUnit, worker.UserID, worker.Name, referral)
		})
		return u.header(file)
	}
	for i, step := range []struct {
		worker   actor.Actor
		referral string
		want     string
	}{
		{u.camila, "r1", "Responsable: Camila Rojas"}, {u.camila, "r1", "Responsable: Camila Rojas"},
		{u.luis, "r1", "Responsable: Luis Moraga"},   // the head thought again
		{u.camila, "r2", "Responsable: Luis Moraga"}, // another request of the same person
	} {
		if got := take(step.worker, step.referral); got != step.want {
			t.Errorf("step %d: %q", i, got)
		}
	}
	u.assign(u.head, file, u.camila, "Conoce a la familia")
	if got := take(u.luis, "r1"); got != "Responsable: Camila Rojas" {
		t.Errorf("after the head assigned the case: %q", got)
	}
}

func TestACaseMayWaitForAWorker(t *testing.T) {
	u := newUnit(t)
	file := u.file(1)
	u.assign(u.head, file, u.camila, "")
	u.assign(u.head, file, actor.Actor{}, "Renunció")
	if got := u.header(file); got != "Responsable: por asignar" {
		t.Errorf("got %q", got)
	}
	board := u.list(u.head, casework.Ask{Board: true, Worker: casework.NoWorker})
	if len(board.Rows) != 1 || board.Total != 1 || board.Rows[0].Status != casework.Unassigned {
		t.Errorf("the board: %+v", board)
	}
	u.with(func(tx *tenants.Tx) error { return casework.Ensure(tx, u.luis, file) })
	if got := u.header(file); got != "Responsable: Luis Moraga" {
		t.Errorf("got %q", got)
	}
}

// Who waits longest comes first; what is done for a person moves the case, to
// look or to hand it on does not.
func TestTheLongestWithoutMovementComesFirst(t *testing.T) {
	u := newUnit(t)
	var ids []string
	for n := range 3 {
		ids = append(ids, u.file(n))
		u.assign(u.head, ids[n], u.camila, "")
		u.clock.Advance(24 * time.Hour)
	}
	u.with(func(tx *tenants.Tx) error {
		return audit.Record(tx, u.luis, audit.Change{Action: "plan.item_status", Object: "x", File: ids[0]})
	})
	u.clock.Advance(24 * time.Hour)
	for _, action := range []string{"people.file_opened", "screening.kept", "case.assign", "attention.discard", "attention.ticket_call"} {
		u.with(func(tx *tenants.Tx) error {
			return audit.Record(tx, u.luis, audit.Change{Action: action, Object: "x", File: ids[1]})
		})
	}
	u.with(func(tx *tenants.Tx) error { // what the clock ends
		return audit.Record(tx, actor.Actor{Role: "system", Municipality: u.limache}, audit.Change{Action: "referral.close", Object: "x", File: ids[1]})
	})
	u.file(1)
	list := u.list(u.camila, casework.Ask{})
	var got []string
	for i := range list.Rows {
		r := &list.Rows[i]
		got = append(got, fmt.Sprintf("%s %d", u.text(`SELECT run - 20000000 FROM file WHERE id = ?`, r.FileID), r.Still(list.Today)))
	}
	if text := strings.Join(got, ", "); text != "1 3, 2 2, 0 1" {
		t.Errorf("got %s", text)
	}
}

// Pages follow each other without a gap, also when cases move meanwhile.
func TestPagesOfCases(t *testing.T) {
	u := newUnit(t)
	const many = 123
	u.with(func(tx *tenants.Tx) error {
		for n := range many {
			file := tx.NewID()
			if _, err := tx.Exec(`INSERT INTO file (id, run, created_at, created_by) VALUES (?,?,?,'x')`, file, 21_000_000+n, "2026-11-01T00:00:00Z"); err != nil {
				return err
			}
			if err := casework.Assign(tx, u.head, file, access.SocialUnit, u.camila.UserID, u.camila.Name, ""); err != nil {
				return err
			}
		}
		return nil
	})
	for _, board := range []bool{false, true} {
		seen, ask := map[string]bool{}, casework.Ask{Board: board}
		for pages := 1; ; pages++ {
			list := u.list(u.worker("head", "Hernán", access.UnitHead, access.SocialUnit), ask)
			if !board {
				list = u.list(u.camila, ask)
			}
			if list.Total != many {
				t.Fatalf("%d in all", list.Total)
			}
			for i := range list.Rows {
				if seen[list.Rows[i].ID] {
					t.Fatal("a case stands on two pages")
				}
				seen[list.Rows[i].ID] = true
			}
			if list.Next == "" {
				if pages != 3 {
					t.Errorf("%d pages", pages)
				}
				break
			}
			ask.After = list.Next
		}
		if len(seen) != many {
			t.Errorf("board %v: %d cases", board, len(seen))
		}
	}
	for _, after := range []string{"~", "x~y", "2026-11-21", "'; DROP TABLE case_file", strings.Repeat("9", 500)} {
		if list := u.list(u.camila, casework.Ask{After: after}); len(list.Rows) != 50 {
			t.Errorf("after %q: %d rows", after, len(list.Rows))
		}
	}
}

func TestTheReplacementHasTheCases(t *testing.T) {
	u := newUnit(t)
	file := u.file(1)
	u.assign(u.head, file, u.camila, "")
	if list := u.list(u.luis, casework.Ask{}); len(list.Rows) != 0 || list.Total != 0 {
		t.Errorf("a colleague's case on the own list: %+v", list.Rows)
	}
	day, err := calendar.Parse("2026-12-04")
	if err != nil {
		t.Fatal(err)
	}
	u.absences["camila"] = casework.Away{To: day, ReplacementID: "luis", ReplacementName: "Luis Moraga"}
	list := u.list(u.luis, casework.Ask{})
	if len(list.Rows) != 1 || list.Total != 1 || list.Rows[0].Mine || list.Rows[0].Away == nil {
		t.Errorf("the replacement's list: %+v", list)
	}
	if got := u.header(file); got != "Responsable: Camila Rojas (ausente, reemplaza Luis Moraga)" {
		t.Errorf("got %q", got)
	}
}

func TestReassign(t *testing.T) {
	u := newUnit(t)
	var cases []string
	was := map[string]string{}
	for n := range 3 {
		file := u.file(n)
		u.assign(u.head, file, u.camila, "")
		id := u.text(`SELECT id FROM case_file WHERE file_id = ?`, file)
		cases, was[id] = append(cases, id), "camila"
	}
	form := casework.Reassign{Cases: cases, Was: was, Worker: "luis", Reason: "Licencia"}
	for turn, want := range []int{3, 0} { // sent twice: one effect
		if n, err := u.service.Reassign(background, u.head, form); err != nil || n != want {
			t.Errorf("turn %d: %d, %v", turn, n, err)
		}
	}
	if n := u.text(`SELECT count(*) FROM case_history WHERE was = 'Camila Rojas' AND became = 'Luis Moraga' AND reason = 'Licencia' AND name = 'Hernán Salinas'`); n != "3" {
		t.Errorf("%s lines of history", n)
	}
	if n := u.text(`SELECT count(*) FROM audit WHERE action = 'case.assign' AND file_id <> ''`); n != "3" {
		t.Errorf("%s entries in the trail", n)
	}
	for what, c := range map[string]struct {
		who  actor.Actor
		form casework.Reassign
		kind fault.Kind
	}{
		"a case manager":       {u.camila, form, fault.Forbidden},
		"another unit's head":  {u.rshHead, form, fault.Invalid}, // nobody there does casework
		"no reason":            {u.head, casework.Reassign{Cases: cases, Worker: "luis"}, fault.Invalid},
		"a long reason":        {u.head, casework.Reassign{Cases: cases, Worker: "luis", Reason: strings.Repeat("ñ", 501)}, fault.Invalid},
		"nobody chosen":        {u.head, casework.Reassign{Cases: cases, Reason: "x"}, fault.Invalid},
		"a worker from afar":   {u.head, casework.Reassign{Cases: cases, Worker: "rsh", Reason: "x"}, fault.Invalid},
		"no case":              {u.head, casework.Reassign{Worker: "luis", Reason: "x"}, fault.Invalid},
		"too many":             {u.head, casework.Reassign{Cases: make([]string, 201), Worker: "luis", Reason: "x"}, fault.Invalid},
		"an unknown case":      {u.head, casework.Reassign{Cases: []string{cases[0], "nope"}, Worker: "camila", Reason: "x"}, fault.NotFound},
		"a list of yesterday":  {u.head, casework.Reassign{Cases: cases, Was: was, Worker: "head", Reason: "x"}, fault.Conflict},
		"nobody at all":        {actor.Actor{}, form, fault.Forbidden},
		"a blank id among ids": {u.head, casework.Reassign{Cases: []string{""}, Worker: "camila", Reason: "x"}, fault.NotFound},
	} {
		if _, err := u.service.Reassign(background, c.who, c.form); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if n := u.text(`SELECT count(*) FROM case_file WHERE worker_id = 'luis'`); n != "3" {
		t.Errorf("%s cases are Luis's", n)
	}
}

// A whole caseload goes at once, however many pages it has; what the list said
// and what there is must be the same.
func TestAWholeCaseload(t *testing.T) {
	u := newUnit(t)
	for n := range 3 {
		u.assign(u.head, u.file(n), u.camila, "")
	}
	u.assign(u.head, u.file(3), u.luis, "")
	form := casework.Reassign{Whole: true, From: "camila", Total: 3, Worker: "luis", Reason: "Renuncia"}
	for what, c := range map[string]struct {
		change func(*casework.Reassign)
		kind   fault.Kind
	}{
		"one case more than the list said": {func(r *casework.Reassign) { r.Total = 2 }, fault.Conflict},
		"of nobody":                        {func(r *casework.Reassign) { r.From = "" }, fault.Invalid},
	} {
		wrong := form
		c.change(&wrong)
		if _, err := u.service.Reassign(background, u.head, wrong); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for turn, want := range []int{3, 0} {
		if n, err := u.service.Reassign(background, u.head, form); err != nil || n != want {
			t.Errorf("turn %d: %d, %v", turn, n, err)
		}
	}
	if n := u.text(`SELECT count(*) FROM case_file WHERE worker_id = 'luis'`); n != "4" {
		t.Errorf("%s cases are Luis's", n)
	}
}

// Somebody who is away gets a case only when that is said.
func TestAssigningToWhoIsAway(t *testing.T) {
	u := newUnit(t)
	file := u.file(1)
	u.assign(u.head, file, u.luis, "")
	id := u.text(`SELECT id FROM case_file`)
	u.absences["camila"] = casework.Away{ReplacementID: "head", ReplacementName: "Hernán Salinas"}
	c := webtest.New(t, u.head, casework.NewHandlers(u.service).Mount)
	sent := url.Values{"case": {id}, "was[" + id + "]": {"luis"}, "worker": {"camila"}, "reason": {"Conoce el caso"}, "back": {"/cases"}}
	got := c.PostForm("/cases/assign", sent)
	if got.Status != http.StatusUnprocessableEntity {
		t.Errorf("got %d", got.Status)
	}
	got.Contains(t, "Camila Rojas está ausente", `<option value="head" selected>`, "Asignar aunque esté ausente", `value="Conoce el caso"`, `value="`+id+`" checked`)
	sent.Set("anyway", "1")
	if got := c.PostForm("/cases/assign", sent); got.Status != http.StatusSeeOther || got.Header.Get("Location") != "/cases" {
		t.Errorf("got %d to %q", got.Status, got.Header.Get("Location"))
	}
	if got := u.header(file); got != "Responsable: Camila Rojas (ausente, reemplaza Hernán Salinas)" {
		t.Errorf("got %q", got)
	}
}

func TestThePagesOfCases(t *testing.T) {
	u := newUnit(t)
	file := u.file(1)
	u.assign(u.head, file, u.camila, "<b>porque</b>")
	id := u.text(`SELECT id FROM case_file`)
	for _, c := range []struct {
		who    actor.Actor
		path   string
		status int
		shows  string
	}{
		{u.camila, "/cases", 200, "Mis casos"}, {u.camila, "/cases?worker=luis", 200, "Mis casos"},
		{u.head, "/cases", 200, "Casos de Asistencia Social"}, {u.head, "/cases?mine=1", 200, "No tiene casos a su cargo"},
		{u.head, "/cases?worker=none", 200, "No hay casos en esta lista"}, {u.head, "/cases?worker=" + url.QueryEscape("<script>"), 200, "No hay casos en esta lista"},
		{u.rshHead, "/cases", 403, ""}, {u.worker("x", "X", access.FrontDesk, ""), "/cases", 403, ""},
		{u.camila, "/files/" + file + "/case", 200, "&lt;b&gt;porque&lt;/b&gt;"}, {u.head, "/files/" + file + "/case", 200, "Reasignar el caso"},
		{u.worker("x", "X", access.FrontDesk, ""), "/files/" + file + "/case", 200, "Camila Rojas"},
		{u.camila, "/files/01ARZ3NDEKTSV4RRFFQ69G5FAV/case", 404, ""},
	} {
		got := webtest.New(t, c.who, casework.NewHandlers(u.service).Mount).Get(c.path)
		if got.Status != c.status {
			t.Errorf("%s %s: %d", c.who.Role, c.path, got.Status)
		}
		got.Contains(t, c.shows)
		got.Lacks(t, "<script>alert", "<b>porque")
		if c.who.UserID == "camila" {
			got.Lacks(t, "Reasignar")
		}
	}
	if n := u.text(`SELECT count(*) FROM case_file WHERE id = ?`, id); n != "1" {
		t.Error(n)
	}
}

// What a browser never sends: wrong fields, ids of others, addresses that lead away.
func TestHostileReassigning(t *testing.T) {
	u := newUnit(t)
	file := u.file(1)
	u.assign(u.head, file, u.camila, "")
	id := u.text(`SELECT id FROM case_file`)
	c := webtest.New(t, u.head, casework.NewHandlers(u.service).Mount)
	base := func(change ...string) url.Values {
		v := url.Values{"case": {id}, "worker": {"luis"}, "reason": {"Cambio de sector"}, "back": {"/cases"}}
		for i := 0; i+1 < len(change); i += 2 {
			v[change[i]] = []string{change[i+1]}
		}
		return v
	}
	for what, v := range map[string]url.Values{
		"an unknown field": base("unit", "rsh"), "control characters": base("reason", "a\x00b"), "broken text": base("reason", "\xff"),
		"two workers": {"case": {id}, "worker": {"luis", "camila"}, "reason": {"x"}}, "nothing": {}, "blank reason": base("reason", "  "),
		"a worker who is text": base("worker", "' OR 1=1 --"), "a long way back": base("back", "/cases?"+strings.Repeat("x", 400)),
	} {
		if got := c.PostForm("/cases/assign", v); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", what, got.Status)
		}
	}
	if got := c.PostForm("/cases/assign", base("case", "' OR 1=1 --")); got.Status != http.StatusNotFound {
		t.Errorf("a case that is text: %d", got.Status)
	}
	if n := u.text(`SELECT worker_id FROM case_file`); n != "camila" {
		t.Fatalf("the case went to %s", n)
	}
	for back, want := range map[string]string{
		"https://evil.example/": "/cases", "//evil.example/files/x/case": "/cases", "/files/../../x/case": "/cases", "/cases?worker=camila&x=1": "/cases?worker=camila",
		"/files/" + file + "/case": "/files/" + file + "/case", "%zz?%zz": "/cases", "/cases?mine=1": "/cases?mine=1",
	} {
		if got := c.PostForm("/cases/assign", base("back", back)); got.Status != http.StatusSeeOther || got.Header.Get("Location") != want {
			t.Errorf("back %q: %d to %q", back, got.Status, got.Header.Get("Location"))
		}
	}
	got := c.PostHX("/cases/assign", base("worker", "camila"))
	if got.Status != http.StatusOK || got.Header.Get("HX-Redirect") != "/cases" {
		t.Errorf("htmx: %d to %q", got.Status, got.Header.Get("HX-Redirect"))
	}
	c.Get("/cases").Contains(t, "1 caso cambió de responsable")
	if got := c.PostHX("/cases/assign", base("was["+id+"]", "luis", "worker", "head")); got.Status != http.StatusConflict {
		t.Errorf("a list of yesterday: %d", got.Status)
	}
}

// Another municipality's cases are nobody's here.
func TestCasesStayInTheirMunicipality(t *testing.T) {
	u := newUnit(t)
	file := u.file(1)
	u.assign(u.head, file, u.camila, "")
	id := u.text(`SELECT id FROM case_file`)
	stranger := u.head
	stranger.Municipality = tenantstest.Municipality(t, u.files, "06304")
	if _, err := u.service.Reassign(background, stranger, casework.Reassign{Cases: []string{id}, Worker: "luis", Reason: "x"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("reassign: %v", err)
	}
	if list := u.list(stranger, casework.Ask{Board: true}); len(list.Rows) != 0 {
		t.Errorf("the board shows %d", len(list.Rows))
	}
	if _, err := u.service.Case(background, stranger, file); !fault.Is(err, fault.NotFound) {
		t.Errorf("the case: %v", err)
	}
}
