package catalogue

// Judgement is what the catalogue has to say about one item for one household.
type Judgement struct {
	Results  []Result
	Eligible bool // every criterion is met; an item without criteria is open to all
	// Recent is this same item, delivered to anyone of the household less than
	// its interval ago.
	Recent *Received
	// Twin is the same aid delivered the other way (in kind or in money) less
	// than the interval ago: a warning, and never suggested.
	Twin *Received
	// Received is the national benefit the item stands for, in payment or
	// received within its interval.
	Received *Received
	// NeedsReason: adding it asks for a written reason. What is merely unknown
	// does not.
	NeedsReason bool
}

// Judge judges one item. To judge many, Catalogue.Judge is cheaper.
func (it *Item) Judge(f *Facts) Judgement {
	results := make([]Result, 0, len(it.Criteria))
	var who []int
	for i := range it.Criteria {
		var r Result
		r, who = it.Criteria[i].judge(f, who)
		results = append(results, r)
	}
	return it.conclude(f, results, historyOf(f))
}

// Judge judges every item, in the order of c.Items.
func (c *Catalogue) Judge(f *Facts) []Judgement {
	h := hearingOf(f, make([]Result, c.distinct), historyOf(f))
	arena := make([]Result, 0, c.criteria)
	list := make([]Judgement, len(c.Items))
	for i, it := range c.Items {
		list[i], arena = h.judge(it, arena)
	}
	return list
}

// hearing asks criteria of one household. Those that several items share are
// asked once.
type hearing struct {
	facts    *Facts
	asked    []Result // by number of the criterion; without Criterion: not yet
	who      []int
	received history
}

// hearingOf begins a hearing; asked has a place for each different criterion.
func hearingOf(f *Facts, asked []Result, received history) *hearing {
	return &hearing{facts: f, asked: asked, who: make([]int, 0, 64), received: received}
}

func (h *hearing) ask(c *Criterion) *Result {
	r := &h.asked[c.shared]
	if r.Criterion == nil {
		*r, h.who = c.judge(h.facts, h.who)
	}
	return r
}

func (h *hearing) results(it *Item) []Result {
	list := make([]Result, len(it.Criteria))
	for i := range it.Criteria {
		list[i] = *h.ask(&it.Criteria[i])
	}
	return list
}

// judge puts an item's results into the arena.
func (h *hearing) judge(it *Item, arena []Result) (Judgement, []Result) {
	start := len(arena)
	for i := range it.Criteria {
		arena = append(arena, *h.ask(&it.Criteria[i]))
	}
	return it.conclude(h.facts, arena[start:len(arena):len(arena)], h.received), arena
}

// meets reports whether every criterion of the item is met; the first that is
// not ends it.
func (h *hearing) meets(it *Item) bool {
	for i := range it.Criteria {
		if h.ask(&it.Criteria[i]).Outcome != Yes {
			return false
		}
	}
	return true
}

// conclude adds what was already received to the results of the criteria.
func (it *Item) conclude(f *Facts, results []Result, received history) Judgement {
	if f.NoRUN && it.needsRUN() {
		results = append(results, Result{Criterion: &withRUN, Outcome: No})
	}
	j := Judgement{Results: results, Eligible: true}
	refused := false
	for i := range results {
		j.Eligible = j.Eligible && results[i].Outcome == Yes
		refused = refused || results[i].Outcome == No
	}
	if it.IntervalDays > 0 {
		j.Recent = f.recent(received[it.Code].household, it.IntervalDays)
		if it.twin != nil {
			j.Twin = f.recent(received[it.twin.Code].household, it.IntervalDays)
		}
	}
	if it.RISCode != "" {
		j.Received = it.inPayment(f, received[it.RISCode])
	}
	j.NeedsReason = refused || j.Recent != nil || j.Received != nil || it.Unavailable
	return j
}

// inPayment applies the rule of the national benefits: one that was received
// within its interval counts, and one without an interval counts from any date,
// because the registry lists what is in payment. It is the person's own when
// the item's criteria speak of the person, the household's otherwise.
func (it *Item) inPayment(f *Facts, last latest) *Received {
	r := last.household
	if it.personal() {
		r = last.person
	}
	if it.IntervalDays > 0 {
		return f.recent(r, it.IntervalDays)
	}
	return r
}

func (f *Facts) recent(r *Received, days int) *Received {
	if r == nil || !f.within(r, days) {
		return nil
	}
	return r
}

// history gives for each benefit code the newest delivery.
type history map[string]latest

type latest struct {
	household *Received // to any member
	person    *Received // to the person at the desk
}

func historyOf(f *Facts) history { return make(history, len(f.Received)).of(f) }

// of fills an empty history.
func (h history) of(f *Facts) history {
	person := f.person().Holder
	for i := range f.Received {
		r := &f.Received[i]
		last := h[r.Code]
		last.household = newer(last.household, r)
		if r.Holder == person {
			last.person = newer(last.person, r)
		}
		h[r.Code] = last
	}
	return h
}

func newer(a, b *Received) *Received {
	if a == nil || a.On.Before(b.On) {
		return b
	}
	return a
}
