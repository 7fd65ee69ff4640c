package calendar

import "time"

// The clocks of the municipality run on working days, which are those of Ley
// 19.880, article 25: Monday to Friday, but for holidays. Holidays of one
// region only (7 June in Arica, 20 August in Chillán) are not among them.

// IsWorkingDay reports whether offices are open on the day.
func IsWorkingDay(d Date) bool {
	switch d.Weekday() {
	case time.Saturday, time.Sunday:
		return false
	}
	_, closed := Holiday(d)
	return !closed
}

// AddWorkingDays is the n-th working day after d; for n = 0, or less, it is d
// itself or, when offices are closed, the next working day.
func AddWorkingDays(d Date, n int) Date {
	if n <= 0 {
		n = 1
		d = d.AddDays(-1)
	}
	for n > 0 {
		d = d.AddDays(1)
		if IsWorkingDay(d) {
			n--
		}
	}
	return d
}

// WorkingDaysBetween counts the working days after from, up to and including
// to; none when to is not after from. A thing sent today and answered today
// took 0.
func WorkingDaysBetween(from, to Date) int {
	count := 0
	for d := from.AddDays(1); !to.Before(d); d = d.AddDays(1) {
		if IsWorkingDay(d) {
			count++
		}
	}
	return count
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }
