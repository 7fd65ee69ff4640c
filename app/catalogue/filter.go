package catalogue

import (
	"slices"
	"strings"

	"gsl/app/kit/fault"
)

// Query is what a worker asked the catalogue to show. Blank means everything.
type Query struct {
	Category    string
	Subcategory string // slug, or its name as it is written
	Words       string // typed in the filter
}

// maxWords bounds what is read of the filter, in bytes.
const maxWords = 200

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
		return nil, nil, fault.InvalidField("category", "catalogue.error.category")
	}
	category := &c.Categories[at]
	if q.Subcategory == "" {
		return category, nil, nil
	}
	code := slug(q.Subcategory)
	at = slices.IndexFunc(category.Subcategories, func(x Subcategory) bool { return x.Code == code })
	if at < 0 {
		return nil, nil, fault.InvalidField("subcategory", "catalogue.error.subcategory")
	}
	return category, &category.Subcategories[at], nil
}

// searchText is what the filter looks in: every word on the item's card.
func searchText(it *Item) string {
	return fold(strings.Join([]string{
		it.Code, it.Name, it.Description, it.Subcategory, it.Provider, it.LegalBasis,
		strings.Join(it.Requirements, " "),
	}, " "))
}

// words takes the filter apart; every one of them has to be found.
func words(typed string) []string {
	if len(typed) > maxWords {
		typed = typed[:maxWords]
	}
	return strings.Fields(fold(strings.ToValidUTF8(typed, "")))
}

func (it *Item) matches(words []string) bool {
	for _, w := range words {
		if !strings.Contains(it.search, w) {
			return false
		}
	}
	return true
}
