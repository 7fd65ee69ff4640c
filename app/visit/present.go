package visit

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"gsl/app/access"
	"gsl/app/document"
	"gsl/app/kit/actor"
	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
	"gsl/app/kit/i18n"
	"gsl/app/kit/web"
	"gsl/app/people"
	"gsl/templates/ui"
	views "gsl/templates/visit"
)

// photoTypes are what a telephone's camera makes.
const photoTypes = "image/jpeg,image/png,image/webp"

// presentList puts the visits of a file into words.
func presentList(ctx context.Context, who actor.Actor, l *Listed) *views.List {
	manages := who.Can(access.ManagePlan)
	v := &views.List{Sheet: "/visits", FollowUps: "/files/" + l.File.ID + "/followups"}
	base := "/files/" + l.File.ID + "/visits/new"
	if manages {
		v.New = base
	}
	for i := range l.Items {
		it := &l.Items[i]
		a := views.Asked{Name: it.Name, Plan: i18n.Tf(ctx, "visit.of_plan", map[string]any{"Folio": it.Folio}), Purpose: it.Purpose, Address: it.Address}
		if manages {
			a.Href = base + "?item=" + it.ItemID
		}
		v.Asked = append(v.Asked, a)
	}
	for i := range l.Visits {
		row := presentRow(ctx, &l.Visits[i], l, manages)
		if l.Visits[i].Waits() {
			v.Waiting = append(v.Waiting, row)
		} else {
			v.Past = append(v.Past, row)
		}
	}
	slices.Reverse(v.Waiting) // the first that was decided comes first
	return v
}

func presentRow(ctx context.Context, v *Visit, l *Listed, manages bool) views.Row {
	row := views.Row{Href: "/visits/" + v.ID, When: whenText(ctx, v), State: stateTag(ctx, v, v.Late(l.Today)), Purpose: v.Purpose, Address: v.Address,
		Worker: v.WorkerName, Unplanned: v.Waits() && v.Day.IsZero()}
	switch {
	case v.Waits() && manages:
		row.Record, row.Edit = row.Href+"/record", row.Href+"/edit"
	case v.Status.Again() && manages && !repeated(l.Visits, v.ID):
		row.Again = againPath(v)
	}
	switch {
	case v.Status == Cancelled:
		row.Note = v.Reason
	case v.Status == Done:
		row.Note = concernsText(ctx, v.Findings)
	case !v.Waits():
		row.Note = v.Note
	}
	if !v.Waits() && v.Status != Cancelled {
		row.When = foundWhen(ctx, v)
	}
	return row
}

func repeated(list []Visit, id string) bool {
	return slices.ContainsFunc(list, func(o Visit) bool { return o.PreviousID == id })
}

func againPath(v *Visit) string { return "/files/" + v.FileID + "/visits/new?again=" + v.ID }

// foundWhen is when somebody was at the door.
func foundWhen(ctx context.Context, v *Visit) string {
	if v.At == "" {
		return i18n.Date(ctx, v.On)
	}
	return i18n.Date(ctx, v.On) + " · " + v.At
}

func concernsText(ctx context.Context, f Findings) string {
	if n := f.Concerns(); n > 0 {
		return i18n.Tf(ctx, "visit.concerns", map[string]any{"Count": n})
	}
	return ""
}

