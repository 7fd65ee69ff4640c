package referral

import (
	"slices"
	"sync"
	"testing"
	"time"

	"gsl/app/catalogue"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// The protocol in force sets the clock, adds the documents and keeps its version.
func TestAProtocolGovernsAReferral(t *testing.T) {
	h := newAgreed(t)
	r, err := h.refer(h.desk, "before", nil)
	h.must(err)
	if r.ProtocolID != "" || r.Promise != DefaultSettings.PromiseDays {
		t.Errorf("without protocol: %+v", r)
	}
	form := clauses()
	form.Spots = 2
	p := h.inForce(h.omil(), form)
	r, err = h.refer(h.desk, "one", func(n *New) { n.Requirements = []string{"cedula de identidad"} })
	h.must(err)
	if r.ProtocolID != p.ID || r.ProtocolVersion != 1 || r.SpotPeriod != "2026-11" || r.Promise != 7 {
		t.Errorf("%+v", r)
	}
	if want := calendar.AddWorkingDays(date("2026-11-21"), 7); r.Due != want {
		t.Errorf("due %s, want %s", r.Due, want)
	}
	if !slices.Equal(r.Requirements, []string{"cedula de identidad", "Currículum"}) {
		t.Error(r.Requirements)
	}
	said, err := h.service.Spots(h.ctx, h.desk, []string{"D202", "D203"})
	h.must(err)
	if got := said["D202"]; !got.Known || got.Left != 1 || len(said) != 1 {
		t.Errorf("%+v", said)
	}
}

// The last spot goes once, whoever comes at the same time; nothing goes below zero.
func TestFiftyAtTheLastSpot(t *testing.T) {
	h := newAgreed(t)
	form := clauses()
	form.Spots = 1
	h.inForce(h.omil(), form)
	var wg sync.WaitGroup
	var mu sync.Mutex
	made, refused := 0, 0
	for i := range 50 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r, err := h.refer(h.desk, "key-"+string(rune('A'+i)), nil)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil && r.SpotPeriod != "":
				made++
			case fault.Is(err, fault.Invalid):
				refused++
			default:
				t.Errorf("%v %q", err, r.SpotPeriod)
			}
		}()
	}
	wg.Wait()
	if made != 1 || refused != 49 {
		t.Fatalf("%d made, %d refused", made, refused)
	}
	r, err := h.refer(h.desk, "over", reasoned)
	h.must(err)
	if r.SpotPeriod != "" || r.ProtocolID == "" {
		t.Errorf("beyond the agreed number: %+v", r)
	}
	said, err := h.service.Spots(h.ctx, h.desk, []string{"D202"})
	h.must(err)
	if got := said["D202"]; !got.Known || got.Left != 0 {
		t.Errorf("%+v", got)
	}
}

// A spot comes back when the referral is returned, cancelled or refused, and is
// taken again when it is sent again. A new month has spots of its own.
func TestSpotsComeBack(t *testing.T) {
	h := newAgreed(t)
	form := clauses()
	form.Spots = 1
	h.inForce(h.omil(), form)
	left := func() int {
		said, err := h.service.Spots(h.ctx, h.desk, []string{"D202"})
		h.must(err)
		return said["D202"].Left
	}
	move := func(r Referral, m Move) Referral {
		h.t.Helper()
		got, err := h.service.Move(h.ctx, h.desk, r.ID, m)
		h.must(err)
		return got
	}
	r, err := h.refer(h.desk, "one", nil)
	h.must(err)
	if left() != 0 {
		t.Fatal("not taken")
	}
	r = move(r, Move{Verb: Answer, Outcome: NotGranted, ReasonCode: RequirementsNotMet})
	if r.SpotPeriod != "" || left() != 1 {
		t.Error("a refusal keeps its spot")
	}
	r = move(r, Move{Verb: Reopen, Reason: "había un error"})
	if r.SpotPeriod == "" || left() != 0 {
		t.Error("one that is open again has no spot")
	}
	move(r, Move{Verb: Answer, Outcome: NotGranted, ReasonCode: RequirementsNotMet})
	second, err := h.refer(h.desk, "two", nil)
	h.must(err)
	second = move(second, Move{Verb: Cancel, Reason: "se arrepintió"})
	if second.SpotPeriod != "" || left() != 1 {
		t.Error("a cancelled one keeps its spot")
	}
	third, err := h.refer(h.desk, "three", nil)
	h.must(err)
	move(third, Move{Verb: Answer, Outcome: Granted})
	if left() != 0 {
		t.Error("a granted one gave its spot back")
	}
	h.clock.Set(time.Date(2026, 12, 1, 15, 0, 0, 0, time.UTC))
	if left() != 1 {
		t.Error("December has no spots of its own")
	}
}

