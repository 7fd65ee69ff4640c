package screening

import "gsl/app/people"

// firstRUNs are, roughly, the first RUN bodies of those born in a year: a RUN
// tells the age, and staff notice when it does not.
var firstRUNs = []struct{ year, body int }{
	{1915, 900_000}, {1930, 2_300_000}, {1940, 3_700_000}, {1950, 5_300_000}, {1960, 7_600_000}, {1970, 10_200_000},
	{1980, 13_300_000}, {1990, 17_000_000}, {2000, 20_100_000}, {2010, 22_900_000}, {2020, 26_600_000}, {2030, 29_900_000},
}

// RUNs that the demo gives to the people who work at the desks.
const (
	staffFrom = 13_100_000
	staffTo   = 13_300_000
)

// runMaker gives each person a RUN of their own. Of each year's RUNs a part
// belongs to each commune, so that communes need not know of each other.
type runMaker struct {
	part, parts int
	given       map[int]int // birth year → how many
}

func (r *runMaker) next(year int) people.RUN {
	if r.given == nil {
		r.given = map[int]int{}
	}
	for {
		year = min(max(year, firstRUNs[0].year), lastRUNYear)
		low, high := firstRUN(year), firstRUN(year+1)
		places := (high - low) / r.parts
		if k := r.given[year]; k < places {
			r.given[year]++
			body := low + (places*377/1000+k*stride(places))%places*r.parts + r.part
			if body >= staffFrom && body < staffTo {
				continue
			}
			return people.RUNOf(uint32(body)) //nolint:gosec // under 30 million
		}
		year = firstRUNs[0].year + (year+7-firstRUNs[0].year)%(lastRUNYear-firstRUNs[0].year) // the year is full
	}
}

const lastRUNYear = 2029

// firstRUN interpolates the table.
func firstRUN(year int) int {
	for i := len(firstRUNs) - 1; i >= 0; i-- {
		from := firstRUNs[i]
		if year < from.year {
			continue
		}
		if i == len(firstRUNs)-1 {
			return from.body
		}
		to := firstRUNs[i+1]
		return from.body + (to.body-from.body)*(year-from.year)/(to.year-from.year)
	}
	return firstRUNs[0].body
}

// stride visits all n places in an order that looks like chance: about the
// golden section of n, with no divisor in common.
func stride(n int) int {
	s := max(1, n*618/1000)
	for gcd(s, n) != 1 {
		s++
	}
	return s
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
