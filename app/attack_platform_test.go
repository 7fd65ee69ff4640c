package app

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"

	"gsl/app/access"
	"gsl/app/kit/calendar"
)

// The national administration chooses neither key nor phrase of a copy, by no form:
// it would read what the copy holds.
func TestNobodyElseChoosesWhoReadsACopy(t *testing.T) {
	h := newHouse(t)
	v, at := h.as(access.NationalAdmin, "05802"), "/admin/municipalities/"+h.municipality("05802").ID
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	phrase := "cuatro caballos cruzan el puente"
	page := v.get(at)
	if page.status != http.StatusOK || strings.Contains(page.body, `name="recipient"`) || strings.Contains(page.body, `name="passphrase"`) {
		t.Errorf("the page offers a choice: %d", page.status)
	}
	for _, form := range []url.Values{{}, {"how": {"key"}, "recipient": {key.Recipient().String()}}, {"recipient": {key.Recipient().String()}},
		{"how": {"passphrase"}, "passphrase": {phrase}, "repeat": {phrase}}} {
		if got := v.post(at+"/export", form); got.status != http.StatusUnprocessableEntity {
			t.Errorf("%v answered %d", form, got.status)
		}
	}
	counterpart := h.as(access.Counterpart, "05802")
	counterpart.get("/settings/key")
	if got := counterpart.post("/settings/key", url.Values{"recipient": {key.Recipient().String()}}); got.status != http.StatusSeeOther {
		t.Fatalf("the key of the municipality: %d", got.status)
	}
	if got := v.post(at+"/export", url.Values{}); got.status != http.StatusSeeOther {
		t.Errorf("with the municipality's key: %d\n%s", got.status, got.body)
	}
	h.app.National.Settle()
}

// whileItWasOpen is what somebody tries who holds a link: the page, and a password.
func (h *house) whileItWasOpen(link string) (page, accepted int) {
	h.t.Helper()
	v, path := h.visitor(), link[strings.LastIndex(link, "/invite/"):]
	v.get("/login")
	page = v.get(path).status
	return page, v.post(path, url.Values{"password": {"siete gatos en el tejado"}, "repeat": {"siete gatos en el tejado"}}).status
}

// A link whose only role was ended, or switched off, before anybody used it makes no
// password: whoever holds it would have the account when the next role comes.
func TestALinkDiesWithItsRole(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	for i, take := range []func(user, membership string) error{
		func(_, membership string) error {
			return h.app.Access.EndMembership(ctx, access.Console(), membership, calendar.Date{})
		},
		func(_, membership string) error {
			return h.app.Access.SwitchRole(ctx, access.Console(), membership, true)
		},
		func(user, _ string) error { return h.app.Access.Disable(ctx, access.Console(), user) },
	} {
		made, err := h.app.Access.InviteUser(ctx, access.Console(), access.Invitation{RUN: 24_100_000 + uint32(i), GivenNames: "Nuria", Surnames: "Soto",
			Municipality: "05802", Role: access.CaseManager, Unit: access.SocialUnit})
		if err != nil {
			t.Fatal(err)
		}
		if err := take(made.UserID, h.national(`SELECT id FROM membership WHERE user_id = '`+made.UserID+`'`)); err != nil {
			t.Fatal(err)
		}
		if page, accepted := h.whileItWasOpen(made.Link); page != http.StatusNotFound || accepted != http.StatusNotFound {
			t.Errorf("%d: the link answered %d and took a password with %d", i, page, accepted)
		}
		if got := h.national(`SELECT coalesce(password, '') FROM user WHERE id = '` + made.UserID + `'`); got != "" {
			t.Errorf("%d: there is a password", i)
		}
	}
}

// Whatever is sent from inside a restored copy changes neither the copy nor the
// live file, by no route.
func TestNothingIsWrittenThroughACopy(t *testing.T) {
	h := newHouse(t)
	id := h.restored("05802")
	v := h.as(access.Counterpart, "05802")
	for _, route := range h.app.Routes() {
		h.fill("05802", route.Path) // what it needs is there before
	}
	v.get("/settings/restores")
	if got := v.post("/settings/restores/look", url.Values{"restore": {id}}); got.status != http.StatusSeeOther {
		t.Fatalf("the counterpart looks: %d", got.status)
	}
	before := h.contents("05802")
	for _, route := range h.app.Routes() {
		if route.Method != http.MethodPost || isPublic(route) || leavesTheSession(route.Path) || route.Path == "/settings/restores/leave" ||
			route.Permission == access.SignedIn || route.Path == "/settings/restores/look" {
			continue
		}
		got := v.post(h.fill("05802", route.Path), h.filled(everyForm[route.Path].form))
		looksOnly := strings.HasSuffix(route.Path, "/lookup") || route.Path == "/search" || route.Path == "/people/open" || strings.HasSuffix(route.Path, "/search")
		if got.status < 400 && !looksOnly || got.status >= 500 {
			t.Errorf("POST %s from inside a copy answered %d", route.Path, got.status)
		}
	}
	if h.contents("05802") != before {
		t.Error("the live file changed")
	}
}

