package monitor

import (
	"slices"
	"strings"
	"time"

	"gsl/app/kit/calendar"
)

// months is how many the figures go back, the present one among them.
const months = 12

// Whole asks for the municipality; any other scope is the code of a desk.
const Whole = "all"

// Count is a figure for the present month, the one before and the twelve.
type Count struct{ This, Last, Year int }

func (c *Count) add(month, n int) {
	switch month {
	case months - 1:
		c.This += n
	case months - 2:
		c.Last += n
	}
	c.Year += n
}

// Line is the figure of one thing: a desk, a topic, a level, a channel, an outcome.
type Line struct {
	Code, Name string
	Count
}

// Replies are answers of a time: how many, and how long they took. The median
// is the lower one of two, days that somebody really waited.
type Replies struct {
	Count   int
	InTime  int // within the promise
	Median  int // working days without those that the clock stood still
	Promise int // median of what was promised, in working days
}

// Flow is what was sent to one destination.
type Flow struct {
	Code, Name string
	Made       Count
	Year       Replies
	Overdue    int
}

// Month is one of the twelve.
type Month struct {
	First                      calendar.Date
	Attentions, Made, Answered int
}

// Figures are all that the page shows.
type Figures struct {
	Today     calendar.Date
	Scope     string // Whole or a desk
	Scopes    []Line // that may be chosen, the actor's own first
	Months    []Month
	Attention Count
	ByDesk    []Line
	ByTopic   []Line
	ByLevel   []Line
	ByChannel []Line

	Made     Count // by the desk
	Received Count // by the unit; of the municipality the same as Made
	This     Replies
	Last     Replies
	Year     Replies
	Outcomes []Line
	Flows    []Flow
	Overdue  int // today, of the unit
}

// span is where the twelve months begin and end in the file's clock.
type span struct {
	first  []calendar.Date // of each month
	starts []string        // of each month and of the one after, as instants are kept
	today  calendar.Date
}

func spanOf(today calendar.Date) span {
	s := span{today: today}
	for i := range months + 1 {
		t := time.Date(today.Year(), time.Month(today.Month())-months+1+time.Month(i), 1, 0, 0, 0, 0, calendar.Santiago)
		s.starts = append(s.starts, t.UTC().Format("2006-01-02T15:04:05"))
		if i < months {
			s.first = append(s.first, calendar.On(t))
		}
	}
	return s
}

// monthOf is the place of an instant among the months, as the file keeps it.
func (s *span) monthOf(at string) int {
	return sortedBefore(s.starts, at) - 1
}

// sortedBefore counts the texts of a sorted list that are not after at.
func sortedBefore(list []string, at string) int {
	n, found := slices.BinarySearch(list, at)
	if found {
		n++
	}
	return n
}

// ruler measures working days: how many there were up to each day.
type ruler struct {
	from calendar.Date
	upto []int
}

// rulerOf reaches back far enough for whatever was answered within the span.
func rulerOf(s *span) ruler {
	r := ruler{from: s.first[0].AddDays(-400)}
	n := 0
	for d := r.from; !s.today.AddDays(1).Before(d); d = d.AddDays(1) {
		if calendar.IsWorkingDay(d) {
			n++
		}
		r.upto = append(r.upto, n)
	}
	return r
}

// between is calendar.WorkingDaysBetween, by two look-ups.
func (r *ruler) between(from, to calendar.Date) int {
	a, b := r.from.DaysUntil(from), r.from.DaysUntil(to)
	if a < 0 || b >= len(r.upto) || b < a {
		return calendar.WorkingDaysBetween(from, to)
	}
	return r.upto[b] - r.upto[a]
}

// tally gathers answers by how long they took and by what was promised.
type tally struct {
	inTime         int
	days, promises []int
}

func (t *tally) add(days, promise int) {
	if days <= promise {
		t.inTime++
	}
	t.days, t.promises = append(t.days, days), append(t.promises, promise)
}

func (t *tally) replies() Replies {
	return Replies{Count: len(t.days), InTime: t.inTime, Median: middle(t.days), Promise: middle(t.promises)}
}

// middle is the median, the lower one of two; 0 of nothing.
func middle(list []int) int {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return list[(len(list)-1)/2]
}

// lines keeps figures by code.
type lines map[string]*Line

func (l lines) add(code string, month, n int) {
	if l[code] == nil {
		l[code] = &Line{Code: code}
	}
	l[code].add(month, n)
}

// sorted gives them, the largest of the twelve months first.
func (l lines) sorted() []Line {
	list := make([]Line, 0, len(l))
	for _, line := range l {
		list = append(list, *line)
	}
	slices.SortFunc(list, func(a, b Line) int {
		if a.Year != b.Year {
			return b.Year - a.Year
		}
		return strings.Compare(a.Code, b.Code)
	})
	return list
}
