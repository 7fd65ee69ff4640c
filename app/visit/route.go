package visit

import (
	"cmp"
	"slices"
	"strings"

	"gsl/app/kit/sheet"
)

// place is where a street and a house stand when a day's visits are put in the
// order of the streets.
type place struct {
	street string // folded, without the word for what kind of street it is
	number int
	rest   string
}

// kinds of streets, as addresses begin; "calle" is often left out.
var streetKinds = []string{"avenida", "avda", "av", "calle", "pasaje", "psje", "pje", "pasje", "psj", "camino", "cno", "caletera", "ruta"}

// articles between the kind and the name do not order streets.
var streetArticles = []string{"los", "las", "el", "la", "de", "del"}

// placeOf reads an address as people write it: "Pje. Los Aromos 0123, depto. 4".
// An address without a number, or in the country, is ordered by its words.
func placeOf(address string) place {
	words := strings.Fields(sheet.Fold(address))
	if len(words) > 1 && slices.Contains(streetKinds, words[0]) {
		words = words[1:]
	}
	for len(words) > 1 && slices.Contains(streetArticles, words[0]) {
		words = words[1:]
	}
	for i, word := range words {
		if n, ok := houseNumber(word); ok && i > 0 {
			return place{strings.Join(words[:i], " "), n, strings.Join(words[i+1:], " ")}
		}
	}
	return place{street: strings.Join(words, " ")}
}

// houseNumber reads "0123", "123", "123b".
func houseNumber(word string) (n int, ok bool) {
	digits := 0
	for _, c := range []byte(word) {
		if c < '0' || c > '9' {
			break
		}
		digits++
		n = n*10 + int(c-'0')
	}
	return n, digits > 0 && digits <= 6 && len(word)-digits <= 1
}

func (p place) compare(o place) int {
	return cmp.Or(cmp.Compare(p.street, o.street), cmp.Compare(p.number, o.number), cmp.Compare(p.rest, o.rest))
}

// byStreet puts visits in the order in which one walks: street by street, and
// along each by its numbers; those at one door by their hour.
func byStreet(list []Visit) {
	slices.SortStableFunc(list, func(a, b Visit) int {
		return cmp.Or(placeOf(a.Address).compare(placeOf(b.Address)), byHour(a, b))
	})
}

// byHour is the order of the hours that were agreed; those of any hour come last.
func byHour(a, b Visit) int {
	return cmp.Or(cmp.Compare(late(a.Clock), late(b.Clock)), cmp.Compare(a.ID, b.ID))
}

func late(clock string) string {
	if clock == "" {
		return "99"
	}
	return clock
}
