package attention

import (
	"context"
	"strconv"
	"strings"
	"time"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	views "gsl/templates/attention"
)

func count(ctx context.Context, key string, n int) string {
	return i18n.Tf(ctx, key, map[string]any{"Count": n})
}

// presentBench puts the workbench into words.
func presentBench(ctx context.Context, who actor.Actor, b *Bench) *views.Bench {
	v := &views.Bench{Greeting: greeting(ctx, who.Name, b.Now), Casework: b.Casework, Attends: b.Attends, Inward: b.Inward, Duties: presentDuties(ctx, b.Duties)}
	if !b.Files {
		v.Idle = idle(ctx, who.Role)
		return v
	}
	today := calendar.On(b.Now)
	for i := range b.Plans {
		v.Plans = append(v.Plans, presentPlan(ctx, &b.Plans[i], today))
	}
	for i := range b.Attended {
		v.Attended = append(v.Attended, presentAttended(ctx, &b.Attended[i], b.Now))
	}
	v.Today = presentToday(ctx, b, today)
	if b.Queue.On && b.Attends {
		v.Waiting = presentWaiting(ctx, who, &b.Queue, true)
	}
	v.AttendedRight = v.Waiting != nil && !b.Casework
	if b.Inbox != nil {
		v.Inbox = presentInbox(ctx, b.Inbox)
	}
	for i := range b.Answered {
		v.Answered = append(v.Answered, presentAnswered(ctx, &b.Answered[i]))
	}
	return v
}

func presentPlan(ctx context.Context, w *Work, today calendar.Date) views.Plan {
	p := views.Plan{Href: w.Href, Name: orUnnamed(ctx, w.Name), Number: w.Number, Since: since(ctx, calendar.On(w.Since), today)}
	if w.Pending > 0 {
		p.Pending = count(ctx, "attention.pending", w.Pending)
	}
	if w.Confirmed > 0 {
		p.Confirmed = count(ctx, "attention.confirmed", w.Confirmed)
	}
	return p
}

// presentDuties are the decisions that wait, those that there are.
func presentDuties(ctx context.Context, d Duties) []views.Duty {
	var list []views.Duty
	add := func(n int, key, href, icon string) {
		if n > 0 {
			list = append(list, views.Duty{Text: count(ctx, key, n), Href: href, Icon: icon})
		}
	}
	add(d.Approvals, "attention.bench.approvals", "/approvals", "shield-check")
	add(d.Late, "trail.bench.late", "/requests", "exclamation-circle")
	add(d.Requests-d.Late, "trail.bench.requests", "/requests", "envelope-paper")
	add(d.Openings, "attention.bench.openings", "/restricted", "shield-lock")
	add(d.Reports, "attention.bench.reports", "/reports/waiting", "shield-check")
	add(d.Merges, "attention.bench.merges", "/merges", "link-45deg")
	add(d.ToApprove, "attention.bench.to_approve", "/protocols", "file-earmark-text")
	add(d.ToSign, "attention.bench.to_sign", "/protocols", "pen")
	add(d.Papers, "attention.bench.papers", "/documents", "calendar-event")
	add(d.Expiring, "attention.bench.expiring", "/protocols", "calendar-x")
	return list
}

// presentInbox are the boxes of referrals: those of the unit, then the desk's own.
func presentInbox(ctx context.Context, in *Inbox) *views.Inbox {
	v := &views.Inbox{}
	add := func(n int, key, box string, urgent bool) {
		v.Boxes = append(v.Boxes, views.Box{Count: n, Text: count(ctx, key, n), Href: "/inbox?box=" + box, Urgent: urgent && n > 0})
	}
	if in.Receives {
		add(in.New, "attention.inbox.new", "new", false)
		add(in.InProgress, "attention.inbox.in_progress", "in-progress", false)
		add(in.Overdue, "attention.inbox.overdue", "overdue", true)
		add(in.Waiting, "attention.inbox.waiting", "waiting", false)
	}
	add(in.Replies, "attention.inbox.replies", "replies", false)
	add(in.SentBack, "attention.inbox.sent_back", "sent-back", true)
	add(in.Sent, "attention.inbox.sent", "sent", false)
	return v
}

