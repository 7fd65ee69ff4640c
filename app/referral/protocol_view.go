package referral

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"gsl/app/access"
	"gsl/app/catalogue"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	views "gsl/templates/protocol"
	"gsl/templates/ui"
)

// protocolWords puts agreements into the words of a reader.
type protocolWords struct {
	ctx   context.Context
	who   actor.Actor
	today calendar.Date
}

func (w protocolWords) t(key string) string { return i18n.T(w.ctx, key) }

func (w protocolWords) tf(key string, args ...any) string {
	values := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		values[fmt.Sprint(args[i])] = args[i+1]
	}
	return i18n.Tf(w.ctx, key, values)
}

// standingTags are the words of the standings, each with its icon and colour.
var standingTags = map[Standing]struct {
	key, icon string
	kind      ui.TagKind
}{
	StandsDraft:       {"protocol.standing.draft", "pencil", ui.Plain},
	StandsInSignature: {"protocol.standing.in_signature", "pen", ui.Info},
	StandsSigned:      {"protocol.standing.signed", "hourglass-split", ui.Info},
	StandsUpcoming:    {"protocol.standing.upcoming", "calendar-event", ui.Info},
	StandsInForce:     {"protocol.standing.in_force", "check-circle", ui.Success},
	StandsExpiring:    {"protocol.standing.expiring", "clock", ui.Warning},
	StandsExpired:     {"protocol.standing.expired", "exclamation-circle", ui.Danger},
	StandsReplaced:    {"protocol.standing.replaced", "files", ui.Plain},
	StandsEnded:       {"protocol.standing.ended", "x-circle", ui.Plain},
}

func (w protocolWords) tag(s Standing) ui.Tag {
	tag := standingTags[s]
	return ui.Tag{Text: w.t(tag.key), Icon: tag.icon, Kind: tag.kind}
}

func (w protocolWords) number(p *Protocol) string {
	return w.tf("protocol.number", "Folio", p.Folio(), "Version", p.Version)
}

// between says who refers: every desk, or the unit's own.
func (w protocolWords) between(p *Protocol) string {
	if p.AllDesks {
		return w.tf("protocol.between_all", "Unit", p.UnitName, "Counterpart", p.CounterpartName)
	}
	return w.tf("protocol.between", "Unit", p.UnitName, "Counterpart", p.CounterpartName)
}

func (w protocolWords) list(shelf *ProtocolShelf, over bool) *views.List {
	v := &views.List{Over: over, CanDraft: w.who.Can(access.DraftProtocol), Lines: make([]views.Line, len(shelf.Lines))}
	for i := range shelf.Lines {
		v.Lines[i] = w.line(&shelf.Lines[i])
	}
	if !over {
		v.Todo = w.todo(shelf.Work)
	}
	return v
}

// todo says what waits for the reader, and reminds of what ends 60 days before.
func (w protocolWords) todo(work ProtocolWork) []views.Todo {
	var list []views.Todo
	for _, part := range []struct {
		n         int
		icon, key string
	}{
		{work.ToApprove, "check2-square", "protocol.todo.approve"}, {work.ToSign, "pen", "protocol.todo.sign"},
		{work.Expired, "exclamation-circle", "protocol.todo.expired"}, {work.Expiring, "clock", "protocol.todo.expiring"},
	} {
		if part.n > 0 {
			list = append(list, views.Todo{Icon: part.icon, Text: w.tf(part.key, "Count", part.n)})
		}
	}
	return list
}

func (w protocolWords) line(l *ProtocolLine) views.Line {
	p, e := &l.Protocol, l.Evaluated
	who := p.UnitName
	if p.AllDesks {
		who = w.t("protocol.all_desks")
	}
	line := views.Line{Href: protocolPath(p.ID), Title: p.Title, Number: w.number(p), Counterpart: p.CounterpartName, Between: who,
		Tag: w.tag(l.Standing), Validity: w.validity(p), ValidityNote: w.untilEnd(p, l.Standing), Spots: w.spots(p, l.Left, l.Standing),
		Promise: w.days(p.AnswerDays), Referred: i18n.Number(w.ctx, int64(e.Referred))}
	line.NoSpots = p.Spots > 0 && l.Left == 0 && (l.Standing == StandsInForce || l.Standing == StandsExpiring)
	if l.Next != nil {
		line.Next = &views.Link{Href: protocolPath(l.Next.ID), Text: w.tf("protocol.next_version", "Version", l.Next.Version, "State", w.t(standingTags[l.NextStand].key))}
	}
	if e.Answered > 0 {
		line.Granted, line.InTime = share(e.Granted, e.Answered), share(e.InTime, e.Answered)
	}
	if e.Overdue > 0 {
		line.Overdue = w.tf("protocol.overdue", "Count", e.Overdue)
	}
	return line
}

