package plan

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
	"gsl/app/referral"
	"gsl/tenants"
)

// Checkout sends a request for each item that others manage, with what was
// agreed, and none for the rest.
func TestCheckoutRefers(t *testing.T) {
	h := newHouse(t)
	h.add("item", "A106", "note", "trae liquidaciones")
	h.add("item", "D101", "causante", matiasRUN, "vinculo", "nieto/a")
	h.add("item", "D301")
	h.add("item", "B001")
	h.add("item", "E101")
	p := h.load(h.checkout().ID)
	var told []string
	for _, it := range p.Items {
		r := it.Referral
		if (r != nil) != (it.Category == "A" || it.Category == "D") {
			t.Errorf("%s: %+v", it.Name, r)
		}
		if r == nil {
			continue
		}
		told = append(told, r.Unit)
		if r.State != referral.Sent || r.Source != referral.FromPlan || r.Code != it.Code || r.Note != it.Note || r.Origin != access.SocialUnit ||
			r.CreatedByName != "Camila Rojas Soto" || r.Member != it.Member || len(r.Fields) != len(it.Fields) || it.Status != Pending {
			t.Errorf("%s: %+v", it.Name, r)
		}
	}
	if got := strings.Join(told, " "); got != "rsh subsidies serviu" {
		t.Errorf("sent to %s", got)
	}
}

// What a desk has referred and waits for is said beside the same item in the
// cart, and stops nobody.
func TestTheSameReferredByADesk(t *testing.T) {
	h := newHouse(t)
	item, err := h.service.catalogue.Item(context.Background(), h.manager, "A106")
	if err != nil {
		t.Fatal(err)
	}
	h.update(func(tx *tenants.Tx) error {
		_, err := h.referrals.Create(tx, h.desk, referral.New{FileID: h.file.ID, Asked: referral.AskedOf(item)})
		return err
	})
	h.add("item", "A106")
	see(t, h.client(t, h.manager).Get(h.path("/checkout")), 200).Contains(t, "Ya hay una derivación en curso por lo mismo: D-2026-0001")
	if p := h.checkout(); p.Items[0].Referral.Folio() != "D-2026-0002" {
		t.Errorf("%+v", p.Items[0].Referral)
	}
}

