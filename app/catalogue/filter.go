package catalogue

import (
	"slices"
	"strings"
	"unicode"

	"gsl/app/kit/fault"
)

// Query is what a worker asked the catalogue to show. Blank means everything.
type Query struct {
	Category    string
	Subcategory string // slug, or its name as it is written
	Words       string // typed in the filter
}

// maxWords bounds what is read of the filter, in characters.
const maxWords = 100

// check finds the category and the drawer, or names the field that knows none.
func (c *Catalogue) check(q Query) (*Category, *Subcategory, error) {
	if q.Category == "" {
		if q.Subcategory != "" {
			return nil, nil, fault.InvalidField("category", "catalogue.error.category_missing")
		}
		return nil, nil, nil
	}
	at := slices.IndexFunc(c.Categories, func(x Category) bool { return x.Code == q.Category })
	if at < 0 {
		return nil, nil, unknownName("category", "catalogue.error.category", q.Category)
	}
	category := &c.Categories[at]
	if q.Subcategory == "" {
		return category, nil, nil
	}
	code := slug(q.Subcategory)
	at = slices.IndexFunc(category.Subcategories, func(x Subcategory) bool { return x.Code == code })
	if at < 0 {
		return nil, nil, unknownName("subcategory", "catalogue.error.subcategory", q.Subcategory)
	}
	return category, &category.Subcategories[at], nil
}

func unknownName(field, key, value string) error {
	return fault.InvalidFields(fault.Field{Name: field, Key: key, Args: map[string]any{"Value": value}})
}

// searchText is what the filter looks in: every word on the item's card, each
// after a blank.
func searchText(it *Item) string {
	return " " + strings.Join(filterWords(strings.Join([]string{
		it.Code, it.Name, it.Description, it.Subcategory, it.Provider, it.LegalBasis,
		strings.Join(it.Requirements, " "),
	}, " ")), " ")
}

// filterWords takes a text apart into words of letters and digits, folded.
func filterWords(text string) []string {
	return strings.FieldsFunc(fold(strings.ToValidUTF8(text, "")), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// matches reports whether the item has every word, at the beginning of one of
// its own words ("agua" is not for mediagua), or with inside anywhere.
func (it *Item) matches(words []string, inside bool) bool {
	for _, w := range words {
		at := strings.Index(it.search, w)
		for !inside && at > 0 && it.search[at-1] != ' ' {
			next := strings.Index(it.search[at+1:], w)
			if next < 0 {
				return false
			}
			at += 1 + next
		}
		if at < 0 {
			return false
		}
	}
	return true
}
