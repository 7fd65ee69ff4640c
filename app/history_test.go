package app

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/attention"
	"gsl/app/benefit"
	"gsl/app/kit/actor"
	"gsl/tenants"
)

var storyKind = regexp.MustCompile(`data-event="([a-z]+)"`)

// kinds of the lines on a page of a history.
func kindsOn(page string) map[string]int {
	found := map[string]int{}
	for _, match := range storyKind.FindAllStringSubmatch(page, -1) {
		found[match[1]]++
	}
	return found
}

// somebody does casework in a municipality.
func (h *house) somebody(code string) actor.Actor {
	return actor.Actor{UserID: "u", Role: access.CaseManager, UnitID: access.SocialUnit, Permissions: access.PermissionsOf(access.CaseManager, access.SocialUnit),
		Municipality: h.municipality(code)}
}

// One list tells everything of a person, and one kind of it when that is asked for.
func TestThePersonsStoryIsOneList(t *testing.T) {
	h := newHouse(t)
	file := h.one("05802", `SELECT p.file_id FROM plan p JOIN referral r ON r.file_id = p.file_id JOIN attention a ON a.file_id = p.file_id
		JOIN case_file c ON c.file_id = p.file_id JOIN file f ON f.id = p.file_id WHERE a.state = 'finished' ORDER BY p.id LIMIT 1`)
	past, err := h.app.Attention.History(context.Background(), h.somebody("05802"), file, attention.AnyKind, "")
	if err != nil {
		t.Fatal(err)
	}
	err = h.municipality("05802").Update(context.Background(), func(tx *tenants.Tx) error {
		_, err := tx.Exec(`INSERT INTO benefit_grant (id, holder, item_code, name, recorded_as, category, subcategory, kind, granted_on,
			quantity, unit, amount_clp, provider, decree, note, source, origin, recorded_at)
			VALUES ('GRANT', ?, '', 'Caja de alimentos', '', 'E', '', ?, '2026-02-03', 1, '', 32000, '', '77/2026', '', 'import', 'x', '2026-02-03T12:00:00Z')`,
			past.File.Holder(), benefit.InKind)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	manager, head := h.as(access.CaseManager, "05802"), h.as(access.UnitHead, "05802")
	page := "/files/" + file + "/history"
	manager.get("/files/" + file + "/screening")
	for kind, link := range map[string]string{"attention": `href="/attentions/`, "referral": `href="/referrals/`, "plan": `href="/plans/`, "benefit": "Caja de alimentos", "case": "Responsable del caso", "change": ""} {
		got := manager.get(page + "?kind=" + kind)
		if on := kindsOn(got.body); len(on) != 1 || on[kind] == 0 || !strings.Contains(got.body, link) {
			t.Errorf("kind %s shows %v", kind, on)
		}
	}
	if on := kindsOn(head.get(page + "?kind=view").body); len(on) != 1 || on["view"] == 0 {
		t.Errorf("a head who asks who looked sees %v", on)
	}
	for _, bad := range []string{"?kind=view", "?kind=other", "?before=a.1.2"} {
		if got := manager.get(page + bad); got.status != http.StatusNotFound {
			t.Errorf("%s answered %d", bad, got.status)
		}
	}
	all := kindsOn(manager.get(page).body)
	for _, kind := range []string{"attention", "referral", "plan", "case"} {
		if all[kind] == 0 {
			t.Errorf("the whole list lacks %s: %v", kind, all)
		}
	}
}

// Whatever falls on the same instant, each line is on one page, and newer ones come first.
func TestTheStoryIsPagedWithoutGaps(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	file := h.one("05802", `SELECT file_id FROM referral GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`)
	seen, from := map[string]bool{}, ""
	for pages := 0; pages < 50; pages++ {
		past, err := h.app.Attention.History(ctx, h.somebody("05802"), file, attention.AnyKind, from)
		if err != nil {
			t.Fatal(err)
		}
		for i := range past.Events {
			if told := past.Events[i].Told; told != nil {
				id := string(told.Kind) + told.ID
				if seen[id] {
					t.Errorf("%s is shown twice", id)
				}
				seen[id] = true
			}
		}
		if from = past.Older; from == "" {
			break
		}
	}
	referrals := 0
	for id := range seen {
		if strings.HasPrefix(id, "referral") {
			referrals++
		}
	}
	if want := h.one("05802", `SELECT count(*) FROM referral WHERE file_id = '`+file+`'`); strconv.Itoa(referrals) != want {
		t.Errorf("%d referrals of %s are told", referrals, want)
	}
}

// Who is no party of a referral does not learn of it from the story.
func TestTheStoryHidesForeignReferrals(t *testing.T) {
	h := newHouse(t)
	file := h.one("05802", `SELECT file_id FROM referral WHERE unit = 'rsh' AND origin = 'front_desk' AND file_id NOT IN
		(SELECT file_id FROM referral WHERE unit = 'subsidies' OR origin = 'subsidies') ORDER BY id LIMIT 1`)
	page := "/files/" + file + "/history?kind=referral"
	if on := kindsOn(h.as(access.SubsidiesDesk, "05802").get(page).body); on["referral"] != 0 {
		t.Error("a third desk reads of it")
	}
	if on := kindsOn(h.as(access.FrontDesk, "05802").get(page).body); on["referral"] == 0 {
		t.Error("the sender does not")
	}
}
