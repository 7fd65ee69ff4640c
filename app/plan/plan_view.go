package plan

import (
	"context"
	"strconv"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/templates/layout"
	views "gsl/templates/plan"
	"gsl/templates/ui"
)

func dayText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return calendar.On(t).Chilean()
}

// screen makes views of plans for one reader at one time.
type screen struct {
	ctx   context.Context
	who   actor.Actor
	today calendar.Date
	form  SaveForm // what was typed, when it was refused
	errs  ui.Errors
}

func (s *screen) plan(shown *Shown, alone bool) views.Plan {
	p := &shown.Plan
	v := views.Plan{ID: p.ID, FileID: p.FileID, Circle: "open", Alone: alone, Version: strconv.FormatInt(p.Version, 10),
		Folio: i18n.Tf(s.ctx, "plan.number", map[string]any{"Folio": p.Folio()}), Errors: s.errs,
		PDF: "/plans/" + p.ID + ".pdf", Action: "/plans/" + p.ID + "/items", Summary: s.summary(p)}
	v.Meta = i18n.Tf(s.ctx, "plan.meta", map[string]any{"On": dayText(p.CreatedAt), "By": p.CreatedByName, "Agreed": i18n.T(s.ctx, agreementKeys[p.Agreed])})
	if p.Closed {
		v.Circle, v.ClosedOn = "closed", i18n.Tf(s.ctx, "plan.closed_on", map[string]any{"On": dayText(p.ClosedAt)})
	}
	v.Edits = !p.Closed && s.who.Can(access.ManagePlan)
	if p.Closed && s.who.Can(access.ManageCart) {
		v.NewPlan = "/files/" + p.FileID + "/cart"
	}
	for i := range p.Items {
		item := s.item(p, &p.Items[i], v.Edits)
		if item.Approval.Decide != nil {
			v.Decisions = append(v.Decisions, *item.Approval.Decide)
		}
		v.Items = append(v.Items, item)
	}
	if shown.Previous != nil {
		v.Previous = planLink(s.ctx, shown.Previous, "plan.previous")
	}
	for i := range shown.Next {
		v.Next = append(v.Next, *planLink(s.ctx, &shown.Next[i], "plan.next"))
	}
	v.History = s.history(p, shown.History)
	return v
}

func (s *screen) summary(p *Plan) views.Summary {
	var v views.Summary
	for i := range p.Items {
		switch it := &p.Items[i]; it.Status {
		case InProgress:
			v.Pending = append(v.Pending, it.Name+" · "+statusText(s.ctx, it.Status))
		case Pending:
			v.Pending = append(v.Pending, it.Name)
		case Confirmed:
			v.Confirmed = append(v.Confirmed, it.Name)
		default:
			v.Ended = append(v.Ended, it.Name+" · "+statusText(s.ctx, it.Status))
		}
	}
	v.PendingTitle = i18n.Tf(s.ctx, "plan.pending", map[string]any{"Count": len(v.Pending)})
	v.ConfirmedTitle = i18n.Tf(s.ctx, "plan.confirmed", map[string]any{"Count": len(v.Confirmed)})
	v.EndedTitle = i18n.Tf(s.ctx, "plan.ended", map[string]any{"Count": len(v.Ended)})
	return v
}

func (s *screen) item(p *Plan, it *Item, edits bool) views.Item {
	v := views.Item{ID: it.ID, Status: string(it.Status), Category: it.Category, Name: it.Name, Details: s.details(it),
		Note: it.Note, Advice: adviceTexts(s.ctx, it.Advice), Reason: it.OverrideReason, Provider: it.Provider,
		Path: i18n.T(s.ctx, groupKeys[it.Management()]), Amount: amountText(s.ctx, it.Amount), Changed: dayText(it.ChangedAt),
		ChangedBy: it.ChangedByName, StatusText: statusText(s.ctx, it.Status), Why: it.Reason, Delivered: deliveredText(s.ctx, it)}
	if v.ChangedBy == "" {
		v.ChangedBy = i18n.T(s.ctx, "plan.by_system")
	}
	if it.Made != nil {
		v.Made = &views.Product{Text: it.Made.Text, Href: it.Made.Href, Icon: it.Made.Icon}
	}
	v.Approval, v.Referral = s.approval(it, p.Unit), s.referral(it.Referral)
	if edits && !it.Status.Finished() {
		box := s.box(it)
		v.Box = &box
	}
	return v
}

// details say what exactly was agreed; of aid, how much of it first.
func (s *screen) details(it *Item) []string {
	list := details(s.ctx, &it.Agreed)
	if it.Benefit() {
		list = append([]string{quantityText(s.ctx, it.Quantity, it.Unit)}, list...)
	}
	return list
}