// share is a rounded percentage.
func share(part, whole int) string {
	return strconv.Itoa((part*200+whole)/(2*whole)) + "\u00a0%"
}

func (w protocolWords) validity(p *Protocol) string {
	switch {
	case p.From.IsZero() || p.To.IsZero():
		return w.t("protocol.not_said")
	case p.ReplacedOn.IsZero():
		return w.tf("protocol.from_to", "From", p.From.Chilean(), "To", p.To.Chilean())
	}
	return w.tf("protocol.from_to", "From", p.From.Chilean(), "To", p.ReplacedOn.AddDays(-1).Chilean())
}

func (w protocolWords) untilEnd(p *Protocol, stands Standing) string {
	switch stands {
	case StandsExpiring:
		if w.today == p.To {
			return w.t("protocol.last_day")
		}
		return w.tf("protocol.days_left", "Count", w.today.DaysUntil(p.To))
	case StandsExpired:
		return w.tf("protocol.days_over", "Count", p.To.DaysUntil(w.today))
	case StandsUpcoming:
		return w.tf("protocol.begins_in", "Count", w.today.DaysUntil(p.From))
	}
	return ""
}

var leftKeys = map[Period]string{Monthly: "protocol.left.month", Quarterly: "protocol.left.quarter", Yearly: "protocol.left.year"}

var perKeys = map[Period]string{Monthly: "protocol.per.month", Quarterly: "protocol.per.quarter", Yearly: "protocol.per.year"}

// spots says what is left while it governs, else what was agreed.
func (w protocolWords) spots(p *Protocol, left int, stands Standing) string {
	switch {
	case p.Spots == 0:
		return w.t("protocol.unlimited")
	case stands == StandsInForce || stands == StandsExpiring:
		return w.tf(leftKeys[p.Period], "Left", i18n.Number(w.ctx, int64(left)), "Spots", i18n.Number(w.ctx, int64(p.Spots)))
	}
	return w.tf(perKeys[p.Period], "Count", p.Spots)
}

func (w protocolWords) days(n int) string {
	if n == 0 {
		return w.t("protocol.not_said")
	}
	return w.tf("protocol.working_days", "Count", n)
}

func (w protocolWords) begin(parties Parties, chosen ProtocolParties, errs ui.Errors) *views.Begin {
	v := &views.Begin{AllDesks: chosen.AllDesks, Errors: errs,
		Unit: ui.Input{Name: "unit", Label: w.t("protocol.field.unit"), Hint: w.t("protocol.field.unit_hint"), Value: chosen.Unit, Error: errs.Of("unit")},
		Counterpart: ui.Input{Name: "counterpart", Label: w.t("protocol.field.counterpart"), Hint: w.t("protocol.field.counterpart_hint"),
			Value: chosen.Counterpart, Error: errs.Of("counterpart")}}
	if len(parties.Units) != 1 {
		v.Units = append(v.Units, ui.Option{Text: w.t("protocol.choose")})
	}
	for _, u := range parties.Units {
		v.Units = append(v.Units, ui.Option{Value: u.Code, Text: u.Name})
	}
	v.Counterparts = append(v.Counterparts, ui.Option{Text: w.t("protocol.choose")})
	for _, u := range parties.Counterparts {
		v.Counterparts = append(v.Counterparts, ui.Option{Value: u.Code, Text: u.Name + " · " + w.t(partyKeys[u.Kind])})
	}
	return v
}

var partyKeys = map[UnitKind]string{
	Integrated: "protocol.party.integrated", Municipal: "protocol.party.municipal", Institution: "protocol.party.institution",
}

// saved says when the draft was kept.
func (w protocolWords) saved(revision int64, at time.Time) views.Saved {
	return views.Saved{Revision: strconv.FormatInt(revision, 10), Text: w.tf("protocol.saved", "At", i18n.Clock(w.ctx, at))}
}

func (w protocolWords) unsaved(revision int64) views.Saved {
	return views.Saved{Revision: strconv.FormatInt(revision, 10), Text: w.t("protocol.unsaved"), Trouble: true}
}