// A unit that takes no more requests refuses the checkout; nothing of it was written.
func TestCheckoutThatIsRefusedLeavesNothing(t *testing.T) {
	h := newHouse(t)
	h.add("item", "A106")
	line := h.add("item", "D301").Line
	h.update(func(tx *tenants.Tx) error {
		_, err := tx.Exec(`UPDATE unit SET active = 0 WHERE code = 'serviu'`)
		return err
	})
	r, err := h.service.Review(context.Background(), h.manager, h.file.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.service.Checkout(context.Background(), h.manager, h.file.ID, CheckoutForm{Key: r.Key, Agreed: "signed"})
	refused(t, err, reasonField(line.ID), "settings.unit.inactive")
	h.view(func(tx *tenants.Tx) error {
		var n int
		if err := tx.QueryRow(`SELECT (SELECT count(*) FROM plan) + (SELECT count(*) FROM plan_item) + (SELECT count(*) FROM referral)`).Scan(&n); err != nil || n != 0 {
			t.Errorf("%d rows were left %v", n, err)
		}
		return nil
	})
	if got := h.cart(); len(got.Lines) != 2 {
		t.Errorf("the cart: %+v", got)
	}
}

// Where a referral goes, its item goes.
func TestTheItemFollowsItsReferral(t *testing.T) {
	answer := func(o referral.Outcome) referral.Move {
		return referral.Move{Verb: referral.Answer, Outcome: o, Reason: "excede el tramo"}
	}
	receive, start := referral.Move{Verb: referral.Receive}, referral.Move{Verb: referral.Start}
	wait := referral.Move{Verb: referral.Wait, WaitingFor: referral.Documents}
	back := referral.Move{Verb: referral.Return, Reason: "falta el contrato"}
	for name, c := range map[string]struct {
		by     []referral.Move // of the unit
		status Status
		reason string
	}{
		"received":            {[]referral.Move{receive}, InProgress, ""},
		"started":             {[]referral.Move{start}, InProgress, ""},
		"waits":               {[]referral.Move{receive, wait}, InProgress, ""},
		"waited":              {[]referral.Move{wait, start}, InProgress, ""},
		"granted":             {[]referral.Move{answer(referral.Granted)}, Confirmed, ""},
		"granted after all":   {[]referral.Move{receive, start, wait, answer(referral.Granted)}, Confirmed, ""},
		"not granted":         {[]referral.Move{start, answer(referral.NotGranted)}, NotAchieved, "No concedida: excede el tramo"},
		"did not attend":      {[]referral.Move{wait, answer(referral.DidNotAttend)}, NotAchieved, "No asistió: excede el tramo"},
		"the person gave up":  {[]referral.Move{answer(referral.OutcomeWithdrawn)}, NotAchieved, "Desistida: excede el tramo"},
		"not applicable":      {[]referral.Move{answer(referral.NotApplicable)}, NotAchieved, "No corresponde: excede el tramo"},
		"returned":            {[]referral.Move{receive, back}, Pending, "Devuelta por Registro Social de Hogares: falta el contrato"},
		"returned as it came": {[]referral.Move{back}, Pending, "Devuelta por Registro Social de Hogares: falta el contrato"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			p := h.plan("A106", "B001")
			for _, m := range c.by {
				h.clock.Advance(time.Minute)
				h.move(h.rsh, h.load(p.ID), p.Items[0].ID, m)
			}
			now := h.load(p.ID)
			it := now.Items[0]
			if it.Status != c.status || it.Reason != c.reason || now.Closed || now.Items[1].Status != Pending {
				t.Errorf("%s %q, closed %v", it.Status, it.Reason, now.Closed)
			}
			if it.ChangedByName != "Luis Vidal Mora" || it.ChangedVersion != now.Version || now.Version < 2 {
				t.Errorf("who and when: %+v at version %d", it.Progress, now.Version)
			}
			h.replay(t, p.ID)
			if got := h.audited("plan.item_status"); !strings.Contains(got, string(c.status)) {
				t.Errorf("audit: %s", got)
			}
		})
	}
}

// What came back is corrected, sent again, and goes on.
func TestSentAgain(t *testing.T) {
	h := newHouse(t)
	p := h.plan("A106")
	id := p.Items[0].ID
	h.move(h.rsh, h.load(p.ID), id, referral.Move{Verb: referral.Return, Reason: "falta el contrato"})
	see(t, h.client(t, h.manager).Get("/plans/"+p.ID), 200).Contains(t, "Devuelta por Registro Social de Hogares: falta el contrato", "· Devuelta",
		"Corregir y enviar otra vez", "Corríjala y envíela otra vez")
	now := h.move(h.manager, h.load(p.ID), id, referral.Move{Verb: referral.Resend, Note: "va el contrato"})
	if it := now.Items[0]; it.Status != Pending || it.Reason != "" {
		t.Errorf("%+v", it.Progress)
	}
	now = h.move(h.rsh, now, id, referral.Move{Verb: referral.Answer, Outcome: referral.Granted})
	if !now.Closed {
		t.Error("the last answer closes the plan")
	}
	see(t, h.client(t, h.manager).Get("/plans/"+p.ID), 200).Contains(t, "Enviado otra vez", `data-plan="closed"`)
	h.replay(t, p.ID)
}

