package app

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/web"
	"gsl/tenants"
)

// everyRole of the domain's table, with the unit its demo account works in.
var everyRole = []struct{ role, unit string }{
	{access.NationalAdmin, ""}, {access.FrontDesk, ""}, {access.RSHDesk, access.RSHUnit}, {access.SubsidiesDesk, access.SubsidiesUnit},
	{access.CaseManager, access.SocialUnit}, {access.UnitHead, access.SocialUnit}, {access.Counterpart, ""}, {access.Director, ""},
	{access.TechnicalAssistant, ""},
}

// fill puts real ids of the municipality into a route's path: of a file with an
// open plan, or with a filled cart where the path is about the cart.
func (h *house) fill(code, path string) string {
	h.t.Helper()
	const filled = ` FROM cart_item i JOIN cart c ON c.id = i.cart_id WHERE c.status = 'draft' ORDER BY i.id LIMIT 1`
	ids := map[string]string{
		":plan":  h.one(code, `SELECT id FROM plan WHERE status = 'open' ORDER BY id LIMIT 1`),
		":token": strings.Repeat("A", 75), // of nobody: links are walked in the room of referrals
		":file":  h.one(code, `SELECT file_id FROM plan WHERE status = 'open' ORDER BY id LIMIT 1`),
		":item":  h.one(code, `SELECT i.id FROM plan_item i JOIN plan p ON p.id = i.plan_id WHERE p.status = 'open' ORDER BY p.id LIMIT 1`),
	}
	if strings.Contains(path, "/:attention") {
		ids[":attention"] = h.attention(code)
	}
	if strings.Contains(path, "/:referral") {
		ids[":referral"] = h.referral(code)
	}
	if strings.Contains(path, "/:document") {
		ids[":document"] = h.document(code)
	}
	if strings.Contains(path, "/:ticket") {
		ids[":ticket"] = h.ticket(code)
	}
	if strings.Contains(path, "/:note") {
		ids[":note"] = h.note(code)
	}
	if strings.Contains(path, "/:list") {
		ids[":list"] = h.workingList(code)
	}
	if strings.Contains(path, "/waiting") {
		h.keepWaiting(code)
	}
	if strings.Contains(path, "/:municipality") {
		ids[":municipality"] = h.municipality(code).ID
	}
	if strings.Contains(path, "/:batch") {
		ids[":batch"] = h.batch()
	}
	if strings.Contains(path, "/:export") {
		ids[":export"] = h.export(code)
	}
	if strings.Contains(path, "/:protocol") {
		ids[":protocol"] = h.protocol(code)
	}
	if strings.Contains(path, "/:user") || strings.Contains(path, "/:membership") {
		ids[":user"], ids[":membership"] = h.recruit(code)
	}
	if strings.Contains(path, "/:opening") {
		ids[":opening"] = h.opening(code)
	}
	if strings.Contains(path, "/:restore") {
		ids[":restore"] = h.restored(code)
	}
	if strings.Contains(path, "/:request") {
		ids[":request"] = h.request(code)
	}
	if strings.Contains(path, "/:followup") {
		ids[":followup"] = h.followUp(code)
	}
	if strings.Contains(path, "/:visit") {
		ids[":visit"] = h.visit(code)
	}
	if strings.Contains(path, "/:code") {
		ids[":code"] = "D101"
	}
	if strings.Contains(path, "/:announcement") {
		ids[":announcement"] = h.announcement()
	}
	if strings.Contains(path, "/:publication") {
		ids[":publication"] = h.publication()
	}
	h.fillCasework(code, path, ids)
	if strings.Contains(path, "/:report") {
		ids[":report"], ids[":part"] = h.report(code), "opinion"
	}
	if strings.Contains(path, "/cart/items/") {
		ids[":file"], ids[":id"] = h.one(code, `SELECT c.file_id`+filled), h.one(code, `SELECT i.id`+filled)
	}
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if !strings.HasPrefix(part, ":") {
			continue
		}
		id, known := ids[part]
		if !known {
			h.t.Fatalf("%s: the test knows no id for %s", path, part)
		}
		parts[i] = id
	}
	return strings.Join(parts, "/")
}

func isPublic(r web.Route) bool { return r.Permission == access.Public }

