package referral

import (
	"strconv"

	"gsl/app/access"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	views "gsl/templates/protocol"
	"gsl/templates/ui"
)

// pageForms are the forms of a protocol's page, with what was typed in them.
type pageForms struct {
	c    *web.Ctx
	errs ui.Errors
}

func (f pageForms) input(in ui.Input) ui.Input {
	in.Error = f.errs.Of(in.Name)
	if len(f.errs) > 0 {
		in.Value = f.c.Typed(in.Name)
	}
	return in
}

func (w protocolWords) page(s *ProtocolSheet, forms pageForms) *views.Page {
	p := &s.Protocol
	v := &views.Page{Title: p.Title, Number: w.number(p), Tag: w.tag(s.Standing), Between: w.between(p), PDF: protocolPath(p.ID) + ".pdf",
		Clauses: w.clauses(s), Signatures: w.signatures(s), Errors: forms.errs,
		Evaluation: w.evaluation(s), EvaluationOf: w.t("protocol.list.evaluated"), Refusals: w.refusals(s.Evaluated.Refusals)}
	if p.State == ProtocolDraft && s.Writes {
		v.Edit = protocolPath(p.ID) + "/edit"
	}
	if s.Writes && (p.State == ProtocolInForce || p.State == ProtocolEnded) && s.Standing != StandsReplaced {
		v.NewVersion = protocolPath(p.ID) + "/version"
	}
	v.Notice, v.NoticeLink = w.notice(s)
	for _, text := range []string{s.Counterparty.Contact, s.Counterparty.Phone, s.Counterparty.Email, s.Counterparty.Address} {
		if text != "" {
			v.Contact = append(v.Contact, text)
		}
	}
	v.Step = w.step(s, forms)
	if s.Writes && p.State != ProtocolEnded && s.Standing != StandsReplaced {
		v.End = w.endForm(s, forms)
	}
	for i := range s.Versions {
		other := &s.Versions[i]
		v.Versions = append(v.Versions, views.Version{Href: protocolPath(other.ID), Text: w.tf("protocol.version", "Version", other.Version),
			Tag: w.tag(other.Standing(s.Today)), Current: other.ID == p.ID})
	}
	for i := len(s.Events) - 1; i >= 0; i-- {
		e := s.Events[i]
		v.Events = append(v.Events, views.Event{At: i18n.DateTime(w.ctx, e.At), What: w.t(eventKeys[e.What]), Who: e.Name, Note: e.Note})
	}
	return v
}

var eventKeys = map[string]string{
	"created": "protocol.event.created", "sent": "protocol.event.sent", "signed": "protocol.event.signed", "returned": "protocol.event.returned",
	"approved": "protocol.event.approved", "replaced": "protocol.event.replaced", "ended": "protocol.event.ended",
}

// notice says what one should know before reading.
func (w protocolWords) notice(s *ProtocolSheet) (*views.Todo, *views.Link) {
	p := &s.Protocol
	say := func(icon, text string) *views.Todo { return &views.Todo{Icon: icon, Text: text} }
	switch s.Standing {
	case StandsReplaced:
		if s.Governs == nil {
			return say("files", w.t("protocol.notice.replaced")), nil
		}
		return say("files", w.t("protocol.notice.replaced")), &views.Link{Href: protocolPath(s.Governs.ID), Text: w.tf("protocol.version", "Version", s.Governs.Version)}
	case StandsExpired:
		return say("exclamation-circle", w.tf("protocol.notice.expired", "On", p.To.Chilean())), nil
	case StandsExpiring:
		if s.Today == p.To {
			return say("clock", w.t("protocol.notice.last_day")), nil
		}
		return say("clock", w.tf("protocol.notice.expiring", "On", p.To.Chilean(), "Count", s.Today.DaysUntil(p.To))), nil
	case StandsEnded:
		return say("x-circle", w.tf("protocol.notice.ended", "On", i18n.DateTime(w.ctx, p.EndedAt), "Who", p.EndedByName, "Reason", p.Reason)), nil
	case StandsDraft:
		if p.Reason != "" {
			return say("arrow-return-left", w.tf("protocol.returned_because", "Reason", p.Reason)), nil
		}
	}
	if s.Governs != nil && s.Governs.ID != p.ID {
		return say("info-circle", w.t("protocol.notice.older_governs")), &views.Link{Href: protocolPath(s.Governs.ID), Text: w.tf("protocol.version", "Version", s.Governs.Version)}
	}
	return nil, nil
}

