package trail

import (
	"context"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	"gsl/templates/layout"
	views "gsl/templates/trail"
	"gsl/templates/ui"
)

// The words of a request.
var (
	kindKeys = map[Kind]string{Access: "request.kind.access", Rectification: "request.kind.rectification", Erasure: "request.kind.erasure",
		Objection: "request.kind.objection", Portability: "request.kind.portability", Blocking: "request.kind.blocking"}
	kindHints = map[Kind]string{Access: "request.hint.access", Rectification: "request.hint.rectification", Erasure: "request.hint.erasure",
		Objection: "request.hint.objection", Portability: "request.hint.portability", Blocking: "request.hint.blocking"}
	outcomeKeys = map[Outcome]string{Granted: "request.outcome.granted", Partly: "request.outcome.partly", Refused: "request.outcome.refused",
		NoData: "request.outcome.no_data", Withdrawn: "request.outcome.withdrawn"}
	channelKeys = map[string]string{"in_person": "request.channel.in_person", "letter": "request.channel.letter", "email": "request.channel.email"}
	proofKeys   = map[string]string{"id_card": "request.proof.id_card", "clave_unica": "request.proof.clave_unica", "power": "request.proof.power",
		"legal": "request.proof.legal", "other": "request.proof.other"}
	entryKeys = map[string]string{"received": "request.entry.received", "note": "request.entry.note", "package": "request.entry.package", "answered": "request.entry.answered"}
)

func kindText(ctx context.Context, k Kind) string { return i18n.T(ctx, kindKeys[k]) }

// presentIntake is the form of a request at a file.
func presentIntake(ctx context.Context, v *Intake) *views.Asking {
	base := "/files/" + v.File.ID
	view := &views.Asking{Action: base + "/requests", Back: base + "/screening", Name: people.DisplayName(ctx, v.File)}
	for i := range v.Open {
		r := &v.Open[i]
		view.Open = append(view.Open, views.Waiting{
			Text: i18n.Tf(ctx, "request.open_one", map[string]any{"Folio": r.Folio(), "Kind": kindText(ctx, r.Kind), "Due": r.Due.Chilean()}),
			PDF:  "/requests/" + r.ID + "/receipt.pdf"})
	}
	return view
}

// fillAsking puts choices into the form, and what was typed when it comes back.
func fillAsking(c *web.Ctx, v *views.Asking, form askingForm, today calendar.Date, key string, cause error) {
	ctx := c.Context()
	for _, k := range Kinds {
		v.Kinds = append(v.Kinds, ui.Option{Value: string(k), Text: kindText(ctx, k), Hint: i18n.T(ctx, kindHints[k]), Selected: form.Kind == string(k)})
	}
	v.Channels, v.Proofs = channels(ctx, or(form.Channel, Channels[0])), []ui.Option{{Text: i18n.T(ctx, "request.choose")}}
	for _, p := range Proofs {
		v.Proofs = append(v.Proofs, ui.Option{Value: p, Text: i18n.T(ctx, proofKeys[p]), Selected: form.Proof == p})
	}
	v.Asked, v.Agent, v.AnswerTo, v.Key, v.Received = form.Asked, form.Agent, form.AnswerTo, or(form.Key, key), today.Chilean()
	if cause == nil {
		return
	}
	v.Received = c.Typed("received_on")
	v.Errors = c.Errors(cause, "run", "request.new.run", "name", "request.new.name", "kind", "request.new.kind", "asked", "request.new.asked", "channel", "request.new.channel",
		"proof", "request.new.proof", "agent", "request.new.agent", "answer_to", "request.new.answer_to", "received_on", "request.new.received")
}

