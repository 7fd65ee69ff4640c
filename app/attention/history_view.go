package attention

import (
	"context"
	"strings"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/referral"
	views "gsl/templates/attention"
	"gsl/templates/layout"
)

// presentHistory puts a page of the history into words. Each day has its heading.
func presentHistory(ctx context.Context, past *Past, later bool) *views.History {
	address := "/files/" + past.File.ID + "/history"
	v := &views.History{Ask: "/files/" + past.File.ID + "/requests/new", Intro: i18n.T(ctx, "history.intro"), Note: i18n.T(ctx, "attention.history.views_of"), Filtered: past.Kind != AnyKind}
	for _, kind := range past.Kinds {
		v.Kinds = append(v.Kinds, views.Kind{Text: i18n.T(ctx, kindKeys[kind]), Icon: kindIcons[kind], Href: historyHref(address, kind, ""), Current: kind == past.Kind})
	}
	if past.Views {
		v.Intro, v.Note = i18n.T(ctx, "history.intro_views"), ""
	}
	if past.Older != "" {
		v.Older = historyHref(address, past.Kind, past.Older)
	}
	if later {
		v.Newest = historyHref(address, past.Kind, "")
	}
	var day calendar.Date
	for i := range past.Events {
		e := presentEvent(ctx, &past.Events[i])
		if on := calendar.On(past.Events[i].At); on != day {
			day, e.Day = on, i18n.Date(ctx, on)
		}
		v.Events = append(v.Events, e)
	}
	return v
}

func presentEvent(ctx context.Context, e *Event) views.Event {
	v := views.Event{At: i18n.Clock(ctx, e.At), By: e.By}
	switch {
	case e.Attention != nil:
		presentAttention(ctx, e.Attention, &v)
	case e.Told != nil:
		presentTold(ctx, e.Told, &v)
	case e.View != nil:
		v.Kind, v.Word = "view", i18n.T(ctx, "attention.history.viewed")
		v.Icon = "eye"
		v.What = pageText(ctx, e.View.Action)
		if e.Times > 1 {
			v.What += " · " + count(ctx, "attention.times", e.Times)
		}
		v.By = byWhom(ctx, e.By, e.View.Role)
	default:
		v.Kind, v.Icon, v.Word = "change", "pencil-square", i18n.T(ctx, "attention.history.changed")
		v.What, v.Detail = changeText(ctx, e.Change.Action, e.Change.Detail), details(ctx, e)
		if e.Times > 1 {
			v.What += " · " + count(ctx, "attention.times", e.Times)
		}
		v.By = byWhom(ctx, e.By, e.Change.Role)
	}
	return v
}

func presentAttention(ctx context.Context, a *Attention, v *views.Event) {
	v.Kind, v.Icon, v.Word = "attention", "chat-dots", i18n.T(ctx, "attention.history.attended")
	v.What = i18n.T(ctx, "attention.history.attended") + " · " + deskName(ctx, *a)
	if a.Topic != "" {
		v.What += " · " + a.Topic
	}
	text := stateText(ctx, a.State)
	if a.Outcome != "" {
		text += " · " + outcomeText(ctx, a.Outcome)
	}
	v.Detail, v.Href = []string{text}, "/attentions/"+a.ID
	if a.State == Open {
		v.Href += "/finish"
	}
}

// byWhom is a name and the role it had; the role alone when the roster does not
// know the name any more.
func byWhom(ctx context.Context, name, role string) string {
	switch {
	case name == "" && (role == "" || role == referral.SystemRole):
		return i18n.T(ctx, "attention.system")
	case name == "":
		return layout.RoleName(ctx, role)
	}
	return name
}

