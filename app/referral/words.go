package referral

import (
	"context"
	"time"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/templates/layout"
	views "gsl/templates/referral"
	"gsl/templates/ui"
)

var stateKeys = map[State]string{
	Sent: "referral.state.sent", Received: "referral.state.received", InProgress: "referral.state.in_progress", Waiting: "referral.state.waiting",
	Answered: "referral.state.answered", Closed: "referral.state.closed", Returned: "referral.state.returned", Cancelled: "referral.state.cancelled"}

var outcomeKeys = map[Outcome]string{
	Granted: "referral.outcome.granted", NotGranted: "referral.outcome.not_granted", DidNotAttend: "referral.outcome.did_not_attend",
	OutcomeWithdrawn: "referral.outcome.withdrawn", NotApplicable: "referral.outcome.not_applicable"}

var waitingKeys = map[WaitingFor]string{Documents: "referral.waiting.documents", WaitingList: "referral.waiting.waiting_list"}

// StateText is a state in words.
func StateText(ctx context.Context, s State) string { return i18n.T(ctx, stateKeys[s]) }

// OutcomeText is an answer in words.
func OutcomeText(ctx context.Context, o Outcome) string { return i18n.T(ctx, outcomeKeys[o]) }

// StateTag is how a referral stands: of an answered one, the answer.
func StateTag(ctx context.Context, r *Referral) ui.Tag {
	switch r.State {
	case Answered, Closed:
		return outcomeTag(ctx, r.Outcome)
	case Waiting:
		return ui.Tag{Text: i18n.T(ctx, waitingKeys[r.WaitingFor]), Icon: "pause-circle", Kind: ui.Warning}
	case Returned:
		return ui.Tag{Text: StateText(ctx, r.State), Icon: "arrow-return-left", Kind: ui.Warning}
	case Cancelled:
		return ui.Tag{Text: StateText(ctx, r.State), Icon: "slash-circle"}
	case Sent:
		return ui.Tag{Text: StateText(ctx, r.State), Icon: "envelope", Kind: ui.Info}
	}
	return ui.Tag{Text: StateText(ctx, r.State), Icon: "arrow-repeat", Kind: ui.Info}
}

func outcomeTag(ctx context.Context, o Outcome) ui.Tag {
	if o == Granted {
		return ui.Tag{Text: OutcomeText(ctx, o), Icon: "check-circle", Kind: ui.Success}
	}
	return ui.Tag{Text: OutcomeText(ctx, o), Icon: "x-circle"}
}

// clockOf says how a referral stands in time.
func clockOf(ctx context.Context, r *Referral, today calendar.Date) views.Clock {
	switch {
	case r.State == Waiting:
		return waitingClock(ctx, r)
	case r.State == Answered || r.State == Closed:
		return answeredClock(ctx, r)
	case r.State == Returned || r.State == Cancelled:
		return views.Clock{Icon: "stop-circle", Kind: "done", Text: i18n.Tf(ctx, "referral.clock.stopped", map[string]any{"On": calendar.On(r.ChangedAt).Chilean()})}
	case r.Overdue(today):
		late := calendar.WorkingDaysBetween(r.Due, today)
		return views.Clock{Icon: "exclamation-circle", Kind: "late", Text: i18n.Tf(ctx, "referral.clock.late", map[string]any{"On": r.Due.Chilean(), "Count": late})}
	}
	left := calendar.WorkingDaysBetween(today, r.Due)
	if left == 0 {
		return views.Clock{Icon: "alarm", Kind: "soon", Text: i18n.T(ctx, "referral.clock.today")}
	}
	c := views.Clock{Icon: "clock", Text: i18n.Tf(ctx, "referral.clock.left", map[string]any{"On": r.Due.Chilean(), "Count": left})}
	if left == 1 {
		c.Kind, c.Icon = "soon", "alarm"
	}
	return c
}

