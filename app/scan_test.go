package app

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/tenants"
)

// small are the tables that may be read whole: what a municipality decides for
// itself, a few dozen rows each, and the last thousand changes of cases. All others
// grow with the people it helps.
var small = map[string]bool{
	"absence": true, "case_change": true, "catalogue_criterion": true, "catalogue_field": true, "catalogue_item": true, "catalogue_override": true,
	"catalogue_subcategory": true, "file_merge": true, "protocol": true, "protocol_item": true, "protocol_signature": true,
	"risk_rule": true, "topic": true, "unit": true, "unit_provider": true,
}

// readWhole are the questions that need all of a table, by how they begin, and who asks.
var readWhole = map[string]string{
	"SELECT seq, at, user_id, role, unit, action, object, file_id, detail, request, hash FROM audit ORDER BY seq": "the proof of the chain, by its button",
	"SELECT (SELECT count(*) FROM file), (SELECT count(*) FROM attention),":                                       "the administration, before it exchanges a file",
}

// No page reads a table that grows from end to end: each GET of the program is
// asked as everybody who may, and SQLite tells how it answers what they ask.
func TestNoPageReadsATableFromEndToEnd(t *testing.T) {
	h := newHouse(t)
	m := h.municipality("05802")
	asked := map[string]int{}
	for _, role := range []string{access.CaseManager, access.UnitHead, access.RSHDesk, access.FrontDesk, access.Director, access.Counterpart} {
		v := h.as(role, "05802")
		for _, route := range h.app.Routes() {
			if route.Method == http.MethodGet {
				address := h.fill("05802", route.Path)
				own := m.Statements() // of the test, which looks for what fills the address
				v.get(address)
				for text, params := range m.Statements() {
					if _, known := own[text]; !known {
						asked[text] = params
					}
				}
			}
		}
	}
	if len(asked) < 150 {
		t.Fatalf("only %d statements", len(asked))
	}
	for _, text := range slices.Sorted(maps.Keys(asked)) {
		if whole := h.readWhole(m, text, asked[text]); len(whole) > 0 && !excused(text) {
			t.Errorf("reads %s from end to end:\n%s", strings.Join(whole, ", "), text)
		}
	}
}

func excused(text string) bool {
	for begin := range readWhole {
		if strings.HasPrefix(strings.TrimSpace(text), begin) {
			return true
		}
	}
	return false
}

// readWhole gives the tables that grow and that a statement reads, or counts, from
// its first row, or back from its last, whatever it then leaves out. An index of some
// rows only, such as those of open cases, is as good as a search.
func (h *house) readWhole(m *tenants.Municipality, text string, params int) (tables []string) {
	h.t.Helper()
	err := m.View(context.Background(), func(tx *tenants.Tx) error {
		whole := map[string]bool{}
		rows, err := tx.Query(`SELECT rootpage, tbl_name, type = 'index' AND instr(upper(coalesce(sql, '')), ' WHERE ') > 0 FROM sqlite_schema WHERE rootpage > 0`)
		if err != nil {
			return err
		}
		names := map[int]string{} // of the tables that grow, by the page where table or index begins
		for rows.Next() {
			var page int
			var name string
			var partial bool
			if err := rows.Scan(&page, &name, &partial); err != nil {
				return err
			}
			if !partial && !small[name] {
				names[page] = name
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
		steps, err := tx.Query("EXPLAIN "+text, make([]any, params)...)
		if err != nil {
			return err
		}
		defer func() { _ = steps.Close() }()
		open := map[int]string{}
		for steps.Next() {
			var opcode string
			var p1, p2 int
			if err := steps.Scan(new(int), &opcode, &p1, &p2, new(any), new(any), new(any), new(any)); err != nil {
				return err
			}
			switch opcode {
			case "OpenRead", "ReopenIdx":
				open[p1] = names[p2]
			case "OpenEphemeral", "OpenAutoindex", "OpenPseudo", "SorterOpen", "VOpen":
				open[p1] = ""
			case "Rewind", "Last", "Count":
				if name := open[p1]; name != "" && !whole[name] {
					whole[name] = true
					tables = append(tables, name)
				}
			}
		}
		return steps.Err()
	})
	if err != nil {
		h.t.Fatal(text, err)
	}
	return tables
}