// pageKeys are the pages of a file as the trail of views names them.
var pageKeys = map[string]string{
	"approvals":       "attention.page.approvals",
	"attention":       "attention.page.attention",
	"attention.pdf":   "attention.page.attention_pdf",
	"cart":            "attention.page.cart",
	"catalogue":       "attention.page.catalogue",
	"checkout":        "attention.page.checkout",
	"case":            "casework.page",
	"cases.csv":       "casework.page_export",
	"notes":           "history.page.notes",
	"history":         "attention.page.history",
	"lookup":          "attention.page.lookup",
	"person":          "attention.page.person",
	"plan":            "attention.page.plan",
	"plan.pdf":        "attention.page.plan_pdf",
	"screening":       "attention.page.screening",
	"referral":        "history.page.referral",
	"referral.new":    "history.page.referral_new",
	"referral.pdf":    "history.page.referral_pdf",
	"referrals":       "history.page.referrals",
	"merge":           "history.page.merge",
	"merges":          "history.page.merge",
	"document":        "history.page.document",
	"documents":       "history.page.documents",
	"answer":          "history.page.answer",
	"waiting":         "history.page.waiting",
	"glass":           "people.page.glass",
	"restriction":     "people.page.restriction",
	"restricted":      "people.page.restriction",
	"request":         "trail.page.request",
	"request.pdf":     "trail.page.request",
	"requests":        "trail.page.requests",
	"package":         "trail.page.package",
	"trail":           "trail.page.trail",
	"trail.pdf":       "trail.page.trail_pdf",
	"followups":       "agenda.page",
	"visits":          "visit.page.visits",
	"visit":           "visit.page.visit",
	"visit.new":       "visit.page.form",
	"visit.edit":      "visit.page.form",
	"visit.record":    "visit.page.record",
	"visit.sheet":     "visit.page.sheet",
	"diagnosis":       "diagnosis.page.diagnosis",
	"diagnosis.one":   "diagnosis.page.diagnosis",
	"ecomap":          "diagnosis.page.ecomap",
	"goals":           "diagnosis.page.goals",
	"report":          "history.page.report",
	"report.pdf":      "history.page.report_pdf",
	"report.sign":     "history.page.report_sign",
	"reports":         "history.page.reports",
	"reports.waiting": "history.page.reports_waiting",
}

func pageText(ctx context.Context, page string) string {
	if key, ok := pageKeys[page]; ok {
		return i18n.T(ctx, key)
	}
	return i18n.T(ctx, "attention.page.other")
}

// actionKeys are the changes of a file as the trail of changes names them.
var actionKeys = map[string]string{
	"attention.discard":   "attention.action.attention_discard",
	"attention.explain":   "attention.action.attention_explain",
	"attention.finish":    "attention.action.attention_finish",
	"attention.reopen":    "attention.action.attention_reopen",
	"attention.save":      "attention.action.attention_save",
	"attention.take_back": "attention.action.attention_take_back",
	"cart.add":            "attention.action.cart_add",
	"cart.edit":           "attention.action.cart_edit",
	"cart.remove":         "attention.action.cart_remove",
	"cart.restore":        "attention.action.cart_restore",
	"case.assign":         "casework.action.assign",
	"case.open":           "casework.action.open",
	"case.close":          "casework.action.close",
	"note.add":            "history.action.note_add",
	"note.amend":          "history.action.note_amend",
	"people.file_opened":  "attention.action.file_opened",
	"people.identified":   "attention.action.identified",
	"plan.approve":        "attention.action.plan_approve",
	"plan.close":          "attention.action.plan_close",
	"plan.create":         "attention.action.plan_create",
	"plan.item_status":    "attention.action.plan_item_status",
	"plan.reject":         "attention.action.plan_reject",
	"screening.kept":      "attention.action.screening_kept",

	"diagnosis.start":    "diagnosis.action.start",
	"diagnosis.complete": "diagnosis.action.complete",
	"diagnosis.discard":  "diagnosis.action.discard",
	"ecomap.add":         "diagnosis.action.ecomap",
	"ecomap.change":      "diagnosis.action.ecomap",
	"ecomap.remove":      "diagnosis.action.ecomap",
	"ecomap.restore":     "diagnosis.action.ecomap",
	"goal.add":           "diagnosis.action.goal",
	"goal.change":        "diagnosis.action.goal",
	"commitment.add":     "diagnosis.action.commitment",
	"commitment.change":  "diagnosis.action.commitment",

	"attention.ticket_add":  "history.action.ticket_add",
	"document.add":          "history.action.document_add",
	"request.receive":       "trail.action.request_receive",
	"request.note":          "trail.action.request_note",
	"request.package":       "trail.action.request_package",
	"request.answer":        "trail.action.request_answer",
	"document.change":       "history.action.document_change",
	"document.remove":       "history.action.document_remove",
	"document.restore":      "history.action.document_restore",
	"restriction.mark":      "people.action.mark",
	"restriction.lift":      "people.action.lift",
	"restriction.open":      "people.action.open",
	"restriction.shut":      "people.action.shut",
	"restriction.review":    "people.action.review",
	"people.merge_proposed": "history.action.merge_proposed",
	"people.merge_declined": "history.action.merge_declined",
	"people.merged":         "history.action.merged",
	"people.merge_undone":   "history.action.merge_undone",
	"referral.answer":       "history.action.referral_answer",
	"referral.assign":       "history.action.referral_assign",
	"referral.cancel":       "history.action.referral_cancel",
	"referral.close":        "history.action.referral_close",
	"referral.create":       "history.action.referral_create",
	"referral.external":     "history.action.referral_external",
	"referral.link":         "history.action.referral_link",
	"referral.link_again":   "history.action.referral_link",
	"referral.link_ended":   "history.action.referral_link_ended",
	"referral.link_revoked": "history.action.referral_link_ended",
	"referral.link_used":    "history.action.referral_link_used",
	"referral.receive":      "history.action.referral_receive",
	"referral.reopen":       "history.action.referral_reopen",
	"referral.resend":       "history.action.referral_resend",
	"referral.return":       "history.action.referral_return",
	"referral.start":        "history.action.referral_start",
	"referral.wait":         "history.action.referral_wait",
	"visit.add":             "visit.action.add",
	"visit.cancel":          "visit.action.cancel",
	"visit.move":            "visit.action.move",
	"visit.record":          "visit.action.record",
	"visit.schedule":        "visit.action.schedule",
	"report.create":         "report.action.create",
	"report.write":          "report.action.write",
	"report.discard":        "report.action.discard",
	"report.sign":           "report.action.sign",
	"report.approve":        "report.action.approve",
	"report.return":         "report.action.return",
	"report.withdraw":       "report.action.withdraw",
	"report.issue":          "report.action.issue",
	"report.annul":          "report.action.annul",
	"report.version":        "report.action.version",
	"followup.add":          "agenda.action.add",
	"followup.change":       "agenda.action.change",
	"followup.end":          "agenda.action.end",
}

