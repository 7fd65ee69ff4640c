package catalogue

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// Suggestion is an item that the household could have and does not.
type Suggestion struct {
	Item      *Item
	Judgement Judgement
	// InMoney is the same aid as a cash grant, when the item is in kind and
	// both can be had; nil otherwise.
	InMoney *Item
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
	s := scratches.Get().(*scratch)
	defer s.give()
	s.asked, s.at = grown(s.asked, c.distinct), grown(s.at, len(c.Items))
	h := hearingOf(f, s.asked, s.received.of(f))
	for _, it := range c.merit {
		if h.meets(it) {
			s.verdicts = append(s.verdicts, it.conclude(f, nil, h.received))
			s.at[it.place] = uint16(len(s.verdicts)) //nolint:gosec // items are some hundreds
		}
	}
	list := c.pick(func(it *Item) *Judgement {
		if n := s.at[it.place]; n > 0 {
			return &s.verdicts[n-1]
		}
		return nil
	}, limit)
	for i := range list { // only of those who are shown
		list[i].Judgement.Results = h.results(list[i].Item)
	}
	return list
}

// scratch is where suggestions are worked out: 13 KB that every screening needs
// for some microseconds. It is given back blank: nothing of a household stays.
type scratch struct {
	asked    []Result
	verdicts []Judgement
	at       []uint16 // by place of the item: 1 for the first verdict; 0: some criterion is not met
	received history
}

var scratches = sync.Pool{New: func() any { return &scratch{received: history{}} }}

func (s *scratch) give() {
	clear(s.asked)
	clear(s.verdicts)
	clear(s.at)
	clear(s.received)
	s.verdicts = s.verdicts[:0]
	scratches.Put(s)
}

// grown gives n zeros in the same memory, if there is enough of it.
func grown[T any](zeros []T, n int) []T {
	if cap(zeros) < n {
		return make([]T, n)
	}
	return zeros[:n]
}

// verdict gives the judgement of an item, nil when some criterion is not met.
type verdict func(it *Item) *Judgement

// pick orders what is worth suggesting.
func (c *Catalogue) pick(of verdict, limit int) []Suggestion {
	list := c.candidates(of)
	crowded := make([]int, c.drawers)
	for i := range list {
		it := list[i].item
		list[i].points -= 150 * max(0, crowded[it.drawer]-1)
		crowded[it.drawer]++
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return byMerit(a.item, b.item, a.points, b.points) })
	if limit > 0 && len(list) > limit {
		list = list[:limit]
	}
	return suggestions(list, of)
}

// candidate is an item that the household could have.
type candidate struct {
	item   *Item
	points int
}

// candidates are those that fit, the best first.
func (c *Catalogue) candidates(of verdict) []candidate {
	list := make([]candidate, 0, 32)
	for _, it := range c.merit {
		fits := it.suits(of(it))
		if fits && (it.Category != CashGrant || !it.twinSuits(of)) {
			list = append(list, candidate{it, it.points})
		}
	}
	return list
}

func suggestions(list []candidate, of verdict) []Suggestion {
	if len(list) == 0 {
		return nil
	}
	suggested := make([]Suggestion, len(list))
	for i, c := range list {
		suggested[i] = Suggestion{Item: c.item, Judgement: *of(c.item)}
		if c.item.Category == InKind && c.item.twinSuits(of) {
			suggested[i].InMoney = c.item.twin
		}
	}
	return suggested
}

// suggestible reports whether an item can be suggested to anybody.
func (it *Item) suggestible() bool {
	switch it.Category {
	case Referral, InKind, CashGrant:
		return len(it.Criteria) > 0
	}
	return false
}

// suits reports whether an item can be suggested to who was judged.
func (it *Item) suits(j *Judgement) bool {
	return j != nil && it.suggestible() && j.Eligible && !it.Unavailable &&
		j.Received == nil && j.Recent == nil && j.Twin == nil
}

func (it *Item) twinSuits(of verdict) bool {
	return it.twin != nil && it.twin.suits(of(it.twin))
}

// worth is how much an item whose criteria are all met is worth suggesting.
func (it *Item) worth() int {
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

// byMerit orders two items with the points they have.
func byMerit(a, b *Item, pointsA, pointsB int) int {
	if pointsA != pointsB {
		return cmp.Compare(pointsB, pointsA)
	}
	return cmp.Or(
		cmp.Compare(a.rarity(), b.rarity()),
		cmp.Compare(b.Reference, a.Reference),
		cmp.Compare(a.Code, b.Code),
	)
}
