package casework

import (
	"context"
	"errors"
	"net/url"
	"slices"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	views "gsl/templates/casework"
	"gsl/templates/layout"
	"gsl/templates/ui"
)

// lateAfter is after how many days without movement a case stands out.
const lateAfter = 30

// listView is the view of a list, with what a form that comes back needs.
type listView struct{ *views.List }

// listPath is the address of a list.
func listPath(a Ask) string {
	query := url.Values{}
	if a.Worker != "" {
		query.Set("worker", a.Worker)
	}
	if !a.Board {
		query.Set("mine", "1")
	}
	if a.After != "" {
		query.Set("after", a.After)
	}
	if len(query) == 0 {
		return "/cases"
	}
	return "/cases?" + query.Encode()
}

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
		v.Filter = filters(ctx, list)
		v.Reassign = &views.Reassign{Staff: staffOptions(ctx, list.Staff, list.Absent), From: list.Worker, Total: list.Total}
		if list.Worker != "" && list.Total > 1 {
			v.Reassign.WholeText = i18n.Tf(ctx, "casework.whole", map[string]any{"Count": list.Total})
		}
	}
	if list.After != "" {
		v.First = listPath(Ask{Board: list.Board, Worker: list.Worker})
	}
	if list.Next != "" {
		v.Next = listPath(Ask{Board: list.Board, Worker: list.Worker, After: list.Next})
	}
	for i := range list.Rows {
		v.Rows = append(v.Rows, presentRow(ctx, &list.Rows[i], list))
	}
	return listView{v}
}

func presentRow(ctx context.Context, r *Row, list *List) views.Row {
	days := r.Still(list.Today)
	v := views.Row{ID: r.ID, Href: "/files/" + r.FileID + "/screening", Name: people.DisplayName(ctx, r.File), Number: r.File.Number(),
		Circle: r.Circle, Worker: r.WorkerName, WorkerID: r.WorkerID, Moved: i18n.Date(ctx, calendar.On(r.MovedAt)),
		Still: i18n.Tf(ctx, "casework.days", map[string]any{"Count": days}), Late: days >= lateAfter && r.Circle != "closed", CaseHref: "/files/" + r.FileID + "/case"}
	if r.Circle != "" {
		v.Href = "/files/" + r.FileID + "/plan"
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

func awayText(ctx context.Context, a *Away) string {
	return i18n.Tf(ctx, "casework.away", map[string]any{"To": i18n.Date(ctx, a.To), "Other": a.ReplacementName})
}

// filters are all, those that wait for somebody, and each worker, with counts.
func filters(ctx context.Context, list *List) []views.Tab {
	all := 0
	var tabs []views.Tab
	for _, l := range list.Loads {
		all += l.Cases
		t := views.Tab{Text: l.WorkerName, Count: i18n.Number(ctx, int64(l.Cases)), Href: listPath(Ask{Board: true, Worker: l.WorkerID}), Current: list.Worker == l.WorkerID}
		if l.WorkerID == "" {
			t.Text, t.Href, t.Current = i18n.T(ctx, "casework.nobody"), listPath(Ask{Board: true, Worker: NoWorker}), list.Worker == NoWorker
		}
		tabs = append(tabs, t)
	}
	first := views.Tab{Text: i18n.T(ctx, "casework.all"), Count: i18n.Number(ctx, int64(all)), Href: "/cases", Current: list.Worker == ""}
	return append([]views.Tab{first}, tabs...)
}

// staffOptions lists to whom a case can go; who is away says so.
func staffOptions(ctx context.Context, staff []access.Colleague, absent map[string]Away) []ui.Option {
	options := []ui.Option{{Text: i18n.T(ctx, "casework.choose")}}
	for _, c := range staff {
		o := ui.Option{Value: c.UserID, Text: c.Name}
		if away, gone := absent[c.UserID]; gone {
			o.Text = i18n.Tf(ctx, "casework.option_away", map[string]any{"Name": c.Name, "To": i18n.Date(ctx, away.To), "Other": away.ReplacementName})
		}
		options = append(options, o)
	}
	return options
}

// again puts what was chosen back into the list, with what is wrong.
func (v listView) again(c *web.Ctx, form Reassign, cause error) {
	for i := range v.Rows {
		v.Rows[i].Checked = slices.Contains(form.Cases, v.Rows[i].ID)
	}
	v.Reassign.Whole = form.Whole
	fillAgain(c, v.Reassign, form, cause)
}

func fillAgain(c *web.Ctx, v *views.Reassign, form Reassign, cause error) {
	v.Worker, v.Reason = form.Worker, form.Reason
	if cause == nil {
		return
	}
	v.Errors = c.Errors(cause, "worker", "casework.worker", "reason", "casework.reason", "case", "casework.cases")
	var e *fault.Error
	if !errors.As(cause, &e) {
		return
	}
	for _, f := range e.Fields {
		if other, away := f.Args[otherID].(string); away { // who does the work is chosen, and can be changed
			v.Anyway, v.Worker = true, other
		}
	}
	if e.Kind == fault.Conflict {
		v.Errors = append(v.Errors, ui.FieldError{Name: "case", Text: i18n.Tf(c.Context(), e.Key, e.Args)})
	}
}

// presentCase puts the case of a file into words.
func presentCase(ctx context.Context, s *Shown, file string) *views.Case {
	v := &views.Case{ID: s.Case.ID, WorkerID: s.Case.WorkerID, Worker: s.Case.WorkerName}
	switch {
	case s.Open && s.Case.Status == Unassigned:
		v.Worker = i18n.T(ctx, "casework.waits")
	case s.Open:
		v.Since = i18n.Tf(ctx, "casework.since", map[string]any{"On": i18n.Date(ctx, calendar.On(s.Case.AssignedAt))})
	}
	if s.Away != nil {
		v.Note = awayText(ctx, s.Away)
	}
	for i := range s.Entries {
		v.Entries = append(v.Entries, presentEntry(ctx, &s.Entries[i]))
	}
	presentEnds(ctx, s, file, v)
	if len(s.Staff) > 0 && s.Open {
		v.Reassign = &views.Reassign{Staff: staffOptions(ctx, s.Staff, s.Absent), Back: "/files/" + file + "/case"}
	}
	return v
}

func presentEntry(ctx context.Context, e *Entry) views.Entry {
	v := views.Entry{At: i18n.DateTime(ctx, e.At), By: e.By, Reason: e.Reason}
	if v.By == "" {
		v.By = layout.RoleName(ctx, e.Role)
	}
	args := map[string]any{"Was": e.Was, "Name": e.Became}
	switch {
	case e.What == eventClosed:
		v.What, v.Reason = i18n.T(ctx, "casework.entry.closed"), EndingText(ctx, Ending(e.Reason))
	case e.What == eventReopened:
		v.What = i18n.Tf(ctx, "casework.entry.reopened", args)
	case e.Became == "":
		v.What = i18n.Tf(ctx, "casework.entry.released", args)
	case e.Was == "":
		v.What = i18n.Tf(ctx, "casework.entry.given", args)
	default:
		v.What = i18n.Tf(ctx, "casework.entry.handed", args)
	}
	return v
}
