package plan

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/app/referral"
	"gsl/tenants"
)

const omil = "omil" // the unit of item D202

// agree puts a protocol in force between Asistencia Social and the OMIL: seven
// working days to answer, from 1 to 21 November 2026 or as change says.
func (h *house) agree(change func(*referral.ProtocolForm)) referral.Protocol {
	h.t.Helper()
	ctx := context.Background()
	form := referral.ProtocolForm{Title: "Intermediación laboral", AllDesks: true, Period: "month", Documents: "Currículum",
		Process: "El mesón envía la ficha.", Answer: "La oficina informa el resultado.", CitizenDays: 3, AnswerDays: 7,
		From: day("2026-11-01"), To: day("2026-11-21"), Evaluation: "Cada semestre."}
	if change != nil {
		change(&form)
	}
	p, err := h.referrals.BeginProtocol(ctx, h.head, referral.ProtocolParties{Unit: access.SocialUnit, Counterpart: omil, AllDesks: form.AllDesks})
	if err != nil {
		h.t.Fatal(err)
	}
	form.Revision = p.Revision
	saved, err := h.referrals.SaveProtocol(ctx, h.head, p.ID, form)
	if err != nil {
		h.t.Fatal(err, fields(err))
	}
	if p, err = h.referrals.SendProtocol(ctx, h.head, p.ID, saved.Revision); err != nil {
		h.t.Fatal(err, fields(err))
	}
	for _, side := range []referral.SignatureForm{{Side: referral.SideMunicipality},
		{Side: referral.SideCounterpart, Name: "Pía Soto Díaz", Position: "Encargada", On: day("2026-11-20")}} {
		side.Revision = p.Revision
		if _, err := h.referrals.SignProtocol(ctx, h.head, p.ID, side); err != nil {
			h.t.Fatal(err, fields(err))
		}
	}
	if p, err = h.referrals.ApproveProtocol(ctx, h.director, p.ID, p.Revision); err != nil {
		h.t.Fatal(err)
	}
	return p
}

func (h *house) review() Review {
	h.t.Helper()
	r, err := h.service.Review(context.Background(), h.manager, h.file.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// spots of the OMIL's protocol that are left this month.
func (h *house) spots() int {
	h.t.Helper()
	said, err := h.service.Spots(context.Background(), h.manager, []string{"D202"})
	if err != nil || !said["D202"].Known {
		h.t.Fatal(err, said)
	}
	return said["D202"].Left
}

// The review page says where each request goes, by when it is answered, what is
// asked for and what is left.
func TestReviewSaysWhereItGoes(t *testing.T) {
	h := newHouse(t)
	h.agree(func(f *referral.ProtocolForm) { f.Spots = 3 })
	h.add("item", "A106")
	h.add("item", "D202")
	h.add("item", "D301")
	h.add("item", "E101")
	h.limit("E101", 1, "month")
	see(t, h.client(t, h.manager).Get(h.path("/checkout")), 200).Contains(t,
		"Se envía a Registro Social de Hogares, que responde a más tardar el 27-11-2026", // 21 November 2026 is a Saturday
		"Se envía por carta a Oficina Municipal de Intermediación Laboral (OMIL); respuesta comprometida: 01-12-2026", "Quedan 3 cupos", "Currículum",
		"Se envía por carta a SERVIU; respuesta comprometida: 04-12-2026", "Queda 1 cupo")
	p := h.load(h.checkout().ID)
	for _, it := range p.Items {
		if it.Code == "D202" && (it.Referral.ProtocolID == "" || it.Referral.SpotPeriod == "" || it.Referral.Due != day("2026-12-01")) {
			t.Errorf("%+v", it.Referral)
		}
	}
	if n := h.spots(); n != 2 {
		t.Errorf("%d left", n)
	}
	see(t, h.client(t, h.manager).Get("/plans/"+p.ID), 200).Contains(t, "Respuesta comprometida: 01-12-2026")
}

// A protocol that expires in the night between cart and checkout stops the
// request, unless a reason is written; a reason for something else is none.
func TestAProtocolExpiresOvernight(t *testing.T) {
	for name, before := range map[string]string{"without a reason": "", "with a reason for something else": "situación de emergencia"} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			ctx := context.Background()
			h.agree(nil)
			line := h.add("item", "D202").Line
			if before != "" {
				h.update(func(tx *tenants.Tx) error {
					line.OverrideReason, line.Advice = before, []Advice{{Kind: Unavailable}}
					return updateLine(tx, &line)
				})
			}
			r := h.review()
			if len(r.Cart.Lines[0].Advice) != 0 && before == "" {
				t.Fatalf("%+v", r.Cart.Lines)
			}
			h.clock.Advance(21 * time.Hour) // 22 November, 09:00
			form := CheckoutForm{Key: r.Key, Agreed: "signed"}
			_, err := h.service.Checkout(ctx, h.manager, h.file.ID, form)
			refused(t, err, reasonField(line.ID), "plan.error.reason_needed")
			page := see(t, h.client(t, h.manager).PostForm(h.path("/checkout"), formOf(form)), 422)
			page.Contains(t, "El protocolo “Intermediación laboral” venció el 21-11-2026", reasonField(line.ID))
			form.Reasons = map[string]string{line.ID: "la OMIL confirmó por teléfono"}
			p, err := h.service.Checkout(ctx, h.manager, h.file.ID, form)
			if err != nil {
				t.Fatal(err, fields(err))
			}
			it := h.load(p.ID).Items[0]
			if it.OverrideReason != "la OMIL confirmó por teléfono" || it.Referral.OverrideReason != it.OverrideReason || it.Referral.ProtocolID != "" {
				t.Errorf("%+v %+v", it.Agreed, it.Referral)
			}
			if got := h.audited("referral.create"); !strings.Contains(got, "por teléfono") {
				t.Errorf("audit: %s", got)
			}
		})
	}
}