// box is the status box: what was typed when the form came back, else what is.
func (s *screen) box(it *Item) views.Box {
	wanted, again := s.form.Items[it.ID]
	if !again {
		wanted.Status = string(it.Status)
	}
	status, reason := statusField(it.ID), "reason["+it.ID+"]"
	b := views.Box{
		Status: ui.Input{Name: status, Label: i18n.Tf(s.ctx, "plan.status_of", map[string]any{"Name": it.Name}), Value: wanted.Status, Error: s.errs.Of(status)},
		Reason: ui.Input{Name: reason, Label: i18n.T(s.ctx, "plan.reason_label"), Value: wanted.Reason, Rows: 2, MaxLength: maxReason, Error: s.errs.Of(reason)},
	}
	for _, next := range Statuses {
		if next == it.Status || it.mayBecome(next) {
			b.Options = append(b.Options, ui.Option{Value: string(next), Text: statusText(s.ctx, next)})
		}
	}
	if it.Benefit() {
		b.Delivery = s.delivery(it, wanted)
	}
	s.boxOfReferral(&b, it, wanted)
	return b
}

func (s *screen) delivery(it *Item, wanted Wanted) []ui.Input {
	in := func(name, key, kind, value string, typed *string) ui.Input {
		full := name + "[" + it.ID + "]"
		if typed != nil {
			value = *typed
		}
		return ui.Input{Name: full, Label: i18n.T(s.ctx, key), Type: kind, Value: value, Error: s.errs.Of(full)}
	}
	return []ui.Input{
		in("delivered_on", "plan.delivered_on", "date", s.today.Chilean(), wanted.DeliveredOn),
		in("quantity", "plan.quantity", "number", strconv.FormatInt(it.Quantity, 10), wanted.Quantity),
		in("amount", "plan.amount", "money", i18n.Number(s.ctx, it.Amount.Pesos), wanted.Amount),
	}
}

func (s *screen) approval(it *Item, unit string) views.Approval {
	a := it.Approval
	if a.State == NoApproval {
		return views.Approval{}
	}
	v := views.Approval{State: string(a.State), Text: i18n.T(s.ctx, approvalKeys[a.State][a.Level])}
	if a.State != Waiting {
		v.Detail = i18n.Tf(s.ctx, "plan.approval.by", map[string]any{"Name": a.ByName, "On": dayText(a.At)})
		if a.Reason != "" {
			v.Detail += ": " + a.Reason
		}
	}
	if !it.Status.Finished() && mayDecide(s.who, a.Level, unit) {
		d := s.decide(it, backToPlan)
		v.Decide = &d
	}
	return v
}

// The pages that a decision may lead back to.
const (
	backToPlan      = "plan"
	backToApprovals = "approvals"
)

func (s *screen) decide(it *Item, back string) views.Decide {
	base := "/plans/" + it.PlanID + "/items/" + it.ID
	return views.Decide{ItemID: it.ID, Approve: base + "/approve", Reject: base + "/reject", Back: back,
		CanYes: it.Approval.State != Approved, CanNo: it.Approval.State != Rejected,
		Reason: ui.Input{Name: "reason", ID: "f-reject-" + it.ID, Label: i18n.T(s.ctx, "plan.reject_why"), Rows: 2, MaxLength: maxReason,
			Attrs: map[string]any{"form": "reject-" + it.ID}}}
}

func (s *screen) history(p *Plan, entries []Entry) []views.Entry {
	list := make([]views.Entry, 0, len(entries))
	for i := len(entries) - 1; i >= 0; i-- { // newest first: what people look for
		e := &entries[i]
		v := views.Entry{At: i18n.DateTime(s.ctx, e.At), By: actorText(s.ctx, e.Name, e.Role, layout.RoleName), What: i18n.T(s.ctx, "plan.title"), Reason: e.Reason}
		if it := p.Item(e.ItemID); it != nil {
			v.What = it.Name
		}
		v.Change = s.change(e)
		switch {
		case e.What == aboutPlan && e.Became == "open":
			v.Reason = ""
			v.Change += " · " + i18n.T(s.ctx, agreementKeys[Agreement(e.Reason)])
		case e.What == aboutApproval && e.Became == string(Waiting):
			v.Reason = ""
		}
		list = append(list, v)
	}
	return list
}

var changeKeys = map[string]string{
	"plan open":         "plan.change.opened",
	"plan closed":       "plan.change.closed",
	"approval approved": "plan.change.approved",
	"approval rejected": "plan.change.rejected",
	"approval waiting":  "plan.change.waiting",
}

func (s *screen) change(e *Entry) string {
	if key, ok := changeKeys[e.What+" "+e.Became]; ok {
		return i18n.T(s.ctx, key)
	}
	became := statusText(s.ctx, Status(e.Became))
	switch {
	case e.Was == e.Became && e.Reason == "": // returned, and sent again
		return i18n.T(s.ctx, "plan.change.resent")
	case e.Was == "" || e.Was == e.Became:
		return became
	}
	return statusText(s.ctx, Status(e.Was)) + " → " + became
}