func answeredClock(ctx context.Context, r *Referral) views.Clock {
	c := views.Clock{Icon: "check2", Kind: "done"}
	on := calendar.On(r.AnsweredAt)
	if n := calendar.WorkingDaysBetween(calendar.On(r.CreatedAt), on); n > 0 {
		c.Text = i18n.Tf(ctx, "referral.clock.answered", map[string]any{"On": on.Chilean(), "Count": n})
		return c
	}
	c.Text = i18n.Tf(ctx, "referral.clock.same_day", map[string]any{"On": on.Chilean()})
	return c
}

func waitingClock(ctx context.Context, r *Referral) views.Clock {
	c := views.Clock{Icon: "pause-circle", Kind: "paused"}
	since := calendar.On(r.WaitingSince).Chilean()
	if r.DocumentsDue.IsZero() {
		c.Text = i18n.Tf(ctx, "referral.clock.paused", map[string]any{"On": since})
		return c
	}
	c.Text = i18n.Tf(ctx, "referral.clock.documents", map[string]any{"On": since, "Until": r.DocumentsDue.Chilean()})
	return c
}

// deskText names the sender's desk.
func deskText(ctx context.Context, r *Referral) string {
	if r.OriginName != "" {
		return r.OriginName
	}
	return layout.RoleName(ctx, r.Origin)
}

func whenText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(calendar.Santiago).Format("02-01-2006 15:04")
}

func dayText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return calendar.On(t).Chilean()
}

var verbKeys = map[Verb]string{
	Create: "referral.did.create", Receive: "referral.did.receive", Start: "referral.did.start", Wait: "referral.did.wait", Answer: "referral.did.answer",
	Return: "referral.did.return", Close: "referral.did.close", Cancel: "referral.did.cancel", Reopen: "referral.did.reopen", Resend: "referral.did.resend",
	Assign: "referral.did.assign", External: "referral.did.external"}

var verbIcons = map[Verb]string{
	Create: "send", Receive: "inbox", Start: "play-circle", Wait: "pause-circle", Answer: "reply", Return: "arrow-return-left", Close: "check2-circle",
	Cancel: "slash-circle", Reopen: "arrow-counterclockwise", Resend: "send", Assign: "person-check", External: "box-arrow-up-right"}

// lines puts a history into words, the latest first.
func lines(ctx context.Context, history []Entry) []views.Line {
	list := make([]views.Line, 0, len(history))
	for i := len(history) - 1; i >= 0; i-- {
		e := &history[i]
		line := views.Line{When: whenText(e.At), What: i18n.T(ctx, verbKeys[e.Verb]), By: byText(ctx, e), Icon: verbIcons[e.Verb]}
		switch e.Verb {
		case Answer:
			line.What += ": " + OutcomeText(ctx, e.Outcome)
		case Wait:
			line.What += ": " + i18n.T(ctx, waitingKeys[WaitingFor(e.Detail)])
		case Assign, External:
			line.What += ": " + e.Detail
		}
		line.Text = joined(e.Reason, e.Note)
		if e.Verb == Create && e.Reason != "" {
			line.Text = joined(e.Note, i18n.T(ctx, "referral.override")+": "+e.Reason)
		}
		list = append(list, line)
	}
	return list
}

func joined(texts ...string) string {
	all := ""
	for _, text := range texts {
		if text == "" {
			continue
		}
		if all != "" {
			all += "\n"
		}
		all += text
	}
	return all
}

// byText is who did it; the program itself has no name.
func byText(ctx context.Context, e *Entry) string {
	if e.Role == SystemRole {
		return i18n.T(ctx, "referral.by_itself")
	}
	return e.Name
}

// fieldPairs are the item's own fields with what was answered.
func fieldPairs(ctx context.Context, fields []FieldValue) []views.Term {
	list := make([]views.Term, 0, len(fields))
	for _, f := range fields {
		label, text := f.Label, f.Text
		if f.LabelKey != "" {
			label = i18n.T(ctx, f.LabelKey)
		}
		if text == "" {
			text = f.Value
		}
		list = append(list, views.Term{Label: label, Text: text})
	}
	return list
}