// ChangeText is a change of a file in words, by its name in the trail; those for
// any other change when nobody gave it words.
func ChangeText(ctx context.Context, action string) string { return changeText(ctx, action, nil) }

func changeText(ctx context.Context, action string, detail map[string]string) string {
	if action == "screening.kept" && detail["to"] != "" {
		return i18n.T(ctx, "attention.action.screening_moved")
	}
	if key, ok := actionKeys[action]; ok {
		return i18n.T(ctx, key)
	}
	return i18n.T(ctx, "attention.action.other")
}

// statusKeys are the states of a plan item as the trail of changes names them.
var statusKeys = map[string]string{
	"pending":      "attention.status.pending",
	"in-progress":  "attention.status.in_progress",
	"confirmed":    "attention.status.confirmed",
	"not-achieved": "attention.status.not_achieved",
	"withdrawn":    "attention.status.withdrawn",
}

func statusText(ctx context.Context, status string) string {
	if key, ok := statusKeys[status]; ok {
		return i18n.T(ctx, key)
	}
	return status
}

// details are the parts of a change that a reader needs: what, from, to, why.
func details(ctx context.Context, e *Event) []string {
	detail := e.Change.Detail
	var list []string
	if e.Item != "" {
		list = append(list, e.Item)
	}
	room, _, _ := strings.Cut(e.Change.Action, ".")
	if detail["folio"] != "" && room == "plan" {
		list = append(list, i18n.Tf(ctx, "attention.detail.plan", map[string]any{"Folio": detail["folio"]}))
	} else if detail["folio"] != "" {
		list = append(list, detail["folio"])
	}
	if from, to := detail["from"], detail["to"]; from != "" && to != "" && room == "plan" {
		list = append(list, i18n.Tf(ctx, "attention.detail.change", map[string]any{"From": statusText(ctx, from), "To": statusText(ctx, to)}))
	}
	if detail["reason"] != "" {
		list = append(list, i18n.Tf(ctx, "attention.detail.reason", map[string]any{"Text": detail["reason"]}))
	}
	return list
}
