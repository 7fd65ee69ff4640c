package app

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/kit/audit"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/pdf/pdftest"
	"gsl/tenants"
)

// paper hands a paper in for something of a file, as somebody.
func (h *house) paper(userID, file string, owner document.Owner, name string, until calendar.Date) string {
	h.t.Helper()
	m, body, id := h.municipality("05802"), []byte("%PDF-1.7\n"+name+"\n%%EOF\n"), ""
	content, err := h.app.Document.Arrive(h.t.Context(), m, name, bytes.NewReader(body), int64(len(body)))
	if err != nil {
		h.t.Fatal(err)
	}
	err = m.Update(h.t.Context(), func(tx *tenants.Tx) error {
		d, err := h.app.Document.Attach(tx, actor.Actor{UserID: userID, Name: "Alguien", Municipality: m},
			document.New{Content: content, Owner: owner, FileID: file, Kind: document.Certificate, Name: name, ExpiresOn: until})
		id = d.ID
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

// shut restricts one file, by a unit that nobody works in, and takes its case away.
func (h *house) shut(file string) {
	h.t.Helper()
	h.exec("05802", `UPDATE case_file SET unit = 'nowhere', worker_id = 'nobody' WHERE file_id = ?`, file)
	h.exec("05802", `INSERT INTO file_restriction (id, file_id, kind, reason, unit, unit_name, marked_at, marked_by, marked_by_name)
		VALUES ('R' || ?1, ?1, 'violence', 'Amenazas de muerte', 'nowhere', 'Ninguna', '2026-01-01T00:00:00Z', 'x', 'x')`, file)
}

// The guard stands before the ids of a path. No form says another id, of a shut
// file, in a field, and gets its page as the answer about what is wrong.
func TestAFieldLeadsAroundNoGlass(t *testing.T) {
	h := newHouse(t)
	h.unprotect("05802")
	open := h.one("05802", `SELECT file_id FROM plan WHERE status = 'open' ORDER BY id LIMIT 1`)
	shut := h.one("05802", `SELECT file_id FROM plan WHERE file_id <> '`+open+`' ORDER BY id DESC LIMIT 1`)
	h.paper("u-1", shut, document.Owner{Kind: document.OfTheFile, ID: shut}, "orden de alejamiento.pdf", calendar.Date{})
	name := h.one("05802", `SELECT surnames FROM file WHERE id = '`+shut+`'`)
	h.shut(shut)
	for _, c := range []struct {
		role, path string
		form       url.Values
	}{
		{access.UnitHead, "/cases/assign", url.Values{"back": {"/files/" + shut + "/case"}, "case": {"x"}, "worker": {""}}},
		{access.FrontDesk, "/files/" + open + "/documents", url.Values{"of": {"file." + shut}}},
		{access.CaseManager, "/files/" + open + "/documents", url.Values{"of": {document.Owner{Kind: document.OfTheFile, ID: shut}.String()}, "at": {"panel"}}},
		{access.CaseManager, "/files/" + open + "/visits", url.Values{"item": {h.one("05802", `SELECT i.id FROM plan_item i JOIN plan p ON p.id = i.plan_id WHERE p.file_id = '`+shut+`' LIMIT 1`)}, "key": {"k"}}},
		{access.CaseManager, "/files/" + open + "/reports", url.Values{"item": {h.one("05802", `SELECT i.id FROM plan_item i JOIN plan p ON p.id = i.plan_id WHERE p.file_id = '`+shut+`' LIMIT 1`)}, "key": {"k"}}},
	} {
		v := h.as(c.role, "05802")
		v.get("/files/" + open + "/screening")
		looks := h.looksAt(shut)
		for _, header := range []http.Header{nil, {"Hx-Request": {"true"}}} {
			got := v.send(http.MethodPost, c.path, c.form, header)
			if strings.Contains(got.body, name) || strings.Contains(got.body, "alejamiento") || got.status < 300 {
				t.Errorf("%s %s %v answered %d with what is shut", c.role, c.path, header, got.status)
			}
		}
		if now := h.looksAt(shut); now != looks {
			t.Errorf("%s %s: somebody looked at what is shut", c.role, c.path)
		}
	}
}

// looksAt counts who looked at a file.
func (h *house) looksAt(file string) (n int) {
	h.t.Helper()
	err := h.municipality("05802").Access().View(h.t.Context(), func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM access_view WHERE file_id = ?`, file).Scan(&n)
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

// A list that leaves a name out says nothing else of that person either: not what
// the attention was about, how the plan stands, what a paper is called.
func TestAVeiledRowSaysNothing(t *testing.T) {
	h := newHouse(t)
	v, me := h.as(access.CaseManager, "05802"), h.userOf(access.CaseManager, "05802")
	h.unprotect("05802")
	place := h.one("05802", `SELECT c.id || ' ' || c.file_id FROM case_file c JOIN attention a ON a.file_id = c.file_id
		WHERE c.unit = 'social' AND c.status = 'assigned' AND a.topic <> '' ORDER BY c.id LIMIT 1`)
	id, file, _ := strings.Cut(place, " ")
	h.exec("05802", `UPDATE case_file SET worker_id = 'nobody' WHERE file_id = ?`, file)
	got := v.post("/cases/lists", url.Values{"name": {"Por ver"}, "shared": {"1"}, "case": {id}, "back": {"/cases?mine=1"}})
	list := got.header.Get("Location")
	if got.status != http.StatusSeeOther {
		t.Fatalf("the list answered %d:\n%s", got.status, got.body)
	}
	export := strings.Replace(list, "/cases", "/cases.csv", 1)
	before := v.get(export).body
	h.paper(me, file, document.Owner{Kind: document.OfTheFile, ID: file}, "causa VIF 123.pdf", calendar.On(h.app.clock()).AddDays(5))
	h.exec("05802", `INSERT INTO file_restriction (id, file_id, kind, reason, unit, unit_name, marked_at, marked_by, marked_by_name)
		VALUES ('R', ?, 'violence', 'Amenazas de muerte', 'nowhere', 'Ninguna', '2026-01-01T00:00:00Z', 'x', 'x')`, file)
	after := v.get(export).body
	cells := func(text string) []string {
		line := strings.Split(strings.TrimSpace(text), "\n")
		return strings.Split(strings.TrimSpace(line[len(line)-1]), ";")
	}
	was, is := cells(before), cells(after)
	if len(was) != len(is) || len(is) < 8 {
		t.Fatalf("%q became %q", was, is)
	}
	for _, column := range []int{0, 1, 7, 9, 10} { // number, person, plan, last attention, about what
		if was[column] == is[column] && was[column] != "" {
			t.Errorf("column %d still says %q of who is shut", column, is[column])
		}
	}
	if page := v.get(list).body; was[10] != "" && strings.Contains(page, was[10]) {
		t.Errorf("the list still says what the attention was about: %q", was[10])
	}
	if due := v.get("/documents"); due.status != http.StatusOK || strings.Contains(due.body, "VIF") {
		t.Errorf("the list of what expires answered %d and says what the paper of somebody shut is called", due.status)
	}
}

// Who reads no casework learns from the history of changes that there was one, not
// what was done nor why; why a file was restricted is for who answers for such.
func TestTheHistoryKeepsTheReasonsOfCasework(t *testing.T) {
	h := newHouse(t)
	file := h.one("05802", `SELECT file_id FROM plan WHERE status = 'open' AND file_id NOT IN (SELECT file_id FROM file_restriction WHERE lifted_at IS NULL) ORDER BY id LIMIT 1`)
	who := actor.Actor{UserID: "u-9", Name: "Otra Persona", Role: access.CaseManager, Municipality: h.municipality("05802")}
	actions := []string{"report.annul", "report.return", "report.discard", "visit.cancel", "diagnosis.complete", "goal.change", "commitment.change", "ecomap.change",
		"restriction.mark", "restriction.lift", "restriction.open"}
	err := who.Municipality.Update(t.Context(), func(tx *tenants.Tx) error {
		for _, action := range actions {
			if err := audit.Record(tx, who, audit.Change{Action: action, Object: "x", File: file, Detail: map[string]string{"reason": "Porque " + action + " es reservado"}}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range []string{access.FrontDesk, access.CaseManager} {
		page := h.as(role, "05802").get("/files/" + file + "/history?kind=change")
		for _, action := range actions {
			room, _, _ := strings.Cut(action, ".")
			reads := role == access.CaseManager && room != "restriction"
			if strings.Contains(page.body, "Porque "+action+" es reservado") != reads && (room != "goal" && room != "commitment" || role == access.FrontDesk) {
				t.Errorf("%s, %s: the reason is read: %v (%d)", role, action, !reads, page.status)
			}
		}
	}
}

// What was signed in one unit is ended by its author and its head, by no way
// round: no version of another unit takes its place, and nobody discards what was
// given back to be corrected.
func TestNobodyEndsAnotherUnitsReport(t *testing.T) {
	h := newHouse(t)
	m := h.municipality("05802")
	worker := func(id, role, unit string) actor.Actor {
		return actor.Actor{UserID: id, Name: id, Role: role, UnitID: unit, UnitName: unit, Municipality: m, Permissions: access.PermissionsOf(role, access.SocialUnit)}
	}
	id := h.one("05802", `SELECT id FROM report WHERE state = 'issued' AND id NOT IN (SELECT previous_id FROM report_replacement) ORDER BY id LIMIT 1`)
	unit := h.one("05802", `SELECT unit FROM report WHERE id = '`+id+`'`)
	for _, role := range []string{access.CaseManager, access.UnitHead} {
		stranger := worker("stranger", role, "housing")
		if _, err := h.app.Signing.NewVersion(t.Context(), stranger, id, "Quiero decir otra cosa"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s of another unit begins a version: %v", role, err)
		}
	}
	next, err := h.app.Signing.NewVersion(t.Context(), worker("colleague", access.CaseManager, unit), id, "El ingreso estaba mal")
	if err != nil || next.Unit != unit {
		t.Errorf("a colleague's version is of %q: %v", next.Unit, err)
	}
	h.exec("05802", `UPDATE report SET year = 2020, number = 900 WHERE id = ?`, next.ID) // as one that was signed and given back
	if _, err := h.app.Report.Discard(t.Context(), worker("stranger", access.CaseManager, unit), next.ID, "No va"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("somebody discards what has a folio: %v", err)
	}
	if _, err := h.app.Report.Discard(t.Context(), worker("colleague", access.CaseManager, unit), next.ID, "No va"); err != nil {
		t.Errorf("who began it does not discard it: %v", err)
	}
}

// The package that a person gets holds the notes of their case, and of the
// confidential ones neither the text, nor what was added, nor what is being typed.
func TestThePackageKeepsConfidentialNotes(t *testing.T) {
	h := newHouse(t)
	h.unprotect("05802")
	path := h.fill("05802", "/requests/:request/package")
	file := h.one("05802", `SELECT file_id FROM data_request WHERE key = 'routes'`)
	h.exec("05802", `UPDATE case_file SET unit = 'social' WHERE file_id = ? AND status = 'assigned'`, file)
	head := h.as(access.UnitHead, "05802")
	head.get("/files/" + file + "/notes")
	h.noteDown(head, file, "package-1", "text", "La escuela confirma la matrícula.")
	secret := h.noteDown(head, file, "package-2", "text", "Hay maltrato en el hogar.", "confidential", "1")
	if got := head.post("/notes/"+secret+"/add", url.Values{"key": {"package-3"}, "text": {"Lo vio la profesora."}}); got.status != http.StatusSeeOther {
		t.Fatalf("adding to a note answered %d", got.status)
	}
	head.post("/files/"+file+"/notes/draft", url.Values{"key": {"package-4"}, "kind": {"call"}, "text": {"Todavía no lo digo."}})
	v := h.as(access.Counterpart, "05802")
	v.get("/requests")
	got := v.post(path, nil)
	pack, err := zip.NewReader(strings.NewReader(got.body), int64(len(got.body)))
	if err != nil {
		t.Fatalf("the package answered %d: %v", got.status, err)
	}
	var all strings.Builder
	for _, f := range pack.File {
		if strings.Contains(f.Name, "..") || strings.HasPrefix(f.Name, "/") || strings.Contains(f.Name, `\`) {
			t.Errorf("a file of the package is called %q", f.Name)
		}
		body, err := f.Open()
		if err == nil {
			_, err = io.Copy(&all, body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(all.String(), "confirma la matrícula") {
		t.Error("the package lacks an open note")
	}
	for _, words := range []string{"maltrato", "la profesora", "Todavía no lo digo"} {
		if strings.Contains(all.String(), words) {
			t.Errorf("the package says %q", words)
		}
	}
}

// The package has the signed reports as papers, listed with their hash; of the
// others in the household they say no more than who they are.
func TestThePackageHasTheSignedReports(t *testing.T) {
	h := newHouse(t)
	h.unprotect("05802")
	const members = ` FROM report r JOIN report_text x ON x.report_id = r.id, json_each(x.text, '$.content.household.members') m WHERE r.file_id = '`
	file := h.one("05802", `SELECT r.file_id FROM report r JOIN report_text x ON x.report_id = r.id WHERE json_array_length(x.text, '$.content.household.members') > 1 ORDER BY r.id LIMIT 1`)
	others := members + file + `' AND replace(m.value->>'run', '.', '') <> replace(x.text->>'$.content.person.number', '.', '') ORDER BY m.key LIMIT 1`
	name, run := h.one("05802", `SELECT m.value->>'name'`+others), h.one("05802", `SELECT m.value->>'run'`+others)
	head := h.as(access.UnitHead, "05802")
	head.get("/files/" + file + "/requests/new")
	asked := head.post("/files/"+file+"/requests", h.filled(everyForm["/files/:file/requests"].form))
	if asked.status != http.StatusSeeOther {
		t.Fatalf("asking answered %d:\n%s", asked.status, asked.body)
	}
	got := head.post(asked.header.Get("Location")+"/package", nil)
	pack, err := zip.NewReader(strings.NewReader(got.body), int64(len(got.body)))
	if err != nil {
		t.Fatalf("the package answered %d: %v", got.status, err)
	}
	files, printed := map[string]string{}, 0
	for _, f := range pack.File {
		body, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		all, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(all)
		if strings.HasPrefix(f.Name, "informes/") {
			printed++
			paper := pdftest.Text(t, all)
			if !strings.Contains(paper, "Copia para la persona") || !strings.Contains(paper, strings.Fields(name)[0]) {
				t.Errorf("%s says:\n%s", f.Name, paper)
			}
			if run == "" || strings.Contains(paper, run) {
				t.Errorf("%s says the RUN %q of somebody else in the household", f.Name, run)
			}
		}
	}
	if printed == 0 || !strings.Contains(files["indice.json"], `"informes/001-informe-`) || !strings.Contains(files["LEAME.txt"], "informes/: ") || !strings.Contains(files["datos/informes-firmados.json"], `"sha256"`) {
		t.Errorf("%d reports; the package says:\n%s\n%s", printed, files["LEAME.txt"], files["datos/informes-firmados.json"])
	}
}
