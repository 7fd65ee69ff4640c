package plan

import (
	"context"
	"fmt"
	"io"
	"testing"

	"gsl/app/kit/i18n"
	"gsl/app/kit/pdf"
	views "gsl/templates/plan"
)

// What a plan page costs beyond the edge: reads, the durable row of the view, HTML.
func BenchmarkPlanPage(b *testing.B) {
	h := newHouse(b)
	p := h.plan("A106", "B001", "C001", "E101", "E301")
	ctx := i18n.With(context.Background(), i18n.Spanish)
	for b.Loop() {
		shown, err := h.service.Plan(ctx, h.manager, p.ID, "plan")
		if err != nil {
			b.Fatal(err)
		}
		s := &screen{ctx: ctx, who: h.manager, today: shown.Today}
		if err := views.PlanPanel(s.plan(&shown, true)).Render(ctx, io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// An item goes into the cart, durably, and the panel is drawn again.
func BenchmarkCartAdd(b *testing.B) {
	h := newHouse(b)
	ctx := i18n.With(context.Background(), i18n.Spanish)
	n := 0
	for b.Loop() {
		if n%maxLines == 0 && n > 0 {
			b.StopTimer()
			h.checkout()
			b.StartTimer()
		}
		n++
		done, err := h.service.Add(ctx, h.manager, h.file.ID, form("item", "B001", "reason", fmt.Sprint("motivo ", n)))
		if err != nil {
			b.Fatal(err)
		}
		if err := views.CartPanel(cartView(ctx, &done.Cart, done.Limits, false)).Render(ctx, io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// A plan of sixteen items as a document.
func BenchmarkPaper(b *testing.B) {
	h := newHouse(b)
	for i := range 16 {
		h.add("item", "B001", "reason", fmt.Sprint("verificar la vivienda y las condiciones del hogar ", i), "note", "retira su hija el viernes por la tarde en el mesón")
	}
	p := h.checkout()
	ctx := i18n.With(context.Background(), i18n.Spanish)
	shown, err := h.service.Plan(ctx, h.manager, p.ID, "plan.pdf")
	if err != nil {
		b.Fatal(err)
	}
	press := pdf.NewPress()
	for b.Loop() {
		if _, err := printPlan(ctx, press, "Limache", &shown); err != nil {
			b.Fatal(err)
		}
	}
}
