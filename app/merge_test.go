package app

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/people"
	"gsl/tenants"
)

// Every table that keeps rows by file either moves with a merge or says here why not.
func TestEveryTableOfAFileMovesWithAMerge(t *testing.T) {
	h := newHouse(t)
	stay := map[string]string{
		"file": "the alias itself", "file_entry": "the name by which the alias is found", "identity_document": "the number by which the alias is found",
		"provisional": "the ID stays the alias's", "file_merge": "says what was merged", "audit": "the trail is never rewritten",
	}
	var moved []string
	for _, mover := range movers() {
		moved = append(moved, mover.Kind)
	}
	err := h.municipality("05802").View(context.Background(), func(tx *tenants.Tx) error {
		rows, err := tx.Query(`SELECT DISTINCT m.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
			WHERE m.type = 'table' AND (c.name IN ('file_id', 'holder')
				OR EXISTS (SELECT 1 FROM pragma_foreign_key_list(m.name) AS k WHERE k."table" = 'file')) ORDER BY 1`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		found := 0
		for rows.Next() {
			var table string
			if err := rows.Scan(&table); err != nil {
				return err
			}
			found++
			if stay[table] == "" && !slices.Contains(moved, table) {
				t.Errorf("table %s has rows of a file, and no people.Mover takes them along when it is merged (see app/movers.go)", table)
			}
		}
		if found < 8 {
			t.Errorf("only %d tables found", found)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
}

// rows is every row of the municipality's file by table, without the columns and
// tables that only ever grow: trails, counters, when something was last touched.
func (h *house) rows(code string) map[string][]string {
	h.t.Helper()
	grows := regexp.MustCompile(`^(audit|case_change|file_merge.*|file_name.*|file_entry|file_word|lookup_tally|sqlite_.*|goose_.*)$`)
	all := map[string][]string{}
	err := h.municipality(code).View(context.Background(), func(tx *tenants.Tx) error {
		tables, err := people.MovedIDs(tx.Query(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`))
		if err != nil {
			return err
		}
		for _, table := range tables {
			if grows.MatchString(table) {
				continue
			}
			columns, err := people.MovedIDs(tx.Query(`SELECT '"' || name || '"' FROM pragma_table_info(?) WHERE name NOT IN ('version', 'moved_at')
				AND NOT (?1 = 'cart' AND name = 'changed_at')`, table))
			if err != nil {
				return err
			}
			list, err := people.MovedIDs(tx.Query(`SELECT json_array(quote(` + strings.Join(columns, `), quote(`) + `)) FROM "` + table + `"`))
			if err != nil {
				return err
			}
			slices.Sort(list)
			all[table] = list
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}

func sameRows(t *testing.T, before, after map[string][]string) {
	t.Helper()
	for table := range before {
		for _, row := range before[table] {
			if !slices.Contains(after[table], row) {
				t.Errorf("%s lost %s", table, row)
			}
		}
		for _, row := range after[table] {
			if !slices.Contains(before[table], row) {
				t.Errorf("%s has a new %s", table, row)
			}
		}
	}
}

// mergeStory is a person without RUN with work of every kind, and a RUN with
// work of its own.
type mergeStory struct {
	*house
	manager, head *visitor
	from, into    string
}

var locationFile = regexp.MustCompile(`/files/([0-9A-Z]{26})/`)

func fileOf(t *testing.T, got reply) string {
	t.Helper()
	found := locationFile.FindStringSubmatch(got.header.Get("Location"))
	if got.status != http.StatusSeeOther || found == nil {
		t.Fatalf("answered %d to %q:\n%s", got.status, got.header.Get("Location"), got.body)
	}
	return found[1]
}

func newMergeStory(t *testing.T) *mergeStory {
	h := newHouse(t)
	s := &mergeStory{house: h, manager: h.as(access.CaseManager, "05802"), head: h.as(access.UnitHead, "05802")}
	s.from = fileOf(t, s.manager.post("/people/new", url.Values{"given_names": {"Jean"}, "surnames": {"Baptiste Louis"},
		"birth_date": {"01-02-1985"}, "document_kind": {"passport"}, "document": {"HT-998877"}, "phone": {"9 1234 5678"}, "reason": {"foreign"}}))
	s.add(s.from, url.Values{"item": {"E101"}})
	s.add(s.from, url.Values{"item": {"D203"}, "reason": {"a"}, "request": {"b"}})
	s.checkout(s.from)
	s.deliver()
	s.add(s.from, url.Values{"item": {"E801"}, "note": {"del provisorio"}})
	s.noteDown(s.from)
	s.into = fileOf(t, s.manager.post("/lookup", url.Values{"run": {"25.555.555-" + people.RUNOf(25_555_555).Format()[len("25.555.555-"):]}}))
	return s
}

func (s *mergeStory) add(file string, form url.Values) {
	s.t.Helper()
	form.Set("override_reason", "urgente")
	if got := s.manager.post("/files/"+file+"/cart/items", form); got.status != http.StatusSeeOther {
		s.t.Fatalf("adding answered %d:\n%s", got.status, got.body)
	}
}

func (s *mergeStory) checkout(file string) {
	s.t.Helper()
	page := s.manager.get("/files/" + file + "/checkout")
	key := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(page.body)
	if key == nil {
		s.t.Fatalf("no key in the checkout:\n%s", page.body)
	}
	form := url.Values{"key": {key[1]}, "agreed": {"signed"}}
	for _, name := range regexp.MustCompile(`name="(reason\[[^"]+)"`).FindAllStringSubmatch(page.body, -1) {
		form.Set(name[1], "urgente")
	}
	if got := s.manager.post("/files/"+file+"/checkout", form); got.status != http.StatusSeeOther {
		s.t.Fatalf("checkout answered %d:\n%s", got.status, got.body)
	}
}

// noteDown writes into the log, and leaves something half typed.
func (s *mergeStory) noteDown(file string) {
	s.t.Helper()
	form := url.Values{"key": {"merge-1"}, "kind": {"call"}, "on": {calendar.On(s.app.clock()).Chilean()}, "text": {"Llamó."}}
	if got := s.manager.post("/files/"+file+"/notes", form); got.status != http.StatusSeeOther {
		s.t.Fatalf("the note answered %d:\n%s", got.status, got.body)
	}
	form.Set("key", "merge-2")
	if got := s.manager.post("/files/"+file+"/notes/draft", form); got.status != http.StatusSeeOther {
		s.t.Fatalf("the draft answered %d:\n%s", got.status, got.body)
	}
}

// deliver gives the aid of the provisional file's plan, so that the municipal
// registry has it under the provisional ID.
func (s *mergeStory) deliver() {
	s.t.Helper()
	plan := s.one("05802", `SELECT id FROM plan WHERE file_id = '`+s.from+`'`)
	item := s.one("05802", `SELECT id FROM plan_item WHERE code = 'E101' AND plan_id = '`+plan+`'`)
	page := s.manager.get("/plans/" + plan)
	version := versionField.FindStringSubmatch(page.body)
	if version == nil {
		s.t.Fatalf("no version in the plan:\n%s", page.body)
	}
	form := url.Values{"version": {version[1]}, "status[" + item + "]": {"confirmed"}}
	for _, name := range regexp.MustCompile(`name="((?:delivered|quantity|amount)[a-z_]*\[`+item+`\])"[^>]* value="([^"]*)"`).FindAllStringSubmatch(page.body, -1) {
		form.Set(name[1], name[2])
	}
	if got := s.manager.post("/plans/"+plan+"/items", form); got.status != http.StatusSeeOther {
		s.t.Fatalf("delivering answered %d:\n%s", got.status, got.body)
	}
	if s.grants("SR-05802-%") == 0 {
		s.t.Fatal("nothing stands in the municipal registry: the test would prove nothing")
	}
}

// grants counts what the municipal registry has for holders like this.
func (s *mergeStory) grants(holder string) int {
	s.t.Helper()
	n, err := strconv.Atoi(s.one("05802", `SELECT count(*) FROM benefit_grant WHERE holder LIKE '`+holder+`'`))
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

var mergeField = regexp.MustCompile(`name="merge" value="([^"]+)"`)
var versionField = regexp.MustCompile(`name="version" value="([^"]+)"`)

// decide posts a form of the page of merges.
func (s *mergeStory) decide(file, what string, form url.Values) reply {
	s.t.Helper()
	page := s.head.get("/files/" + file + "/merge")
	id, version := mergeField.FindStringSubmatch(page.body), versionField.FindStringSubmatch(page.body)
	if id == nil || version == nil {
		s.t.Fatalf("the page offers no decision (%d):\n%s", page.status, page.body)
	}
	form.Set("merge", id[1])
	form.Set("version", version[1])
	return s.head.post("/files/"+file+"/merge/"+what, form)
}

func (s *mergeStory) propose() {
	s.t.Helper()
	got := s.manager.post("/files/"+s.from+"/merge", url.Values{"run": {people.RUNOf(25_555_555).String()}, "proof": {"id_card"}, "note": {"trajo su cédula"}})
	if got.status != http.StatusSeeOther {
		s.t.Fatalf("proposing answered %d:\n%s", got.status, got.body)
	}
}

// count counts the rows of a table that are a file's.
func (s *mergeStory) of(table, file string) (n int) {
	s.t.Helper()
	err := s.municipality("05802").View(context.Background(), func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM `+table+` WHERE file_id = ?`, file).Scan(&n)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

func TestAMergeAndItsUndoingLoseNothing(t *testing.T) {
	for _, test := range []struct {
		name string
		own  bool // the RUN's file has a draft of its own, and an open attention at the same desk
	}{{"into a new file", false}, {"into a file with a cart of its own", true}} {
		t.Run(test.name, func(t *testing.T) {
			s := newMergeStory(t)
			if test.own {
				s.add(s.into, url.Values{"item": {"E201"}})
			}
			s.propose()
			before := s.rows("05802")
			plans, lines := s.of("plan", s.from), len(before["cart_item"])

			got := s.decide(s.from, "confirm", url.Values{})
			if got.status != http.StatusSeeOther || got.header.Get("Location") != "/files/"+s.into+"/screening" {
				t.Fatalf("confirming answered %d to %q:\n%s", got.status, got.header.Get("Location"), got.body)
			}
			if s.of("plan", s.into) != plans || s.of("plan", s.from) != 0 || len(s.rows("05802")["cart_item"]) != lines {
				t.Error("the plans did not move, or a line of a cart is lost")
			}
			if s.of("referral", s.into) == 0 || s.of("referral", s.from) != 0 || s.of("case_file", s.into) == 0 || s.of("case_file", s.from) != 0 {
				t.Error("referral and case did not move")
			}
			if s.of("case_note", s.into) != 1 || s.of("case_note_draft", s.into) != 1 {
				t.Error("the log did not move")
			}
			if s.grants("25555555-%") != 1 || s.grants("SR-05802-%") != 0 {
				t.Error("the benefit did not move")
			}
			for _, path := range []string{"/screening", "/plan", "/cart", "/history", ""} {
				old := s.manager.get("/files/" + s.from + path)
				if want := "/files/" + s.into + path; old.status != http.StatusSeeOther || old.header.Get("Location") != want {
					t.Errorf("the old address %q answers %d to %q", path, old.status, old.header.Get("Location"))
				}
			}
			cart := s.manager.get("/files/" + s.into + "/cart").body
			if !strings.Contains(cart, "del provisorio") {
				t.Error("the draft of the provisional file is not in the cart")
			}
			if late := s.manager.post("/files/"+s.from+"/cart/items", url.Values{"item": {"E102"}, "note": {"lo escrito"}}); late.status != http.StatusConflict ||
				!strings.Contains(late.body, "lo escrito") || !strings.Contains(late.body, `action="/files/`+s.into+`/cart/items"`) {
				t.Errorf("a form of the old file answers %d, and is not sent on:\n%s", late.status, late.body)
			}

			if got := s.decide(s.into, "undo", url.Values{"reason": {"no era"}}); got.status != http.StatusSeeOther {
				t.Fatalf("undoing answered %d:\n%s", got.status, got.body)
			}
			sameRows(t, before, s.rows("05802"))
		})
	}
}

// What is done between a merge and its undoing stays with the RUN; what was
// there before goes back as it is by then.
func TestWorkBetweenAMergeAndItsUndoing(t *testing.T) {
	s := newMergeStory(t)
	s.propose()
	if got := s.decide(s.from, "confirm", url.Values{}); got.status != http.StatusSeeOther {
		t.Fatal(got.status)
	}
	s.add(s.into, url.Values{"item": {"E201"}, "note": {"posterior"}})
	got := s.decide(s.into, "undo", url.Values{"reason": {"no era"}})
	if got.status != http.StatusSeeOther {
		t.Fatalf("undoing answered %d:\n%s", got.status, got.body)
	}
	mine, theirs := s.manager.get("/files/"+s.from+"/cart").body, s.manager.get("/files/"+s.into+"/cart").body
	if !strings.Contains(mine, "del provisorio") || strings.Contains(mine, "posterior") {
		t.Error("the provisional file's cart is not what it was")
	}
	if !strings.Contains(theirs, "posterior") || strings.Contains(theirs, "del provisorio") {
		t.Error("what was added since is not in the RUN's cart")
	}

	// Agreed in between, the cart is the plan's and stays.
	s.propose()
	if got := s.decide(s.from, "confirm", url.Values{}); got.status != http.StatusSeeOther {
		t.Fatal(got.status)
	}
	s.checkout(s.into)
	if got := s.decide(s.into, "undo", url.Values{"reason": {"no era"}}); got.status != http.StatusSeeOther {
		t.Fatalf("undoing answered %d:\n%s", got.status, got.body)
	}
	if s.of("plan", s.from) != 1 || s.of("plan", s.into) != 1 {
		t.Errorf("%d plans of the provisional file and %d of the RUN's, want 1 and 1", s.of("plan", s.from), s.of("plan", s.into))
	}
	if got := s.manager.get("/files/" + s.from + "/cart"); got.status != http.StatusOK {
		t.Errorf("the cart of the provisional file answers %d", got.status)
	}
}

// Who may do what of a merge, and that it is done once.
func TestAMergeIsConfirmedOnceByAHead(t *testing.T) {
	s := newMergeStory(t)
	s.propose()
	s.propose() // sent twice: one proposal
	if got := s.manager.post("/files/"+s.from+"/merge", url.Values{"run": {people.RUNOf(24_444_444).String()}, "proof": {"id_card"}}); got.status != http.StatusConflict {
		t.Errorf("a second RUN: %d", got.status)
	}
	if got := s.manager.get("/files/" + s.from + "/merge"); got.status != http.StatusOK || mergeField.MatchString(got.body) {
		t.Errorf("a case manager is offered the decision (%d)", got.status)
	}
	for _, what := range []string{"confirm", "decline", "undo"} {
		if got := s.manager.post("/files/"+s.from+"/merge/"+what, url.Values{"merge": {"x"}, "version": {"1"}, "reason": {"a"}}); got.status != http.StatusForbidden {
			t.Errorf("%s by a case manager: %d", what, got.status)
		}
	}
	if got := s.head.get("/merges"); got.status != http.StatusOK || !strings.Contains(got.body, "Baptiste") {
		t.Errorf("the list of what waits: %d", got.status)
	}
	if got := s.decide(s.from, "decline", url.Values{"reason": {""}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("declining without a reason: %d", got.status)
	}
	if got := s.decide(s.from, "undo", url.Values{"reason": {"a"}}); got.status != http.StatusConflict {
		t.Errorf("undoing what was not done: %d", got.status)
	}
	if got := s.decide(s.from, "decline", url.Values{"reason": {"falta el original"}}); got.status != http.StatusSeeOther {
		t.Errorf("declining: %d", got.status)
	}
	if got := s.head.get("/files/" + s.from + "/merge"); !strings.Contains(got.body, "falta el original") {
		t.Error("the reason of the decline is not shown")
	}
	s.propose()
	if got := s.decide(s.from, "confirm", url.Values{}); got.status != http.StatusSeeOther {
		t.Fatalf("confirming: %d", got.status)
	}
	if n := s.one("05802", `SELECT count(*) FROM audit WHERE action = 'people.merged'`); n != "2" {
		t.Errorf("%s entries of the merge in the trail, want one of each file", n)
	}
}

// What an open attention of both files at one desk keeps behind, comes along
// when it has ended.
func TestWhatCouldNotMoveComesLater(t *testing.T) {
	s := newMergeStory(t)
	s.propose()
	if got := s.decide(s.from, "confirm", url.Values{}); got.status != http.StatusSeeOther {
		t.Fatal(got.status)
	}
	if s.of("attention", s.from) == 0 {
		t.Fatal("both files had an open attention at one desk: the test would prove nothing")
	}
	who := actor.Actor{UserID: "u", Name: "Ana", Role: access.CaseManager, UnitID: access.SocialUnit, Municipality: s.municipality("05802"),
		Permissions: access.PermissionsOf(access.CaseManager, access.SocialUnit)}
	err := who.Municipality.Update(context.Background(), func(tx *tenants.Tx) error {
		_, err := tx.Exec(`UPDATE attention SET state = 'discarded', finished_at = opened_at WHERE file_id = ? AND state = 'open'`, s.into)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.app.People.LookupFound(context.Background(), who, s.from); err != nil {
		t.Fatal(err)
	}
	if n := s.of("attention", s.from); n != 0 {
		t.Errorf("%d attentions are still behind", n)
	}
}
