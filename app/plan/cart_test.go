package plan

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gsl/app/kit/fault"
	"gsl/tenants"
)

func (h *house) cart() Cart {
	h.t.Helper()
	shown, err := h.service.Cart(context.Background(), h.manager, h.file.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return shown.Cart
}

func TestAddFreezesWhatTheCatalogueSays(t *testing.T) {
	h := newHouse(t)
	h.add("item", "E101", "quantity", "2", "note", "  se entrega el viernes \r\n", "member", matiasRUN, "supplier", "Bodega municipal")
	// The catalogue changes afterwards; the line does not.
	h.update(func(tx *tenants.Tx) error {
		_, err := tx.Exec(`UPDATE catalogue_item SET name = 'Otra cosa', reference_clp = 99000 WHERE code = 'E101'`)
		return err
	})
	line := h.cart().Lines[0]
	if line.Name != "Canasta de alimentos" || line.Category != "E" || line.UnitPrice != Pesos(35_000) || line.Amount != Pesos(70_000) {
		t.Errorf("the line is not as it was added: %+v", line)
	}
	if line.Quantity != 2 || line.Note != "se entrega el viernes" || line.Member != matiasRUN || line.MemberName != "Matías Soto González" {
		t.Errorf("what was typed: %+v", line)
	}
	if len(line.Fields) != 1 || line.Fields[0].Name != "supplier" || line.AddedByName != "Camila Rojas Soto" || !line.AddedAt.Equal(h.clock.Now()) {
		t.Errorf("who and what: %+v", line)
	}
}

func TestTheSameAgainIsOneLine(t *testing.T) {
	h := newHouse(t)
	first := h.add("item", "D101", "causante", matiasRUN, "vinculo", "nieto/a")
	again := h.add("item", "D101", "causante", matiasRUN, "vinculo", "nieto/a")
	if first.Noop || !again.Noop || again.Line.ID != first.Line.ID {
		t.Errorf("first %v, again %v", first.Noop, again.Noop)
	}
	h.add("item", "D101", "causante", matiasRUN, "vinculo", "otro")
	if n := len(h.cart().Lines); n != 2 {
		t.Errorf("%d lines, want 2: another link is another line", n)
	}
	var parallel sync.WaitGroup
	for range 20 {
		parallel.Go(func() {
			if _, err := h.service.Add(context.Background(), h.manager, h.file.ID, form("item", "E101")); err != nil {
				t.Error(err)
			}
		})
	}
	parallel.Wait()
	if n := len(h.cart().Lines); n != 3 {
		t.Errorf("%d lines after twenty clicks, want 3", n)
	}
}

// The same again with other words keeps the words: nothing that was typed is lost.
func TestTheSameAgainWithOtherWords(t *testing.T) {
	h := newHouse(t)
	first := h.add("item", "E101", "quantity", "2", "note", "retira la hija")
	for range 2 { // the second press changes nothing
		h.add("item", "E101", "note", "el viernes por la tarde")
	}
	line := h.cart().Lines[0]
	if line.ID != first.Line.ID || line.Note != "retira la hija\nel viernes por la tarde" || line.Quantity != 2 || line.Amount != Pesos(70_000) {
		t.Errorf("%+v", line)
	}
	if again := h.add("item", "E101", "quantity", "3", "amount", "90.000"); !again.Joined || again.Noop {
		t.Errorf("joined %v, noop %v", again.Joined, again.Noop)
	}
	if line := h.cart().Lines[0]; line.Quantity != 3 || line.Amount != Pesos(90_000) || !strings.HasPrefix(line.Note, "retira la hija") {
		t.Errorf("%+v", line)
	}
	_, err := h.service.Add(context.Background(), h.manager, h.file.ID, form("item", "E101", "note", strings.Repeat("ñ", 2000)))
	refused(t, err, "note", "plan.error.too_long")
	if got := h.cart(); len(got.Lines) != 1 || strings.Contains(got.Lines[0].Note, "ñ") {
		t.Errorf("%+v", got.Lines)
	}
	if n := strings.Count(h.audited("cart.edit"), "\n"); n != 2 {
		t.Errorf("%d changes in the trail, want 2", n)
	}
}

func TestOneCartForAllCaseManagers(t *testing.T) {
	h := newHouse(t)
	h.add("item", "B001")
	if _, err := h.service.Add(context.Background(), h.other, h.file.ID, form("item", "C001")); err != nil {
		t.Fatal(err)
	}
	lines := h.cart().Lines
	if len(lines) != 2 || lines[0].AddedByName != "Camila Rojas Soto" || lines[1].AddedByName != "Pedro Díaz Vera" {
		t.Errorf("lines: %+v", lines)
	}
}

func TestAddRefusesBadInput(t *testing.T) {
	h := newHouse(t)
	long := strings.Repeat("ñ", 2001)
	for _, c := range []struct {
		form       []string
		field, key string
	}{
		{[]string{}, "item", "plan.error.item_needed"},
		{[]string{"item", "  "}, "item", "plan.error.item_needed"},
		{[]string{"item", "Z999"}, "item", "plan.error.unknown_item"},
		{[]string{"item", "E101", "precio", "1"}, "precio", "plan.error.unknown_field"},
		{[]string{"item", "E101", "unit_price", "1"}, "unit_price", "plan.error.unknown_field"},
		{[]string{"item", "E101", "status", "confirmed"}, "status", "plan.error.unknown_field"},
		{[]string{"item", "E101", "quantity", "0"}, "quantity", "catalogue.error.too_low"},
		{[]string{"item", "E101", "quantity", "1000"}, "quantity", "catalogue.error.too_high"},
		{[]string{"item", "E101", "quantity", "dos"}, "quantity", "catalogue.error.number"},
		{[]string{"item", "E101", "amount", "-1"}, "amount", "catalogue.error.number"},
		{[]string{"item", "E101", "amount", "100000001"}, "amount", "catalogue.error.too_high"},
		{[]string{"item", "E101", "member", "11111111-1"}, "member", "catalogue.error.member"},
		{[]string{"item", "E101", "note", long}, "note", "catalogue.error.text"},
		{[]string{"item", "D101", "vinculo", "nieto/a"}, "causante", "catalogue.error.required"},
		{[]string{"item", "D101", "causante", matiasRUN, "vinculo", "primo"}, "vinculo", "catalogue.error.choice"},
		{[]string{"item", "A107", "nombre_del_recien_nacido", "Ana", "fecha_de_nacimiento", "31-02-2026"}, "fecha_de_nacimiento", "catalogue.error.date"},
		{[]string{"item", "E101", "override_reason", strings.Repeat("a", 1001)}, "override_reason", "plan.error.too_long"},
	} {
		_, err := h.service.Add(context.Background(), h.manager, h.file.ID, form(c.form...))
		if got := fields(err)[c.field]; !fault.Is(err, fault.Invalid) || got != c.key {
			t.Errorf("%v: %v %v, want %s %s", c.form, err, fields(err), c.field, c.key)
		}
	}
	if n := len(h.cart().Lines); n != 0 {
		t.Errorf("%d lines were added", n)
	}
}

func TestCartHoldsFortyItems(t *testing.T) {
	h := newHouse(t)
	for i := range maxLines {
		h.add("item", "B001", "reason", fmt.Sprintf("motivo %d", i))
	}
	_, err := h.service.Add(context.Background(), h.manager, h.file.ID, form("item", "C001"))
	refused(t, err, "item", "plan.error.cart_full")
	if again := h.add("item", "B001", "reason", "motivo 0"); !again.Noop {
		t.Error("a line that is there already is no forty-first")
	}
}

func TestAdviceAsksForAReason(t *testing.T) {
	h := newHouse(t)
	h.facts.Tramo = 90 // above what E101 asks for
	done, err := h.service.Add(context.Background(), h.manager, h.file.ID, form("item", "E101"))
	refused(t, err, "override_reason", "plan.error.reason_needed")
	if len(done.Advice) == 0 || done.Advice[0].Kind != NotMet || !strings.Contains(done.Advice[0].Text, "60") {
		t.Errorf("the answer says why: %+v", done.Advice)
	}
	_, err = h.service.Add(context.Background(), h.manager, h.file.ID, form("item", "E101", "override_reason", " \n "))
	refused(t, err, "override_reason", "plan.error.reason_needed")
	h.add("item", "E101", "override_reason", "incendio de ayer")
	line := h.cart().Lines[0]
	if line.OverrideReason != "incendio de ayer" || len(line.Advice) == 0 {
		t.Errorf("the reason is kept with what it answers to: %+v", line)
	}
	if got := h.audited("cart.add"); !strings.Contains(got, "incendio de ayer") || !strings.Contains(got, "not-met") {
		t.Errorf("audit: %s", got)
	}
	// A reason that nobody asked for is not kept: there is nothing it answers to.
	h.facts.Tramo = 40
	h.add("item", "B001", "override_reason", "porque sí")
	if line := h.cart().Lines[1]; line.OverrideReason != "" {
		t.Errorf("%+v", line)
	}
}

// audited gives the details of the trail's entries of one action.
func (h *house) audited(action string) string {
	h.t.Helper()
	var b strings.Builder
	h.view(func(tx *tenants.Tx) error {
		rows, err := tx.Query(`SELECT detail FROM audit WHERE action = ? ORDER BY seq`, action)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var detail string
			if err := rows.Scan(&detail); err != nil {
				return err
			}
			b.WriteString(detail + "\n")
		}
		return rows.Err()
	})
	return b.String()
}

