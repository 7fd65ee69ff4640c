package plan

import (
	"context"
	"slices"
	"strings"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
)

// The words of the states, as the domain's glossary has them.
var (
	statusKeys = map[Status]string{
		Pending:     "plan.status.pending",
		InProgress:  "plan.status.in_progress",
		Confirmed:   "plan.status.confirmed",
		NotAchieved: "plan.status.not_achieved",
		Withdrawn:   "plan.status.withdrawn",
	}
	wayKeys = map[Agreement]string{
		Signed: "plan.way.signed",
		Phone:  "plan.way.phone",
		Video:  "plan.way.video",
		Mail:   "plan.way.mail",
	}
	agreementKeys = map[Agreement]string{
		Signed: "plan.agreed.signed",
		Phone:  "plan.agreed.phone",
		Video:  "plan.agreed.video",
		Mail:   "plan.agreed.mail",
	}
	pathKeys = map[Management]string{
		ToRSHDesk:    "plan.path.rsh",
		HomeVisit:    "plan.path.visit",
		SocialReport: "plan.path.report",
		Referral:     "plan.path.referral",
		InKind:       "plan.path.in_kind",
		InCash:       "plan.path.in_cash",
	}
	groupKeys = map[Management]string{
		ToRSHDesk:    "plan.group.rsh",
		HomeVisit:    "plan.group.visit",
		SocialReport: "plan.group.report",
		Referral:     "plan.group.referral",
		InKind:       "plan.group.in_kind",
		InCash:       "plan.group.in_cash",
	}
	approvalKeys = map[ApprovalState]map[ApprovalLevel]string{
		Waiting:  {ByHead: "plan.approval.waiting_head", ByDirector: "plan.approval.waiting_director"},
		Approved: {ByHead: "plan.approval.approved", ByDirector: "plan.approval.approved"},
		Rejected: {ByHead: "plan.approval.rejected", ByDirector: "plan.approval.rejected"},
	}
	requiresKeys = map[ApprovalLevel]string{
		ByHead:     "plan.approval.requires_head",
		ByDirector: "plan.approval.requires_director",
	}
)

// Text is the status in words, for rooms that tell of items.
func (s Status) Text(ctx context.Context) string { return statusText(ctx, s) }

func statusText(ctx context.Context, s Status) string { return i18n.T(ctx, statusKeys[s]) }

func amountText(ctx context.Context, a Amount) string {
	if !a.Known {
		return ""
	}
	return i18n.Money(ctx, a.Pesos)
}

// quantityText is "1 unidad", "3 × unidad": units are data of the catalogue, so
// they have no plural of ours.
func quantityText(ctx context.Context, quantity int64, unit string) string {
	times := " "
	if quantity != 1 && unit != "" {
		times = " × "
	}
	return strings.TrimSpace(i18n.Number(ctx, quantity) + times + unit)
}

// pathText says where an item goes from here: "→ Registro Social de Hogares ·
// solicitud"; of aid, what is given: "2 × unidad · en especie · $ 70.000".
func pathText(ctx context.Context, a *Agreed) string {
	path := i18n.T(ctx, pathKeys[a.Management()])
	if a.Benefit() {
		return joined(quantityText(ctx, a.Quantity, a.Unit), path, amountText(ctx, a.Amount))
	}
	return joined("→ "+a.Provider, path, amountText(ctx, a.Amount))
}

// joined puts the texts that are there in one line.
func joined(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), " · ")
}

// details are the lines that say what exactly was agreed.
func details(ctx context.Context, a *Agreed) []string {
	var list []string
	if a.MemberName != "" {
		list = append(list, i18n.Tf(ctx, "plan.for_member", map[string]any{"Name": a.MemberName}))
	}
	for _, f := range a.Fields {
		if f.Text != "" && f.Text == a.MemberName {
			continue // the member stands there already
		}
		list = append(list, fieldLabel(ctx, f)+": "+f.text())
	}
	return list
}

func fieldLabel(ctx context.Context, f FieldValue) string {
	if f.LabelKey != "" {
		return i18n.T(ctx, f.LabelKey)
	}
	return f.Label
}

func (f FieldValue) text() string {
	if f.Text != "" {
		return f.Text
	}
	return f.Value
}

func adviceTexts(ctx context.Context, list []Advice) []string {
	var texts []string
	for _, a := range list {
		texts = append(texts, a.words(ctx))
	}
	return texts
}

func (a Advice) words(ctx context.Context) string {
	day, _ := calendar.Parse(a.On) // it was written by us; blank shows no date
	args := map[string]any{"What": a.Text, "On": day.Chilean(), "Count": a.Days}
	switch a.Kind {
	case NotMet:
		return i18n.Tf(ctx, "plan.advice.not_met", args)
	case WithinInterval:
		return i18n.Tf(ctx, "plan.advice.within_interval", args)
	case AlreadyReceived:
		return i18n.Tf(ctx, "plan.advice.already_received", args)
	case Unavailable:
		return i18n.T(ctx, "plan.advice.unavailable")
	case NoSpots:
		return i18n.T(ctx, "plan.advice.no_spots")
	case ProtocolExpired:
		return i18n.Tf(ctx, "plan.advice.protocol_expired", args)
	case NotInProtocol:
		return i18n.Tf(ctx, "plan.advice.not_in_protocol", args)
	}
	return i18n.T(ctx, "plan.advice.not_in_catalogue")
}

func deliveredText(ctx context.Context, it *Item) string {
	if it.Delivery.On.IsZero() {
		return ""
	}
	return i18n.Tf(ctx, "plan.delivered", map[string]any{
		"On": i18n.Date(ctx, it.Delivery.On), "Quantity": quantityText(ctx, it.Delivery.Quantity, it.Unit), "Amount": i18n.Money(ctx, it.Delivery.Amount)})
}