// form is the draft as it is written: with what was typed, where something was.
func (w protocolWords) form(c *web.Ctx, d *ProtocolDraftSheet, state formState) *views.Form {
	f := d.Form
	errs := state.errs
	field := func(in ui.Input, kept string) ui.Input {
		in.Value, in.Error = kept, errs.Of(in.Name)
		if state.typed {
			in.Value = c.Typed(in.Name)
		}
		return in
	}
	v := &views.Form{Key: f.Key, Action: protocolPath(d.ID), Page: protocolPath(d.ID), Heading: w.tf("protocol.edit_title", "Number", w.number(&d.Protocol)),
		Between: w.between(&d.Protocol), AllDesks: f.AllDesks, AllText: w.t("protocol.field.all_desks"), Errors: errs, ItemError: errs.Of("item"),
		ItemsHint: w.tf("protocol.field.items_hint", "Counterpart", d.CounterpartName),
		Title:     field(ui.Input{Name: "title", Label: w.t("protocol.field.title"), Hint: w.t("protocol.field.title_hint"), MaxLength: maxTitle}, f.Title),
		Inputs:    map[string]ui.Input{}, Full: len(f.Rows) >= mostRows}
	for _, in := range w.inputs(f) {
		v.Inputs[in.Name] = field(in, in.Value)
	}
	for _, p := range periods {
		v.Periods = append(v.Periods, ui.Option{Value: string(p), Text: w.t(periodKeys[p])})
	}
	for _, it := range d.Offer {
		item := views.Item{Code: it.Code, Name: it.Name}
		for _, code := range f.Codes {
			item.Checked = item.Checked || code == it.Code
		}
		v.Items = append(v.Items, item)
	}
	for i := range f.Rows {
		v.Rows = append(v.Rows, w.row(i, f.Rows[i], errs))
	}
	if state.focus > 0 {
		focusOn(c, &v.Rows[state.focus-1].Condition)
	}
	v.Saved, v.FocusAdd = w.savedLine(d, state), state.removed
	if d.Reason != "" && d.State == ProtocolDraft {
		v.Returned = w.tf("protocol.returned_because", "Reason", d.Reason)
	}
	if state.conflict != nil {
		v.Conflict = w.conflict(state.conflict)
	}
	return v
}

func (w protocolWords) savedLine(d *ProtocolDraftSheet, state formState) views.Saved {
	revision := d.Form.Revision
	if state.typed {
		return views.Saved{Revision: strconv.FormatInt(revision, 10), Text: w.t("protocol.not_saved_yet")}
	}
	return w.saved(revision, d.ChangedAt)
}

var periodKeys = map[Period]string{Monthly: "protocol.period.month", Quarterly: "protocol.period.quarter", Yearly: "protocol.period.year"}

// inputs are the fields of the clauses with what is kept in them.
func (w protocolWords) inputs(f ProtocolForm) []ui.Input {
	number := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	return []ui.Input{
		{Name: "eligibility", Label: w.t("protocol.field.eligibility"), Hint: w.t("protocol.field.eligibility_hint"), Value: f.Eligibility, Optional: true, MaxLength: maxClause},
		{Name: "spots", Label: w.t("protocol.field.spots"), Hint: w.t("protocol.field.spots_hint"), Value: number(f.Spots), Type: "number"},
		{Name: "spots_period", Label: w.t("protocol.field.period"), Value: f.Period},
		{Name: "documents", Label: w.t("protocol.field.documents"), Hint: w.t("protocol.field.documents_hint"), Value: f.Documents, Optional: true, Rows: 5},
		{Name: "process", Label: w.t("protocol.field.process"), Hint: w.t("protocol.field.process_hint"), Value: f.Process, Rows: 5, MaxLength: maxClause},
		{Name: "answer", Label: w.t("protocol.field.answer"), Hint: w.t("protocol.field.answer_hint"), Value: f.Answer, MaxLength: maxClause},
		{Name: "citizen_days", Label: w.t("protocol.field.citizen_days"), Hint: w.t("protocol.field.citizen_days_hint"), Value: number(f.CitizenDays), Type: "number"},
		{Name: "answer_days", Label: w.t("protocol.field.answer_days"), Hint: w.t("protocol.field.answer_days_hint"), Value: number(f.AnswerDays), Type: "number"},
		{Name: "valid_from", Label: w.t("protocol.field.from"), Value: f.From.Chilean(), Type: "date"},
		{Name: "valid_to", Label: w.t("protocol.field.to"), Hint: w.t("protocol.field.to_hint"), Value: f.To.Chilean(), Type: "date"},
		{Name: "evaluation", Label: w.t("protocol.field.evaluation"), Hint: w.t("protocol.field.evaluation_hint"), Value: f.Evaluation, Optional: true, MaxLength: maxClause},
	}
}