// A counterpart, and a head, send the forms of the roster with roles, places and
// people that are not theirs to give.
func TestTamperedGrants(t *testing.T) {
	h := newHouse(t)
	user, membership := h.recruit("05802")
	_, foreign := h.recruit("06304")
	own := h.national(`SELECT u.id FROM user u WHERE u.run = ` + strconv.FormatUint(uint64(account(t, access.Counterpart, "05802").Body()), 10))
	count := func() string {
		return h.national(`SELECT group_concat(id || role || unit || coalesce(municipality_id, '') || coalesce(to_on, '')) FROM (SELECT * FROM membership ORDER BY id)`)
	}
	before := count()
	for _, role := range []string{access.Counterpart, access.UnitHead} {
		v := h.as(role, "05802")
		v.get("/users/" + user)
		grants := []string{access.NationalAdmin, access.Counterpart, access.TechnicalAssistant, "national_admin:", "counterpart:social", "case_manager:social:06304"}
		if role == access.UnitHead {
			grants = append(grants, access.Director, "unit_head:social", "case_manager:families", "rsh_desk:rsh")
		}
		for _, grant := range grants {
			for _, form := range []url.Values{{"role": {grant}}, {"role": {grant}, "municipality": {"06304"}}, {"role": {grant}, "municipality": {""}}} {
				for _, of := range []string{user, own} {
					if got := v.post("/users/"+of+"/roles", form); got.status < 400 || got.status >= 500 {
						t.Errorf("%s gives %v: %d", role, form, got.status)
					}
				}
				form.Set("run", "11.111.111-1")
				form.Set("given_names", "Ana")
				form.Set("surnames", "Soto")
				if got := v.post("/users", form); got.status < 400 || got.status >= 500 {
					t.Errorf("%s invites %v: %d", role, form, got.status)
				}
			}
		}
		for _, act := range []string{"end", "disable", "enable"} {
			if got := v.post("/memberships/"+foreign+"/"+act, url.Values{}); got.status != http.StatusNotFound {
				t.Errorf("%s: %s of another municipality answered %d", role, act, got.status)
			}
		}
	}
	if count() != before || membership == "" {
		t.Error("a tampered form changed a role")
	}
}

// Two who are the last of their kind and end each other at the same moment: one stays.
func TestTheLastTwoDoNotEndEachOther(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	ids := []string{h.national(`SELECT min(id) FROM membership WHERE role = 'national_admin'`)}
	user, _ := h.recruit("05802")
	if err := h.app.Access.GrantConfirmed(ctx, access.Console(), user, access.NewMembership{Role: access.NationalAdmin}, ""); err != nil {
		t.Fatal(err)
	}
	made, err := h.app.Access.Reset(ctx, access.Console(), user)
	if err != nil {
		t.Fatal(err)
	}
	if page, accepted := h.whileItWasOpen(made.Link); page != http.StatusOK || accepted != http.StatusSeeOther {
		t.Fatalf("the link: %d %d", page, accepted)
	}
	ids = append(ids, h.national(`SELECT max(id) FROM membership WHERE role = 'national_admin'`))
	var both sync.WaitGroup
	for _, id := range ids {
		both.Go(func() { _ = h.app.Access.SwitchRole(ctx, access.Console(), id, true) })
	}
	both.Wait()
	if left := h.national(`SELECT CAST(count(*) AS TEXT) FROM membership WHERE role = 'national_admin' AND disabled_at IS NULL`); left != "1" {
		t.Errorf("%s national administrators are left", left)
	}
}

// The text of an announcement is text, on everybody's pages.
func TestAnAnnouncementIsText(t *testing.T) {
	h := newHouse(t)
	admin := h.as(access.NationalAdmin, "")
	admin.get("/admin/announcements/new")
	const poison = `<script>alert(1)</script><a href="javascript:alert(2)">x</a> https://evil.example" onmouseover="x`
	if got := admin.post("/admin/announcements", url.Values{"key": {strings.Repeat("K", 26)}, "text": {poison}, "level": {"warning"}, "to": {"30-12-2026"}}); got.status != http.StatusSeeOther {
		t.Fatalf("posted: %d\n%s", got.status, got.body)
	}
	worker := h.as(access.CaseManager, "05802")
	for _, page := range []reply{worker.get("/"), worker.get("/search"), admin.get("/admin/announcements")} {
		if strings.Contains(page.body, "<script>alert") || strings.Contains(page.body, `href="javascript`) || strings.Contains(page.body, `" onmouseover`) || !strings.Contains(page.body, "&lt;script&gt;alert(1)") {
			t.Error("the text does something")
		}
	}
}

