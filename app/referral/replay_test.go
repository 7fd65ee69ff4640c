package referral

import (
	"net/http"
	"strings"
	"testing"

	"gsl/app/kit/fault"
	"gsl/app/kit/web/webtest"
)

// A step back in the browser brings the form back with its key: with other words
// it is another referral, for which the form asks why, not the one that was made.
func TestAFormSentAgainWithOtherWordsLosesNone(t *testing.T) {
	h := newHouse(t)
	desk := h.browser(t, front)
	path := "/files/" + h.file.ID + "/referrals"
	first := desk.PostForm(path, form("item", "A501", "key", "k", "note", "Por la hija"))
	if first.Status != http.StatusSeeOther {
		t.Fatalf("the first: %d", first.Status)
	}
	second := desk.PostForm(path, form("item", "A501", "key", "k", "note", "Por el hijo"))
	if second.Status != http.StatusUnprocessableEntity {
		t.Fatalf("with other words: %d to %s", second.Status, second.Header.Get("Location"))
	}
	second.Contains(t, "Ya hay una derivación igual en curso: D-2026-0001", "Por el hijo")
	fill := form("item", "A501", "key", "k", "note", "Por el hijo", "override_reason", "Es otra persona del hogar")
	third, again := desk.PostForm(path, fill), desk.PostForm(path, fill)
	if at := third.Header.Get("Location"); at == "" || at == first.Header.Get("Location") || at != again.Header.Get("Location") {
		t.Errorf("with a reason: %d to %s, sent again to %s", third.Status, at, again.Header.Get("Location"))
	}
	if n := h.count(`SELECT count(*) FROM referral`); n != 2 {
		t.Errorf("%d referrals", n)
	}
}

// The same step with other words is no second click: who typed them is told that
// they were not kept.
func TestAStepSentAgainWithOtherWordsIsRefused(t *testing.T) {
	h := newHouse(t)
	sent := h.send(front, New{Key: "k"})
	answer := Move{Verb: Answer, Version: sent.Version, Outcome: Granted, Note: "Ingresada"}
	answered := h.move(rshDesk, sent, answer)
	if again := h.move(rshDesk, sent, answer); again.Version != answered.Version {
		t.Errorf("a second click made version %d", again.Version)
	}
	answer.Note = "Falta la firma"
	_, err := h.service.Move(t.Context(), h.staff[rshDesk], sent.ID, answer)
	h.wantKind(err, fault.Conflict, "referral.order.answered")
	if now := h.now(sent.ID); now.AnswerNote != "Ingresada" {
		t.Errorf("the answer is %q now", now.AnswerNote)
	}
}

// What the destination's own system says is the destination's to write, and an
// outcome is an answer's: a step takes nothing else from the form that sends it.
func TestAStepSaysItsOwnThingsOnly(t *testing.T) {
	h := newHouse(t)
	desk, rsh := h.browser(t, front), h.browser(t, rshDesk)
	sent := h.send(front, New{Key: "k"})
	at := "/referrals/" + sent.ID
	rsh.PostForm(at+"/answer", form("version", "1", "outcome", "not-granted", "reason", "Vive en otra comuna", "external_number", "RSH-77"))
	if got := desk.PostForm(at+"/close", form("version", "2", "outcome", "granted", "external_number", "RSH-66", "external_status", "Aprobado")); got.Status != http.StatusSeeOther {
		t.Fatalf("closed: %d", got.Status)
	}
	now := h.now(sent.ID)
	if now.ExternalNumber != "RSH-77" || now.ExternalStatus != "" || now.Outcome != NotGranted {
		t.Errorf("the sender wrote number %q, status %q, outcome %q", now.ExternalNumber, now.ExternalStatus, now.Outcome)
	}
	if last := h.history(sent.ID); last[len(last)-1].Outcome != "" {
		t.Errorf("closing says the outcome %q", last[len(last)-1].Outcome)
	}
}

// Two clicks on the button that begins a protocol make one draft; once something
// is written into it, another may begin.
func TestAProtocolBegunTwiceIsOne(t *testing.T) {
	h := newAgreed(t)
	head := h.client(t, h.head)
	between := fields("unit", "social", "counterpart", h.omil(), "all_desks", "1")
	edit, again := leadsTo(t, head.PostForm("/protocols", between)), leadsTo(t, head.PostForm("/protocols", between))
	if edit != again {
		t.Fatalf("two drafts: %s and %s", edit, again)
	}
	head.PostForm(strings.TrimSuffix(edit, "/edit"), written("1"))
	if next := leadsTo(t, head.PostForm("/protocols", between)); next == edit {
		t.Error("what was written is given as a new one")
	}
}

// Who refers is warned of a second referral of the same item, and learns no more
// of one in which the desk has no part: neither its number nor where it stands.
func TestAForeignReferralUnderWayHasNoNumber(t *testing.T) {
	h := newHouse(t)
	r := h.send(front, New{Key: "k"})
	path := "/files/" + h.file.ID + "/referrals"
	h.browser(t, front).Get(path+"/new?item=A501").Contains(t, "Ya hay una derivación igual en curso: "+r.Folio())
	third := h.browser(t, subsidies)
	for _, page := range []*webtest.Response{third.Get(path + "/new?item=A501"), third.PostForm(path, form("item", "A501", "key", "other"))} {
		page.Contains(t, "Ya hay una derivación igual en curso", "override_reason")
		page.Lacks(t, r.Folio(), "del 22-11-2026")
	}
}
