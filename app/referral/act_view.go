package referral

import (
	"slices"

	"gsl/app/access"
	"gsl/app/kit/actor"
	views "gsl/templates/referral"
	"gsl/templates/ui"
)

func canAssign(who actor.Actor) bool { return who.Can(access.AssignCase) }
func canRefer(who actor.Actor) bool  { return who.Can(access.Refer) }

var actKeys = map[Verb]string{
	Receive: "referral.act.receive", Start: "referral.act.start", Wait: "referral.act.wait", Answer: "referral.act.answer", Return: "referral.act.return",
	Close: "referral.act.close", Cancel: "referral.act.cancel", Reopen: "referral.act.reopen", Resend: "referral.act.resend", Assign: "referral.act.assign",
	External: "referral.act.external"}

// act is the button of a verb, with what it asks for.
func (s *screen) act(verb Verb, shown *Shown) (views.Act, bool) {
	r := &shown.Referral
	a := views.Act{Verb: string(verb), Label: s.t(actKeys[verb]), Icon: verbIcons[verb], Primary: s.first(verb, shown), Open: s.verb == verb && s.typed != nil}
	switch verb {
	case Receive, Start:
		return a, !s.writesDown(r)
	case Wait:
		a.Hint, a.Fields = s.t("referral.hint.wait"), []views.Field{s.waitingFor(r), s.long(r, verb, "note", "referral.field.wait_note", false)}
	case Answer:
		a.Fields = s.answerFields(r)
		if s.writesDown(r) {
			a.Label, a.Hint = s.t("referral.act.answer_letter"), s.t("referral.hint.letter")
		}
	case Return:
		a.Hint, a.Fields = s.t("referral.hint.return"), []views.Field{s.reasons(r, verb, ReturnReasons), s.long(r, verb, "reason", "referral.field.reason_text", false)}
		if s.writesDown(r) {
			a.Label = s.t("referral.act.return_letter")
		}
	case Cancel:
		a.Hint, a.Danger, a.Fields = s.t("referral.hint.cancel"), true, []views.Field{s.long(r, verb, "reason", "referral.field.reason", true)}
		if r.PlanID != "" {
			a.Hint = s.t("referral.hint.cancel_plan")
		}
	case Reopen:
		a.Hint, a.Fields = s.t("referral.hint.reopen"), []views.Field{s.long(r, verb, "reason", "referral.field.reason", true)}
	case Resend:
		a.Hint, a.Fields = s.t("referral.hint.resend"), s.corrections(shown)
	case Assign:
		if len(shown.Colleagues) == 0 {
			return a, false
		}
		in := s.input(r, verb, "assigned", "referral.field.assigned", true)
		a.Fields = []views.Field{{Input: in, Options: s.assignees(shown.Colleagues)}}
	case External:
		a.Hint, a.Fields = s.t("referral.hint.external"), s.externalFields(r, verb)
	}
	return a, true
}

// writesDown reports whether the reader only writes down what a destination
// without inbox did.
func (s *screen) writesDown(r *Referral) bool { return r.ByLetter() && s.who.UnitID != r.Unit }

// first reports whether the verb is the one to do next.
func (s *screen) first(verb Verb, shown *Shown) bool {
	for _, next := range []Verb{Receive, Answer, Resend, Close} {
		if next == Receive && s.writesDown(&shown.Referral) {
			continue
		}
		if slices.Contains(shown.Acts, next) {
			return verb == next
		}
	}
	return false
}

func (s *screen) input(r *Referral, verb Verb, name, label string, required bool) ui.Input {
	id := r.ID + "-" + string(verb) + "-" + name
	in := ui.Input{Name: name, ID: ui.FieldID(id), Label: s.t(label), Required: required, Error: s.errs.Of(id)}
	if s.verb == verb {
		in.Value = s.typed.Get(name)
	}
	return in
}

func (s *screen) long(r *Referral, verb Verb, name, label string, required bool) views.Field {
	in := s.input(r, verb, name, label, required)
	in.MaxLength, in.Rows, in.Class, in.Optional = maxNote, 2, "wide", !required
	if name == "reason" {
		in.MaxLength = maxReason
	}
	return views.Field{Input: in, Long: true}
}

