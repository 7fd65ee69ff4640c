package app

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gsl/app/access"
	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/referral"
	"gsl/tenants"
)

// Who has no part in a referral learns of it from no page of the file: not what
// was asked for, not of whom, not why it was returned.
func TestAForeignReferralIsOnNoPageOfTheFile(t *testing.T) {
	h := newHouse(t)
	front, third := h.as(access.FrontDesk, "05802"), h.as(access.RSHDesk, "05802")
	desk := actor.Actor{UserID: "u-front", Name: "Mesón", Role: access.FrontDesk, Permissions: access.PermissionsOf(access.FrontDesk, ""), Municipality: h.municipality("05802")}
	unit := actor.Actor{UserID: "u-unit", Name: "Subsidios", Role: access.SubsidiesDesk, UnitID: access.SubsidiesUnit,
		Permissions: access.PermissionsOf(access.SubsidiesDesk, access.SubsidiesUnit), Municipality: desk.Municipality}
	file := h.one("05802", `SELECT file_id FROM plan ORDER BY id LIMIT 1`)
	var r referral.Referral
	err := desk.Municipality.Update(context.Background(), func(tx *tenants.Tx) (err error) {
		at, err := h.app.Attention.Open(tx, desk, file)
		if err != nil {
			return err
		}
		r, err = h.app.Referral.Create(tx, desk, referral.New{FileID: file, Unit: access.SubsidiesUnit, AttentionID: at,
			Asked: referral.Asked{Code: "D999", Name: "Acompañamiento reservado", Category: "D"}})
		if err != nil {
			return err
		}
		return h.app.Referral.MoveTx(tx, unit, &r, referral.Move{Verb: referral.Return, Reason: "Motivo reservado"})
	})
	if err != nil {
		t.Fatal(err)
	}
	words := []string{"Acompañamiento reservado", "Motivo reservado", "D999", r.Folio(), r.ID}
	history, slip := "/files/"+file+"/history?kind=change", "/attentions/"+r.AttentionID
	for _, page := range []string{history, slip, "/files/" + file + "/history", "/files/" + file + "/referrals", "/files/" + file + "/case"} {
		got := third.get(page)
		for _, word := range words {
			if strings.Contains(got.body, word) {
				t.Errorf("a third desk reads %q on %s", word, page)
			}
		}
		if got.status != 200 {
			t.Errorf("%s: %d", page, got.status)
		}
	}
	if told := front.get(history).body; !strings.Contains(told, r.Folio()) || !strings.Contains(told, "Motivo reservado") {
		t.Error("the sender does not read why it was returned")
	}
	if !strings.Contains(front.get(slip).body, "Acompañamiento reservado") {
		t.Error("the sender's slip lacks it")
	}
}

// A paper that was handed in for a referral between a merge and its undoing goes
// back with the referral: else the trail of who saw it stands in another's file.
func TestAPaperGoesBackWithItsReferral(t *testing.T) {
	s := newMergeStory(t)
	s.propose()
	if got := s.decide(s.from, "confirm", url.Values{}); got.status != http.StatusSeeOther {
		t.Fatal(got.status)
	}
	id := s.one("05802", `SELECT id FROM referral WHERE file_id = '`+s.into+`'`)
	paper := []byte("%PDF-1.7\nx\n%%EOF\n")
	content, err := s.app.Document.Arrive(t.Context(), s.municipality("05802"), "carta.pdf", bytes.NewReader(paper), int64(len(paper)))
	if err != nil {
		t.Fatal(err)
	}
	err = s.municipality("05802").Update(t.Context(), func(tx *tenants.Tx) error {
		_, err := s.app.Document.Attach(tx, s.somebody("05802"), document.New{Content: content, Owner: document.Owner{Kind: referral.DocumentsOwner, ID: id},
			FileID: s.into, Kind: document.Income, Name: "carta.pdf"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.decide(s.into, "undo", url.Values{"reason": {"no era"}}); got.status != http.StatusSeeOther {
		t.Fatalf("undoing answered %d:\n%s", got.status, got.body)
	}
	if s.of("referral", s.from) != 1 || s.of("document", s.from) != 1 || s.of("document", s.into) != 0 {
		t.Errorf("%d referrals went back, with %d papers of theirs; %d stayed", s.of("referral", s.from), s.of("document", s.from), s.of("document", s.into))
	}
}

// A provider that leads to no unit is written to by name: the slip of the
// attention says the name, and whom to turn to there nobody knows.
func TestASlipNamesWhoIsNoUnit(t *testing.T) {
	h := newHouse(t)
	desk := actor.Actor{UserID: "u-front", Name: "Mesón", Role: access.FrontDesk, Permissions: access.PermissionsOf(access.FrontDesk, ""), Municipality: h.municipality("05802")}
	file := h.one("05802", `SELECT file_id FROM plan ORDER BY id LIMIT 1`)
	var r referral.Referral
	err := desk.Municipality.Update(t.Context(), func(tx *tenants.Tx) (err error) {
		if r.AttentionID, err = h.app.Attention.Open(tx, desk, file); err != nil {
			return err
		}
		r, err = h.app.Referral.Create(tx, desk, referral.New{FileID: file, AttentionID: r.AttentionID,
			Asked: referral.Asked{Code: "D998", Name: "Apoyo", Category: "D", Provider: "Fundación sin convenio"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := h.as(access.FrontDesk, "05802").get("/attentions/" + r.AttentionID); got.status != http.StatusOK || !strings.Contains(got.body, "Fundación sin convenio") {
		t.Errorf("the slip answers %d", got.status)
	}
}
