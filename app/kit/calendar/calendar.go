// Package calendar holds civil dates and Chile's clock. Dates have no time
// zone; instants are stored in UTC and shown in America/Santiago.
package calendar

import (
	"cmp"
	"database/sql/driver"
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // a container without zone files must still know Santiago
)

// Santiago is the zone in which people read the clock.
var Santiago = mustZone("America/Santiago")

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic("calendar: " + err.Error()) // the zone data is linked into the binary
	}
	return zone
}

// Date is a civil date; the zero value is "no date".
type Date struct {
	year  int16
	month uint8
	day   uint8
}

// NewDate makes a date, or says that the calendar has no such day.
func NewDate(year, month, day int) (Date, error) {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if year < 1 || year > 9999 || t.Year() != year || int(t.Month()) != month || t.Day() != day {
		return Date{}, fmt.Errorf("calendar: no such day %04d-%02d-%02d", year, month, day)
	}
	return Date{int16(year), uint8(month), uint8(day)}, nil //nolint:gosec // the calendar has the day, checked above
}

// On is the civil date in Santiago of an instant.
func On(t time.Time) Date {
	year, month, day := t.In(Santiago).Date()
	return Date{int16(year), uint8(month), uint8(day)} //nolint:gosec // ranges are the calendar's own
}

// Parse reads "2026-11-21", "21-11-2026", "21/11/2026" or "21.11.2026".
// Blank text is an error: the caller decides whether a date may be missing.
func Parse(s string) (Date, error) {
	if d, ok := parseISO(s); ok { // what files hold, hundreds on a page
		return d, nil
	}
	s = strings.TrimSpace(s)
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == '/' || r == '.' })
	if len(parts) != 3 {
		return Date{}, fmt.Errorf("calendar: not a date")
	}
	var n [3]int
	for i, part := range parts {
		if len(part) == 0 || len(part) > 4 {
			return Date{}, fmt.Errorf("calendar: not a date")
		}
		for _, c := range []byte(part) {
			if c < '0' || c > '9' {
				return Date{}, fmt.Errorf("calendar: not a date")
			}
			n[i] = n[i]*10 + int(c-'0')
		}
	}
	if len(parts[0]) == 4 {
		return NewDate(n[0], n[1], n[2])
	}
	if len(parts[2]) == 4 {
		return NewDate(n[2], n[1], n[0])
	}
	return Date{}, fmt.Errorf("calendar: the year needs four digits")
}

// parseISO reads exactly "2026-11-21".
func parseISO[T string | []byte](s T) (Date, bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return Date{}, false
	}
	n := 0
	for i := range 10 {
		c := s[i] - '0'
		switch {
		case i == 4 || i == 7:
		case c > 9: // '/' and what stands before it wrap around
			return Date{}, false
		default:
			n = n*10 + int(c)
		}
	}
	d, err := NewDate(n/10_000, n/100%100, n%100)
	return d, err == nil
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d == Date{} }

// String is ISO 8601, "" for no date. It is what files and forms of machines hold.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	b := [10]byte{4: '-', 7: '-'}
	put(b[0:4], int(d.year))
	put(b[5:7], int(d.month))
	put(b[8:10], int(d.day))
	return string(b[:])
}

// Chilean is dd-mm-yyyy, "" for no date: what people read and type.
func (d Date) Chilean() string {
	if d.IsZero() {
		return ""
	}
	b := [10]byte{2: '-', 5: '-'}
	put(b[0:2], int(d.day))
	put(b[3:5], int(d.month))
	put(b[6:10], int(d.year))
	return string(b[:])
}

func put(b []byte, n int) {
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
}

// Year is the civil year.
func (d Date) Year() int { return int(d.year) }

// Month is the month of the year, 1 to 12.
func (d Date) Month() int { return int(d.month) }

// Day is the day of the month, 1 to 31.
func (d Date) Day() int { return int(d.day) }

// Time is midnight UTC of the date, for arithmetic only.
func (d Date) Time() time.Time {
	return time.Date(int(d.year), time.Month(d.month), int(d.day), 0, 0, 0, 0, time.UTC)
}

// AddDays moves by whole days.
func (d Date) AddDays(n int) Date {
	t := d.Time().AddDate(0, 0, n)
	return Date{int16(t.Year()), uint8(t.Month()), uint8(t.Day())} //nolint:gosec // ranges are the calendar's own
}

// DaysUntil counts the days from d to other; negative when other is earlier.
func (d Date) DaysUntil(other Date) int {
	return int(other.Time().Sub(d.Time()).Hours() / 24)
}

// Before reports whether d is earlier than other.
func (d Date) Before(other Date) bool { return d.key() < other.key() }

// Compare is -1 when d is earlier than other, 0 for the same day, +1 when later.
func (d Date) Compare(other Date) int { return cmp.Compare(d.key(), other.key()) }

func (d Date) key() int { return int(d.year)*512 + int(d.month)*32 + int(d.day) }

// AgeOn is the age in completed years on the given day; born on 29 February
// counts from 1 March in common years. Negative for a date in the future.
func (d Date) AgeOn(day Date) int {
	age := int(day.year) - int(d.year)
	if int(day.month)*32+int(day.day) < int(d.month)*32+int(d.day) {
		age--
	}
	return age
}

// Scan reads ISO text from SQLite; NULL and "" are no date.
func (d *Date) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		if v == "" {
			*d = Date{}
			return nil
		}
		parsed, err := Parse(v)
		*d = parsed
		return err
	case time.Time:
		year, month, day := v.Date()
		parsed, err := NewDate(year, int(month), day)
		*d = parsed
		return err
	}
	return fmt.Errorf("calendar: cannot read a date from %T", value)
}

// ScanText is Scan for text that is only lent.
func (d *Date) ScanText(text []byte) error {
	if iso, ok := parseISO(text); ok {
		*d = iso
		return nil
	}
	return d.Scan(string(text))
}

// Value writes ISO text, NULL for no date.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}
