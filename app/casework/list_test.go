package casework_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/casework"
	"gsl/app/kit/fault"
	"gsl/app/kit/web/webtest"
	"gsl/tenants"
)

// aged makes an open case of Camila's that was opened and last moved so many
// days ago, and gives its id.
func (u *unit) aged(n, opened, moved int) string {
	u.t.Helper()
	id := fmt.Sprintf("AGED%022d", n)
	u.with(func(tx *tenants.Tx) error {
		day := func(days int) string { return tx.Now.AddDate(0, 0, -days).UTC().Format("2006-01-02T15:04:05.000Z") }
		if _, err := tx.Exec(`INSERT INTO file (id, run, given_names, surnames, created_at, created_by) VALUES (?,?,?,?,?,'x')`, "F"+id[1:], 21_000_000+n, "Ana", fmt.Sprint("Soto ", n), day(0)); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO case_file (id, file_id, unit, status, worker_id, worker_name, opened_at, opened_by, opened_by_name, assigned_at, moved_at)
			VALUES (?,?,?,'assigned','camila','Camila Rojas',?,'x','x',?,?)`, id, "F"+id[1:], access.SocialUnit, day(opened), day(opened), day(moved))
		return err
	})
	return id
}

func TestTheBoardCountsByAge(t *testing.T) {
	u := newUnit(t)
	for i, days := range []int{0, 30, 31, 90, 91, 180, 181, 700} {
		u.aged(i, days, min(days, 29+i%2))
	}
	want := []int{2, 2, 2, 2}
	for range 2 { // counted, and as it was counted
		board := u.list(u.head, casework.Ask{Board: true})
		if len(board.Loads) != 1 || board.Total != 8 {
			t.Fatalf("the board: %+v", board.Loads)
		}
		for age := range casework.Ages {
			if got := board.Loads[0].Count(age+1, false); got != want[age] {
				t.Errorf("bucket %d: %d", age+1, got)
			}
			list := u.list(u.head, casework.Ask{Board: true, Worker: "camila", Age: age + 1})
			mine := u.list(u.camila, casework.Ask{Age: age + 1})
			if len(list.Rows) != want[age] || list.Total != want[age] || len(mine.Rows) != want[age] || mine.Total != want[age] {
				t.Errorf("bucket %d lists %d of %d, %d of %d", age+1, len(list.Rows), list.Total, len(mine.Rows), mine.Total)
			}
		}
		if still := u.list(u.head, casework.Ask{Board: true, Still: true}); len(still.Rows) != board.Loads[0].Count(0, true) || still.Total != len(still.Rows) || still.Total != 4 {
			t.Errorf("without movement: %d of %d", len(still.Rows), still.Total)
		}
	}
	u.assign(u.head, u.file(50), u.luis, "") // a change is counted at once
	if board := u.list(u.head, casework.Ask{Board: true}); board.Total != 9 || len(board.Loads) != 2 {
		t.Errorf("after a new case: %d", board.Total)
	}
	oldest := u.list(u.head, casework.Ask{Board: true, Age: 4})
	if oldest.Rows[0].OpenedAt.After(oldest.Rows[1].OpenedAt) {
		t.Error("those of a bucket do not stand by age")
	}
}

func TestNarrowedListsArePaged(t *testing.T) {
	u := newUnit(t)
	for n := range 120 {
		u.aged(n, 200+n/2, 40+n%3)
	}
	for _, ask := range []casework.Ask{{Board: true, Age: 4}, {Board: true, Still: true}, {Board: true, Worker: "camila", Age: 4, Still: true}} {
		seen := map[string]bool{}
		for pages := 1; ; pages++ {
			list := u.list(u.head, ask)
			for i := range list.Rows {
				if seen[list.Rows[i].ID] {
					t.Fatal("a case stands on two pages")
				}
				seen[list.Rows[i].ID] = true
			}
			if ask.After = list.Next; ask.After == "" || pages > 5 {
				break
			}
		}
		if len(seen) != 120 {
			t.Errorf("%+v: %d", ask, len(seen))
		}
	}
}

func TestWorkingLists(t *testing.T) {
	u := newUnit(t)
	a, b := u.aged(1, 10, 1), u.aged(2, 100, 50)
	save := func(form casework.ListForm) (string, error) { return u.service.SaveList(background, u.camila, form) }
	id, err := save(casework.ListForm{Name: " Visitas  de julio ", Shared: true, Cases: []string{a, b}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := save(casework.ListForm{Into: id, Cases: []string{a}}); err != nil { // it is in it already
		t.Error(err)
	}
	own, err := save(casework.ListForm{Name: "Quietos", Condition: "still=1&worker=luis&evil=1&age=9"})
	if err != nil {
		t.Fatal(err)
	}
	list := u.list(u.luis, casework.Ask{List: id})
	if list.Opened == nil || list.Opened.Name != "Visitas de julio" || list.Total != 2 || len(list.Rows) != 2 || len(list.Lists) != 1 {
		t.Errorf("shared: %+v", list.Lists)
	}
	if quiet := u.list(u.camila, casework.Ask{List: own}); quiet.Total != 1 || quiet.Rows[0].ID != b {
		t.Errorf("a condition: %+v", quiet.Rows)
	}
	if _, err := u.service.Cases(background, u.luis, casework.Ask{List: own}); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else's: %v", err)
	}
	for what, form := range map[string]casework.ListForm{
		"name": {Cases: []string{a}}, "name ": {Name: strings.Repeat("ñ", 61), Condition: "still=1"}, "name  ": {Name: "VISITAS DE JULIO", Cases: []string{a}},
		"case": {Name: "x"}, "into": {Into: "nope", Cases: []string{a}}, "into ": {Into: own, Cases: []string{a}}, "case  ": {Name: "x", Cases: []string{"nope"}}, "case ": {Name: "x", Cases: make([]string, 201)},
	} {
		if _, err := save(form); len(fieldsOf(err)) != 1 || fieldsOf(err)[0] != strings.TrimSpace(what) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := u.service.TakeOut(background, u.luis, id, []string{a}); err != nil {
		t.Error(err)
	}
	if list := u.list(u.camila, casework.Ask{List: id}); list.Total != 1 {
		t.Errorf("taken out: %d", list.Total)
	}
	if err := u.service.RemoveList(background, u.luis, id); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a colleague removes it: %v", err)
	}
	if err := u.service.RemoveList(background, u.head, id); err != nil {
		t.Errorf("the head removes it: %v", err)
	}
	if list := u.list(u.luis, casework.Ask{}); len(list.Lists) != 0 {
		t.Error("it is still there")
	}
}

func TestListsOnThePage(t *testing.T) {
	u := newUnit(t)
	id := u.aged(1, 200, 50)
	c := webtest.New(t, u.head, casework.NewHandlers(u.service).Mount)
	c.Get("/cases").Contains(t, "Más de 180 días", "200 días", `href="/cases?age=4&amp;worker=camila"`, "Exportar")
	got := c.PostForm("/cases/lists", url.Values{"case": {id}, "was[" + id + "]": {"camila"}, "worker": {""}, "reason": {""}, "name": {"Urgentes"}, "shared": {"1"}, "into": {""}, "back": {"/cases"}})
	if got.Status != http.StatusSeeOther {
		t.Fatalf("got %d: %s", got.Status, got.Body)
	}
	path := got.Header.Get("Location")
	c.Get(path).Contains(t, "Urgentes", "Lista de Hernán Salinas", "Quitar los elegidos de la lista", "Soto 1")
	if wrong := c.PostForm("/cases/lists", url.Values{"name": {"Otra"}, "back": {"/cases"}}); wrong.Status != http.StatusUnprocessableEntity {
		t.Errorf("nothing chosen: %d", wrong.Status)
	} else {
		wrong.Contains(t, `value="Otra"`, "Marque al menos un caso")
	}
	for _, bad := range []string{"/cases?list=nope", "/cases.csv?list=nope"} {
		if got := c.Get(bad); got.Status != http.StatusNotFound {
			t.Errorf("%s: %d", bad, got.Status)
		}
	}
	for _, odd := range []string{"/cases?age=9&still=x", "/cases?age=%27", "/cases?list=%00"} {
		if got := c.Get(odd); got.Status >= 500 {
			t.Errorf("%s: %d", odd, got.Status)
		}
	}
	list := path[strings.Index(path, "list=")+5:]
	if got := c.PostForm("/cases/lists/"+list+"/take", url.Values{"case": {id}, "back": {path}}); got.Status != http.StatusSeeOther {
		t.Errorf("take: %d", got.Status)
	}
	if got := c.PostForm("/cases/lists/"+list+"/remove", url.Values{"back": {path}}); got.Status != http.StatusSeeOther || got.Header.Get("Location") != "/cases" {
		t.Errorf("remove: %d", got.Status)
	}
}

// An export has what the page shows, no formula, and leaves its trail at each file.
func TestTheExport(t *testing.T) {
	u := newUnit(t)
	for n := range 60 {
		u.aged(n, 200, 50)
	}
	u.with(func(tx *tenants.Tx) error {
		_, err := tx.Exec(`UPDATE file SET surnames = '=1+1', given_names = '' WHERE id = 'FGED0000000000000000000003'`)
		return err
	})
	c := webtest.New(t, u.camila, casework.NewHandlers(u.service).Mount)
	got := c.Get("/cases.csv?age=4")
	lines := strings.Count(got.Body, "\r\n")
	if got.Status != http.StatusOK || lines != 61 || strings.Contains(got.Body, ";=1+1") || !strings.Contains(got.Body, ";'=1+1") {
		t.Errorf("got %d, %d lines", got.Status, lines)
	}
	got.Contains(t, "Antigüedad", "Camila Rojas")
	var seen int
	err := u.limache.Access().View(background, func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT count(DISTINCT file_id) FROM access_view WHERE what = 'cases.csv' AND user_id = 'camila'`).Scan(&seen)
	})
	if err != nil || seen != 60 {
		t.Errorf("%d files say so, %v", seen, err)
	}
	if got := webtest.New(t, u.worker("f", "F", access.FrontDesk, ""), casework.NewHandlers(u.service).Mount).Get("/cases.csv"); got.Status != http.StatusForbidden {
		t.Errorf("a desk: %d", got.Status)
	}
}
