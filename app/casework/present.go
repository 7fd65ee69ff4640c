package casework

import (
	"context"
	"errors"
	"slices"

	"gsl/app/access"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	views "gsl/templates/casework"
	"gsl/templates/layout"
	"gsl/templates/ui"
)

func awayText(ctx context.Context, a *Away) string {
	return i18n.Tf(ctx, "casework.away", map[string]any{"To": i18n.Date(ctx, a.To), "Other": a.ReplacementName})
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

// saveAgain puts the form of a working list back, with what is wrong.
func (v listView) saveAgain(c *web.Ctx, form *ListForm, cause error) {
	for i := range v.Rows {
		v.Rows[i].Checked = slices.Contains(form.Cases, v.Rows[i].ID)
	}
	v.Save.Name, v.Save.Shared, v.Save.Open = form.Name, form.Shared, true
	for i := range v.Save.Into {
		v.Save.Into[i].Selected = v.Save.Into[i].Value == form.Into
	}
	v.Save.Errors = c.Errors(cause, "name", "casework.list.name", "case", "casework.cases", "into", "casework.list.into")
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