// step is what comes next: what the reader can do, or whom it waits for.
func (w protocolWords) step(s *ProtocolSheet, forms pageForms) *views.Step {
	p := &s.Protocol
	path, revision := protocolPath(p.ID), strconv.FormatInt(p.Revision, 10)
	v := &views.Step{Title: w.t("protocol.step.title")}
	switch s.Standing {
	case StandsDraft:
		v.Text = w.t("protocol.step.draft")
		if s.Writes {
			v.Send = &views.Act{Action: path + "/send", Revision: revision, Text: w.t("protocol.send"), Icon: "send"}
		}
	case StandsInSignature:
		v.Text = w.waitsFor(s)
		v.Sign = w.signs(s, forms)
		if w.who.Can(access.SignProtocol) && s.Writes {
			v.Return = w.returnForm(path+"/return", forms)
		}
	case StandsSigned:
		v.Text = w.t("protocol.step.signed")
		if w.who.Can(access.ApproveProtocol) {
			v.Text = w.t("protocol.step.approve")
			v.Approve = &views.Act{Action: path + "/approve", Revision: revision, Text: w.t("protocol.approve"), Icon: "check-lg"}
			v.Return = w.returnForm(path+"/reject", forms)
		} else if w.who.Can(access.SignProtocol) && s.Writes {
			v.Return = w.returnForm(path+"/return", forms)
		}
	default:
		return nil
	}
	return v
}

// waitsFor names the signatures that are missing.
func (w protocolWords) waitsFor(s *ProtocolSheet) string {
	missing := ""
	for _, side := range []Side{SideMunicipality, SideCounterpart} {
		if s.Signature(side) != nil {
			continue
		}
		if missing != "" {
			missing += " " + w.t("protocol.and") + " "
		}
		missing += s.party(side)
	}
	return w.tf("protocol.step.in_signature", "Missing", missing)
}

func (p *Protocol) party(side Side) string {
	if side == SideMunicipality {
		return p.UnitName
	}
	return p.CounterpartName
}

func (w protocolWords) signs(s *ProtocolSheet, forms pageForms) []views.Sign {
	var list []views.Sign
	add := func(side Side, paper bool) {
		sign := views.Sign{Side: string(side), Paper: paper, Says: w.tf("protocol.sign.says", "Unit", s.party(side)),
			Act: views.Act{Action: protocolPath(s.ID) + "/sign", Revision: strconv.FormatInt(s.Revision, 10), Text: w.t("protocol.sign"), Icon: "pen"}}
		if paper {
			sign.Says, sign.Text = w.tf("protocol.sign.paper_says", "Counterpart", s.CounterpartName), w.t("protocol.sign.paper")
			sign.Name = forms.input(ui.Input{Name: "name", Label: w.t("protocol.field.signer"), MaxLength: maxShort})
			sign.Position = forms.input(ui.Input{Name: "position", Label: w.t("protocol.field.position"), MaxLength: maxShort})
			sign.On = forms.input(ui.Input{Name: "signed_on", Label: w.t("protocol.field.signed_on"), Type: "date"})
		}
		list = append(list, sign)
	}
	if s.SignsMunicipally {
		add(SideMunicipality, false)
	}
	if s.SignsCounterpart {
		add(SideCounterpart, s.Counterparty.Kind != Integrated)
	}
	return list
}

func (w protocolWords) returnForm(action string, forms pageForms) *views.Reason {
	input := forms.input(ui.Input{Name: "reason", ID: "return-reason", Label: w.t("protocol.field.reason"), MaxLength: maxProtocolReason})
	return &views.Reason{Action: action, Button: w.t("protocol.return"), Icon: "arrow-return-left", Says: w.t("protocol.return_says"), Input: input}
}

func (w protocolWords) endForm(s *ProtocolSheet, forms pageForms) *views.Reason {
	v := &views.Reason{Action: protocolPath(s.ID) + "/end", Button: w.t("protocol.end"), Icon: "x-octagon", Says: w.t("protocol.end_says"),
		Input: forms.input(ui.Input{Name: "reason", Label: w.t("protocol.field.reason"), MaxLength: maxProtocolReason})}
	if s.State != ProtocolInForce {
		v.Button, v.Says = w.t("protocol.drop"), w.t("protocol.drop_says")
	}
	v.Open = v.Input.Error != ""
	return v
}

func (w protocolWords) signatures(s *ProtocolSheet) []views.Signature {
	var list []views.Signature
	for _, side := range []Side{SideMunicipality, SideCounterpart} {
		line := views.Signature{Party: s.party(side), State: w.t("protocol.unsigned")}
		if signed := s.Signature(side); signed != nil {
			line.Name, line.Done, line.State = signed.Name+" · "+signed.Position, true, w.t("protocol.signed")
			line.Detail = signed.On.Chilean()
			if signed.OnPaper {
				line.Detail = w.tf("protocol.signed_on_paper", "On", signed.On.Chilean(), "Who", signed.ByName)
			}
		}
		list = append(list, line)
	}
	approval := views.Signature{Party: w.t("protocol.director"), State: w.t("protocol.unsigned")}
	if !s.ApprovedAt.IsZero() {
		approval.Name, approval.Detail, approval.Done = s.ApprovedByName, i18n.DateTime(w.ctx, s.ApprovedAt), true
		approval.State = w.t("protocol.approved")
	}
	return append(list, approval)
}

