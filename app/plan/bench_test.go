package plan

import (
	"context"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"gsl/app/kit/i18n"
	"gsl/app/kit/pdf"
	"gsl/app/referral"
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

// A unit answers the last item of a plan: request, item, plan, histories and
// trail are one durable transaction. The slowest of a hundred is what counts.
func BenchmarkAnswerClosesPlan(b *testing.B) {
	h := newHouse(b)
	ctx := context.Background()
	var took []time.Duration
	for b.Loop() {
		b.StopTimer()
		p := h.load(h.plan("A106").ID)
		b.StartTimer()
		began := time.Now()
		if _, err := h.referrals.Move(ctx, h.rsh, p.Items[0].Referral.ID, referral.Move{Verb: referral.Answer, Outcome: referral.Granted}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
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
		if _, err := printPlan(ctx, press, h.manager.Municipality, &shown); err != nil {
			b.Fatal(err)
		}
	}
}
