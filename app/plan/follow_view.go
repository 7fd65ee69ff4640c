package plan

import (
	"context"
	"slices"
	"strings"

	"gsl/app/access"
	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/referral"
	views "gsl/templates/plan"
	"gsl/templates/ui"
)

func (s *screen) referral(r *referral.Referral) *views.Referral {
	if r == nil {
		return nil
	}
	v := &views.Referral{Folio: r.Folio(), State: stateText(s.ctx, r), Open: r.State.Open(), Due: dueText(s.ctx, r), Answer: r.AnswerNote}
	if r.Overdue(s.today) {
		v.Overdue, v.Due = true, i18n.Tf(s.ctx, "plan.referral.overdue", map[string]any{"On": r.Due.Chilean()})
	}
	if r.Sees(s.who) {
		v.Href = "/referrals/" + r.ID
	}
	if key := actKey(r); key != "" && s.who.Can(access.ManagePlan) {
		v.Act = i18n.T(s.ctx, key)
	}
	return v
}

// actKey is what waits for the sender: to correct what came back, to see that a
// letter leaves.
func actKey(r *referral.Referral) string {
	switch {
	case r.State == referral.Returned:
		return "plan.referral.act_correct"
	case r.State == referral.Sent && r.ByLetter():
		return "plan.referral.act_letter"
	}
	return ""
}

// stateText is where the request is and who has it: "En gestión · María Soto".
func stateText(ctx context.Context, r *referral.Referral) string {
	text := referral.StateTag(ctx, r).Text
	switch r.State {
	case referral.Received, referral.InProgress, referral.Waiting:
		return joined(text, r.AssignedName)
	}
	return text
}

// dueText is the next day that matters, or the day of the answer.
func dueText(ctx context.Context, r *referral.Referral) string {
	switch r.State {
	case referral.Answered, referral.Closed:
		by := r.AnsweredByName
		if by == "" {
			by = i18n.T(ctx, "plan.by_system")
		}
		return i18n.Tf(ctx, "plan.referral.answered_on", map[string]any{"On": dayText(r.AnsweredAt), "By": by})
	case referral.Waiting:
		if r.DocumentsDue.IsZero() {
			return ""
		}
		return i18n.Tf(ctx, "plan.referral.documents_due", map[string]any{"On": r.DocumentsDue.Chilean()})
	case referral.Returned, referral.Cancelled:
		return ""
	}
	return i18n.Tf(ctx, "plan.referral.due", map[string]any{"On": r.Due.Chilean()})
}

// boxOfReferral completes the status box of an item that follows its referral.
func (s *screen) boxOfReferral(b *views.Box, it *Item, wanted Wanted) {
	if !it.follows() {
		return
	}
	b.Reason.MaxLength = 500 // what a step of a referral holds
	args := map[string]any{"Unit": it.Referral.UnitName}
	switch {
	case it.Referral.State == referral.Returned:
		b.Hint = i18n.T(s.ctx, "plan.referral.hint_returned")
	case !it.Referral.ByLetter():
		b.Hint = i18n.Tf(s.ctx, "plan.referral.hint_unit", args)
		b.Reason.Label = i18n.T(s.ctx, "plan.referral.withdraw_why")
	default:
		b.Hint = i18n.Tf(s.ctx, "plan.referral.hint_letter", args)
	}
	if !it.mayBecome(NotAchieved) {
		return
	}
	name := "outcome[" + it.ID + "]"
	b.Outcome = &ui.Input{Name: name, Label: i18n.T(s.ctx, "plan.answer"), Value: wanted.Outcome, Error: s.errs.Of(name)}
	for _, outcome := range referral.Outcomes {
		if isRefusal(outcome) {
			b.Outcomes = append(b.Outcomes, ui.Option{Value: string(outcome), Text: referral.OutcomeText(s.ctx, outcome)})
		}
	}
}

// actorText is who did something, as a history says it: people with their role,
// the program by itself, an institution that answered by its link.
func actorText(ctx context.Context, name, role string, roleName func(context.Context, string) string) string {
	switch role {
	case referral.SystemRole:
		return i18n.T(ctx, "plan.by_system")
	case referral.InstitutionRole:
		return joined(name, i18n.T(ctx, "plan.by_institution"))
	}
	return joined(name, roleName(ctx, role))
}

// sentText says who was told at checkout and by when they answer; of many, how
// many and when the first answer is promised. Blank when nobody was.
func sentText(ctx context.Context, p *Plan) string {
	var list []string
	var first calendar.Date
	sent := 0
	for i := range p.Items {
		r := p.Items[i].Referral
		if r == nil {
			continue
		}
		sent++
		if first.IsZero() || r.Due.Before(first) {
			first = r.Due
		}
		text := i18n.Tf(ctx, "plan.referral.promised", map[string]any{"Unit": r.UnitName, "On": r.Due.Chilean()})
		if !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	if len(list) > 2 {
		return i18n.Tf(ctx, "plan.referral.promised_many", map[string]any{"Count": sent, "On": first.Chilean()})
	}
	return strings.Join(list, "; ")
}
