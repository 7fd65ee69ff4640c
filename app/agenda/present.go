package agenda

import (
	"context"
	"strconv"

	"gsl/app/access"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	views "gsl/templates/agenda"
	"gsl/templates/ui"
)

var kindIcons = map[Kind]string{VisitKind: "house-door", FollowUpKind: "bell", ReferralKind: "arrow-left-right", ReportKind: "file-earmark-text",
	CommitmentKind: "check2-square", AgreementKind: "check2-square", DocumentKind: "file-earmark-text"}

// Icon is the icon of the entry's kind.
func (e *Entry) Icon() string { return kindIcons[e.Kind] }

// weekdayKeys are the names of the days.
var weekdayKeys = [7]string{"visit.weekday.0", "visit.weekday.1", "visit.weekday.2", "visit.weekday.3", "visit.weekday.4", "visit.weekday.5", "visit.weekday.6"}

// presentWeek puts a week into words.
func presentWeek(ctx context.Context, who actor.Actor, w *Week, typed *typedForm, errs ui.Errors) *views.Week {
	to := func(day calendar.Date) Want { return Want{Day: day, Unit: w.Unit, Worker: w.Worker} }
	v := &views.Week{Title: i18n.Tf(ctx, "agenda.week", map[string]any{"From": w.From.Chilean(), "To": w.To.Chilean()}), Who: who.Name, Day: w.Day.Chilean(), Worker: w.Worker,
		Previous: to(w.From.AddDays(-7)).path("/agenda"), Next: to(w.From.AddDays(7)).path("/agenda"), ICal: to(w.From).path("/agenda.ics")}
	if now := calendar.AddWorkingDays(w.Today, 0); now.Before(w.From) || w.To.Before(now) {
		v.Now = to(calendar.Date{}).path("/agenda")
	}
	if who.Can(access.ManagePlan) && !w.Unit && w.Worker == "" {
		v.Sheet = "/visits"
	}
	presentHead(ctx, who, w, v)
	back := w.path("/agenda")
	others := w.Unit || w.Worker != ""
	for i := range w.Late {
		e := presentEntry(ctx, &w.Late[i], w.Today, back)
		e.show(&w.Late[i], who, others)
		v.Late = append(v.Late, e.Entry)
	}
	v.LateText = i18n.Tf(ctx, "agenda.late", map[string]any{"Count": len(v.Late)})
	presentDays(ctx, who, w, v, back)
	if !others {
		form := presentForm(ctx, "/agenda/followups", typed, errs)
		v.Form = &form
	}
	return v
}

// presentHead adds what the head has: the week of the unit and of each worker.
func presentHead(ctx context.Context, who actor.Actor, w *Week, v *views.Week) {
	if !who.Can(access.AssignCase) {
		return
	}
	others := w.Unit || w.Worker != ""
	v.Tabs = []views.Tab{{Text: i18n.T(ctx, "agenda.mine"), Href: Want{Day: w.Day}.path("/agenda"), Current: !others},
		{Text: i18n.Tf(ctx, "agenda.of_unit", map[string]any{"Unit": w.UnitName}), Href: Want{Day: w.Day, Unit: true}.path("/agenda"), Current: others}}
	if !others {
		return
	}
	v.Who = w.UnitName
	v.Staff = []ui.Option{{Text: i18n.T(ctx, "agenda.everybody")}}
	for _, c := range w.Staff {
		v.Staff = append(v.Staff, ui.Option{Value: c.UserID, Text: c.Name})
		if c.UserID == w.Worker {
			v.Who = c.Name
		}
	}
}

// The days of an office; weekends stand there when there is something to do.
const officeDays = 5

func presentDays(ctx context.Context, who actor.Actor, w *Week, v *views.Week, back string) {
	last := officeDays
	for i := range w.Entries {
		last = max(last, w.From.DaysUntil(w.Entries[i].Day)+1)
	}
	v.Columns = "days-" + strconv.Itoa(last)
	at := 0
	for n := range last {
		day := w.From.AddDays(n)
		d := views.Day{Name: i18n.T(ctx, weekdayKeys[day.Weekday()]) + " " + strconv.Itoa(day.Day()), Today: day == w.Today, Closed: !calendar.IsWorkingDay(day)}
		if name, holiday := calendar.Holiday(day); holiday {
			d.Holiday = name
		}
		for ; at < len(w.Entries) && w.Entries[at].Day == day; at++ {
			e := presentEntry(ctx, &w.Entries[at], w.Today, back)
			e.Day = ""
			e.show(&w.Entries[at], who, w.Unit)
			d.Entries = append(d.Entries, e.Entry)
		}
		v.Days = append(v.Days, d)
	}
}