// presentForm is the form that decides a visit, as it was typed.
func presentForm(ctx context.Context, d *Draft, t *typedForm, errs ui.Errors) *views.Form {
	v := &views.Form{Title: i18n.T(ctx, "visit.new"), Action: "/files/" + d.File.ID + "/visits", Save: i18n.T(ctx, "visit.schedule"), Errors: errs}
	v.Cancel = v.Action
	v.Hidden = []views.Hidden{{Name: "key", Value: t.Key}, {Name: "item", Value: t.Item}, {Name: "again", Value: t.Again}}
	if d.Item != nil {
		v.For = i18n.Tf(ctx, "visit.fulfils", map[string]any{"Folio": d.Item.Folio, "Name": d.Item.Name})
		v.Hidden[1].Value = d.Item.ItemID
	}
	if d.Previous != nil {
		v.After = i18n.Tf(ctx, "visit.repeats", map[string]any{"When": foundOrAgreed(ctx, d.Previous), "State": StatusText(ctx, d.Previous.Status)})
		v.Hidden[2].Value = d.Previous.ID
	}
	if d.Visit != nil {
		v.Title, v.Save, v.Action, v.Cancel = i18n.T(ctx, "visit.change_title"), i18n.T(ctx, "visit.save"), "/visits/"+d.Visit.ID+"/edit", "/visits/"+d.Visit.ID
		v.Hidden = []views.Hidden{{Name: "version", Value: t.Version}}
	}
	v.Day = ui.Input{Name: "day", Type: "date", Label: i18n.T(ctx, "visit.day"), Value: t.Day, Error: errs.Of("day"), Required: true, Autofocus: len(errs) == 0}
	v.Clock = ui.Input{Name: "clock", Label: i18n.T(ctx, "visit.clock"), Hint: i18n.T(ctx, "visit.clock_hint"), Value: t.Clock, Error: errs.Of("clock"), Optional: true, MaxLength: 5, InputMode: "text", Placeholder: "10:30"}
	v.Worker = ui.Input{Name: "worker", Label: i18n.T(ctx, "visit.worker"), Value: t.Worker, Error: errs.Of("worker"), Required: true}
	for _, c := range d.Staff {
		v.Staff = append(v.Staff, ui.Option{Value: c.UserID, Text: c.Choice()})
	}
	v.Address = ui.Input{Name: "address", Label: i18n.T(ctx, "visit.address"), Hint: i18n.T(ctx, "visit.address_hint"), Value: t.Address, Error: errs.Of("address"), Required: true, MaxLength: maxAddress}
	v.Purpose = ui.Input{Name: "purpose", Label: i18n.T(ctx, "visit.purpose"), Hint: i18n.T(ctx, "visit.purpose_hint"), Value: t.Purpose, Error: errs.Of("purpose"), Required: true, MaxLength: maxPurpose, Rows: 3}
	v.With = ui.Input{Name: "companion", Label: i18n.T(ctx, "visit.companion"), Hint: i18n.T(ctx, "visit.companion_hint"), Value: t.Companion, Error: errs.Of("companion"), Optional: true, MaxLength: maxCompanion}
	return v
}

func foundOrAgreed(ctx context.Context, v *Visit) string {
	if v.On.IsZero() {
		return whenText(ctx, v)
	}
	return foundWhen(ctx, v)
}

// appointed is what is agreed of a visit, by name.
func appointed(ctx context.Context, v *Visit) []views.Fact {
	list := []views.Fact{
		{Name: i18n.T(ctx, "visit.agreed_for"), Value: whenText(ctx, v)}, {Name: i18n.T(ctx, "visit.worker"), Value: v.WorkerName},
		{Name: i18n.T(ctx, "visit.address"), Value: v.Address}, {Name: i18n.T(ctx, "visit.purpose"), Value: v.Purpose}}
	if v.Companion != "" {
		list = append(list, views.Fact{Name: i18n.T(ctx, "visit.companion"), Value: v.Companion})
	}
	return list
}

// pageView is the view of a visit, with what a small form that comes back needs.
type pageView struct{ *views.Page }

// presentPage puts a visit into words.
func presentPage(ctx context.Context, who actor.Actor, s *Shown) pageView {
	visit, manages := &s.Visit, who.Can(access.ManagePlan)
	base := "/visits/" + visit.ID
	v := &views.Page{State: stateTag(ctx, visit, visit.Late(s.Today)), Facts: appointed(ctx, visit), HasPhoto: len(s.Photos) > 0, Photos: document.Present(ctx, s.Photos)}
	if visit.Status == Cancelled {
		v.Facts = append(v.Facts, views.Fact{Name: i18n.T(ctx, "visit.reason"), Value: visit.Reason})
	}
	if visit.PlanID != "" {
		v.Plan, v.PlanText = "/plans/"+visit.PlanID, i18n.T(ctx, "visit.see_plan")
	}
	v.Previous, v.Next = neighbour(ctx, s.Previous, "visit.previous"), neighbour(ctx, s.Next, "visit.following")
	switch {
	case visit.Waits() && manages:
		v.Record, v.Edit = base+"/record", base+"/edit"
		v.Cancel = &views.Cancel{Action: base + "/cancel", Reason: ui.Input{Name: "reason", Label: i18n.T(ctx, "visit.cancel.reason"), MaxLength: maxReason, Rows: 2, Required: true}}
		if s.Draft.Seq > 0 {
			v.Draft = i18n.Tf(ctx, "visit.draft.begun", map[string]any{"Name": s.Draft.Name, "At": i18n.DateTime(ctx, s.Draft.At)})
		}
	case visit.Status.Again() && manages && s.Next == nil:
		v.Again = againPath(visit)
	}
	if !visit.Waits() && visit.Status != Cancelled {
		v.Found = presentFound(ctx, visit)
		if manages {
			v.Photo = &views.Photo{Action: base + "/photos", Accept: photoTypes}
		}
	}
	if !visit.Waits() && manages {
		v.Add = addForm(ctx, visit, "")
	}
	for i := range s.History {
		v.History = append(v.History, presentEntry(ctx, &s.History[i]))
	}
	return pageView{v}
}

