package casework

import (
	"cmp"
	"slices"
	"time"

	"gsl/app/kit/calendar"
	"gsl/tenants"
)

// lateAfter is after how many days without movement a case stands out.
const lateAfter = 30

// Ages are the buckets of a board: up to 30 days, 31 to 90, 91 to 180, more. A
// case is as old as the days since it was opened.
const Ages = 4

// ageEnds are the last days of all buckets but the last.
var ageEnds = [Ages - 1]int{30, 90, 180}

// Tally counts cases of one age.
type Tally struct {
	Cases int
	Still int // of those, without movement for lateAfter days
}

// Load is how many open cases a worker has by age; a blank worker is those that
// wait for somebody.
type Load struct {
	WorkerID, WorkerName string
	Ages                 [Ages]Tally
}

// Count counts the cases of a bucket, 0 for all: those without movement only, or all.
func (l *Load) Count(age int, still bool) (n int) {
	for i, tally := range l.Ages {
		switch {
		case age != 0 && age != i+1:
		case still:
			n += tally.Still
		default:
			n += tally.Cases
		}
	}
	return n
}

// cuts are the instants that part cases by age and movement: what is compared is
// the text of the file.
type cuts struct {
	ages  [Ages - 1]string // opened before: older than the bucket
	still string           // moved before: without movement
}

func cutsOf(today calendar.Date) (c cuts) {
	for i, days := range ageEnds {
		c.ages[i] = midnight(today.AddDays(-days))
	}
	c.still = midnight(today.AddDays(1 - lateAfter))
	return c
}

// midnight is the instant at which a day begins in Chile.
func midnight(d calendar.Date) string {
	return stamp(time.Date(d.Year(), time.Month(d.Month()), d.Day(), 0, 0, 0, 0, calendar.Santiago))
}

// window is what a list is narrowed to: from when to when cases were opened, and
// before when they last moved.
type window struct{ from, to, still string }

// The first and the last of all texts that an instant can have.
const noStart, noEnd = "", "9999"

// window gives what an age and a standstill mean today.
func (a Ask) window(today calendar.Date) window {
	c, w := cutsOf(today), window{noStart, noEnd, noEnd}
	switch a.Age {
	case 1:
		w.from = c.ages[0]
	case Ages:
		w.to = c.ages[Ages-2]
	case 2, 3:
		w.from, w.to = c.ages[a.Age-1], c.ages[a.Age-2]
	}
	if a.Still {
		w.still = c.still
	}
	return w
}

// kept is a board as it was counted, and up to which change of the file's cases.
type kept struct {
	change change
	today  calendar.Date
	lines  []Load // by worker and name, as the file counts them
}

// change is a case more or less on a board. Only the newest are kept; the mark
// tells that the file is still the one that was counted, not a restored one.
type change struct {
	seq, mark       int64
	n               int // 1 or -1
	unit            string
	load            Load // whose case it is
	opened, movedAt string
}

// loads counts the open cases of a unit by worker and age. Twenty thousand cases
// take tens of milliseconds to count, and boards are looked at while people work
// on cases: a board that was counted today goes on with what changed since.
func (s *Service) loads(tx *tenants.Tx, unit string, today calendar.Date) ([]Load, error) {
	key, cuts := [2]string{tx.Owner(), unit}, cutsOf(today)
	known, ok := s.boards.Load(key)
	if ok {
		if k := known.(*kept); k.today == today { //nolint:forcetypeassert // only boards are stored
			next, err := k.since(tx, unit, cuts)
			if err != nil {
				return nil, err
			}
			if next != nil {
				s.boards.Store(key, next)
				return merged(next.lines), nil
			}
		}
	}
	next, err := counted(tx, unit, today, cuts)
	if err != nil {
		return nil, err
	}
	s.boards.Store(key, next)
	return merged(next.lines), nil
}

// counted counts a board from the beginning.
func counted(tx *tenants.Tx, unit string, today calendar.Date, c cuts) (*kept, error) {
	last, err := lastChange(tx)
	if err != nil {
		return nil, err
	}
	lines, err := loadsOf(tx, unit, c)
	return &kept{last, today, lines}, err
}

// since gives the board with what changed since; nil when the file no longer
// knows that, or is another state of it.
func (k *kept) since(tx *tenants.Tx, unit string, c cuts) (*kept, error) {
	list, err := changesSince(tx, k.change.seq)
	if err != nil || len(list) == 0 || list[0].seq != k.change.seq || list[0].mark != k.change.mark {
		return nil, err
	}
	if len(list) == 1 {
		return k, nil
	}
	next := &kept{list[len(list)-1], k.today, slices.Clone(k.lines)}
	for i := range list[1:] {
		if ch := &list[1+i]; ch.unit == unit {
			next.apply(ch, c)
		}
	}
	return next, nil
}

// apply counts a change. A line that comes to nothing goes.
func (k *kept) apply(ch *change, c cuts) {
	at, found := slices.BinarySearchFunc(k.lines, ch.load, func(a, b Load) int {
		return cmp.Or(cmp.Compare(a.WorkerID, b.WorkerID), cmp.Compare(a.WorkerName, b.WorkerName))
	})
	if !found {
		k.lines = slices.Insert(k.lines, at, ch.load)
	}
	line := &k.lines[at]
	tally := &line.Ages[c.age(ch.opened)]
	tally.Cases += ch.n
	if ch.movedAt < c.still {
		tally.Still += ch.n
	}
	if line.Count(0, false) == 0 {
		k.lines = slices.Delete(k.lines, at, at+1)
	}
}

// age is the bucket, from 0, of a case that was opened at an instant.
func (c *cuts) age(opened string) int {
	for i, cut := range c.ages {
		if opened >= cut {
			return i
		}
	}
	return Ages - 1
}

// merged gives the loads by name of worker. A worker whose name was written in
// two ways is one.
func merged(lines []Load) (list []Load) {
	for i := range lines {
		if n := len(list); n > 0 && list[n-1].WorkerID == lines[i].WorkerID {
			list[n-1].add(&lines[i])
		} else {
			list = append(list, lines[i])
		}
	}
	slices.SortStableFunc(list, func(a, b Load) int { return cmp.Compare(a.WorkerName, b.WorkerName) })
	return list
}

func (l *Load) add(more *Load) {
	for i := range Ages {
		l.Ages[i].Cases += more.Ages[i].Cases
		l.Ages[i].Still += more.Ages[i].Still
	}
}