// It may also expire while the button is pressed: what was reviewed a second
// before midnight is refused a second after it.
func TestAProtocolExpiresAtMidnight(t *testing.T) {
	h := newHouse(t)
	h.agree(nil)
	line := h.add("item", "D202").Line
	h.clock.Set(time.Date(2026, 11, 22, 2, 59, 59, 0, time.UTC))
	reviewed := h.review()
	h.clock.Set(time.Date(2026, 11, 22, 3, 0, 1, 0, time.UTC))
	err := h.limache.Update(context.Background(), func(tx *tenants.Tx) error {
		_, err := h.service.checkout(tx, h.manager, reviewed, Signed, reviewed.Key)
		return err
	})
	refused(t, err, reasonField(line.ID), "protocol.concern.expired")
	if n := len(h.cart().Lines); n != 1 {
		t.Errorf("%d lines in the cart", n)
	}
}

func formOf(f CheckoutForm) map[string][]string {
	return form("key", f.Key, "agreed", f.Agreed)
}

// Fifty carts are checked out at once for the protocol's last spot: one gets it;
// what is withdrawn gives it back.
func TestTheLastSpotOfAProtocolGoesOnce(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	h.agree(func(f *referral.ProtocolForm) { f.Spots = 1 })
	const desks = 50
	reviews := make([]Review, desks)
	for i := range reviews {
		h.clock.Advance(5 * time.Second)
		file, err := h.people.Lookup(ctx, h.manager, people.RUNOf(uint32(11_000_000+i))) //nolint:gosec // a test
		if err != nil {
			t.Fatal(err)
		}
		if _, err = h.service.Add(ctx, h.manager, file.ID, form("item", "D202")); err != nil {
			t.Fatal(err, fields(err))
		}
		if reviews[i], err = h.service.Review(ctx, h.manager, file.ID); err != nil {
			t.Fatal(err)
		}
	}
	var parallel sync.WaitGroup
	var won atomic.Pointer[Plan]
	var told atomic.Int32
	for _, r := range reviews {
		parallel.Go(func() {
			p, err := h.service.Checkout(ctx, h.manager, r.File.ID, CheckoutForm{Key: r.Key, Agreed: "phone"})
			switch {
			case err == nil && !won.CompareAndSwap(nil, &p):
				t.Error("a second one got the last spot")
			case err != nil && fault.Is(err, fault.Invalid) && fields(err)[reasonField(r.Cart.Lines[0].ID)] != "":
				told.Add(1)
			case err != nil:
				t.Error(err, fields(err))
			}
		})
	}
	parallel.Wait()
	if won.Load() == nil || told.Load() != desks-1 || h.spots() != 0 {
		t.Fatalf("%d were told, %d left", told.Load(), h.spots())
	}
	see(t, h.client(t, h.manager).PostHX("/files/"+h.file.ID+"/cart/items", form("item", "D202")), 200).Contains(t, "no le quedan cupos")
	p := h.load(won.Load().ID)
	if _, err := h.save(h.manager, p, 0, map[int]Wanted{1: {Status: "withdrawn", Reason: "encontró trabajo"}}); err != nil {
		t.Fatal(err)
	}
	if n := h.spots(); n != 1 {
		t.Errorf("%d left after it was withdrawn", n)
	}
	loser := reviews[0]
	if loser.File.ID == p.FileID {
		loser = reviews[1]
	}
	if _, err := h.service.Checkout(ctx, h.manager, loser.File.ID, CheckoutForm{Key: loser.Key, Agreed: "phone"}); err != nil {
		t.Errorf("the spot that came back: %v", err)
	}
}