func addForm(ctx context.Context, v *Visit, text string) *views.Add {
	return &views.Add{Action: "/visits/" + v.ID + "/notes", Text: ui.Input{Name: "text", Label: i18n.T(ctx, "visit.add"), Hint: i18n.T(ctx, "visit.add_hint"), Value: text, MaxLength: maxNote, Rows: 2}}
}

func neighbour(ctx context.Context, v *Visit, key string) *views.Link {
	if v == nil {
		return nil
	}
	return &views.Link{Href: "/visits/" + v.ID, Text: i18n.Tf(ctx, key, map[string]any{"When": foundOrAgreed(ctx, v), "State": StatusText(ctx, v.Status)})}
}

// refuse puts what is wrong into the small form that was sent.
func (v pageView) refuse(c *web.Ctx, cause error) {
	errs := c.Errors(cause, "reason", "visit.cancel.reason", "text", "visit.add", "photo", "visit.photo.add")
	if fault.Is(cause, fault.Conflict) {
		v.Draft = sentence(c, cause)
		return
	}
	for _, e := range errs {
		switch {
		case e.Name == "reason" && v.Cancel != nil:
			v.Cancel.Errors, v.Cancel.Reason.Error, v.Cancel.Reason.Value = errs, e.Text, c.Typed("reason")
		case e.Name == "text" && v.Add != nil:
			v.Add.Errors, v.Add.Text.Error, v.Add.Text.Value = errs, e.Text, c.Typed("text")
		case e.Name == "photo" && v.Photo != nil:
			v.Photo.Errors = errs
		default:
			v.Draft = e.Text
		}
	}
}

// presentFound puts what was recorded into words.
func presentFound(ctx context.Context, v *Visit) *views.Found {
	f := &views.Found{Note: v.Note, Concerns: concernsText(ctx, v.Findings), Facts: []views.Fact{
		{Name: i18n.T(ctx, "visit.door.result"), Value: StatusText(ctx, v.Status)}, {Name: i18n.T(ctx, "visit.door.when"), Value: foundWhen(ctx, v)},
		{Name: i18n.T(ctx, "visit.recorded_by"), Value: v.EndedByName + " · " + i18n.DateTime(ctx, v.EndedAt)}}}
	if len(v.Present) > 0 {
		f.Facts = append(f.Facts, views.Fact{Name: i18n.T(ctx, "visit.door.present"), Value: strings.Join(v.Present, ", ")})
	}
	for g := range Checklist {
		group := views.Group{Title: i18n.T(ctx, Checklist[g].Key)}
		for q := range Checklist[g].Questions {
			ask := &Checklist[g].Questions[q]
			if answer, known := v.Findings[ask.Code]; known {
				c := ask.Choice(answer)
				group.Answers = append(group.Answers, views.Answer{Question: i18n.T(ctx, ask.Key), Text: answerText(ctx, ask, answer), Concern: c != nil && c.Concern})
			}
		}
		if level := v.Findings.Crowding(); Checklist[g].Code == groupOfRooms && level != CrowdingUnknown {
			group.Answers = append(group.Answers, views.Answer{Question: i18n.T(ctx, "visit.crowding"), Text: i18n.T(ctx, crowdingKeys[level]), Concern: level != NotCrowded})
		}
		if len(group.Answers) > 0 {
			f.Groups = append(f.Groups, group)
		}
	}
	return f
}

