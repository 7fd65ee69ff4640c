package app

import (
	"context"
	"net/url"
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/report"
	"gsl/tenants"
)

// report gives a draft of the file with the open plan.
func (h *house) report(code string) (id string) {
	h.t.Helper()
	who := actor.Actor{UserID: "u", Name: "Nadie", Role: access.CaseManager, UnitID: access.SocialUnit, Municipality: h.municipality(code)}
	err := who.Municipality.Update(context.Background(), func(tx *tenants.Tx) error {
		err := tx.QueryRow(`SELECT id FROM report WHERE state = 'draft' ORDER BY id LIMIT 1`).Scan(&id)
		if !tenants.NotFound(err) {
			return err
		}
		var file string
		if err := tx.QueryRow(`SELECT file_id FROM plan WHERE status = 'open' ORDER BY id LIMIT 1`).Scan(&file); err != nil {
			return err
		}
		r, err := h.app.Report.DraftTx(tx, who, file, report.New{Code: "C001", Purpose: "Ayuda social municipal"})
		id = r.ID
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

// reportForm is every field of the editor.
var reportForm = url.Values{
	"page": {"p"}, "turn": {"1"}, "then": {"add.opinion"}, "seen[purpose]": {"1"}, "seen[household]": {"1"}, "seen[socioeconomic]": {"1"}, "seen[housing]": {"1"},
	"seen[health]": {"1"}, "seen[education]": {"1"}, "seen[networks]": {"1"}, "seen[opinion]": {"1"}, "seen[requests]": {"1"}, "base[opinion]": {"x"}, "against[opinion]": {"1"},
	"purpose": {"C001"}, "addressee": {"a"}, "detail": {"b"}, "due": {"30-12-2026"},
	"member": {"1"}, "member_name[1]": {"Ana"}, "member_run[1]": {"12.345.678-5"}, "member_born[1]": {"01-02-1980"}, "member_relationship[1]": {"a"}, "member_education[1]": {"b"},
	"member_occupation[1]": {"c"}, "member_health[1]": {"d"}, "income": {"1"}, "income_who[1]": {"Ana"}, "income_source[1]": {"a"}, "income_amount[1]": {"100.000"},
	"request": {"1"}, "request_text[1]": {"a"}, "socioeconomic": {"1"}, "socioeconomic_text": {"a"}, "housing": {"1"}, "housing_text": {"a"}, "housing_type": {"a"}, "housing_tenure": {"b"},
	"housing_rooms": {"2"}, "housing_water": {"c"}, "health": {"1"}, "health_text": {"a"}, "education": {"1"}, "education_text": {"a"}, "networks": {"1"}, "networks_text": {"a"},
	"ecomap": {"1"}, "opinion_text": {"a"},
}

// partForm is every field of one part of it.
var partForm = url.Values{"page": {"p"}, "turn": {"1"}, "then": {"add.opinion"}, "seen[opinion]": {"1"}, "base[opinion]": {"x"}, "against[opinion]": {"1"}, "opinion_text": {"a"}}

// The draft of a plan's item begins with checkout and ends when the item is withdrawn.
func TestAPlansItemHasItsReport(t *testing.T) {
	h := newHouse(t)
	v := h.as(access.CaseManager, "05802")
	plan := h.one("05802", `SELECT r.plan_id FROM report r JOIN plan_item i ON i.id = r.item_id WHERE r.state = 'draft' AND i.status = 'pending' ORDER BY r.id LIMIT 1`)
	item := h.one("05802", `SELECT id FROM plan_item WHERE plan_id = '`+plan+`' AND category = 'C'`)
	file := h.one("05802", `SELECT file_id FROM plan WHERE id = '`+plan+`'`)
	if state := h.one("05802", `SELECT state FROM report WHERE item_id = '`+item+`'`); state != "draft" {
		t.Fatalf("the item's report is %q", state)
	}
	v.get("/plans/" + plan)
	if got := v.post("/plans/"+plan+"/items", url.Values{"status[" + item + "]": {"withdrawn"}, "reason[" + item + "]": {"ya no lo necesita"}}); got.status != 303 {
		t.Fatalf("withdrawing answered %d:\n%s", got.status, got.body)
	}
	if reason := h.one("05802", `SELECT annul_reason FROM report WHERE item_id = '`+item+`' AND state = 'annulled'`); reason != "ya no lo necesita" {
		t.Errorf("the draft ended because of %q", reason)
	}
	if got := v.get("/files/" + file + "/report"); got.status != 200 {
		t.Errorf("the list answered %d", got.status)
	}
}
