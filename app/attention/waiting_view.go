package attention

import (
	"context"
	"strconv"

	"gsl/app/kit/actor"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	views "gsl/templates/attention"
	"gsl/templates/layout"
	"gsl/templates/ui"
)

// waitingOnTheBench is how many of those who wait the workbench shows.
const waitingOnTheBench = 5

// presentWaiting puts the list into words; block is the workbench's short form.
func presentWaiting(ctx context.Context, who actor.Actor, q *Queue, block bool) *views.Waiting {
	v := &views.Waiting{Desk: deskOf(ctx, who), Pulse: "/waiting/pulse?beat=" + strconv.FormatUint(q.Beat, 10), Block: block,
		Served: count(ctx, "attention.waiting.served", q.Served)}
	if block {
		v.Pulse += "&block=1"
	}
	if q.Average >= 0 {
		v.Average = minutesText(ctx, q.Average)
	}
	if q.Mine != nil {
		t := presentTurn(ctx, q.Mine, q)
		v.Mine = &t
	}
	shown := q.Waiting
	if block && len(shown) > waitingOnTheBench {
		v.More = count(ctx, "attention.waiting.more", len(shown)-waitingOnTheBench)
		shown = shown[:waitingOnTheBench]
	}
	v.Waiting = presentTurns(ctx, shown, q)
	v.Called, v.Absent = presentTurns(ctx, q.Called, q), presentTurns(ctx, q.Absent, q)
	return v
}

// deskOf is the actor's desk in words.
func deskOf(ctx context.Context, who actor.Actor) string {
	if who.UnitName != "" {
		return who.UnitName
	}
	return layout.RoleName(ctx, desk(who))
}

func presentTurns(ctx context.Context, list []Ticket, q *Queue) []views.Turn {
	turns := make([]views.Turn, 0, len(list))
	for i := range list {
		turns = append(turns, presentTurn(ctx, &list[i], q))
	}
	return turns
}

func presentTurn(ctx context.Context, t *Ticket, q *Queue) views.Turn {
	v := views.Turn{ID: t.ID, Number: strconv.Itoa(t.Number), Name: orUnnamed(ctx, t.Name), Document: t.Document,
		Minutes: strconv.Itoa(t.Waited(q.Now)), By: t.CalledName, Priorities: priorityOptions(ctx, t.Priority, "attention.priority.none")}
	if v.Lang = i18n.Lang(ctx); t.FileID == "" {
		v.Lang = i18n.Spanish
	}
	if t.Veiled {
		v.Name = people.DisplayName(ctx, people.File{Veiled: true})
	}
	if t.Priority != NoPriority {
		v.Priority = i18n.T(ctx, priorityKeys[t.Priority])
	}
	if !t.CalledAt.IsZero() {
		v.At = i18n.Clock(ctx, t.CalledAt)
	}
	return v
}

func priorityOptions(ctx context.Context, chosen Priority, none string) []ui.Option {
	list := []ui.Option{{Text: i18n.T(ctx, none)}}
	for _, p := range Priorities() {
		list = append(list, ui.Option{Value: string(p), Text: i18n.T(ctx, priorityKeys[p]), Selected: p == chosen})
	}
	return list
}

func presentArrival(ctx context.Context, who actor.Actor, desks []Desk, form arrivalForm, errs ui.Errors) *views.Arrival {
	v := &views.Arrival{Who: form.Who, Errors: errs, Priorities: priorityOptions(ctx, Priority(form.Priority), "attention.priority.by_file")}
	if form.Desk == "" {
		form.Desk = desk(who)
	}
	for _, d := range desks {
		name := d.Name
		if name == "" {
			name = layout.RoleName(ctx, d.Code)
		}
		v.Desks = append(v.Desks, ui.Option{Value: d.Code, Text: name, Selected: d.Code == form.Desk})
	}
	return v
}

var priorityKeys = map[Priority]string{
	Older:      "attention.priority.older",
	Disability: "attention.priority.disability",
	Pregnancy:  "attention.priority.pregnancy",
	Carer:      "attention.priority.carer",
}
