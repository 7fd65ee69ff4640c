package referral

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	"gsl/templates/layout"
	views "gsl/templates/referral"
	"gsl/templates/ui"
)

// Where a referral is shown.
const (
	atPage  = "page"
	atInbox = "inbox" // in a row of the inbox
	atFile  = "file"  // in a row of the file's list
)

// screen makes views for one reader at one time.
type screen struct {
	ctx      context.Context
	who      actor.Actor
	at       string
	box      Box        // of the inbox that is shown
	verb     Verb       // of a form that came back
	typed    url.Values // with what was typed
	errs     ui.Errors
	conflict string

	clocks map[clockKey]views.Clock // that were said in this list: most rows have one of a few days
	sent   map[sentKey]string
}

// clockKey is all that clockOf says of a referral on one day.
type clockKey struct {
	state                                          State
	due, documents, created, since, ended, changed calendar.Date
}

type sentKey struct {
	by string
	on calendar.Date
}

// clock is clockOf, said once for the rows that say the same.
func (s *screen) clock(r *Referral, today calendar.Date) views.Clock {
	key := clockKey{state: r.State}
	switch r.State {
	case Waiting:
		key.since, key.documents = calendar.On(r.WaitingSince), r.DocumentsDue
	case Answered, Closed:
		key.created, key.ended = calendar.On(r.CreatedAt), calendar.On(r.AnsweredAt)
	case Returned, Cancelled:
		key.changed = calendar.On(r.ChangedAt)
	default:
		key.due = r.Due
	}
	said, ok := s.clocks[key]
	if !ok {
		said = clockOf(s.ctx, r, today)
		if s.clocks == nil {
			s.clocks = map[clockKey]views.Clock{}
		}
		s.clocks[key] = said
	}
	return said
}

// sentBy says who sent it and when.
func (s *screen) sentBy(r *Referral) string {
	key := sentKey{r.CreatedByName, calendar.On(r.CreatedAt)}
	said, ok := s.sent[key]
	if !ok {
		said = i18n.Tf(s.ctx, "referral.sent_by", map[string]any{"Name": r.CreatedByName, "On": dayText(r.CreatedAt)})
		if s.sent == nil {
			s.sent = map[sentKey]string{}
		}
		s.sent[key] = said
	}
	return said
}

func (s *screen) t(key string) string { return i18n.T(s.ctx, key) }

func address(id string) string { return "/referrals/" + id }

// panel is everything of one referral.
func (s *screen) panel(shown *Shown) views.Panel {
	r := &shown.Referral
	p := views.Panel{ID: r.ID, Version: strconv.FormatInt(r.Version, 10), At: s.at, Box: string(s.box), Letter: r.ByLetter() && r.State == Sent, Folio: r.Folio(), Title: r.Name, State: StateTag(s.ctx, r), Key: string(r.State),
		Clock: clockOf(s.ctx, r, shown.Today), Href: address(r.ID), Fields: s.asked(r), Documents: r.Requirements, Note: r.Note,
		Override: r.OverrideReason, Answer: s.answer(r), History: lines(s.ctx, shown.History), Errors: s.errs, Conflict: s.conflict}
	if s.at == atInbox {
		p.Person, p.FileHref = s.person(&shown.File), "/files/"+r.FileID
	}
	if r.PlanID != "" {
		p.Plan = &views.Term{Label: s.t("referral.open_plan"), Text: "/plans/" + r.PlanID}
	}
	p.Facts, p.External = s.facts(r, shown), s.external(r)
	for _, verb := range shown.Acts {
		if act, ok := s.act(verb, shown); ok {
			p.Acts = append(p.Acts, act)
		}
	}
	s.waits(&p, shown)
	if s.conflict != "" && !slices.Contains(shown.Acts, s.verb) {
		p.Typed = s.lost()
	}
	return p
}

func (s *screen) person(f *people.File) []views.Term {
	list := []views.Term{{Label: s.t("referral.person.name"), Text: people.DisplayName(s.ctx, *f)}, {Label: s.t("referral.person.number"), Text: f.Number()}}
	if f.Phone != "" {
		list = append(list, views.Term{Label: s.t("referral.person.phone"), Text: people.FormatPhone(f.Phone)})
	}
	if f.Address != "" {
		list = append(list, views.Term{Label: s.t("referral.person.address"), Text: f.Address})
	}
	return list
}

