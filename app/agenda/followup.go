package agenda

import (
	"regexp"
	"unicode/utf8"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// Status is where a follow-up stands.
type Status string

// The states of a follow-up.
const (
	Open    Status = "open"
	Done    Status = "done"
	Dropped Status = "dropped" // was not needed any more
)

// FollowUp is what a worker wrote down to do on a day.
type FollowUp struct {
	ID                   string
	FileID               string // "" of nobody in particular
	Status               Status
	Version              int64
	WorkerID, WorkerName string
	Unit                 string
	Day                  calendar.Date
	Clock                string
	Text                 string
}

// The longest sentence, in characters, and the farthest day.
const (
	maxText  = 300
	farthest = 2 * 365
)

var clockForm = regexp.MustCompile(`^(?:[01]?\d|2[0-3])[:.][0-5]\d$`)

// readClock reads an hour as people write it, "9:30" or "09.30", "" for none.
func readClock(text string) (string, bool) {
	if text == "" {
		return "", true
	}
	if !clockForm.MatchString(text) {
		return "", false
	}
	if len(text) == 4 {
		text = "0" + text
	}
	return text[:2] + ":" + text[3:], true
}

// Form is a follow-up as it was typed.
type Form struct {
	Day   calendar.Date
	Clock string
	Text  string
}

// read checks the form; changed is the follow-up before, whose day may be over.
func (f *Form) read(today calendar.Date) (FollowUp, []fault.Field) {
	var wrong []fault.Field
	clock, ok := readClock(f.Clock)
	if !ok {
		wrong = append(wrong, fault.Field{Name: "clock", Key: "agenda.error.clock"})
	}
	last := today.AddDays(farthest)
	switch {
	case f.Day.IsZero():
		wrong = append(wrong, fault.Field{Name: "day", Key: "agenda.error.day"})
	case f.Day.Before(today), last.Before(f.Day):
		wrong = append(wrong, fault.Field{Name: "day", Key: "agenda.error.day_range", Args: map[string]any{"From": today.Chilean(), "To": last.Chilean()}})
	}
	switch n := utf8.RuneCountInString(f.Text); {
	case n == 0:
		wrong = append(wrong, fault.Field{Name: "text", Key: "agenda.error.text"})
	case n > maxText:
		wrong = append(wrong, fault.Field{Name: "text", Key: "agenda.error.long", Args: map[string]any{"Max": maxText}})
	}
	return FollowUp{Status: Open, Day: f.Day, Clock: clock, Text: f.Text}, wrong
}
