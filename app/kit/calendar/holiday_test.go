package calendar

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// The calendars as they were published (regional holidays left out).
func TestHolidaysAsPublished(t *testing.T) {
	published := map[int]string{
		2021: "01-01 04-02 04-03 05-01 05-15 05-16 05-21 06-13 06-21 06-28 07-16 07-18 08-15 09-17 09-18 09-19 10-11 10-31 11-01 11-21 12-08 12-19 12-25",
		2022: "01-01 04-15 04-16 05-01 05-21 06-21 06-27 07-16 08-15 09-04 09-16 09-18 09-19 10-10 10-31 11-01 12-08 12-25",
		2023: "01-01 01-02 04-07 04-08 05-01 05-07 05-21 06-21 06-26 07-16 08-15 09-18 09-19 10-09 10-27 11-01 12-08 12-17 12-25",
		2024: "01-01 03-29 03-30 05-01 05-21 06-09 06-20 06-29 07-16 08-15 09-18 09-19 09-20 10-12 10-27 10-31 11-01 11-24 12-08 12-25",
		2025: "01-01 04-18 04-19 05-01 05-21 06-20 06-29 07-16 08-15 09-18 09-19 10-12 10-31 11-01 11-16 12-08 12-14 12-25",
		2026: "01-01 04-03 04-04 05-01 05-21 06-21 06-29 07-16 08-15 09-18 09-19 10-12 10-31 11-01 12-08 12-25",
		2027: "01-01 03-26 03-27 05-01 05-21 06-21 06-28 07-16 08-15 09-17 09-18 09-19 10-11 10-31 11-01 12-08 12-25",
	}
	for year, want := range published {
		var got []string
		for _, day := range slices.SortedFunc(maps.Keys(holidaysOf(year)), Date.Compare) {
			got = append(got, day.String()[5:])
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%d:\n got %s\nwant %s", year, text, want)
		}
	}
}

func TestHolidaysThatMove(t *testing.T) {
	for day, want := range map[string]string{
		// Ley 20.983: the Monday after a New Year on Sunday, and 17 September on Friday.
		"2017-01-02": "Feriado de Año Nuevo", "2023-01-02": "Feriado de Año Nuevo", "2034-01-02": "Feriado de Año Nuevo", "2026-01-02": "", "2028-01-02": "",
		"2021-09-17": "Feriado de Fiestas Patrias", "2027-09-17": "Feriado de Fiestas Patrias", "2026-09-17": "", "2026-09-20": "", "2026-09-21": "",
		// Ley 20.215: 17 September on Monday, 20 September on Friday.
		"2018-09-17": "Feriado de Fiestas Patrias", "2029-09-17": "Feriado de Fiestas Patrias", "2019-09-20": "Feriado de Fiestas Patrias", "2030-09-20": "Feriado de Fiestas Patrias",
		// Ley 19.668: from every day of the week.
		"2026-06-29": "San Pedro y San Pablo", "2027-06-28": "San Pedro y San Pablo", "2027-06-29": "", // Monday, Tuesday
		"2022-06-27": "San Pedro y San Pablo", "2023-06-26": "San Pedro y San Pablo", "2023-06-29": "", // Wednesday, Thursday
		"2029-07-02": "San Pedro y San Pablo", "2029-06-29": "", "2024-06-29": "San Pedro y San Pablo", // Friday, Saturday
		"2025-06-29": "San Pedro y San Pablo", // Sunday, and an election
		"2018-10-15": "Encuentro de Dos Mundos", "2018-10-12": "", "2023-10-09": "Encuentro de Dos Mundos",
		// Ley 20.299.
		"2023-10-27": "Día Nacional de las Iglesias Evangélicas y Protestantes", "2023-10-31": "",
		"2018-11-02": "Día Nacional de las Iglesias Evangélicas y Protestantes", "2018-10-31": "",
		"2024-10-31": "Día Nacional de las Iglesias Evangélicas y Protestantes",
		// Decreed once.
		"2022-09-16": "Feriado nacional", "2024-10-27": "Elecciones", "2024-10-26": "",
	} {
		d, err := Parse(day)
		if err != nil {
			t.Fatal(err)
		}
		if name, ok := Holiday(d); name != want || ok != (want != "") {
			t.Errorf("%s: got %q (%v), want %q", day, name, ok, want)
		}
	}
}