func (s *screen) asked(r *Referral) []views.Term {
	list := fieldPairs(s.ctx, r.Fields)
	said := slices.ContainsFunc(r.Fields, func(f FieldValue) bool { return f.Value == r.Member }) // the item's own question
	if r.MemberName != "" && !said {
		list = append([]views.Term{{Label: s.t("referral.member"), Text: r.MemberName}}, list...)
	}
	return list
}

func (s *screen) facts(r *Referral, shown *Shown) []views.Term {
	sent := deskText(s.ctx, r) + " · " + r.CreatedByName
	list := []views.Term{{Label: s.t("referral.column.from"), Text: sent}, {Label: s.t("referral.sent_on"), Text: whenText(r.CreatedAt)},
		{Label: s.t("referral.column.to"), Text: r.UnitName}}
	if r.ByLetter() {
		list = append(list, s.contact(&shown.To)...)
	}
	list = append(list, views.Term{Label: s.t("referral.promise"), Text: i18n.Tf(s.ctx, "referral.promise_of", map[string]any{"Count": r.Promise, "On": r.Due.Chilean()})})
	if r.PausedDays > 0 {
		list = append(list, views.Term{Label: s.t("referral.paused"), Text: i18n.Tf(s.ctx, "referral.paused_days", map[string]any{"Count": r.PausedDays})})
	}
	if r.AssignedName != "" {
		list = append(list, views.Term{Label: s.t("referral.column.handler"), Text: r.AssignedName})
	}
	if r.Source == FromScreening || r.Own() {
		list = append(list, views.Term{Label: s.t("referral.source"), Text: s.t(sourceKeys[r.Source])})
	}
	return list
}

var sourceKeys = map[Source]string{FromPlan: "referral.source.plan", FromAttention: "referral.source.attention",
	FromScreening: "referral.source.screening", OwnRequest: "referral.source.own"}

func (s *screen) contact(u *Unit) []views.Term {
	var list []views.Term
	for _, part := range []views.Term{{Label: s.t("referral.unit.contact"), Text: u.Contact}, {Label: s.t("referral.person.phone"), Text: u.Phone},
		{Label: s.t("referral.unit.email"), Text: u.Email}, {Label: s.t("referral.person.address"), Text: u.Address}} {
		if part.Text != "" {
			list = append(list, part)
		}
	}
	return list
}

func (s *screen) external(r *Referral) []views.Term {
	if r.ExternalNumber == "" && r.ExternalStatus == "" {
		return nil
	}
	list := []views.Term{{Label: s.t("referral.external.number"), Text: or(r.ExternalNumber, "—")}}
	if r.ExternalStatus != "" {
		list = append(list, views.Term{Label: s.t("referral.external.status"), Text: r.ExternalStatus})
	}
	if !r.ExternalOn.IsZero() {
		list = append(list, views.Term{Label: s.t("referral.external.on"), Text: r.ExternalOn.Chilean()})
	}
	return list
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func (s *screen) answer(r *Referral) *views.Answer {
	if r.Outcome == "" {
		return nil
	}
	by := or(r.AnsweredByName, s.t("referral.by_itself"))
	return &views.Answer{Outcome: outcomeTag(s.ctx, r.Outcome), Reason: r.Reason, Note: r.AnswerNote, By: by + " · " + whenText(r.AnsweredAt)}
}

// waits says who has the next step when it is not the reader.
func (s *screen) waits(p *views.Panel, shown *Shown) {
	r := &shown.Referral
	switch {
	case (r.State.running() || r.State == Waiting) && !r.handles(s.who):
		p.Waits = i18n.Tf(s.ctx, "referral.waits.unit", map[string]any{"Unit": r.UnitName})
	case r.State == Returned && !r.sends(s.who):
		p.Waits = i18n.Tf(s.ctx, "referral.waits.sender", map[string]any{"Unit": deskText(s.ctx, r)})
	case r.State == Answered && !r.sends(s.who):
		p.Waits = i18n.Tf(s.ctx, "referral.waits.acknowledge", map[string]any{"Unit": deskText(s.ctx, r)})
	}
}

// row is one line of a list; open puts the referral into it.
func (s *screen) row(r *Row, today calendar.Date, out bool) views.Row {
	v := views.Row{ID: r.ID, Folio: r.Folio(), What: r.Name, Detail: r.MemberName, Clock: s.clock(&r.Referral, today),
		Handler: or(r.AssignedName, "—"), State: StateTag(s.ctx, &r.Referral), Key: string(r.State), List: s.at, Box: string(s.box)}
	v.Party, v.PartyBy = deskText(s.ctx, &r.Referral), r.CreatedByName
	if out {
		v.Party, v.PartyBy = r.UnitName, s.sentBy(&r.Referral)
	}
	if s.at == atInbox {
		v.Person = or(r.Person, s.t("people.unnamed"))
	}
	return v
}

// inbox is one page of the inbox.
func (s *screen) inbox(in *Inbox) views.Inbox {
	b := in.Query.Box
	s.box = b
	v := views.Inbox{Title: s.t(boxKeys[b].title), Icon: boxKeys[b].icon, Count: in.Counts.Of(b), Out: b.Out(), Filter: s.filter(in),
		Empty: s.t(boxKeys[b].empty), EmptyHint: s.t("referral.inbox.empty_hint"), Here: in.Query.address(""), Pulse: in.Query.pulse(in.Beat)}
	if in.Query.filters() {
		v.Empty, v.EmptyHint, v.Count = s.t("referral.inbox.none_match"), s.t("referral.inbox.none_match_hint"), -1
	}
	v.Groups = s.groups(in)
	if hasInbox(s.who) && b.bulk() {
		v.Bulk = s.bulk(in)
	}
	v.Rows = make(views.Rows, 0, len(in.Rows))
	for i := range in.Rows {
		row := s.row(&in.Rows[i], in.Today, v.Out)
		if row.Picks = v.Bulk != nil; row.Picks {
			row.Select = i18n.Tf(s.ctx, "referral.pick", map[string]any{"Name": row.Person, "What": row.What})
		}
		v.Rows = append(v.Rows, row)
	}
	if in.Next != "" {
		v.Next = in.Query.address(in.Next)
	}
	if in.Query.After != "" {
		v.First = in.Query.address("")
	}
	return v
}

type boxWords struct{ label, title, empty, icon string }

var boxKeys = map[Box]boxWords{
	BoxNew:      {"referral.box.new", "referral.box.new_title", "referral.box.new_empty", "envelope"},
	BoxProgress: {"referral.box.in_progress", "referral.box.in_progress_title", "referral.box.in_progress_empty", "arrow-repeat"},
	BoxOverdue:  {"referral.box.overdue", "referral.box.overdue_title", "referral.box.overdue_empty", "exclamation-circle"},
	BoxWaiting:  {"referral.box.waiting", "referral.box.waiting_title", "referral.box.waiting_empty", "pause-circle"},
	BoxAnswered: {"referral.box.answered", "referral.box.answered_title", "referral.box.answered_empty", "reply"},
	BoxReturned: {"referral.box.returned", "referral.box.returned_title", "referral.box.returned_empty", "arrow-return-left"},
	OutAnswered: {"referral.box.replies", "referral.box.replies_title", "referral.box.replies_empty", "chat-square-text"},
	OutReturned: {"referral.box.sent_back", "referral.box.sent_back_title", "referral.box.sent_back_empty", "arrow-return-left"},
	OutOpen:     {"referral.box.sent", "referral.box.sent_title", "referral.box.sent_empty", "send"},
	OutOver:     {"referral.box.ended", "referral.box.ended_title", "referral.box.ended_empty", "check2-circle"},
}

// groups are the tabs: what came, what was sent.
func (s *screen) groups(in *Inbox) []views.Group {
	var list []views.Group
	for _, side := range []struct {
		key   string
		boxes []Box
	}{{"referral.inbox.in", inBoxes}, {"referral.inbox.out", outBoxes}} {
		g := views.Group{Label: s.t(side.key)}
		for _, b := range side.boxes {
			if !slices.Contains(in.Boxes, b) {
				continue
			}
			g.Tabs = append(g.Tabs, views.Tab{Key: string(b), Label: s.t(boxKeys[b].label), Href: "/inbox?box=" + string(b), Count: in.Counts.Of(b),
				Urgent: b == BoxOverdue || b == OutReturned, Current: b == in.Query.Box})
		}
		if len(g.Tabs) > 0 {
			list = append(list, g)
		}
	}
	return list
}

func (s *screen) filter(in *Inbox) views.Filter {
	q := in.Query
	f := views.Filter{Box: string(q.Box), Item: ui.Input{Name: "item", Label: s.t("referral.filter.item"), Value: q.Item}}
	f.Items = append(f.Items, ui.Option{Text: s.t("referral.filter.any_item")})
	for _, it := range in.Items {
		f.Items = append(f.Items, ui.Option{Value: it.Code, Text: it.Name})
	}
	if len(in.Colleagues) > 0 && !q.Box.Out() {
		f.Assigned = &ui.Input{Name: "assigned", Label: s.t("referral.column.handler"), Value: q.Assigned}
		f.People = []ui.Option{{Text: s.t("referral.filter.anybody")}, {Value: mine, Text: s.t("referral.filter.mine")}, {Value: nobody, Text: s.t("referral.filter.nobody")}}
		for _, c := range in.Colleagues {
			f.People = append(f.People, ui.Option{Value: c.UserID, Text: c.Name})
		}
	}
	if q.Box.byDue() && q.Box != BoxWaiting {
		f.Due = &ui.Input{Name: "due", Label: s.t("referral.column.due"), Value: q.Due}
		f.Dues = []ui.Option{{Text: s.t("referral.filter.any_due")}, {Value: dueLate, Text: s.t("referral.filter.late")},
			{Value: dueToday, Text: s.t("referral.filter.today")}, {Value: dueWeek, Text: s.t("referral.filter.week")}}
	}
	if q.filters() {
		f.Clear = "/inbox?box=" + string(q.Box)
	}
	return f
}

// bulk is what the actor may do with several rows of the box.
func (s *screen) bulk(in *Inbox) *views.Bulk {
	b := views.Bulk{Box: string(in.Query.Box), Receive: in.Query.Box == BoxNew}
	if canAssign(s.who) {
		b.People = s.assignees(in.Colleagues)
	}
	if !b.Receive && len(b.People) == 0 {
		return nil
	}
	return &b
}

func (q Query) filters() bool { return q.Item != "" || q.Assigned != "" || q.Due != "" }

func (q Query) values() url.Values {
	v := url.Values{"box": {string(q.Box)}}
	for name, value := range map[string]string{"item": q.Item, "assigned": q.Assigned, "due": q.Due} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}

// address is the page that begins after a cursor.
func (q Query) address(after string) string {
	v := q.values()
	if after != "" {
		v.Set("after", after)
	}
	return "/inbox?" + v.Encode()
}

// pulse is what the open page asks for news.
func (q Query) pulse(beat uint64) string {
	v := q.values()
	if q.After != "" {
		v.Set("after", q.After)
	}
	v.Set("beat", strconv.FormatUint(beat, 10))
	return "/inbox/pulse?" + v.Encode()
}

// list is the referrals of a file.
func (s *screen) list(shown *FileShown) views.List {
	v := views.List{FileID: shown.File.ID, Hidden: shown.Hidden}
	if canRefer(s.who) {
		v.New = "/files/" + shown.File.ID + "/referrals/new"
	}
	for i := range shown.List {
		r := &shown.List[i]
		row := s.row(&Row{Referral: *r}, shown.Today, true)
		if r.State.Open() || r.State == Answered {
			v.Open = append(v.Open, row)
		} else {
			v.Over = append(v.Over, row)
		}
	}
	return v
}

func section(frame *layout.FileFrame, key string) layout.Section {
	for _, one := range frame.Sections {
		if one.Key == key {
			return one
		}
	}
	return layout.Section{}
}
