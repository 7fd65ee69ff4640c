package announce

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gsl/app/kit/actor"
	"gsl/app/kit/fault"
)

// Level says how loud an announcement is.
type Level string

// The levels.
const (
	Info    Level = "info"
	Warning Level = "warning"
)

// Announcement is one text for many.
type Announcement struct {
	ID             string
	Text           string // plain, in Spanish, lines kept
	Level          Level
	From, To       time.Time // it stands from the first moment to before the second
	Municipalities []string  // ids; none: all
	Roles          []string  // codes; none: all
	By             string
	CreatedAt      time.Time
	Revision       int64
	WithdrawnAt    time.Time // zero: it stands
	WithdrawnBy    string
	Dismissed      int // people who read it and want to see it no more
}

// State says where an announcement is in its life.
type State string

// The states.
const (
	Coming    State = "coming"
	Standing  State = "standing"
	Over      State = "over"
	Withdrawn State = "withdrawn"
)

// State is the announcement's at a time.
func (a *Announcement) State(now time.Time) State {
	switch {
	case !a.WithdrawnAt.IsZero():
		return Withdrawn
	case now.Before(a.From):
		return Coming
	case now.Before(a.To):
		return Standing
	}
	return Over
}

// For reports whether it is meant for somebody.
func (a *Announcement) For(who actor.Actor) bool {
	if len(a.Roles) > 0 && !slices.Contains(a.Roles, who.Role) {
		return false
	}
	return len(a.Municipalities) == 0 || who.Municipality != nil && slices.Contains(a.Municipalities, who.Municipality.ID)
}

// The limits of an announcement.
const (
	maxText    = 600 // characters: it stands on every page
	maxLines   = 6
	longest    = 366 * 24 * time.Hour
	mostAtOnce = 20 // that stand or are to come: more are not read
)

// check says what is wrong with it.
func (a *Announcement) check(now time.Time) []fault.Field {
	var wrong []fault.Field
	refuse := func(name, key string, args map[string]any) {
		wrong = append(wrong, fault.Field{Name: name, Key: key, Args: args})
	}
	switch {
	case a.Text == "":
		refuse("text", "announce.error.text", nil)
	case utf8.RuneCountInString(a.Text) > maxText || strings.Count(a.Text, "\n") >= maxLines:
		refuse("text", "announce.error.long", map[string]any{"Max": maxText, "Lines": maxLines})
	}
	if a.Level != Info && a.Level != Warning {
		refuse("level", "web.field.choice", nil)
	}
	switch {
	case a.To.IsZero():
		refuse("to", "announce.error.to", nil)
	case !a.From.Before(a.To):
		refuse("to", "announce.error.to_before", nil)
	case !now.Before(a.To):
		refuse("to", "announce.error.to_past", nil)
	case a.To.Sub(a.From) > longest:
		refuse("to", "announce.error.to_far", nil)
	}
	return wrong
}

// says reports whether two announcements tell the same people the same.
func (a *Announcement) says(o *Announcement) bool {
	return a.Text == o.Text && a.Level == o.Level && a.From.Equal(o.From) && a.To.Equal(o.To) &&
		slices.Equal(a.Municipalities, o.Municipalities) && slices.Equal(a.Roles, o.Roles)
}