// corrections are the item's own questions with what was answered; of an item
// that is no more, the note.
func (s *screen) corrections(shown *Shown) []views.Field {
	r := &shown.Referral
	if shown.Item == nil {
		return []views.Field{s.note(r)}
	}
	form := r.values(shown.Item)
	if s.verb == Resend {
		form = s.typed
	}
	var list []views.Field
	d := Draft{Item: shown.Item, Facts: shown.Facts}
	for i := range shown.Item.Fields {
		q := s.question(&d, &shown.Item.Fields[i], form)
		id := r.ID + "-" + string(Resend) + "-" + q.Input.Name
		q.Input.ID, q.Input.Error = ui.FieldID(id), s.errs.Of(id)
		list = append(list, q)
	}
	return list
}

// note is what is asked, to be corrected.
func (s *screen) note(r *Referral) views.Field {
	f := s.long(r, Resend, "note", "referral.field.resend_note", false)
	f.Input.Rows = 4
	if s.verb != Resend {
		f.Input.Value = r.Note
	}
	return f
}

func (s *screen) waitingFor(r *Referral) views.Field {
	in := s.input(r, Wait, "waiting_for", "referral.field.waiting_for", true)
	return views.Field{Input: in, Radios: true, Options: []ui.Option{
		{Value: string(Documents), Text: s.t("referral.wait.documents")}, {Value: string(WaitingList), Text: s.t("referral.wait.waiting_list")}}}
}

func (s *screen) answerFields(r *Referral) []views.Field {
	outcome := views.Field{Input: s.input(r, Answer, "outcome", "referral.field.outcome", true), Radios: true}
	outcome.Input.Class = "outcomes"
	for _, o := range Outcomes {
		outcome.Options = append(outcome.Options, ui.Option{Value: string(o), Text: OutcomeText(s.ctx, o)})
	}
	reason := s.reasons(r, Answer, AnswerReasons)
	reason.Input.Class = "when-declined"
	words := s.long(r, Answer, "reason", "referral.field.reason_text", false)
	words.Input.Class = "when-declined"
	list := []views.Field{outcome, reason, words, s.long(r, Answer, "note", "referral.field.answer_note", false)}
	if r.ExternalNumber == "" {
		list = append(list, s.externalFields(r, Answer)...)
	}
	return list
}

func (s *screen) reasons(r *Referral, verb Verb, codes []ReasonCode) views.Field {
	in := s.input(r, verb, "reason_code", "referral.field.reason", verb == Return)
	f := views.Field{Input: in, Options: []ui.Option{{Text: s.t("referral.choose_one")}}}
	for _, code := range codes {
		f.Options = append(f.Options, ui.Option{Value: string(code), Text: s.t(reasonKeys[code])})
	}
	return f
}

func (s *screen) assignees(colleagues []access.Colleague) []ui.Option {
	list := []ui.Option{{Text: s.t("referral.choose_colleague")}}
	for _, c := range colleagues {
		list = append(list, ui.Option{Value: c.UserID, Text: c.Choice()})
	}
	return list
}

func (s *screen) externalFields(r *Referral, verb Verb) []views.Field {
	number, status := s.input(r, verb, "external_number", "referral.external.number", false), s.input(r, verb, "external_status", "referral.external.status", false)
	on := s.input(r, verb, "external_on", "referral.external.on", false)
	number.MaxLength, status.MaxLength, on.Type = maxShort, maxShort, "date"
	number.Optional, status.Optional, on.Optional = true, true, true
	if s.verb != verb {
		number.Value, status.Value, on.Value = r.ExternalNumber, r.ExternalStatus, r.ExternalOn.Chilean()
	}
	return []views.Field{{Input: number}, {Input: status}, {Input: on}}
}

// lost is what was typed in a step that is no longer possible, to be copied.
func (s *screen) lost() []views.Term {
	var list []views.Term
	for _, name := range []struct{ name, key string }{{"reason", "referral.field.reason"}, {"note", "referral.field.answer_note"}} {
		if text := s.typed.Get(name.name); text != "" {
			list = append(list, views.Term{Label: s.t(name.key), Text: text})
		}
	}
	return list
}