func presentAnswered(ctx context.Context, a *Answered) views.Answered {
	return views.Answered{Href: "/referrals/" + a.ID, Folio: a.Folio, Name: nameOf(ctx, a.File), What: a.What, By: a.By,
		Outcome: i18n.T(ctx, answerKeys[a.Outcome]), Good: a.Outcome == "granted", At: i18n.Clock(ctx, a.At)}
}

// answerKeys are the outcomes of a referral in words.
var answerKeys = map[string]string{
	"granted":        "referral.outcome.granted",
	"not-granted":    "referral.outcome.not_granted",
	"did-not-attend": "referral.outcome.did_not_attend",
	"withdrawn":      "referral.outcome.withdrawn",
	"not-applicable": "referral.outcome.not_applicable",
}

// presentAttended is a line of today's attentions: an open one can be finished
// from there.
func presentAttended(ctx context.Context, a *Attended, now time.Time) views.Attended {
	v := views.Attended{Href: "/files/" + a.File.ID + "/screening", Name: nameOf(ctx, a.File), Number: a.File.Number(), At: i18n.Clock(ctx, a.Last)}
	address := "/attentions/" + a.Attention.ID
	if a.Attention.State == Open {
		v.Minutes, v.Finish = strconv.Itoa(a.Attention.Minutes(now)), address+"/finish"
		return v
	}
	v.Outcome, v.Paper = outcomeText(ctx, a.Attention.Outcome), address
	return v
}

// greeting names the person by the hour in Santiago.
func greeting(ctx context.Context, name string, now time.Time) string {
	key := "attention.greeting.evening"
	switch hour := now.In(calendar.Santiago).Hour(); {
	case hour >= 5 && hour < 12:
		key = "attention.greeting.morning"
	case hour >= 12 && hour < 20:
		key = "attention.greeting.afternoon"
	}
	first, _, _ := strings.Cut(name, " ")
	return i18n.Tf(ctx, key, map[string]any{"Name": first})
}

// idle says what a role without personal data may expect.
func idle(ctx context.Context, role string) *views.Idle {
	if role == access.TechnicalAssistant {
		return &views.Idle{What: i18n.T(ctx, "attention.bench.idle_assistant"), Todo: i18n.T(ctx, "attention.bench.idle_assistant_todo")}
	}
	return &views.Idle{What: i18n.T(ctx, "attention.bench.idle_national"), Todo: i18n.T(ctx, "attention.bench.idle_national_todo")}
}

// nameOf is the name of a file as a list may show it.
func nameOf(ctx context.Context, f people.File) string {
	if f.Veiled {
		return people.DisplayName(ctx, f)
	}
	return orUnnamed(ctx, f.Name())
}

func orUnnamed(ctx context.Context, name string) string {
	if name == "" {
		return i18n.T(ctx, "attention.unnamed")
	}
	return name
}

// since is a day and how long ago it was.
func since(ctx context.Context, day, today calendar.Date) string {
	return i18n.Date(ctx, day) + " · " + ago(ctx, day.DaysUntil(today))
}

func stateText(ctx context.Context, s State) string {
	switch s {
	case Finished:
		return i18n.T(ctx, "attention.state.finished")
	case Discarded:
		return i18n.T(ctx, "attention.state.discarded")
	}
	return i18n.T(ctx, "attention.state.open")
}

func outcomeText(ctx context.Context, o Outcome) string {
	switch o {
	case Referred:
		return i18n.T(ctx, "attention.outcome.referred")
	case Casework:
		return i18n.T(ctx, "attention.outcome.casework")
	}
	return i18n.T(ctx, "attention.outcome.oriented")
}