// The day of the solstice by Santiago's clock, as astronomers give the instant.
func TestDayOfTheIndigenousPeoples(t *testing.T) {
	for year, day := range map[int]int{
		2021: 21, 2022: 21, 2023: 21, 2024: 20, 2025: 20, 2026: 21, 2027: 21, 2028: 20, 2029: 20, 2030: 21, 2031: 21,
		2046: 21, 2047: 21, 2050: 20, 2075: 21, 2079: 20, 2096: 20,
	} {
		for _, candidate := range []int{20, 21} {
			name, _ := Holiday(date(year, 6, candidate))
			if (name == "Día Nacional de los Pueblos Indígenas") != (candidate == day) {
				t.Errorf("%d-06-%d: %q", year, candidate, name)
			}
		}
	}
	if _, ok := Holiday(date(2020, 6, 20)); ok {
		t.Error("the day began in 2021")
	}
}

func TestEaster(t *testing.T) {
	for year, want := range map[int]string{2000: "2000-04-23", 2008: "2008-03-23", 2011: "2011-04-24", 2024: "2024-03-31", 2025: "2025-04-20", 2038: "2038-04-25", 2049: "2049-04-18", 2076: "2076-04-19"} {
		if got := easter(year).String(); got != want {
			t.Errorf("%d: got %s, want %s", year, got, want)
		}
	}
}

func TestAddWorkingDays(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-11-23", 0, "2026-11-23"}, {"2026-11-22", 0, "2026-11-23"}, {"2026-11-21", 0, "2026-11-23"}, // Monday, Sunday, Saturday
		{"2026-11-23", 5, "2026-11-30"}, {"2026-11-21", 5, "2026-11-27"}, {"2026-11-23", -3, "2026-11-23"},
		{"2026-12-04", 2, "2026-12-09"},                                                                   // over the weekend and 8 December
		{"2026-12-30", 1, "2026-12-31"}, {"2026-12-31", 1, "2027-01-04"}, {"2026-12-31", 0, "2026-12-31"}, // year's end
		{"2022-12-30", 1, "2023-01-03"}, {"2023-01-01", 0, "2023-01-03"}, // New Year on Sunday
		{"2024-02-28", 1, "2024-02-29"}, {"2024-02-28", 2, "2024-03-01"}, {"2027-02-26", 1, "2027-03-01"}, // leap and common
		{"2024-09-17", 1, "2024-09-23"}, {"2027-09-16", 1, "2027-09-20"}, {"2026-04-02", 1, "2026-04-06"}, // bridges, Holy Week
		{"2024-10-30", 1, "2024-11-04"}, {"2026-11-22", 250, "2027-11-22"},
	} {
		from, err := Parse(c.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := AddWorkingDays(from, c.n).String(); got != c.want {
			t.Errorf("%s and %d working days: got %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

// Counting undoes adding, on every day of seven years.
func TestWorkingDaysBetween(t *testing.T) {
	for d := date(2021, 1, 1); d.Before(date(2028, 1, 1)); d = d.AddDays(1) {
		for _, n := range []int{1, 5, 10, 23} {
			to := AddWorkingDays(d, n)
			if got := WorkingDaysBetween(d, to); got != n || !IsWorkingDay(to) {
				t.Fatalf("%s and %d working days is %s, counted back as %d", d, n, to, got)
			}
		}
		if WorkingDaysBetween(d, d) != 0 || WorkingDaysBetween(d, d.AddDays(-9)) != 0 {
			t.Fatalf("%s: days before it were counted", d)
		}
	}
}

// The data is read whole here, so that a bad line never reaches a desk.
func TestDecreedHolidays(t *testing.T) {
	for year, days := range decreedByYear() {
		for day, name := range days {
			if name == "" || day.Year() != year || year < 2017 || year > 2040 {
				t.Errorf("%s %q", day, name)
			}
		}
	}
}

func BenchmarkAddWorkingDays(b *testing.B) {
	from := date(2026, 11, 22)
	for b.Loop() {
		AddWorkingDays(from, 10)
	}
}
