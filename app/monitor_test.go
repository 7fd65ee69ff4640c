package app

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/calendar"
)

// value reads a figure out of the exported table.
func value(t *testing.T, table, row, column string) int {
	t.Helper()
	found := regexp.MustCompile(`(?m)^"?[^;]*"?;"?` + regexp.QuoteMeta(row) + `"?;"?` + regexp.QuoteMeta(column) + `"?;"?([\d.]+)`).FindStringSubmatch(table)
	if found == nil {
		t.Fatalf("no %s, %s in\n%s", row, column, table)
	}
	n, err := strconv.Atoi(strings.ReplaceAll(found[1], ".", ""))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The figures are those of the file, counted another way.
func TestTheMonitorCountsWhatTheFileHolds(t *testing.T) {
	h := newHouse(t)
	table := h.as(access.Director, "05802").get("/monitor.csv").body
	number := func(query string) int {
		n, err := strconv.Atoi(h.one("05802", query))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	today := calendar.On(time.Now())
	first := time.Date(today.Year(), time.Month(today.Month()), 1, 0, 0, 0, 0, calendar.Santiago).UTC().Format("'2006-01-02T15:04:05'")
	for _, c := range []struct{ row, column, query string }{
		{"Atenciones este mes", "Este mes", `SELECT count(*) FROM attention WHERE state = 'finished' AND day >= '` + today.String()[:8] + `01'`},
		{"Derivaciones hechas este mes", "Este mes", `SELECT count(*) FROM referral WHERE created_at >= ` + first},
		{"Respondidas este mes", "Este mes", `SELECT count(*) FROM referral WHERE answered_at >= ` + first},
		{"Atrasadas hoy", "Este mes", `SELECT count(*) FROM referral WHERE state IN ('sent', 'received', 'in-progress') AND due < '` + today.String() + `'`},
		{"Subsidios Sociales", "Hechas este mes", `SELECT count(*) FROM referral WHERE unit = 'subsidies' AND created_at >= ` + first},
	} {
		if got, want := value(t, table, c.row, c.column), number(c.query); got != want {
			t.Errorf("%s: %d, and the file has %d", c.row, got, want)
		}
	}
	all := 0
	for _, level := range []string{"Información y orientación", "Derivación", "Gestión de casos"} {
		all += value(t, table, level, "12 meses")
	}
	desks := 0
	for _, desk := range []string{"Mesón general", "Registro Social de Hogares", "Subsidios Sociales", "Asistencia Social"} {
		desks += value(t, table, desk, "12 meses")
	}
	if all != desks || all == 0 {
		t.Errorf("%d attentions by level, %d by desk", all, desks)
	}
}

// A head sees the own unit first and may see the whole; nobody sees a person.
func TestWhoseFiguresTheMonitorShows(t *testing.T) {
	h := newHouse(t)
	head := h.as(access.UnitHead, "05802")
	first := head.get("/monitor")
	if !regexp.MustCompile(`aria-current="page">Asistencia Social<`).MatchString(first.body) {
		t.Error("a head does not see the own unit first")
	}
	own, whole := head.get("/monitor.csv").body, head.get("/monitor.csv?desk=all").body
	if value(t, own, "Atenciones este mes", "Este mes") >= value(t, whole, "Atenciones este mes", "Este mes") {
		t.Error("the unit has as many attentions as the municipality")
	}
	if strings.Contains(own, "Mesón general") {
		t.Error("the unit's figures show another desk's")
	}
	if got := head.get("/monitor?desk=nobody"); got.status != http.StatusNotFound {
		t.Errorf("an unknown desk answered %d", got.status)
	}
	name := h.one("05802", `SELECT surnames FROM file WHERE surnames <> '' ORDER BY id LIMIT 1`)
	if strings.Contains(first.body+whole, name) {
		t.Error("a person's name stands among the figures")
	}
	for _, role := range []string{access.Counterpart, access.Director} {
		if got := h.as(role, "06304").get("/monitor"); got.status != http.StatusOK || !strings.Contains(got.body, `aria-current="page">Toda la municipalidad<`) {
			t.Errorf("%s: %d", role, got.status)
		}
	}
}