// A protocol that expires between the cart and the checkout is caught; with a
// reason the referral goes out, and the protocol governs nothing any more.
func TestAnExpiredProtocolAsksForAReason(t *testing.T) {
	h := newAgreed(t)
	form := clauses()
	form.To = date("2026-11-21")
	h.inForce(h.omil(), form)
	_, err := h.refer(h.desk, "today", nil)
	h.must(err)
	h.clock.Set(time.Date(2026, 11, 22, 2, 30, 0, 0, time.UTC)) // still the 21st in Santiago
	_, err = h.refer(h.desk, "late", nil)
	h.must(err)
	h.clock.Set(time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC))
	_, err = h.refer(h.desk, "tomorrow", nil)
	h.refused(err, fault.Invalid)
	said, err := h.service.Spots(h.ctx, h.desk, []string{"D202"})
	h.must(err)
	if !said["D202"].Expired {
		t.Errorf("%+v", said)
	}
	_, err = h.refer(h.desk, "tomorrow", func(n *New) { n.OverrideReason, n.Answered = "no cumple el tramo", []ConcernKind{NotEligible} })
	h.refused(err, fault.Invalid) // the reason was written to something else
	r, err := h.refer(h.desk, "tomorrow", reasoned)
	h.must(err)
	if r.ProtocolID != "" || r.Promise != DefaultSettings.PromiseDays || r.OverrideReason == "" {
		t.Errorf("%+v", r)
	}
}