// What will ask for a reason at checkout says so when it is added.
func TestAddingSaysThatTheProtocolExpired(t *testing.T) {
	h := newHouse(t)
	h.agree(nil)
	c := h.client(t, h.manager)
	see(t, c.PostHX(h.path("/cart/items"), form("item", "D202")), 200).Contains(t, "está en el carro.")
	h.clock.Advance(24 * time.Hour)
	see(t, c.PostHX(h.path("/cart/items"), form("item", "D202", "reason", "otra")), 200).Contains(t, "su protocolo venció")
}

// Two lines of one agreement take two of its spots: the review says so.
func TestTwoLinesTakeTwoSpots(t *testing.T) {
	h := newHouse(t)
	h.agree(func(f *referral.ProtocolForm) { f.Spots = 1 })
	h.add("item", "D202")
	second := h.add("item", "D202", "reason", "otra derivación").Line
	r := h.review()
	if r.Cart.Lines[0].Asks || !r.Cart.Lines[1].Asks {
		t.Fatalf("%+v", r.Cart.Lines)
	}
	if page := see(t, h.client(t, h.manager).Get(h.path("/checkout")), 200); strings.Count(page.Body, "Queda 1 cupo") != 1 {
		t.Error("both lines are promised the one spot")
	}
	_, err := h.service.Checkout(context.Background(), h.manager, h.file.ID, CheckoutForm{Key: r.Key, Agreed: "signed"})
	refused(t, err, reasonField(second.ID), "plan.error.reason_needed")
	if _, err = h.service.Checkout(context.Background(), h.manager, h.file.ID, CheckoutForm{Key: r.Key, Agreed: "signed",
		Reasons: map[string]string{second.ID: "son dos cursos"}}); err != nil {
		t.Error(err, fields(err))
	}
}

// Ten units answer the ten items of a plan in the same moment: the plan closes
// once, with the last of them.
func TestTenAnswersAtOnceCloseOnce(t *testing.T) {
	h := newHouse(t)
	for i := range 10 {
		h.add("item", "A106", "note", strings.Repeat("x", i+1), "change", "cambio "+strings.Repeat("i", i))
	}
	p := h.load(h.checkout().ID)
	if len(p.Items) != 10 {
		t.Fatalf("%d items", len(p.Items))
	}
	var parallel sync.WaitGroup
	for i := range p.Items {
		parallel.Go(func() {
			if _, err := h.tryMove(h.rsh, p, p.Items[i].ID, referral.Move{Verb: referral.Answer, Outcome: referral.Granted}); err != nil {
				t.Error(err, fields(err))
			}
		})
	}
	parallel.Wait()
	if now := h.load(p.ID); !now.Closed || now.Version != 11 {
		t.Errorf("closed %v at version %d", now.Closed, now.Version)
	}
	if n := strings.Count(h.audited("plan.close"), "\n"); n != 1 {
		t.Errorf("closed %d times", n)
	}
	h.replay(t, p.ID)
}