func presentEntry(ctx context.Context, e *Entry) views.Entry {
	v := views.Entry{At: i18n.DateTime(ctx, e.At), By: e.By, Note: e.Note}
	args := map[string]any{"Worker": e.Worker, "When": whenText(ctx, &Visit{Appointment: Appointment{Day: e.Day, Clock: e.Clock}}), "State": StatusText(ctx, e.Became)}
	switch {
	case e.Was == "" && e.Day.IsZero():
		v.What = i18n.Tf(ctx, "visit.entry.agreed", args)
	case e.Became == Scheduled:
		v.What = i18n.Tf(ctx, "visit.entry.scheduled", args)
	case e.Was == e.Became:
		v.What = i18n.T(ctx, "visit.entry.added")
	default:
		v.What = StatusText(ctx, e.Became)
	}
	return v
}

// presentSheet puts the sheet of a day into words.
func presentSheet(ctx context.Context, s *Sheet) *views.Sheet {
	to := func(day calendar.Date, hours bool) string {
		return sheetPath(Want{Day: day, Worker: s.Worker, Hours: hours})
	}
	v := &views.Sheet{Title: i18n.Tf(ctx, "visit.sheet.of", map[string]any{"On": dayText(ctx, s.Day)}), Who: s.Who, Day: s.Day.Chilean(), Worker: s.Worker,
		Previous: to(s.Day.AddDays(-1), s.Hours), Next: to(s.Day.AddDays(1), s.Hours), Empty: i18n.T(ctx, "visit.sheet.none"), Todo: i18n.T(ctx, "visit.sheet.none_todo"), Agenda: "/agenda",
		Order: []views.Tab{{Text: i18n.T(ctx, "visit.sheet.by_street"), Href: to(s.Day, false), Current: !s.Hours}, {Text: i18n.T(ctx, "visit.sheet.by_hour"), Href: to(s.Day, true), Current: s.Hours}}}
	if s.Day != s.Today {
		v.Today = sheetPath(Want{Worker: s.Worker, Hours: s.Hours})
	}
	for _, r := range Results {
		v.Results = append(v.Results, StatusText(ctx, r))
	}
	if len(s.Staff) > 0 {
		v.Staff = []ui.Option{{Text: i18n.T(ctx, "visit.sheet.mine")}, {Value: Everybody, Text: i18n.T(ctx, "visit.sheet.everybody")}}
		for _, c := range s.Staff {
			v.Staff = append(v.Staff, ui.Option{Value: c.UserID, Text: c.Name})
		}
	}
	if s.Waiting > 0 {
		v.Waiting = i18n.Tf(ctx, "visit.sheet.waiting", map[string]any{"Count": s.Waiting})
	}
	for i := range s.Stops {
		v.Rows = append(v.Rows, presentStop(ctx, s, i))
	}
	return v
}

func presentStop(ctx context.Context, s *Sheet, i int) views.Stop {
	stop := &s.Stops[i]
	v := views.Stop{Number: strconv.Itoa(i + 1), Clock: stop.Clock, Address: stop.Address, Name: people.DisplayName(ctx, stop.File), RUN: stop.File.Number(),
		Phone: people.FormatPhone(stop.File.Phone), Purpose: stop.Purpose, With: stop.Companion, Href: "/visits/" + stop.ID, Record: "/visits/" + stop.ID + "/record"}
	if !stop.Mine || s.Worker == Everybody {
		v.Worker = stop.WorkerName
	}
	if !stop.Waits() {
		tag := stateTag(ctx, &stop.Visit, false)
		v.State = &tag
	}
	return v
}

// weekdayKeys are the names of the days.
var weekdayKeys = [7]string{"visit.weekday.0", "visit.weekday.1", "visit.weekday.2", "visit.weekday.3", "visit.weekday.4", "visit.weekday.5", "visit.weekday.6"}

// dayText is "lunes 23-11-2026".
func dayText(ctx context.Context, d calendar.Date) string {
	return i18n.T(ctx, weekdayKeys[d.Weekday()]) + " " + i18n.Date(ctx, d)
}
