package plan

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gsl/app/catalogue"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"
)

func TestPeriodsBegin(t *testing.T) {
	for _, c := range []struct{ period, on, want string }{
		{"month", "2026-11-22", "2026-11-01"}, {"month", "2026-11-01", "2026-11-01"}, {"month", "2028-02-29", "2028-02-01"},
		{"quarter", "2026-11-22", "2026-10-01"}, {"quarter", "2026-12-31", "2026-10-01"}, {"quarter", "2027-01-01", "2027-01-01"},
		{"quarter", "2026-06-30", "2026-04-01"}, {"year", "2026-11-22", "2026-01-01"}, {"year", "2026-12-31", "2026-01-01"},
	} {
		if got := (Quota{1, c.period}).firstDay(day(c.on)); got != day(c.want) {
			t.Errorf("the %s of %s began on %s, want %s", c.period, c.on, got, c.want)
		}
	}
}

// limit says that the municipality gives n of the item in each period.
func (h *house) limit(code string, n int, period string) {
	h.t.Helper()
	h.update(func(tx *tenants.Tx) error {
		_, err := tx.Exec(`UPDATE catalogue_item SET spots = ?, spots_period = ? WHERE code = ?`, n, period, code)
		return err
	})
	h.service.catalogue.Forget("")
}

func (h *house) left(code string) int {
	h.t.Helper()
	left, err := h.service.SpotsLeft(context.Background(), h.manager, []string{code, "A106", "nothing"})
	if err != nil {
		h.t.Fatal(err)
	}
	n, known := left[code]
	if !known || len(left) != 1 {
		h.t.Fatalf("%v", left)
	}
	return n
}

// Spots are taken at checkout, come back when the item is withdrawn or not
// achieved, and begin anew with the period.
func TestSpotsOfThePeriod(t *testing.T) {
	h := newHouse(t)
	h.limit("E101", 3, "month")
	h.add("item", "E101")
	if n := h.left("E101"); n != 3 {
		t.Errorf("%d left: a cart takes none", n)
	}
	h.add("item", "E101", "member", matiasRUN)
	p := h.checkout()
	if n := h.left("E101"); n != 1 {
		t.Errorf("%d left, want 1", n)
	}
	if said, err := h.service.Spots(context.Background(), h.manager, []string{"A106", "E101", "E301"}); err != nil || len(said) != 1 || said["E101"] != (catalogue.Spots{Known: true, Left: 1}) {
		t.Errorf("%v %+v", err, said)
	}
	if _, err := h.save(h.manager, p, 1, map[int]Wanted{1: {Status: "withdrawn", Reason: "ya no la necesita"}, 2: {Status: "in-progress"}}); err != nil {
		t.Fatal(err)
	}
	if n := h.left("E101"); n != 2 {
		t.Errorf("%d left after one was withdrawn, want 2", n)
	}
	if _, err := h.save(h.manager, p, 2, map[int]Wanted{2: {Status: "confirmed"}}); err != nil {
		t.Fatal(err)
	}
	if n := h.left("E101"); n != 2 {
		t.Errorf("%d left: what was delivered is gone", n)
	}
	h.clock.Advance(10 * 24 * time.Hour) // it is December
	if n := h.left("E101"); n != 3 {
		t.Errorf("%d left in the new month, want 3", n)
	}
	h.limit("E101", 3, "year")
	if n := h.left("E101"); n != 2 {
		t.Errorf("%d left of the year, want 2", n)
	}
}

// Without a spot the worker may go on with a written reason, which is audited.
func TestNoSpotAsksForAReason(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	h.limit("E101", 1, "month")
	h.add("item", "E101")
	second := h.add("item", "E101", "member", matiasRUN).Line
	r, err := h.service.Review(ctx, h.manager, h.file.ID)
	if err != nil || len(r.Cart.Lines[0].Advice) != 0 || len(r.Cart.Lines[1].Advice) != 1 || r.Cart.Lines[1].Advice[0].Kind != NoSpots {
		t.Fatalf("%v %+v", err, r.Cart.Lines)
	}
	form := CheckoutForm{Key: r.Key, Agreed: "signed"}
	_, err = h.service.Checkout(ctx, h.manager, h.file.ID, form)
	refused(t, err, reasonField(second.ID), "plan.error.reason_needed")
	see(t, h.client(t, h.manager).Get(h.path("/checkout")), 200).Contains(t, "No quedan cupos", reasonField(second.ID))
	form.Reasons = map[string]string{second.ID: "emergencia: se incendió la casa"}
	p, err := h.service.Checkout(ctx, h.manager, h.file.ID, form)
	if err != nil {
		t.Fatal(err, fields(err))
	}
	if it := h.load(p.ID).Items[1]; it.OverrideReason != "emergencia: se incendió la casa" || it.Advice[0].Kind != NoSpots {
		t.Errorf("%+v", it)
	}
	if n := h.left("E101"); n != 0 {
		t.Errorf("%d left: never below zero", n)
	}
	if got := h.audited("plan.create"); !strings.Contains(got, "se incendió la casa") {
		t.Errorf("audit: %s", got)
	}
}

// Fifty desks agree at once on what is left once: one of them gets it, the
// others are asked for a reason, and nothing of theirs was written.
func TestTheLastSpotGoesOnce(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	h.limit("E101", 1, "month")
	const desks = 50
	files := make([]people.File, desks)
	keys := make([]string, desks)
	h.facts = catalogue.Facts{Today: h.facts.Today, Registered: catalogue.Yes, OwnCommune: catalogue.Yes, Tramo: 40}
	for i := range files {
		var err error
		h.clock.Advance(5 * time.Second)                                                                     // an operator's lookups have a cap
		if files[i], err = h.people.Lookup(ctx, h.manager, people.RUNOf(uint32(11_000_000+i))); err != nil { //nolint:gosec // a test
			t.Fatal(err)
		}
		if _, err = h.service.Add(ctx, h.manager, files[i].ID, form("item", "E101")); err != nil {
			t.Fatal(err, fields(err))
		}
		r, err := h.service.Review(ctx, h.manager, files[i].ID)
		if err != nil || len(r.Cart.Lines[0].Advice) != 0 {
			t.Fatalf("%v %+v", err, r.Cart.Lines)
		}
		keys[i] = r.Key
	}
	var parallel sync.WaitGroup
	var won atomic.Int32
	for i := range files {
		parallel.Go(func() {
			_, err := h.service.Checkout(ctx, h.manager, files[i].ID, CheckoutForm{Key: keys[i], Agreed: "phone"})
			switch {
			case err == nil:
				won.Add(1)
			case !fault.Is(err, fault.Invalid) || !strings.Contains(fmt.Sprint(fields(err)), "override_reason["):
				t.Errorf("%v %v", err, fields(err))
			}
		})
	}
	parallel.Wait()
	if won.Load() != 1 || h.left("E101") != 0 {
		t.Errorf("%d got the last spot, %d left", won.Load(), h.left("E101"))
	}
	var plans, items int
	h.view(func(tx *tenants.Tx) error {
		return tx.QueryRow(`SELECT (SELECT count(*) FROM plan), (SELECT count(*) FROM plan_item)`).Scan(&plans, &items)
	})
	if plans != 1 || items != 1 {
		t.Errorf("%d plans with %d items", plans, items)
	}
}
