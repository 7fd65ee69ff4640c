package casework

import (
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

// kept is a board as it was counted, for as long as it counts the same.
type kept struct {
	mark  int64 // of the file's cases
	today calendar.Date
	loads []Load
}

// loads counts the open cases of a unit by worker and age. Twenty thousand cases
// take milliseconds to count, and a board is looked at far oftener than it
// changes: the file's mark says whether it did.
func (s *Service) loads(tx *tenants.Tx, unit string, today calendar.Date) ([]Load, error) {
	mark, err := markOf(tx)
	if err != nil {
		return nil, err
	}
	key := [2]string{tx.Owner(), unit}
	if known, ok := s.boards.Load(key); ok {
		if k := known.(*kept); k.mark == mark && k.today == today { //nolint:forcetypeassert // only boards are stored
			return k.loads, nil
		}
	}
	list, err := loadsOf(tx, unit, cutsOf(today))
	if err == nil {
		s.boards.Store(key, &kept{mark, today, list})
	}
	return list, err
}
