package app

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/web"
	"gsl/app/people"
	"gsl/tenants"
)

// ofNoFile are the parameters of paths that name nothing of a case file, each
// with why. A parameter that is not here belongs to a web.Object with a File.
var ofNoFile = map[string]string{
	"municipality": "national pages", "batch": "national pages", "export": "national pages", "restore": "national pages",
	"announcement": "national pages", "publication": "national pages", "user": "the roster", "membership": "the roster",
	"protocol": "between units", "code": "the catalogue, or a paper that somebody holds in the hand",
	"list":   "cases of many files, whose names are veiled one by one",
	"token":  "a letter's link, which shows the least",
	"ticket": "the waiting list names nobody who is restricted, and who is attended comes to the glass",
}

// unguardedPaths lead to the glass themselves.
var unguardedPaths = []string{"/files/:file/glass", "/files/:file/glass/shut", "/files/:file/lookup"}

// No route can forget the guard: whatever its path names is of a file, and then
// the edge asks, or stands in the list of what is of none.
func TestEveryRouteOfAFileIsGuarded(t *testing.T) {
	h := newHouse(t)
	guarded := 0
	for _, route := range h.app.Routes() {
		if route.Unguarded != slices.Contains(unguardedPaths, route.Path) {
			t.Errorf("%s %s: whether it is guarded is not what the list says", route.Method, route.Path)
		}
		if route.OfFile {
			guarded++
			continue
		}
		for _, part := range strings.Split(route.Path, "/") {
			param, found := strings.CutPrefix(part, ":")
			if found && ofNoFile[param] == "" {
				t.Errorf("%s %s: of which file :%s is, the edge does not know: give its web.Object a File", route.Method, route.Path, param)
			}
		}
	}
	if guarded < 60 {
		t.Errorf("only %d routes are guarded", guarded)
	}
}

// restrictAll marks every file of the municipality by a unit that nobody works
// in, and takes every case away from whoever has it.
func (h *house) restrictAll(code string) {
	h.t.Helper()
	h.unprotect(code)
	h.exec(code, `UPDATE case_file SET unit = 'nowhere', worker_id = 'nobody' WHERE status = 'assigned'`)
	h.exec(code, `UPDATE followup SET unit = ?, worker_id = ? WHERE key = 'routes'`, access.SocialUnit, h.userOf(access.CaseManager, code)) // it went with the case
	h.exec(code, `INSERT INTO file_restriction (id, file_id, kind, reason, unit, unit_name, marked_at, marked_by, marked_by_name)
		SELECT 'R' || id, id, 'violence', 'Amenazas de muerte', 'nowhere', 'Ninguna', '2026-01-01T00:00:00Z', 'x', 'x' FROM file`)
}

// unprotect ends what the demo restricted.
func (h *house) unprotect(code string) {
	h.t.Helper()
	h.exec(code, `UPDATE file_restriction SET lifted_at = '2026-01-01T00:00:00Z', lifted_by_name = 'x', lift_reason = 'x' WHERE lifted_at IS NULL`)
	h.exec(code, `UPDATE file_opening SET verdict = 'right', reviewed_at = '2026-01-01T00:00:00Z', reviewed_by = 'x', reviewed_by_name = 'x' WHERE verdict = ''`)
}

func (h *house) exec(code, statement string, args ...any) {
	h.t.Helper()
	err := h.municipality(code).Update(context.Background(), func(tx *tenants.Tx) error {
		_, err := tx.Exec(statement, args...)
		return err
	})
	if err != nil {
		h.t.Fatalf("%s: %v", statement, err)
	}
}

// openings writes down that somebody opened every file.
func (h *house) openings(code, user, until, shut string) {
	h.t.Helper()
	h.exec(code, `INSERT INTO file_opening (id, file_id, user_id, name, role, unit, unit_name, reason, opened_at, until, shut_at)
		SELECT 'O' || ?1 || ?2 || id, id, ?1, 'x', 'x', 'x', 'x', 'Prueba de apertura', '2026-01-01T00:00:00Z', ?2, nullif(?3, '') FROM file`, user, until, shut)
}