// entryView is an entry on a page.
type entryView struct{ views.Entry }

// show says who does it, where that is not the reader.
func (v *entryView) show(e *Entry, who actor.Actor, all bool) {
	if all || e.WorkerID != who.UserID {
		v.Worker = e.WorkerName
	}
}

func presentEntry(ctx context.Context, e *Entry, today calendar.Date, back string) entryView {
	v := views.Entry{ID: e.ID, Icon: kindIcons[e.Kind], Kind: KindText(ctx, e.Kind), Clock: e.Clock, Href: e.Href, Text: e.Text, Place: e.Place, Done: e.Done, Late: e.Late(today), Back: back, Day: e.Day.Chilean()}
	if e.File.ID != "" {
		v.Name = people.DisplayName(ctx, e.File)
	}
	switch {
	case e.Done:
		v.State = &ui.Tag{Text: i18n.T(ctx, "agenda.is_done"), Kind: ui.Success, Icon: "check-circle"}
	case e.Day.IsZero():
		v.State = &ui.Tag{Text: i18n.T(ctx, "agenda.no_day"), Kind: ui.Warning, Icon: "calendar-x"}
	case v.Late:
		v.State = &ui.Tag{Text: i18n.Tf(ctx, "agenda.is_late", map[string]any{"On": e.Day.Chilean()}), Kind: ui.Danger, Icon: "alarm"}
	}
	if e.Kind == FollowUpKind {
		v.Edit = "/agenda/followups/" + e.ID
		v.Status = v.Edit + "/status"
	}
	return entryView{v}
}

func presentForm(ctx context.Context, action string, t *typedForm, errs ui.Errors) views.Form {
	return views.Form{Title: i18n.T(ctx, "agenda.new"), Action: action, Key: t.Key, Errors: errs,
		Day:   ui.Input{Name: "day", Type: "date", Label: i18n.T(ctx, "agenda.day"), Value: t.Day, Error: errs.Of("day"), Required: true},
		Clock: ui.Input{Name: "clock", Label: i18n.T(ctx, "agenda.clock"), Value: t.Clock, Error: errs.Of("clock"), Optional: true, MaxLength: 5, Placeholder: "10:30"},
		Text:  ui.Input{Name: "text", Label: i18n.T(ctx, "agenda.text"), Value: t.Text, Error: errs.Of("text"), Required: true, MaxLength: maxText}}
}

func presentFile(ctx context.Context, p *FilePage, t *typedForm, errs ui.Errors) *views.File {
	base := "/files/" + p.File.ID + "/followups"
	v := &views.File{Form: presentForm(ctx, base, t, errs)}
	for i := range p.FollowUps {
		f := &p.FollowUps[i]
		e := presentEntry(ctx, &Entry{Kind: FollowUpKind, ID: f.ID, Day: f.Day, Text: f.Text, Done: f.Status == Done}, p.Today, base)
		e.Kind, e.Clock = f.Day.Chilean(), f.Clock
		e.Worker = f.WorkerName
		v.Entries = append(v.Entries, e.Entry)
	}
	return v
}

// entryLine is a follow-up in a line.
func entryLine(ctx context.Context, f *FollowUp) string {
	line := i18n.Date(ctx, f.Day)
	if f.Clock != "" {
		line += " " + f.Clock
	}
	return line + " · " + f.Text
}

func presentEdit(ctx context.Context, f *FollowUp, about people.File, t *typedForm, errs ui.Errors) *views.Edit {
	v := &views.Edit{Form: presentForm(ctx, "/agenda/followups/"+f.ID, t, errs), Version: t.Version, Status: "/agenda/followups/" + f.ID + "/status", Over: f.Status != Open}
	v.Title = i18n.T(ctx, "agenda.follow_up")
	if about.ID != "" {
		v.About, v.Href = people.DisplayName(ctx, about), "/files/"+about.ID+"/followups"
	}
	return v
}