// The last answer closes the plan, and says who gave it.
func TestTheLastAnswerClosesThePlan(t *testing.T) {
	h := newHouse(t)
	h.add("item", "A106")
	h.add("item", "D101", "causante", matiasRUN, "vinculo", "nieto/a")
	p := h.load(h.checkout().ID)
	now := h.move(h.rsh, p, p.Items[0].ID, referral.Move{Verb: referral.Answer, Outcome: referral.Granted})
	if now.Closed {
		t.Fatal("closed with something to do")
	}
	now = h.move(h.subsidies, p, p.Items[1].ID, referral.Move{Verb: referral.Answer, Outcome: referral.NotGranted, ReasonCode: referral.NoSpots})
	if !now.Closed || !now.ClosedAt.Equal(h.clock.Now()) || now.Items[1].Reason != "No concedida: No hay cupos" {
		t.Errorf("%+v", now)
	}
	shown := see(t, h.client(t, h.desk).Get("/plans/"+p.ID), 200)
	shown.Contains(t, `data-plan="closed"`, "Eva Ríos Toro · Mesón Subsidios", "Plan cerrado: todos los ítems terminaron", "D-2026-0002", "No concedida: No hay cupos")
	h.replay(t, p.ID)
	if n := strings.Count(h.audited("plan.close"), "\n"); n != 1 {
		t.Errorf("closed %d times in the trail", n)
	}
	// A form that was made before gets both versions.
	if _, err := h.save(h.manager, p, p.Version, map[int]Wanted{1: {Status: "withdrawn", Reason: "ya no"}}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a stale form: %v", err)
	}
	// Nothing is reopened in a closed plan.
	if _, err := h.tryMove(h.manager, now, p.Items[0].ID, referral.Move{Verb: referral.Reopen, Reason: "faltaba algo"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("reopened in a closed plan: %v", err)
	}
}

// While the plan is open what was answered may be taken up again; nothing else
// brings back what is finished.
func TestReopened(t *testing.T) {
	h := newHouse(t)
	p := h.plan("A106", "B001")
	id := p.Items[0].ID
	for _, outcome := range []referral.Outcome{referral.Granted, referral.NotGranted} {
		now := h.move(h.rsh, h.load(p.ID), id, referral.Move{Verb: referral.Answer, Outcome: outcome, Reason: "excede el tramo"})
		if !now.Items[0].Status.Finished() {
			t.Fatalf("%+v", now.Items[0].Progress)
		}
		h.move(h.manager, now, id, referral.Move{Verb: referral.Close})
		now = h.move(h.manager, now, id, referral.Move{Verb: referral.Reopen, Reason: "era otro hogar"})
		if it := now.Items[0]; it.Status != InProgress || it.Reason != "" || now.Closed {
			t.Errorf("after %s: %+v", outcome, it.Progress)
		}
	}
	h.replay(t, p.ID)
	if _, err := h.save(h.manager, p, 0, map[int]Wanted{2: {Status: "confirmed"}}); err != nil {
		t.Fatal(err)
	}
	for _, position := range []int{1, 2} { // past the program: an item without an open referral stays finished
		if position == 1 {
			h.move(h.rsh, h.load(p.ID), id, referral.Move{Verb: referral.Answer, Outcome: referral.Granted})
		}
		err := h.limache.Update(context.Background(), func(tx *tenants.Tx) error {
			_, err := tx.Exec(`UPDATE plan_item SET status = 'in-progress' WHERE plan_id = ? AND position = ?`, p.ID, position)
			return err
		})
		if err == nil {
			t.Errorf("item %d was taken up again", position)
		}
	}
}

// Of an item that a unit answers the worker may only say that it is withdrawn,
// whatever a form says.
func TestTheBoxFollowsTheUnit(t *testing.T) {
	h := newHouse(t)
	p := h.load(h.plan("A106", "B001").ID)
	field := "status[" + p.Items[0].ID + "]"
	for _, step := range []referral.Verb{"", referral.Receive, referral.Wait} {
		if step != "" {
			p = h.move(h.rsh, p, p.Items[0].ID, referral.Move{Verb: step, WaitingFor: referral.Documents})
		}
		for _, status := range []string{"pending", "in-progress", "confirmed", "not-achieved"} {
			if Status(status) == p.Items[0].Status {
				continue
			}
			_, err := h.save(h.manager, p, p.Version, map[int]Wanted{1: {Status: status, Reason: "porque sí"}})
			refused(t, err, field, "plan.error.follows")
		}
	}
	page := see(t, h.client(t, h.manager).Get("/plans/"+p.ID), 200)
	page.Contains(t, "Espera documentos · Luis Vidal Mora", "Documentos a más tardar el 21-12-2026", "/referrals/"+p.Items[0].Referral.ID, "Responde Registro Social de Hogares")
	if box := page.Body[strings.Index(page.Body, `name="`+field):]; strings.Contains(box[:strings.Index(box, "</select>")], "confirmed") {
		t.Error("the box offers what it refuses")
	}
	see(t, h.client(t, h.manager).PostForm("/plans/"+p.ID+"/items", form(field, "confirmed")), 422).Contains(t, "Lo responde la unidad a la que se derivó")

	// Withdrawing needs a reason and cancels the request, in one act.
	_, err := h.save(h.manager, p, p.Version, map[int]Wanted{1: {Status: "withdrawn"}})
	refused(t, err, "reason["+p.Items[0].ID+"]", "plan.error.status_reason")
	_, err = h.save(h.manager, p, p.Version, map[int]Wanted{1: {Status: "withdrawn", Reason: strings.Repeat("x", 600)}})
	refused(t, err, "reason["+p.Items[0].ID+"]", "referral.error.too_long")
	saved, err := h.save(h.manager, p, p.Version, map[int]Wanted{1: {Status: "withdrawn", Reason: "encontró trabajo"}, 2: {Status: "confirmed"}})
	if err != nil || !saved.JustEnded || len(saved.Changed) != 2 {
		t.Fatalf("%v %+v", err, saved.Plan)
	}
	if it := h.load(p.ID).Items[0]; it.Status != Withdrawn || it.Reason != "encontró trabajo" || it.Referral.State != referral.Cancelled || it.Referral.Reason != "encontró trabajo" {
		t.Errorf("%+v %+v", it.Progress, it.Referral)
	}
	h.replay(t, p.ID)
	// The same again has no effect and is no error.
	if _, err = h.save(h.manager, p, p.Version, map[int]Wanted{1: {Status: "withdrawn", Reason: "encontró trabajo"}}); err != nil {
		t.Errorf("the second press: %v", err)
	}
	if _, err = h.tryMove(h.rsh, p, p.Items[0].ID, referral.Move{Verb: referral.Answer, Outcome: referral.Granted}); !fault.Is(err, fault.Conflict) {
		t.Errorf("answered after it was cancelled: %v", err)
	}
}

// What goes by letter comes back on paper: the worker writes it down in the box.
func TestAnsweredByLetter(t *testing.T) {
	for name, c := range map[string]struct {
		wanted  Wanted
		status  Status
		state   referral.State
		outcome referral.Outcome
		reason  string
		field   string
		key     string
	}{
		"on its way":      {wanted: Wanted{Status: "in-progress"}, status: InProgress, state: referral.InProgress},
		"yes":             {wanted: Wanted{Status: "confirmed"}, status: Confirmed, state: referral.Answered, outcome: referral.Granted},
		"no":              {wanted: Wanted{Status: "not-achieved", Reason: "sin postulación abierta"}, status: NotAchieved, state: referral.Answered, outcome: referral.NotGranted, reason: "No concedida: sin postulación abierta"},
		"he did not go":   {wanted: Wanted{Status: "not-achieved", Reason: "no fue a la cita", Outcome: "did-not-attend"}, status: NotAchieved, state: referral.Answered, outcome: referral.DidNotAttend, reason: "No asistió: no fue a la cita"},
		"withdrawn":       {wanted: Wanted{Status: "withdrawn", Reason: "cambió de idea"}, status: Withdrawn, state: referral.Cancelled, reason: "cambió de idea"},
		"no, without why": {wanted: Wanted{Status: "not-achieved"}, status: Pending, state: referral.Sent, field: "reason", key: "plan.error.status_reason"},
		"an answer that does not exist": {wanted: Wanted{Status: "not-achieved", Reason: "x", Outcome: "granted"}, status: Pending, state: referral.Sent,
			field: "outcome", key: "plan.error.outcome"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			p := h.load(h.plan("D301", "B001").ID)
			at := 2
			_, err := h.save(h.other, p, 1, map[int]Wanted{at: c.wanted})
			if c.field != "" {
				refused(t, err, c.field+"["+p.Items[at-1].ID+"]", c.key)
			} else if err != nil {
				t.Fatal(err, fields(err))
			}
			it := h.load(p.ID).Items[at-1]
			if it.Status != c.status || it.Reason != c.reason || it.Referral.State != c.state || it.Referral.Outcome != c.outcome {
				t.Errorf("%+v %+v", it.Progress, it.Referral)
			}
			h.replay(t, p.ID)
		})
	}
	h := newHouse(t)
	p := h.plan("D301")
	see(t, h.client(t, h.manager).Get("/plans/"+p.ID), 200).Contains(t, "SERVIU responde por carta", "Imprimir o enviar la carta", `name="outcome[`, "No asistió")
}

