package plan

import (
	"testing"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
)

func TestTransitions(t *testing.T) {
	allowed := map[Status]map[Status]bool{
		Pending:    {InProgress: true, Confirmed: true, NotAchieved: true, Withdrawn: true},
		InProgress: {Pending: true, Confirmed: true, NotAchieved: true, Withdrawn: true},
	}
	for _, from := range Statuses {
		for _, to := range Statuses {
			if got := from.MayBecome(to); got != allowed[from][to] {
				t.Errorf("%s → %s allowed: %v", from, to, got)
			}
		}
	}
	for status, want := range map[Status][2]bool{ // finished, needs a reason
		Pending: {false, false}, InProgress: {false, false}, Confirmed: {true, false}, NotAchieved: {true, true}, Withdrawn: {true, true},
	} {
		if status.Finished() != want[0] || status.NeedsReason() != want[1] {
			t.Errorf("%s: finished %v, reason %v", status, status.Finished(), status.NeedsReason())
		}
	}
	for _, word := range []string{"", "open", "Pending", "confirmed ", "in_progress"} {
		if _, ok := ParseStatus(word); ok {
			t.Errorf("%q is no status", word)
		}
	}
}

// itemOf is an item of a category whose agreed amount is known.
func itemOf(category string, status Status, amount int64) Item {
	it := Item{ID: "i1", Agreed: Agreed{Category: category, Name: "Ítem", Quantity: 1, Amount: Pesos(amount)},
		Progress: Progress{Status: status, LimitAmount: DefaultThresholds.Worker}}
	it.Approval = newApproval(it.Agreed, DefaultThresholds)
	return it
}

// Every status of every category asked to become every other, with and without
// a reason.
func TestBecome(t *testing.T) {
	today := day("2026-11-21")
	for _, category := range []string{"A", "B", "C", "D", "E", "F"} {
		for _, from := range Statuses {
			for _, to := range Statuses {
				for _, reason := range []string{"", "  \n ", "la persona se mudó"} {
					it := itemOf(category, from, 35_000)
					wrong := it.become(Wanted{Status: string(to), Reason: reason}, today.AddDays(-365), today)
					wantOK := from == to || from.MayBecome(to) && (!to.NeedsReason() || reason == "la persona se mudó")
					if ok := len(wrong) == 0; ok != wantOK {
						t.Errorf("%s %s → %s with reason %q: %v", category, from, to, reason, wrong)
					}
					if delivered := !it.Delivery.On.IsZero(); wantOK && delivered != (it.Benefit() && to == Confirmed && from != to) {
						t.Errorf("%s %s → %s: delivered %v", category, from, to, it.Delivery)
					}
				}
			}
		}
	}
}

func TestDelivery(t *testing.T) {
	today, first := day("2026-11-21"), day("2025-11-21")
	for _, c := range []struct {
		name    string
		wanted  Wanted
		field   string // "" when it is accepted
		key     string
		deliver Delivery
	}{
		{"what was agreed, today", Wanted{}, "", "", Delivery{today, 1, 35_000}},
		{"as typed", Wanted{DeliveredOn: text("20-11-2026"), Quantity: text("2"), Amount: text("$ 70.000")}, "", "", Delivery{day("2026-11-20"), 2, 70_000}},
		{"nothing was paid", Wanted{Amount: text("0")}, "", "", Delivery{today, 1, 0}},
		{"blank date", Wanted{DeliveredOn: text("")}, "delivered_on[i1]", "plan.error.date", Delivery{}},
		{"no such day", Wanted{DeliveredOn: text("31-02-2026")}, "delivered_on[i1]", "plan.error.date", Delivery{}},
		{"tomorrow", Wanted{DeliveredOn: text("22-11-2026")}, "delivered_on[i1]", "plan.error.date_range", Delivery{}},
		{"the wrong century", Wanted{DeliveredOn: text("21-11-1926")}, "delivered_on[i1]", "plan.error.date_range", Delivery{}},
		{"blank quantity", Wanted{Quantity: text("")}, "quantity[i1]", "plan.error.quantity", Delivery{}},
		{"none", Wanted{Quantity: text("0")}, "quantity[i1]", "plan.error.quantity", Delivery{}},
		{"too many", Wanted{Quantity: text("1000")}, "quantity[i1]", "plan.error.quantity", Delivery{}},
		{"half", Wanted{Quantity: text("1,5")}, "quantity[i1]", "plan.error.quantity", Delivery{}},
		{"blank amount", Wanted{Amount: text(" ")}, "amount[i1]", "plan.error.amount", Delivery{}},
		{"negative", Wanted{Amount: text("-5")}, "amount[i1]", "plan.error.amount", Delivery{}},
		{"cents", Wanted{Amount: text("35.00")}, "amount[i1]", "plan.error.amount", Delivery{}},
		{"words", Wanted{Amount: text("mucho")}, "amount[i1]", "plan.error.amount", Delivery{}},
		{"over a hundred million", Wanted{Amount: text("100000001")}, "amount[i1]", "plan.error.amount", Delivery{}},
		{"more than the worker may", Wanted{Amount: text("150001")}, "amount[i1]", "plan.error.above_limit", Delivery{}},
	} {
		it := itemOf("E", Pending, 35_000)
		wanted := c.wanted
		wanted.Status = string(Confirmed)
		wrong := it.become(wanted, first, today)
		if c.field == "" {
			if len(wrong) > 0 || it.Delivery != c.deliver {
				t.Errorf("%s: %v %v", c.name, wrong, it.Delivery)
			}
			continue
		}
		if len(wrong) != 1 || wrong[0].Name != c.field || wrong[0].Key != c.key {
			t.Errorf("%s: %v", c.name, wrong)
		}
	}
}