func (s *screen) plans(fileID string, list []Shown, cartLines int) views.Plans {
	v := views.Plans{FileID: fileID, HasCart: cartLines > 0}
	if s.who.Can(access.ManageCart) {
		v.CartHref = "/files/" + fileID + "/cart"
	}
	expanded := Expanded(list)
	for i := range list {
		if i == expanded {
			plan := s.plan(&list[i], true)
			v.Expanded = &plan
			continue
		}
		v.Others = append(v.Others, s.row(&list[i].Plan))
	}
	return v
}

func (s *screen) row(p *Plan) views.Row {
	row := views.Row{Href: "/plans/" + p.ID, Folio: p.Folio(), Circle: "open", Made: dayText(p.CreatedAt) + " · " + p.CreatedByName}
	if p.Closed {
		row.Circle, row.Closed = "closed", dayText(p.ClosedAt)
	}
	pending, confirmed := p.Count()
	if pending > 0 {
		row.Pending = i18n.Tf(s.ctx, "plan.pending", map[string]any{"Count": pending})
	}
	if confirmed > 0 {
		row.Confirmed = i18n.Tf(s.ctx, "plan.confirmed", map[string]any{"Count": confirmed})
	}
	return row
}

// conflict sets two versions side by side. What else the form held goes along,
// so that choosing "mine" saves it too.
func (s *screen) conflict(saved *Saved) views.Conflict {
	p := &saved.Plan
	v := views.Conflict{PlanID: p.ID, Folio: i18n.Tf(s.ctx, "plan.number", map[string]any{"Folio": p.Folio()}), Closed: p.Closed,
		Version: strconv.FormatInt(p.Version, 10), Action: "/plans/" + p.ID + "/items", Keep: "/plans/" + p.ID}
	for i := range saved.Clashes {
		c := &saved.Clashes[i]
		v.Rows = append(v.Rows, s.clash(c))
		v.MayGo = v.MayGo || c.MayGo
		v.Hidden = append(v.Hidden, hidden(c)...)
	}
	return v
}

func (s *screen) clash(c *Clash) views.Clash {
	it := c.Item
	by := i18n.Tf(s.ctx, "plan.conflict.by", map[string]any{"Name": it.ChangedByName, "At": i18n.DateTime(s.ctx, it.ChangedAt)})
	if it.Status == c.Before {
		by = i18n.T(s.ctx, "plan.conflict.untouched")
	}
	return views.Clash{ID: it.ID, Category: it.Category, Name: it.Name, MayGo: c.MayGo,
		Theirs: statusText(s.ctx, it.Status), TheirsValue: string(it.Status), TheirsReason: it.Reason,
		TheirsBy: by, Mine: statusText(s.ctx, c.Status), MineValue: string(c.Status), MineReason: c.Mine.Reason}
}

func hidden(c *Clash) []views.Hidden {
	list := []views.Hidden{{Name: "reason[" + c.Item.ID + "]", Value: c.Mine.Reason}}
	if c.Mine.Outcome != "" {
		list = append(list, views.Hidden{Name: "outcome[" + c.Item.ID + "]", Value: c.Mine.Outcome})
	}
	for name, value := range map[string]*string{"delivered_on": c.Mine.DeliveredOn, "quantity": c.Mine.Quantity, "amount": c.Mine.Amount} {
		if value != nil {
			list = append(list, views.Hidden{Name: name + "[" + c.Item.ID + "]", Value: *value})
		}
	}
	return list
}

func (s *screen) approvals(list []Request, more bool) views.Approvals {
	v := views.Approvals{More: more}
	for i := range list {
		p, it := &list[i].Plan, &list[i].Item
		v.Rows = append(v.Rows, views.ApprovalRow{ID: it.ID, Since: dayText(p.CreatedAt), Person: p.PersonName, Number: p.PersonDocument,
			Plan: i18n.Tf(s.ctx, "plan.number", map[string]any{"Folio": p.Folio()}), PlanHref: "/plans/" + p.ID, Category: it.Category, Name: it.Name,
			Amount: amountText(s.ctx, it.Amount), By: p.CreatedByName + " · " + p.UnitName, Level: i18n.T(s.ctx, approvalKeys[Waiting][it.Approval.Level]),
			Reason: it.OverrideReason, Decide: s.decide(it, backToApprovals)})
	}
	if sameLevel(list) { // said of all, it says nothing
		for i := range v.Rows {
			v.Rows[i].Level = ""
		}
	}
	return v
}

func sameLevel(list []Request) bool {
	for i := range list {
		if list[i].Item.Approval.Level != list[0].Item.Approval.Level {
			return false
		}
	}
	return true
}