// Items that were agreed before there were referrals keep their box.
func TestItemsOfBeforeReferrals(t *testing.T) {
	h := newHouse(t)
	first := h.plan("B001")
	old := h.load(first.ID)
	h.update(func(tx *tenants.Tx) error {
		it := old.Items[0]
		it.ID, it.Position = tx.NewID(), 2
		it.Code, it.Name, it.Category, it.Provider = "A106", "Actualización de ingresos", "A", "Registro Social de Hogares"
		old.Items = append(old.Items, it)
		if err := insertItem(tx, &it); err != nil {
			return err
		}
		return remember(tx, h.manager, &old, Entry{ItemID: it.ID, What: aboutStatus, Became: string(Pending)})
	})
	if _, err := h.save(h.manager, old, 1, map[int]Wanted{1: {Status: "confirmed"}, 2: {Status: "in-progress"}}); err != nil {
		t.Fatal(err, fields(err))
	}
	if saved, err := h.save(h.manager, old, 2, map[int]Wanted{2: {Status: "confirmed"}}); err != nil || !saved.JustEnded {
		t.Fatal(err, fields(err))
	}
	h.replay(t, old.ID)
}

// The unit answers while the worker withdraws: one of them is first, the other
// is told, and plan and referral say the same.
func TestAnswerAndWithdrawAtOnce(t *testing.T) {
	h := newHouse(t)
	for range 20 {
		p := h.load(h.plan("A106").ID)
		var parallel sync.WaitGroup
		var done, told atomic.Int32
		try := func(act func() error) {
			parallel.Go(func() {
				switch err := act(); {
				case err == nil:
					done.Add(1)
				case fault.Is(err, fault.Conflict) || fault.Is(err, fault.Invalid):
					told.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		try(func() error {
			_, err := h.tryMove(h.rsh, p, p.Items[0].ID, referral.Move{Verb: referral.Answer, Outcome: referral.Granted})
			return err
		})
		try(func() error {
			_, err := h.save(h.manager, p, p.Version, map[int]Wanted{1: {Status: "withdrawn", Reason: "ya no"}})
			return err
		})
		parallel.Wait()
		now := h.load(p.ID)
		it := now.Items[0]
		agree := it.Status == Confirmed && it.Referral.State == referral.Answered || it.Status == Withdrawn && it.Referral.State == referral.Cancelled
		if done.Load() != 1 || told.Load() != 1 || !agree || !now.Closed {
			t.Fatalf("%d done, %d told: %s %s", done.Load(), told.Load(), it.Status, it.Referral.State)
		}
		h.replay(t, p.ID)
	}
}

// Who may not know of a referral sees its number on the plan, and no link.
func TestTheLinkIsForThoseWhoMayOpenIt(t *testing.T) {
	h := newHouse(t)
	p := h.load(h.plan("A106").ID)
	href := `href="/referrals/` + p.Items[0].Referral.ID
	for _, who := range []actor.Actor{h.manager, h.head, h.director, h.rsh} {
		see(t, h.client(t, who).Get("/plans/"+p.ID), 200).Contains(t, href)
	}
	page := see(t, h.client(t, h.subsidies).Get("/plans/"+p.ID), 200)
	page.Contains(t, "D-2026-0001")
	page.Lacks(t, href)
}
