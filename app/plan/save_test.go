package plan

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gsl/app/access"
	"gsl/app/benefit"
	"gsl/app/kit/fault"
	"gsl/app/people"
	"gsl/templates/layout"
	"gsl/tenants"
)

func (h *house) granted(holder string) []benefit.Grant {
	h.t.Helper()
	var list []benefit.Grant
	h.view(func(tx *tenants.Tx) (err error) {
		list, err = benefit.Received(tx, []string{holder})
		return err
	})
	return list
}

func TestSaveIsAllOrNothing(t *testing.T) {
	h := newHouse(t)
	p := h.plan("B001", "C001", "E101")
	_, err := h.save(h.manager, p, 1, map[int]Wanted{1: {Status: "in-progress"}, 2: {Status: "withdrawn"}, 3: {Status: "confirmed", Quantity: text("x")}})
	refused(t, err, "reason["+p.Items[1].ID+"]", "plan.error.status_reason")
	refused(t, err, "quantity["+p.Items[2].ID+"]", "plan.error.quantity")
	if now := h.load(p.ID); now.Items[0].Status != Pending || now.Version != 1 {
		t.Errorf("something was saved: %+v", now)
	}
	saved, err := h.save(h.manager, p, 1, map[int]Wanted{1: {Status: "in-progress"}, 2: {Status: "withdrawn", Reason: "ya la visitaron"}, 3: {Status: "pending"}})
	if err != nil || len(saved.Changed) != 2 || saved.Plan.Version != 2 || saved.JustEnded {
		t.Fatalf("%v %+v", err, saved.Plan)
	}
	last := saved.History[len(saved.History)-1]
	if last.Was != "pending" || last.Became != "withdrawn" || last.Reason != "ya la visitaron" || last.Name != "Camila Rojas Soto" || last.Role != access.CaseManager {
		t.Errorf("history: %+v", last)
	}
}

