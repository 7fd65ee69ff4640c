package sheet

import (
	"hash/maphash"

	"gsl/app/kit/calendar"
)

// maxText is how long a name or address may be, in bytes.
const maxText = 300

// MaxAmount is the largest number taken for pesos or for a quantity: more than a
// thousand million is a mistake.
const MaxAmount = 1_000_000_000

// Cells reads the values of one row after the other, and notes what is wrong
// with them. Columns are named by their place in the list that was matched.
type Cells struct {
	Match    Match
	Problems []Problem // the caller takes them away from time to time
	row      Row
	bad      bool
	words    words
	last     []string // of each column
}

// NewCells makes a reader of values for a matched table.
func NewCells(match Match) *Cells {
	return &Cells{Match: match, words: newWords(), last: make([]string, len(match.At))}
}

// On moves to a row; false when it cannot be read at all.
func (c *Cells) On(row Row) bool {
	c.row, c.bad = row, false
	if row.Problem != nil {
		c.bad = true
		c.Problems = append(c.Problems, *row.Problem)
	}
	return !c.bad
}

// Bad reports whether anything is wrong with the row so far.
func (c *Cells) Bad() bool { return c.bad }

// Value is what the file says, nil when it has no such column.
func (c *Cells) Value(i int) []byte { return c.Match.Cell(c.row, i) }

// Refuse notes that a value cannot be taken.
func (c *Cells) Refuse(i int, key string) {
	c.bad = true
	c.Problems = append(c.Problems, NewProblem(c.row.Line, c.Match.Titles[i], c.Value(i), key))
}

// Text reads a text that may be blank.
func (c *Cells) Text(i int) string {
	value := c.Value(i)
	if len(value) > maxText {
		c.Refuse(i, "sheet.too_long")
		return ""
	}
	if c.last[i] != string(value) { // members of a household share much
		c.last[i] = c.words.of(value)
	}
	return c.last[i]
}

// Needed reads a text that may not be blank.
func (c *Cells) Needed(i int) string {
	if len(c.Value(i)) == 0 {
		c.Refuse(i, "sheet.missing")
		return ""
	}
	return c.Text(i)
}

// Number reads a whole number up to most; blank is 0.
func (c *Cells) Number(i int, most int64) int64 {
	value := c.Value(i)
	if len(value) == 0 {
		return 0
	}
	n, ok := Integer(value)
	if !ok {
		c.Refuse(i, "sheet.integer")
	} else if n > most {
		c.Refuse(i, "sheet.too_large_number")
	}
	return n
}

// Flag reads a yes or no; blank is no.
func (c *Cells) Flag(i int) bool {
	value, ok := Flag(c.Value(i))
	if !ok {
		c.Refuse(i, "sheet.flag")
	}
	return value
}

// Date reads a date that may not be blank.
func (c *Cells) Date(i int) calendar.Date {
	value := c.Value(i)
	if len(value) == 0 {
		c.Refuse(i, "sheet.missing")
		return calendar.Date{}
	}
	d, ok := Date(value)
	if !ok {
		c.Refuse(i, "sheet.date")
	}
	return d
}

// PastDate is Date for what has happened: data, a delivery. Extracts are
// sometimes dated at the end of their period and clocks differ, so a year ahead
// is let pass; more is a mistyped year.
func (c *Cells) PastDate(i int, today calendar.Date) calendar.Date {
	d := c.Date(i)
	if today.AddDays(366).Before(d) {
		c.Refuse(i, "sheet.date_far")
	}
	return d
}

// Choice reads one of a few words: as it stands, or folded.
func (c *Cells) Choice(i int, choices map[string]string, key string) string {
	value := c.Value(i)
	if chosen, ok := choices[string(value)]; ok {
		return chosen
	}
	chosen, ok := choices[Fold(string(value))]
	if !ok {
		c.Refuse(i, key)
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
