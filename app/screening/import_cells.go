package screening

import (
	"bytes"
	"errors"
	"slices"

	"gsl/app/kit/calendar"
	"gsl/app/kit/sheet"
	"gsl/app/kit/territory"
	"gsl/app/people"
)

// cells reads the values of rows of the RSH and the RIS.
type cells struct {
	*sheet.Cells
	today    calendar.Date
	communes []string // the only ones accepted, nil for all
}

func (c *cells) birthDate(i int) calendar.Date {
	d := c.Date(i)
	if c.today.Before(d) {
		c.Refuse(i, "registry.birth_future")
	}
	return d
}

func (c *cells) run(i int) people.RUN {
	run, err := people.ParseRUN(string(c.Value(i)))
	switch {
	case err == nil:
	case errors.Is(err, people.ErrRUNBlank):
		c.Refuse(i, "registry.run_missing")
	case errors.Is(err, people.ErrRUNCheckDigit):
		c.Refuse(i, "registry.run_digit")
	default:
		c.Refuse(i, "registry.run_shape")
	}
	return run
}

// tramo reads one of the seven: "40", "40%", "0-40".
func (c *cells) tramo(i int) int {
	value := bytes.TrimRight(c.Value(i), "% ")
	if at := bytes.LastIndexByte(value, '-'); at >= 0 {
		value = bytes.TrimSpace(value[at+1:])
	}
	switch n, _ := sheet.Integer(value); n {
	case 40, 50, 60, 70, 80, 90, 100:
		return int(n)
	}
	c.Refuse(i, "registry.tramo")
	return 0
}

// commune reads a CUT code, also without its leading zero, or a commune's name.
func (c *cells) commune(i int) string {
	value := c.Value(i)
	commune, known := territory.ByCode(string(value))
	if !known && len(value) == 4 {
		commune, known = territory.ByCode("0" + string(value))
	}
	if !known {
		commune, known = territory.ByName(string(value))
	}
	switch {
	case !known:
		c.Refuse(i, "registry.commune")
	case c.communes != nil && !slices.Contains(c.communes, commune.Code):
		c.Refuse(i, "registry.other_commune")
	}
	return commune.Code
}

// runSet remembers which RUNs a file had: one bit each, in pages that are made
// when they are needed. It grows with the span of RUNs, not with the file.
type runSet struct{ pages [1 << 14]*[1 << 10]uint64 }

// add reports whether the RUN is new to the set.
func (s *runSet) add(run people.RUN) bool {
	body := run.Body() // nine digits: under 1<<30
	page := s.pages[body>>16]
	if page == nil {
		page = new([1 << 10]uint64)
		s.pages[body>>16] = page
	}
	word, bit := &page[body>>6&1023], uint64(1)<<(body&63)
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	return true
}
