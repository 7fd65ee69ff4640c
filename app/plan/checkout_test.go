package plan

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/tenants"
)

func TestCheckoutMakesAnOpenPlan(t *testing.T) {
	h := newHouse(t)
	h.add("item", "E101", "quantity", "2", "note", "con receta")
	h.add("item", "A106")
	h.add("item", "D101", "causante", matiasRUN, "vinculo", "nieto/a")
	p := h.load(h.checkout().ID)
	if p.Folio() != "2026-0001" || p.Closed || p.Version != 1 || p.Agreed != Signed || p.PreviousID != "" {
		t.Errorf("%+v", p)
	}
	if p.PersonName != "María Eugenia González Pérez" || p.PersonDocument != "12.345.678-5" || p.PersonAddress != "Av. Palmira 210" {
		t.Errorf("the person as agreed: %+v", p)
	}
	var order []string
	for _, it := range p.Items {
		order = append(order, it.Category)
		if it.Status != Pending {
			t.Errorf("%s is %s", it.Name, it.Status)
		}
	}
	if strings.Join(order, "") != "ADE" || p.Items[2].Amount != Pesos(70_000) || p.Items[2].Note != "con receta" || p.Items[1].MemberName != "Matías Soto González" {
		t.Errorf("%s %+v", order, p.Items)
	}
	if cart := h.cart(); cart.ID != "" || len(cart.Lines) != 0 {
		t.Errorf("the cart was checked out: %+v", cart)
	}
	// What was agreed cannot be rewritten, not even past the program.
	err := h.limache.Update(context.Background(), func(tx *tenants.Tx) error {
		_, err := tx.Exec(`UPDATE plan_item SET amount = 1 WHERE plan_id = ?`, p.ID)
		return err
	})
	if err == nil {
		t.Error("an agreed amount was rewritten")
	}
}

func TestFiftyCheckoutsMakeOnePlan(t *testing.T) {
	for name, key := range map[string]func(Review) string{
		"the page's key": func(r Review) string { return r.Key },
		"a foreign key":  func(Review) string { return "7d2a-anything" },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.add("item", "E101")
			r, err := h.service.Review(context.Background(), h.manager, h.file.ID)
			if err != nil {
				t.Fatal(err)
			}
			ids := make([]string, 50)
			var parallel sync.WaitGroup
			for i := range ids {
				parallel.Go(func() {
					p, err := h.service.Checkout(context.Background(), h.manager, h.file.ID, CheckoutForm{Key: key(r), Agreed: "phone"})
					if err != nil {
						t.Error(err, fields(err))
					}
					ids[i] = p.ID
				})
			}
			parallel.Wait()
			for _, id := range ids {
				if id != ids[0] || id == "" {
					t.Fatalf("several plans: %v", ids)
				}
			}
			// The back button, after the cart has other things in it.
			h.add("item", "B001")
			p, err := h.service.Checkout(context.Background(), h.manager, h.file.ID, CheckoutForm{Key: key(r), Agreed: "phone"})
			if err != nil || p.ID != ids[0] {
				t.Errorf("back button: %s %v", p.ID, err)
			}
			if n := len(h.cart().Lines); n != 1 {
				t.Errorf("the new cart has %d lines", n)
			}
		})
	}
}

