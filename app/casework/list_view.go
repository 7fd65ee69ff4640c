package casework

import (
	"context"
	"net/url"
	"strconv"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	views "gsl/templates/casework"
	"gsl/templates/ui"
)

// listView is the view of a list, with what a form that comes back needs.
type listView struct{ *views.List }

// listPath is the address of a list. A working list says itself what it shows. A
// board has two hundred such addresses: they are written without url.Values.
func listPath(a Ask) string { return "/cases" + questionOf(a) }

func questionOf(a Ask) string {
	if a.List != "" {
		a.Worker, a.Age, a.Still = "", 0, false
	}
	var room [96]byte // on the stack
	q := room[:0]
	add := func(asked bool, name, value string) {
		if asked && value != "" {
			q = append(append(append(append(q, '&'), name...), '='), url.QueryEscape(value)...)
		}
	}
	add(true, "after", a.After)
	add(a.Age != 0, "age", strconv.Itoa(a.Age))
	add(true, "list", a.List)
	add(!a.Board, "mine", "1")
	add(a.Still, "still", "1")
	add(true, "worker", a.Worker)
	if len(q) == 0 {
		return ""
	}
	q[0] = '?'
	return string(q)
}

// ageKeys name the buckets of age.
var ageKeys = [Ages]string{"casework.age.first", "casework.age.second", "casework.age.third", "casework.age.fourth"}

// presentList puts a list into words.
func presentList(ctx context.Context, who actor.Actor, list *List) listView {
	v := &views.List{Title: i18n.T(ctx, "casework.mine"), Board: list.Board, Here: listPath(list.Ask),
		Meta:  i18n.Tf(ctx, "casework.count", map[string]any{"Count": list.Total}),
		Empty: i18n.T(ctx, "casework.mine_empty"), Todo: i18n.T(ctx, "casework.mine_todo")}
	if who.Can(access.AssignCase) {
		v.Tabs = []views.Tab{
			{Text: i18n.T(ctx, "casework.tab.board"), Href: "/cases", Current: list.Board},
			{Text: i18n.T(ctx, "casework.mine"), Href: "/cases?mine=1", Current: !list.Board},
		}
	}
	if list.Board {
		v.Title = i18n.Tf(ctx, "casework.board", map[string]any{"Unit": list.Unit})
		v.Empty, v.Todo = i18n.T(ctx, "casework.board_empty"), i18n.T(ctx, "casework.board_todo")
		v.Reassign = &views.Reassign{Staff: staffOptions(ctx, list.Staff, list.Absent), From: list.Worker, Total: list.Total}
		if list.Worker != "" && list.Total > 1 && !list.narrowed() && list.List == "" {
			v.Reassign.WholeText = i18n.Tf(ctx, "casework.whole", map[string]any{"Count": list.Total})
		}
	}
	if list.narrowed() || list.List != "" {
		v.Empty, v.Todo = i18n.T(ctx, "casework.board_empty"), i18n.T(ctx, "casework.narrow_todo")
	}
	presentCounts(ctx, list, v)
	presentLists(ctx, who, list, v)
	presentRows(ctx, list, v)
	return listView{v}
}

func presentRows(ctx context.Context, list *List, v *views.List) {
	first, next := list.Ask, list.Ask
	first.After, next.After = "", list.Next
	if list.After != "" {
		v.First = listPath(first)
	}
	if list.Next != "" {
		v.Next = listPath(next)
	}
	if list.Total > 0 {
		v.Export = "/cases.csv" + questionOf(first)
	}
	for i := range list.Rows {
		v.Rows = append(v.Rows, presentRow(ctx, &list.Rows[i], list))
	}
}

func presentRow(ctx context.Context, r *Row, list *List) views.Row {
	days := r.Still(list.Today)
	v := views.Row{ID: r.ID, Href: "/files/" + r.FileID + "/screening", Name: people.DisplayName(ctx, r.File), Number: r.File.Number(), Veiled: r.File.Veiled,
		Circle: r.Circle, Worker: r.WorkerName, WorkerID: r.WorkerID, Moved: i18n.Date(ctx, calendar.On(r.MovedAt)),
		Age:   i18n.Tf(ctx, "casework.age.days", map[string]any{"Count": calendar.On(r.OpenedAt).DaysUntil(list.Today)}),
		Still: i18n.Tf(ctx, "casework.days", map[string]any{"Count": days}), Late: days >= lateAfter && r.Circle != "closed", CaseHref: "/files/" + r.FileID + "/case"}
	if r.Circle != "" {
		v.Href = "/files/" + r.FileID + "/plan"
	}
	if r.Pending > 0 {
		v.Pending = i18n.Tf(ctx, "casework.pending", map[string]any{"Count": r.Pending})
	}
	if !r.Last.On.IsZero() {
		v.Last, v.LastAbout = i18n.Date(ctx, r.Last.On), r.Last.About
	}
	if days == 0 {
		v.Still = i18n.T(ctx, "casework.today")
	}
	switch {
	case list.Board && r.Away != nil:
		v.Note = awayText(ctx, r.Away)
	case !list.Board && !r.Mine:
		v.Note = i18n.Tf(ctx, "casework.replacing", map[string]any{"Name": r.WorkerName})
	}
	return v
}

