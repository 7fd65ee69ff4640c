package app

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/diagnosis"
	"gsl/app/kit/actor"
	"gsl/tenants"
)

// manager is a case manager of a demo municipality.
func (h *house) manager(code string) actor.Actor {
	h.t.Helper()
	return actor.Actor{UserID: "u-manager", Name: "Gestora", Role: access.CaseManager, UnitID: access.SocialUnit, UnitName: "Asistencia Social",
		Permissions: access.PermissionsOf(access.CaseManager, access.SocialUnit), Municipality: h.municipality(code)}
}

// fillCasework puts in what the paths of casework need: a diagnosis that is a
// draft, and one of each of the ecomap, the goals and the commitments.
func (h *house) fillCasework(code, path string, ids map[string]string) {
	h.t.Helper()
	if !strings.Contains(path, "/diagnos") && !strings.Contains(path, "/ecomap") && !strings.Contains(path, "/goals") && !strings.Contains(path, "/commitments") {
		return
	}
	ctx, who, file := context.Background(), h.manager(code), ids[":file"]
	for _, err := range []error{
		h.app.Diagnosis.Start(ctx, who, file),
		h.app.Diagnosis.AddTie(ctx, who, file, "route-tie", diagnosis.Tie{Kind: diagnosis.SchoolKind, Name: "Escuela", Strength: diagnosis.Strong}),
		h.app.Diagnosis.AddGoal(ctx, who, file, "route-goal", diagnosis.Goal{Aim: diagnosis.Aim{Text: "Regularizar la deuda"}}),
		h.app.Diagnosis.AddCommitment(ctx, who, file, "route-commitment", diagnosis.Commitment{Aim: diagnosis.Aim{Text: "Traer la boleta"}, By: "Ana"}),
	} {
		if err != nil {
			h.t.Fatal(err)
		}
	}
	ids[":diagnosis"] = h.one(code, `SELECT id FROM diagnosis WHERE file_id = '`+file+`' ORDER BY id DESC LIMIT 1`)
	ids[":tie"] = h.one(code, `SELECT id FROM ecomap_tie WHERE key = 'route-tie'`)
	ids[":goal"] = h.one(code, `SELECT id FROM goal WHERE key = 'route-goal'`)
	ids[":commitment"] = h.one(code, `SELECT id FROM commitment WHERE key = 'route-commitment'`)
}

func init() {
	for path, form := range map[string]url.Values{
		"/files/:file/diagnosis":               diagnosisForm("then", "complete", "carry", "family"),
		"/files/:file/diagnosis/draft":         diagnosisForm(),
		"/files/:file/diagnosis/discard":       {"draft": {"x"}},
		"/files/:file/ecomap":                  {"key": {"k"}, "kind": {"family"}, "name": {"a"}, "tie": {"weak"}, "note": {"b"}},
		"/files/:file/ecomap/:tie":             {"version": {"1"}, "kind": {"family"}, "name": {"a"}, "tie": {"weak"}, "note": {"b"}},
		"/files/:file/goals":                   {"key": {"k"}, "text": {"a"}, "dimension": {"family"}, "due": {"20-12-2026"}, "tied": {"1"}, "standing": {"open"}, "reason": {"b"}},
		"/files/:file/goals/:goal":             {"version": {"1"}, "text": {"a"}, "dimension": {"family"}, "due": {"20-12-2026"}, "standing": {"open"}, "reason": {"b"}, "tied": {"1"}},
		"/files/:file/commitments":             {"key": {"k2"}, "text": {"a"}, "by": {"Ana"}, "goal": {""}, "due": {"20-12-2026"}, "standing": {"open"}, "reason": {"b"}, "tied": {"1"}},
		"/files/:file/commitments/:commitment": {"version": {"1"}, "text": {"a"}, "by": {"Ana"}, "due": {"20-12-2026"}, "standing": {"open"}, "reason": {"b"}, "tied": {"1"}},
	} {
		everyForm[path] = struct {
			role string
			form url.Values
		}{access.CaseManager, form}
	}
}

// diagnosisForm is what the form of a draft sends, and more.
func diagnosisForm(more ...string) url.Values {
	form := url.Values{"draft": {"x"}, "page": {"p"}, "marks": {"minors"}}
	for _, of := range []string{"family", "whole"} {
		form.Set("seen["+of+"]", "m")
		form.Set("level["+of+"]", "critical")
		form.Set("situation["+of+"]", "a")
		form.Set("note["+of+"]", "b")
	}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

// What case work is, the desks that only orient do not read: not the page, not
// the line of the menu, not the risk in the header.
func TestDesksDoNotReadCasework(t *testing.T) {
	h := newHouse(t)
	path := h.fill("05802", "/files/:file/diagnosis")
	file := strings.TrimSuffix(path, "/diagnosis")
	h.finishDiagnosis("05802", strings.TrimPrefix(file, "/files/"))
	if got := h.as(access.CaseManager, "05802").get(file + "/plan"); !strings.Contains(got.body, "Riesgo crítico") || !strings.Contains(got.body, `href="`+path+`"`) {
		t.Errorf("a case manager is not warned of the risk (%d)", got.status)
	}
	for _, role := range []string{access.FrontDesk, access.RSHDesk, access.SubsidiesDesk} {
		got := h.as(role, "05802").get(file + "/plan")
		if got.status != 200 || strings.Contains(got.body, "Riesgo crítico") || strings.Contains(got.body, path) {
			t.Errorf("%s reads of the diagnosis (%d)", role, got.status)
		}
	}
}

// finishDiagnosis finishes the draft of a file: everything is critical.
func (h *house) finishDiagnosis(code, file string) {
	h.t.Helper()
	who := h.manager(code)
	var draft string
	err := who.Municipality.View(context.Background(), func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT id FROM diagnosis WHERE file_id = ? AND state = 'draft'`, file).Scan(&draft)
	})
	if err != nil {
		h.t.Fatal(err)
	}
	texts := map[diagnosis.Dimension]diagnosis.Text{}
	for _, of := range diagnosis.Dimensions() {
		texts[of] = diagnosis.Text{Level: diagnosis.Critical, Note: "grave"}
	}
	if _, err := h.app.Diagnosis.Complete(context.Background(), who, file, diagnosis.Typed{DraftID: draft, Texts: texts}); err != nil {
		h.t.Fatal(err)
	}
}