func TestSaveRefusesForgedForms(t *testing.T) {
	h := newHouse(t)
	p := h.plan("C001")
	other := h.plan("B001")
	id := p.Items[0].ID
	for _, c := range []struct {
		name       string
		form       SaveForm
		field, key string
	}{
		{"an item of another plan", SaveForm{1, map[string]Wanted{other.Items[0].ID: {Status: "confirmed"}}}, "status[" + other.Items[0].ID + "]", "plan.error.not_of_plan"},
		{"no item at all", SaveForm{1, map[string]Wanted{"": {Status: "confirmed"}}}, "status[]", "plan.error.not_of_plan"},
		{"a status that does not exist", SaveForm{1, map[string]Wanted{id: {Status: "done"}}}, "status[" + id + "]", "plan.error.status"},
		{"no status", SaveForm{1, map[string]Wanted{id: {}}}, "status[" + id + "]", "plan.error.status"},
		{"a version of the future", SaveForm{9, map[string]Wanted{id: {Status: "confirmed"}}}, "version", "plan.error.version"},
	} {
		_, err := h.service.Save(context.Background(), h.manager, p.ID, c.form)
		if !fault.Is(err, fault.Invalid) || fields(err)[c.field] != c.key {
			t.Errorf("%s: %v %v", c.name, err, fields(err))
		}
	}
	if _, err := h.save(h.desk, p, 1, map[int]Wanted{1: {Status: "confirmed"}}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a desk saved: %v", err)
	}
	if _, err := h.save(h.director, p, 1, map[int]Wanted{1: {Status: "confirmed"}}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("the director saved: %v", err)
	}
	if _, err := h.service.Save(context.Background(), h.manager, "01ARZ3NDEKTSV4RRFFQ69G5FAV", SaveForm{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("no such plan: %v", err)
	}
	if now := h.load(p.ID); now.Items[0].Status != Pending {
		t.Errorf("%+v", now.Items[0])
	}
}

// Two operators have the plan open. The second to save sees both versions, and
// can apply their own or leave what is saved.
func TestTwoOperators(t *testing.T) {
	h := newHouse(t)
	p := h.plan("B001", "C001", "C002")
	if _, err := h.save(h.manager, p, 1, map[int]Wanted{1: {Status: "confirmed"}, 2: {Status: "in-progress"}, 3: {Status: "pending"}}); err != nil {
		t.Fatal(err)
	}
	mine := map[int]Wanted{1: {Status: "not-achieved", Reason: "no llegó"}, 2: {Status: "confirmed"}, 3: {Status: "pending"}}
	saved, err := h.save(h.other, p, 1, mine)
	if !fault.Is(err, fault.Conflict) || len(saved.Clashes) != 2 {
		t.Fatalf("%v %+v", err, saved.Clashes)
	}
	first, second := saved.Clashes[0], saved.Clashes[1]
	if first.MayGo || first.Item.Status != Confirmed || first.Status != NotAchieved || first.Before != Pending || first.Item.ChangedByName != "Camila Rojas Soto" {
		t.Errorf("what is finished stays: %+v", first)
	}
	if !second.MayGo || second.Item.Status != InProgress || second.Status != Confirmed {
		t.Errorf("what is not can still be mine: %+v", second)
	}
	if now := h.load(p.ID); now.Items[1].Status != InProgress || now.Version != 2 {
		t.Errorf("the conflict changed something: %+v", now)
	}
	// "Mine": the same choice, now made from the version that was shown.
	if _, err = h.save(h.other, p, saved.Plan.Version, map[int]Wanted{2: {Status: "confirmed"}}); err != nil {
		t.Fatal(err)
	}
	if now := h.load(p.ID); now.Items[0].Status != Confirmed || now.Items[1].Status != Confirmed || now.Items[1].ChangedByName != "Pedro Díaz Vera" {
		t.Errorf("%+v", now.Items)
	}
}

func TestAReplayIsOneEffect(t *testing.T) {
	h := newHouse(t)
	p := h.plan("B001", "E101")
	wanted := map[int]Wanted{1: {Status: "in-progress"}, 2: {Status: "confirmed"}}
	for i := range 3 {
		saved, err := h.save(h.manager, p, 1, wanted)
		if err != nil || saved.Plan.Version != 2 {
			t.Fatalf("%d: %v %+v", i, err, saved.Plan)
		}
	}
	if n := len(h.granted(mariaRUN)); n != 1 {
		t.Errorf("%d deliveries, want 1", n)
	}
	if n := strings.Count(h.audited("plan.item_status"), "\n"); n != 2 {
		t.Errorf("%d entries in the trail, want 2", n)
	}
	// The same from a colleague with an old page, who left the first box alone.
	if _, err := h.save(h.other, p, 1, map[int]Wanted{1: {Status: "pending"}, 2: {Status: "confirmed"}}); err != nil {
		t.Errorf("the boxes left alone are no conflict: %v", err)
	}
	if now := h.load(p.ID); now.Items[0].Status != InProgress {
		t.Errorf("a box left alone went back: %+v", now.Items[0])
	}
}

func TestConfirmedAidIsInTheRegistry(t *testing.T) {
	h := newHouse(t)
	h.add("item", "E101", "quantity", "2", "member", matiasRUN)
	h.add("item", "F101", "amount", "40.000", "note", "para leche")
	p := h.checkout()
	on := text("20-11-2026")
	saved, err := h.save(h.manager, p, 1, map[int]Wanted{1: {Status: "confirmed", DeliveredOn: on, Quantity: text("1"), Amount: text("35.000")}, 2: {Status: "confirmed"}})
	if err != nil {
		t.Fatal(err, fields(err))
	}
	if !saved.JustEnded || !saved.Plan.Closed || !saved.Plan.ClosedAt.Equal(h.clock.Now()) {
		t.Errorf("the plan closes with its last item: %+v", saved.Plan)
	}
	boy, mother := h.granted(matiasRUN), h.granted(mariaRUN)
	if len(boy) != 1 || len(mother) != 1 {
		t.Fatalf("%v %v", boy, mother)
	}
	if g := boy[0]; g.ItemCode != "E101" || g.Kind != benefit.InKind || g.Quantity != 1 || g.Amount != 35_000 || g.On != day("2026-11-20") || g.Origin != p.Items[0].ID {
		t.Errorf("%+v", g)
	}
	if g := mother[0]; g.Kind != benefit.Cash || g.Amount != 40_000 || g.On != day("2026-11-21") || g.Note != "para leche" {
		t.Errorf("%+v", g)
	}
	// The next to open the catalogue is warned: the household received it.
	done, err := h.service.Add(context.Background(), h.other, h.file.ID, form("item", "E101"))
	refused(t, err, "override_reason", "plan.error.reason_needed")
	if len(done.Advice) != 1 || done.Advice[0].Kind != WithinInterval || done.Advice[0].On != "2026-11-20" || done.Advice[0].Days != 120 {
		t.Errorf("%+v", done.Advice)
	}
	h.clock.Advance(120 * 24 * time.Hour)
	h.add("item", "E101")
}

func TestAClosedPlanIsReadOnly(t *testing.T) {
	h := newHouse(t)
	p := h.plan("B001")
	if _, err := h.save(h.manager, p, 1, map[int]Wanted{1: {Status: "withdrawn", Reason: "se mudó"}}); err != nil {
		t.Fatal(err)
	}
	for _, version := range []int64{0, 1, 2} {
		saved, err := h.save(h.other, p, version, map[int]Wanted{1: {Status: "confirmed"}})
		if !fault.Is(err, fault.Conflict) || len(saved.Clashes) != 1 || saved.Clashes[0].MayGo {
			t.Errorf("version %d: %v %+v", version, err, saved.Clashes)
		}
	}
	if _, err := h.save(h.manager, p, 1, map[int]Wanted{1: {Status: "withdrawn", Reason: "se mudó"}}); err != nil {
		t.Errorf("the replay of the closing save: %v", err)
	}
}

func TestApproval(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	h.add("item", "E301") // 250.000: above the worker's
	h.add("item", "E302") // 3.500.000: above the head's
	h.add("item", "E101")
	p := h.checkout()
	var house, hut, basket Item
	for _, it := range p.Items {
		switch it.Code {
		case "E301":
			house = it
		case "E302":
			hut = it
		default:
			basket = it
		}
	}
	if house.Approval.Level != ByHead || hut.Approval.Level != ByDirector || basket.Approval.State != NoApproval {
		t.Fatalf("%+v %+v %+v", house.Approval, hut.Approval, basket.Approval)
	}
	confirm := func(id string) error {
		_, err := h.service.Save(ctx, h.manager, p.ID, SaveForm{0, map[string]Wanted{id: {Status: "confirmed"}}})
		return err
	}
	refused(t, confirm(house.ID), "status["+house.ID+"]", "plan.error.approval_head")
	refused(t, confirm(hut.ID), "status["+hut.ID+"]", "plan.error.approval_director")
	if list, _, err := h.service.Requests(ctx, h.head, 10); err != nil || len(list) != 1 || list[0].Item.ID != house.ID {
		t.Errorf("the head sees hers: %v %+v", err, list)
	}
	if list, _, err := h.service.Requests(ctx, h.director, 10); err != nil || len(list) != 2 {
		t.Errorf("the director sees both: %v %+v", err, list)
	}
	for _, who := range []string{"manager", "desk"} {
		actor := h.manager
		if who == "desk" {
			actor = h.desk
		}
		if _, err := h.service.Approve(ctx, actor, p.ID, house.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s approved: %v", who, err)
		}
		if _, _, err := h.service.Requests(ctx, actor, 10); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s listed: %v", who, err)
		}
	}
	if _, err := h.service.Approve(ctx, h.head, p.ID, hut.ID); !fault.Is(err, fault.Forbidden) {
		t.Errorf("the head decided above her limit: %v", err)
	}
	// The head of another unit reads the plan and decides nothing on it.
	families := h.actor("u-eva", "Eva Ríos Toro", access.UnitHead, access.FamiliesUnit)
	if _, err := h.service.Approve(ctx, families, p.ID, house.ID); !fault.Is(err, fault.Forbidden) {
		t.Errorf("the head of another unit decided: %v", err)
	}
	if list, _, err := h.service.Requests(ctx, families, 10); err != nil || len(list) != 0 {
		t.Errorf("the head of another unit sees: %v %+v", err, list)
	}
	if _, err := h.service.Approve(ctx, h.head, p.ID, basket.ID); !fault.Is(err, fault.Invalid) {
		t.Errorf("what needs none: %v", err)
	}
	if _, err := h.service.Reject(ctx, h.head, p.ID, house.ID, "  "); fields(err)["reason"] != "plan.error.reject_reason" {
		t.Errorf("a rejection says why: %v", err)
	}
	if _, err := h.service.Reject(ctx, h.head, p.ID, house.ID, "falta presupuesto"); err != nil {
		t.Fatal(err)
	}
	refused(t, confirm(house.ID), "status["+house.ID+"]", "plan.error.approval_rejected")
	for range 2 { // twice is once
		if _, err := h.service.Approve(ctx, h.head, p.ID, house.ID); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(h.audited("plan.approve"), "\n"); n != 1 {
		t.Errorf("%d approvals in the trail", n)
	}
	// An approval does not make the worker's open form stale.
	if _, err := h.save(h.manager, p, 1, map[int]Wanted{house.Position: {Status: "confirmed"}}); err != nil {
		t.Fatal(err, fields(err))
	}
	if _, err := h.service.Reject(ctx, h.director, p.ID, house.ID, "tarde"); !fault.Is(err, fault.Conflict) {
		t.Errorf("what was delivered cannot be rejected: %v", err)
	}
	h.view(func(tx *tenants.Tx) error {
		if n, err := h.service.PendingApprovals(tx, families); err != nil || n != 0 {
			t.Errorf("the head of another unit: %d pending %v", n, err)
		}
		for who, want := range map[string]int{"manager": 0, "head": 0, "director": 1} {
			actor := h.manager
			if who == "head" {
				actor = h.head
			}
			if who == "director" {
				actor = h.director
			}
			if n, err := h.service.PendingApprovals(tx, actor); err != nil || n != want {
				t.Errorf("%s: %d pending %v", who, n, err)
			}
		}
		return nil
	})
}

// The thresholds of the day of the agreement count, not those of later.
func TestThresholdsAreSettings(t *testing.T) {
	h := newHouse(t)
	h.update(func(tx *tenants.Tx) error {
		_, err := tx.Exec(`INSERT INTO setting (key, value) VALUES ('plan.worker_threshold', '20000'), ('plan.head_threshold', 'mucho')`)
		return err
	})
	p := h.plan("E101")
	if p.Items[0].Approval.Level != ByHead || p.Items[0].LimitAmount != 20_000 {
		t.Errorf("%+v", p.Items[0].Progress)
	}
	h.update(func(tx *tenants.Tx) error {
		_, err := tx.Exec(`UPDATE setting SET value = '900000' WHERE key = 'plan.worker_threshold'`)
		return err
	})
	_, err := h.save(h.manager, p, 1, map[int]Wanted{1: {Status: "confirmed"}})
	refused(t, err, "status["+p.Items[0].ID+"]", "plan.error.approval_head")
}

func TestHooks(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	frame := func() map[string]string {
		shown := map[string]string{}
		h.view(func(tx *tenants.Tx) error {
			f := &layout.FileFrame{Sections: []layout.Section{{Key: people.CartSection}, {Key: people.PlanSection}, {Key: people.ScreeningSection}}}
			err := showWork(tx, h.manager, h.file, f)
			for _, s := range f.Sections {
				shown[s.Key] = fmt.Sprint(s.Count, s.Circle)
			}
			return err
		})
		return shown
	}
	if got := frame(); got["cart"] != "0" || got["plan"] != "0" {
		t.Errorf("nothing yet: %v", got)
	}
	h.add("item", "B001")
	if got := frame(); got["cart"] != "1" {
		t.Errorf("one in the cart: %v", got)
	}
	h.view(func(tx *tenants.Tx) error {
		work, err := h.service.HouseholdWork(tx, h.desk, []string{mariaRUN, matiasRUN, "SR-05802-2026-1"})
		if err != nil || len(work) != 1 || work[0].Kind != "cart" || work[0].Items != 1 || work[0].Href != "" || work[0].Name != "María Eugenia González Pérez" {
			t.Errorf("%v %+v", err, work)
		}
		return nil
	})
	p := h.checkout()
	second := h.plan("C001")
	if got := frame(); got["cart"] != "0" || got["plan"] != "0open" {
		t.Errorf("a plan: %v", got)
	}
	h.view(func(tx *tenants.Tx) error {
		work, err := h.service.HouseholdWork(tx, h.desk, []string{mariaRUN})
		if err != nil || len(work) != 2 || work[0].Number != p.Folio() || work[0].Pending != 1 || work[0].Href != "/files/"+h.file.ID+"/plan" {
			t.Errorf("%v %+v", err, work)
		}
		mine, err := h.service.MyOpenPlans(tx, h.manager, 10)
		if err != nil || len(mine) != 2 || mine[0].Folio != p.Folio() {
			t.Errorf("%v %+v", err, mine)
		}
		if theirs, err := h.service.MyOpenPlans(tx, h.other, 10); err != nil || len(theirs) != 0 {
			t.Errorf("%v %+v", err, theirs)
		}
		return nil
	})
	for _, one := range []Plan{p, second} {
		if _, err := h.save(h.manager, one, 1, map[int]Wanted{1: {Status: "confirmed"}}); err != nil {
			t.Fatal(err)
		}
	}
	if got := frame(); got["plan"] != "0closed" {
		t.Errorf("all closed: %v", got)
	}
	codes, err := h.service.InCart(ctx, h.manager, h.file.ID)
	if err != nil || len(codes) != 0 {
		t.Errorf("%v %v", err, codes)
	}
}