// presentCounts puts the board into words: of a unit a line for each worker, of
// the own cases a line of chips.
func presentCounts(ctx context.Context, list *List, v *views.List) {
	all := Load{}
	for i := range list.Loads {
		for age := range Ages {
			all.Ages[age].Cases += list.Loads[i].Ages[age].Cases
			all.Ages[age].Still += list.Loads[i].Ages[age].Still
		}
	}
	if list.chosen() || all.Count(0, false) == 0 {
		return
	}
	if !list.Board {
		line := cellsOf(ctx, list, "", &all)
		line.Total.Text = i18n.T(ctx, "casework.all")
		v.Filter = append(append([]views.Tab{line.Total}, line.Ages...), line.Still)
		return
	}
	v.Matrix = &views.Matrix{All: cellsOf(ctx, list, "", &all)}
	v.Matrix.All.Name = i18n.T(ctx, "casework.all")
	for _, key := range ageKeys {
		v.Matrix.Ages = append(v.Matrix.Ages, i18n.T(ctx, key))
	}
	for i := range list.Loads {
		l := &list.Loads[i]
		worker, name := l.WorkerID, l.WorkerName
		if worker == "" {
			worker, name = NoWorker, i18n.T(ctx, "casework.nobody")
		}
		line := cellsOf(ctx, list, worker, l)
		line.Name, line.Waits = name, l.WorkerID == ""
		v.Matrix.Lines = append(v.Matrix.Lines, line)
	}
}

// cellsOf are the counts of a worker, each leading to its cases.
func cellsOf(ctx context.Context, list *List, worker string, l *Load) views.MatrixLine {
	cell := func(age int, still bool, text string) views.Tab {
		n := l.Count(age, still)
		t := views.Tab{Text: text, Count: i18n.Number(ctx, int64(n)), Href: listPath(Ask{Board: list.Board, Worker: worker, Age: age, Still: still}),
			Current: list.Worker == worker && list.Age == age && list.Still == still}
		if n == 0 && !t.Current {
			t.Href = ""
		}
		return t
	}
	line := views.MatrixLine{Total: cell(0, false, ""), Still: cell(0, true, i18n.Tf(ctx, "casework.still", map[string]any{"Days": lateAfter}))}
	for i := range Ages {
		line.Ages = append(line.Ages, cell(i+1, false, i18n.T(ctx, ageKeys[i])))
	}
	return line
}

// presentLists puts the working lists into words, and what can be done with them.
func presentLists(ctx context.Context, who actor.Actor, list *List, v *views.List) {
	save := &views.SaveList{Into: []ui.Option{{Text: i18n.T(ctx, "casework.list.new")}}}
	for i := range list.Lists {
		w := &list.Lists[i]
		t := views.Tab{Text: w.Name, Href: listPath(Ask{Board: list.Board, List: w.ID}), Icon: "list-check", Current: w.ID == list.List}
		if w.Condition != "" {
			t.Icon = "funnel"
		} else {
			save.Into = append(save.Into, ui.Option{Value: w.ID, Text: w.Name})
		}
		v.Lists = append(v.Lists, t)
	}
	if list.narrowed() && list.List == "" {
		save.Condition = list.condition()
	}
	v.Save = save
	if w := list.Opened; w != nil {
		v.Title = w.Name
		v.Opened = &views.OpenedList{Remove: "/cases/lists/" + w.ID + "/remove", By: i18n.Tf(ctx, "casework.list.by", map[string]any{"Name": w.OwnerName}),
			Shared: w.Shared, Mine: w.OwnerID == who.UserID || who.Can(access.AssignCase), Means: conditionText(ctx, w.Condition)}
		if w.Condition == "" {
			v.Opened.TakeOut = "/cases/lists/" + w.ID + "/take"
		}
	}
}

// conditionText says which cases a condition lets through.
func conditionText(ctx context.Context, condition string) string {
	query, err := url.ParseQuery(condition)
	if err != nil || condition == "" {
		return ""
	}
	var a Ask
	a.narrow(query)
	text := ""
	if a.Age != 0 {
		text = i18n.T(ctx, ageKeys[a.Age-1])
	}
	if a.Still {
		if text != "" {
			text += " · "
		}
		text += i18n.Tf(ctx, "casework.still", map[string]any{"Days": strconv.Itoa(lateAfter)})
	}
	return text
}
