package diagnosis

import (
	"slices"
	"time"
	"unicode/utf8"

	"gsl/app/kit/calendar"
	"gsl/app/kit/fault"
)

// Standing is where a goal or a commitment stands. Of a commitment, achieved says
// that the family kept it.
type Standing string

// The standings.
const (
	Open        Standing = "open"
	Achieved    Standing = "achieved"
	NotAchieved Standing = "not_achieved"
	Withdrawn   Standing = "withdrawn"
)

// Standings lists them in the order of the box.
func Standings() []Standing { return []Standing{Open, Achieved, NotAchieved, Withdrawn} }

// needsReason reports whether the standing must say why.
func (s Standing) needsReason() bool { return s == NotAchieved || s == Withdrawn }

// Aim is what a goal and a commitment have in common.
type Aim struct {
	ID, FileID string
	Text       string
	Due        calendar.Date // zero for none
	Standing   Standing
	Reason     string
	CreatedAt  time.Time
	CreatedBy  string // name
	ChangedAt  time.Time
	ChangedBy  string // name
	Version    int64
	Items      []string // ids of the plan items by which it is pursued
}

// Late reports whether an open one should have been reached by a day.
func (a *Aim) Late(today calendar.Date) bool {
	return a.Standing == Open && !a.Due.IsZero() && a.Due.Before(today)
}

// Goal is what the case is for.
type Goal struct {
	Aim
	Dimension   Dimension // "" for none in particular
	Commitments []Commitment
}

// Commitment is what somebody of the family has agreed to do.
type Commitment struct {
	Aim
	GoalID string // "" for one that stands by itself
	By     string // who of the family
}

// Item is an agreed plan item, as plan tells it.
type Item struct {
	ID, Name string
	Folio    string // of its plan
	Href     string
	Status   string // pending, in-progress, confirmed, not-achieved, withdrawn
	Text     string // the status in words
	Open     bool   // its plan can still change
}

// Goals are the goals and commitments of a file, and what they can be tied to.
type Goals struct {
	Goals []Goal       // open ones first, each with its commitments
	Alone []Commitment // those of no goal
	Items []Item
}

// count gives how many of the goals and commitments are open.
func (g *Goals) count() (goals, commitments int) {
	for i := range g.Goals {
		if g.Goals[i].Standing == Open {
			goals++
		}
		commitments += openOnes(g.Goals[i].Commitments)
	}
	return goals, commitments + openOnes(g.Alone)
}

func openOnes(list []Commitment) (n int) {
	for i := range list {
		if list[i].Standing == Open {
			n++
		}
	}
	return n
}

// The longest texts, in characters; and how far ahead a date may be, in days.
const (
	maxGoal = 300
	maxWhom = 80
	maxDue  = 1096
)

// check names what of an aim cannot be kept. A day that is past can be written
// down only where it was there before.
func (a *Aim) check(today, was calendar.Date) []fault.Field {
	var wrong []fault.Field
	add := func(name, key string, bad bool, most int) {
		if bad {
			wrong = append(wrong, fault.Field{Name: name, Key: key, Args: map[string]any{"Max": most}})
		}
	}
	add("text", "diagnosis.error.goal_text", a.Text == "", 0)
	add("text", "diagnosis.error.long", utf8.RuneCountInString(a.Text) > maxGoal, maxGoal)
	add("due", "diagnosis.error.due_past", !a.Due.IsZero() && a.Due != was && a.Due.Before(today), 0)
	add("due", "diagnosis.error.due_far", today.AddDays(maxDue).Before(a.Due), 0)
	add("standing", "diagnosis.error.standing", !slices.Contains(Standings(), a.Standing), 0)
	add("reason", "diagnosis.error.reason", a.Standing.needsReason() && a.Reason == "", 0)
	add("reason", "diagnosis.error.long", utf8.RuneCountInString(a.Reason) > maxReason, maxReason)
	return wrong
}

// checkItems names items that the file does not have. One that it had stays.
func (a *Aim) checkItems(items []Item, was []string) []fault.Field {
	for _, id := range a.Items {
		known := slices.ContainsFunc(items, func(it Item) bool { return it.ID == id })
		if !known && !slices.Contains(was, id) {
			return []fault.Field{{Name: "item", Key: "diagnosis.error.item"}}
		}
	}
	return nil
}

// same reports whether two say the same.
func (a *Aim) same(other *Aim) bool {
	return a.Text == other.Text && a.Due == other.Due && a.Standing == other.Standing && a.Reason == other.Reason && slices.Equal(a.Items, other.Items)
}