func channels(ctx context.Context, chosen string) (list []ui.Option) {
	for _, ch := range Channels {
		list = append(list, ui.Option{Value: ch, Text: i18n.T(ctx, channelKeys[ch]), Selected: ch == chosen})
	}
	return list
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// presentRegister puts a page of the register into words.
func presentRegister(ctx context.Context, g *Register) *views.Register {
	v := &views.Register{Closed: g.Closed, Tabs: []views.Tab{
		{Text: i18n.T(ctx, "request.tab.open"), Count: i18n.Number(ctx, int64(g.Tally.Open)), Href: requestPath(false, ""), Current: !g.Closed},
		{Text: i18n.T(ctx, "request.tab.answered"), Count: i18n.Number(ctx, int64(g.Tally.Answered)), Href: requestPath(true, ""), Current: g.Closed},
	}}
	if g.Tally.Late > 0 {
		v.Late = i18n.Tf(ctx, "request.late", map[string]any{"Count": g.Tally.Late})
	}
	if g.After != "" {
		v.First = requestPath(g.Closed, "")
	}
	if g.Next != "" {
		v.Next = requestPath(g.Closed, g.Next)
	}
	for i := range g.Requests {
		r := &g.Requests[i]
		v.Rows = append(v.Rows, views.Line{Href: "/requests/" + r.ID, Folio: r.Folio(), Name: r.PersonName, Number: r.PersonNumber,
			Kind: kindText(ctx, r.Kind), Received: r.Received.Chilean(), Clock: clockOf(ctx, r, g.Today)})
	}
	return v
}

// clockOf says how much time is left, or how it was answered.
func clockOf(ctx context.Context, r *Request, today calendar.Date) views.Clock {
	if r.Answered {
		return views.Clock{State: "answered", Tag: ui.Tag{Text: i18n.T(ctx, outcomeKeys[r.Answer.Outcome]), Kind: ui.Success, Icon: "check-circle"},
			Text: i18n.Tf(ctx, "request.clock.answered", map[string]any{"On": r.AnsweredOn.Chilean()}), Due: r.Due.Chilean()}
	}
	c := views.Clock{State: "open", Due: r.Due.Chilean()}
	left := r.Left(today)
	switch {
	case left < 0:
		c.State = "late"
		c.Tag = ui.Tag{Text: i18n.Tf(ctx, "request.clock.late", map[string]any{"Count": -left}), Kind: ui.Danger, Icon: "exclamation-circle"}
	case left == 0:
		c.Tag = ui.Tag{Text: i18n.T(ctx, "request.clock.today"), Kind: ui.Warning, Icon: "hourglass-split"}
	case left <= soon:
		c.Tag = ui.Tag{Text: i18n.Tf(ctx, "request.clock.left", map[string]any{"Count": left}), Kind: ui.Warning, Icon: "hourglass-split"}
	default:
		c.Tag = ui.Tag{Text: i18n.Tf(ctx, "request.clock.left", map[string]any{"Count": left}), Icon: "hourglass"}
	}
	return c
}

// soon is how many days before the last one a request is marked.
const soon = 7

// presentRequest puts a request into words.
func presentRequest(ctx context.Context, s *RequestShown) *views.Request {
	r, base := &s.Request, "/requests/"+s.ID
	v := &views.Request{Folio: r.Folio(), Kind: kindText(ctx, r.Kind), Clock: clockOf(ctx, r, s.Today), Asked: r.Asked, Facts: requestFacts(ctx, r),
		Receipt: base + "/receipt.pdf", AnswerTo: base + "/answer", NoteTo: base + "/notes", Answered: r.Answered, Held: r.FileID != ""}
	if r.Answered {
		v.AnswerText, v.AnswerFacts = r.Answer.Text, answerFacts(ctx, r)
	}
	for _, o := range Outcomes {
		if o == NoData && v.Held {
			continue
		}
		v.Answer.Outcomes = append(v.Answer.Outcomes, ui.Option{Value: string(o), Text: i18n.T(ctx, outcomeKeys[o])})
	}
	v.Answer.Deliveries, v.Answer.Delivery = channels(ctx, ""), r.Channel
	for _, e := range s.Entries {
		v.Entries = append(v.Entries, views.Entry{At: i18n.DateTime(ctx, e.At), By: e.Name, Role: layout.RoleName(ctx, e.Role), What: i18n.T(ctx, entryKeys[e.What]), Note: e.Note})
	}
	return v
}

func requestFacts(ctx context.Context, r *Request) []views.Fact {
	list := []views.Fact{
		{Name: i18n.T(ctx, "request.fact.person"), Text: r.PersonName + " · " + r.PersonNumber},
		{Name: i18n.T(ctx, "request.fact.received"), Text: r.Received.Chilean() + " · " + i18n.T(ctx, channelKeys[r.Channel])},
		{Name: i18n.T(ctx, "request.fact.due"), Text: r.Due.Chilean()},
		{Name: i18n.T(ctx, "request.fact.proof"), Text: i18n.T(ctx, proofKeys[r.Proof])},
		{Name: i18n.T(ctx, "request.fact.by"), Text: r.CreatedByName},
	}
	if r.Agent != "" {
		list = append(list, views.Fact{Name: i18n.T(ctx, "request.fact.agent"), Text: r.Agent})
	}
	if r.AnswerTo != "" {
		list = append(list, views.Fact{Name: i18n.T(ctx, "request.fact.answer_to"), Text: r.AnswerTo})
	}
	return list
}

func answerFacts(ctx context.Context, r *Request) []views.Fact {
	return []views.Fact{
		{Name: i18n.T(ctx, "request.answer.outcome"), Text: i18n.T(ctx, outcomeKeys[r.Answer.Outcome])},
		{Name: i18n.T(ctx, "request.fact.answered"), Text: r.AnsweredOn.Chilean() + " · " + r.AnsweredBy},
		{Name: i18n.T(ctx, "request.answer.delivery"), Text: i18n.T(ctx, channelKeys[r.Answer.Delivery])},
	}
}

// presentPackage says what is handed over, and what is not.
func (s *Service) presentPackage(ctx context.Context, id string) views.Package {
	v := views.Package{Action: "/requests/" + id + "/package"}
	for _, part := range s.Parts {
		v.Parts = append(v.Parts, i18n.T(ctx, part.Key))
	}
	v.Parts = append(v.Parts, i18n.T(ctx, "package.part.documents"), i18n.T(ctx, "package.part.looks"))
	v.Left = []string{i18n.T(ctx, "package.left.notes"), i18n.T(ctx, "package.left.others")}
	return v
}
