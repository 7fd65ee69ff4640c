package casework

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// NoteKind is what a note of the log is about.
type NoteKind string

// The kinds, as the form offers them.
const (
	Call         NoteKind = "call"
	Coordination NoteKind = "coordination" // with a service or an institution
	Meeting      NoteKind = "meeting"      // of the case: who came, what was agreed
	Interview    NoteKind = "interview"    // with the person or the family
	OtherNote    NoteKind = "other"
)

// NoteKinds in the order of the form.
var NoteKinds = []NoteKind{Call, Coordination, Meeting, Interview, OtherNote}

// Note is one entry of the log of a case. It is never changed: what was wrong or
// missing is added to it as another.
type Note struct {
	ID           string
	FileID       string
	CaseID       string
	Kind         NoteKind
	On           calendar.Date // when it was
	Text         string
	Confidential bool   // for who works on the case, who wrote it and the heads
	Amends       string // the note that this one corrects or completes, "" for none
	Participants []Participant
	Agreements   []Agreement
	WrittenAt    time.Time
	UserID       string
	By           string
	Role, Unit   string
	Added        []Note // what was added to it, oldest first
}

// says reports whether two notes say the same. What was added to a note has no day
// and no people of its own.
func (n *Note) says(o *Note) bool {
	return n.Text == o.Text && n.Amends == o.Amends && (n.Amends != "" ||
		n.Kind == o.Kind && n.On == o.On && n.Confidential == o.Confidential &&
			slices.Equal(n.Participants, o.Participants) && slices.Equal(n.Agreements, o.Agreements))
}

// Participant is somebody who took part in a meeting.
type Participant struct{ Name, Place string }

// Agreement is what a meeting agreed: who does it, until when.
type Agreement struct {
	What        string
	Responsible string
	Due         calendar.Date // zero when no day was said
}

// NoteForm is a note as it is typed.
type NoteForm struct {
	Key          string   `json:"-"`
	Kind         string   `json:"kind"`
	On           string   `json:"on"`
	Text         string   `json:"text"`
	Confidential bool     `json:"confidential"`
	Participants string   `json:"participants"` // one a line: name, institution
	Agreements   []Agreed `json:"agreements"`
}

// Agreed is a line of the agreements as it is typed.
type Agreed struct {
	What        string `json:"what"`
	Responsible string `json:"responsible"`
	Due         string `json:"due"`
}

// Empty reports whether nothing was typed that would be lost.
func (f *NoteForm) Empty() bool {
	return f.Text == "" && f.Participants == "" && !slices.ContainsFunc(f.Agreements, func(a Agreed) bool { return !a.blank() })
}

// longestForm is how much of a form is kept while it is typed, in bytes.
const longestForm = 100_000

// fits reports whether the form is one that can be kept while it is typed.
func (f *NoteForm) fits() bool {
	size := len(f.Text) + len(f.Participants)
	for _, a := range f.Agreements {
		size += len(a.What) + len(a.Responsible) + len(a.Due)
	}
	return size <= longestForm
}

func (a Agreed) blank() bool { return a == Agreed{} }

// The limits of a note.
const (
	maxNote    = 8000 // characters
	maxPeople  = 30
	maxAgreed  = 30
	maxLine    = 200
	oldestNote = 366 // days before today that a note may be about
)

// read checks a note; what it says stays as it was typed.
func (f *NoteForm) read(today calendar.Date) (Note, error) {
	n := Note{Kind: NoteKind(f.Kind), Text: strings.TrimSpace(f.Text), Confidential: f.Confidential}
	var wrong []fault.Field
	if !slices.Contains(NoteKinds, n.Kind) {
		wrong = append(wrong, fault.Field{Name: "kind", Key: "note.error.kind"})
	}
	day, bad := readDay(f.On, today)
	n.On, wrong = day, append(wrong, bad...)
	wrong = append(wrong, longText("text", n.Text, "note.error.text")...)
	if n.Kind == Meeting {
		wrong = append(wrong, f.readMeeting(&n)...)
	}
	if len(wrong) > 0 {
		return Note{}, fault.InvalidFields(wrong...)
	}
	return n, nil
}

// readDay reads the day of a note: not to come, and no year ago.
func readDay(text string, today calendar.Date) (calendar.Date, []fault.Field) {
	day, err := calendar.Parse(text)
	switch {
	case err != nil:
		return day, []fault.Field{{Name: "on", Key: "note.error.day"}}
	case today.Before(day):
		return day, []fault.Field{{Name: "on", Key: "note.error.future"}}
	case day.Before(today.AddDays(-oldestNote)):
		return day, []fault.Field{{Name: "on", Key: "note.error.old"}}
	}
	return day, nil
}

// longText asks for a text that is there and fits.
func longText(name, text, missing string) []fault.Field {
	switch {
	case text == "":
		return []fault.Field{{Name: name, Key: missing}}
	case utf8.RuneCountInString(text) > maxNote:
		return []fault.Field{{Name: name, Key: "casework.error.long", Args: map[string]any{"Max": maxNote}}}
	}
	return nil
}

// readMeeting reads who came and what was agreed.
func (f *NoteForm) readMeeting(n *Note) []fault.Field {
	n.Participants = readParticipants(f.Participants)
	var wrong []fault.Field
	switch {
	case len(n.Participants) == 0:
		wrong = append(wrong, fault.Field{Name: "participants", Key: "note.error.participants"})
	case len(n.Participants) > maxPeople || slices.ContainsFunc(n.Participants, func(p Participant) bool { return tooLong(p.Name) || tooLong(p.Place) }):
		wrong = append(wrong, fault.Field{Name: "participants", Key: "note.error.many", Args: map[string]any{"Max": maxPeople, "Long": maxLine}})
	}
	if len(f.Agreements) > maxAgreed {
		wrong = append(wrong, fault.Field{Name: "agreement[0]", Key: "note.error.agreements", Args: map[string]any{"Max": maxAgreed}})
	}
	for i, typed := range f.Agreements {
		if typed.blank() {
			continue
		}
		a, bad := typed.read(i)
		n.Agreements, wrong = append(n.Agreements, a), append(wrong, bad...)
	}
	return wrong
}

func tooLong(text string) bool { return utf8.RuneCountInString(text) > maxLine }

// readParticipants reads one a line; what stands after the first comma is where
// they come from.
func readParticipants(text string) (list []Participant) {
	for line := range strings.Lines(text) {
		name, place, _ := strings.Cut(strings.TrimSpace(line), ",")
		if name = strings.TrimSpace(name); name != "" {
			list = append(list, Participant{Name: name, Place: strings.TrimSpace(place)})
		}
	}
	return list
}

func (a Agreed) read(i int) (Agreement, []fault.Field) {
	at := "[" + strconv.Itoa(i) + "]"
	var wrong []fault.Field
	if a.What == "" {
		wrong = append(wrong, fault.Field{Name: "agreement" + at, Key: "note.error.agreement"})
	}
	if tooLong(a.What) || tooLong(a.Responsible) {
		wrong = append(wrong, fault.Field{Name: "agreement" + at, Key: "casework.error.long", Args: map[string]any{"Max": maxLine}})
	}
	made := Agreement{What: a.What, Responsible: a.Responsible}
	if a.Due == "" {
		return made, wrong
	}
	due, err := calendar.Parse(a.Due)
	if err != nil {
		wrong = append(wrong, fault.Field{Name: "due" + at, Key: "note.error.due"})
	}
	made.Due = due
	return made, wrong
}