// userOf is who the demo's account of a role is.
func (h *house) userOf(role, code string) string {
	h.t.Helper()
	var id string
	err := h.app.Files.National().View(context.Background(), func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT id FROM user WHERE run = ?`, account(h.t, role, code).Body()).Scan(&id)
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

// atGlass reports whether an answer leads to the glass.
func atGlass(got reply) bool {
	return strings.Contains(got.header.Get("Location"), "/glass") || got.status == http.StatusForbidden && strings.Contains(got.body, `/glass" target="_blank"`)
}

// paths of the routes that carry something of a file, with ids that are there.
func (h *house) ofFiles(code string) map[*web.Route]string {
	routes := h.app.Routes()
	paths := map[*web.Route]string{}
	for i := range routes {
		if r := &routes[i]; r.OfFile && !r.Unguarded {
			paths[r] = h.fill(code, r.Path)
		}
	}
	return paths
}

// Every route with something of a file, for whoever does not answer for it: shut,
// open, shut again by hand, run out, and open for somebody else only.
func TestRestrictedFilesByEveryRoute(t *testing.T) {
	h := newHouse(t)
	paths := h.ofFiles("05802")
	h.restrictAll("05802")
	for _, role := range []string{access.CaseManager, access.UnitHead, access.Director, access.FrontDesk} {
		unit := ""
		if role == access.CaseManager || role == access.UnitHead {
			unit = access.SocialUnit
		}
		v, allowed := h.as(role, "05802"), access.PermissionsOf(role, unit)
		walk := func(state string, open bool) {
			t.Helper()
			for route, path := range paths {
				if !may(allowed, *route) {
					continue
				}
				got := v.send(route.Method, path, everyForm[route.Path].form, nil)
				if strings.Contains(route.Path, ":followup") && !allowed.Has(access.ManagePlan) && got.status == http.StatusNotFound {
					continue // a follow-up is its worker's and the head's: for others there is none
				}
				if open == atGlass(got) || !open && got.status < 300 || !open && strings.Contains(got.body, `class="person"`) {
					t.Errorf("%s, %s: %s %s answered %d %s", role, state, route.Method, route.Path, got.status, got.header.Get("Location"))
				}
			}
		}
		walk("shut", false)
		if role != access.CaseManager {
			continue
		}
		me := h.userOf(role, "05802")
		h.openings("05802", me, "2026-01-01T03:00:00Z", "")
		walk("run out", false)
		h.openings("05802", me, "2999-01-01T03:00:00Z", "2026-01-01T00:01:00Z")
		walk("shut by hand", false)
		h.openings("05802", "somebody-else", "2999-01-01T03:00:01Z", "")
		walk("open for another", false)
	}
}

// What is open for one is open by every route.
func TestAnOpenGlassOpensEveryRoute(t *testing.T) {
	h := newHouse(t)
	paths := h.ofFiles("05802")
	h.restrictAll("05802")
	h.openings("05802", h.userOf(access.CaseManager, "05802"), "2999-01-01T03:00:00Z", "")
	v, allowed := h.as(access.CaseManager, "05802"), access.PermissionsOf(access.CaseManager, access.SocialUnit)
	for route, path := range paths {
		if got := v.send(route.Method, path, everyForm[route.Path].form, nil); may(allowed, *route) && (atGlass(got) || got.status >= 500) {
			t.Errorf("%s %s answered %d %s", route.Method, route.Path, got.status, got.header.Get("Location"))
		}
	}
}

// No list, whoever reads it, names anybody whose file is shut.
func TestNoListNamesWhoIsRestricted(t *testing.T) {
	h := newHouse(t)
	routes := h.app.Routes()
	for i := range routes {
		h.fill("05802", routes[i].Path) // work of every kind is there
	}
	h.exec("05802", `INSERT INTO setting (key, value) VALUES ('attention.waiting_list', 'on') ON CONFLICT (key) DO UPDATE SET value = 'on'`)
	h.restrictAll("05802")
	var secrets []string
	err := h.municipality("05802").View(context.Background(), func(tx *tenants.Tx) error {
		rows, err := tx.Query(`SELECT id FROM file`)
		ids, err := people.MovedIDs(rows, err)
		for _, id := range ids {
			f, err := people.Open(tx, id)
			if err != nil || f.Name() == "" {
				continue
			}
			secrets = append(secrets, f.Name(), f.Number(), f.Holder())
		}
		return err
	})
	if err != nil || len(secrets) < 60 {
		t.Fatal(len(secrets), err)
	}
	for _, role := range []string{access.CaseManager, access.UnitHead, access.Director, access.FrontDesk, access.SubsidiesDesk, access.Counterpart} {
		v := h.as(role, "05802")
		pages := []string{"/cases?mine=1", "/inbox?box=new", "/inbox?box=in-progress", "/inbox?box=waiting", "/inbox?box=answered", "/inbox?box=sent", "/inbox?box=replies"}
		for _, route := range routes {
			if route.Method == http.MethodGet && !strings.Contains(route.Path, ":") && !isPublic(route) {
				pages = append(pages, route.Path)
			}
		}
		for _, page := range pages {
			got := v.get(page)
			for _, secret := range secrets {
				if strings.Contains(got.body, secret) {
					t.Errorf("%s: %s names somebody whose file is shut (%s)", role, page, secret)
					break
				}
			}
		}
	}
}

// The whole story: marked by the head, found by RUN, opened with a reason by
// somebody of another desk, seen by the head, judged, given back.
func TestAFileIsRestrictedOpenedAndGivenBack(t *testing.T) {
	h := newHouse(t)
	h.unprotect("05802")
	file := h.one("05802", `SELECT file_id FROM case_file WHERE status = 'assigned' AND unit = 'social' ORDER BY id LIMIT 1`)
	var f people.File
	if err := h.municipality("05802").View(context.Background(), func(tx *tenants.Tx) (err error) {
		f, err = people.Open(tx, file)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	head := h.as(access.UnitHead, "05802")
	desk, other := h.as(access.FrontDesk, "05802"), h.as(access.SubsidiesDesk, "05802")
	head.get("/files/" + file + "/restriction")
	if got := head.post("/files/"+file+"/restriction", url.Values{"kind": {"nothing"}, "reason": {"corto"}}); got.status != 422 || !strings.Contains(got.body, "corto") {
		t.Fatalf("marking badly answered %d", got.status)
	}
	mark := url.Values{"kind": {"violence"}, "reason": {"Su expareja trabaja en la municipalidad."}}
	for range 2 { // two clicks
		if got := head.post("/files/"+file+"/restriction", mark); got.status != http.StatusSeeOther {
			t.Fatalf("marking answered %d:\n%s", got.status, got.body)
		}
	}
	if n := h.one("05802", `SELECT count(*) FROM audit WHERE action = 'restriction.mark' AND file_id = '`+file+`'`); n != "1" {
		t.Errorf("marked %s times", n)
	}
	attentions := h.one("05802", `SELECT count(*) FROM attention`)
	desk.get("/")
	got := desk.post("/lookup", url.Values{"run": {f.RUN.Format()}})
	if place := got.header.Get("Location"); place != "/files/"+file+"/glass?arrived=1" {
		t.Fatalf("the RUN led to %q (%d)", place, got.status)
	}
	got = desk.get("/files/" + file + "/glass?arrived=1")
	if got.status != 200 || strings.Contains(got.body, f.Surnames) || strings.Contains(got.body, f.RUN.Format()) || strings.Contains(got.body, "expareja") {
		t.Fatalf("the glass answered %d:\n%s", got.status, got.body)
	}
	if now := h.one("05802", `SELECT count(*) FROM attention`); now != attentions {
		t.Error("an attention opened before the glass did")
	}
	if got = desk.post("/files/"+file+"/glass", url.Values{"reason": {"x"}, "arrived": {"1"}}); got.status != 422 {
		t.Errorf("a reason of one letter answered %d", got.status)
	}
	reason := url.Values{"reason": {"La persona está en el mesón y pide hora."}, "arrived": {"1"}}
	for range 2 {
		if got = desk.post("/files/"+file+"/glass", reason); got.header.Get("Location") != "/files/"+file+"/screening" {
			t.Fatalf("opening answered %d %q", got.status, got.header.Get("Location"))
		}
	}
	if got = desk.get("/files/" + file + "/screening"); got.status != 200 || !strings.Contains(got.body, f.Surnames) || !strings.Contains(got.body, "Abierta para usted hasta") {
		t.Errorf("the open file answered %d", got.status)
	}
	if got = other.get("/files/" + file + "/plan"); !atGlass(got) {
		t.Errorf("it is open for everybody: %d", got.status)
	}
	if n := h.one("05802", `SELECT count(*) FROM audit WHERE action = 'restriction.open' AND file_id = '`+file+`'`); n != "1" {
		t.Errorf("%s entries of the opening", n)
	}
	if got = head.get("/"); !strings.Contains(got.body, "1 apertura de ficha restringida por revisar") {
		t.Error("the head is not told")
	}
	if got = head.get("/restricted"); !strings.Contains(got.body, "pide hora") || !strings.Contains(got.body, f.Surnames) {
		t.Error("the head does not see who opened it and why")
	}
	id := h.one("05802", `SELECT id FROM file_opening WHERE file_id = '`+file+`'`)
	if got = desk.post("/openings/"+id+"/review", url.Values{"verdict": {"right"}}); got.status != http.StatusForbidden {
		t.Errorf("who opened it judged it: %d", got.status)
	}
	if got = head.post("/openings/"+id+"/review", url.Values{"verdict": {"wrong"}}); got.status != 422 {
		t.Errorf("a verdict without a word answered %d", got.status)
	}
	for range 2 {
		if got = head.post("/openings/"+id+"/review", url.Values{"verdict": {"wrong"}, "note": {"La hora se pide sin abrir la ficha."}}); got.status != http.StatusSeeOther {
			t.Fatalf("the verdict answered %d", got.status)
		}
	}
	if got = head.post("/openings/"+id+"/review", url.Values{"verdict": {"right"}}); got.status != http.StatusConflict {
		t.Errorf("another verdict answered %d", got.status)
	}
	desk.get("/files/" + file + "/glass")
	if got = desk.post("/files/"+file+"/glass/shut", nil); got.status != http.StatusSeeOther || !atGlass(desk.get("/files/"+file+"/screening")) {
		t.Error("it was not shut by hand")
	}
	restriction := h.one("05802", `SELECT id FROM file_restriction WHERE file_id = '`+file+`'`)
	lift := url.Values{"restriction": {restriction}, "lift_reason": {"La medida cautelar terminó."}}
	for range 2 {
		if got = head.post("/files/"+file+"/restriction/lift", lift); got.status != http.StatusSeeOther {
			t.Fatalf("lifting answered %d", got.status)
		}
	}
	if got = other.get("/files/" + file + "/plan"); got.status != 200 {
		t.Errorf("given back, it answered %d", got.status)
	}
}

// Whoever lives with somebody who is protected is no way to that person.
func TestAHouseholdDoesNotNameWhoIsRestricted(t *testing.T) {
	h := newHouse(t)
	var home, other people.File
	desk := h.as(access.FrontDesk, "05802")
	open := func(id string) (f people.File) {
		err := h.municipality("05802").View(context.Background(), func(tx *tenants.Tx) (err error) {
			f, err = people.Open(tx, id)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	for n := 0; other.RUN.IsZero() && n < 50; n++ { // the first who does not live alone
		home = open(h.one("05802", `SELECT id FROM file WHERE folio <> '' AND run IS NOT NULL AND id NOT IN (SELECT file_id FROM file_restriction) ORDER BY id LIMIT 1 OFFSET `+strconv.Itoa(n)))
		err := h.app.Files.Registry().View(context.Background(), func(tx *tenants.Tx) error {
			return tx.QueryRow(`SELECT run FROM member WHERE folio = ? AND run <> ? AND surnames <> '' ORDER BY run LIMIT 1`, home.Folio, home.RUN).Scan(&other.RUN)
		})
		if err != nil && !tenants.NotFound(err) {
			t.Fatal(err)
		}
	}
	file := home.ID
	place := desk.post("/lookup", url.Values{"run": {other.RUN.Format()}}).header.Get("Location")
	other = open(strings.Split(place, "/")[2])
	pages := []string{"/screening", "/catalogue", "/referrals/new?item=D101", "/plan", "/history"}
	named := false
	for _, page := range pages {
		named = named || strings.Contains(desk.get("/files/"+file+page).body, other.GivenNames)
	}
	if !named {
		t.Fatal("nobody is named anyway: the test looks at the wrong household")
	}
	h.exec("05802", `INSERT INTO file_restriction (id, file_id, kind, reason, unit, unit_name, marked_at, marked_by, marked_by_name)
		VALUES ('R', ?, 'violence', 'Amenazas de muerte', 'nowhere', 'Ninguna', '2026-01-01T00:00:00Z', 'x', 'x')`, other.ID)
	for _, page := range pages {
		got := desk.get("/files/" + file + page)
		for _, secret := range []string{other.Name(), other.RUN.Format(), other.RUN.String()} {
			if got.status != 200 || strings.Contains(got.body, secret) {
				t.Errorf("%s answered %d and says %q", page, got.status, secret)
			}
		}
	}
	if got := desk.get("/files/" + file + "/screening"); !strings.Contains(got.body, "Ficha restringida") {
		t.Error("the household does not say that somebody is there")
	}
}

// What was typed while the glass shut is not lost.
func TestTextOutlivesTheGlass(t *testing.T) {
	h := newHouse(t)
	path := h.fill("05802", "/files/:file/person")
	h.restrictAll("05802")
	v := h.as(access.CaseManager, "05802")
	got := v.post(path, url.Values{"given_names": {"Una palabra larga que no se pierde"}, "version": {"1"}})
	if got.status != http.StatusForbidden || !strings.Contains(got.body, "Una palabra larga que no se pierde") || !strings.Contains(got.body, "/glass") {
		t.Errorf("answered %d:\n%s", got.status, got.body)
	}
	got = v.send(http.MethodPost, path, url.Values{"given_names": {"x"}}, http.Header{"Hx-Request": {"true"}})
	if got.status != http.StatusForbidden || !strings.Contains(got.body, "/glass") || strings.Contains(got.body, "<html") {
		t.Errorf("htmx was answered %d:\n%s", got.status, got.body)
	}
}

// The glass leads to pages of ours only.
func TestTheGlassLeadsNowhereElse(t *testing.T) {
	h := newHouse(t)
	h.restrictAll("05802")
	file := h.one("05802", `SELECT id FROM file LIMIT 1`)
	v := h.as(access.FrontDesk, "05802")
	for _, to := range []string{"https://evil.example", "//evil.example", "/\\evil.example", "/a?b=https://evil.example", "javascript:alert(1)", "/%2f/evil.example", "/../x", "\r\nX: y"} {
		v.get("/files/" + file + "/glass?to=" + url.QueryEscape(to))
		got := v.post("/files/"+file+"/glass", url.Values{"reason": {"La persona está en el mesón."}, "to": {to}})
		if place := got.header.Get("Location"); place != "/files/"+file+"/screening" {
			t.Errorf("%q led to %q", to, place)
		}
	}
}

// opening is the id of somebody's opening of a restricted file.
func (h *house) opening(code string) string {
	h.t.Helper()
	h.exec(code, `INSERT INTO file_opening (id, file_id, user_id, name, role, unit, unit_name, reason, opened_at, until)
		SELECT 'OPENING', id, 'somebody', 'x', 'x', 'x', 'x', 'Prueba de apertura', '2026-01-01T00:00:00Z', '2026-01-01T03:00:00Z' FROM file LIMIT 1 ON CONFLICT DO NOTHING`)
	return "OPENING"
}
