package screening

import (
	"bytes"
	"errors"
	"hash/maphash"
	"slices"

	"gsl/app/kit/calendar"
	"gsl/app/kit/sheet"
	"gsl/app/kit/territory"
	"gsl/app/people"
)

const (
	maxText = 300           // bytes of a name or address
	maxPeso = 1_000_000_000 // a month or a benefit: a thousand million is a mistake
	farDays = 366           // how far ahead of our clock a date of data may be
)

// cells reads the values of one row and notes what is wrong with them.
type cells struct {
	match    sheet.Match
	today    calendar.Date
	communes []string // the only ones accepted, nil for all
	words    words
	row      sheet.Row
	problems []sheet.Problem // of the batch
	bad      bool            // the row has a problem
}

// on moves to a row; false when it cannot be read at all.
func (c *cells) on(row sheet.Row) bool {
	c.row, c.bad = row, false
	if row.Problem != nil {
		c.problems = append(c.problems, *row.Problem)
		c.bad = true
	}
	return !c.bad
}

func (c *cells) value(i int) []byte { return c.match.Cell(c.row, i) }

func (c *cells) refuse(i int, key string) {
	c.bad = true
	c.problems = append(c.problems, sheet.NewProblem(c.row.Line, c.match.Titles[i], c.value(i), key))
}

// text reads a text that may be blank.
func (c *cells) text(i int) string {
	value := c.value(i)
	if len(value) > maxText {
		c.refuse(i, "registry.too_long")
		return ""
	}
	return c.words.of(value)
}

// needed reads a text that may not be blank.
func (c *cells) needed(i int) string {
	if len(c.value(i)) == 0 {
		c.refuse(i, "registry.missing")
		return ""
	}
	return c.text(i)
}

// number reads a whole number up to most; blank is 0.
func (c *cells) number(i int, most int64) int64 {
	value := c.value(i)
	if len(value) == 0 {
		return 0
	}
	n, ok := sheet.Integer(value)
	if !ok {
		c.refuse(i, "registry.integer")
	} else if n > most {
		c.refuse(i, "registry.too_large")
	}
	return n
}

func (c *cells) flag(i int) bool {
	value, ok := sheet.Flag(c.value(i))
	if !ok {
		c.refuse(i, "registry.flag")
	}
	return value
}

// date reads a date that may not be blank.
func (c *cells) date(i int) calendar.Date {
	value := c.value(i)
	if len(value) == 0 {
		c.refuse(i, "registry.missing")
		return calendar.Date{}
	}
	d, ok := sheet.Date(value)
	if !ok {
		c.refuse(i, "registry.date")
	}
	return d
}

func (c *cells) birthDate(i int) calendar.Date {
	d := c.date(i)
	if c.today.Before(d) {
		c.refuse(i, "registry.birth_future")
	}
	return d
}

// dataDate reads the date of data or of a benefit. Extracts are sometimes dated
// at the end of their period, so some time ahead is accepted; a year mistyped
// would keep every later extract out.
func (c *cells) dataDate(i int) calendar.Date {
	d := c.date(i)
	if c.today.AddDays(farDays).Before(d) {
		c.refuse(i, "registry.date_far")
	}
	return d
}

func (c *cells) run(i int) people.RUN {
	run, err := people.ParseRUN(string(c.value(i)))
	switch {
	case err == nil:
	case errors.Is(err, people.ErrRUNBlank):
		c.refuse(i, "registry.run_missing")
	case errors.Is(err, people.ErrRUNCheckDigit):
		c.refuse(i, "registry.run_digit")
	default:
		c.refuse(i, "registry.run_shape")
	}
	return run
}

// tramo reads one of the seven: "40", "40%", "0-40".
func (c *cells) tramo(i int) int {
	value := bytes.TrimRight(c.value(i), "% ")
	if at := bytes.LastIndexByte(value, '-'); at >= 0 {
		value = bytes.TrimSpace(value[at+1:])
	}
	switch n, _ := sheet.Integer(value); n {
	case 40, 50, 60, 70, 80, 90, 100:
		return int(n)
	}
	c.refuse(i, "registry.tramo")
	return 0
}

// commune reads a CUT code, also without its leading zero, or a commune's name.
func (c *cells) commune(i int) string {
	value := c.value(i)
	commune, known := territory.ByCode(string(value))
	if !known && len(value) == 4 {
		commune, known = territory.ByCode("0" + string(value))
	}
	if !known {
		commune, known = territory.ByName(string(value))
	}
	switch {
	case !known:
		c.refuse(i, "registry.commune")
	case c.communes != nil && !slices.Contains(c.communes, commune.Code):
		c.refuse(i, "registry.other_commune")
	}
	return commune.Code
}

// choice reads one of a few words, in any case and accents.
func (c *cells) choice(i int, choices map[string]string, key string) string {
	value := c.value(i)
	if chosen, ok := choices[string(value)]; ok {
		return chosen
	}
	chosen, ok := choices[sheet.Fold(string(value))]
	if !ok {
		c.refuse(i, key)
	}
	return chosen
}

// words keeps texts that come again and again, so that a file of 600,000 people
// does not hold 600,000 copies of "chilena". Its size is fixed.
type words struct {
	seed  maphash.Seed
	slots []string
}

const wordSlots = 1 << 13

func newWords() words { return words{maphash.MakeSeed(), make([]string, wordSlots)} }

func (w *words) of(text []byte) string {
	if len(text) == 0 {
		return ""
	}
	slot := &w.slots[maphash.Bytes(w.seed, text)%wordSlots]
	if *slot != string(text) {
		*slot = string(text)
	}
	return *slot
}

// runSet remembers which RUNs a file had: one bit each, in pages that are made
// when they are needed. It grows with the span of RUNs, not with the file.
type runSet map[uint32]*[1 << 10]uint64

// add reports whether the RUN is new to the set.
func (s runSet) add(run people.RUN) bool {
	body := run.Body()
	page := s[body>>16]
	if page == nil {
		page = new([1 << 10]uint64)
		s[body>>16] = page
	}
	word, bit := &page[body>>6&1023], uint64(1)<<(body&63)
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	return true
}
