package app

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"gsl/app/access"
)

// A form that a browser's Back brought up again, with other words in it, is no
// replay: nobody is told that the words were kept when they were not. It comes
// back with them and, sent once more, keeps them beside the others.
func TestAFormOfCaseworkSentAgainWithOtherWordsLosesNone(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.CaseManager, "05802")
	file := h.one("05802", `SELECT file_id FROM plan WHERE status = 'open' AND file_id NOT IN (SELECT file_id FROM file_restriction WHERE lifted_at IS NULL) ORDER BY id LIMIT 1`)
	me, base := h.userOf(access.CaseManager, "05802"), "/files/"+file
	v.get(base + "/screening")
	for i, c := range []struct {
		path, word, table string
		form              url.Values
	}{
		{"/agenda/followups", "text", "followup", url.Values{"day": {"30-12-2026"}, "clock": {"10:30"}}},
		{base + "/followups", "text", "followup", url.Values{"day": {"30-12-2026"}, "clock": {"10:30"}}},
		{base + "/visits", "purpose", "visit", url.Values{"day": {"30-12-2026"}, "clock": {"10:30"}, "worker": {me}, "address": {"Calle 1"}}},
		{base + "/goals", "text", "goal", url.Values{"due": {"30-12-2026"}}},
		{base + "/commitments", "text", "commitment", url.Values{"due": {"30-12-2026"}, "by": {"Ana"}}},
		{base + "/ecomap", "name", "ecomap_tie", url.Values{"kind": {"school"}, "tie": {"strong"}}},
		{base + "/requests", "asked", "data_request", url.Values{"kind": {"access"}, "channel": {"in_person"}, "proof": {"id_card"}, "received_on": {"20-11-2026"}}},
	} {
		kept := func(words string) string {
			return h.one("05802", `SELECT count(*) FROM `+c.table+` WHERE `+c.word+` = '`+words+`'`)
		}
		first, second := "Lo primero "+strconv.Itoa(i), "Lo segundo "+strconv.Itoa(i)
		form := with(with(c.form, "key", "again"+c.table+c.path[:6]), c.word, first)
		for range 2 {
			if got := v.post(c.path, form); got.status != http.StatusSeeOther {
				t.Fatalf("%s answered %d:\n%s", c.path, got.status, got.body)
			}
		}
		once := kept(first)
		form.Set(c.word, second)
		got := v.post(c.path, form)
		if got.status != http.StatusConflict || !strings.Contains(got.body, second) || kept(second) != "0" {
			t.Errorf("%s with other words answered %d", c.path, got.status)
		}
		if c.table == "data_request" {
			continue // a page of its own: its form is opened anew
		}
		for _, found := range formKey.FindAllStringSubmatch(got.body, -1) {
			if strings.Contains(got.body, `action="`+c.path+`"`) && found[1] != form.Get("key") {
				form.Set("key", found[1])
			}
		}
		if got := v.post(c.path, form); got.status != http.StatusSeeOther || kept(second) != "1" || kept(first) != once {
			t.Errorf("%s once more answered %d: %s and %s kept", c.path, got.status, kept(first), kept(second))
		}
	}
}

// A slip of the keys makes no report that is late by two thousand years.
func TestReportsAreDueInOurTime(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.CaseManager, "05802")
	file := h.one("05802", `SELECT file_id FROM plan WHERE status = 'open' AND file_id NOT IN (SELECT file_id FROM file_restriction WHERE lifted_at IS NULL) ORDER BY id LIMIT 1`)
	v.get("/files/" + file + "/report")
	for _, day := range []string{"01-01-0001", "31-12-9999", "31-02-2027"} {
		got := v.post("/files/"+file+"/reports", url.Values{"key": {"due" + day}, "purpose": {"C001"}, "addressee": {"Juzgado de Familia"}, "due": {day}})
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "Juzgado de Familia") {
			t.Errorf("a report for %s answered %d", day, got.status)
		}
	}
}