func TestTwoTabsMakeOnePlan(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	h.add("item", "E101")
	first, _ := h.service.Review(ctx, h.manager, h.file.ID)
	h.add("item", "B001")
	second, _ := h.service.Review(ctx, h.manager, h.file.ID)
	// The first tab shows a cart that has changed: it must be reviewed again.
	if _, err := h.service.Checkout(ctx, h.manager, h.file.ID, CheckoutForm{Key: first.Key, Agreed: "signed"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a cart that changed since the review: %v", err)
	}
	made, err := h.service.Checkout(ctx, h.manager, h.file.ID, CheckoutForm{Key: second.Key, Agreed: "signed"})
	if err != nil {
		t.Fatal(err)
	}
	again, err := h.service.Checkout(ctx, h.manager, h.file.ID, CheckoutForm{Key: first.Key, Agreed: "signed"})
	if err != nil || again.ID != made.ID {
		t.Errorf("the other tab gets the same plan: %v %v", again.ID, err)
	}
}

func TestCheckoutRefuses(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	_, err := h.service.Checkout(ctx, h.manager, h.file.ID, CheckoutForm{Key: "k", Agreed: "signed"})
	refused(t, err, "cart", "plan.error.cart_empty")
	h.add("item", "E101")
	r, _ := h.service.Review(ctx, h.manager, h.file.ID)
	for _, agreed := range []string{"", "Signed", "shouted"} {
		_, err = h.service.Checkout(ctx, h.manager, h.file.ID, CheckoutForm{Key: r.Key, Agreed: agreed})
		refused(t, err, "agreed", "plan.error.agreed")
	}
	for _, key := range []string{"", strings.Repeat("k", 101)} {
		_, err = h.service.Checkout(ctx, h.manager, h.file.ID, CheckoutForm{Key: key, Agreed: "signed"})
		refused(t, err, "key", "plan.error.key")
	}
	_, err = h.service.Checkout(ctx, h.manager, h.file.ID, CheckoutForm{Key: r.Key, Agreed: "signed", Reasons: map[string]string{"nobody": "x"}})
	refused(t, err, "override_reason[nobody]", "plan.error.unknown_field")
	if _, err = h.service.Checkout(ctx, h.manager, "01ARZ3NDEKTSV4RRFFQ69G5FAV", CheckoutForm{Key: r.Key, Agreed: "signed"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("another file: %v", err)
	}
}

// Circumstances change between adding and agreeing: the reason is asked then.
func TestCheckoutJudgesAgain(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	line := h.add("item", "E101").Line
	h.facts.Tramo = 90
	r, err := h.service.Review(ctx, h.manager, h.file.ID)
	if err != nil || len(r.Cart.Lines[0].Advice) == 0 {
		t.Fatalf("%v %+v", err, r.Cart.Lines)
	}
	form := CheckoutForm{Key: r.Key, Agreed: "video"}
	_, err = h.service.Checkout(ctx, h.manager, h.file.ID, form)
	refused(t, err, "override_reason["+line.ID+"]", "plan.error.reason_needed")
	form.Reasons = map[string]string{line.ID: "se acordó igual por la emergencia"}
	p, err := h.service.Checkout(ctx, h.manager, h.file.ID, form)
	if err != nil {
		t.Fatal(err, fields(err))
	}
	if it := h.load(p.ID).Items[0]; it.OverrideReason != "se acordó igual por la emergencia" || len(it.Advice) != 1 {
		t.Errorf("%+v", it)
	}
	if got := h.audited("plan.create"); !strings.Contains(got, "se acordó igual por la emergencia") {
		t.Errorf("audit: %s", got)
	}
}

// Many files are checked out at once: the folios of the year have neither gaps
// nor doubles, and a new year begins at one.
func TestFoliosInSequence(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	const each = 25
	files := make([]string, each)
	for i := range files {
		run := people.RUNOf(uint32(11_000_000 + i)) //nolint:gosec // a test
		f, err := h.people.Lookup(ctx, h.manager, run)
		if err != nil {
			t.Fatal(err)
		}
		files[i] = f.ID
		if _, err := h.service.Add(ctx, h.manager, f.ID, form("item", "B001")); err != nil {
			t.Fatal(err)
		}
	}
	numbers := make([]int, each)
	var parallel sync.WaitGroup
	for i, file := range files {
		parallel.Go(func() {
			p, err := h.service.Checkout(ctx, h.manager, file, CheckoutForm{Key: fmt.Sprint("k", i), Agreed: "mail"})
			if err != nil {
				t.Error(err)
				return
			}
			numbers[i] = p.Number
		})
	}
	parallel.Wait()
	seen := map[int]bool{}
	for _, n := range numbers {
		seen[n] = true
	}
	for n := 1; n <= each; n++ {
		if !seen[n] {
			t.Errorf("folio %d is missing: %v", n, numbers)
		}
	}
	// 31 December, 23:30 in Santiago is next year in UTC: the folio is of the old year.
	h.clock.Set(time.Date(2027, 1, 1, 2, 30, 0, 0, time.UTC))
	if p := h.plan("B001"); p.Folio() != "2026-0026" {
		t.Errorf("folio %s on New Year's Eve", p.Folio())
	}
	h.clock.Set(time.Date(2027, 1, 1, 3, 30, 0, 0, time.UTC))
	if p := h.plan("B001"); p.Folio() != "2027-0001" {
		t.Errorf("folio %s on New Year's Day", p.Folio())
	}
}

func TestANewPlanIsLinked(t *testing.T) {
	h := newHouse(t)
	first := h.plan("B001")
	h.clock.Advance(time.Hour)
	second := h.plan("C001")
	if second.PreviousID != first.ID {
		t.Errorf("previous is %q", second.PreviousID)
	}
	shown, err := h.service.Plan(context.Background(), h.manager, first.ID, "plan")
	if err != nil || len(shown.Next) != 1 || shown.Next[0].ID != second.ID {
		t.Errorf("%v %+v", err, shown.Next)
	}
	if shown, err = h.service.Plan(context.Background(), h.manager, second.ID, "plan"); err != nil || shown.Previous == nil || shown.Previous.Folio() != first.Folio() {
		t.Errorf("%v %+v", err, shown.Previous)
	}
}

// What an open plan still has to do is said beside the line, and stops nobody.
func TestTheSameStillPending(t *testing.T) {
	h := newHouse(t)
	first := h.plan("E101", "B001")
	h.add("item", "E101")
	h.add("item", "C001")
	if got := h.cart().Pending; got["E101"] != first.Folio() || got["C001"] != "" {
		t.Errorf("%v", got)
	}
	see(t, h.client(t, h.manager).Get(h.path("/cart")), 200).Contains(t, "Sigue pendiente en el plan N° 2026-0001")
	if _, err := h.save(h.manager, first, 1, map[int]Wanted{2: {Status: "withdrawn", Reason: "cambió de idea"}}); err != nil {
		t.Fatal(err)
	}
	if got := h.cart().Pending; len(got) != 1 {
		t.Errorf("%v", got)
	}
}

func TestALineOfACheckedOutCartIsAConflict(t *testing.T) {
	h := newHouse(t)
	line := h.add("item", "E101").Line
	h.checkout()
	for verb, err := range map[string]error{
		"remove": second(h.service.Remove(context.Background(), h.manager, h.file.ID, line.ID)),
		"edit":   second(h.service.Edit(context.Background(), h.manager, h.file.ID, line.ID, form("quantity", "2"))),
	} {
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v", verb, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }
