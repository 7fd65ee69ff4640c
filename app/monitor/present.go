package monitor

import (
	"context"
	"fmt"
	"strconv"

	"gsl/app/kit/i18n"
	"gsl/templates/layout"
	views "gsl/templates/monitor"
)

// present puts the figures into words.
func present(ctx context.Context, f *Figures) *views.Page {
	v := &views.Page{Title: i18n.T(ctx, "monitor.title"), CSV: "/monitor.csv?desk=" + f.Scope,
		Intro: i18n.Tf(ctx, "monitor.intro", map[string]any{"Scope": scopeName(ctx, f, f.Scope), "Date": i18n.Date(ctx, f.Today)})}
	for _, s := range f.Scopes {
		v.Scopes = append(v.Scopes, views.Scope{Text: scopeName(ctx, f, s.Code), Href: "/monitor?desk=" + s.Code, Current: s.Code == f.Scope})
	}
	v.Cards = cards(ctx, f)
	v.Chart = chart(ctx, f)
	if f.Scope == Whole {
		v.Tables = append(v.Tables, counted(ctx, "desks", "shop-window", i18n.T(ctx, "monitor.desks"), i18n.T(ctx, "monitor.desk"), f.ByDesk, deskName))
	}
	v.Tables = append(v.Tables,
		counted(ctx, "levels", "signpost-split", i18n.T(ctx, "monitor.levels"), i18n.T(ctx, "monitor.level"), f.ByLevel, levelName),
		counted(ctx, "channels", "telephone", i18n.T(ctx, "monitor.channels"), i18n.T(ctx, "monitor.channel"), f.ByChannel, channelName),
		counted(ctx, "outcomes", "reply", i18n.T(ctx, "monitor.outcomes"), i18n.T(ctx, "monitor.outcome"), f.Outcomes, outcomeName),
		counted(ctx, "topics", "tags", i18n.T(ctx, "monitor.topics"), i18n.T(ctx, "monitor.topic"), f.ByTopic, topicName),
		flows(ctx, f))
	v.Words = words(ctx, f.Scope != Whole)
	return v
}

func scopeName(ctx context.Context, f *Figures, code string) string {
	for _, s := range f.Scopes {
		if s.Code == code && s.Name != "" {
			return s.Name
		}
	}
	if code == Whole {
		return i18n.T(ctx, "monitor.whole")
	}
	return layout.RoleName(ctx, code)
}

func cards(ctx context.Context, f *Figures) []views.Card {
	before := func(n int) string {
		return i18n.Tf(ctx, "monitor.before", map[string]any{"Count": n})
	}
	list := []views.Card{
		{Icon: "chat-dots", Label: i18n.T(ctx, "monitor.card.attentions"), Value: number(ctx, f.Attention.This), Note: before(f.Attention.Last)},
		{Icon: "send", Label: i18n.T(ctx, "monitor.card.made"), Value: number(ctx, f.Made.This), Note: before(f.Made.Last)},
	}
	if f.Scope != Whole {
		list = append(list, views.Card{Icon: "inbox", Label: i18n.T(ctx, "monitor.card.received"), Value: number(ctx, f.Received.This), Note: before(f.Received.Last)})
	}
	overdue := views.Card{Icon: "alarm", Label: i18n.T(ctx, "monitor.card.overdue"), Value: number(ctx, f.Overdue), Note: i18n.T(ctx, "monitor.no_overdue")}
	if f.Overdue > 0 {
		overdue.Icon, overdue.Urgent, overdue.Note = "exclamation-circle", true, i18n.T(ctx, "monitor.some_overdue")
	}
	return append(list,
		views.Card{Icon: "reply", Label: i18n.T(ctx, "monitor.card.answered"), Value: number(ctx, f.This.Count), Note: before(f.Last.Count)},
		views.Card{Icon: "stopwatch", Label: i18n.T(ctx, "monitor.card.median"), Value: days(ctx, &f.This), Note: promised(ctx, f)},
		views.Card{Icon: "check2-circle", Label: i18n.T(ctx, "monitor.card.in_time"), Value: inTime(&f.This),
			Note: i18n.Tf(ctx, "monitor.before_share", map[string]any{"Share": inTime(&f.Last)})},
		overdue)
}

func promised(ctx context.Context, f *Figures) string {
	if f.This.Count == 0 {
		return i18n.T(ctx, "monitor.none_answered")
	}
	return i18n.Tf(ctx, "monitor.promise", map[string]any{"Count": f.This.Promise, "Last": days(ctx, &f.Last)})
}

// none stands where nothing can be said.
const none = "–"

func number(ctx context.Context, n int) string { return i18n.Number(ctx, int64(n)) }

func days(ctx context.Context, r *Replies) string {
	if r.Count == 0 {
		return none
	}
	return i18n.Tf(ctx, "monitor.days", map[string]any{"Count": r.Median})
}

// share is a part in whole per cent.
func share(part, whole int) string {
	if whole == 0 {
		return none
	}
	return strconv.Itoa((part*200+whole)/(2*whole)) + " %"
}

func inTime(r *Replies) string { return share(r.InTime, r.Count) }

// counted is a table of figures by one thing.
func counted(ctx context.Context, id, icon, title, head string, list []Line, name func(context.Context, *Line) string) views.Table {
	t := views.Table{ID: id, Icon: icon, Title: title, Head: head, Empty: i18n.T(ctx, "monitor.empty"),
		Columns: []string{i18n.T(ctx, "monitor.this"), i18n.T(ctx, "monitor.last"), i18n.T(ctx, "monitor.year"), i18n.T(ctx, "monitor.share")}}
	all := 0
	for i := range list {
		all += list[i].Year
	}
	for i := range list {
		l := &list[i]
		t.Rows = append(t.Rows, views.Row{Name: name(ctx, l), Cells: texts(number(ctx, l.This), number(ctx, l.Last), number(ctx, l.Year), share(l.Year, all))})
	}
	return t
}

func texts(list ...string) []views.Cell {
	cells := make([]views.Cell, len(list))
	for i, text := range list {
		cells[i] = views.Cell{Text: text}
	}
	return cells
}

// flows is the table of destinations.
func flows(ctx context.Context, f *Figures) views.Table {
	t := views.Table{ID: "flows", Icon: "arrow-left-right", Title: i18n.T(ctx, "monitor.flows"), Meta: i18n.T(ctx, "monitor.flows_meta"), Wide: true,
		Head: i18n.T(ctx, "monitor.destination"), Empty: i18n.T(ctx, "monitor.empty"), Columns: []string{
			i18n.T(ctx, "monitor.made_this"), i18n.T(ctx, "monitor.made_last"), i18n.T(ctx, "monitor.made_year"), i18n.T(ctx, "monitor.answered_year"),
			i18n.T(ctx, "monitor.in_time"), i18n.T(ctx, "monitor.median"), i18n.T(ctx, "monitor.promised"), i18n.T(ctx, "monitor.overdue")}}
	for i := range f.Flows {
		l := &f.Flows[i]
		promise := none
		if l.Year.Count > 0 {
			promise = i18n.Tf(ctx, "monitor.days", map[string]any{"Count": l.Year.Promise})
		}
		cells := texts(number(ctx, l.Made.This), number(ctx, l.Made.Last), number(ctx, l.Made.Year), number(ctx, l.Year.Count),
			inTime(&l.Year), days(ctx, &l.Year), promise, number(ctx, l.Overdue))
		cells[len(cells)-1].Late = l.Overdue > 0
		cells[5].Late = l.Year.Median > l.Year.Promise
		t.Rows = append(t.Rows, views.Row{Name: l.Name, Cells: cells})
	}
	return t
}

// rows are the tables of the page as one: a figure a row.
func rows(ctx context.Context, v *views.Page) [][]string {
	list := [][]string{{i18n.T(ctx, "monitor.csv.table"), i18n.T(ctx, "monitor.csv.row"), i18n.T(ctx, "monitor.csv.column"), i18n.T(ctx, "monitor.csv.value")}}
	for _, c := range v.Cards {
		list = append(list, []string{v.Intro, c.Label, i18n.T(ctx, "monitor.this"), c.Value})
	}
	for _, t := range append([]views.Table{v.Chart.Table}, v.Tables...) {
		for _, r := range t.Rows {
			for i, cell := range r.Cells {
				list = append(list, []string{t.Title, r.Name, t.Columns[i], cell.Text})
			}
		}
	}
	return list
}

func deskName(ctx context.Context, l *Line) string {
	if l.Name != "" {
		return l.Name
	}
	return layout.RoleName(ctx, l.Code)
}

func topicName(ctx context.Context, l *Line) string {
	if l.Name == "" {
		return i18n.T(ctx, "monitor.no_topic")
	}
	return l.Name
}

var levelKeys = map[string]string{
	"oriented": "monitor.level.oriented",
	"referred": "monitor.level.referred",
	"casework": "monitor.level.casework",
}

func levelName(ctx context.Context, l *Line) string { return i18n.T(ctx, levelKeys[l.Code]) }

var channelKeys = map[string]string{
	"in_person": "monitor.channel.in_person",
	"phone":     "monitor.channel.phone",
	"video":     "monitor.channel.video",
	"home":      "monitor.channel.home",
	"mail":      "monitor.channel.mail",
}

func channelName(ctx context.Context, l *Line) string { return i18n.T(ctx, channelKeys[l.Code]) }

var outcomeKeys = map[string]string{
	"granted":        "monitor.outcome.granted",
	"not-granted":    "monitor.outcome.not_granted",
	"did-not-attend": "monitor.outcome.did_not_attend",
	"withdrawn":      "monitor.outcome.withdrawn",
	"not-applicable": "monitor.outcome.not_applicable",
}

func outcomeName(ctx context.Context, l *Line) string { return i18n.T(ctx, outcomeKeys[l.Code]) }

// words are the one definition of each figure.
func words(ctx context.Context, unit bool) []views.Word {
	list := []views.Word{
		{Name: i18n.T(ctx, "monitor.word.attention"), Means: i18n.T(ctx, "monitor.means.attention")},
		{Name: i18n.T(ctx, "monitor.word.level"), Means: i18n.T(ctx, "monitor.means.level")},
		{Name: i18n.T(ctx, "monitor.word.made"), Means: i18n.T(ctx, "monitor.means.made")},
		{Name: i18n.T(ctx, "monitor.word.answered"), Means: i18n.T(ctx, "monitor.means.answered")},
		{Name: i18n.T(ctx, "monitor.word.median"), Means: i18n.T(ctx, "monitor.means.median")},
		{Name: i18n.T(ctx, "monitor.word.promise"), Means: i18n.T(ctx, "monitor.means.promise")},
		{Name: i18n.T(ctx, "monitor.word.overdue"), Means: i18n.T(ctx, "monitor.means.overdue")},
		{Name: i18n.T(ctx, "monitor.word.months"), Means: i18n.T(ctx, "monitor.means.months")},
	}
	if unit {
		list = append(list, views.Word{Name: i18n.T(ctx, "monitor.word.unit"), Means: i18n.T(ctx, "monitor.means.unit")})
	}
	return list
}

// monthKeys are the short names of the months.
var monthKeys = [12]string{"monitor.month.1", "monitor.month.2", "monitor.month.3", "monitor.month.4", "monitor.month.5", "monitor.month.6",
	"monitor.month.7", "monitor.month.8", "monitor.month.9", "monitor.month.10", "monitor.month.11", "monitor.month.12"}

func monthName(ctx context.Context, m *Month) string {
	return i18n.T(ctx, monthKeys[m.First.Month()-1]) + " " + fmt.Sprintf("%02d", m.First.Year()%100)
}
