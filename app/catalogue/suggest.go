package catalogue

import (
	"cmp"
	"math"
	"slices"
)

// Suggestion is an item that the household could have and does not.
type Suggestion struct {
	Item      *Item
	Judgement Judgement
	// InMoney is the same aid as a cash grant, when the item is in kind and
	// both can be had; nil otherwise.
	InMoney *Item
	score   int
}

// Suggest lists "podría acceder a": referrals and aid (D, E, F) that have
// criteria, all of them met, are available, and were neither received nor given
// recently in kind or in money. limit 0 is no limit.
//
// The best come first, by points:
//
//	1000  a national subsidy (it has the code of a RIS benefit): it is the
//	      largest and lasting help, and it costs the municipality nothing
//	 100  for each criterion met: what asks for more fits this household better
//	 150  a criterion speaks of dependency, disability, pregnancy or care
//	  80  else, one speaks of age or studies
//	0–60  the tighter the tramo it asks for, the more
//	 -60  it may come once in five years or more: an emergency house is not for
//	      everyone whose tramo allows it
//	-150  for each item of the same drawer that stands before it from the second
//	      on, so that one need does not fill the list
//
// Equal points: what may come again soonest, because everyday help comes before
// the exceptional (and a funeral last); then the larger reference amount, then
// the code. Aid that can be had both in kind and in money is listed once, in kind.
func (c *Catalogue) Suggest(f *Facts, limit int) []Suggestion {
	return c.pick(c.Judge(f), limit)
}

// pick orders what is worth suggesting among the judged items.
func (c *Catalogue) pick(judged []Judgement, limit int) []Suggestion {
	list := c.suggestions(judged)
	sortSuggestions(list)
	crowded := map[[2]string]int{}
	for i := range list {
		drawer := [2]string{list[i].Item.Category, list[i].Item.SubcategoryCode}
		list[i].score -= 150 * max(0, crowded[drawer]-1)
		crowded[drawer]++
	}
	sortSuggestions(list)
	if limit > 0 && len(list) > limit {
		list = list[:limit]
	}
	return list
}

func (c *Catalogue) suggestions(judged []Judgement) []Suggestion {
	fits := make(map[*Item]bool, len(judged))
	for i, it := range c.Items {
		fits[it] = it.suits(&judged[i])
	}
	var list []Suggestion
	for i, it := range c.Items {
		if !fits[it] || it.Category == CashGrant && it.twin != nil && fits[it.twin] {
			continue
		}
		s := Suggestion{Item: it, Judgement: judged[i], score: it.points()}
		if it.Category == InKind && it.twin != nil && fits[it.twin] {
			s.InMoney = it.twin
		}
		list = append(list, s)
	}
	return list
}

// suits reports whether an item can be suggested.
func (it *Item) suits(j *Judgement) bool {
	switch it.Category {
	case Referral, InKind, CashGrant:
	default:
		return false
	}
	return len(it.Criteria) > 0 && j.Eligible && !it.Unavailable &&
		j.Received == nil && j.Recent == nil && j.Twin == nil
}

// points is how much an item whose criteria are all met is worth suggesting.
func (it *Item) points() int {
	points := 100 * len(it.Criteria)
	if it.RISCode != "" {
		points += 1000
	}
	need, tight := 0, 0
	for i := range it.Criteria {
		for _, tests := range it.Criteria[i].Alternatives {
			for k := range tests {
				need = max(need, weight(tests[k].kind))
				if tests[k].kind == tramo {
					tight = max(tight, int(100-tests[k].number))
				}
			}
		}
	}
	if it.IntervalDays >= exceptional {
		tight -= 60
	}
	return points + need + tight
}

// exceptional is the interval of aid that is not for every day: five years.
const exceptional = 5 * 365

// rarity orders by how soon an item may come again; without an interval nobody
// expects it to.
func (it *Item) rarity() int {
	if it.IntervalDays == 0 {
		return math.MaxInt
	}
	return it.IntervalDays
}

// weight is how much a criterion on the attribute says about need.
func weight(a attribute) int {
	switch a {
	case hasDependency, dependency, hasDisability, isPregnant, isCarer:
		return 150
	case age, isStudent:
		return 80
	}
	return 0
}

func sortSuggestions(list []Suggestion) {
	slices.SortStableFunc(list, func(a, b Suggestion) int {
		return cmp.Or(
			cmp.Compare(b.score, a.score),
			cmp.Compare(a.Item.rarity(), b.Item.rarity()),
			cmp.Compare(b.Item.Reference, a.Item.Reference),
			cmp.Compare(a.Item.Code, b.Item.Code),
		)
	})
}
