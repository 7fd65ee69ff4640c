package attention

import (
	"context"

	"gsl/app/kit/calendar"
	"gsl/app/kit/i18n"
	"gsl/app/people"
	views "gsl/templates/attention"
	"gsl/templates/ui"
)

// todayOnTheBench is how many appointments of today the workbench shows.
const todayOnTheBench = 6

// Today is what the actor's agenda has for the day, the late ones first.
type Today struct {
	List  []Appointment
	Count int // in all: the list is cut
}

// Appointment is a visit to make or something to follow up.
type Appointment struct {
	Icon, Kind string
	Day        calendar.Date // zero: still to be given one
	Clock      string        // "" at any hour
	Text, Href string
	FileID     string      // "" of nobody in particular
	File       people.File // names only, as the actor may see them
}

// presentToday lists the day. Who has cases sees an empty day too; to the others
// a list would only take room.
func presentToday(ctx context.Context, b *Bench, today calendar.Date) *views.Today {
	if b.Today == nil || len(b.Today.List) == 0 && !b.Casework {
		return nil
	}
	v := &views.Today{}
	for i := range b.Today.List {
		v.List = append(v.List, presentAppointment(ctx, &b.Today.List[i], today))
	}
	if more := b.Today.Count - len(b.Today.List); more > 0 {
		v.More = count(ctx, "attention.today.more", more)
	}
	return v
}

func presentAppointment(ctx context.Context, a *Appointment, today calendar.Date) views.Appointment {
	v := views.Appointment{Icon: a.Icon, Kind: a.Kind, Clock: a.Clock, Text: a.Text, Href: a.Href}
	if a.FileID != "" {
		v.Name = nameOf(ctx, a.File)
	}
	switch {
	case a.Day.IsZero():
		v.State = &ui.Tag{Text: i18n.T(ctx, "attention.today.no_day"), Kind: ui.Warning, Icon: "calendar-x"}
	case a.Day.Before(today):
		v.State = &ui.Tag{Text: i18n.Tf(ctx, "attention.today.late", map[string]any{"On": a.Day.Chilean()}), Kind: ui.Danger, Icon: "alarm"}
	}
	return v
}