// Who does not meet the criteria is referred with a reason; what is not known asks for none.
func TestCriteriaAskForAReason(t *testing.T) {
	h := newAgreed(t)
	form := clauses()
	form.Rows = []CriterionRow{{Condition: "tramo_max", Value: "60"}}
	h.inForce(h.omil(), form)
	with := func(tramo int, reason string) func(*New) {
		return func(n *New) {
			n.Facts = &catalogue.Facts{Today: date("2026-11-21"), Registered: catalogue.Yes, Tramo: tramo, Members: []catalogue.Member{{}}}
			n.OverrideReason = reason
		}
	}
	_, err := h.refer(h.desk, "90", with(90, ""))
	h.refused(err, fault.Invalid)
	for key, change := range map[string]func(*New){"40": with(40, ""), "unknown": with(0, ""), "90 with reason": with(90, "cesante")} {
		if _, err := h.refer(h.desk, key, change); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// A new version keeps the old one, which governs until the new one begins.
func TestANewVersion(t *testing.T) {
	h := newAgreed(t)
	old := h.inForce(h.omil(), clauses())
	next, err := h.service.RenewProtocol(h.ctx, h.head, old.ID)
	h.must(err)
	again, err := h.service.RenewProtocol(h.ctx, h.head, old.ID)
	h.must(err)
	if next.ID != again.ID || next.Version != 2 || next.Folio() != old.Folio() || next.From != date("2027-11-01") || next.Process != old.Process {
		t.Fatalf("%+v", next)
	}
	form := clauses()
	form.AnswerDays, form.From = 2, date("2026-12-01")
	next = h.sign(h.finish(next, form))
	r, err := h.refer(h.desk, "while it is signed", nil)
	h.must(err)
	if r.ProtocolID != old.ID {
		t.Error("the old one does not govern")
	}
	next = h.approve(next)
	if r, _ = h.refer(h.desk, "before it begins", nil); r.ProtocolID != old.ID {
		t.Error("the old one does not govern until the new one begins")
	}
	h.clock.Set(time.Date(2026, 12, 1, 15, 0, 0, 0, time.UTC))
	if r, _ = h.refer(h.desk, "begun", nil); r.ProtocolID != next.ID || r.ProtocolVersion != 2 || r.Promise != 2 {
		t.Errorf("%+v", r)
	}
	sheet, err := h.service.Protocol(h.ctx, h.desk, old.ID)
	h.must(err)
	if sheet.Standing != StandsReplaced || sheet.Process != clauses().Process || len(sheet.Versions) != 2 {
		t.Errorf("%s with %d versions", sheet.Standing, len(sheet.Versions))
	}
	shelf, err := h.service.Protocols(h.ctx, h.desk, false)
	h.must(err)
	if list := shelf.Lines; len(list) != 1 || list[0].ID != next.ID || list[0].Evaluated.Referred != 3 {
		t.Errorf("%+v", list)
	}
}

// A version that is dropped before it begins leaves the old one where it was.
func TestAVersionThatNeverBegins(t *testing.T) {
	h := newAgreed(t)
	old := h.inForce(h.omil(), clauses())
	next, err := h.service.RenewProtocol(h.ctx, h.head, old.ID)
	h.must(err)
	form := clauses()
	form.From = date("2026-12-01")
	next = h.approve(h.sign(h.finish(next, form)))
	_, err = h.service.EndProtocol(h.ctx, h.head, next.ID, "No hubo presupuesto")
	h.must(err)
	h.clock.Set(time.Date(2026, 12, 2, 15, 0, 0, 0, time.UTC))
	if r, _ := h.refer(h.desk, "one", nil); r.ProtocolID != old.ID {
		t.Errorf("%+v", r)
	}
}

// Two agreements that would govern the same referrals are one too many.
func TestTwoAgreementsCannotGovernTheSame(t *testing.T) {
	h := newAgreed(t)
	h.inForce(h.omil(), clauses())
	second := h.sign(h.sent(h.omil(), clauses()))
	_, err := h.service.ApproveProtocol(h.ctx, h.director, second.ID, second.Revision)
	h.refused(err, fault.Conflict)
}

// The evaluation is counted from what happened.
func TestEvaluation(t *testing.T) {
	h := newAgreed(t)
	h.clock.Set(time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)) // Monday
	p := h.inForce(h.omil(), clauses())                         // 7 working days
	var made []Referral
	for _, key := range []string{"a", "b", "c", "d"} {
		r, err := h.refer(h.desk, key, nil)
		h.must(err)
		made = append(made, r)
	}
	answer := func(i int, day string, m Move) {
		h.t.Helper()
		h.clock.Set(date(day).Time().Add(15 * time.Hour))
		m.Verb = Answer
		_, err := h.service.Move(h.ctx, h.desk, made[i].ID, m)
		h.must(err)
	}
	answer(0, "2026-11-25", Move{Outcome: Granted})                                    // 2
	answer(1, "2026-11-27", Move{Outcome: NotGranted, ReasonCode: RequirementsNotMet}) // 4
	answer(2, "2026-12-15", Move{Outcome: Granted})                                    // late
	sheet, err := h.service.Protocol(h.ctx, h.director, p.ID)
	h.must(err)
	e := sheet.Evaluated
	if e.Referred != 4 || e.Answered != 3 || e.Granted != 2 || e.InTime != 2 || e.Overdue != 1 || e.Median != 4 {
		t.Errorf("%+v", e)
	}
	if len(e.Refusals) != 1 || e.Refusals[0] != (Refusal{RequirementsNotMet, NotGranted, 1}) {
		t.Errorf("%+v", e.Refusals)
	}
}
