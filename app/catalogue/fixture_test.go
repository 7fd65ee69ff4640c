package catalogue

import (
	"fmt"
	"testing"

	"gsl/app/kit/calendar"
)

var today = day("2026-11-21")

func day(s string) calendar.Date {
	d, err := calendar.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// household is a registered family of tramo 40: a mother of 54 at the desk, her
// husband with a dependency, a daughter who studies and is pregnant, and a grandson of 6.
func household() *Facts {
	adult := Member{Disability: No, Pregnant: No, Carer: No, Student: No, DependencyKnown: true, PensionKnown: true}
	with := func(change func(*Member)) Member {
		m := adult
		change(&m)
		return m
	}
	return &Facts{
		Today: today, Registered: Yes, OwnCommune: Yes, Tramo: 40, Income: 412300, IncomeKnown: true,
		Members: []Member{
			with(func(m *Member) {
				m.Holder, m.Name, m.Sex, m.BirthDate = "12345678-5", "María Eugenia González Pérez", "F", day("1972-03-02")
				m.Carer = Yes
			}),
			with(func(m *Member) {
				m.Holder, m.Name, m.Sex, m.BirthDate = "9876543-3", "Luis Soto Araya", "M", day("1968-01-30")
				m.Disability, m.Dependency, m.Pension = Yes, "moderada", "vejez"
			}),
			with(func(m *Member) {
				m.Holder, m.Name, m.Sex, m.BirthDate = "20111222-4", "Camila Soto González", "F", day("2003-07-09")
				m.Student, m.Pregnant = Yes, Yes
			}),
			with(func(m *Member) {
				m.Holder, m.Name, m.Sex, m.BirthDate = "26444555-1", "Matías Soto González", "M", day("2020-05-05")
				m.Student = Yes
			}),
		},
	}
}

// stranger is a person of whom only the birth date is known.
func stranger() *Facts {
	return &Facts{Today: today, Members: []Member{{Holder: "SR-05802-2026-1", Name: "N N", BirthDate: day("1950-01-01")}}}
}

// single makes an item with the criteria.
func single(t testing.TB, criteria string) *Item {
	t.Helper()
	list, err := parseCriteria(criteria)
	if err != nil {
		t.Fatal(err)
	}
	return &Item{Code: "X1", Category: InKind, Criteria: list}
}

// seeded is the catalogue of a new municipality, read from the seed files alone.
func seeded(t testing.TB) *Catalogue {
	t.Helper()
	categories, err := seedCategories()
	if err != nil {
		t.Fatal(err)
	}
	var items []*Item
	for _, scope := range []string{National, Municipal} {
		list, err := seedItems(scope)
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, list...)
	}
	for _, it := range items {
		if err := it.complete(); err != nil {
			t.Fatal(err)
		}
	}
	return newCatalogue(today, categories, items)
}

func (t Tri) String() string { return [...]string{"unknown", "not met", "met"}[t] }

func (s Missing) String() string {
	text := ""
	for a := range attributes {
		if s.has(a) {
			text += fmt.Sprint(a, " ")
		}
	}
	return text
}
