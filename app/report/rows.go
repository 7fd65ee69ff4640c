package report

import (
	"slices"
	"strconv"
)

// The most rows of a table.
const maxRows = 60

// tableRow is a row of a table: it has a number within the report.
type tableRow interface {
	comparable
	Member | Income | Request
}

// idOf gives the number of a row.
func idOf[T tableRow](one T) string {
	switch v := any(one).(type) {
	case Member:
		return v.ID
	case Income:
		return v.ID
	case Request:
		return v.ID
	}
	return ""
}

// nextID is a number that no row of the table has or had.
func nextID[T tableRow](lists ...[]T) string {
	most := 0
	for _, list := range lists {
		for i := range list {
			if n, err := strconv.Atoi(idOf(list[i])); err == nil {
				most = max(most, n)
			}
		}
	}
	return strconv.Itoa(most + 1)
}

// move takes the row with the number out of one list and puts it at the end of
// another; a number that is not there moves nothing.
func move[T tableRow](from, to *[]T, id string) {
	at := slices.IndexFunc(*from, func(one T) bool { return idOf(one) == id })
	if at < 0 {
		return
	}
	*to = append(*to, (*from)[at])
	*from = slices.Delete(slices.Clone(*from), at, at+1)
}

// Verb is what a button beside a table does.
type Verb string

// The verbs; all but Add name a row.
const (
	AddRow  Verb = "add"
	DropRow Verb = "drop"
	BackRow Verb = "back" // a row that was dropped
)

// rows does what a button of a part's table asks for.
func (c *Content) rows(p Part, verb Verb, id string) {
	switch p {
	case HouseholdPart:
		alter(&c.Household.Members, &c.Household.Removed, Member{ID: nextID(c.Household.Members, c.Household.Removed)}, verb, id)
	case SocioeconomicPart:
		alter(&c.Socioeconomic.Incomes, &c.Socioeconomic.Removed, Income{ID: nextID(c.Socioeconomic.Incomes, c.Socioeconomic.Removed)}, verb, id)
	case RequestsPart:
		alter(&c.Requests.List, &c.Requests.Removed, Request{ID: nextID(c.Requests.List, c.Requests.Removed)}, verb, id)
	case PurposePart, HousingPart, HealthPart, EducationPart, NetworksPart, OpinionPart:
	}
}

func alter[T tableRow](list, removed *[]T, fresh T, verb Verb, id string) {
	switch verb {
	case AddRow:
		*list = append(*list, fresh)
	case DropRow:
		move(list, removed, id)
	case BackRow:
		move(removed, list, id)
	}
}

// union adds to mine every row of theirs that says something else than each of
// mine: who is there twice, is taken out by hand, and nothing is lost.
func union[T tableRow](mine, removed, theirs []T) []T {
	for _, one := range theirs {
		same := func(m T) bool { return withID(m, "") == withID(one, "") }
		if !slices.ContainsFunc(mine, same) {
			mine = append(mine, withID(one, nextID(mine, removed)))
		}
	}
	return mine
}

// withID gives the row under another number.
func withID[T tableRow](one T, id string) T {
	switch v := any(&one).(type) {
	case *Member:
		v.ID = id
	case *Income:
		v.ID = id
	case *Request:
		v.ID = id
	}
	return one
}
