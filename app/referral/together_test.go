package referral

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"gsl/app/kit/audit"
	"gsl/app/kit/fault"
	"gsl/tenants"
)

// Thirty people answer the same referral at once: one does, the others hear why not.
func TestThirtyAnswerAtOnce(t *testing.T) {
	h := newHouse(t)
	var changes atomic.Int64
	r := h.send(front, New{})
	var all sync.WaitGroup
	for i := range 30 {
		who := h.staff[rshDesk]
		who.UserID, who.Name = fmt.Sprint("u", i), fmt.Sprint("Persona ", i)
		all.Go(func() {
			_, err := h.service.Move(context.Background(), who, r.ID, Move{Verb: Answer, Version: r.Version, Outcome: Granted})
			switch {
			case err == nil:
				changes.Add(1)
			case !fault.Is(err, fault.Conflict) || err.Error() != "referral.order.answered":
				t.Error(err)
			}
		})
	}
	all.Wait()
	if changes.Load() != 1 || h.now(r.ID).Version != 2 || len(h.history(r.ID)) != 3 {
		t.Errorf("%d answered, version %d, %d lines", changes.Load(), h.now(r.ID).Version, len(h.history(r.ID)))
	}
}

// Referrals made at once have folios without gaps or doubles, and one key makes one.
func TestFoliosHaveNoGaps(t *testing.T) {
	h := newHouse(t)
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			err := h.limache.Update(context.Background(), func(tx *tenants.Tx) error {
				_, err := h.service.Create(tx, h.staff[front], New{FileID: h.file.ID, Asked: entry, Key: fmt.Sprint("k", i/2)})
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var n, last int
	h.read(`SELECT count(*) FROM referral`, &n)
	h.read(`SELECT max(number) FROM referral`, &last)
	if n != 20 || last != 20 {
		t.Errorf("%d referrals, the last is %d", n, last)
	}
	h.to("2027-01-04")
	if r := h.send(front, New{}); r.Folio() != "D-2027-0001" {
		t.Errorf("the first of the year is %s", r.Folio())
	}
}

// A list shows names and leaves no trail; whoever opens a row leaves one.
func TestOpeningARowLeavesTheTrail(t *testing.T) {
	h := newHouse(t)
	r := h.send(front, New{})
	views := func() []audit.Entry {
		list, err := audit.Views(context.Background(), h.staff[rshDesk], h.file.ID, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	before := len(views())
	rsh := h.browser(t, rshDesk)
	rsh.Get("/inbox")
	if n := len(views()); n != before {
		t.Errorf("the list left %d views", n-before)
	}
	rsh.GetHX("/referrals/" + r.ID + "?at=inbox&box=new")
	if list := views(); len(list) != before+1 || list[0].Action != "referral" || list[0].UserID != h.staff[rshDesk].UserID {
		t.Errorf("%+v", list)
	}
	rsh.Get("/files/" + h.file.ID + "/referrals")
	rsh.Get("/files/" + h.file.ID + "/referrals/new?item=A501")
	if list := views(); len(list) != before+3 || list[0].Action != "referral.new" || list[1].Action != "referrals" {
		t.Errorf("%+v", list)
	}
	if err := audit.Verify(context.Background(), h.limache); err != nil {
		t.Error(err)
	}
}

// What a step tells others happens in its transaction: when one of them fails,
// nothing happened.
func TestAStepAndItsConsequencesAreOne(t *testing.T) {
	h := newHouse(t)
	r := h.send(front, New{})
	beat := h.service.pulse.of(h.limache.ID, "rsh")
	h.service.OnChange = append(h.service.OnChange, refuse)
	if _, err := h.service.Move(context.Background(), h.staff[rshDesk], r.ID, Move{Verb: Answer, Outcome: Granted}); err == nil {
		t.Fatal("the trouble was swallowed")
	}
	if now := h.now(r.ID); now.State != Sent || now.Version != 1 || len(h.history(r.ID)) != 1 || h.service.pulse.of(h.limache.ID, "rsh") != beat {
		t.Errorf("half a step was kept: %+v", now)
	}
}
