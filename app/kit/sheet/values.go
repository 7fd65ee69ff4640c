package sheet

import (
	"bytes"

	"gsl/app/kit/calendar"
)

// Integer reads a whole number as offices write amounts: "30000", "30.000",
// "$ 30.000", "30,000", "30000.00". False for anything else, a fraction and a
// negative number too.
func Integer(cell []byte) (int64, bool) {
	cell = bytes.TrimLeft(cell, "$ \u00a0")
	if n, ok := digits(cell); ok {
		return n, true
	}
	whole, decimals, ok := cutDecimals(cell)
	if !ok || len(bytes.Trim(decimals, "0")) > 0 {
		return 0, false
	}
	return grouped(whole)
}

// digits reads up to 15 ASCII digits.
func digits(cell []byte) (int64, bool) {
	if len(cell) == 0 || len(cell) > 15 {
		return 0, false
	}
	var n int64
	for _, c := range cell {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// cutDecimals cuts off what follows a last point or comma unless it is a group
// of three digits.
func cutDecimals(cell []byte) (whole, decimals []byte, ok bool) {
	at := bytes.LastIndexAny(cell, ".,")
	if at < 0 || len(cell)-at-1 == 3 {
		return cell, nil, true
	}
	_, ok = digits(cell[at+1:])
	return cell[:at], cell[at+1:], ok
}

// grouped reads digits in groups of three parted by points or commas.
func grouped(cell []byte) (int64, bool) {
	if len(cell) > 20 {
		return 0, false
	}
	sep := byte('.')
	if bytes.IndexByte(cell, ',') >= 0 {
		sep = ','
	}
	var plain [20]byte
	n := 0
	for i, group := range bytes.Split(cell, []byte{sep}) {
		if i > 0 && len(group) != 3 || i == 0 && len(group) > 3 && len(group) < len(cell) {
			return 0, false
		}
		n += copy(plain[n:], group)
	}
	return digits(plain[:n])
}

// Date reads a civil date: 2026-11-21, 21-11-2026, 21/11/2026, the same followed
// by an hour, or the day number that Excel keeps. False when there is no such day.
func Date(cell []byte) (calendar.Date, bool) {
	if d, ok := isoDate(cell); ok {
		return d, true
	}
	if n, ok := digits(cell); ok {
		return excelDay(n)
	}
	if at := bytes.IndexAny(cell, " T"); at > 0 {
		cell = cell[:at]
	}
	d, err := calendar.Parse(string(cell))
	return d, err == nil
}

func isoDate(cell []byte) (calendar.Date, bool) {
	if len(cell) != 10 || cell[4] != '-' || cell[7] != '-' {
		return calendar.Date{}, false
	}
	year, ok1 := digits(cell[:4])
	month, ok2 := digits(cell[5:7])
	day, ok3 := digits(cell[8:])
	if !ok1 || !ok2 || !ok3 {
		return calendar.Date{}, false
	}
	d, err := calendar.NewDate(int(year), int(month), int(day))
	return d, err == nil
}

// excelDay counts from 30 December 1899. Only days from 1927 to 2173 are taken
// for dates: five digits that begin with 1 to 9.
func excelDay(n int64) (calendar.Date, bool) {
	if n < 10_000 || n > 99_999 {
		return calendar.Date{}, false
	}
	epoch, err := calendar.NewDate(1899, 12, 30)
	return epoch.AddDays(int(n)), err == nil
}

// flags are the words for yes and no; a blank cell is a no.
var flags = map[string]bool{
	"": false, "0": false, "n": false, "no": false, "false": false, "falso": false, "f": false,
	"1": true, "s": true, "si": true, "y": true, "yes": true, "true": true, "verdadero": true, "v": true, "x": true,
}

// Flag reads a yes or no: 1/0, sí/no, true/false, verdadero/falso, x/blank.
func Flag(cell []byte) (value, ok bool) {
	if len(cell) == 1 && (cell[0] == '0' || cell[0] == '1') {
		return cell[0] == '1', true
	}
	if len(cell) > 20 {
		return false, false
	}
	value, ok = flags[Fold(string(cell))]
	return value, ok && (len(cell) == 0 || Fold(string(cell)) != "")
}

// Text is a value as a string of its own.
func Text(cell []byte) string { return string(cell) }