// evaluation is the seventh clause in numbers.
func (w protocolWords) evaluation(s *ProtocolSheet) []views.Figure {
	e := s.Evaluated
	count := func(n int) string { return i18n.Number(w.ctx, int64(n)) }
	list := []views.Figure{
		{Label: w.t("protocol.figure.referred"), Value: count(e.Referred)},
		{Label: w.t("protocol.figure.answered"), Value: count(e.Answered)},
	}
	if e.Answered > 0 {
		list = append(list,
			views.Figure{Label: w.t("protocol.figure.granted"), Value: count(e.Granted) + " · " + share(e.Granted, e.Answered)},
			views.Figure{Label: w.t("protocol.figure.in_time"), Value: count(e.InTime) + " · " + share(e.InTime, e.Answered)},
			views.Figure{Label: w.t("protocol.figure.median"), Value: w.tf("protocol.figure.median_of", "Days", w.tf("protocol.working_days", "Count", e.Median), "Promise", s.AnswerDays),
				Bad: s.AnswerDays > 0 && e.Median > s.AnswerDays})
	}
	return append(list, views.Figure{Label: w.t("protocol.figure.overdue"), Value: count(e.Overdue), Bad: e.Overdue > 0})
}

var refusalOutcomes = map[Outcome]string{
	"": "protocol.refusal.returned", NotGranted: "protocol.refusal.not_granted", DidNotAttend: "protocol.refusal.did_not_attend",
	OutcomeWithdrawn: "protocol.refusal.withdrawn", NotApplicable: "protocol.refusal.not_applicable",
}

func (w protocolWords) refusals(list []Refusal) []views.Figure {
	figures := make([]views.Figure, len(list))
	for i, r := range list {
		label := w.t(refusalOutcomes[r.Outcome])
		if key := reasonKeys[r.Code]; key != "" {
			label += ": " + w.t(key)
		}
		figures[i] = views.Figure{Label: label, Value: i18n.Number(w.ctx, int64(r.Count))}
	}
	return figures
}

// clauses are the seven, in words; the PDF prints the same.
func (w protocolWords) clauses(s *ProtocolSheet) []views.Clause {
	p := &s.Protocol
	fact := func(label, value string) views.Fact { return views.Fact{Label: label, Value: value} }
	one := views.Clause{Title: w.t("protocol.clause.1"), List: w.criteria(p), Text: p.Eligibility}
	if len(p.Criteria) == 0 && p.Eligibility == "" {
		one.Empty = w.t("protocol.criteria.none")
	}
	two := views.Clause{Title: w.t("protocol.clause.2"), Facts: []views.Fact{
		fact(w.t("protocol.field.items"), semicolons(w.itemNames(p))), fact(w.t("protocol.field.spots"), w.spots(p, s.Left, s.Standing))}}
	two.Facts[1].Bad = p.Spots > 0 && s.Left == 0 && (s.Standing == StandsInForce || s.Standing == StandsExpiring)
	three := views.Clause{Title: w.t("protocol.clause.3"), Text: p.Process}
	if len(p.Documents) > 0 {
		three.Facts = []views.Fact{fact(w.t("protocol.documents"), semicolons(p.Documents))}
	}
	list := []views.Clause{one, two, three,
		{Title: w.t("protocol.clause.4"), Text: p.Answer},
		{Title: w.t("protocol.clause.5"), Facts: []views.Fact{
			fact(w.t("protocol.field.citizen_days"), w.days(p.CitizenDays)), fact(w.t("protocol.field.answer_days"), w.days(p.AnswerDays))}},
		{Title: w.t("protocol.clause.6"), Facts: []views.Fact{fact(w.t("protocol.validity"), w.validity(p))}},
		{Title: w.t("protocol.clause.7"), Text: p.Evaluation, Facts: []views.Fact{fact(w.t("protocol.counted"), w.t("protocol.counted_says"))}},
	}
	for i := range list {
		list[i].Number = i + 1
		if len(list[i].Facts) == 0 && len(list[i].List) == 0 && list[i].Text == "" && list[i].Empty == "" {
			list[i].Empty = w.t("protocol.not_said")
		}
	}
	return list
}

func semicolons(list []string) string {
	text := ""
	for i, part := range list {
		if i > 0 {
			text += "; "
		}
		text += part
	}
	return text
}
