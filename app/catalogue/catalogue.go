package catalogue

import (
	"slices"
	"strings"

	"gsl/app/kit/calendar"
)

// Catalogue is everything that can be offered in one municipality on one day,
// ready to be judged. It is shared between requests and never changed.
type Catalogue struct {
	Day        calendar.Date
	Categories []Category
	Items      []*Item // by category, subcategory and code
	byCode     map[string]*Item
	merit      []*Item // what can be suggested, the best first
	drawers    int
	criteria   int // of all items together
	distinct   int // of them, different ones
}

// newCatalogue arranges items and finds what they share.
func newCatalogue(day calendar.Date, categories []Category, items []*Item) *Catalogue {
	c := &Catalogue{Day: day, Categories: categories, Items: items, byCode: make(map[string]*Item, len(items))}
	place := c.places()
	for _, it := range items {
		it.Subcategory = place.names[[2]string{it.Category, it.SubcategoryCode}]
		it.search = searchText(it)
		c.byCode[it.Code] = it
	}
	slices.SortStableFunc(items, func(a, b *Item) int {
		return strings.Compare(place.key(a), place.key(b))
	})
	c.number()
	c.pair()
	c.rank()
	return c
}

// Item gives an item by its code, nil when there is none.
func (c *Catalogue) Item(code string) *Item { return c.byCode[code] }

// number gives equal criteria the same number, so that Judge asks them once, and
// the same sentences, so that no page has to make them.
func (c *Catalogue) number() {
	seen := map[string]*Criterion{}
	for _, it := range c.Items {
		for i := range it.Criteria {
			criterion := &it.Criteria[i]
			text := criterion.String()
			same, ok := seen[text]
			if !ok {
				criterion.shared, criterion.said = len(seen), sentences(criterion)
				seen[text], same = criterion, criterion
			}
			criterion.shared, criterion.said = same.shared, same.said
			c.criteria++
		}
	}
	c.distinct = len(seen)
}

// rank says where each item stands, and puts what can be suggested in order.
func (c *Catalogue) rank() {
	drawers := map[[2]string]int{}
	for i, it := range c.Items {
		at := [2]string{it.Category, it.SubcategoryCode}
		if _, ok := drawers[at]; !ok {
			drawers[at] = len(drawers)
		}
		it.place, it.drawer, it.points = i, drawers[at], it.worth()
		if it.suggestible() {
			c.merit = append(c.merit, it)
		}
	}
	c.drawers = len(drawers)
	slices.SortStableFunc(c.merit, func(a, b *Item) int { return byMerit(a, b, a.points, b.points) })
}

// pair finds the same aid in kind and in money: codes that differ only in the
// letter, in the same drawer.
func (c *Catalogue) pair() {
	for _, it := range c.Items {
		if it.Category != InKind || it.Code[:1] != InKind {
			continue
		}
		other := c.byCode[CashGrant+it.Code[1:]]
		if other != nil && other.Category == CashGrant && other.SubcategoryCode == it.SubcategoryCode {
			it.twin, other.twin = other, it
		}
	}
}

// places says where each drawer stands.
type places struct {
	names map[[2]string]string
	order map[[2]string]string
}

func (c *Catalogue) places() places {
	p := places{names: map[[2]string]string{}, order: map[[2]string]string{}}
	for i, category := range c.Categories {
		for k, sub := range category.Subcategories {
			at := [2]string{category.Code, sub.Code}
			p.names[at] = sub.Name
			p.order[at] = string([]rune{rune('0' + i), rune('0' + k)})
		}
	}
	return p
}

// key sorts by category, drawer, code. An item of an unknown drawer comes first
// in its category.
func (p places) key(it *Item) string {
	return it.Category + "\x00" + p.order[[2]string{it.Category, it.SubcategoryCode}] + "\x00" + it.Code
}

// String writes the criterion in the language of the seed files.
func (c *Criterion) String() string {
	var b strings.Builder
	b.WriteString(string(c.Scope))
	for i, tests := range c.Alternatives {
		if i > 0 {
			b.WriteString(" or")
		}
		for k := range tests {
			if k > 0 {
				b.WriteString(" and")
			}
			b.WriteString(" " + tests[k].Attribute + " " + tests[k].Operator + " " + tests[k].Value)
		}
	}
	return b.String()
}