func TestApprovalLevels(t *testing.T) {
	limits := Thresholds{Worker: 150_000, Head: 1_000_000}
	for _, c := range []struct {
		category string
		amount   int64
		want     Approval
	}{
		{"E", 0, Approval{}}, {"E", 150_000, Approval{}},
		{"E", 150_001, Approval{State: Waiting, Level: ByHead}}, {"F", 1_000_000, Approval{State: Waiting, Level: ByHead}},
		{"F", 1_000_001, Approval{State: Waiting, Level: ByDirector}}, {"E", 100_000_000, Approval{State: Waiting, Level: ByDirector}},
		{"A", 5_000_000, Approval{}}, {"D", 5_000_000, Approval{}},
	} {
		if got := newApproval(Agreed{Category: c.category, Amount: Pesos(c.amount)}, limits); got != c.want {
			t.Errorf("%s of %d: %v, want %v", c.category, c.amount, got, c.want)
		}
	}
}

// Who may decide what, for every role of the municipality.
func TestDecideByRole(t *testing.T) {
	type may struct{ head, director bool }
	for role, want := range map[[2]string]may{
		{access.FrontDesk, access.SocialUnit}: {}, {access.RSHDesk, access.RSHUnit}: {}, {access.SubsidiesDesk, access.SubsidiesUnit}: {},
		{access.CaseManager, access.SocialUnit}: {}, {access.Counterpart, ""}: {}, {access.TechnicalAssistant, ""}: {}, {access.NationalAdmin, ""}: {},
		{access.UnitHead, access.SocialUnit}: {head: true}, {access.UnitHead, access.FamiliesUnit}: {head: true},
		{access.UnitHead, access.RSHUnit}: {}, {access.Director, ""}: {head: true, director: true},
	} {
		who := actor.Actor{UserID: "u", Role: role[0], UnitID: role[1], Permissions: access.PermissionsOf(role[0], role[1])}
		if got := (may{mayDecide(who, ByHead, role[1]), mayDecide(who, ByDirector, role[1])}); got != want {
			t.Errorf("%v: %v, want %v", role, got, want)
		}
		// On a plan of another unit nobody decides but the director.
		if got := (may{mayDecide(who, ByHead, "other"), mayDecide(who, ByDirector, "other")}); got != (may{want.director, want.director}) {
			t.Errorf("%v on another unit's plan: %v", role, got)
		}
	}
}

// An approval opens exactly what was agreed.
func TestConsent(t *testing.T) {
	today := day("2026-11-21")
	for _, c := range []struct {
		state  ApprovalState
		amount string
		key    string
	}{
		{Waiting, "250000", "plan.error.approval_head"}, {Waiting, "150000", ""}, {Rejected, "250000", "plan.error.approval_rejected"},
		{Rejected, "150000", "plan.error.approval_rejected"}, {Rejected, "0", "plan.error.approval_rejected"},
		{Approved, "250000", ""}, {Approved, "250001", "plan.error.above_limit"}, {Approved, "200000", ""},
	} {
		it := itemOf("F", InProgress, 250_000)
		it.Approval.State = c.state
		wrong := it.become(Wanted{Status: string(Confirmed), Amount: text(c.amount)}, today.AddDays(-9), today)
		if key := first(wrong); key != c.key {
			t.Errorf("%s, %s: %q, want %q", c.state, c.amount, key, c.key)
		}
	}
}

func TestFolio(t *testing.T) {
	for want, p := range map[string]Plan{"2026-0184": {Year: 2026, Number: 184}, "2026-12345": {Year: 2026, Number: 12345}, "2027-0001": {Year: 2027, Number: 1}} {
		if got := p.Folio(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestParseNumber(t *testing.T) {
	for in, want := range map[string]int64{"0": 0, "35000": 35000, "35.000": 35000, "$ 1.035.000": 1035000, " 7 ": 7, "007": 7} {
		if n, ok := parseNumber(in); !ok || n != want {
			t.Errorf("%q is %d %v", in, n, ok)
		}
	}
	for _, in := range []string{"", " ", "$", "3.5", "35.00", "1234.567", ".500", "-1", "+1", "1e3", "１２", "99999999999999999999", "35,000", "1..000"} {
		if n, ok := parseNumber(in); ok {
			t.Errorf("%q must be refused, it is %d", in, n)
		}
	}
}

func first(wrong []fault.Field) string {
	if len(wrong) == 0 {
		return ""
	}
	return wrong[0].Key
}
