package app

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"gsl/app/demo"
)

// The demo shows each thing in each of its states, so that whoever tries it out
// finds it.
func TestTheDemoIsAlive(t *testing.T) {
	h := newHouse(t)
	for _, code := range []string{"05802", "06304", "13201"} {
		for what, c := range map[string]struct{ query, want string }{
			"states of referrals": {`SELECT group_concat(state, ' ') FROM (SELECT DISTINCT state FROM referral ORDER BY 1)`,
				"answered cancelled closed in-progress received returned sent waiting"},
			"outcomes": {`SELECT group_concat(outcome, ' ') FROM (SELECT DISTINCT outcome FROM referral WHERE outcome <> '' ORDER BY 1)`,
				"did-not-attend granted not-applicable not-granted withdrawn"},
			"waits":               {`SELECT group_concat(waiting_for, ' ') FROM (SELECT DISTINCT waiting_for FROM referral WHERE waiting_for <> '' ORDER BY 1)`, "documents waiting-list"},
			"states of protocols": {`SELECT group_concat(state, ' ') FROM (SELECT DISTINCT state FROM protocol ORDER BY 1)`, "draft ended in-force in-signature"},
			"an expired one and one about to": {`SELECT group_concat(n, ' ') FROM (SELECT count(*) AS n FROM protocol WHERE state = 'in-force' AND valid_to < date('now')
				UNION ALL SELECT count(*) FROM protocol WHERE state = 'in-force' AND valid_to BETWEEN date('now') AND date('now', '+60 days'))`, "1 1"},
			"overdue ones":            {`SELECT min(4, count(*)) FROM referral WHERE state IN ('sent', 'received', 'in-progress') AND due < date('now', '-1 day')`, "4"},
			"unassigned ones":         {`SELECT min(3, count(*)) FROM referral WHERE unit = 'social' AND state = 'sent' AND assigned = ''`, "3"},
			"workers with cases":      {`SELECT count(DISTINCT worker_id) FROM case_file WHERE status = 'assigned'`, "2"},
			"months with attentions":  {`SELECT min(12, count(DISTINCT substr(day, 1, 7))) FROM attention WHERE state = 'finished'`, "12"},
			"files without RUN":       {`SELECT count(*) FROM provisional`, "2"},
			"a merge proposed":        {`SELECT count(*) FROM file_merge WHERE state = 'proposed'`, "1"},
			"somebody away":           {`SELECT count(*) FROM absence WHERE from_on <= date('now') AND to_on >= date('now')`, "1"},
			"mail to nobody":          {`SELECT count(*) FROM unit WHERE email <> '' AND email NOT LIKE '%.invalid'`, "0"},
			"links that can be used":  {`SELECT count(*) > 0 FROM referral_link WHERE used_at IS NULL AND revoked_at IS NULL`, "1"},
			"reached by link or mail": {`SELECT count(*) FROM unit WHERE email <> ''`, "15"},
		} {
			if got := h.one(code, c.query); got != c.want {
				t.Errorf("%s: %s: %q, not %q", code, what, got, c.want)
			}
		}
		waiting := h.one(code, `SELECT count(*) FROM ticket WHERE state = 'waiting'`)
		if kept := h.one(code, `SELECT count(*) FROM setting WHERE key = 'attention.waiting_list' AND value = 'on'`); (kept == "1") != (waiting == "4") {
			t.Errorf("%s: %s people wait where lists are kept: %s", code, waiting, kept)
		}
	}
	visitors, err := demo.Visitors(context.Background(), h.app.Files.Registry())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range visitors {
		if n := h.one("05802", `SELECT count(*) FROM file WHERE run = `+strconv.Itoa(int(v.RUN.Body()))+` OR run = '`+v.RUN.String()+`'`); n != "0" {
			t.Errorf("%s, to be looked up first, has a file", v.What)
		}
	}
	if model := h.municipality("06304").Model(); model != 2 {
		t.Errorf("Lolol works by model %d", model)
	}
	if desks := h.one("06304", `SELECT group_concat(desk, ' ') FROM (SELECT DISTINCT desk FROM attention ORDER BY 1)`); strings.Contains(desks, "rsh") {
		t.Errorf("with a single front desk people came to %s", desks)
	}
}
