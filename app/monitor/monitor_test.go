package monitor

import (
	"testing"

	"gsl/app/kit/calendar"
)

func day(t *testing.T, text string) calendar.Date {
	t.Helper()
	d, err := calendar.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTwelveMonthsByTheClockOfChile(t *testing.T) {
	s := spanOf(day(t, "2026-03-31"))
	if len(s.first) != months || s.first[0] != day(t, "2025-04-01") || s.first[months-1] != day(t, "2026-03-01") {
		t.Errorf("months: %v", s.first)
	}
	for at, want := range map[string]int{
		"2025-04-01T02:59:59.000Z": -1, // still March in Chile
		"2025-04-01T03:00:00.000Z": 0,
		"2026-03-01T02:59:59.999Z": months - 2,
		"2026-03-01T03:00:00.000Z": months - 1,
		"2026-04-01T02:59:59.999Z": months - 1,
	} {
		if got := s.monthOf(at); got != want {
			t.Errorf("%s is in month %d, not %d", at, got, want)
		}
	}
}

// Two look-ups say what counting day by day says.
func TestTheRulerMeasuresWorkingDays(t *testing.T) {
	s := spanOf(day(t, "2026-11-22"))
	r := rulerOf(&s)
	for _, from := range []string{"2025-09-15", "2025-12-24", "2026-04-02", "2026-06-28", "2024-01-05"} {
		for n := range 60 {
			a, b := day(t, from), day(t, from).AddDays(n)
			if got, want := r.between(a, b), calendar.WorkingDaysBetween(a, b); got != want {
				t.Errorf("%s + %d days: %d working days, not %d", from, n, got, want)
			}
		}
	}
}

func TestTheMedianIsADayThatSomebodyWaited(t *testing.T) {
	for _, c := range []struct {
		list []int
		want int
	}{{nil, 0}, {[]int{4}, 4}, {[]int{9, 1}, 1}, {[]int{7, 1, 3}, 3}, {[]int{8, 2, 2, 4}, 2}} {
		if got := middle(c.list); got != c.want {
			t.Errorf("%v: %d, not %d", c.list, got, c.want)
		}
	}
}

func TestTheChartHoldsItsLargestFigure(t *testing.T) {
	for top, want := range map[int]int{1: 1, 4: 1, 5: 2, 9: 5, 20: 5, 21: 10, 52: 20, 4001: 2000} {
		if got := stepOf(top); got != want {
			t.Errorf("up to %d: lines %d apart, not %d", top, got, want)
		}
	}
}
