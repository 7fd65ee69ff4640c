package plan

import (
	"strconv"
	"strings"
	"time"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// SaveForm is what the plan page sends: for each item what its box says.
type SaveForm struct {
	Version int64 // of the plan that the form was made from; 0: of the plan as it is
	Items   map[string]Wanted
}

// Wanted is what a worker chose for one item, as typed. The delivery counts
// only where aid becomes confirmed: absent is what was agreed, today.
type Wanted struct {
	Status      string
	Reason      string
	Outcome     string // of a letter whose answer is no: one of referral's, blank: not granted
	DeliveredOn *string
	Quantity    *string
	Amount      *string
}

// Clash is an item of which two operators chose different things.
type Clash struct {
	Item   *Item  // as it stands
	Mine   Wanted // what was sent
	Status Status // what Mine asks for
	Before Status // what the sender saw; "" when it is not known
	MayGo  bool   // Mine can still be applied
}

// changes reads what the form asks for, in the order of the plan. Items that
// stay as they are, are no change; nothing is applied yet.
func (p *Plan) changes(form SaveForm, today calendar.Date) ([]Item, []fault.Field) {
	if wrong := p.unknown(form); len(wrong) > 0 {
		return nil, wrong
	}
	var list []Item
	var wrong []fault.Field
	for i := range p.Items {
		wanted, sent := form.Items[p.Items[i].ID]
		if !sent {
			continue
		}
		it := p.Items[i]
		bad := it.become(wanted, p.firstDay(), today)
		wrong = append(wrong, bad...)
		if len(bad) == 0 && it.Status != p.Items[i].Status {
			list = append(list, it)
		}
	}
	return list, wrong
}

// firstDay is the earliest day of delivery that is no slip of the pen: aid is
// sometimes handed over before the paper follows, never a year before.
func (p *Plan) firstDay() calendar.Date { return calendar.On(p.CreatedAt).AddDays(-365) }

func statusField(id string) string { return "status[" + id + "]" }

// become gives the item the status that was chosen, if it may have it.
func (it *Item) become(wanted Wanted, first, today calendar.Date) []fault.Field {
	next := Status(wanted.Status)
	if next == it.Status {
		return nil
	}
	if !it.mayBecome(next) {
		return []fault.Field{it.refusal()}
	}
	reason, wrong := readText(wanted.Reason, "reason["+it.ID+"]", maxReason)
	if next.NeedsReason() && reason == "" {
		wrong = append(wrong, fault.Field{Name: "reason[" + it.ID + "]", Key: "plan.error.status_reason"})
	}
	if next == Confirmed && it.Benefit() {
		wrong = append(wrong, it.deliver(wanted, first, today)...)
	}
	it.Status, it.Reason = next, reason
	return wrong
}

// deliver reads what was handed over and asks whether the worker may confirm it.
func (it *Item) deliver(wanted Wanted, first, today calendar.Date) []fault.Field {
	on, quantity, amount := "delivered_on["+it.ID+"]", "quantity["+it.ID+"]", "amount["+it.ID+"]"
	it.Delivery = Delivery{On: today, Quantity: it.Quantity, Amount: it.Amount.Pesos}
	var wrong []fault.Field
	if wanted.DeliveredOn != nil {
		day, err := calendar.Parse(*wanted.DeliveredOn)
		if err != nil {
			wrong = append(wrong, fault.Field{Name: on, Key: "plan.error.date"})
		} else if today.Before(day) || day.Before(first) {
			wrong = append(wrong, fault.Field{Name: on, Key: "plan.error.date_range", Args: map[string]any{"From": first.Chilean(), "To": today.Chilean()}})
		}
		it.Delivery.On = day
	}
	wrong = append(wrong, readNumber(wanted.Quantity, 1, maxQuantity, &it.Delivery.Quantity, quantity, "plan.error.quantity")...)
	wrong = append(wrong, readNumber(wanted.Amount, 0, maxAmount, &it.Delivery.Amount, amount, "plan.error.amount")...)
	if len(wrong) == 0 {
		wrong = it.consent(amount)
	}
	return wrong
}

// consent reports that the amount is not the worker's to give.
func (it *Item) consent(field string) []fault.Field {
	switch limit := it.mayConfirmUpTo(); {
	case it.Approval.State == Rejected: // a smaller amount is a new agreement, not a way around the answer
		return []fault.Field{{Name: statusField(it.ID), Key: "plan.error.approval_rejected"}}
	case it.Delivery.Amount <= limit:
		return nil
	case it.Approval.State == Waiting:
		return []fault.Field{{Name: statusField(it.ID), Key: approvalMissing[it.Approval.Level]}}
	default:
		return []fault.Field{{Name: field, Key: "plan.error.above_limit", Args: map[string]any{"Count": limit}}}
	}
}

var approvalMissing = map[ApprovalLevel]string{
	ByHead:     "plan.error.approval_head",
	ByDirector: "plan.error.approval_director",
}

// readNumber reads digits with or without thousands points into n; nil leaves it.
func readNumber(typed *string, low, high int64, n *int64, name, key string) []fault.Field {
	if typed == nil {
		return nil
	}
	value, ok := parseNumber(*typed)
	if !ok || value < low || value > high {
		return []fault.Field{{Name: name, Key: key}}
	}
	*n = value
	return nil
}

// parseNumber reads "3", "35.000", "$ 35.000". A point that does not stand
// before three digits is no thousands point: 3.5 is not 35.
func parseNumber(s string) (int64, bool) {
	groups := strings.Split(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(s), "$")), ".")
	for i, group := range groups {
		if i > 0 && len(group) != 3 || i == 0 && len(groups) > 1 && (group == "" || len(group) > 3) {
			return 0, false
		}
	}
	digits := strings.Join(groups, "")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil
}

// clashes compares a stale form with the plan as it stands: what the form asks
// for and the plan does not already say. before is what the sender saw.
func (p *Plan) clashes(form SaveForm, before map[string]Status) []Clash {
	var list []Clash
	for i := range p.Items {
		it := &p.Items[i]
		wanted, sent := form.Items[it.ID]
		next := Status(wanted.Status)
		if !sent || next == it.Status {
			continue
		}
		if seen, known := before[it.ID]; known && seen == next {
			continue // the sender left this box alone
		}
		list = append(list, Clash{Item: it, Mine: wanted, Status: next, Before: before[it.ID],
			MayGo: !p.Closed && it.mayBecome(next)})
	}
	return list
}

// apply puts changed items into the plan and closes it when nothing is left to do.
func (p *Plan) apply(changed []Item, by string, now time.Time) {
	p.Version++
	p.ChangedAt = now
	for _, it := range changed {
		it.ChangedAt, it.ChangedByName, it.ChangedVersion = now, by, p.Version
		*p.Item(it.ID) = it
	}
	if p.Finished() {
		p.Closed, p.ClosedAt = true, now
	}
}

// unknown names what a form says of items or statuses that do not exist.
func (p *Plan) unknown(form SaveForm) []fault.Field {
	var wrong []fault.Field
	for id, wanted := range form.Items {
		if p.Item(id) == nil {
			wrong = append(wrong, fault.Field{Name: statusField(id), Key: "plan.error.not_of_plan"})
		} else if _, ok := ParseStatus(wanted.Status); !ok {
			wrong = append(wrong, fault.Field{Name: statusField(id), Key: "plan.error.status"})
		}
	}
	return wrong
}