// Tables that are made to do harm are told at once and change nothing.
func TestHostileBatches(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.NationalAdmin, "")
	v.get("/admin/batches")
	bomb := zipOf(t, map[string][]byte{"xl/workbook.xml": []byte("<workbook/>"), "xl/worksheets/sheet1.xml": bytes.Repeat([]byte("<row/>"), 30<<20/6)})
	for name, file := range map[string][]byte{
		"many.csv":    []byte("comuna\n" + strings.Repeat("12201\n", 100_000)),
		"bomb.xlsx":   bomb,
		"none.csv":    []byte("comuna\n"),
		"other.csv":   []byte("a,b\n1,2\n"),
		"binary.xlsx": bytes.Repeat([]byte{0}, 1<<20),
	} {
		if got := v.upload("/admin/batches", "file", name, file); got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s answered %d", name, got.status)
		}
	}
	if got := h.national(`SELECT CAST(count(*) AS TEXT) FROM provision_batch`); got != "0" {
		t.Errorf("%s tables were kept", got)
	}
	wide := v.upload("/admin/batches", "file", "wide.csv", []byte("comuna"+strings.Repeat(",x", 100_000)+"\n12201\n"))
	if page := v.get(wide.header.Get("Location")); page.status != http.StatusOK || len(page.body) > 100<<10 {
		t.Errorf("a hundred thousand columns: %d, a page of %d bytes", page.status, len(page.body))
	}
	got := v.upload("/admin/batches", "file", "=cmd.csv", []byte("comuna;nombres\n=HYPERLINK(\"http://evil\");@SUM(1)\n"))
	if got.status != http.StatusSeeOther {
		t.Fatalf("a table of formulas: %d", got.status)
	}
	for line := range strings.Lines(v.get(got.header.Get("Location") + "/result").body) {
		for cell := range strings.SplitSeq(strings.TrimPrefix(line, "\ufeff"), ";") {
			if strings.ContainsAny(strings.Trim(cell, "\"\r\n")+" ", "=@") && strings.IndexAny(strings.Trim(cell, "\"\r\n"), "=@") == 0 {
				t.Errorf("a cell begins a formula: %q", cell)
			}
		}
	}
}

func zipOf(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range files {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// upload sends one file in a form.
func (v *visitor) upload(path, field, name string, content []byte) reply {
	v.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err = errors.Join(err, w.WriteField("_token", v.token), w.Close()); err != nil {
		v.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, v.base+path, &body)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return v.do(r)
}

// Who is signed in when their municipality is suspended gets nothing of it any more:
// no page, no paper, no pulse, and changes nothing.
func TestOpenSessionsOfASuspendedMunicipality(t *testing.T) {
	h := newHouse(t)
	admin, v := h.as(access.NationalAdmin, ""), h.as(access.CaseManager, "05802")
	type asked struct{ method, route, path string }
	var all []asked
	for _, route := range h.app.Routes() {
		if !isPublic(route) && route.Permission != access.SignedIn && access.PermissionsOf(access.CaseManager, access.SocialUnit).Has(route.Permission) {
			all = append(all, asked{route.Method, route.Path, h.fill("05802", route.Path)})
		}
	}
	name := h.one("05802", `SELECT surnames FROM file f JOIN plan ON plan.file_id = f.id WHERE surnames <> '' LIMIT 1`)
	at := "/admin/municipalities/" + h.municipality("05802").ID
	admin.get(at)
	if got := admin.post(at+"/status", url.Values{"to": {"suspended"}, "reason": {"Convenio vencido"}}); got.status != http.StatusSeeOther {
		t.Fatalf("suspended: %d", got.status)
	}
	before := h.contents("05802")
	for _, a := range all {
		if got := v.send(a.method, a.path, url.Values{}, nil); got.status != http.StatusServiceUnavailable && got.status != http.StatusForbidden || strings.Contains(got.body, name) {
			t.Errorf("%s %s answered %d", a.method, a.route, got.status)
		}
	}
	if h.contents("05802") != before {
		t.Error("something was changed")
	}
}
