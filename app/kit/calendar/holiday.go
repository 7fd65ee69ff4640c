package calendar

import (
	_ "embed"
	"encoding/csv"
	"strings"
	"sync"
	"time"
)

// Holiday names the national holiday that a day is, if it is one.
//
// What the law fixes is computed for any year from 2000 on: the fixed days, Holy
// Week, the days that move. What is decreed once (an election, a single bridge)
// is data, in holidays.csv: a new decree is a new line there.
func Holiday(d Date) (name string, ok bool) {
	name, ok = holidaysOf(d.Year())[d]
	return name, ok
}

// fixed are the holidays that keep their date, with the year in which they began.
var fixed = []struct {
	month, day, since int
	name              string
}{
	{1, 1, 0, "Año Nuevo"},
	{5, 1, 0, "Día Nacional del Trabajo"},
	{5, 21, 0, "Día de las Glorias Navales"},
	{7, 16, 2007, "Día de la Virgen del Carmen"}, // Ley 20.148
	{8, 15, 0, "Asunción de la Virgen"},
	{9, 18, 0, "Independencia Nacional"},
	{9, 19, 0, "Día de las Glorias del Ejército"},
	{11, 1, 0, "Día de Todos los Santos"},
	{12, 8, 0, "Inmaculada Concepción"},
	{12, 25, 0, "Navidad"},
}

//go:embed holidays.csv
var decreed string

// decreedByYear reads the data once; a test reads all of it, so a bad line is a
// broken build.
var decreedByYear = sync.OnceValue(func() map[int]map[Date]string {
	rows, err := csv.NewReader(strings.NewReader(decreed)).ReadAll()
	if err != nil {
		panic("calendar: " + err.Error())
	}
	years := map[int]map[Date]string{}
	for _, row := range rows[1:] {
		day, ok := parseISO(row[0])
		if !ok {
			panic("calendar: holidays.csv has no date in " + row[0])
		}
		if years[day.Year()] == nil {
			years[day.Year()] = map[Date]string{}
		}
		years[day.Year()][day] = row[1]
	}
	return years
})

var years sync.Map // year → map[Date]string, never changed once it is in

func holidaysOf(year int) map[Date]string {
	if known, ok := years.Load(year); ok {
		return known.(map[Date]string) //nolint:forcetypeassert // nothing else is kept
	}
	kept, _ := years.LoadOrStore(year, compute(year))
	return kept.(map[Date]string) //nolint:forcetypeassert // nothing else is kept
}

func compute(year int) map[Date]string {
	set := map[Date]string{}
	for day, name := range decreedByYear()[year] {
		set[day] = name
	}
	for _, f := range fixed {
		if year >= f.since {
			set[date(year, f.month, f.day)] = f.name
		}
	}
	sunday := easter(year)
	set[sunday.AddDays(-2)] = "Viernes Santo"
	set[sunday.AddDays(-1)] = "Sábado Santo"
	set[toMonday(date(year, 6, 29))] = "San Pedro y San Pablo"
	set[toMonday(date(year, 10, 12))] = "Encuentro de Dos Mundos"
	if year >= 2008 { // Ley 20.299
		set[toFriday(date(year, 10, 31))] = "Día Nacional de las Iglesias Evangélicas y Protestantes"
	}
	if year >= 2022 { // Ley 21.357; the day of 2021 was named by the law itself
		set[solstice(year)] = "Día Nacional de los Pueblos Indígenas"
	}
	addBridges(set, year)
	return set
}

// addBridges adds the days between a weekend and the holidays of January and
// September.
func addBridges(set map[Date]string, year int) {
	if second := date(year, 1, 2); year >= 2017 && second.Weekday() == time.Monday { // Ley 20.983
		set[second] = "Feriado de Año Nuevo"
	}
	before, after := date(year, 9, 17), date(year, 9, 20)
	monday, friday := before.Weekday() == time.Monday, before.Weekday() == time.Friday
	if year >= 2007 && monday || year >= 2017 && friday { // Ley 20.215, Ley 20.983
		set[before] = "Feriado de Fiestas Patrias"
	}
	if year >= 2007 && after.Weekday() == time.Friday { // Ley 20.215
		set[after] = "Feriado de Fiestas Patrias"
	}
}

// toMonday moves a day as Ley 19.668 does: from Tuesday, Wednesday or Thursday to
// the Monday of that week, from Friday to the Monday after.
func toMonday(d Date) Date {
	switch weekday := d.Weekday(); weekday {
	case time.Tuesday, time.Wednesday, time.Thursday:
		return d.AddDays(int(time.Monday - weekday))
	case time.Friday:
		return d.AddDays(3)
	}
	return d
}

// toFriday moves a day as Ley 20.299 does: from Tuesday to the Friday before,
// from Wednesday to the Friday of that week.
func toFriday(d Date) Date {
	switch d.Weekday() {
	case time.Tuesday:
		return d.AddDays(-4)
	case time.Wednesday:
		return d.AddDays(2)
	}
	return d
}

// solstice is the day of the winter solstice by the clock of Santiago. It falls
// on the 20th or 21st of June; the rule holds until 2099, and is the
// astronomers' in every one of those years.
func solstice(year int) Date {
	phase := year % 4
	if phase == 2 && year <= 2046 || phase == 3 && year <= 2075 {
		return date(year, 6, 21)
	}
	return date(year, 6, 20)
}

// easter is Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher).
func easter(year int) Date {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 19*l) / 433
	month := (h + l - 7*m + 90) / 25
	day := (h + l - 7*m + 33*month + 19) % 32
	return date(year, month, day)
}

// date is a day that is known to exist.
func date(year, month, day int) Date {
	return Date{int16(year), uint8(month), uint8(day)} //nolint:gosec // the calendar's own ranges
}