// Every route, every role and nobody: what the table says is what happens.
func TestEveryRouteForEveryRole(t *testing.T) {
	h := newHouse(t)
	for _, part := range everyRole {
		allowed := access.PermissionsOf(part.role, part.unit)
		v := h.as(part.role, "05802")
		for _, route := range h.app.Routes() {
			if isPublic(route) || leavesTheSession(route.Path) {
				continue
			}
			got := v.send(route.Method, h.fill("05802", route.Path), url.Values{}, nil)
			if refused := got.status == refusal(allowed, route); may(allowed, route) == refused && !partyRefuses(route, got.status) {
				t.Errorf("%s: %s %s answered %d", part.role, route.Method, route.Path, got.status)
			}
			if got.status >= 500 || !may(allowed, route) && strings.Contains(got.body, `class="person"`) {
				t.Errorf("%s: %s %s answered %d:\n%s", part.role, route.Method, route.Path, got.status, got.body)
			}
		}
	}
	for _, route := range h.app.Routes() {
		if isPublic(route) {
			continue
		}
		got := h.visitor().send(route.Method, h.fill("05802", route.Path), url.Values{}, nil)
		toLogin := got.status == http.StatusSeeOther && strings.HasPrefix(got.header.Get("Location"), "/login")
		if !toLogin && got.status != http.StatusUnauthorized && got.status != http.StatusForbidden {
			t.Errorf("nobody: %s %s answered %d", route.Method, route.Path, got.status)
		}
	}
}

// partyRefuses reports whether a referral's own rules said no, beyond the table:
// who is neither party does not see it, and a step is one party's. The room of
// referrals walks every step for every role.
func partyRefuses(route web.Route, status int) bool {
	about := strings.Contains(route.Path, "/:referral") || strings.Contains(route.Path, "/:document") // the house's paper hangs on one
	return about && (status == http.StatusNotFound || status == http.StatusForbidden)
}

// refusal is how a route says no: who may not even see the object, gets the 404
// of an object that does not exist.
func refusal(allowed actor.Permissions, route web.Route) int {
	if strings.Contains(route.Path, ":") && (!allowed.Has(access.ReadFile) || isNational(route)) {
		return http.StatusNotFound
	}
	if allowed.Has(access.Administer) && !may(allowed, route) {
		return http.StatusNotFound // works for no municipality: nothing of one exists for them
	}
	if strings.Contains(route.Path, "/:followup") && !allowed.Has(access.Attend) {
		return http.StatusNotFound // who attends nobody has none
	}
	if strings.Contains(route.Path, "/:list") && !allowed.Has(access.ManagePlan) {
		return http.StatusNotFound // who has no cases has no lists of them
	}
	if isCasework(route) && !allowed.Has(access.ReadCasework) {
		return http.StatusNotFound // who does no casework knows of none
	}
	if strings.Contains(route.Path, ":referral") && !allowed.Has(access.Refer) && !allowed.Has(access.ApproveProtocol) {
		return http.StatusNotFound // neither party, no casework, no direction
	}
	return http.StatusForbidden
}

// isCasework reports whether a route names something that is casework's own.
func isCasework(route web.Route) bool {
	for _, param := range []string{":visit", ":note", ":diagnosis", ":tie", ":goal", ":commitment", ":report"} {
		if strings.Contains(route.Path, "/"+param) {
			return true
		}
	}
	return false
}

// isNational reports whether a route is one of the national administration's, or of
// the roster, which it shares with who manages people in a municipality.
func isNational(route web.Route) bool {
	return route.Path == "/admin" || strings.HasPrefix(route.Path, "/admin/") ||
		strings.Contains(route.Path, "/:user") || strings.Contains(route.Path, "/:membership")
}

func may(allowed actor.Permissions, route web.Route) bool { return allowed.Has(route.Permission) }

// leavesTheSession are the routes after which the rest of the test would be nobody's.
func leavesTheSession(path string) bool {
	return path == "/logout-everywhere" || path == "/logout" || path == "/switch"
}

