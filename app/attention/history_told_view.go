package attention

import (
	"context"

	"gsl/app/benefit"
	"gsl/app/casework"
	"gsl/app/kit/i18n"
	"gsl/app/plan"
	"gsl/app/referral"
	views "gsl/templates/attention"
)

// kindKeys and kindIcons are the filter of the history.
var kindKeys = map[Kind]string{
	AnyKind:       "history.kind.any",
	AttentionKind: "history.kind.attention",
	ReferralKind:  "history.kind.referral",
	PlanKind:      "history.kind.plan",
	BenefitKind:   "history.kind.benefit",
	CaseKind:      "history.kind.case",
	DiagnosisKind: "history.kind.diagnosis",
	NoteKind:      "history.kind.note",
	VisitKind:     "history.kind.visit",
	ReportKind:    "history.kind.report",
	ChangeKind:    "history.kind.change",
	ViewKind:      "history.kind.view",
}

var kindIcons = map[Kind]string{
	AnyKind:       "list-ul",
	AttentionKind: "chat-dots",
	ReferralKind:  "arrow-left-right",
	PlanKind:      "clipboard-check",
	BenefitKind:   "box-seam",
	CaseKind:      "person-check",
	DiagnosisKind: "clipboard2-pulse",
	NoteKind:      "journal-text",
	VisitKind:     "house-door",
	ReportKind:    "file-earmark-text",
	ChangeKind:    "pencil-square",
	ViewKind:      "eye",
}

// wordKeys say what a line of another room is about.
var wordKeys = map[Kind]string{
	DiagnosisKind: "history.word.diagnosis",
	NoteKind:      "history.word.note",
	VisitKind:     "history.word.visit",
	ReportKind:    "history.word.report",
}

// historyHref is the address of a page of the history.
func historyHref(address string, kind Kind, before string) string {
	sign := "?"
	if kind != AnyKind {
		address += "?kind=" + string(kind)
		sign = "&"
	}
	if before != "" {
		address += sign + "before=" + before
	}
	return address
}

// presentTold puts a line of another room into words.
func presentTold(ctx context.Context, t *Told, v *views.Event) {
	v.Kind, v.Icon = string(t.Kind), kindIcons[t.Kind]
	switch {
	case t.Referral != nil:
		presentToldReferral(ctx, t.Referral, v)
	case t.Plan != nil:
		presentToldPlan(ctx, t.Plan, v)
	case t.Benefit != nil:
		presentToldBenefit(ctx, t.Benefit, v)
	case t.Line != nil:
		presentLine(ctx, t, v)
	default:
		presentToldCase(ctx, t.Case, v)
	}
}

func presentLine(ctx context.Context, t *Told, v *views.Event) {
	v.Word, v.What, v.Detail, v.Href = i18n.T(ctx, wordKeys[t.Kind]), t.Line.What, t.Line.Detail, t.Line.Href
	if t.Line.Day {
		v.At = ""
	}
}

func presentToldReferral(ctx context.Context, r *referral.Referral, v *views.Event) {
	v.Word, v.Href = i18n.T(ctx, "history.word.referral"), "/referrals/"+r.ID
	v.What = i18n.Tf(ctx, "history.referral", map[string]any{"Folio": r.Folio(), "Name": r.Name})
	state := referral.StateText(ctx, r.State)
	if r.Outcome != "" {
		state += " · " + referral.OutcomeText(ctx, r.Outcome)
	}
	v.Detail = append(v.Detail, i18n.Tf(ctx, "history.referral_to", map[string]any{"Unit": r.UnitName, "State": state}))
	if r.Reason != "" {
		v.Detail = append(v.Detail, i18n.Tf(ctx, "attention.detail.reason", map[string]any{"Text": r.Reason}))
	}
}

func presentToldPlan(ctx context.Context, p *plan.Plan, v *views.Event) {
	v.Word, v.Href = i18n.T(ctx, "history.word.plan"), "/plans/"+p.ID
	v.What = i18n.Tf(ctx, "history.plan", map[string]any{"Folio": p.Folio()})
	state := i18n.T(ctx, "history.plan_open")
	if p.Closed {
		state = i18n.Tf(ctx, "history.plan_closed", map[string]any{"Date": i18n.DateTime(ctx, p.ClosedAt)})
	}
	v.Detail = append(v.Detail, state)
	for i := range p.Items {
		v.Detail = append(v.Detail, p.Items[i].Name+" · "+statusText(ctx, string(p.Items[i].Status)))
	}
}

func presentToldBenefit(ctx context.Context, g *benefit.Grant, v *views.Event) {
	v.Word, v.What, v.At = i18n.T(ctx, "history.word.benefit"), g.Name, ""
	if g.Amount > 0 {
		v.Detail = append(v.Detail, i18n.Money(ctx, g.Amount))
	}
	if g.Decree != "" {
		v.Detail = append(v.Detail, i18n.Tf(ctx, "history.decree", map[string]any{"Number": g.Decree}))
	}
}

func presentToldCase(ctx context.Context, e *casework.Entry, v *views.Event) {
	v.Word = i18n.T(ctx, "history.word.case")
	reason := e.Reason
	switch {
	case e.What == "closed":
		v.What, reason = i18n.T(ctx, "history.case_closed"), casework.EndingText(ctx, casework.Ending(e.Reason))
	case e.What == "reopened":
		v.What = i18n.Tf(ctx, "history.case_reopened", map[string]any{"Name": e.Became})
	case e.Became == "":
		v.What = i18n.T(ctx, "history.case_waits")
	case e.Was == "":
		v.What = i18n.Tf(ctx, "history.case_taken", map[string]any{"Name": e.Became})
	default:
		v.What = i18n.Tf(ctx, "history.case_moved", map[string]any{"From": e.Was, "Name": e.Became})
	}
	if reason != "" {
		v.Detail = append(v.Detail, i18n.Tf(ctx, "attention.detail.reason", map[string]any{"Text": reason}))
	}
	v.By = byWhom(ctx, e.By, e.Role)
}