func (w protocolWords) row(i int, row CriterionRow, errs ui.Errors) views.Row {
	number := strconv.Itoa(i + 1)
	input := func(name, label, value string) ui.Input {
		field := catalogue.RowField(name, i)
		return ui.Input{Name: field, Label: label, Value: value, Error: errs.Of(field)}
	}
	v := views.Row{Index: strconv.Itoa(i), Number: number, First: i == 0,
		Join: input("join", w.t("protocol.criteria.join"), row.Join),
		Joins: []ui.Option{{Value: string(catalogue.JoinAnd), Text: w.t("protocol.join.and")}, {Value: string(catalogue.JoinOr), Text: w.t("protocol.join.or")},
			{Value: string(catalogue.JoinSame), Text: w.t("protocol.join.same")}},
		Scope:      input("scope", w.t("protocol.criteria.scope"), row.Scope),
		Scopes:     []ui.Option{{Value: "person", Text: w.t("protocol.scope.person")}, {Value: "any_member", Text: w.t("protocol.scope.any_member")}},
		Condition:  input("condition", w.t("protocol.criteria.condition"), row.Condition),
		Conditions: []ui.Option{{Text: w.t("protocol.choose")}},
		Value:      input("value", w.t("protocol.criteria.value"), row.Value),
	}
	for _, c := range catalogue.Conditions() {
		v.Conditions = append(v.Conditions, ui.Option{Value: c.Key, Text: w.t(c.TextKey)})
	}
	v.Value.Placeholder = w.t("protocol.criteria.value_example")
	return v
}

// focusOn lets a control take the focus when the answer arrives: a browser
// honours autofocus in a new page only.
func focusOn(c *web.Ctx, in *ui.Input) {
	in.Autofocus = !c.Fragment()
	if c.Fragment() {
		in.Attrs = templ.Attributes{"data-focus": true}
	}
}

// conflict puts both texts beside each other, clause by clause.
func (w protocolWords) conflict(saved *SavedProtocol) *views.Conflict {
	theirs := saved.Theirs
	v := &views.Conflict{Fresh: protocolPath(saved.ID) + "/edit",
		Text: w.tf("protocol.conflict.text", "Who", theirs.ChangedByName, "At", i18n.DateTime(w.ctx, theirs.ChangedAt))}
	for _, name := range differences(theirs, &saved.Protocol) {
		v.Rows = append(v.Rows, views.Clash{Label: w.t(clauseLabels[name]), Theirs: w.clause(theirs, name), Mine: w.clause(&saved.Protocol, name)})
	}
	return v
}

var clauseLabels = map[string]string{
	"title": "protocol.field.title", "all_desks": "protocol.field.all_desks", "item": "protocol.field.items", "criteria": "protocol.clause.1",
	"eligibility": "protocol.field.eligibility", "spots": "protocol.field.spots", "documents": "protocol.field.documents",
	"process": "protocol.field.process", "answer": "protocol.field.answer", "citizen_days": "protocol.field.citizen_days",
	"answer_days": "protocol.field.answer_days", "valid_from": "protocol.field.from", "valid_to": "protocol.field.to", "evaluation": "protocol.field.evaluation",
}

// clause is one field of a text in one line.
func (w protocolWords) clause(p *Protocol, name string) string {
	text := map[string]string{
		"title": p.Title, "all_desks": w.yesNo(p.AllDesks), "item": strings.Join(w.itemNames(p), ", "), "criteria": strings.Join(w.criteria(p), "; "),
		"eligibility": p.Eligibility, "spots": w.spots(p, 0, StandsDraft), "documents": strings.Join(p.Documents, ", "), "process": p.Process,
		"answer": p.Answer, "citizen_days": w.days(p.CitizenDays), "answer_days": w.days(p.AnswerDays), "valid_from": p.From.Chilean(),
		"valid_to": p.To.Chilean(), "evaluation": p.Evaluation,
	}[name]
	if text == "" {
		return w.t("protocol.not_said")
	}
	return text
}

func (w protocolWords) yesNo(b bool) string {
	if b {
		return w.t("protocol.yes")
	}
	return w.t("protocol.no")
}

// criteria are the rows in sentences.
func (w protocolWords) criteria(p *Protocol) []string {
	list := make([]string, len(p.Criteria))
	for i := range p.Criteria {
		list[i] = capital(p.Criteria[i].Sentence(w.ctx))
	}
	return list
}

func (w protocolWords) itemNames(p *Protocol) []string {
	if len(p.Items) == 0 {
		return []string{w.tf("protocol.all_items", "Counterpart", p.CounterpartName)}
	}
	list := make([]string, len(p.Items))
	for i, it := range p.Items {
		list[i] = it.Code + " · " + it.Name
	}
	return list
}

// capital begins a sentence.
func capital(text string) string {
	for i, r := range text {
		return strings.ToUpper(string(r)) + text[i+len(string(r)):]
	}
	return text
}