// What another municipality holds does not exist, for every role and every route with an id.
func TestAnotherMunicipalityIsNotFound(t *testing.T) {
	h := newHouse(t)
	for _, part := range everyRole {
		v := h.as(part.role, "06304")
		for _, route := range h.app.Routes() {
			if !strings.Contains(route.Path, ":") || isNational(route) && part.role == access.NationalAdmin {
				continue
			}
			got := v.send(route.Method, h.fill("05802", route.Path), url.Values{"status[x]": {"confirmed"}, "item": {"E101"}, "key": {"k"}, "agreed": {"signed"}}, nil)
			if got.status != http.StatusNotFound {
				t.Errorf("%s of Lolol: %s %s of Limache answered %d", part.role, route.Method, route.Path, got.status)
			}
		}
	}
}

func TestUnknownAddressesAreClosed(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.CaseManager, "05802")
	for _, path := range []string{"/nothing", "/files", "/files/", "/plans/", "/admin/nothing", "/files/01ARZ3NDEKTSV4RRFFQ69G5FAV/screening", "/files/%2e%2e/screening", "/plans/x.pdf", "/static/../go.mod"} {
		if got := v.get(path); got.status != http.StatusNotFound {
			t.Errorf("GET %s answered %d", path, got.status)
		}
	}
}

// A change that another site starts, or that carries no token of the session, does nothing.
func TestChangesAskForOriginAndToken(t *testing.T) {
	h := newHouse(t)
	admin, worker := h.as(access.NationalAdmin, "05802"), h.as(access.CaseManager, "05802")
	for _, route := range h.app.Routes() {
		h.fill("05802", route.Path) // what it needs is there before
	}
	before := h.contents("05802")
	for _, route := range h.app.Routes() {
		if route.Method == http.MethodGet || leavesTheSession(route.Path) {
			continue
		}
		v, path := worker, h.fill("05802", route.Path)
		if isNational(route) {
			v = admin // for others there is no such object
		}
		for _, site := range []string{"cross-site", "same-site"} {
			got := v.send(route.Method, path, url.Values{}, http.Header{"Sec-Fetch-Site": {site}, "Origin": {"https://evil.example"}})
			if got.status != http.StatusForbidden {
				t.Errorf("%s %s from %s answered %d", route.Method, route.Path, site, got.status)
			}
		}
		if isPublic(route) {
			continue
		}
		for _, token := range []string{"", "forged", strings.Repeat("A", len(v.token))} {
			got := v.send(route.Method, path, url.Values{"_token": {token}}, http.Header{"X-Token": {token}})
			if got.status != http.StatusForbidden {
				t.Errorf("%s %s with token %q answered %d", route.Method, route.Path, token, got.status)
			}
		}
	}
	if after := h.contents("05802"); after != before {
		t.Error("a refused request changed the file")
	}
}

// Reading changes nothing in the municipality's file.
func TestReadingChangesNothing(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.CaseManager, "05802")
	walk := func() {
		for _, route := range h.app.Routes() {
			if route.Method == http.MethodGet && access.PermissionsOf(access.CaseManager, access.SocialUnit).Has(route.Permission) {
				if got := v.get(h.fill("05802", route.Path)); got.status >= 500 {
					t.Errorf("GET %s answered %d", route.Path, got.status)
				}
			}
		}
	}
	walk() // the day's first look may note that the registry said the same today
	before := h.contents("05802")
	walk()
	if after := h.contents("05802"); after != before {
		t.Error("a GET changed the file")
	}
}

// contents is every row of every table of a municipality's main file.
func (h *house) contents(code string) string {
	h.t.Helper()
	var all strings.Builder
	err := h.municipality(code).View(context.Background(), func(tx *tenants.Tx) error {
		var tables []string
		rows, err := tx.Query(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return err
			}
			tables = append(tables, name)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		for _, table := range tables {
			if err := dump(tx, table, &all); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return all.String()
}

func dump(tx *tenants.Tx, table string, into *strings.Builder) error {
	rows, err := tx.Query(`SELECT * FROM "` + table + `"`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new([]byte)
		}
		if err := rows.Scan(values...); err != nil {
			return err
		}
		into.WriteString(table)
		for _, value := range values {
			into.WriteByte(0)
			into.Write(*value.(*[]byte))
		}
		into.WriteByte('\n')
	}
	return rows.Err()
}