func TestRemoveAndRestore(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	line := h.add("item", "E101").Line
	done, err := h.service.Remove(ctx, h.other, h.file.ID, line.ID)
	if err != nil || len(done.Cart.Lines) != 0 || len(done.Cart.Removed) != 1 || done.Cart.Removed[0].RemovedBy != "Pedro Díaz Vera" {
		t.Fatalf("%v %+v", err, done.Cart)
	}
	if again, err := h.service.Remove(ctx, h.manager, h.file.ID, line.ID); err != nil || !again.Noop {
		t.Errorf("the second press: %v %v", again.Noop, err)
	}
	if done, err = h.service.Restore(ctx, h.manager, h.file.ID, line.ID); err != nil || len(done.Cart.Lines) != 1 || done.Cart.Lines[0].ID != line.ID {
		t.Fatalf("%v %+v", err, done.Cart)
	}
	if again, err := h.service.Restore(ctx, h.manager, h.file.ID, line.ID); err != nil || !again.Noop || len(again.Cart.Lines) != 1 {
		t.Errorf("restored twice: %v %v", again.Noop, err)
	}
	// Removed, and its twin added meanwhile: it stays one line.
	if _, err = h.service.Remove(ctx, h.manager, h.file.ID, line.ID); err != nil {
		t.Fatal(err)
	}
	h.add("item", "E101")
	if done, err = h.service.Restore(ctx, h.manager, h.file.ID, line.ID); err != nil || !done.Noop || len(done.Cart.Lines) != 1 {
		t.Errorf("%v %+v", err, done.Cart.Lines)
	}
	for _, id := range []string{"", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "' OR 1=1"} {
		if _, err := h.service.Remove(ctx, h.manager, h.file.ID, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestEditChangesOnlyWhatTheFormNames(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	line := h.add("item", "E101", "note", "para el viernes", "supplier", "Bodega").Line
	edit := func(pairs ...string) Line {
		t.Helper()
		done, err := h.service.Edit(ctx, h.other, h.file.ID, line.ID, form(pairs...))
		if err != nil {
			t.Fatalf("%v: %v %v", pairs, err, fields(err))
		}
		return done.Cart.Lines[0]
	}
	if l := edit("quantity", "3"); l.Quantity != 3 || l.Amount != Pesos(105_000) || l.Note != "para el viernes" || l.Fields[0].Value != "Bodega" {
		t.Errorf("%+v", l)
	}
	if l := edit("amount", "$ 90.000"); l.Amount != Pesos(90_000) || l.Quantity != 3 {
		t.Errorf("%+v", l)
	}
	if l := edit("quantity", "2"); l.Amount != Pesos(90_000) {
		t.Errorf("a typed amount stays: %+v", l)
	}
	if l := edit("amount", ""); l.Amount != Pesos(70_000) {
		t.Errorf("blank goes back to the reference: %+v", l)
	}
	if l := edit("member", matiasRUN, "note", ""); l.MemberName != "Matías Soto González" || l.Note != "" {
		t.Errorf("%+v", l)
	}
	version := h.cart().Version
	edit("member", matiasRUN)
	if h.cart().Version != version {
		t.Error("saying the same again is no change")
	}
	_, err := h.service.Edit(ctx, h.manager, h.file.ID, line.ID, form("quantity", "-1"))
	refused(t, err, "quantity", "catalogue.error.number")
	_, err = h.service.Edit(ctx, h.manager, h.file.ID, line.ID, form("name", "otra cosa"))
	refused(t, err, "name", "plan.error.unknown_field")
	_, err = h.service.Edit(ctx, h.manager, h.file.ID, line.ID, form("item", "E201"))
	if err != nil {
		t.Errorf("the item itself is not for editing, and naming it does no harm: %v", err)
	}
	if l := h.cart().Lines[0]; l.Code != "E101" {
		t.Errorf("the item changed to %s", l.Code)
	}
}

func TestEditCannotMakeTwins(t *testing.T) {
	h := newHouse(t)
	h.add("item", "E101", "member", matiasRUN)
	second := h.add("item", "E101").Line
	_, err := h.service.Edit(context.Background(), h.manager, h.file.ID, second.ID, form("member", matiasRUN))
	refused(t, err, "item", "plan.error.line_twice")
}

// An item that left the catalogue can still be edited in the cart.
func TestEditWithoutTheItem(t *testing.T) {
	h := newHouse(t)
	line := h.add("item", "E101", "supplier", "Bodega").Line
	h.update(func(tx *tenants.Tx) error {
		_, err := tx.Exec(`UPDATE catalogue_item SET valid_to = '2026-11-21' WHERE code = 'E101'`)
		return err
	})
	h.service.catalogue.Forget("")
	h.clock.Advance(48 * time.Hour)
	done, err := h.service.Edit(context.Background(), h.manager, h.file.ID, line.ID, form("quantity", "4"))
	if err != nil {
		t.Fatal(err, fields(err))
	}
	if l := done.Cart.Lines[0]; l.Quantity != 4 || l.Amount != Pesos(140_000) || l.Fields[0].Value != "Bodega" || l.Name != "Canasta de alimentos" {
		t.Errorf("%+v", l)
	}
	if _, err := h.service.Add(context.Background(), h.manager, h.file.ID, form("item", "E101")); !fault.Is(err, fault.Invalid) {
		t.Errorf("it cannot be added any more: %v", err)
	}
}

func TestCartNeedsItsPermission(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	line := h.add("item", "E101").Line
	for _, who := range []struct{ name string }{{"desk"}, {"director"}} {
		actor := h.desk
		if who.name == "director" {
			actor = h.director
		}
		_, addErr := h.service.Add(ctx, actor, h.file.ID, form("item", "B001"))
		_, editErr := h.service.Edit(ctx, actor, h.file.ID, line.ID, form("quantity", "2"))
		_, removeErr := h.service.Remove(ctx, actor, h.file.ID, line.ID)
		_, restoreErr := h.service.Restore(ctx, actor, h.file.ID, line.ID)
		_, cartErr := h.service.Cart(ctx, actor, h.file.ID)
		_, reviewErr := h.service.Review(ctx, actor, h.file.ID)
		_, checkoutErr := h.service.Checkout(ctx, actor, h.file.ID, CheckoutForm{Key: "k", Agreed: "signed"})
		for verb, err := range map[string]error{"add": addErr, "edit": editErr, "remove": removeErr, "restore": restoreErr, "cart": cartErr, "review": reviewErr, "checkout": checkoutErr} {
			if !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s may %s: %v", who.name, verb, err)
			}
		}
	}
}
